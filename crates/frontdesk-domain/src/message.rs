//! A message in a conversation, and the record of the turn that wrote it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{BookingTypeId, ConversationId, FileId, MessageId, StaffId, ToolCallId, TurnId, UserId};
use crate::knowledge::Citation;
use crate::outbox::Delivery;
use crate::time::Timestamp;

/// The longest message text, in characters.
pub const MAX_MESSAGE: usize = 4_000;

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The customer.
    Customer,
    /// The AI agent.
    Ai,
    /// A team member.
    Person,
    /// A note between team members; the customer never sees it.
    Note,
    /// A line about what happened, such as a handoff.
    System,
}

impl Author {
    /// Whether the customer sees it.
    pub const fn is_public(self) -> bool {
        !matches!(self, Self::Note)
    }

    /// The text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Ai => "ai",
            Self::Person => "person",
            Self::Note => "note",
            Self::System => "system",
        }
    }
}

/// A message in a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// 1, 2, 3, ... within the conversation; the order everyone sees.
    pub seq: u64,
    /// Who wrote it.
    pub author: Author,
    /// The team member, when one wrote it.
    pub user_id: Option<UserId>,
    /// The writer's name, as shown.
    pub author_name: Option<String>,
    /// The text.
    pub text: String,
    /// What an answer rests on.
    pub citations: Vec<Citation>,
    /// Whether it was cut short because a person took over.
    pub cut: bool,
    /// The turn that wrote it, when the agent did.
    pub turn_id: Option<TurnId>,
    /// The sender's own id, which makes sending twice harmless.
    pub client_id: Option<String>,
    /// What the customer can do with it beside answering.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<MessageAction>,
    /// What became of it, when a vendor carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// Files that came along.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<MessageFile>,
    /// When.
    pub created_at: Timestamp,
}

/// A file that came along with a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessageFile {
    /// Its id.
    pub id: FileId,
    /// Its name.
    pub name: String,
    /// Its media type, as the sender said; it may be anything.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
}

/// Something a customer can do under a message. Clients show the kinds they know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum MessageAction {
    /// Choose a time from the picker.
    Booking {
        /// Of this booking type.
        type_id: BookingTypeId,
        /// The business's short name in addresses.
        workspace: String,
        /// The type's short name in addresses.
        slug: String,
        /// The type's name.
        name: String,
        /// With this staff member.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        staff_id: Option<StaffId>,
    },
}

/// One tool call of a turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ToolCallRecord {
    /// Its id.
    pub id: ToolCallId,
    /// The turn.
    pub turn_id: TurnId,
    /// The tool.
    pub tool: String,
    /// Its arguments.
    #[schema(value_type = Object)]
    pub arguments: serde_json::Value,
    /// Whether it did what was asked.
    pub ok: bool,
    /// Its result or why it was refused.
    #[schema(value_type = Object)]
    pub result: serde_json::Value,
    /// What it left behind, such as `lead_...`.
    pub receipt: Option<String>,
    /// How long it took, in milliseconds.
    pub latency_ms: u32,
    /// When.
    pub created_at: Timestamp,
}

/// The record of one turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TurnRecord {
    /// Its id.
    pub id: TurnId,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// What thought: `builtin` or the model's name.
    pub brain: String,
    /// The intent found, when the built-in brain thought.
    pub intent: Option<String>,
    /// How sure it was, 0 to 1.
    pub confidence: Option<f32>,
    /// Tokens read.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// Micro-dollars.
    pub cost_micros: u64,
    /// Milliseconds to the first word.
    pub first_word_ms: Option<u32>,
    /// Milliseconds in all.
    pub total_ms: u32,
    /// Sentences the reply guard held back.
    pub guarded: u32,
    /// Why it fell back, when it did.
    pub fallback_reason: Option<String>,
    /// Its tool calls.
    pub tool_calls: Vec<ToolCallRecord>,
    /// When it started.
    pub created_at: Timestamp,
}
