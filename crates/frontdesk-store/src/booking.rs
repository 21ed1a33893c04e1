//! Bookings with their history and notes.

use frontdesk_domain::booking::{
    Booking, BookingChange, BookingChangeKind, BookingNote, BookingStatus, Cancellation,
};
use frontdesk_domain::booking_type::{Location, Price};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::WorkspaceId;
use frontdesk_domain::id::{
    BookingId, BookingNoteId, BookingTypeId, ContactId, ConversationId, ResourceId, SessionId, StaffId,
    UserId,
};
use frontdesk_domain::locale::Language;
use frontdesk_domain::page::Page;
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

use crate::column::{from_json, from_word, to_json, to_word};
use crate::contact::{named, search_pattern, searchable};
use crate::entity::booking::{ActiveModel, Column, Entity, Model};
use crate::entity::{booking_change, booking_note};
use crate::tx::Db;
use crate::{Result, StoreError, dialect, mail_bounce};

const TABLE: &str = "booking";
/// Statuses of a booking that is still to come.
const OPEN: [BookingStatus; 3] =
    [BookingStatus::Pending, BookingStatus::Confirmed, BookingStatus::Rescheduled];

/// What nobody searches by, in one column.
#[derive(Debug, Serialize, Deserialize)]
struct Details {
    type_name: String,
    zone: String,
    language: Language,
    name: String,
    email: Option<String>,
    phone: Option<String>,
    seats: u32,
    resources: Vec<ResourceId>,
    location: Location,
    price: Option<Price>,
    answers: BTreeMap<String, String>,
    message: String,
    conversation_id: Option<ConversationId>,
    tentative: bool,
    flagged: Option<String>,
    cancellation: Option<Cancellation>,
    moves: u32,
    sequence: u32,
    secret: String,
}

/// A booking with the session it has seats in; none when it was called off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The booking.
    pub booking: Booking,
    /// Its session.
    pub session: Option<SessionId>,
    /// What the customer's link proves itself with.
    pub secret: String,
}

fn read(row: Model) -> Result<Stored> {
    let details: Details = from_json(TABLE, &row.details)?;
    let booking = Booking {
        id: BookingId::from_uuid(row.id),
        reference: row.reference,
        type_id: BookingTypeId::from_uuid(row.type_id),
        type_name: details.type_name,
        status: from_word(TABLE, &row.status)?,
        start: Timestamp::from_millis(row.start_at),
        end: Timestamp::from_millis(row.end_at),
        zone: details.zone,
        language: details.language,
        contact_id: ContactId::from_uuid(row.contact_id),
        name: details.name,
        email: details.email,
        phone: details.phone,
        seats: details.seats,
        staff: from_json(TABLE, &row.staff)?,
        resources: details.resources,
        location: details.location,
        price: details.price,
        answers: details.answers,
        message: details.message,
        source: from_word(TABLE, &row.source)?,
        conversation_id: details.conversation_id,
        tentative: details.tentative,
        flagged: details.flagged,
        cancellation: details.cancellation,
        moves: details.moves,
        sequence: details.sequence,
        created_at: Timestamp::from_millis(row.created_at),
        updated_at: Timestamp::from_millis(row.updated_at),
    };
    Ok(Stored { booking, session: row.session_id.map(SessionId::from_uuid), secret: details.secret })
}

