//! Addresses that must not be written to: opt-outs, and the business's own and imported lists.
//!
//! One row per address and list, found by key: as fast with ten million numbers as with ten.

use frontdesk_domain::context::Scope;
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::Result;
use crate::dialect;
use crate::entity::suppression::{ActiveModel, Column, Entity, Model};
use crate::tx::Db;

/// The list of those who opted out.
pub const OPT_OUT: &str = "opt-out";
/// The business's own list.
pub const INTERNAL: &str = "internal";

/// An address on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The address: E.164, or an e-mail address in lower case.
    pub address: String,
    /// The list: [`OPT_OUT`], [`INTERNAL`], or the name of an imported one.
    pub list: String,
    /// Why, in plain words.
    pub reason: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
}

fn read(row: Model) -> Suppression {
    Suppression {
        address: row.address,
        list: row.list,
        reason: row.reason,
        created_at: Timestamp::from_millis(row.created_at),
    }
}

/// The lists an address is on.
pub async fn find(db: &impl Db, scope: Scope, address: &str) -> Result<Vec<Suppression>> {
    let rows = Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::Address.eq(address))
        .order_by_asc(Column::List)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(read).collect())
}

/// Puts addresses on lists; one that is there already stays as it is. Says how many are new.
pub async fn insert_all(db: &impl Db, scope: Scope, all: &[Suppression]) -> Result<u64> {
    let mut count = 0;
    let row = |one: &Suppression| ActiveModel {
        workspace_id: Set(scope.workspace().uuid()),
        address: Set(one.address.clone()),
        list: Set(one.list.clone()),
        reason: Set(one.reason.clone()),
        created_at: Set(one.created_at.as_millis()),
    };
    for rows in dialect::batches(all.iter().map(row)) {
        let key = [Column::WorkspaceId, Column::Address, Column::List];
        count += Entity::insert_many(rows)
            .on_conflict(OnConflict::columns(key).do_nothing().to_owned())
            .exec_without_returning(db)
            .await?;
    }
    Ok(count)
}

/// Takes an address off a list; says whether it was on it.
pub async fn delete(db: &impl Db, scope: Scope, address: &str, list: &str) -> Result<bool> {
    let done = Entity::delete_many()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::Address.eq(address))
        .filter(Column::List.eq(list))
        .exec(db)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Addresses of a list (of all when absent) in their order, after one, at most `limit`; those that begin with `prefix`.
pub async fn list(
    db: &impl Db,
    scope: Scope,
    (list, prefix): (Option<&str>, Option<&str>),
    after: Option<(&str, &str)>,
    limit: u64,
) -> Result<Vec<Suppression>> {
    let mut query = Entity::find().filter(Column::WorkspaceId.eq(scope.workspace().uuid()));
    if let Some(list) = list {
        query = query.filter(Column::List.eq(list));
    }
    if let Some(prefix) = prefix {
        // What begins so lies between it and it followed by the last character there is.
        query = query
            .filter(Column::Address.gte(prefix))
            .filter(Column::Address.lt(format!("{prefix}\u{10ffff}")));
    }
    if let Some((address, list)) = after {
        query = query.filter(
            sea_orm::Condition::any()
                .add(Column::Address.gt(address))
                .add(sea_orm::Condition::all().add(Column::Address.eq(address)).add(Column::List.gt(list))),
        );
    }
    let rows = query.order_by_asc(Column::Address).order_by_asc(Column::List).limit(limit).all(db).await?;
    Ok(rows.into_iter().map(read).collect())
}
