//! What mail has of its own when a message is queued: its conversation's subject, the mail it answers, the address it goes to.

use frontdesk_domain::compliance::Purpose;
use frontdesk_domain::conversation::{Channel, Conversation};
use frontdesk_domain::message::Message;
use frontdesk_domain::outbox::{Content, OutboxMessage};
use frontdesk_store::mail_thread::{self, MailThread};
use frontdesk_store::{Tx, conversation};

use super::queue::{NewOutbound, queue};
use crate::conversation::hear;
use crate::mailbox::find;
use crate::{App, AppError, Result};

/// Queues what was said in a conversation by mail, as an answer to the mail that was heard last.
pub(super) async fn queue_said(
    tx: &Tx,
    conversation: &Conversation,
    said: &Message,
    purpose: Purpose,
) -> Result<OutboxMessage> {
    let thread = mail_thread::find(tx, tx.scope(), conversation.id).await?.ok_or_else(|| {
        AppError::Conflict(
            "this conversation has no address to answer to; write to the customer anew from their page"
                .to_owned(),
        )
    })?;
    let content = Content {
        subject: Some(subject(&thread)).filter(|subject| !subject.is_empty()),
        reply_to: thread.last_id.clone(),
        ..Content::words(said.text.clone())
    };
    let new = NewOutbound {
        id: said.id,
        channel: Channel::Email,
        connection_id: thread.through,
        conversation_id: Some(conversation.id),
        contact: (conversation.contact_id, conversation.contact_name.clone()),
        from: None,
        to: thread.peer,
        purpose,
        content,
        about: None,
        created_by: said.user_id,
        send_at: tx.now(),
    };
    queue(tx, new).await
}

/// An answer's subject. Without one of its own a mail is named by its first words.
fn subject(thread: &MailThread) -> String {
    match (thread.subject.as_str(), thread.heard_at) {
        ("", None) => String::new(),
        ("", Some(_)) => "Re:".to_owned(),
        (subject, _) => format!("Re: {subject}"),
    }
}

/// The conversation with an address under a subject; a new one when there is none.
pub(super) async fn talk(app: &App, tx: &Tx, to: &str, subject: Option<&str>) -> Result<Conversation> {
    let subject = find::bare(subject.unwrap_or_default());
    if let Some(known) = mail_thread::find_by_subject(tx, tx.scope(), to, &subject).await? {
        return Ok(conversation::get(tx, tx.scope(), known.conversation_id).await?);
    }
    let opened = hear::open(app, tx, Channel::Email, to, None).await?;
    let thread = MailThread {
        conversation_id: opened.id,
        connection_id: None,
        through: None,
        peer: to.to_owned(),
        own: String::new(),
        subject,
        last_id: None,
        mail_ids: Vec::new(),
        heard_at: None,
    };
    mail_thread::put(tx, tx.scope(), &thread).await?;
    Ok(opened)
}