fn row(scope: Scope, stored: &Stored) -> Result<Model> {
    let booking = &stored.booking;
    let details = Details {
        type_name: booking.type_name.clone(),
        zone: booking.zone.clone(),
        language: booking.language,
        name: booking.name.clone(),
        email: booking.email.clone(),
        phone: booking.phone.clone(),
        seats: booking.seats,
        resources: booking.resources.clone(),
        location: booking.location.clone(),
        price: booking.price.clone(),
        answers: booking.answers.clone(),
        message: booking.message.clone(),
        conversation_id: booking.conversation_id,
        tentative: booking.tentative,
        flagged: booking.flagged.clone(),
        cancellation: booking.cancellation.clone(),
        moves: booking.moves,
        sequence: booking.sequence,
        secret: stored.secret.clone(),
    };
    let found_by =
        [Some(&booking.name), booking.email.as_ref(), booking.phone.as_ref(), Some(&booking.reference)];
    Ok(Model {
        id: booking.id.uuid(),
        workspace_id: scope.workspace().uuid(),
        reference: booking.reference.clone(),
        type_id: booking.type_id.uuid(),
        session_id: stored.session.map(SessionId::uuid),
        contact_id: booking.contact_id.uuid(),
        status: booking.status.as_str().to_owned(),
        start_at: booking.start.as_millis(),
        end_at: booking.end.as_millis(),
        staff: to_json(TABLE, &booking.staff)?,
        source: to_word(TABLE, &booking.source)?,
        details: to_json(TABLE, &details)?,
        search: searchable(&found_by),
        request_key: None,
        request_hash: String::new(),
        created_at: booking.created_at.as_millis(),
        updated_at: booking.updated_at.as_millis(),
    })
}

fn in_scope(scope: Scope) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
}

/// The key under which a program may repeat a request, and a hash of what it asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// The key.
    pub key: String,
    /// Of the request.
    pub hash: String,
}

