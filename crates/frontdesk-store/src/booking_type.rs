//! Booking types.

use frontdesk_domain::booking_type::BookingType;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::BookingTypeId;
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::column::{from_json, to_json};
use crate::entity::booking_type::{ActiveModel, Column, Entity, Model};
use crate::tx::Db;
use crate::{Result, StoreError};

const TABLE: &str = "booking_type";
const WHAT: &str = "booking type";
/// The most a workspace may have; keeps the whole list loadable at once.
pub const MAX: u64 = 200;

fn read(row: Model) -> Result<BookingType> {
    Ok(BookingType {
        id: BookingTypeId::from_uuid(row.id),
        slug: row.slug,
        settings: from_json(TABLE, &row.settings)?,
        position: row.position.unsigned_abs(),
        created_at: Timestamp::from_millis(row.created_at),
        updated_at: Timestamp::from_millis(row.updated_at),
    })
}

fn in_scope(scope: Scope) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
}

/// All of a workspace's, by position.
pub async fn list(db: &impl Db, scope: Scope) -> Result<Vec<BookingType>> {
    let rows =
        in_scope(scope).order_by_asc(Column::Position).order_by_asc(Column::Id).limit(MAX).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// One, which must exist.
pub async fn get(db: &impl Db, scope: Scope, id: BookingTypeId) -> Result<BookingType> {
    let row = in_scope(scope).filter(Column::Id.eq(id.uuid())).one(db).await?;
    row.map(read).transpose()?.ok_or(StoreError::NotFound(WHAT))
}

/// The one with this short name.
pub async fn find_by_slug(db: &impl Db, scope: Scope, slug: &str) -> Result<Option<BookingType>> {
    in_scope(scope).filter(Column::Slug.eq(slug)).one(db).await?.map(read).transpose()
}

/// Stores a new one.
///
/// # Errors
/// [`StoreError::Duplicate`] when its short name is taken.
pub async fn insert(db: &impl Db, scope: Scope, new: &BookingType) -> Result<()> {
    let row = ActiveModel {
        id: Set(new.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        slug: Set(new.slug.clone()),
        settings: Set(to_json(TABLE, &new.settings)?),
        position: Set(new.position as i32),
        created_at: Set(new.created_at.as_millis()),
        updated_at: Set(new.updated_at.as_millis()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Changes one.
///
/// # Errors
/// As [`insert`]; [`StoreError::NotFound`] when it is gone.
pub async fn update(db: &impl Db, scope: Scope, changed: &BookingType) -> Result<()> {
    let done = Entity::update_many()
        .col_expr(Column::Slug, Expr::value(changed.slug.as_str()))
        .col_expr(Column::Settings, Expr::value(to_json(TABLE, &changed.settings)?))
        .col_expr(Column::Position, Expr::value(changed.position as i32))
        .col_expr(Column::UpdatedAt, Expr::value(changed.updated_at.as_millis()))
        .filter(Column::Id.eq(changed.id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound(WHAT)) } else { Ok(()) }
}

/// Deletes one.
pub async fn delete(db: &impl Db, scope: Scope, id: BookingTypeId) -> Result<()> {
    let done = Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound(WHAT)) } else { Ok(()) }
}
