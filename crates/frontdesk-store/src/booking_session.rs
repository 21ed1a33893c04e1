//! Sessions, what they claim, their seats, and holds on them.
//!
//! A hold and a booking are made alike: a session with its claims, and seats in it for the holder. The database refuses
//! claims that overlap ([`StoreError::Taken`]) and seats given twice ([`StoreError::Duplicate`]). Holds that have lapsed
//! no longer count, and are swept by whoever books next.

use frontdesk_domain::availability::{Busy, BusyBy, Counted, Session, Unit};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{BookingTypeId, ResourceId, SessionId, StaffId};
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, Statement};
use uuid::Uuid;

use crate::column::{from_json, rows_at_once, to_json};
use crate::entity::{booking_claim, booking_hold, booking_seat, booking_session};
use crate::tx::{Db, Tx};
use crate::{Result, StoreError, dialect};

const TABLE: &str = "booking_session";
/// The longest a claim may be in milliseconds; the overlap trigger relies on it.
pub const LONGEST_CLAIM: i64 = 3 * 86_400_000 - 1;

/// A session to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// Of what.
    pub type_id: BookingTypeId,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// Seats in it.
    pub capacity: u32,
    /// Who does it.
    pub staff: Vec<StaffId>,
    /// What it uses.
    pub resources: Vec<ResourceId>,
    /// What it claims.
    pub units: Vec<Unit>,
    /// From when, buffer included.
    pub claimed_from: Timestamp,
    /// Until when, buffer included.
    pub claimed_to: Timestamp,
}

/// A session as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its id.
    pub id: SessionId,
    /// Of what.
    pub type_id: BookingTypeId,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// Seats in it.
    pub capacity: u32,
    /// Who does it.
    pub staff: Vec<StaffId>,
    /// What it uses.
    pub resources: Vec<ResourceId>,
}

/// A slot kept for a short while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredHold {
    /// Its id, which holds the seats.
    pub id: Uuid,
    /// In which session.
    pub session: SessionId,
    /// Of what.
    pub type_id: BookingTypeId,
    /// How many seats.
    pub seats: u32,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Waits until no other unit of work books in the workspace, for counts and choices to hold.
pub async fn take_turns(tx: &Tx) -> Result<()> {
    let backend = sea_orm::ConnectionTrait::get_database_backend(tx);
    if let Some(sql) = dialect::take_turns(backend) {
        let key = tx.scope().workspace().to_string();
        sea_orm::ConnectionTrait::execute_raw(tx, Statement::from_sql_and_values(backend, sql, [key.into()]))
            .await?;
    }
    Ok(())
}

fn unit_text(unit: Unit) -> String {
    match unit {
        Unit::Staff(id) => format!("staff:{}", id.uuid().simple()),
        Unit::Resource(id, number) => format!("res:{}:{number}", id.uuid().simple()),
        Unit::Kind(id) => format!("kind:{}", id.uuid().simple()),
    }
}

fn read_unit(text: &str) -> Result<Unit> {
    let damaged = || StoreError::damaged("booking_claim", format!("unit `{text}`"));
    let id = |text: &str| Uuid::try_parse(text).map_err(|_| damaged());
    let mut parts = text.split(':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("staff"), Some(staff), None) => Ok(Unit::Staff(StaffId::from_uuid(id(staff)?))),
        (Some("kind"), Some(kind), None) => Ok(Unit::Kind(BookingTypeId::from_uuid(id(kind)?))),
        (Some("res"), Some(resource), Some(number)) => {
            Ok(Unit::Resource(ResourceId::from_uuid(id(resource)?), number.parse().map_err(|_| damaged())?))
        }
        _ => Err(damaged()),
    }
}

/// Makes a session with its claims.
///
/// # Errors
/// [`StoreError::Taken`] when a unit is claimed by another over some of the time.
pub async fn insert(db: &impl Db, scope: Scope, new: &NewSession, ids: &[Uuid]) -> Result<()> {
    if new.claimed_to.as_millis() - new.claimed_from.as_millis() > LONGEST_CLAIM {
        return Err(StoreError::damaged("booking_claim", "longer than three days"));
    }
    let workspace = scope.workspace().uuid();
    let row = booking_session::ActiveModel {
        id: Set(new.id.uuid()),
        workspace_id: Set(workspace),
        type_id: Set(new.type_id.uuid()),
        start_at: Set(new.start.as_millis()),
        end_at: Set(new.end.as_millis()),
        capacity: Set(new.capacity as i32),
        staff: Set(to_json(TABLE, &new.staff)?),
        resources: Set(to_json(TABLE, &new.resources)?),
        expires_at: Set(None),
    };
    booking_session::Entity::insert(row).exec_without_returning(db).await?;
    let claims = new.units.iter().zip(ids).map(|(unit, id)| booking_claim::ActiveModel {
        id: Set(*id),
        workspace_id: Set(workspace),
        session_id: Set(new.id.uuid()),
        unit: Set(unit_text(*unit)),
        from_at: Set(new.claimed_from.as_millis()),
        to_at: Set(new.claimed_to.as_millis()),
    });
    for batch in dialect::batches(claims) {
        booking_claim::Entity::insert_many(batch).exec_without_returning(db).await?;
    }
    Ok(())
}