/// Stores a new booking.
///
/// # Errors
/// [`StoreError::Duplicate`] when its reference or its request key is taken.
pub async fn insert(db: &impl Db, scope: Scope, stored: &Stored, request: Option<&RequestKey>) -> Result<()> {
    let mut model = row(scope, stored)?;
    model.request_key = request.map(|request| request.key.clone());
    model.request_hash = request.map(|request| request.hash.clone()).unwrap_or_default();
    Entity::insert(model.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

/// The booking made by an earlier request with this key, and that request's hash.
pub async fn find_by_request(db: &impl Db, scope: Scope, key: &str) -> Result<Option<(Stored, String)>> {
    let Some(model) = in_scope(scope).filter(Column::RequestKey.eq(key)).one(db).await? else {
        return Ok(None);
    };
    let hash = model.request_hash.clone();
    Ok(Some((read(model)?, hash)))
}

/// Which of these keys requested a booking.
pub async fn known_requests(db: &impl Db, scope: Scope, keys: &[String]) -> Result<BTreeSet<String>> {
    let mut known = BTreeSet::new();
    for some in keys.chunks(500) {
        let found: Vec<Option<String>> = in_scope(scope)
            .select_only()
            .column(Column::RequestKey)
            .filter(Column::RequestKey.is_in(some))
            .into_tuple()
            .all(db)
            .await?;
        known.extend(found.into_iter().flatten());
    }
    Ok(known)
}

/// One, in whatever workspace, with that workspace.
pub async fn find_everywhere(db: &impl Db, id: BookingId) -> Result<Option<(WorkspaceId, Stored)>> {
    let Some(model) = Entity::find_by_id(id.uuid()).one(db).await? else { return Ok(None) };
    Ok(Some((WorkspaceId::from_uuid(model.workspace_id), read(model)?)))
}

/// One, which must exist.
pub async fn get(db: &impl Db, scope: Scope, id: BookingId) -> Result<Stored> {
    let found = in_scope(scope).filter(Column::Id.eq(id.uuid())).one(db).await?;
    found.map(read).transpose()?.ok_or(StoreError::NotFound(TABLE))
}

/// As [`get`], held against other units of work until this one ends.
pub async fn get_for_update(db: &impl Db, scope: Scope, id: BookingId) -> Result<Stored> {
    let found = in_scope(scope).filter(Column::Id.eq(id.uuid())).lock_exclusive().one(db).await?;
    found.map(read).transpose()?.ok_or(StoreError::NotFound(TABLE))
}

/// Replaces a booking's row, keeping the request it came from.
pub async fn update(db: &impl Db, scope: Scope, stored: &Stored) -> Result<()> {
    let model = row(scope, stored)?;
    let done = Entity::update_many()
        .set(ActiveModel {
            session_id: Set(model.session_id),
            contact_id: Set(model.contact_id),
            status: Set(model.status),
            start_at: Set(model.start_at),
            end_at: Set(model.end_at),
            staff: Set(model.staff),
            details: Set(model.details),
            search: Set(model.search),
            updated_at: Set(model.updated_at),
            ..ActiveModel::default()
        })
        .filter(Column::Id.eq(stored.booking.id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound(TABLE)) } else { Ok(()) }
}

/// Which bookings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of these statuses; of any when empty.
    pub status: Vec<BookingStatus>,
    /// Of these types; of any when empty.
    pub kinds: Vec<BookingTypeId>,
    /// With one of these staff; with anybody when empty.
    pub staff: Vec<StaffId>,
    /// Of this contact.
    pub contact: Option<ContactId>,
    /// That end after.
    pub from: Option<Timestamp>,
    /// That start before.
    pub to: Option<Timestamp>,
    /// Whose name, address, number or reference holds this.
    pub q: Option<String>,
    /// That counts in names and references alone.
    pub names_only: bool,
}

impl Filter {
    fn condition(&self, backend: sea_orm::DbBackend) -> Condition {
        let statuses = self.status.iter().map(|status| status.as_str());
        let kinds = self.kinds.iter().map(|kind| kind.uuid());
        let mut staff = Condition::any();
        for id in &self.staff {
            staff = staff.add(Column::Staff.contains(id.to_string()));
        }
        let q = self.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
        Condition::all()
            .add_option((!self.status.is_empty()).then(|| Column::Status.is_in(statuses)))
            .add_option((!self.kinds.is_empty()).then(|| Column::TypeId.is_in(kinds)))
            .add_option((!self.staff.is_empty()).then_some(staff))
            .add_option(self.contact.map(|contact| Column::ContactId.eq(contact.uuid())))
            .add_option(self.from.map(|from| Column::EndAt.gt(from.as_millis())))
            .add_option(self.to.map(|to| Column::StartAt.lt(to.as_millis())))
            .add_option(q.map(|q| {
                let sql = dialect::sql(backend, "booking.search LIKE ? ESCAPE '\\'");
                Expr::cust_with_values(sql, [search_pattern(q)])
            }))
            .add_option(q.filter(|_| self.names_only).map(|q| {
                let sql = "EXISTS (SELECT 1 FROM contact c WHERE c.id = booking.contact_id \
                     AND c.name_key LIKE ? ESCAPE '\\')";
                let pattern = dialect::contains(&q.to_lowercase());
                let by_name = Expr::cust_with_values(dialect::sql(backend, sql), [pattern]);
                Condition::any().add(by_name).add(named(backend, "booking.reference", q))
            }))
    }
}

/// How bookings are ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// By start, the earliest first.
    #[default]
    Start,
    /// By start, the latest first.
    StartLast,
}

/// A page of bookings, with how many there are in all. The cursor is an offset: staff page through days, not millions.
pub async fn list(
    db: &impl Db,
    scope: Scope,
    filter: &Filter,
    order: Order,
    offset: u64,
    size: u32,
) -> Result<Page<Booking>> {
    let found = in_scope(scope).filter(filter.condition(db.get_database_backend()));
    let total = found.clone().count(db).await?;
    let found = match order {
        Order::Start => found.order_by_asc(Column::StartAt).order_by_asc(Column::Id),
        Order::StartLast => found.order_by_desc(Column::StartAt).order_by_desc(Column::Id),
    };
    let rows = found.offset(offset).limit(u64::from(size)).all(db).await?;
    let items = rows.into_iter().map(|row| Ok(read(row)?.booking)).collect::<Result<Vec<_>>>()?;
    let next = offset + items.len() as u64;
    Ok(Page { next_cursor: (next < total).then(|| next.to_string()), total: Some(total), items })
}

