//! Replies kept ready for reuse.

use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::conversation::CannedReply;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::CannedReplyId;
use frontdesk_domain::message::MAX_MESSAGE;
use frontdesk_domain::text;
use frontdesk_store::{StoreError, canned_reply};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::validate::Validator;
use crate::{App, AppError, Result};

/// A canned reply to keep.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCannedReply {
    /// What is typed after `/`: letters, digits, `-` and `_`.
    #[schema(min_length = 1, max_length = 40, pattern = "^[\\p{L}\\p{N}_-]+$")]
    pub shortcut: String,
    /// The text; `{contact.name}` is filled in.
    #[schema(min_length = 1, max_length = 4000)]
    pub text: String,
}

fn check(new: &NewCannedReply) -> Result<(String, String)> {
    let mut errors = Validator::new();
    let shortcut = errors.take("/shortcut", text::line(&new.shortcut, 40)).to_lowercase();
    errors.ensure(
        "/shortcut",
        shortcut.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')),
        "may hold letters, digits, - and _ only",
    );
    let text = errors.take("/text", text::lines(&new.text, MAX_MESSAGE));
    errors.ensure("/text", !text.is_empty(), "must not be empty");
    errors.finish()?;
    Ok((shortcut, text))
}

fn taken(error: StoreError) -> AppError {
    match error {
        StoreError::Duplicate(_) => AppError::invalid("/shortcut", "is already used by another reply"),
        other => other.into(),
    }
}

/// All of them, by shortcut.
pub async fn list(app: &App, ctx: &Context) -> Result<Vec<CannedReply>> {
    ctx.require(Permission::ConversationsRead)?;
    Ok(canned_reply::list(app.store.reader(), ctx.scope()).await?)
}

/// Keeps a new one.
pub async fn create(app: &App, ctx: &Context, new: NewCannedReply) -> Result<CannedReply> {
    ctx.require(Permission::ConversationsWrite)?;
    let (shortcut, text) = check(&new)?;
    let tx = app.store.begin(ctx).await?;
    if canned_reply::list(&tx, tx.scope()).await?.len() as u64 >= canned_reply::MAX {
        return Err(AppError::Conflict("500 canned replies are the most; delete one first".to_owned()));
    }
    let reply =
        CannedReply { id: CannedReplyId::new(tx.now(), tx.random()), shortcut, text, updated_at: tx.now() };
    canned_reply::insert(&tx, tx.scope(), &reply).await.map_err(taken)?;
    tx.emit(Event::WorkspaceUpdated);
    tx.audit("canned_reply.create", Some(reply.id.to_string()), json!({ "shortcut": reply.shortcut }));
    tx.commit().await?;
    Ok(reply)
}

/// Changes one.
pub async fn update(
    app: &App,
    ctx: &Context,
    id: CannedReplyId,
    changed: NewCannedReply,
) -> Result<CannedReply> {
    ctx.require(Permission::ConversationsWrite)?;
    let (shortcut, text) = check(&changed)?;
    let tx = app.store.begin(ctx).await?;
    let reply = CannedReply { id, shortcut, text, updated_at: tx.now() };
    canned_reply::update(&tx, tx.scope(), &reply).await.map_err(taken)?;
    tx.emit(Event::WorkspaceUpdated);
    tx.audit("canned_reply.update", Some(id.to_string()), json!({ "shortcut": reply.shortcut }));
    tx.commit().await?;
    Ok(reply)
}

/// Deletes one.
pub async fn delete(app: &App, ctx: &Context, id: CannedReplyId) -> Result<()> {
    ctx.require(Permission::ConversationsWrite)?;
    let tx = app.store.begin(ctx).await?;
    canned_reply::delete(&tx, tx.scope(), id).await?;
    tx.emit(Event::WorkspaceUpdated);
    tx.audit("canned_reply.delete", Some(id.to_string()), json!({}));
    tx.commit().await?;
    Ok(())
}
