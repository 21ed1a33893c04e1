//! Configured vendors. Secrets come and go sealed; this file never sees one in the clear.

use frontdesk_domain::connection::{Connection, ConnectionCategory, ConnectionTest};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ConnectionId, WorkspaceId};
use frontdesk_domain::page::Page;
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::column::{from_json, from_word, to_json, to_word};
use crate::entity::connection::{ActiveModel, Column, Entity, Model};
use crate::tx::Db;
use crate::{Result, StoreError};

const TABLE: &str = "connection";

/// A connection with its sealed secret.
#[derive(Debug, Clone, PartialEq)]
pub struct SealedConnection {
    /// The connection.
    pub connection: Connection,
    /// Its secret, sealed.
    pub secret: Option<String>,
    /// What its vendor signs calls with, sealed.
    pub hook_secret: Option<String>,
}

fn read(row: Model) -> Result<SealedConnection> {
    Ok(SealedConnection {
        connection: Connection {
            id: ConnectionId::from_uuid(row.id),
            vendor: row.vendor,
            category: from_word(TABLE, &row.category)?,
            name: row.name,
            settings: from_json(TABLE, &row.settings)?,
            has_secret: row.secret.is_some(),
            has_hook_secret: row.hook_secret.is_some(),
            enabled: row.enabled,
            last_test: row.last_test.as_deref().map(|text| from_json(TABLE, text)).transpose()?,
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
        },
        secret: row.secret,
        hook_secret: row.hook_secret,
    })
}

/// The connection with this id and its sealed secret, if it is in the workspace.
pub async fn find(db: &impl Db, scope: Scope, id: ConnectionId) -> Result<Option<SealedConnection>> {
    let row = Entity::find_by_id(id.uuid())
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .one(db)
        .await?;
    row.map(read).transpose()
}

/// The connection with this id and its sealed secrets, in whatever workspace: for its vendor's calls, which name it.
pub async fn find_everywhere(
    db: &impl Db,
    id: ConnectionId,
) -> Result<Option<(WorkspaceId, SealedConnection)>> {
    let row = Entity::find_by_id(id.uuid()).one(db).await?;
    row.map(|row| Ok((WorkspaceId::from_uuid(row.workspace_id), read(row)?))).transpose()
}

/// The connection with this id, which must exist, with its sealed secret.
pub async fn get(db: &impl Db, scope: Scope, id: ConnectionId) -> Result<SealedConnection> {
    find(db, scope, id).await?.ok_or(StoreError::NotFound("connection"))
}

/// As [`get`], held against other units of work until this one ends.
pub async fn get_for_update(db: &impl Db, scope: Scope, id: ConnectionId) -> Result<SealedConnection> {
    let row = Entity::find_by_id(id.uuid())
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .lock_exclusive()
        .one(db)
        .await?;
    row.map(read).transpose()?.ok_or(StoreError::NotFound("connection"))
}

/// Connections, oldest first.
pub async fn list(
    db: &impl Db,
    scope: Scope,
    after: Option<ConnectionId>,
    size: u32,
) -> Result<Page<Connection>> {
    let mut query = Entity::find().filter(Column::WorkspaceId.eq(scope.workspace().uuid()));
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after.uuid()));
    }
    let rows = query.order_by_asc(Column::Id).limit(u64::from(size) + 1).all(db).await?;
    let rows = rows.into_iter().map(|row| Ok(read(row)?.connection)).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(rows, size, |connection| connection.id.to_string()))
}

/// Enabled connections of a category with their sealed secrets, oldest first.
pub async fn list_enabled(
    db: &impl Db,
    scope: Scope,
    category: ConnectionCategory,
) -> Result<Vec<SealedConnection>> {
    Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::Category.eq(to_word(TABLE, &category)?))
        .filter(Column::Enabled.eq(true))
        .order_by_asc(Column::Id)
        .all(db)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

