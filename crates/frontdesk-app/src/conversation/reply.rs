//! People's side of a conversation: replies and notes.

use frontdesk_domain::access::Permission;
use frontdesk_domain::compliance::Purpose;
use frontdesk_domain::context::Context;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ConversationId, UserId};
use frontdesk_domain::message::{Author, MAX_MESSAGE, Message};
use frontdesk_domain::text;
use frontdesk_store::{StoreError, conversation, message, user};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{draft, floor};
use crate::message::longest;
use crate::message::queue::queue_said;
use crate::validate::Validator;
use crate::{App, AppError, Result};

/// A reply to the customer.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReply {
    /// The text.
    #[schema(min_length = 1, max_length = 4000)]
    pub text: String,
    /// The sender's own id of the message; sending it again is harmless.
    #[schema(min_length = 1, max_length = 64)]
    pub client_id: String,
}

/// A note between team members.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNote {
    /// The text.
    #[schema(min_length = 1, max_length = 4000)]
    pub text: String,
}

/// Sends a team member's reply; takes the floor first, so that the agent falls silent at once.
pub async fn send(app: &App, ctx: &Context, id: ConversationId, new: NewReply) -> Result<Message> {
    ctx.require(Permission::ConversationsWrite)?;
    let mut errors = Validator::new();
    let text = errors.take("/text", text::lines(&new.text, MAX_MESSAGE));
    errors.ensure("/text", !text.is_empty(), "must not be empty");
    let client_id = errors.take("/client_id", text::line(&new.client_id, 64));
    errors.finish()?;
    let by = author(ctx)?;
    let name = author_name(app, by).await?;
    let tx = app.store.begin(ctx).await?;
    let before = conversation::get(&tx, tx.scope(), id).await?;
    if let Some(sent) = message::find_by_client_id(&tx, tx.scope(), id, &client_id).await? {
        return Ok(sent);
    }
    floor::take(&tx, &before, by, &name).await?;
    let placed = message::place(&tx, tx.scope(), id, Author::Person, &text, tx.now()).await?;
    let mut reply = draft(&tx, id, Author::Person, text);
    reply.seq = placed.seq;
    reply.user_id = Some(by);
    reply.author_name = Some(name);
    reply.client_id = Some(client_id.clone());
    match message::insert(&tx, tx.scope(), &reply).await {
        Ok(()) => {}
        Err(StoreError::Duplicate(_)) => {
            drop(tx);
            let sent = message::find_by_client_id(app.store.reader(), ctx.scope(), id, &client_id).await?;
            return sent.ok_or_else(|| AppError::Internal("a duplicate reply could not be found".to_owned()));
        }
        Err(error) => return Err(error.into()),
    }
    conversation::Change::of(tx.scope(), id).answered(placed.customer_seq).apply(&tx).await?;
    tx.emit(Event::MessageCreated {
        conversation_id: id,
        message_id: reply.id,
        author: reply.author,
        seq: reply.seq,
    });
    if before.channel.is_carried() {
        ensure_fits(before.channel, &reply.text)?;
        queue_said(&tx, &before, &reply, Purpose::Reply).await?;
    }
    tx.audit("conversation.reply", Some(id.to_string()), json!({ "message": reply.id }));
    tx.commit().await?;
    metrics::counter!("frontdesk_messages_total", "author" => "person").increment(1);
    Ok(reply)
}

/// What is longer than the channel takes is the writer's to shorten.
fn ensure_fits(channel: Channel, text: &str) -> Result<()> {
    let most = longest(channel);
    if text.chars().count() > most {
        return Err(AppError::invalid(
            "/text",
            format!("is too long for one message on this channel: at most {most} characters"),
        ));
    }
    Ok(())
}

/// Adds a note the customer never sees.
pub async fn note(app: &App, ctx: &Context, id: ConversationId, new: NewNote) -> Result<Message> {
    ctx.require(Permission::ConversationsWrite)?;
    let mut errors = Validator::new();
    let text = errors.take("/text", text::lines(&new.text, MAX_MESSAGE));
    errors.ensure("/text", !text.is_empty(), "must not be empty");
    errors.finish()?;
    let by = author(ctx)?;
    let name = author_name(app, by).await?;
    let tx = app.store.begin(ctx).await?;
    let placed = message::place(&tx, tx.scope(), id, Author::Note, &text, tx.now()).await?;
    let mut note = draft(&tx, id, Author::Note, text);
    note.seq = placed.seq;
    note.user_id = Some(by);
    note.author_name = Some(name);
    message::insert(&tx, tx.scope(), &note).await?;
    tx.emit(Event::MessageCreated {
        conversation_id: id,
        message_id: note.id,
        author: note.author,
        seq: note.seq,
    });
    tx.audit("conversation.note", Some(id.to_string()), json!({ "message": note.id }));
    tx.commit().await?;
    Ok(note)
}

/// Shows the customer that a team member is writing.
pub async fn typing(app: &App, ctx: &Context, id: ConversationId) -> Result<()> {
    ctx.require(Permission::ConversationsWrite)?;
    conversation::get(app.store.reader(), ctx.scope(), id).await?;
    let name = author_name(app, author(ctx)?).await?;
    let passing = crate::live::Passing::Typing { conversation_id: id, name: Some(name) };
    app.live.show(&app.store, ctx.workspace, passing).await;
    Ok(())
}

fn author(ctx: &Context) -> Result<UserId> {
    ctx.user().ok_or_else(|| {
        AppError::Refused("replies and notes are signed by a person; an API key cannot write them".to_owned())
    })
}

async fn author_name(app: &App, by: UserId) -> Result<String> {
    let names = user::names_everywhere(app.store.reader(), &[by]).await?;
    Ok(names.into_iter().next().map(|(_, name)| name).unwrap_or_default())
}
