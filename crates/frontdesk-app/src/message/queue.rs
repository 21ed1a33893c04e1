//! Putting a message into the outbox, in the unit of work that asks for it.

use frontdesk_domain::compliance::Purpose;
use frontdesk_domain::conversation::{Channel, Conversation};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ConnectionId, ContactId, ConversationId, MessageId, UserId};
use frontdesk_domain::message::Message;
use frontdesk_domain::outbox::{Content, OutboxMessage, Status};
use frontdesk_domain::sms;
use frontdesk_domain::time::Timestamp;
use frontdesk_store::outbox::Stored;
use frontdesk_store::{JobRequest, Tx, channel_thread, outbox};
use serde_json::json;

use super::{JOB, longest, mail, receipt};
use crate::{AppError, Result};

/// A message to queue.
#[derive(Debug, Clone)]
pub(crate) struct NewOutbound {
    pub id: MessageId,
    pub channel: Channel,
    /// The connection it leaves through, when that is settled.
    pub connection_id: Option<ConnectionId>,
    pub conversation_id: Option<ConversationId>,
    pub contact: (Option<ContactId>, String),
    pub from: Option<String>,
    pub to: String,
    pub purpose: Purpose,
    pub content: Content,
    /// What it is about, as JSON: see `dispatch`.
    pub about: Option<String>,
    pub created_by: Option<UserId>,
    pub send_at: Timestamp,
}

/// Queues a message; it leaves when the gate lets it.
pub(crate) async fn queue(tx: &Tx, new: NewOutbound) -> Result<OutboxMessage> {
    let message = OutboxMessage {
        id: new.id,
        channel: new.channel,
        connection_id: new.connection_id,
        conversation_id: new.conversation_id,
        contact_id: new.contact.0,
        contact_name: new.contact.1,
        from: new.from,
        to: new.to,
        purpose: new.purpose,
        segments: segments(new.channel, &new.content),
        content: new.content,
        status: Status::Queued,
        reason: None,
        code: None,
        verdict: None,
        attempts: 0,
        vendor_id: None,
        created_by: new.created_by,
        created_at: tx.now(),
        send_at: new.send_at,
        sent_at: None,
        delivered_at: None,
        read_at: None,
        updated_at: tx.now(),
    };
    let stored = Stored { message, about: new.about, tried_at: None };
    outbox::insert(tx, tx.scope(), &stored).await?;
    dispatch_at(tx, stored.message.id, new.send_at);
    announce(tx, &stored.message, Status::Queued);
    Ok(stored.message)
}

/// In how many parts a text message travels.
pub(crate) fn segments(channel: Channel, content: &Content) -> Option<u32> {
    (channel == Channel::Sms).then(|| u32::try_from(sms::segments(&content.text)).unwrap_or(u32::MAX))
}

/// Has a message looked at by the dispatcher.
pub(crate) fn dispatch_at(tx: &Tx, id: MessageId, at: Timestamp) {
    // The outbox counts tries itself: waiting for the morning is none.
    let job = JobRequest::new(JOB, json!({ "message": id })).at(at).attempts(u16::MAX).unique(key(id));
    tx.enqueue(job);
}

/// The unique key of a message's job.
pub(crate) fn key(id: MessageId) -> String {
    id.uuid().simple().to_string()
}

/// Tells everyone where a message is now.
pub(crate) fn announce(tx: &Tx, message: &OutboxMessage, status: Status) {
    tx.emit(Event::MessageStatusChanged {
        message_id: message.id,
        conversation_id: message.conversation_id,
        status,
    });
}

/// Queues what was said in a conversation on a carried channel.
pub(crate) async fn queue_said(
    tx: &Tx,
    conversation: &Conversation,
    said: &Message,
    purpose: Purpose,
) -> Result<OutboxMessage> {
    if conversation.channel == Channel::Email {
        return mail::queue_said(tx, conversation, said, purpose).await;
    }
    let content = Content::words(fitted(conversation.channel, &said.text));
    queue_content(tx, conversation, said, (purpose, content)).await
}

/// Queues what was said in a conversation on a carried channel, with what leaves for it: the words, or a template.
pub(crate) async fn queue_content(
    tx: &Tx,
    conversation: &Conversation,
    said: &Message,
    (purpose, content): (Purpose, Content),
) -> Result<OutboxMessage> {
    let thread = channel_thread::find_of(tx, tx.scope(), conversation.id).await?.ok_or_else(|| {
        AppError::Conflict(
            "this conversation has lost its connection; write to the customer anew from their page"
                .to_owned(),
        )
    })?;
    let new = NewOutbound {
        id: said.id,
        channel: conversation.channel,
        connection_id: Some(thread.connection_id),
        conversation_id: Some(conversation.id),
        contact: (conversation.contact_id, conversation.contact_name.clone()),
        from: Some(thread.own).filter(|own| !own.is_empty()),
        to: thread.peer,
        purpose,
        content,
        about: None,
        created_by: said.user_id,
        send_at: tx.now(),
    };
    receipt::plan(tx, conversation);
    queue(tx, new).await
}

/// A text no longer than the channel takes, cut where a sentence ends.
fn fitted(channel: Channel, text: &str) -> String {
    let most = longest(channel);
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let kept = text.get(..end).unwrap_or(text);
    let cut = kept.rfind(['.', '!', '?', '\n']).map_or(end, |at| at + 1);
    kept.get(..cut).unwrap_or(kept).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_answer_ends_with_a_sentence() {
        let text = "A sentence that says something. ".repeat(80);
        let cut = fitted(Channel::Sms, &text);
        assert!(cut.chars().count() <= 1_600 && cut.ends_with("something."), "{cut}");
        assert_eq!(fitted(Channel::Sms, "Short."), "Short.");
    }
}
