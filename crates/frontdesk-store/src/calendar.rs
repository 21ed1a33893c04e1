//! Connected calendars and the times that are busy in them.

use std::collections::BTreeSet;

use frontdesk_domain::availability::{Busy, BusyBy, Unit};
use frontdesk_domain::calendar::{CalendarStatus, ConnectedCalendar};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{CalendarId, ConnectionId, StaffId, WorkspaceId, uuid_v7};
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use uuid::Uuid;

use crate::column::{from_word, rows_at_once, to_word};
use crate::entity::calendar::{Column, Entity, Model};
use crate::entity::calendar_busy;
use crate::tx::{Db, Tx};
use crate::{Result, StoreError, dialect};

const TABLE: &str = "calendar";
/// The most calendars a workspace may have; keeps the whole list loadable at once.
pub const MAX: u64 = 1_000;

/// A calendar with what people do not see of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// What people see. `stale` is for the reader to decide.
    pub calendar: ConnectedCalendar,
    /// The vendor's id.
    pub remote_id: String,
    /// Its IANA zone, where the vendor says one.
    pub zone: Option<String>,
    /// Where the last listing ended.
    pub cursor: Option<String>,
    /// Failures in a row.
    pub failures: u32,
    /// When it is read next.
    pub next_sync_at: Timestamp,
    /// When the vendor or a person last asked for it to be read.
    pub requested_at: Option<Timestamp>,
    /// Through what the vendor tells of changes.
    pub channel: Option<Channel>,
    /// When it was connected.
    pub created_at: Timestamp,
}

/// A push channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// What a push names it by.
    pub id: String,
    /// The vendor's id of what is watched.
    pub resource: String,
    /// The hash of the secret that every push carries.
    pub token_hash: String,
    /// It must be made anew before this.
    pub expires_at: Timestamp,
}

impl Stored {
    /// Whether it has to be read at all.
    pub const fn is_used(&self) -> bool {
        self.calendar.staff_id.is_some() && (self.calendar.blocks || self.calendar.writes)
    }
}

fn at(millis: Option<i64>) -> Option<Timestamp> {
    millis.map(Timestamp::from_millis)
}

fn millis(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::as_millis)
}

fn read(row: Model) -> Result<Stored> {
    let channel = match (row.channel_id, row.channel_token, row.channel_expires_at) {
        (Some(id), Some(token_hash), Some(expires_at)) => Some(Channel {
            id,
            resource: row.channel_resource.unwrap_or_default(),
            token_hash,
            expires_at: Timestamp::from_millis(expires_at),
        }),
        _ => None,
    };
    Ok(Stored {
        calendar: ConnectedCalendar {
            id: CalendarId::from_uuid(row.id),
            connection_id: ConnectionId::from_uuid(row.connection_id),
            vendor: row.vendor,
            account: row.account,
            staff_id: row.staff_id.map(StaffId::from_uuid),
            name: row.name,
            color: row.color,
            blocks: row.blocks,
            writes: row.writes,
            writable: row.writable,
            status: from_word(TABLE, &row.status)?,
            synced_at: at(row.synced_at),
            stale: false,
            error: row.error,
        },
        remote_id: row.remote_id,
        zone: row.zone,
        cursor: row.cursor,
        failures: row.failures.unsigned_abs(),
        next_sync_at: Timestamp::from_millis(row.next_sync_at),
        requested_at: at(row.requested_at),
        channel,
        created_at: Timestamp::from_millis(row.created_at),
    })
}

fn row(scope: Scope, stored: &Stored) -> Result<Model> {
    let shown = &stored.calendar;
    let channel = stored.channel.as_ref();
    Ok(Model {
        id: shown.id.uuid(),
        workspace_id: scope.workspace().uuid(),
        connection_id: shown.connection_id.uuid(),
        vendor: shown.vendor.clone(),
        account: shown.account.clone(),
        remote_id: stored.remote_id.clone(),
        staff_id: shown.staff_id.map(StaffId::uuid),
        name: shown.name.clone(),
        color: shown.color.clone(),
        zone: stored.zone.clone(),
        blocks: shown.blocks,
        writes: shown.writes,
        writable: shown.writable,
        status: to_word(TABLE, &shown.status)?,
        error: shown.error.clone(),
        failures: i32::try_from(stored.failures).unwrap_or(i32::MAX),
        cursor: stored.cursor.clone(),
        synced_at: millis(shown.synced_at),
        next_sync_at: stored.next_sync_at.as_millis(),
        requested_at: millis(stored.requested_at),
        channel_id: channel.map(|channel| channel.id.clone()),
        channel_resource: channel.map(|channel| channel.resource.clone()),
        channel_token: channel.map(|channel| channel.token_hash.clone()),
        channel_expires_at: channel.map(|channel| channel.expires_at.as_millis()),
        created_at: stored.created_at.as_millis(),
    })
}

fn in_scope(scope: Scope) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
}

