//! Replies kept ready for reuse.

use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::CannedReply;
use frontdesk_domain::id::CannedReplyId;
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::entity::canned_reply::{ActiveModel, Column, Entity, Model};
use crate::tx::Db;
use crate::{Result, StoreError};

/// The most a workspace may keep; keeps the whole list loadable at once.
pub const MAX: u64 = 500;

fn read(row: Model) -> CannedReply {
    CannedReply {
        id: CannedReplyId::from_uuid(row.id),
        shortcut: row.shortcut,
        text: row.text,
        updated_at: Timestamp::from_millis(row.updated_at),
    }
}

/// All of a workspace's, by shortcut.
pub async fn list(db: &impl Db, scope: Scope) -> Result<Vec<CannedReply>> {
    let rows = Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .order_by_asc(Column::Shortcut)
        .limit(MAX)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(read).collect())
}

/// One, which must exist.
pub async fn get(db: &impl Db, scope: Scope, id: CannedReplyId) -> Result<CannedReply> {
    let row = Entity::find_by_id(id.uuid())
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .one(db)
        .await?;
    row.map(read).ok_or(StoreError::NotFound("canned reply"))
}

/// Stores a new one; the shortcut must be free.
pub async fn insert(db: &impl Db, scope: Scope, reply: &CannedReply) -> Result<()> {
    let row = ActiveModel {
        id: Set(reply.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        shortcut: Set(reply.shortcut.clone()),
        text: Set(reply.text.clone()),
        updated_at: Set(reply.updated_at.as_millis()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Changes one.
pub async fn update(db: &impl Db, scope: Scope, reply: &CannedReply) -> Result<()> {
    let done = Entity::update_many()
        .col_expr(Column::Shortcut, Expr::value(reply.shortcut.as_str()))
        .col_expr(Column::Text, Expr::value(reply.text.as_str()))
        .col_expr(Column::UpdatedAt, Expr::value(reply.updated_at.as_millis()))
        .filter(Column::Id.eq(reply.id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("canned reply")) } else { Ok(()) }
}

/// Deletes one.
pub async fn delete(db: &impl Db, scope: Scope, id: CannedReplyId) -> Result<()> {
    let done = Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("canned reply")) } else { Ok(()) }
}
