//! Saved views of the bookings list: each person's own, and those shared with the team.

use frontdesk_domain::booking::BookingView;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{BookingViewId, UserId};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};

use crate::entity::booking_view::{ActiveModel, Column, Entity, Model};
use crate::tx::Db;
use crate::{Result, StoreError};

/// The most a workspace may keep; keeps the whole list loadable at once.
pub const MAX: u64 = 200;

fn read(row: Model) -> BookingView {
    BookingView {
        id: BookingViewId::from_uuid(row.id),
        name: row.name,
        query: row.query,
        shared: row.shared,
        created_by: UserId::from_uuid(row.created_by),
    }
}

/// Those a person sees: their own, and the shared ones. By name.
pub async fn list(db: &impl Db, scope: Scope, reader: Option<UserId>) -> Result<Vec<BookingView>> {
    let seen = Condition::any()
        .add(Column::Shared.eq(true))
        .add_option(reader.map(|reader| Column::CreatedBy.eq(reader.uuid())));
    let rows = Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(seen)
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id)
        .limit(MAX)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(read).collect())
}

/// How many the workspace keeps.
pub async fn count(db: &impl Db, scope: Scope) -> Result<u64> {
    Ok(Entity::find().filter(Column::WorkspaceId.eq(scope.workspace().uuid())).count(db).await?)
}

/// One, which must exist.
pub async fn get(db: &impl Db, scope: Scope, id: BookingViewId) -> Result<BookingView> {
    let row = Entity::find_by_id(id.uuid())
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .one(db)
        .await?;
    row.map(read).ok_or(StoreError::NotFound("booking view"))
}

/// Stores a new one.
pub async fn insert(db: &impl Db, scope: Scope, view: &BookingView) -> Result<()> {
    let row = ActiveModel {
        id: Set(view.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        name: Set(view.name.clone()),
        query: Set(view.query.clone()),
        shared: Set(view.shared),
        created_by: Set(view.created_by.uuid()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Deletes one.
pub async fn delete(db: &impl Db, scope: Scope, id: BookingViewId) -> Result<()> {
    let done = Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("booking view")) } else { Ok(()) }
}
