//! The chat port: messages and tools in, a stream of deltas out.

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use serde::{Deserialize, Serialize};

use crate::pricing::Pricing;

/// Who said a message of the prompt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum ChatMessage {
    /// What the customer said.
    User {
        /// The text.
        text: String,
    },
    /// What the assistant said, and the tools it asked for.
    Assistant {
        /// The text; may be empty when only tools were called.
        text: String,
        /// The calls, in order.
        tool_calls: Vec<ToolCall>,
    },
    /// The result of one tool call.
    Tool {
        /// The call it answers.
        call_id: String,
        /// The result as text (JSON).
        content: String,
    },
}

/// A tool offered to the model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolSpec {
    /// The name, `[a-z_]+`.
    pub name: String,
    /// What it does and when to use it.
    pub description: String,
    /// JSON Schema of the arguments.
    pub parameters: serde_json::Value,
}

/// A call the model asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolCall {
    /// The vendor's id of the call.
    pub id: String,
    /// The tool's name.
    pub name: String,
    /// The arguments as JSON text, exactly as the model wrote them; not yet checked.
    pub arguments: String,
}

/// One request to a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChatRequest {
    /// The model's name at the vendor.
    pub model: String,
    /// The system prompt.
    pub system: String,
    /// The dialogue so far, oldest first.
    pub messages: Vec<ChatMessage>,
    /// The tools on offer; empty for none.
    pub tools: Vec<ToolSpec>,
    /// Sampling temperature, 0 to 2; the vendor's default when absent.
    pub temperature: Option<f32>,
    /// Most tokens the answer may have.
    pub max_tokens: u32,
}

/// What arrives while the model answers.
#[derive(Debug, Clone, PartialEq)]
pub enum ChatDelta {
    /// More text. Empty text is a sign of life: the model is busy writing a tool call.
    Text(String),
    /// A finished tool call (vendors' partial argument deltas are assembled by the client).
    ToolCall(ToolCall),
    /// Tokens used so far; the last one counts.
    Usage(Usage),
    /// The end, with its reason.
    End(EndReason),
}

/// Tokens of one request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens read, cached ones included.
    pub input_tokens: u64,
    /// Of those, tokens served from the vendor's cache.
    pub cached_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
}

/// Why the model stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndReason {
    /// It said all it wanted.
    Stop,
    /// It waits for tool results.
    ToolCalls,
    /// `max_tokens` was reached.
    Length,
    /// The vendor refused or filtered the content.
    Refused,
}

/// Why a model gave no usable answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ChatError {
    /// Key or model wrong: trying again cannot help.
    #[error("model refused the request: {0}")]
    Rejected(String),
    /// Rate limited; `retry_after_ms` when the vendor said so.
    #[error("model rate limit reached")]
    RateLimited {
        /// Milliseconds to wait, when known.
        retry_after_ms: Option<u64>,
    },
    /// Unreachable, 5xx, or closed mid-answer.
    #[error("model unavailable: {0}")]
    Unavailable(String),
    /// No useful token within the deadline.
    #[error("model gave nothing useful for {0} ms")]
    Stalled(u64),
    /// It answered something that is not the protocol.
    #[error("model answered garbage: {0}")]
    Garbage(String),
}

/// A stream of deltas; ends after `End` or the first error.
pub type ChatStream = BoxStream<'static, Result<ChatDelta, ChatError>>;

/// A started answer, and who gives it.
pub struct Answer {
    /// The name of the model that answers; with a fallback chain, the one that took over.
    pub model: String,
    /// What its tokens cost.
    pub pricing: Pricing,
    /// The answer.
    pub stream: ChatStream,
}

/// A language model at a vendor.
#[async_trait]
pub trait ChatModel: Send + Sync {
    /// A stable name for logs, usage rows and breakers, such as `openai:gpt-5-mini`.
    fn name(&self) -> &str;
    /// Starts an answer. An empty `model` in the request means the configured one.
    async fn stream(&self, request: ChatRequest) -> Result<ChatStream, ChatError>;
    /// What its tokens cost; free unless configured.
    fn pricing(&self) -> Pricing {
        Pricing::default()
    }
    /// Starts an answer and says who gives it.
    async fn answer(&self, request: ChatRequest) -> Result<Answer, ChatError> {
        let stream = self.stream(request).await?;
        Ok(Answer { model: self.name().to_owned(), pricing: self.pricing(), stream })
    }
}
