//! What a turn yields while it runs.

use frontdesk_domain::knowledge::Citation;

use crate::port::ToolOutcome;
use crate::session::DialogueState;

/// One step of a turn, in order. The last one is always `Done`; a turn never ends in an error the customer sees.
#[derive(Debug, Clone)]
pub enum TurnEvent {
    /// More of the reply; already past the guard, so it may be shown at once.
    Text(String),
    /// A tool ran.
    Tool(ToolRun),
    /// The turn is over.
    Done(Box<TurnOutcome>),
}

/// A tool that ran.
#[derive(Debug, Clone)]
pub struct ToolRun {
    /// Its name.
    pub tool: String,
    /// Its arguments, checked against its schema (or as text when they failed the check).
    pub arguments: serde_json::Value,
    /// What came of it.
    pub outcome: ToolOutcome,
    /// How long it took, in milliseconds.
    pub latency_ms: u32,
}

/// The whole of a finished turn.
#[derive(Debug, Clone, Default)]
pub struct TurnOutcome {
    /// The full reply, as streamed.
    pub reply: String,
    /// What it rests on.
    pub citations: Vec<Citation>,
    /// What to carry to the next turn.
    pub state: DialogueState,
    /// What thought: `builtin` or the model's name.
    pub brain: String,
    /// The intent found, when the built-in brain thought.
    pub intent: Option<String>,
    /// How sure it was, 0 to 1.
    pub confidence: Option<f32>,
    /// The customer's question, when the documents were silent on it.
    pub unanswered: Option<String>,
    /// Tokens read.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// Micro-dollars.
    pub cost_micros: u64,
    /// Sentences the guard held back.
    pub guarded: u32,
    /// Why a model was given up for the next one or the built-in brain.
    pub fallback_reason: Option<String>,
}
