//! What customers say about appointments, read from `data/booking.toml`: patterns by language and meaning, and words
//! that mean the same.

use std::collections::BTreeMap;

use frontdesk_domain::locale::Language;

use crate::builtin::text;
use crate::builtin::understand::pattern::{BadPattern, Pattern};

/// Why the file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum CuesError {
    /// Not the right TOML.
    #[error("booking words cannot be read: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A pattern is broken.
    #[error(transparent)]
    Pattern(#[from] BadPattern),
}

/// Patterns by language and meaning, and groups of words that mean the same.
#[derive(Debug)]
pub struct Cues {
    languages: BTreeMap<String, BTreeMap<String, Vec<Pattern>>>,
    groups: BTreeMap<String, Vec<usize>>,
}

impl Cues {
    /// Reads the file.
    pub fn load() -> Result<Self, CuesError> {
        Self::parse(include_str!("../../data/booking.toml"))
    }

    fn parse(source: &str) -> Result<Self, CuesError> {
        let mut sections: BTreeMap<String, BTreeMap<String, Vec<String>>> = toml::from_str(source)?;
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, words) in sections.remove("synonyms").unwrap_or_default().into_values().enumerate() {
            for word in words.iter().flat_map(|phrase| text::words(phrase)) {
                let of = groups.entry(word).or_default();
                if !of.contains(&at) {
                    of.push(at);
                }
            }
        }
        let mut languages = BTreeMap::new();
        for (language, meanings) in sections {
            let mut parsed = BTreeMap::new();
            for (meaning, patterns) in meanings {
                let patterns = patterns.iter().map(|p| Pattern::parse(p)).collect::<Result<Vec<_>, _>>()?;
                parsed.insert(meaning, patterns);
            }
            languages.insert(language, parsed);
        }
        Ok(Self { languages, groups })
    }

    /// Where a meaning is found: first word and number of words.
    pub fn find(&self, meaning: &str, words: &[&str], language: Language) -> Option<(usize, usize)> {
        let patterns = self.languages.get(language.code())?.get(meaning)?;
        patterns.iter().find_map(|pattern| pattern.find(words))
    }

    /// Whether a meaning is found.
    pub fn says(&self, meaning: &str, words: &[&str], language: Language) -> bool {
        self.find(meaning, words, language).is_some()
    }

    /// Whether two words mean the same.
    pub fn same(&self, a: &str, b: &str) -> bool {
        let (Some(of_a), Some(of_b)) = (self.groups.get(a), self.groups.get(b)) else { return false };
        of_a.iter().any(|group| of_b.contains(group))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_meaning() {
        let cues = Cues::load().unwrap();
        let english: Vec<&String> = cues.languages.get("en").unwrap().keys().collect();
        for (language, meanings) in &cues.languages {
            assert_eq!(meanings.keys().collect::<Vec<_>>(), english, "{language}");
        }
        assert!(cues.same("hygiene", "zahnreinigung") && !cues.same("hygiene", "haircut"));
    }
}