/// All of a workspace's, oldest first.
pub async fn list(db: &impl Db, scope: Scope) -> Result<Vec<Stored>> {
    in_scope(scope).order_by_asc(Column::Id).limit(MAX).all(db).await?.into_iter().map(read).collect()
}

/// Those of one account, oldest first.
pub async fn list_of_connection(db: &impl Db, scope: Scope, id: ConnectionId) -> Result<Vec<Stored>> {
    let rows =
        in_scope(scope).filter(Column::ConnectionId.eq(id.uuid())).order_by_asc(Column::Id).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// One, which must exist.
pub async fn get(db: &impl Db, scope: Scope, id: CalendarId) -> Result<Stored> {
    let found = in_scope(scope).filter(Column::Id.eq(id.uuid())).one(db).await?;
    found.map(read).transpose()?.ok_or(StoreError::NotFound(TABLE))
}

/// As [`get`], held against other units of work until this one ends.
pub async fn get_for_update(db: &impl Db, scope: Scope, id: CalendarId) -> Result<Stored> {
    let found = in_scope(scope).filter(Column::Id.eq(id.uuid())).lock_exclusive().one(db).await?;
    found.map(read).transpose()?.ok_or(StoreError::NotFound(TABLE))
}

/// Stores a new one.
pub async fn insert(db: &impl Db, scope: Scope, stored: &Stored) -> Result<()> {
    Entity::insert(row(scope, stored)?.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

/// Replaces what is known of one; read it with [`get_for_update`] in the same unit of work.
pub async fn update(db: &impl Db, scope: Scope, stored: &Stored) -> Result<()> {
    let mut model = row(scope, stored)?.into_active_model().reset_all();
    model.id = Set(stored.calendar.id.uuid());
    let done = Entity::update_many()
        .set(model)
        .filter(Column::Id.eq(stored.calendar.id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound(TABLE)) } else { Ok(()) }
}

/// Removes one with everything that is known of it.
pub async fn delete(db: &impl Db, scope: Scope, id: CalendarId) -> Result<()> {
    calendar_busy::Entity::delete_many()
        .filter(calendar_busy::Column::CalendarId.eq(id.uuid()))
        .filter(calendar_busy::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    crate::calendar_event::delete_of_calendar(db, scope, id).await?;
    let done = Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound(TABLE)) } else { Ok(()) }
}

/// Takes a deleted staff member's calendars out of use.
pub async fn forget_staff(db: &impl Db, scope: Scope, staff: StaffId) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::StaffId, Expr::value(Option::<Uuid>::None))
        .col_expr(Column::Blocks, Expr::value(false))
        .col_expr(Column::Writes, Expr::value(false))
        .filter(Column::StaffId.eq(staff.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Asks for one to be read as soon as possible.
pub async fn request(db: &impl Db, scope: Scope, id: CalendarId, now: Timestamp) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::RequestedAt, Expr::value(now.as_millis()))
        .col_expr(Column::NextSyncAt, Expr::value(now.as_millis()))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    Ok(())
}

fn used() -> Condition {
    Condition::all()
        .add(Column::StaffId.is_not_null())
        .add(Condition::any().add(Column::Blocks.eq(true)).add(Column::Writes.eq(true)))
}

/// Calendars in use that are due to be read, the longest overdue first. System work.
pub async fn due_everywhere(
    db: &impl Db,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<(WorkspaceId, CalendarId)>> {
    let rows: Vec<(Uuid, Uuid)> = Entity::find()
        .filter(Column::NextSyncAt.lte(now.as_millis()))
        .filter(used())
        .order_by_asc(Column::NextSyncAt)
        .select_only()
        .column(Column::WorkspaceId)
        .column(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    Ok(named(rows))
}

/// Calendars in use of these vendors whose push channel is missing or ends before an instant. System work.
pub async fn unwatched_everywhere(
    db: &impl Db,
    vendors: &[&str],
    before: Timestamp,
    limit: u64,
) -> Result<Vec<(WorkspaceId, CalendarId)>> {
    let missing = Condition::any()
        .add(Column::ChannelExpiresAt.is_null())
        .add(Column::ChannelExpiresAt.lt(before.as_millis()));
    let rows: Vec<(Uuid, Uuid)> = Entity::find()
        .filter(Column::Vendor.is_in(vendors.iter().copied()))
        .filter(Column::Status.eq("ok"))
        .filter(used())
        .filter(missing)
        .order_by_asc(Column::Id)
        .select_only()
        .column(Column::WorkspaceId)
        .column(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    Ok(named(rows))
}

fn named(rows: Vec<(Uuid, Uuid)>) -> Vec<(WorkspaceId, CalendarId)> {
    rows.into_iter()
        .map(|(workspace, id)| (WorkspaceId::from_uuid(workspace), CalendarId::from_uuid(id)))
        .collect()
}

/// The calendar a vendor's push is about, with its workspace. System work: a push names no workspace.
pub async fn find_by_channel_everywhere(
    db: &impl Db,
    vendor: &str,
    channel: &str,
) -> Result<Option<(WorkspaceId, Stored)>> {
    let found = Entity::find()
        .filter(Column::ChannelId.eq(channel))
        .filter(Column::ChannelId.is_not_null())
        .filter(Column::Vendor.eq(vendor))
        .one(db)
        .await?;
    found.map(|row| Ok((WorkspaceId::from_uuid(row.workspace_id), read(row)?))).transpose()
}

/// A busy time to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusyTime {
    /// What the vendor names its change by.
    pub key: String,
    /// Its title; for the team alone.
    pub title: String,
    /// From.
    pub from: Timestamp,
    /// To, exclusive.
    pub to: Timestamp,
}

/// Puts these times in the place of those known under the keys; with no keys given, of all there are.
pub async fn put_busy(
    tx: &Tx,
    scope: Scope,
    calendar: CalendarId,
    keys: Option<&BTreeSet<String>>,
    times: &[BusyTime],
) -> Result<()> {
    let of_calendar = || {
        calendar_busy::Entity::delete_many()
            .filter(calendar_busy::Column::CalendarId.eq(calendar.uuid()))
            .filter(calendar_busy::Column::WorkspaceId.eq(scope.workspace().uuid()))
    };
    match keys {
        None => {
            of_calendar().exec(tx).await?;
        }
        Some(keys) => {
            for batch in dialect::batches(keys.iter().cloned()) {
                of_calendar().filter(calendar_busy::Column::Key.is_in(batch)).exec(tx).await?;
            }
        }
    }
    let rows = times.iter().map(|time| calendar_busy::ActiveModel {
        id: Set(uuid_v7(tx.now(), tx.random())),
        workspace_id: Set(scope.workspace().uuid()),
        calendar_id: Set(calendar.uuid()),
        key: Set(time.key.clone()),
        title: Set(time.title.clone()),
        from_at: Set(time.from.as_millis()),
        to_at: Set(time.to.as_millis()),
    });
    for batch in dialect::batches(rows) {
        calendar_busy::Entity::insert_many(batch).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// A busy time of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffBusy {
    /// Whose.
    pub staff_id: StaffId,
    /// In which calendar.
    pub calendar_id: CalendarId,
    /// The event's title; empty when the vendor hides it.
    pub title: String,
    /// From.
    pub from: Timestamp,
    /// To, exclusive.
    pub to: Timestamp,
}

/// What is busy between two instants in calendars that block.
pub async fn busy(db: &impl Db, scope: Scope, (from, to): (Timestamp, Timestamp)) -> Result<Vec<StaffBusy>> {
    let backend = db.get_database_backend();
    let (staff, calendar) = (dialect::uuid_text(backend, "c.staff_id"), dialect::uuid_text(backend, "c.id"));
    let query = format!(
        "SELECT {staff} AS staff, {calendar} AS calendar, b.title, b.from_at, b.to_at FROM calendar_busy b \
         JOIN calendar c ON c.id = b.calendar_id \
         WHERE b.workspace_id = ? AND b.to_at > ? AND b.from_at < ? AND c.blocks AND c.staff_id IS NOT NULL \
         ORDER BY b.from_at, b.id"
    );
    let values = [scope.workspace().uuid().into(), from.as_millis().into(), to.as_millis().into()];
    let columns = "staff, calendar, title, from_at, to_at";
    let rows: Vec<(Uuid, Uuid, String, i64, i64)> =
        rows_at_once(db, "calendar_busy", columns, &query, values).await?;
    let found = rows.into_iter().map(|(staff, calendar, title, from, to)| StaffBusy {
        staff_id: StaffId::from_uuid(staff),
        calendar_id: CalendarId::from_uuid(calendar),
        title,
        from: Timestamp::from_millis(from),
        to: Timestamp::from_millis(to),
    });
    Ok(found.collect())
}

impl StaffBusy {
    /// As availability counts it.
    pub const fn to_busy(&self) -> Busy {
        Busy {
            unit: Unit::Staff(self.staff_id),
            from: self.from,
            to: self.to,
            by: BusyBy::Calendar,
            session: None,
        }
    }
}

/// Whose calendars that block were last read before an instant, or never, or fail for good: what is known of their time may
/// be wrong.
pub async fn stale_staff(db: &impl Db, scope: Scope, before: Timestamp) -> Result<BTreeSet<StaffId>> {
    let old = Condition::any()
        .add(Column::SyncedAt.is_null())
        .add(Column::SyncedAt.lt(before.as_millis()))
        .add(Column::Status.eq(to_word(TABLE, &CalendarStatus::Disconnected)?));
    let rows: Vec<Option<Uuid>> = in_scope(scope)
        .filter(Column::Blocks.eq(true))
        .filter(Column::StaffId.is_not_null())
        .filter(old)
        .select_only()
        .column(Column::StaffId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().flatten().map(StaffId::from_uuid).collect())
}
