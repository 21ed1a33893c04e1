//! Templates that a channel's vendor approves: one row for each name and language at a connection.

use frontdesk_domain::channel_template::{ChannelTemplate, ChannelTemplateText, TemplateSync};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ChannelTemplateId, ConnectionId, WorkspaceId};
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::column::{from_json, from_word, to_json, to_word};
use crate::entity::channel_template::{ActiveModel, Column, Entity, Model};
use crate::entity::channel_template_sync as sync;
use crate::tx::Db;
use crate::{Result, StoreError};

const TABLE: &str = "channel_template";
const WHAT: &str = "channel template";
/// The most that are kept of one connection: more than vendors let an account have.
pub const MAX: u64 = 8_000;

fn read(row: Model) -> Result<ChannelTemplate> {
    let text: ChannelTemplateText = from_json(TABLE, &row.content)?;
    let mut template = ChannelTemplate {
        id: ChannelTemplateId::from_uuid(row.id),
        connection_id: ConnectionId::from_uuid(row.connection_id),
        vendor_id: row.vendor_id,
        name: row.name,
        language: row.language,
        category: from_word(TABLE, &row.category)?,
        status: from_word(TABLE, &row.status)?,
        quality: row.quality.as_deref().map(|word| from_word(TABLE, word)).transpose()?,
        places: text.places(),
        text,
        rejected_reason: row.rejected_reason,
        has_other_places: row.has_other_places,
        unusable_because: None,
        synced_at: row.synced_at.map(Timestamp::from_millis),
        created_at: Timestamp::from_millis(row.created_at),
        updated_at: Timestamp::from_millis(row.updated_at),
    };
    template.unusable_because = template.unusable().map(str::to_owned);
    Ok(template)
}

fn in_scope(scope: Scope) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
}

/// A workspace's, of one connection or of all, by name and language.
pub async fn list(
    db: &impl Db,
    scope: Scope,
    connection: Option<ConnectionId>,
) -> Result<Vec<ChannelTemplate>> {
    let mut query = in_scope(scope);
    if let Some(connection) = connection {
        query = query.filter(Column::ConnectionId.eq(connection.uuid()));
    }
    let rows = query.order_by_asc(Column::Name).order_by_asc(Column::Language).limit(MAX).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// One, which must be in the workspace.
pub async fn get(db: &impl Db, scope: Scope, id: ChannelTemplateId) -> Result<ChannelTemplate> {
    let row = in_scope(scope).filter(Column::Id.eq(id.uuid())).one(db).await?;
    row.map(read).transpose()?.ok_or(StoreError::NotFound(WHAT))
}

/// The one of a connection with this name and language.
pub async fn find(
    db: &impl Db,
    scope: Scope,
    connection: ConnectionId,
    (name, language): (&str, &str),
) -> Result<Option<ChannelTemplate>> {
    named(scope, connection, (name, language)).one(db).await?.map(read).transpose()
}

/// As [`find`], held against other units of work until this one ends.
pub async fn find_for_update(
    db: &impl Db,
    scope: Scope,
    connection: ConnectionId,
    (name, language): (&str, &str),
) -> Result<Option<ChannelTemplate>> {
    let row = named(scope, connection, (name, language)).lock_exclusive().one(db).await?;
    row.map(read).transpose()
}

fn named(scope: Scope, connection: ConnectionId, (name, language): (&str, &str)) -> sea_orm::Select<Entity> {
    in_scope(scope)
        .filter(Column::ConnectionId.eq(connection.uuid()))
        .filter(Column::Name.eq(name))
        .filter(Column::Language.eq(language))
}

/// How many a connection has.
pub async fn count(db: &impl Db, scope: Scope, connection: ConnectionId) -> Result<u64> {
    Ok(in_scope(scope).filter(Column::ConnectionId.eq(connection.uuid())).count(db).await?)
}

/// Stores one, or puts it in place of the one of this name and language at its connection, whose id and date it keeps.
pub async fn put(db: &impl Db, scope: Scope, template: &ChannelTemplate) -> Result<()> {
    let row = ActiveModel {
        id: Set(template.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        connection_id: Set(template.connection_id.uuid()),
        vendor_id: Set(template.vendor_id.clone()),
        name: Set(template.name.clone()),
        language: Set(template.language.clone()),
        category: Set(to_word(TABLE, &template.category)?),
        status: Set(to_word(TABLE, &template.status)?),
        quality: Set(template.quality.as_ref().map(|quality| to_word(TABLE, quality)).transpose()?),
        content: Set(to_json(TABLE, &template.text)?),
        rejected_reason: Set(template.rejected_reason.clone()),
        has_other_places: Set(template.has_other_places),
        synced_at: Set(template.synced_at.map(Timestamp::as_millis)),
        created_at: Set(template.created_at.as_millis()),
        updated_at: Set(template.updated_at.as_millis()),
    };
    let same = OnConflict::columns([Column::ConnectionId, Column::Name, Column::Language])
        .update_columns([
            Column::VendorId,
            Column::Category,
            Column::Status,
            Column::Quality,
            Column::Content,
            Column::RejectedReason,
            Column::HasOtherPlaces,
            Column::SyncedAt,
            Column::UpdatedAt,
        ])
        .to_owned();
    Entity::insert(row).on_conflict(same).exec_without_returning(db).await?;
    Ok(())
}

/// Deletes one.
pub async fn delete(db: &impl Db, scope: Scope, id: ChannelTemplateId) -> Result<()> {
    let done = Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound(WHAT)) } else { Ok(()) }
}

