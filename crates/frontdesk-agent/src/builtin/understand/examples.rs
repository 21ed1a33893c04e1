//! Example sentences and patterns by intent, read from the intent files.
//!
//! A workspace extends them with [`Examples::extend`]: the same TOML, only what is added.

use std::collections::BTreeMap;

use frontdesk_domain::locale::Language;
use serde::Deserialize;

use super::intent::Intent;
use super::pattern::{BadPattern, Pattern};

/// Most examples and patterns of one file.
const MAX_LINES: usize = 20_000;

/// Why examples could not be used.
#[derive(Debug, thiserror::Error)]
pub enum ExamplesError {
    /// Not the right TOML.
    #[error("examples cannot be read: {0}")]
    Syntax(#[from] toml::de::Error),
    /// No such intent.
    #[error("`{0}` is not an intent")]
    Intent(String),
    /// A pattern is broken.
    #[error(transparent)]
    Pattern(#[from] BadPattern),
    /// Too many.
    #[error("too many examples: at most {MAX_LINES} lines")]
    TooMany,
}

/// What is known of one intent in one language.
#[derive(Debug, Clone, Default)]
pub struct IntentExamples {
    /// Sentences people said.
    pub examples: Vec<String>,
    /// Strong evidence.
    pub patterns: Vec<Pattern>,
    /// Weak evidence.
    pub hints: Vec<Pattern>,
}

/// Examples of one language.
#[derive(Debug, Clone)]
pub struct Examples {
    /// Their language.
    pub language: Language,
    /// By intent.
    pub intents: BTreeMap<Intent, IntentExamples>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    #[serde(default)]
    examples: Vec<String>,
    #[serde(default)]
    patterns: Vec<String>,
    #[serde(default)]
    hints: Vec<String>,
}

impl Examples {
    /// Reads an intent file.
    pub fn parse(language: Language, source: &str) -> Result<Self, ExamplesError> {
        let mut examples = Self { language, intents: BTreeMap::new() };
        examples.extend(source)?;
        Ok(examples)
    }

    /// Adds what another file says in the same language.
    pub fn extend(&mut self, source: &str) -> Result<(), ExamplesError> {
        let sections: BTreeMap<String, Section> = toml::from_str(source)?;
        let lines: usize =
            sections.values().map(|s| s.examples.len() + s.patterns.len() + s.hints.len()).sum();
        if lines > MAX_LINES {
            return Err(ExamplesError::TooMany);
        }
        for (name, section) in sections {
            let intent = Intent::of_name(&name).ok_or(ExamplesError::Intent(name))?;
            let parse =
                |list: &[String]| list.iter().map(|p| Pattern::parse(p)).collect::<Result<Vec<_>, _>>();
            let (patterns, hints) = (parse(&section.patterns)?, parse(&section.hints)?);
            let into = self.intents.entry(intent).or_default();
            into.examples.extend(section.examples);
            into.patterns.extend(patterns);
            into.hints.extend(hints);
        }
        Ok(())
    }
}