/// Bookings made with an e-mail address that are still to come, by start, at most `limit`; called off ones are left out.
pub async fn coming_of_email(
    db: &impl Db,
    scope: Scope,
    email: &str,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<Stored>> {
    let filter =
        Filter { status: OPEN.to_vec(), from: Some(now), q: Some(email.to_owned()), ..Filter::default() };
    let rows = in_scope(scope)
        .filter(filter.condition(db.get_database_backend()))
        .order_by_asc(Column::StartAt)
        .order_by_asc(Column::Id)
        // The search also finds addresses that hold this one.
        .limit(limit.saturating_mul(4))
        .all(db)
        .await?;
    let mut found = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    found.retain(|stored| stored.booking.email.as_deref().is_some_and(|it| it.eq_ignore_ascii_case(email)));
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// A contact's bookings that are still to come, by start, at most `limit`; called off ones are left out.
pub async fn coming_of_contact(
    db: &impl Db,
    scope: Scope,
    contact: ContactId,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<Stored>> {
    let filter =
        Filter { status: OPEN.to_vec(), from: Some(now), contact: Some(contact), ..Filter::default() };
    let rows = in_scope(scope)
        .filter(filter.condition(db.get_database_backend()))
        .order_by_asc(Column::StartAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// These bookings, in no order; those that are not there are left out.
pub async fn list_by_id(db: &impl Db, scope: Scope, ids: &[BookingId]) -> Result<Vec<Stored>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = in_scope(scope).filter(Column::Id.is_in(ids.iter().map(|id| id.uuid()))).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// The bookings of these references, in no order.
pub async fn list_by_reference(db: &impl Db, scope: Scope, references: &[&str]) -> Result<Vec<Booking>> {
    if references.is_empty() {
        return Ok(Vec::new());
    }
    let rows = in_scope(scope).filter(Column::Reference.is_in(references.iter().copied())).all(db).await?;
    rows.into_iter().map(|row| Ok(read(row)?.booking)).collect()
}

/// Whether open bookings still to come use a type, a staff member or nothing of both.
pub async fn count_open(
    db: &impl Db,
    scope: Scope,
    kind: Option<BookingTypeId>,
    staff: Option<StaffId>,
    now: Timestamp,
) -> Result<u64> {
    let filter = Filter {
        status: OPEN.to_vec(),
        kinds: kind.into_iter().collect(),
        staff: staff.into_iter().collect(),
        from: Some(now),
        ..Filter::default()
    };
    Ok(in_scope(scope).filter(filter.condition(db.get_database_backend())).count(db).await?)
}

/// Notes what happened to a booking.
pub async fn insert_change(
    db: &impl Db,
    scope: Scope,
    id: Uuid,
    booking: BookingId,
    change: &BookingChange,
) -> Result<()> {
    // Whoever numbers the next change has the booking to itself: a mail's outcome comes whenever it comes.
    get_for_update(db, scope, booking).await?;
    let last: Option<i32> = booking_change::Entity::find()
        .filter(booking_change::Column::BookingId.eq(booking.uuid()))
        .select_only()
        .column_as(booking_change::Column::Number.max(), "last")
        .into_tuple()
        .one(db)
        .await?
        .flatten();
    let row = booking_change::ActiveModel {
        number: Set(last.unwrap_or(0) + 1),
        id: Set(id),
        workspace_id: Set(scope.workspace().uuid()),
        booking_id: Set(booking.uuid()),
        at: Set(change.at.as_millis()),
        actor: Set(change.actor.clone()),
        actor_name: Set(change.actor_name.clone()),
        what: Set(to_json("booking_change", &change.what)?),
    };
    booking_change::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// What happened to a booking, oldest first, at most 500.
pub async fn list_changes(db: &impl Db, scope: Scope, booking: BookingId) -> Result<Vec<BookingChange>> {
    let rows = booking_change::Entity::find()
        .filter(booking_change::Column::BookingId.eq(booking.uuid()))
        .filter(booking_change::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .order_by_asc(booking_change::Column::Number)
        .limit(500)
        .all(db)
        .await?;
    rows.into_iter()
        .map(|row| {
            let what: BookingChangeKind = from_json("booking_change", &row.what)?;
            Ok(BookingChange {
                at: Timestamp::from_millis(row.at),
                actor: row.actor,
                actor_name: row.actor_name,
                what,
            })
        })
        .collect()
}

/// Keeps a note.
pub async fn insert_note(db: &impl Db, scope: Scope, booking: BookingId, note: &BookingNote) -> Result<()> {
    let row = booking_note::ActiveModel {
        id: Set(note.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        booking_id: Set(booking.uuid()),
        author: Set(note.author.map(UserId::uuid)),
        author_name: Set(note.author_name.clone()),
        text: Set(note.text.clone()),
        created_at: Set(note.created_at.as_millis()),
    };
    booking_note::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// A booking's notes, oldest first, at most 200.
pub async fn list_notes(db: &impl Db, scope: Scope, booking: BookingId) -> Result<Vec<BookingNote>> {
    let rows = booking_note::Entity::find()
        .filter(booking_note::Column::BookingId.eq(booking.uuid()))
        .filter(booking_note::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .order_by_asc(booking_note::Column::Id)
        .limit(200)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| BookingNote {
            id: BookingNoteId::from_uuid(row.id),
            author: row.author.map(UserId::from_uuid),
            author_name: row.author_name,
            text: row.text,
            created_at: Timestamp::from_millis(row.created_at),
        })
        .collect())
}

/// Deletes a note.
pub async fn delete_note(db: &impl Db, scope: Scope, booking: BookingId, note: BookingNoteId) -> Result<()> {
    let done = booking_note::Entity::delete_many()
        .filter(booking_note::Column::Id.eq(note.uuid()))
        .filter(booking_note::Column::BookingId.eq(booking.uuid()))
        .filter(booking_note::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("note")) } else { Ok(()) }
}

/// Gives one contact's bookings to another (merge).
pub(crate) async fn repoint_contact(
    db: &impl Db,
    scope: Scope,
    from: ContactId,
    to: ContactId,
) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::ContactId, Expr::value(to.uuid()))
        .filter(Column::ContactId.eq(from.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Takes the words of a contact's bookings away (erasure): that there was a booking stays, who came does not.
pub(crate) async fn erase_of_contact(
    db: &impl Db,
    scope: Scope,
    contact: ContactId,
    erased: &str,
) -> Result<()> {
    let rows = in_scope(scope).filter(Column::ContactId.eq(contact.uuid())).all(db).await?;
    for model in rows {
        let mut stored = read(model)?;
        let booking = &mut stored.booking;
        erased.clone_into(&mut booking.name);
        if let Some(email) = booking.email.take() {
            mail_bounce::forget(db, scope, &email).await?;
        }
        booking.phone = None;
        booking.answers.clear();
        booking.message.clear();
        if let Some(cancellation) = &mut booking.cancellation {
            cancellation.reason.clear();
        }
        booking_note::Entity::delete_many()
            .filter(booking_note::Column::BookingId.eq(booking.id.uuid()))
            .filter(booking_note::Column::WorkspaceId.eq(scope.workspace().uuid()))
            .exec(db)
            .await?;
        update(db, scope, &stored).await?;
    }
    Ok(())
}

/// Pending bookings whose time has come, at most 200.
pub async fn pending_past_everywhere(db: &impl Db, now: Timestamp) -> Result<Vec<(WorkspaceId, BookingId)>> {
    let rows: Vec<(Uuid, Uuid)> = Entity::find()
        .filter(Column::Status.eq(BookingStatus::Pending.as_str()))
        .filter(Column::StartAt.lte(now.as_millis()))
        .select_only()
        .column(Column::WorkspaceId)
        .column(Column::Id)
        .limit(200)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(workspace, id)| (WorkspaceId::from_uuid(workspace), BookingId::from_uuid(id)))
        .collect())
}
