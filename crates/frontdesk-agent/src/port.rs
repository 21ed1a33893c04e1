//! The ports of the turn: tools and knowledge. App implements them over its use cases.

use async_trait::async_trait;
use frontdesk_domain::knowledge::{Citation, KnowledgeAnswer, Passage};
use frontdesk_domain::locale::Language;
use serde_json::Value;

use crate::session::Receipt;

/// A tool's face to the brains.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolSpec {
    /// Its name, `[a-z_]+`.
    pub name: &'static str,
    /// What it does and when to use it; models read this.
    pub description: &'static str,
    /// JSON Schema of its arguments (an object that refuses unknown keys).
    pub parameters: Value,
}

/// What came of a tool call.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolOutcome {
    /// Whether it did what was asked.
    pub ok: bool,
    /// What the brain gets to see (JSON object; on failure `{"error": "..."}` in words a model can act on).
    pub result: Value,
    /// Proof, when it acted.
    pub receipt: Option<Receipt>,
    /// Sources the result rests on.
    pub citations: Vec<Citation>,
}

/// Runs tools under the session's authority. The implementation knows conversation and contact; arguments never name
/// them. `call` never panics and never returns another workspace's data.
#[async_trait]
pub trait Tools: Send + Sync {
    /// The tools this session may use.
    fn specs(&self) -> Vec<ToolSpec>;
    /// Runs one; arguments have passed the schema.
    async fn call(&self, name: &str, arguments: Value) -> ToolOutcome;
}

/// Searches the workspace's documents, limited to the agent's sources.
#[async_trait]
pub trait Knowledge: Send + Sync {
    /// The best passages for a question, best first.
    async fn passages(&self, question: &str, language: Language, limit: usize) -> Vec<Passage>;
    /// An extractive answer with citations, or an honest "not answered".
    async fn answer(&self, question: &str, language: Language) -> KnowledgeAnswer;
}
