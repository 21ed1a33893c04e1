//! What became of each notice to a customer: the record that keeps it from going twice.
//!
//! A notice is claimed by its key and committed as `sending` before it leaves, and settled after. Found as `sending`
//! by a later try, nobody knows whether it left. The recipient's address is not kept here.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{BookingId, MessageId};
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::column::{from_word, to_word};
use crate::entity::booking_notice::{ActiveModel, Column, Entity, Model};
use crate::tx::Db;
use crate::{Result, StoreError};

const TABLE: &str = "booking_notice";

/// How a notice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeState {
    /// Certainly not sent yet: it may be tried.
    Ready,
    /// On its way, or its process died.
    Sending,
    /// The mail server took it.
    Sent,
    /// It will not be sent.
    Failed,
    /// It was sent and came back.
    Bounced,
    /// Its process died while sending: it may or may not have left, and is not sent again.
    Unknown,
}

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its id, also the message's.
    pub id: MessageId,
    /// About which booking.
    pub booking_id: Option<BookingId>,
    /// What is sent at most once.
    pub key: String,
    /// By which template.
    pub template: String,
    /// How it stands.
    pub state: NoticeState,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it did not leave.
    pub error: Option<String>,
    /// The vendor's id.
    pub vendor_id: Option<String>,
    /// When it was first tried.
    pub created_at: Timestamp,
    /// When its state changed.
    pub updated_at: Timestamp,
}

fn read(row: Model) -> Result<Notice> {
    Ok(Notice {
        id: MessageId::from_uuid(row.id),
        booking_id: row.booking_id.map(BookingId::from_uuid),
        key: row.key,
        template: row.template,
        state: from_word(TABLE, &row.state)?,
        attempts: row.attempts.unsigned_abs(),
        error: row.error,
        vendor_id: row.vendor_id,
        created_at: Timestamp::from_millis(row.created_at),
        updated_at: Timestamp::from_millis(row.updated_at),
    })
}

/// Stores a notice that nobody has tried; false when its key is known.
pub async fn insert(db: &impl Db, scope: Scope, notice: &Notice) -> Result<bool> {
    let row = ActiveModel {
        id: Set(notice.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        booking_id: Set(notice.booking_id.map(BookingId::uuid)),
        key: Set(notice.key.clone()),
        template: Set(notice.template.clone()),
        state: Set(to_word(TABLE, &notice.state)?),
        attempts: Set(i32::try_from(notice.attempts).unwrap_or(i32::MAX)),
        error: Set(notice.error.clone()),
        vendor_id: Set(notice.vendor_id.clone()),
        created_at: Set(notice.created_at.as_millis()),
        updated_at: Set(notice.updated_at.as_millis()),
    };
    let done = Entity::insert_many([row])
        .on_conflict(OnConflict::columns([Column::WorkspaceId, Column::Key]).do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(done > 0)
}

/// The notice of this key.
pub async fn find(db: &impl Db, scope: Scope, key: &str) -> Result<Option<Notice>> {
    Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::Key.eq(key))
        .one(db)
        .await?
        .map(read)
        .transpose()
}

/// The notice with this id.
pub async fn find_by_id(db: &impl Db, scope: Scope, id: MessageId) -> Result<Option<Notice>> {
    Entity::find_by_id(id.uuid())
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .one(db)
        .await?
        .map(read)
        .transpose()
}

/// The notice that the vendor knows by this id.
pub async fn find_by_vendor(db: &impl Db, scope: Scope, vendor_id: &str) -> Result<Option<Notice>> {
    Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::VendorId.eq(vendor_id))
        .one(db)
        .await?
        .map(read)
        .transpose()
}

/// A booking's notices, oldest first, at most 200.
pub async fn list_of_booking(db: &impl Db, scope: Scope, booking: BookingId) -> Result<Vec<Notice>> {
    Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::BookingId.eq(booking.uuid()))
        .order_by_asc(Column::Id)
        .limit(200)
        .all(db)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

/// Takes a notice from one state to `sending`; false when it is no longer in that state.
pub async fn begin(
    db: &impl Db,
    scope: Scope,
    id: MessageId,
    from: NoticeState,
    now: Timestamp,
) -> Result<bool> {
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value(to_word(TABLE, &NoticeState::Sending)?))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now.as_millis()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::State.eq(to_word(TABLE, &from)?))
        .exec(db)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Writes down what became of a notice.
pub async fn settle(
    db: &impl Db,
    scope: Scope,
    id: MessageId,
    state: NoticeState,
    (error, vendor_id): (Option<String>, Option<String>),
    now: Timestamp,
) -> Result<()> {
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value(to_word(TABLE, &state)?))
        .col_expr(Column::Error, Expr::value(error))
        .col_expr(Column::VendorId, Expr::value(vendor_id))
        .col_expr(Column::UpdatedAt, Expr::value(now.as_millis()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::Id.eq(id.uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("notice")) } else { Ok(()) }
}
