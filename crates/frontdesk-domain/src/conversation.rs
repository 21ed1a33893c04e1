//! A conversation, its floor and its state.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{AgentId, CannedReplyId, ContactId, ConversationId, UserId};
use crate::locale::Language;
use crate::time::Timestamp;

/// The channel a conversation runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The widget on a web page.
    Web,
    /// The sandbox beside the agent's editor; nothing leaves the system.
    Sandbox,
    /// Text messages.
    Sms,
    /// WhatsApp.
    Whatsapp,
    /// E-mail.
    Email,
    /// Telegram.
    Telegram,
}

impl Channel {
    /// The text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Sandbox => "sandbox",
            Self::Sms => "sms",
            Self::Whatsapp => "whatsapp",
            Self::Email => "email",
            Self::Telegram => "telegram",
        }
    }

    /// Whether its messages leave through a vendor, by way of the outbox.
    pub const fn is_carried(self) -> bool {
        matches!(self, Self::Sms | Self::Whatsapp | Self::Email | Self::Telegram)
    }
}

/// Whether a conversation goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConversationState {
    /// It goes on.
    Open,
    /// A team member said it is done; a new message opens it again.
    Resolved,
    /// The customer or idleness ended it.
    Ended,
}

/// Who speaks for the business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "holder", rename_all = "snake_case")]
pub enum Floor {
    /// The AI agent.
    Ai,
    /// A team member.
    Person {
        /// Who.
        user_id: UserId,
    },
    /// Nobody: a person was asked for and has not come yet.
    Nobody,
}

impl Floor {
    /// The text form of the holder.
    pub const fn holder(self) -> &'static str {
        match self {
            Self::Ai => "ai",
            Self::Person { .. } => "person",
            Self::Nobody => "nobody",
        }
    }
}

/// A conversation with one customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// Where it runs.
    pub channel: Channel,
    /// The customer, once known to the workspace.
    pub contact_id: Option<ContactId>,
    /// The customer's name at a glance; "Visitor" with a number when unknown.
    pub contact_name: String,
    /// The agent that answers.
    pub agent_id: Option<AgentId>,
    /// Whether it goes on.
    pub state: ConversationState,
    /// Who speaks for the business.
    pub floor: Floor,
    /// Rises with every change of floor; a reply written under an older epoch is not sent.
    pub epoch: u64,
    /// Why a person was asked for, while one is waited for.
    pub handoff_reason: Option<String>,
    /// Since when a person is waited for.
    pub waiting_since: Option<Timestamp>,
    /// The team member it is assigned to.
    pub assignee: Option<UserId>,
    /// The language in use.
    pub language: Language,
    /// The page the customer started from.
    pub page_url: Option<String>,
    /// The first words of the newest message.
    pub preview: String,
    /// Customer messages the team has not opened.
    pub unread: u32,
    /// How the customer rated it, 1 to 5.
    pub rating: Option<u8>,
    /// What they said with the rating.
    pub rating_comment: Option<String>,
    /// What it was about, once summarised.
    pub summary: Option<String>,
    /// Micro-dollars spent on models.
    pub cost_micros: u64,
    /// When it started.
    pub created_at: Timestamp,
    /// When the newest message came.
    pub last_message_at: Timestamp,
    /// When it ended or was resolved.
    pub closed_at: Option<Timestamp>,
}

/// A reply kept ready for reuse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CannedReply {
    /// Its id.
    pub id: CannedReplyId,
    /// What is typed after `/` to find it.
    pub shortcut: String,
    /// The text; `{contact.name}` is filled in.
    pub text: String,
    /// When it last changed.
    pub updated_at: Timestamp,
}
