//! Staff: those who take bookings.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::StaffId;
use frontdesk_domain::schedule::Staff;
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::column::{from_json, to_json};
use crate::entity::staff::{ActiveModel, Column, Entity, Model};
use crate::tx::Db;
use crate::{Result, StoreError};

const TABLE: &str = "staff";
const WHAT: &str = "staff member";
/// The most a workspace may have; keeps the whole list loadable at once.
pub const MAX: u64 = 500;

fn read(row: &Model) -> Result<Staff> {
    Ok(Staff {
        id: StaffId::from_uuid(row.id),
        settings: from_json(TABLE, &row.settings)?,
        created_at: Timestamp::from_millis(row.created_at),
        updated_at: Timestamp::from_millis(row.updated_at),
    })
}

/// All of a workspace's, oldest first.
pub async fn list(db: &impl Db, scope: Scope) -> Result<Vec<Staff>> {
    let rows = Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .order_by_asc(Column::Id)
        .limit(MAX)
        .all(db)
        .await?;
    rows.iter().map(read).collect()
}

/// One, which must exist.
pub async fn get(db: &impl Db, scope: Scope, id: StaffId) -> Result<Staff> {
    let row = Entity::find_by_id(id.uuid())
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .one(db)
        .await?;
    row.as_ref().map(read).transpose()?.ok_or(StoreError::NotFound(WHAT))
}

/// Stores a new one.
pub async fn insert(db: &impl Db, scope: Scope, new: &Staff) -> Result<()> {
    let row = ActiveModel {
        id: Set(new.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        settings: Set(to_json(TABLE, &new.settings)?),
        created_at: Set(new.created_at.as_millis()),
        updated_at: Set(new.updated_at.as_millis()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Changes one.
pub async fn update(db: &impl Db, scope: Scope, changed: &Staff) -> Result<()> {
    let done = Entity::update_many()
        .col_expr(Column::Settings, Expr::value(to_json(TABLE, &changed.settings)?))
        .col_expr(Column::UpdatedAt, Expr::value(changed.updated_at.as_millis()))
        .filter(Column::Id.eq(changed.id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound(WHAT)) } else { Ok(()) }
}

/// Deletes one.
pub async fn delete(db: &impl Db, scope: Scope, id: StaffId) -> Result<()> {
    let done = Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound(WHAT)) } else { Ok(()) }
}