/// A session, which must exist.
pub async fn get(db: &impl Db, scope: Scope, id: SessionId) -> Result<Stored> {
    let row = booking_session::Entity::find_by_id(id.uuid())
        .filter(booking_session::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .one(db)
        .await?
        .ok_or(StoreError::NotFound("booking session"))?;
    Ok(Stored {
        id,
        type_id: BookingTypeId::from_uuid(row.type_id),
        start: Timestamp::from_millis(row.start_at),
        end: Timestamp::from_millis(row.end_at),
        capacity: row.capacity.unsigned_abs(),
        staff: from_json(TABLE, &row.staff)?,
        resources: from_json(TABLE, &row.resources)?,
    })
}

/// Gives seats of a session to a holder.
///
/// # Errors
/// [`StoreError::Taken`] when so many are not left.
pub async fn seat(db: &impl Db, scope: Scope, session: &Stored, holder: Uuid, seats: u32) -> Result<()> {
    let taken: Vec<i32> = booking_seat::Entity::find()
        .filter(booking_seat::Column::SessionId.eq(session.id.uuid()))
        .select_only()
        .column(booking_seat::Column::Seat)
        .into_tuple()
        .all(db)
        .await?;
    let free: Vec<i32> =
        (0..session.capacity as i32).filter(|seat| !taken.contains(seat)).take(seats as usize).collect();
    if free.len() < seats as usize {
        return Err(StoreError::Taken);
    }
    let rows = free.into_iter().map(|seat| booking_seat::ActiveModel {
        session_id: Set(session.id.uuid()),
        seat: Set(seat),
        workspace_id: Set(scope.workspace().uuid()),
        holder: Set(holder),
    });
    booking_seat::Entity::insert_many(rows).exec_without_returning(db).await?;
    Ok(())
}

/// Passes seats from one holder to another: a hold becomes a booking.
pub async fn pass_seats(db: &impl Db, scope: Scope, from: Uuid, to: Uuid) -> Result<()> {
    booking_seat::Entity::update_many()
        .col_expr(booking_seat::Column::Holder, Expr::value(to))
        .filter(booking_seat::Column::Holder.eq(from))
        .filter(booking_seat::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Frees a holder's seats, and the session with its claims when nobody is left in it.
pub async fn release(db: &impl Db, scope: Scope, session: SessionId, holder: Uuid) -> Result<()> {
    booking_seat::Entity::delete_many()
        .filter(booking_seat::Column::Holder.eq(holder))
        .filter(booking_seat::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    settle(db, scope, session).await
}

/// Notes until when a session is kept: for good when a booking is in it, until the last hold lapses when only holds are,
/// and not at all when it is empty.
pub async fn settle(db: &impl Db, scope: Scope, session: SessionId) -> Result<()> {
    let backend = db.get_database_backend();
    let sql = "SELECT COUNT(*), COUNT(h.id), MAX(h.expires_at) FROM booking_seat s \
               LEFT JOIN booking_hold h ON h.id = s.holder WHERE s.session_id = ?";
    let statement =
        Statement::from_sql_and_values(backend, dialect::sql(backend, sql), [session.uuid().into()]);
    let row = db.query_one_raw(statement).await?.ok_or(StoreError::NotFound("booking session"))?;
    let (seats, held): (i64, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    if seats == 0 {
        booking_claim::Entity::delete_many()
            .filter(booking_claim::Column::SessionId.eq(session.uuid()))
            .filter(booking_claim::Column::WorkspaceId.eq(scope.workspace().uuid()))
            .exec(db)
            .await?;
        booking_session::Entity::delete_many()
            .filter(booking_session::Column::Id.eq(session.uuid()))
            .filter(booking_session::Column::WorkspaceId.eq(scope.workspace().uuid()))
            .exec(db)
            .await?;
        return Ok(());
    }
    let until: Option<i64> = if held == seats { row.try_get_by_index(2)? } else { None };
    booking_session::Entity::update_many()
        .col_expr(booking_session::Column::ExpiresAt, Expr::value(until))
        .filter(booking_session::Column::Id.eq(session.uuid()))
        .filter(booking_session::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Keeps a hold; `token_hash` proves whose it is, `holder` says it.
pub async fn insert_hold(
    db: &impl Db,
    scope: Scope,
    hold: &StoredHold,
    token_hash: &str,
    holder: &str,
) -> Result<()> {
    let row = booking_hold::ActiveModel {
        id: Set(hold.id),
        workspace_id: Set(scope.workspace().uuid()),
        token_hash: Set(token_hash.to_owned()),
        type_id: Set(hold.type_id.uuid()),
        session_id: Set(hold.session.uuid()),
        seats: Set(hold.seats as i32),
        holder: Set(holder.to_owned()),
        created_at: Set(hold.created_at.as_millis()),
        expires_at: Set(hold.expires_at.as_millis()),
    };
    booking_hold::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

fn read_hold(row: &booking_hold::Model) -> StoredHold {
    StoredHold {
        id: row.id,
        session: SessionId::from_uuid(row.session_id),
        type_id: BookingTypeId::from_uuid(row.type_id),
        seats: row.seats.unsigned_abs(),
        created_at: Timestamp::from_millis(row.created_at),
        expires_at: Timestamp::from_millis(row.expires_at),
    }
}

/// The hold this token proves, if it has not lapsed.
pub async fn find_hold(
    db: &impl Db,
    scope: Scope,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<StoredHold>> {
    let row = booking_hold::Entity::find()
        .filter(booking_hold::Column::TokenHash.eq(token_hash))
        .filter(booking_hold::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(booking_hold::Column::ExpiresAt.gt(now.as_millis()))
        .one(db)
        .await?;
    Ok(row.as_ref().map(read_hold))
}

/// The workspace in which a hold with this token is kept, lapsed or not.
pub async fn workspace_of_hold_everywhere(
    db: &impl Db,
    token_hash: &str,
) -> Result<Option<frontdesk_domain::id::WorkspaceId>> {
    let row =
        booking_hold::Entity::find().filter(booking_hold::Column::TokenHash.eq(token_hash)).one(db).await?;
    Ok(row.map(|row| frontdesk_domain::id::WorkspaceId::from_uuid(row.workspace_id)))
}

/// How many live holds somebody keeps.
pub async fn count_holds(db: &impl Db, scope: Scope, holder: &str, now: Timestamp) -> Result<u64> {
    use sea_orm::PaginatorTrait;
    Ok(booking_hold::Entity::find()
        .filter(booking_hold::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(booking_hold::Column::Holder.eq(holder))
        .filter(booking_hold::Column::ExpiresAt.gt(now.as_millis()))
        .count(db)
        .await?)
}

/// Live holds that somebody keeps, the oldest first.
pub async fn holds_of(db: &impl Db, scope: Scope, holder: &str, now: Timestamp) -> Result<Vec<StoredHold>> {
    let rows = booking_hold::Entity::find()
        .filter(booking_hold::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(booking_hold::Column::Holder.eq(holder))
        .filter(booking_hold::Column::ExpiresAt.gt(now.as_millis()))
        .order_by_asc(booking_hold::Column::ExpiresAt)
        .limit(100)
        .all(db)
        .await?;
    Ok(rows.iter().map(read_hold).collect())
}

/// Keeps a hold longer.
pub async fn extend_hold(db: &impl Db, scope: Scope, hold: &StoredHold, until: Timestamp) -> Result<()> {
    booking_hold::Entity::update_many()
        .col_expr(booking_hold::Column::ExpiresAt, Expr::value(until.as_millis()))
        .filter(booking_hold::Column::Id.eq(hold.id))
        .filter(booking_hold::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    settle(db, scope, hold.session).await
}

/// Removes a hold; its seats stay for whoever has them now.
pub async fn delete_hold(db: &impl Db, scope: Scope, id: Uuid) -> Result<()> {
    booking_hold::Entity::delete_many()
        .filter(booking_hold::Column::Id.eq(id))
        .filter(booking_hold::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Removes holds that have lapsed, at most 200, with their seats. Says how many.
pub async fn sweep(db: &impl Db, scope: Scope, now: Timestamp) -> Result<usize> {
    let lapsed = booking_hold::Entity::find()
        .filter(booking_hold::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(booking_hold::Column::ExpiresAt.lte(now.as_millis()))
        .order_by_asc(booking_hold::Column::ExpiresAt)
        .limit(200)
        .all(db)
        .await?;
    for row in &lapsed {
        delete_hold(db, scope, row.id).await?;
        release(db, scope, SessionId::from_uuid(row.session_id), row.id).await?;
    }
    Ok(lapsed.len())
}

/// Workspaces in which holds have lapsed.
pub async fn lapsed_everywhere(
    db: &impl Db,
    now: Timestamp,
) -> Result<Vec<frontdesk_domain::id::WorkspaceId>> {
    let ids: Vec<Uuid> = booking_hold::Entity::find()
        .filter(booking_hold::Column::ExpiresAt.lte(now.as_millis()))
        .select_only()
        .column(booking_hold::Column::WorkspaceId)
        .distinct()
        .limit(500)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(frontdesk_domain::id::WorkspaceId::from_uuid).collect())
}

/// What is claimed between two instants by bookings and live holds.
pub async fn busy(
    db: &impl Db,
    scope: Scope,
    (from, to): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<Vec<Busy>> {
    let session = dialect::uuid_text(db.get_database_backend(), "c.session_id");
    let query = format!(
        "SELECT c.unit, c.from_at, c.to_at, {session} AS session FROM booking_claim c \
         JOIN booking_session s ON s.id = c.session_id \
         WHERE c.workspace_id = ? AND c.from_at < ? AND c.from_at > ? AND c.to_at > ? \
         AND (s.expires_at IS NULL OR s.expires_at > ?)"
    );
    let values = [
        scope.workspace().uuid().into(),
        to.as_millis().into(),
        (from.as_millis() - LONGEST_CLAIM).into(),
        from.as_millis().into(),
        now.as_millis().into(),
    ];
    let rows: Vec<(String, i64, i64, Uuid)> =
        rows_at_once(db, "booking_claim", "unit, from_at, to_at, session", &query, values).await?;
    rows.into_iter()
        .map(|(unit, from, to, session)| {
            Ok(Busy {
                unit: read_unit(&unit)?,
                from: Timestamp::from_millis(from),
                to: Timestamp::from_millis(to),
                by: BusyBy::Booking,
                session: Some(SessionId::from_uuid(session)),
            })
        })
        .collect()
}

/// Sessions that start between two instants: what counts towards limits, and those of one type with the seats left in
/// them.
pub async fn starting(
    db: &impl Db,
    scope: Scope,
    kind: BookingTypeId,
    (from, to): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<(Vec<Counted>, Vec<Session>)> {
    let backend = db.get_database_backend();
    let (id, type_id) = (dialect::uuid_text(backend, "s.id"), dialect::uuid_text(backend, "s.type_id"));
    // A session with one seat that is kept at all is full.
    let query = format!(
        "SELECT {id} AS id, {type_id} AS type_id, s.start_at, s.end_at, s.staff, s.capacity, \
         CASE WHEN s.capacity > 1 AND s.type_id = ? THEN \
         (SELECT COUNT(*) FROM booking_seat t LEFT JOIN booking_hold h ON h.id = t.holder \
         WHERE t.session_id = s.id AND (h.id IS NULL OR h.expires_at > ?)) ELSE s.capacity END AS taken \
         FROM booking_session s WHERE s.workspace_id = ? AND s.start_at >= ? AND s.start_at < ? \
         AND (s.expires_at IS NULL OR s.expires_at > ?) ORDER BY s.start_at"
    );
    let values = [
        kind.uuid().into(),
        now.as_millis().into(),
        scope.workspace().uuid().into(),
        from.as_millis().into(),
        to.as_millis().into(),
        now.as_millis().into(),
    ];
    let columns = "id, type_id, start_at, end_at, staff, capacity, taken";
    let rows: Vec<(Uuid, Uuid, i64, i64, String, u32, u32)> =
        rows_at_once(db, TABLE, columns, &query, values).await?;
    let (mut counted, mut sessions) = (Vec::with_capacity(rows.len()), Vec::new());
    for (id, type_id, start, end, staff, capacity, taken) in rows {
        let (type_id, start) = (BookingTypeId::from_uuid(type_id), Timestamp::from_millis(start));
        let staff: Vec<StaffId> = from_json(TABLE, &staff)?;
        if type_id == kind {
            sessions.push(Session {
                id: SessionId::from_uuid(id),
                start,
                end: Timestamp::from_millis(end),
                staff: staff.clone(),
                seats_left: capacity.saturating_sub(taken),
            });
        }
        counted.push(Counted { type_id, staff, start });
    }
    Ok((counted, sessions))
}
