//! Questions on the business's own facts: hours, address, phone, e-mail, web site, what it does.
//!
//! Recognised by the patterns in `data/facts.toml`. One more fact is a section there, a variant here and its words in
//! the phrase files.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::builtin::understand::pattern::{BadPattern, Pattern};

/// Why the fact patterns could not be used.
#[derive(Debug, thiserror::Error)]
pub enum FactsError {
    /// Not the right TOML.
    #[error("fact patterns cannot be read: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A pattern is broken.
    #[error(transparent)]
    Pattern(#[from] BadPattern),
}

/// A fact of the business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// When it is open.
    Hours,
    /// Where it is.
    Address,
    /// Its phone number.
    Phone,
    /// Its e-mail address.
    Email,
    /// Its web site.
    Website,
    /// What it does.
    About,
}

/// A question on a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Which fact.
    pub fact: Fact,
    /// Whether the question is about that fact alone, so that the documents need not be asked first ("are you open on
    /// Sunday?", not "what hours is the pool open?").
    pub plain: bool,
}

#[derive(Deserialize)]
struct File {
    common: String,
    #[serde(flatten)]
    facts: BTreeMap<Fact, Section>,
}

#[derive(Deserialize)]
struct Section {
    #[serde(default)]
    plain: String,
    patterns: Vec<String>,
}

/// Recognises questions on facts.
#[derive(Debug)]
pub struct Recogniser {
    patterns: Vec<(Fact, Pattern)>,
    common: BTreeSet<String>,
    plain: BTreeMap<Fact, BTreeSet<String>>,
}

impl Recogniser {
    /// Reads the patterns.
    pub fn load() -> Result<Self, FactsError> {
        let file: File = toml::from_str(include_str!("../data/facts.toml"))?;
        let list = |words: &str| words.split_whitespace().map(str::to_owned).collect::<BTreeSet<_>>();
        let mut patterns = Vec::new();
        let mut plain = BTreeMap::new();
        for (fact, section) in file.facts {
            plain.insert(fact, list(&section.plain));
            for source in section.patterns {
                patterns.push((fact, Pattern::parse(&source)?));
            }
        }
        Ok(Self { patterns, common: list(&file.common), plain })
    }

    /// The fact a part of a message asks for.
    pub fn find(&self, words: &[&str]) -> Option<Asked> {
        // The pattern that explains most of the words wins.
        let (fact, _) = self
            .patterns
            .iter()
            .filter_map(|(fact, pattern)| pattern.find(words).map(|(_, taken)| (*fact, taken)))
            .fold(None, |best: Option<(Fact, usize)>, found| match best {
                Some(best) if best.1 >= found.1 => Some(best),
                _ => Some(found),
            })?;
        Some(Asked { fact, plain: words.iter().all(|word| self.is_plain(fact, word)) })
    }

    /// Whether a plain question on the fact may hold the word.
    pub fn is_plain(&self, fact: Fact, word: &str) -> bool {
        let number = fact == Fact::Hours && word.chars().next().is_some_and(|c| c.is_ascii_digit());
        fact == Fact::About
            || number
            || self.common.contains(word)
            || self.plain.get(&fact).is_some_and(|words| words.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin::text;

    fn asked(message: &str) -> Option<Asked> {
        let words = text::words(message);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Recogniser::load().unwrap().find(&words)
    }

    #[test]
    fn questions_on_facts_are_recognised() {
        for (text, fact) in [
            ("what are your hours?", Fact::Hours),
            ("are you open on sunday", Fact::Hours),
            ("when do you close today?", Fact::Hours),
            ("open now?", Fact::Hours),
            ("¿a qué hora abren mañana?", Fact::Hours),
            ("where are you located?", Fact::Address),
            ("what's your address", Fact::Address),
            ("¿dónde están ubicados?", Fact::Address),
            ("what's your phone number?", Fact::Phone),
            ("can i call you", Fact::Phone),
            ("do you have an email address", Fact::Email),
            ("do you have a website?", Fact::Website),
            ("what do you guys do?", Fact::About),
            ("Haben Sie am Sonntag geöffnet?", Fact::Hours),
        ] {
            let found = asked(text);
            assert_eq!(found.map(|a| a.fact), Some(fact), "{text}");
            assert!(found.unwrap().plain, "{text}");
        }
    }

    #[test]
    fn other_questions_are_left_to_the_documents() {
        for text in [
            "how many hours does the treatment take",
            "where can i park",
            "do you open bank accounts",
            "is there a minimum order",
        ] {
            assert!(asked(text).is_none_or(|a| !a.plain), "{text}");
        }
        assert!(!asked("is the pool open on sunday?").is_some_and(|a| a.plain));
    }
}
