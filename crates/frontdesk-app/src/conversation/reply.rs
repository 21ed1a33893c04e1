//! People's side of a conversation: replies and notes.

use frontdesk_domain::access::Permission;
use frontdesk_domain::compliance::Purpose;
use frontdesk_domain::context::Context;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::{ConversationId, UserId};
use frontdesk_domain::message::{Author, MAX_MESSAGE, Message};
use frontdesk_domain::outbox::{ApprovedTemplate, Content};
use frontdesk_domain::text;
use frontdesk_store::{StoreError, conversation, message, user};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{floor, line};
use crate::channel_template::chosen;
use crate::message::files::{self, NewFile};
use crate::message::longest;
use crate::message::queue::{queue_content, queue_said};
use crate::validate::Validator;
use crate::{App, AppError, Result};

/// A reply to the customer.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReply {
    /// The text; made from the template when there is one.
    #[schema(max_length = 4000)]
    #[serde(default)]
    pub text: String,
    /// The template the channel's vendor approved, where free words are not allowed: its name, its language and what
    /// fills its places.
    pub template: Option<ApprovedTemplate>,
    /// Files that go along, in text messages (MMS) and on WhatsApp.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub files: Vec<NewFile>,
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
    let mut text = errors.take("/text", text::lines(&new.text, MAX_MESSAGE));
    let is_said = !text.is_empty() || new.template.is_some() || !new.files.is_empty();
    errors.ensure("/text", is_said, "must not be empty");
    let client_id = errors.take("/client_id", text::line(&new.client_id, 64));
    errors.finish()?;
    let by = author(ctx)?;
    let name = author_name(app, by).await?;
    let tx = app.store.begin(ctx).await?;
    let before = conversation::get(&tx, tx.scope(), id).await?;
    if let Some(sent) = message::find_by_client_id(&tx, tx.scope(), id, &client_id).await? {
        return Ok(sent);
    }
    let chosen = match &new.template {
        Some(asked) => Some(chosen::choose_in(&tx, &before, asked).await?),
        None => None,
    };
    if let Some(words) = chosen.as_ref().and_then(|chosen| chosen.text.clone()) {
        text = words;
    }
    if chosen.is_some() && !new.files.is_empty() {
        return Err(AppError::invalid("/files", "cannot go along with a template"));
    }
    let files = files::check(before.channel, &new.files)?;
    let words = text.clone();
    if text.is_empty() {
        text = files::lines(&files);
    }
    if text.is_empty() {
        return Err(AppError::invalid("/text", "must not be empty: say what the customer will read"));
    }
    floor::take(&tx, &before, by, &name).await?;
    let mut reply = line::draft(&tx, id, Author::Person, text);
    reply.user_id = Some(by);
    reply.author_name = Some(name);
    reply.client_id = Some(client_id.clone());
    let placed = match line::add(&tx, &mut reply).await {
        Ok(placed) => placed,
        Err(StoreError::Duplicate(_)) => {
            drop(tx);
            let sent = message::find_by_client_id(app.store.reader(), ctx.scope(), id, &client_id).await?;
            return sent.ok_or_else(|| AppError::Internal("a duplicate reply could not be found".to_owned()));
        }
        Err(error) => return Err(error.into()),
    };
    conversation::Change::of(tx.scope(), id).answered(placed.customer_seq).apply(&tx).await?;
    if before.channel.is_carried() {
        ensure_fits(before.channel, &reply.text)?;
        match chosen {
            Some(chosen) => {
                let purpose = chosen.purpose(Purpose::Reply);
                let template = Some(chosen.template);
                let content = Content { text: reply.text.clone(), template, ..Content::default() };
                queue_content(&tx, &before, &reply, (purpose, content)).await?;
            }
            None if !files.is_empty() => {
                reply.files = files::keep(&tx, (id, reply.id), &files).await?;
                let media = files::media(&reply.files);
                let content = Content { text: words, media, ..Content::default() };
                queue_content(&tx, &before, &reply, (Purpose::Reply, content)).await?;
            }
            None => drop(queue_said(&tx, &before, &reply, Purpose::Reply).await?),
        }
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
    let mut note = line::draft(&tx, id, Author::Note, text);
    note.user_id = Some(by);
    note.author_name = Some(name);
    line::add(&tx, &mut note).await?;
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
