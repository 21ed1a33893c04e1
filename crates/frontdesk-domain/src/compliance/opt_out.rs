//! What a customer's message says about messages: no more of them, again, or help.
//!
//! Two levels. A keyword is matched exactly, whatever its case, accents, punctuation, emoji, courtesy words or the
//! signature below it. Everything else is judged by the sentences of `words.toml`: phrases that only sound like an
//! opt-out ("stop by tomorrow") are blanked, then what is left is compared with the patterns of every language, for
//! people do not always write in the language of the conversation. What follows from an answer is the caller's
//! business. To add a word or a sentence, add it to `words.toml` and an example to `labelled.toml`.

mod confirm;
mod fold;

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::confirm::{Answer, Business, answer};
use self::fold::{body, fold};
use crate::locale::Language;

/// Characters of a message that are looked at; an opt-out stands at its start or is the whole of it.
const LIMIT: usize = 1_000;

/// What a message says about messages.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "heard", rename_all = "snake_case")]
pub enum Heard {
    /// No more messages.
    OptOut {
        /// By which level it was heard.
        how: How,
        /// Which messages.
        scope: Scope,
        /// A bare CANCEL: an opt-out by the letter of the rule, and perhaps about an appointment. The one confirmation
        /// asks which was meant.
        ambiguous_cancel: bool,
        /// How sure, 0 to 1. A keyword is 1.
        confidence: f32,
    },
    /// Messages again; by a keyword, or a yes to the very question.
    OptIn,
    /// Who are you, and how do I get out of this?
    Help,
    /// Nothing about messages.
    Nothing,
}

impl Heard {
    /// Whether it is an opt-out.
    pub const fn is_opt_out(self) -> bool {
        matches!(self, Self::OptOut { .. })
    }
}

/// How an opt-out was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// By a keyword and nothing else.
    Keyword,
    /// By a sentence.
    FreeForm,
}

/// Which messages an opt-out is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Those on the channel it came by; another one was said to be welcome.
    ThisChannel,
    /// All of them.
    Everything,
}

/// What the message says. `language` is that of the conversation, when known: some keywords are everyday words in
/// other languages.
pub fn classify(text: &str, language: Option<Language>) -> Heard {
    Words::get().classify(text, language)
}

/// The same for the answer to "may we send you messages?": there, a plain yes opts in.
pub fn classify_answer(text: &str, language: Option<Language>) -> Heard {
    let words = Words::get();
    let heard = words.classify(text, language);
    if heard == Heard::Nothing && words.yes.contains(&words.bare(&fold(&body(text, LIMIT, &words.signature))))
    {
        return Heard::OptIn;
    }
    heard
}

/// The data file as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    keywords: Keywords,
    local: BTreeMap<String, Vec<String>>,
    signature: Signature,
    harmless: BTreeMap<String, Vec<String>>,
    classes: BTreeMap<String, BTreeMap<String, String>>,
    sure: BTreeMap<String, Vec<String>>,
    likely: BTreeMap<String, Vec<String>>,
    elsewhere: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Keywords {
    opt_out: Vec<String>,
    ambiguous: Vec<String>,
    opt_in: Vec<String>,
    help: Vec<String>,
    yes: Vec<String>,
    within: Vec<String>,
    around: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    starts: Vec<String>,
}

/// The data file, ready to compare with.
struct Words {
    opt_out: HashSet<String>,
    ambiguous: HashSet<String>,
    opt_in: HashSet<String>,
    help: HashSet<String>,
    yes: HashSet<String>,
    within: HashSet<String>,
    around: Vec<String>,
    local: BTreeMap<String, HashSet<String>>,
    signature: Vec<String>,
    harmless: Vec<Regex>,
    sure: RegexSet,
    likely: RegexSet,
    elsewhere: RegexSet,
}

