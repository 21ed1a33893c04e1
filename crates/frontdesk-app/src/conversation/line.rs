//! Putting a line into a conversation, whoever says it: its number, its row, and the news of it.
//!
//! The only place that stores messages of a running conversation (the demo writes its history itself).

use frontdesk_domain::conversation::ConversationState;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ConversationId, MessageId};
use frontdesk_domain::message::{Author, Message};
use frontdesk_store::message::{self, Placed};
use frontdesk_store::{StoreError, Tx};

use crate::Result;

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
        files: Vec::new(),
        created_at: tx.now(),
    }
}

/// Gives a drafted line its number, stores and announces it; says where it found its conversation.
///
/// # Errors
/// [`StoreError::Duplicate`] when the line's `client_id` was used before: the unit of work must be given up then.
pub(crate) async fn add(tx: &Tx, line: &mut Message) -> std::result::Result<Placed, StoreError> {
    let author = line.author;
    let placed = add_all(tx, author, std::slice::from_mut(line)).await?.pop();
    placed.ok_or(StoreError::NotFound("conversation"))
}

/// The same for lines of one author; answers in their order.
pub(crate) async fn add_all(
    tx: &Tx,
    author: Author,
    lines: &mut [Message],
) -> std::result::Result<Vec<Placed>, StoreError> {
    let wanted: Vec<_> = lines.iter().map(|line| (line.conversation_id, line.text.as_str())).collect();
    let all = message::place(tx, tx.scope(), author, &wanted, tx.now()).await?;
    for (line, placed) in lines.iter_mut().zip(&all) {
        line.seq = placed.seq;
    }
    message::insert(tx, tx.scope(), lines).await?;
    for (line, placed) in lines.iter().zip(&all) {
        let conversation_id = line.conversation_id;
        if placed.reopened {
            tx.emit(Event::ConversationStateChanged { conversation_id, state: ConversationState::Open });
        }
        tx.emit(Event::MessageCreated { conversation_id, message_id: line.id, author, seq: line.seq });
    }
    Ok(all)
}

/// Stores what the business says by itself, such as a confirmation or the answer to STOP.
pub(crate) async fn said_by_house(tx: &Tx, id: ConversationId, text: &str) -> Result<(Message, Placed)> {
    let mut line = draft(tx, id, Author::Ai, text.to_owned());
    let placed = add(tx, &mut line).await?;
    Ok((line, placed))
}

/// Stores a line about what happened, which everyone sees.
pub(crate) async fn note_happening(tx: &Tx, id: ConversationId, text: String) -> Result<()> {
    add(tx, &mut draft(tx, id, Author::System, text)).await?;
    Ok(())
}