/// How many connections there are.
pub async fn count(db: &impl Db, scope: Scope) -> Result<u64> {
    let query = Entity::find().filter(Column::WorkspaceId.eq(scope.workspace().uuid()));
    Ok(query.count(db).await?)
}

/// Stores a new connection with its sealed secret.
pub async fn insert(db: &impl Db, scope: Scope, sealed: &SealedConnection) -> Result<()> {
    let row = ActiveModel {
        id: Set(sealed.connection.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        vendor: Set(sealed.connection.vendor.clone()),
        category: Set(to_word(TABLE, &sealed.connection.category)?),
        created_at: Set(sealed.connection.created_at.as_millis()),
        ..changes(sealed)?
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Stores a connection's changed name, settings, secret and whether it may be used.
pub async fn update(db: &impl Db, scope: Scope, sealed: &SealedConnection) -> Result<()> {
    change(db, scope, sealed.connection.id, changes(sealed)?).await
}

fn changes(sealed: &SealedConnection) -> Result<ActiveModel> {
    let connection = &sealed.connection;
    Ok(ActiveModel {
        name: Set(connection.name.clone()),
        settings: Set(to_json(TABLE, &connection.settings)?),
        secret: Set(sealed.secret.clone()),
        hook_secret: Set(sealed.hook_secret.clone()),
        enabled: Set(connection.enabled),
        last_test: Set(connection.last_test.as_ref().map(|test| to_json(TABLE, test)).transpose()?),
        updated_at: Set(connection.updated_at.as_millis()),
        ..Default::default()
    })
}

/// Notes how a test went.
pub async fn set_test(db: &impl Db, scope: Scope, id: ConnectionId, test: &ConnectionTest) -> Result<()> {
    let changes = ActiveModel { last_test: Set(Some(to_json(TABLE, test)?)), ..Default::default() };
    change(db, scope, id, changes).await
}

async fn change(db: &impl Db, scope: Scope, id: ConnectionId, changes: ActiveModel) -> Result<()> {
    let done = Entity::update_many()
        .set(changes)
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("connection")) } else { Ok(()) }
}

/// Removes a connection.
pub async fn delete(db: &impl Db, scope: Scope, id: ConnectionId) -> Result<()> {
    let done = Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("connection")) } else { Ok(()) }
}

/// Which of a connection's secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// What the vendor knows us by.
    Own,
    /// What we know the vendor's calls by.
    Hook,
}

impl SecretKind {
    const fn column(self) -> Column {
        match self {
            Self::Own => Column::Secret,
            Self::Hook => Column::HookSecret,
        }
    }
}

/// A sealed secret and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSecret {
    /// The row.
    pub id: ConnectionId,
    /// Its workspace.
    pub workspace: WorkspaceId,
    /// The secret, sealed.
    pub sealed: String,
}

/// Sealed secrets of a kind of all workspaces that do not start with `prefix`, after a row, in order. For key rotation.
pub async fn secrets_everywhere(
    db: &impl Db,
    kind: SecretKind,
    not_prefix: &str,
    after: Option<ConnectionId>,
    limit: u64,
) -> Result<Vec<StoredSecret>> {
    let mut query = Entity::find()
        .filter(kind.column().is_not_null())
        .filter(kind.column().not_like(format!("{not_prefix}%")));
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after.uuid()));
    }
    let rows = query.order_by_asc(Column::Id).limit(limit).all(db).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(StoredSecret {
                id: ConnectionId::from_uuid(row.id),
                workspace: WorkspaceId::from_uuid(row.workspace_id),
                sealed: match kind {
                    SecretKind::Own => row.secret?,
                    SecretKind::Hook => row.hook_secret?,
                },
            })
        })
        .collect())
}

/// Replaces a sealed secret unless it changed meanwhile; false when it did.
pub async fn reseal(
    db: &impl Db,
    scope: Scope,
    (id, kind): (ConnectionId, SecretKind),
    old: &str,
    new: &str,
) -> Result<bool> {
    let done = Entity::update_many()
        .col_expr(kind.column(), Expr::value(new))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(kind.column().eq(old))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}