impl Words {
    fn get() -> &'static Self {
        static WORDS: LazyLock<Words> = LazyLock::new(|| {
            // The file is part of the program and read by every test. Were it broken all the same, the carriers'
            // keywords still work.
            let file = toml::from_str::<File>(include_str!("opt_out/words.toml")).unwrap_or_else(|_| File {
                keywords: Keywords {
                    opt_out: ["stop", "stopall", "unsubscribe", "end", "quit"].map(str::to_owned).to_vec(),
                    ..Keywords::default()
                },
                ..File::default()
            });
            Words::of(&file)
        });
        &WORDS
    }

    fn of(file: &File) -> Self {
        let set = |words: &[String]| words.iter().map(|word| fold(word)).collect::<HashSet<String>>();
        let sources = |by_language: &BTreeMap<String, Vec<String>>| -> Vec<String> {
            by_language
                .iter()
                .flat_map(|(language, patterns)| {
                    patterns.iter().map(|pattern| between_blanks(&expand(pattern, language, &file.classes)))
                })
                .collect()
        };
        let compiled = |by_language| set_of(&sources(by_language)).unwrap_or_else(|_| RegexSet::empty());
        Self {
            opt_out: set(&file.keywords.opt_out),
            ambiguous: set(&file.keywords.ambiguous),
            opt_in: set(&file.keywords.opt_in),
            help: set(&file.keywords.help),
            yes: set(&file.keywords.yes),
            within: set(&file.keywords.within),
            around: file.keywords.around.clone(),
            local: file.local.iter().map(|(language, words)| (language.clone(), set(words))).collect(),
            signature: file.signature.starts.clone(),
            harmless: sources(&file.harmless).iter().filter_map(|source| one_of(source).ok()).collect(),
            sure: compiled(&file.sure),
            likely: compiled(&file.likely),
            elsewhere: compiled(&file.elsewhere),
        }
    }

    fn classify(&self, text: &str, language: Option<Language>) -> Heard {
        let body = body(text, LIMIT, &self.signature);
        let folded = fold(&body);
        if folded.is_empty() {
            return Heard::Nothing;
        }
        if let Some(heard) = self.keyword(&folded, language) {
            return heard;
        }
        // A keyword, an empty line, and a name below it.
        if let Some((first, rest)) = body.trim_start().split_once("\n\n")
            && rest.split_whitespace().count() <= 16
            && let Some(heard @ Heard::OptOut { .. }) = self.keyword(&fold(first), language)
        {
            return heard;
        }
        match self.sentence(&folded) {
            Heard::Nothing if self.ends_with_keyword(&body) => {
                opt_out(How::FreeForm, false, 0.8, Scope::Everything)
            }
            heard => heard,
        }
    }

    /// Whether one of the sentences is a keyword, or ends with one after a comma. A question is none.
    fn ends_with_keyword(&self, body: &str) -> bool {
        let is_keyword = |text: &str| self.within.contains(&self.bare(&fold(text)));
        body.split_inclusive(['.', '!', '?', ';', '\n']).any(|sentence| {
            let ends = sentence.rsplit([',', ':']).next().unwrap_or_default();
            !sentence.trim_end().ends_with('?') && (is_keyword(sentence) || is_keyword(ends))
        })
    }

    fn keyword(&self, folded: &str, language: Option<Language>) -> Option<Heard> {
        if folded.len() > 80 {
            return None;
        }
        let is_local = |word: &str| {
            language
                .and_then(|language| self.local.get(language.code()))
                .is_some_and(|words| words.contains(word))
        };
        let bare = self.bare(folded);
        // "Stop stop STOP".
        let once = bare.split(' ').next().filter(|first| bare.split(' ').all(|word| word == *first));
        [Some(folded), Some(bare.as_str()), once].into_iter().flatten().find_map(|word| {
            if self.opt_out.contains(word) || is_local(word) {
                return Some(opt_out(How::Keyword, false, 1.0, Scope::Everything));
            }
            if self.ambiguous.contains(word) {
                return Some(opt_out(How::Keyword, true, 1.0, Scope::Everything));
            }
            if self.opt_in.contains(word) {
                return Some(Heard::OptIn);
            }
            self.help.contains(word).then_some(Heard::Help)
        })
    }

    /// The folded text without courtesy words at its ends, as long as something is left.
    fn bare(&self, folded: &str) -> String {
        let mut bare = folded;
        loop {
            let shorter = self.around.iter().find_map(|word| {
                bare.strip_prefix(word.as_str())
                    .and_then(|rest| rest.strip_prefix(' '))
                    .or_else(|| bare.strip_suffix(word.as_str()).and_then(|rest| rest.strip_suffix(' ')))
            });
            match shorter {
                Some(shorter) => bare = shorter,
                None => return bare.to_owned(),
            }
        }
    }

    fn sentence(&self, folded: &str) -> Heard {
        let mut text = folded.to_owned();
        for harmless in &self.harmless {
            if harmless.is_match(&text) {
                text = harmless.replace_all(&text, " # ").into_owned();
            }
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let confidence = match (self.sure.matches(&text).iter().count(), self.likely.is_match(&text)) {
            (0, false) => return Heard::Nothing,
            (0, true) => 0.8,
            (1, _) => 0.9,
            _ => 0.95,
        };
        let scope = if self.elsewhere.is_match(&text) { Scope::ThisChannel } else { Scope::Everything };
        opt_out(How::FreeForm, false, confidence, scope)
    }
}

const fn opt_out(how: How, ambiguous_cancel: bool, confidence: f32, scope: Scope) -> Heard {
    Heard::OptOut { how, scope, ambiguous_cancel, confidence }
}

/// Puts the classes of the language in their places.
fn expand(pattern: &str, language: &str, classes: &BTreeMap<String, BTreeMap<String, String>>) -> String {
    classes
        .get(language)
        .into_iter()
        .flatten()
        .fold(pattern.to_owned(), |pattern, (name, words)| pattern.replace(&format!("{{{name}}}"), words))
}

/// Folded text is ASCII wherever a pattern looks, so words are those of ASCII: a fraction of the size and time.
fn one_of(source: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(source).unicode(false).build()
}

fn set_of(sources: &[String]) -> Result<RegexSet, regex::Error> {
    RegexSetBuilder::new(sources).unicode(false).size_limit(1 << 26).build()
}

/// A pattern matches whole words.
fn between_blanks(pattern: &str) -> String {
    format!(r"(?:^|\b)(?:{pattern})(?:\b|$)")
}

#[cfg(test)]
mod tests;