/// Deletes all of a connection that is removed.
pub async fn delete_of(db: &impl Db, scope: Scope, connection: ConnectionId) -> Result<()> {
    Entity::delete_many()
        .filter(Column::ConnectionId.eq(connection.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    sync::Entity::delete_by_id(connection.uuid()).exec(db).await?;
    Ok(())
}

/// How each connection's templates were last brought up to date.
pub async fn syncs(db: &impl Db, scope: Scope) -> Result<Vec<(ConnectionId, TemplateSync)>> {
    let rows = sync::Entity::find()
        .filter(sync::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .order_by_asc(sync::Column::ConnectionId)
        .all(db)
        .await?;
    let of = |row: sync::Model| TemplateSync {
        synced_at: row.synced_at.map(Timestamp::from_millis),
        error: row.error,
    };
    Ok(rows.into_iter().map(|row| (ConnectionId::from_uuid(row.connection_id), of(row))).collect())
}

/// Notes how it went; when it did not work, when it last did stays.
pub async fn note_sync(
    db: &impl Db,
    scope: Scope,
    connection: ConnectionId,
    noted: &TemplateSync,
) -> Result<()> {
    let row = sync::ActiveModel {
        connection_id: Set(connection.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        synced_at: Set(noted.synced_at.map(Timestamp::as_millis)),
        error: Set(noted.error.clone()),
    };
    let changes = if noted.synced_at.is_some() {
        vec![sync::Column::SyncedAt, sync::Column::Error]
    } else {
        vec![sync::Column::Error]
    };
    let same = OnConflict::column(sync::Column::ConnectionId).update_columns(changes).to_owned();
    sync::Entity::insert(row).on_conflict(same).exec_without_returning(db).await?;
    Ok(())
}

/// Enabled connections of a vendor, everywhere: whose templates are brought up to date.
pub async fn connections_everywhere(
    db: &impl Db,
    vendors: &[&str],
) -> Result<Vec<(WorkspaceId, ConnectionId)>> {
    use crate::entity::connection::{Column, Entity};
    let rows = Entity::find()
        .filter(Column::Vendor.is_in(vendors.iter().copied()))
        .filter(Column::Enabled.eq(true))
        .order_by_asc(Column::Id)
        .all(db)
        .await?;
    let of = |row: crate::entity::connection::Model| {
        (WorkspaceId::from_uuid(row.workspace_id), ConnectionId::from_uuid(row.id))
    };
    Ok(rows.into_iter().map(of).collect())
}
