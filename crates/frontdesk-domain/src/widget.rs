//! What the widget may know and how it talks to the server.
//!
//! The widget opens one WebSocket. It sends [`WidgetFrame`]s and receives [`WidgetEvent`]s; both are JSON objects with
//! a `type`. Messages carry `seq`; after a reconnect the widget says the last one it has and gets what it missed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::conversation::{ConversationState, Floor};
use crate::id::{ConversationId, TurnId};
use crate::locale::Language;
use crate::message::Message;
use crate::workspace::Theme;

/// What the widget shows before it is opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WidgetConfig {
    /// The business's name.
    pub business: String,
    /// The agent's name.
    pub agent: String,
    /// The agent's first words.
    pub greeting: String,
    /// The language of its fixed texts.
    pub language: Language,
    /// How it looks.
    pub theme: Theme,
    /// Whether the team is in.
    pub open_now: bool,
}

/// A widget session: one visitor's conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WidgetSession {
    /// The bearer token of this visitor; kept in the browser.
    pub token: String,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// Whether it goes on.
    pub state: ConversationState,
    /// Who speaks for the business.
    pub floor: Floor,
    /// The newest messages, oldest first (at most 100).
    pub messages: Vec<Message>,
}

/// What the widget sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum WidgetFrame {
    /// First frame: who I am and what I have.
    Hello {
        /// The session's token.
        token: String,
        /// The last `seq` shown; 0 for none.
        after: u64,
    },
    /// A message; sending the same `client_id` again is harmless.
    Message {
        /// The widget's id of the message.
        client_id: String,
        /// The text.
        text: String,
    },
    /// The visitor is typing.
    Typing,
    /// The visitor ends the conversation.
    End,
    /// The visitor rates the conversation.
    Rate {
        /// 1 to 5.
        score: u8,
        /// What they say with it.
        #[serde(default)]
        comment: String,
    },
    /// Keeps the connection alive.
    Ping,
}

/// What the server sends to the widget.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum WidgetEvent {
    /// Answer to `hello`; everything missed follows.
    Ready {
        /// Whether the conversation goes on.
        state: ConversationState,
        /// Who speaks for the business.
        floor: Floor,
        /// The newest `seq`.
        seq: u64,
    },
    /// A message is stored for good: the widget's own (with its `client_id`), or one from the business.
    Message {
        /// The message.
        message: Message,
    },
    /// The business is writing.
    Typing {
        /// The writer's name.
        name: String,
    },
    /// More of a reply that is being written.
    Delta {
        /// The reply's turn.
        turn_id: TurnId,
        /// The words.
        text: String,
    },
    /// A reply that was being written will not come; what was shown follows as a message with `cut`, if anything was.
    Aborted {
        /// The reply's turn.
        turn_id: TurnId,
    },
    /// Who speaks for the business has changed.
    Floor {
        /// Who speaks now.
        floor: Floor,
        /// The team member's name, when one does.
        name: Option<String>,
    },
    /// The conversation's state has changed.
    State {
        /// The new state.
        state: ConversationState,
    },
    /// A frame could not be handled; the connection stays open unless `fatal`.
    Error {
        /// A stable code such as `rate_limited`, `too_long`, `unauthorized`.
        code: String,
        /// What to tell the visitor.
        message: String,
        /// The `client_id` of the message it is about.
        client_id: Option<String>,
        /// Try again after this many milliseconds.
        retry_after_ms: Option<u64>,
        /// Whether the connection closes.
        fatal: bool,
    },
    /// Answer to `ping`.
    Pong,
}
