//! The built-in brain: a dialogue engine that needs no key and no network.
//!
//! A message is understood part by part ([`understand`]), what it contains is taken out ([`extract`]), the policy
//! decides what to do ([`policy`]) with forms that last several turns ([`forms`]), questions are answered from the
//! documents and the business's facts ([`answers`]), and what is said comes from phrase files ([`wording`]). Everything
//! it must remember is in [`crate::session::DialogueState`]; under one seed it says the same thing twice.
//!
//! It is not a model: it knows nothing but its examples, phrases, the documents and the facts. One more thing that
//! customers say is a line in `data/intents.*.toml`; one more phrase is a line in `data/phrases.*.toml`.

pub mod answers;
pub mod desk;
pub mod extract;
pub mod forms;
pub mod language;
pub mod mind;
pub mod policy;
pub mod summary;
pub mod text;
pub mod understand;
pub mod wording;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use frontdesk_domain::locale::Language;

use crate::brain::{Brain, BrainError, Thought};
use crate::turn::Turn;

use self::understand::{Examples, ExamplesError, Understander};
use self::wording::Phrases;

/// What the brain needs, prepared once.
#[derive(Debug)]
pub struct Models {
    /// Understands messages.
    pub understander: Understander,
    /// Tells languages apart.
    pub detector: language::Detector,
    /// What it says.
    pub phrases: Phrases,
    /// Recognises questions on the business's facts.
    pub facts: answers::facts::Recogniser,
    /// What customers say about appointments.
    pub cues: forms::booking::cues::Cues,
    /// How customers ask to have something in writing.
    pub asking: forms::send::Asking,
}

/// The built-in brain; a clone shares what was prepared.
#[derive(Debug, Clone)]
pub struct Builtin {
    models: Arc<Models>,
}

/// Why the brain's own data could not be used.
#[derive(Debug, thiserror::Error)]
pub enum BuiltinError {
    /// Examples.
    #[error(transparent)]
    Examples(#[from] ExamplesError),
    /// Phrases.
    #[error(transparent)]
    Phrases(#[from] wording::PhrasesError),
    /// Fact patterns.
    #[error(transparent)]
    Facts(#[from] answers::facts::FactsError),
    /// Booking words.
    #[error(transparent)]
    Cues(#[from] forms::booking::cues::CuesError),
    /// Words of sending.
    #[error(transparent)]
    Asking(#[from] forms::send::AskingError),
}

const INTENTS: &[(Language, &str)] = &[
    (Language::En, include_str!("data/intents.en.toml")),
    (Language::Es, include_str!("data/intents.es.toml")),
    (Language::De, include_str!("data/intents.de.toml")),
    (Language::Fr, include_str!("data/intents.fr.toml")),
];

impl Builtin {
    /// The brain with its own examples and phrases.
    pub fn new() -> Result<Self, BuiltinError> {
        Self::with_examples(&[])
    }

    /// The brain with more examples: TOML as in `data/intents.en.toml`, for a workspace's own way of speaking.
    pub fn with_examples(extra: &[(Language, &str)]) -> Result<Self, BuiltinError> {
        let mut sets = Vec::new();
        for (language, source) in INTENTS {
            let mut set = Examples::parse(*language, source)?;
            for (_, more) in extra.iter().filter(|(of, _)| of == language) {
                set.extend(more)?;
            }
            sets.push(set);
        }
        // Number formats and name lists are read at their first use; a customer should not wait for that.
        extract::Entities::of("I'm Ana, +1 415 555 2671", "US");
        Ok(Self {
            models: Arc::new(Models {
                understander: Understander::new(&sets),
                detector: language::Detector::default(),
                phrases: Phrases::load()?,
                facts: answers::facts::Recogniser::load()?,
                cues: forms::booking::cues::Cues::load()?,
                asking: forms::send::Asking::load()?,
            }),
        })
    }

    /// What was prepared, for tools that look inside (evaluation, the sandbox).
    pub fn models(&self) -> &Models {
        &self.models
    }
}

#[async_trait]
impl Brain for Builtin {
    fn name(&self) -> &'static str {
        "builtin"
    }

    async fn think(&self, turn: &mut Turn<'_>) -> Result<Thought, BrainError> {
        Ok(policy::respond(&self.models, turn).await)
    }
}
