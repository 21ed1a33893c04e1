//! Conversations: messages in and out, the floor, turns, and what the inbox shows.
//!
//! [`receive::receive`] takes what a customer says; [`turn::answer`] lets the agent reply; [`floor`] passes the right
//! to speak between agent and people; [`reply`] is people's side; [`list`] is the inbox; [`start`] opens conversations
//! from the widget; [`sandbox`] talks to a draft.

mod booking_tools;
pub mod canned;
pub mod floor;
pub(crate) mod hear;
pub mod idle;
pub mod list;
pub mod person;
pub mod receive;
pub mod reply;
pub mod sandbox;
pub mod start;
mod tools;
pub mod turn;

use frontdesk_domain::conversation::Channel;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ConversationId, MessageId};
use frontdesk_domain::message::{Author, Message};
use frontdesk_store::{Tx, message};

/// The job that answers when the process that received a message died before it could.
pub const TURN_JOB: &str = "conversation.turn";

/// The unique key of a conversation's turn job.
fn turn_key(id: ConversationId) -> String {
    id.uuid().simple().to_string()
}

/// A message not yet placed.
pub(crate) fn draft(tx: &Tx, id: ConversationId, author: Author, text: String) -> Message {
    Message {
        id: MessageId::new(tx.now(), tx.random()),
        conversation_id: id,
        seq: 0,
        author,
        user_id: None,
        author_name: None,
        text,
        citations: Vec::new(),
        cut: false,
        turn_id: None,
        client_id: None,
        actions: Vec::new(),
        delivery: None,
        created_at: tx.now(),
    }
}

/// Stores what the business says by itself, such as a confirmation or the answer to STOP.
pub(crate) async fn said_by_house(tx: &Tx, id: ConversationId, text: &str) -> crate::Result<Message> {
    let placed = message::place(tx, tx.scope(), id, Author::Ai, text, tx.now()).await?;
    let mut line = draft(tx, id, Author::Ai, text.to_owned());
    line.seq = placed.seq;
    message::insert(tx, tx.scope(), &line).await?;
    tx.emit(Event::MessageCreated {
        conversation_id: id,
        message_id: line.id,
        author: line.author,
        seq: line.seq,
    });
    Ok(line)
}

/// Whether the conversation is a rehearsal that must leave no trace outside itself.
const fn is_sandbox(channel: Channel) -> bool {
    matches!(channel, Channel::Sandbox)
}
