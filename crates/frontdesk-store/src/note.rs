//! Team members' notes on contacts.

use frontdesk_domain::contact::ContactNote;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ContactId, NoteId, UserId};
use frontdesk_domain::page::Page;
use frontdesk_domain::time::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::entity::contact_note::{ActiveModel, Column, Entity, Model};
use crate::tx::Db;
use crate::{Result, StoreError, user};

/// The notes on a contact, newest first, after the note `before` when one is given; with their authors' names.
pub async fn list(
    db: &impl Db,
    scope: Scope,
    contact: ContactId,
    before: Option<NoteId>,
    size: u32,
) -> Result<Page<ContactNote>> {
    let mut query = Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::ContactId.eq(contact.uuid()));
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before.uuid()));
    }
    let rows = query.order_by_desc(Column::Id).limit(u64::from(size) + 1).all(db).await?;
    let mut authors: Vec<UserId> = rows.iter().filter_map(|row| row.author.map(UserId::from_uuid)).collect();
    authors.sort_unstable();
    authors.dedup();
    let names = if authors.is_empty() { Vec::new() } else { user::names_everywhere(db, &authors).await? };
    let notes = rows.into_iter().map(|row| read(row, &names)).collect();
    Ok(Page::cut(notes, size, |note: &ContactNote| note.id.to_string()))
}

fn read(row: Model, names: &[(UserId, String)]) -> ContactNote {
    let author = row.author.map(UserId::from_uuid);
    let name_of = |author| names.iter().find(|(id, _)| *id == author).map(|(_, name)| name.clone());
    ContactNote {
        id: NoteId::from_uuid(row.id),
        contact_id: ContactId::from_uuid(row.contact_id),
        text: row.text,
        author,
        author_name: author.and_then(name_of),
        created_at: Timestamp::from_millis(row.created_at),
    }
}

/// Stores a new note.
pub async fn insert(db: &impl Db, scope: Scope, note: &ContactNote) -> Result<()> {
    let row = ActiveModel {
        id: Set(note.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        contact_id: Set(note.contact_id.uuid()),
        text: Set(note.text.clone()),
        author: Set(note.author.map(UserId::uuid)),
        created_at: Set(note.created_at.as_millis()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Deletes a note on a contact.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none on this contact in the workspace.
pub async fn delete(db: &impl Db, scope: Scope, contact: ContactId, id: NoteId) -> Result<()> {
    let done = Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::ContactId.eq(contact.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("note")) } else { Ok(()) }
}
