//! The vendors' copies of bookings: which event of which calendar, and what we last wrote into it.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{BookingId, CalendarId};
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use crate::Result;
use crate::entity::calendar_event::{Column, Entity, Model};
use crate::tx::Db;

/// A copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarEvent {
    /// Of which booking.
    pub booking_id: BookingId,
    /// In which calendar.
    pub calendar_id: CalendarId,
    /// The vendor's id.
    pub remote_id: String,
    /// Its version.
    pub etag: Option<String>,
    /// What was written, in short; the same text means the same event.
    pub content: String,
    /// Where it stands in the calendar, as far as we know: written by us, or moved there by its owner.
    pub start: Timestamp,
    /// Its end there, exclusive.
    pub end: Timestamp,
    /// Deleted by its owner.
    pub gone: bool,
    /// When we last wrote it.
    pub written_at: Timestamp,
}

fn read(row: Model) -> CalendarEvent {
    CalendarEvent {
        booking_id: BookingId::from_uuid(row.booking_id),
        calendar_id: CalendarId::from_uuid(row.calendar_id),
        remote_id: row.remote_id,
        etag: row.etag,
        content: row.content,
        start: Timestamp::from_millis(row.start_at),
        end: Timestamp::from_millis(row.end_at),
        gone: row.gone,
        written_at: Timestamp::from_millis(row.written_at),
    }
}

fn in_scope(scope: Scope) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
}

/// The copies of a booking.
pub async fn list_of_booking(db: &impl Db, scope: Scope, id: BookingId) -> Result<Vec<CalendarEvent>> {
    let rows = in_scope(scope)
        .filter(Column::BookingId.eq(id.uuid()))
        .order_by_asc(Column::CalendarId)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(read).collect())
}

/// The copies in a calendar that end after an instant, at most 10,000.
pub async fn list_of_calendar(
    db: &impl Db,
    scope: Scope,
    id: CalendarId,
    after: Timestamp,
) -> Result<Vec<CalendarEvent>> {
    let rows = in_scope(scope)
        .filter(Column::CalendarId.eq(id.uuid()))
        .filter(Column::EndAt.gt(after.as_millis()))
        .order_by_asc(Column::BookingId)
        .limit(10_000)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(read).collect())
}

/// Keeps what is known of a copy.
pub async fn put(db: &impl Db, scope: Scope, event: &CalendarEvent) -> Result<()> {
    let row = Model {
        booking_id: event.booking_id.uuid(),
        calendar_id: event.calendar_id.uuid(),
        workspace_id: scope.workspace().uuid(),
        remote_id: event.remote_id.clone(),
        etag: event.etag.clone(),
        content: event.content.clone(),
        start_at: event.start.as_millis(),
        end_at: event.end.as_millis(),
        gone: event.gone,
        written_at: event.written_at.as_millis(),
    };
    let changed = [
        Column::RemoteId,
        Column::Etag,
        Column::Content,
        Column::StartAt,
        Column::EndAt,
        Column::Gone,
        Column::WrittenAt,
    ];
    Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::columns([Column::BookingId, Column::CalendarId]).update_columns(changed).to_owned(),
        )
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Forgets a copy that was removed.
pub async fn delete(db: &impl Db, scope: Scope, booking: BookingId, calendar: CalendarId) -> Result<()> {
    Entity::delete_many()
        .filter(Column::BookingId.eq(booking.uuid()))
        .filter(Column::CalendarId.eq(calendar.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    Ok(())
}

pub(crate) async fn delete_of_calendar(db: &impl Db, scope: Scope, calendar: CalendarId) -> Result<()> {
    Entity::delete_many()
        .filter(Column::CalendarId.eq(calendar.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    Ok(())
}
