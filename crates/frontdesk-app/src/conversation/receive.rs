//! What a customer says, on any channel: stored once, durable before it is acknowledged.

use std::time::Duration;

use frontdesk_domain::context::Context;
use frontdesk_domain::conversation::Floor;
use frontdesk_domain::id::ConversationId;
use frontdesk_domain::message::{Author, MAX_MESSAGE, Message};
use frontdesk_domain::text;
use frontdesk_store::{JobRequest, StoreError, message};
use serde_json::json;

use super::{TURN_JOB, line, turn_key};
use crate::{App, AppError, Result};

/// The longest id a client may give its message.
const MAX_CLIENT_ID: usize = 64;
/// When the turn job takes over from a process that died; inline turns are long done by then.
const TURN_GRACE: Duration = Duration::from_secs(20);

/// A stored message, and whether an answer is due.
#[derive(Debug, Clone, PartialEq)]
pub struct Received {
    /// The message.
    pub message: Message,
    /// The agent has the floor and should answer.
    pub answer_due: bool,
}

/// Stores a customer's message: message, event and turn job in one unit of work. The same `client_id` again gives the
/// first message back and changes nothing. When this returns, the message survives a crash, and so does the answer to
/// it.
pub async fn receive(
    app: &App,
    ctx: &Context,
    conversation: ConversationId,
    client_id: &str,
    text: &str,
) -> Result<Received> {
    let text = check(client_id, text)?;
    let tx = app.store.begin(ctx).await?;
    let mut new = line::draft(&tx, conversation, Author::Customer, text);
    new.client_id = Some(client_id.to_owned());
    let placed = match line::add(&tx, &mut new).await {
        Ok(placed) => placed,
        Err(StoreError::Duplicate(_)) => {
            drop(tx);
            return sent_before(app, ctx, conversation, client_id).await;
        }
        Err(error) => return Err(error.into()),
    };
    let answer_due = placed.floor == Floor::Ai;
    if answer_due {
        let job = JobRequest::new(TURN_JOB, json!({ "conversation": conversation }))
            .at(tx.now().plus(TURN_GRACE))
            .unique(turn_key(conversation));
        tx.enqueue(job);
    }
    tx.commit().await?;
    metrics::counter!("frontdesk_messages_total", "author" => "customer").increment(1);
    Ok(Received { message: new, answer_due })
}

fn check(client_id: &str, text: &str) -> Result<String> {
    let mut errors = crate::validate::Validator::new();
    let text = errors.take("/text", text::lines(text, MAX_MESSAGE));
    errors.ensure("/text", !text.is_empty(), "must not be empty");
    errors.ensure(
        "/client_id",
        !client_id.is_empty()
            && client_id.len() <= MAX_CLIENT_ID
            && client_id.bytes().all(|b| b.is_ascii_graphic()),
        "must be 1 to 64 printable ASCII characters without spaces",
    );
    errors.finish()?;
    Ok(text)
}

async fn sent_before(
    app: &App,
    ctx: &Context,
    conversation: ConversationId,
    client_id: &str,
) -> Result<Received> {
    let message = message::find_by_client_id(app.store.reader(), ctx.scope(), conversation, client_id)
        .await?
        .ok_or_else(|| AppError::Internal("a duplicate message could not be found".to_owned()))?;
    // Whoever received it first sees to the answer.
    Ok(Received { message, answer_due: false })
}
