//! What signs the addresses and links in each workspace's mail, sealed.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::WorkspaceId;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::Result;
use crate::entity::mail_key::{ActiveModel, Column, Entity};
use crate::tx::Db;

/// The workspace's, sealed, once it has one.
pub async fn find(db: &impl Db, scope: Scope) -> Result<Option<String>> {
    let row = Entity::find_by_id(scope.workspace().uuid()).one(db).await?;
    Ok(row.map(|row| row.sealed))
}

/// Gives the workspace one unless it has one.
pub async fn insert(db: &impl Db, scope: Scope, sealed: &str) -> Result<()> {
    let row = ActiveModel { workspace_id: Set(scope.workspace().uuid()), sealed: Set(sealed.to_owned()) };
    Entity::insert_many([row])
        .on_conflict(OnConflict::column(Column::WorkspaceId).do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Sealed keys of all workspaces that do not start with a prefix, after a workspace, in order. For key rotation.
pub async fn everywhere(
    db: &impl Db,
    not_prefix: &str,
    after: Option<WorkspaceId>,
    limit: u64,
) -> Result<Vec<(WorkspaceId, String)>> {
    let mut query = Entity::find().filter(Column::Sealed.not_like(format!("{not_prefix}%")));
    if let Some(after) = after {
        query = query.filter(Column::WorkspaceId.gt(after.uuid()));
    }
    let rows = query.order_by_asc(Column::WorkspaceId).limit(limit).all(db).await?;
    Ok(rows.into_iter().map(|row| (WorkspaceId::from_uuid(row.workspace_id), row.sealed)).collect())
}

/// Replaces a sealed key unless it changed meanwhile; false when it did.
pub async fn reseal(db: &impl Db, scope: Scope, old: &str, new: &str) -> Result<bool> {
    let done = Entity::update_many()
        .col_expr(Column::Sealed, Expr::value(new))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::Sealed.eq(old))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}
