//! The tokens' state of calendar accounts. The tokens themselves are the connection's sealed secret.
//!
//! Some vendors replace the refresh token with each use, so only one node may refresh: whoever gets the lease.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::ConnectionId;
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, Set};

use crate::entity::calendar_account::{ActiveModel, Column, Entity};
use crate::tx::Db;
use crate::{Result, StoreError};

/// How an account's tokens stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// Rises with each new pair of tokens.
    pub generation: i32,
    /// When the access token ends; absent where there is none.
    pub expires_at: Option<Timestamp>,
}

/// Stores a new account.
pub async fn insert(
    db: &impl Db,
    scope: Scope,
    id: ConnectionId,
    expires_at: Option<Timestamp>,
) -> Result<()> {
    let row = ActiveModel {
        connection_id: Set(id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        generation: Set(1),
        expires_at: Set(expires_at.map(Timestamp::as_millis)),
        lease_until: Set(None),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// How an account's tokens stand.
pub async fn get(db: &impl Db, scope: Scope, id: ConnectionId) -> Result<Account> {
    let row = Entity::find_by_id(id.uuid())
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .one(db)
        .await?
        .ok_or(StoreError::NotFound("calendar account"))?;
    Ok(Account { generation: row.generation, expires_at: row.expires_at.map(Timestamp::from_millis) })
}

/// Takes the lease to refresh tokens of this generation; false when another node has it or was faster.
pub async fn lease(
    db: &impl Db,
    scope: Scope,
    id: ConnectionId,
    generation: i32,
    (now, until): (Timestamp, Timestamp),
) -> Result<bool> {
    let free = Condition::any().add(Column::LeaseUntil.is_null()).add(Column::LeaseUntil.lt(now.as_millis()));
    let done = Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(until.as_millis()))
        .filter(Column::ConnectionId.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::Generation.eq(generation))
        .filter(free)
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Gives the lease back; with `expires_at` there are new tokens.
pub async fn settle(
    db: &impl Db,
    scope: Scope,
    id: ConnectionId,
    expires_at: Option<Timestamp>,
) -> Result<()> {
    let mut query = Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(Option::<i64>::None))
        .filter(Column::ConnectionId.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()));
    if let Some(expires_at) = expires_at {
        query = query
            .col_expr(Column::Generation, Expr::col(Column::Generation).add(1))
            .col_expr(Column::ExpiresAt, Expr::value(expires_at.as_millis()));
    }
    query.exec(db).await?;
    Ok(())
}

/// Removes an account.
pub async fn delete(db: &impl Db, scope: Scope, id: ConnectionId) -> Result<()> {
    Entity::delete_many()
        .filter(Column::ConnectionId.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    Ok(())
}
