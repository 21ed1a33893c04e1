//! The brain port: what thinks during a turn.

use async_trait::async_trait;
use frontdesk_domain::knowledge::Citation;

use crate::session::DialogueState;
use crate::turn::Turn;

/// What a brain leaves behind when it is done; what it said and did, the [`Turn`] has recorded already.
#[derive(Debug, Clone, Default)]
pub struct Thought {
    /// What to carry to the next turn.
    pub state: DialogueState,
    /// What the reply rests on.
    pub citations: Vec<Citation>,
    /// The intent found.
    pub intent: Option<String>,
    /// How sure it was, 0 to 1.
    pub confidence: Option<f32>,
    /// The customer's question, when the documents were silent on it.
    pub unanswered: Option<String>,
}

/// Why a brain gave up; the turn then goes on with the next one.
#[derive(Debug, Clone, thiserror::Error)]
#[error("brain {brain} gave up: {reason}")]
pub struct BrainError {
    /// Which.
    pub brain: String,
    /// Why.
    pub reason: String,
}

/// What thinks during a turn. It speaks and acts only through the [`Turn`], so that guard, authority and record hold
/// for every brain.
#[async_trait]
pub trait Brain: Send + Sync {
    /// `builtin` or the model's name.
    fn name(&self) -> &str;
    /// Answers the customer's input.
    async fn think(&self, turn: &mut Turn<'_>) -> Result<Thought, BrainError>;
}
