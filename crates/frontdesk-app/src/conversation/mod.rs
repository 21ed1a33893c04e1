//! Conversations: messages in and out, the floor, turns, and what the inbox shows.
//!
//! [`receive::receive`] takes what a customer says; `line` stores what is said; [`turn::answer`] lets the agent reply; [`floor`] passes the right
//! to speak between agent and people; [`reply`] is people's side; [`list`] is the inbox; [`start`] opens conversations
//! from the widget; [`sandbox`] talks to a draft.

mod booking_tools;
pub mod canned;
pub mod floor;
pub(crate) mod hear;
pub(crate) mod hear_mail;
pub mod idle;
pub mod intake;
pub(crate) mod line;
pub mod list;
pub(crate) mod media;
pub mod person;
pub mod receive;
pub mod reply;
pub mod sandbox;
mod send_tools;
pub mod start;
mod tools;
pub mod turn;

use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::ConversationId;

/// The job that answers when the process that received a message died before it could.
pub const TURN_JOB: &str = "conversation.turn";

/// The unique key of a conversation's turn job.
fn turn_key(id: ConversationId) -> String {
    id.uuid().simple().to_string()
}

/// Whether the conversation is a rehearsal that must leave no trace outside itself.
const fn is_sandbox(channel: Channel) -> bool {
    matches!(channel, Channel::Sandbox)
}
