//! A persona: how an agent sounds.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::PersonaId;
use crate::time::Timestamp;

/// How formal an agent sounds; picks wordings of the built-in brain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Warm and brief.
    #[default]
    Friendly,
    /// Polite and exact.
    Professional,
    /// Relaxed.
    Casual,
}

/// How an agent sounds; attached to any number of agents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Persona {
    /// Its id.
    pub id: PersonaId,
    /// Its name.
    pub name: String,
    /// How it sounds.
    pub voice: PersonaVoice,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// The words that shape an agent's wording.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PersonaVoice {
    /// How formal.
    pub tone: Tone,
    /// Style in a sentence or two.
    #[schema(max_length = 2000)]
    pub style: String,
    /// What to do.
    #[schema(max_items = 20)]
    pub dos: Vec<String>,
    /// What not to do.
    #[schema(max_items = 20)]
    pub donts: Vec<String>,
    /// Example phrases.
    #[schema(max_items = 20)]
    pub examples: Vec<String>,
}
