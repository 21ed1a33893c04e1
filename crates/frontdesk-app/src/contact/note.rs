//! The team's notes on a contact. Customers never see them.

use frontdesk_domain::access::Permission;
use frontdesk_domain::contact::ContactNote;
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ContactId, NoteId};
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::text;
use frontdesk_store::{contact, note, user};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::validate::cursor;
use crate::{App, AppError, Result};

/// A note to write.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContactNote {
    /// The text.
    #[schema(min_length = 1, max_length = 4000)]
    pub text: String,
}

/// Notes on a contact, newest first.
pub async fn list(app: &App, ctx: &Context, id: ContactId, page: &PageRequest) -> Result<Page<ContactNote>> {
    ctx.require(Permission::ContactsRead)?;
    let before: Option<NoteId> = cursor(page)?;
    let known = contact::get(app.store.reader(), ctx.scope(), id).await?;
    Ok(note::list(app.store.reader(), ctx.scope(), known.id, before, page.size()).await?)
}

/// Writes a note on a contact.
pub async fn create(app: &App, ctx: &Context, id: ContactId, input: NewContactNote) -> Result<ContactNote> {
    ctx.require(Permission::ContactsWrite)?;
    let text =
        text::lines(&input.text, 4_000).map_err(|error| AppError::invalid("/text", error.to_string()))?;
    if text.is_empty() {
        return Err(AppError::invalid("/text", "must not be empty"));
    }
    let tx = app.store.begin(ctx).await?;
    let known = contact::get(&tx, ctx.scope(), id).await?;
    let author_name = match ctx.user() {
        Some(author) => user::find_everywhere(&tx, author).await?.map(|known| known.user.name),
        None => None,
    };
    let written = ContactNote {
        id: NoteId::new(tx.now(), tx.random()),
        contact_id: known.id,
        text,
        author: ctx.user(),
        author_name,
        created_at: tx.now(),
    };
    note::insert(&tx, ctx.scope(), &written).await?;
    tx.emit(Event::ContactUpdated { contact_id: known.id });
    tx.audit("contact.note", Some(known.id.to_string()), json!({ "note": written.id }));
    tx.commit().await?;
    Ok(written)
}

/// Deletes a note.
pub async fn delete(app: &App, ctx: &Context, id: ContactId, note_id: NoteId) -> Result<()> {
    ctx.require(Permission::ContactsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let known = contact::get(&tx, ctx.scope(), id).await?;
    note::delete(&tx, ctx.scope(), known.id, note_id).await?;
    tx.emit(Event::ContactUpdated { contact_id: known.id });
    tx.audit("contact.note_delete", Some(known.id.to_string()), json!({ "note": note_id }));
    tx.commit().await?;
    Ok(())
}
