//! Programs' keys. Only hashes are stored.

use frontdesk_domain::apikey::ApiKey;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ApiKeyId, WorkspaceId};
use frontdesk_domain::page::Page;
use frontdesk_domain::time::Timestamp;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};

use crate::column::{from_json, to_json};
use crate::entity::api_key::{ActiveModel, Column, Entity, Model};
use crate::tx::Db;
use crate::{Result, StoreError};

fn read(row: Model) -> Result<ApiKey> {
    Ok(ApiKey {
        id: ApiKeyId::from_uuid(row.id),
        name: row.name,
        hint: row.hint,
        scopes: from_json("api_key", &row.scopes)?,
        created_at: Timestamp::from_millis(row.created_at),
        last_used_at: row.last_used_at.map(Timestamp::from_millis),
        expires_at: row.expires_at.map(Timestamp::from_millis),
        revoked_at: row.revoked_at.map(Timestamp::from_millis),
    })
}

/// The key with this id, which must exist.
pub async fn get(db: &impl Db, scope: Scope, id: ApiKeyId) -> Result<ApiKey> {
    let row = Entity::find_by_id(id.uuid())
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .one(db)
        .await?;
    read(row.ok_or(StoreError::NotFound("API key"))?)
}

/// The key with this secret's hash, while it may be used.
pub async fn find_usable_everywhere(
    db: &impl Db,
    secret_hash: &str,
    now: Timestamp,
) -> Result<Option<(WorkspaceId, ApiKey)>> {
    let row = Entity::find()
        .filter(Column::SecretHash.eq(secret_hash))
        .filter(Column::RevokedAt.is_null())
        .filter(Condition::any().add(Column::ExpiresAt.is_null()).add(Column::ExpiresAt.gt(now.as_millis())))
        .one(db)
        .await?;
    row.map(|row| Ok((WorkspaceId::from_uuid(row.workspace_id), read(row)?))).transpose()
}

/// Keys, revoked ones included, oldest first.
pub async fn list(db: &impl Db, scope: Scope, after: Option<ApiKeyId>, size: u32) -> Result<Page<ApiKey>> {
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

/// Stores a new key with its secret's hash.
pub async fn insert(db: &impl Db, scope: Scope, key: &ApiKey, secret_hash: &str) -> Result<()> {
    let row = ActiveModel {
        id: Set(key.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        name: Set(key.name.clone()),
        hint: Set(key.hint.clone()),
        secret_hash: Set(secret_hash.to_owned()),
        scopes: Set(to_json("api_key", &key.scopes)?),
        created_at: Set(key.created_at.as_millis()),
        last_used_at: Set(None),
        expires_at: Set(key.expires_at.map(Timestamp::as_millis)),
        revoked_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Notes that a key was used.
pub async fn touch(db: &impl Db, scope: Scope, id: ApiKeyId, now: Timestamp) -> Result<()> {
    change(db, scope, id, ActiveModel { last_used_at: Set(Some(now.as_millis())), ..Default::default() })
        .await
}

/// Revokes a key; it stays listed.
pub async fn revoke(db: &impl Db, scope: Scope, id: ApiKeyId, now: Timestamp) -> Result<()> {
    change(db, scope, id, ActiveModel { revoked_at: Set(Some(now.as_millis())), ..Default::default() }).await
}

async fn change(db: &impl Db, scope: Scope, id: ApiKeyId, changes: ActiveModel) -> Result<()> {
    let done = Entity::update_many()
        .set(changes)
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::RevokedAt.is_null())
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("API key")) } else { Ok(()) }
}
