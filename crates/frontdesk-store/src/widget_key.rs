//! Widgets' publishable keys.

use frontdesk_domain::apikey::WidgetKey;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{AgentId, WidgetKeyId, WorkspaceId};
use frontdesk_domain::page::Page;
use frontdesk_domain::time::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::column::{from_json, to_json};
use crate::entity::widget_key::{ActiveModel, Column, Entity, Model};
use crate::entity::workspace;
use crate::tx::Db;
use crate::{Result, StoreError};

fn read(row: Model) -> Result<WidgetKey> {
    Ok(WidgetKey {
        id: WidgetKeyId::from_uuid(row.id),
        name: row.name,
        key: row.key,
        origins: from_json("widget_key", &row.origins)?,
        agent_id: row.agent_id.map(AgentId::from_uuid),
        created_at: Timestamp::from_millis(row.created_at),
        revoked_at: row.revoked_at.map(Timestamp::from_millis),
    })
}

/// The key with this id, which must exist.
pub async fn get(db: &impl Db, scope: Scope, id: WidgetKeyId) -> Result<WidgetKey> {
    let row = Entity::find_by_id(id.uuid())
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .one(db)
        .await?;
    read(row.ok_or(StoreError::NotFound("widget key"))?)
}

/// The key with this text, while it may be used and its workspace exists.
pub async fn find_usable_everywhere(db: &impl Db, key: &str) -> Result<Option<(WorkspaceId, WidgetKey)>> {
    let Some(row) =
        Entity::find().filter(Column::Key.eq(key)).filter(Column::RevokedAt.is_null()).one(db).await?
    else {
        return Ok(None);
    };
    let alive = workspace::Entity::find_by_id(row.workspace_id)
        .filter(workspace::Column::DeletedAt.is_null())
        .one(db)
        .await?
        .is_some();
    if !alive {
        return Ok(None);
    }
    Ok(Some((WorkspaceId::from_uuid(row.workspace_id), read(row)?)))
}

/// Keys, revoked ones included, oldest first.
pub async fn list(
    db: &impl Db,
    scope: Scope,
    after: Option<WidgetKeyId>,
    size: u32,
) -> Result<Page<WidgetKey>> {
    let mut query = Entity::find().filter(Column::WorkspaceId.eq(scope.workspace().uuid()));
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after.uuid()));
    }
    let rows = query.order_by_asc(Column::Id).limit(u64::from(size) + 1).all(db).await?;
    let keys = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(keys, size, |key| key.id.to_string()))
}

/// How many keys are not revoked.
pub async fn count(db: &impl Db, scope: Scope) -> Result<u64> {
    let query = Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::RevokedAt.is_null());
    Ok(query.count(db).await?)
}

/// Stores a new key.
pub async fn insert(db: &impl Db, scope: Scope, key: &WidgetKey) -> Result<()> {
    let row = ActiveModel {
        id: Set(key.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        key: Set(key.key.clone()),
        created_at: Set(key.created_at.as_millis()),
        revoked_at: Set(None),
        ..changes(key)?
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Stores a key's changed name, origins and agent.
pub async fn update(db: &impl Db, scope: Scope, key: &WidgetKey) -> Result<()> {
    change(db, scope, key.id, changes(key)?).await
}

fn changes(key: &WidgetKey) -> Result<ActiveModel> {
    Ok(ActiveModel {
        name: Set(key.name.clone()),
        origins: Set(to_json("widget_key", &key.origins)?),
        agent_id: Set(key.agent_id.map(AgentId::uuid)),
        ..Default::default()
    })
}

/// Revokes a key; it stays listed.
pub async fn revoke(db: &impl Db, scope: Scope, id: WidgetKeyId, now: Timestamp) -> Result<()> {
    change(db, scope, id, ActiveModel { revoked_at: Set(Some(now.as_millis())), ..Default::default() }).await
}

async fn change(db: &impl Db, scope: Scope, id: WidgetKeyId, changes: ActiveModel) -> Result<()> {
    let done = Entity::update_many()
        .set(changes)
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::RevokedAt.is_null())
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("widget key")) } else { Ok(()) }
}
