//! What a vendor said of numbers: whether each can be somebody's. Kept for a while, because every question costs money.

use frontdesk_domain::context::Scope;
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{ColumnTrait, EntityTrait, Order, QueryFilter, Set};

use crate::Result;
use crate::entity::number_lookup::{ActiveModel, Column, Entity};
use crate::tx::Db;

/// Most numbers of a workspace that are remembered; the oldest go.
const MOST: u64 = 200_000;

/// What a vendor said of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberLookup {
    /// Whether it can be somebody's.
    pub valid: bool,
    /// Why not, in plain words.
    pub reason: Option<String>,
}

/// What was said of a number since an instant.
pub async fn find(
    db: &impl Db,
    scope: Scope,
    number: &str,
    since: Timestamp,
) -> Result<Option<NumberLookup>> {
    let row = Entity::find_by_id((scope.workspace().uuid(), number.to_owned()))
        .filter(Column::AskedAt.gte(since.as_millis()))
        .one(db)
        .await?;
    Ok(row.map(|row| NumberLookup { valid: row.valid, reason: row.reason }))
}

/// Remembers what was said of a number, and forgets what was said before an instant.
pub async fn put(
    db: &impl Db,
    scope: Scope,
    (number, known): (&str, &NumberLookup),
    now: Timestamp,
    forgotten: Timestamp,
) -> Result<()> {
    let workspace = scope.workspace().uuid();
    let row = ActiveModel {
        workspace_id: Set(workspace),
        number: Set(number.to_owned()),
        valid: Set(known.valid),
        reason: Set(known.reason.clone()),
        asked_at: Set(now.as_millis()),
    };
    let same = OnConflict::columns([Column::WorkspaceId, Column::Number])
        .update_columns([Column::Valid, Column::Reason, Column::AskedAt])
        .to_owned();
    Entity::insert(row).on_conflict(same).exec_without_returning(db).await?;
    let of = Entity::delete_many().filter(Column::WorkspaceId.eq(workspace));
    of.clone().filter(Column::AskedAt.lt(forgotten.as_millis())).exec(db).await?;
    // Each call adds one at most, so that one goes at most, with those of the same instant.
    let too_many = Query::select()
        .column(Column::AskedAt)
        .from(Entity)
        .and_where(Column::WorkspaceId.eq(workspace))
        .order_by(Column::AskedAt, Order::Desc)
        .limit(1)
        .offset(MOST)
        .to_owned();
    of.filter(Column::AskedAt.in_subquery(too_many)).exec(db).await?;
    Ok(())
}
