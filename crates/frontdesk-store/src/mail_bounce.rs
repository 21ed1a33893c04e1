//! Addresses that mail came back from for good, and people who reported mail as unwanted. By address and workspace: a
//! corrected address starts afresh.

use frontdesk_domain::context::Scope;
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::Result;
use crate::entity::mail_bounce::{ActiveModel, Column, Entity};
use crate::tx::Db;

/// What is known of an address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// When mail to it last came back for good.
    pub bounced_at: Option<Timestamp>,
    /// When its reader reported mail as unwanted.
    pub complained_at: Option<Timestamp>,
}

/// Addresses are told apart as they are kept with contacts and bookings: in lower case.
pub(crate) fn key(address: &str) -> String {
    address.trim().to_lowercase()
}

/// What is known of an address; nothing of most.
pub async fn find(db: &impl Db, scope: Scope, address: &str) -> Result<Standing> {
    let row = Entity::find_by_id((scope.workspace().uuid(), key(address))).one(db).await?;
    Ok(row.map_or_else(Standing::default, |row| Standing {
        bounced_at: row.bounced_at.map(Timestamp::from_millis),
        complained_at: row.complained_at.map(Timestamp::from_millis),
    }))
}

/// Remembers that mail to an address came back for good.
pub async fn bounced(db: &impl Db, scope: Scope, address: &str, at: Timestamp) -> Result<()> {
    let row = ActiveModel { bounced_at: Set(Some(at.as_millis())), ..fresh(scope, address) };
    upsert(db, row, Column::BouncedAt).await
}

/// Remembers that an address's reader reported mail as unwanted.
pub async fn complained(db: &impl Db, scope: Scope, address: &str, at: Timestamp) -> Result<()> {
    let row = ActiveModel { complained_at: Set(Some(at.as_millis())), ..fresh(scope, address) };
    upsert(db, row, Column::ComplainedAt).await
}

fn fresh(scope: Scope, address: &str) -> ActiveModel {
    ActiveModel {
        workspace_id: Set(scope.workspace().uuid()),
        address: Set(key(address)),
        bounced_at: Set(None),
        complained_at: Set(None),
    }
}

async fn upsert(db: &impl Db, row: ActiveModel, changes: Column) -> Result<()> {
    let same = OnConflict::columns([Column::WorkspaceId, Column::Address]).update_column(changes).to_owned();
    Entity::insert(row).on_conflict(same).exec_without_returning(db).await?;
    Ok(())
}

/// Forgets that mail came back from an address, if it did so by then: it was corrected, or mail arrived there.
pub async fn arrives(db: &impl Db, scope: Scope, address: &str, by: Timestamp) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::BouncedAt, Expr::value(None::<i64>))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::Address.eq(key(address)))
        .filter(Column::BouncedAt.lte(by.as_millis()))
        .exec(db)
        .await?;
    Ok(())
}

/// Forgets an address that nobody has any more.
pub async fn forget(db: &impl Db, scope: Scope, address: &str) -> Result<()> {
    Entity::delete_many()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::Address.eq(key(address)))
        .exec(db)
        .await?;
    Ok(())
}
