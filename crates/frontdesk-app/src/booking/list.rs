//! Looking at appointments: one, a list, a calendar, what happened, and the team's notes.

use frontdesk_domain::access::Permission;
use frontdesk_domain::availability::hours::{House, Where};
use frontdesk_domain::availability::interval::Interval;
use frontdesk_domain::availability::zone::date_of;
use frontdesk_domain::availability::{blocked, open_hours};
use frontdesk_domain::booking::{Booking, BookingChange, BookingNote, BookingStatus};
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{BookingId, BookingNoteId, BookingTypeId, CalendarId, ContactId, StaffId};
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::text;
use frontdesk_domain::time::Timestamp;
use frontdesk_store::booking::{Filter, Order};
use frontdesk_store::{booking, user};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;
use utoipa::{IntoParams, ToSchema};

use crate::contact::finds_names_only;
use crate::validate::{Validator, check_query};
use crate::{App, AppError, Result};

/// Which appointments.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BookingQuery {
    /// Of these statuses, separated by commas.
    #[param(max_length = 100)]
    pub status: Option<String>,
    /// Of these types, separated by commas.
    #[serde(rename = "type")]
    #[param(max_length = 1000)]
    pub kinds: Option<String>,
    /// With these staff, separated by commas.
    #[param(max_length = 1000)]
    pub staff: Option<String>,
    /// Of this contact.
    pub contact: Option<ContactId>,
    /// That end after.
    pub from: Option<Timestamp>,
    /// That start before.
    pub to: Option<Timestamp>,
    /// Whose name, address, number or reference holds this.
    #[param(max_length = 200)]
    pub q: Option<String>,
    /// `start` (the default) or `-start`.
    #[param(max_length = 20)]
    pub sort: Option<String>,
    /// Where the previous page ended.
    #[param(max_length = 400)]
    pub cursor: Option<String>,
    /// How many, 1 to 250.
    #[param(minimum = 1, maximum = 250)]
    pub limit: Option<u32>,
}

pub(super) fn each<T: std::str::FromStr>(field: &str, text: Option<&str>) -> Result<Vec<T>> {
    let words = text.unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty());
    words
        .take(30)
        .map(|word| {
            word.parse().map_err(|_| AppError::invalid(field, "holds something that is not one of these"))
        })
        .collect()
}

fn statuses(text: Option<&str>) -> Result<Vec<BookingStatus>> {
    let words = text.unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty());
    words
        .take(10)
        .map(|word| {
            BookingStatus::ALL
                .into_iter()
                .find(|status| status.as_str() == word)
                .ok_or_else(|| AppError::invalid("/status", "holds something that is no status"))
        })
        .collect()
}

/// A page of appointments with their number in all.
pub async fn list(app: &App, ctx: &Context, query: &BookingQuery) -> Result<Page<Booking>> {
    ctx.require(Permission::BookingsRead)?;
    check_query("/q", query.q.as_deref())?;
    let order = match query.sort.as_deref() {
        None | Some("" | "start") => Order::Start,
        Some("-start") => Order::StartLast,
        Some(_) => return Err(AppError::invalid("/sort", "must be `start` or `-start`")),
    };
    let filter = Filter {
        status: statuses(query.status.as_deref())?,
        kinds: each::<BookingTypeId>("/type", query.kinds.as_deref())?,
        staff: each::<StaffId>("/staff", query.staff.as_deref())?,
        contact: query.contact,
        from: query.from,
        to: query.to,
        q: query.q.clone(),
        names_only: finds_names_only(ctx),
    };
    let page = PageRequest { cursor: query.cursor.clone(), limit: query.limit };
    let offset = page.cursor.as_deref().unwrap_or("0").parse::<u32>();
    let offset = offset.map_err(|_| AppError::invalid("/cursor", "is not a cursor of this list"))?;
    Ok(booking::list(app.store.reader(), ctx.scope(), &filter, order, u64::from(offset), page.size()).await?)
}

/// One appointment.
pub async fn get(app: &App, ctx: &Context, id: BookingId) -> Result<Booking> {
    ctx.require(Permission::BookingsRead)?;
    Ok(booking::get(app.store.reader(), ctx.scope(), id).await?.booking)
}

/// The address at which the customer of an appointment sees, moves and cancels it.
pub async fn link(app: &App, ctx: &Context, id: BookingId) -> Result<String> {
    ctx.require(Permission::BookingsWrite)?;
    let stored = booking::get(app.store.reader(), ctx.scope(), id).await?;
    Ok(super::public::manage_url(app, &stored))
}

/// What happened to an appointment, oldest first.
pub async fn history(app: &App, ctx: &Context, id: BookingId) -> Result<Vec<BookingChange>> {
    ctx.require(Permission::BookingsRead)?;
    booking::get(app.store.reader(), ctx.scope(), id).await?;
    Ok(booking::list_changes(app.store.reader(), ctx.scope(), id).await?)
}

/// The team's notes on an appointment, oldest first.
pub async fn notes(app: &App, ctx: &Context, id: BookingId) -> Result<Vec<BookingNote>> {
    ctx.require(Permission::BookingsRead)?;
    booking::get(app.store.reader(), ctx.scope(), id).await?;
    Ok(booking::list_notes(app.store.reader(), ctx.scope(), id).await?)
}

/// A note to keep.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNote {
    /// What it says.
    #[schema(min_length = 1, max_length = 4000)]
    pub text: String,
}

/// Keeps a note on an appointment.
pub async fn add_note(app: &App, ctx: &Context, id: BookingId, new: &NewNote) -> Result<BookingNote> {
    ctx.require(Permission::BookingsWrite)?;
    let mut errors = Validator::new();
    let text = errors.take("/text", text::lines(&new.text, 4_000));
    errors.ensure("/text", !text.is_empty(), "must not be empty");
    errors.finish()?;
    let tx = app.store.begin(ctx).await?;
    booking::get(&tx, tx.scope(), id).await?;
    if booking::list_notes(&tx, tx.scope(), id).await?.len() >= 200 {
        return Err(AppError::Conflict("200 notes are the most; delete one first".to_owned()));
    }
    let name = match ctx.user() {
        Some(user) => user::names_everywhere(&tx, &[user]).await?.into_iter().next().map(|(_, name)| name),
        None => None,
    };
    let note = BookingNote {
        id: BookingNoteId::new(tx.now(), tx.random()),
        author: ctx.user(),
        author_name: name.unwrap_or_default(),
        text,
        created_at: tx.now(),
    };
    booking::insert_note(&tx, tx.scope(), id, &note).await?;
    tx.emit(Event::BookingUpdated { booking_id: id });
    tx.audit("booking.note", Some(id.to_string()), json!({ "note": note.id }));
    tx.commit().await?;
    Ok(note)
}

/// Deletes a note.
pub async fn delete_note(app: &App, ctx: &Context, id: BookingId, note: BookingNoteId) -> Result<()> {
    ctx.require(Permission::BookingsWrite)?;
    let tx = app.store.begin(ctx).await?;
    booking::delete_note(&tx, tx.scope(), id, note).await?;
    tx.emit(Event::BookingUpdated { booking_id: id });
    tx.audit("booking.note_delete", Some(id.to_string()), json!({ "note": note }));
    tx.commit().await?;
    Ok(())
}

/// A staff member's time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StaffTime {
    /// Whose.
    pub staff_id: StaffId,
    /// From.
    pub from: Timestamp,
    /// To, exclusive.
    pub to: Timestamp,
    /// Why, for blocked time.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// A day off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DayOff {
    /// The day, `YYYY-MM-DD`.
    pub date: String,
    /// Its name.
    pub name: String,
}

/// A stretch of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CalendarView {
    /// The appointments in it that were not called off.
    pub bookings: Vec<Booking>,
    /// When staff work.
    pub open: Vec<StaffTime>,
    /// When they are blocked.
    pub blocked: Vec<StaffTime>,
    /// What takes their time in connected calendars.
    pub busy: Vec<ExternalTime>,
    /// Days off of the business.
    pub holidays: Vec<DayOff>,
}

/// A time that is taken in a connected calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ExternalTime {
    /// Whose.
    pub staff_id: StaffId,
    /// From.
    pub from: Timestamp,
    /// To, exclusive.
    pub to: Timestamp,
    /// What it is called there; absent when the calendar hides it.
    pub title: Option<String>,
    /// In which calendar.
    pub calendar_id: CalendarId,
}

/// The calendar between two instants, at most 45 days.
pub async fn calendar(app: &App, ctx: &Context, from: Timestamp, to: Timestamp) -> Result<CalendarView> {
    ctx.require(Permission::BookingsRead)?;
    let mut errors = Validator::new();
    errors.ensure("/to", to > from, "must be after `from`");
    errors.ensure(
        "/to",
        to.since(from) <= Duration::from_hours(24 * 45),
        "may be at most 45 days after `from`",
    );
    errors.finish()?;
    let (db, scope) = (app.store.reader(), ctx.scope());
    let status =
        BookingStatus::ALL.into_iter().filter(|status| *status != BookingStatus::Cancelled).collect();
    let filter = Filter { status, from: Some(from), to: Some(to), ..Filter::default() };
    let bookings = booking::list(db, scope, &filter, Order::Start, 0, 2_000).await?.items;
    let business = frontdesk_store::workspace::get(db, scope).await?;
    let settings = frontdesk_store::booking_settings::get(db, scope).await?;
    let staff = frontdesk_store::staff::list(db, scope).await?;
    let days = {
        let clocks = frontdesk_domain::availability::zone::Clocks::new(&business.zone, from, to);
        (clocks.day(from.as_millis()), clocks.day(to.as_millis()))
    };
    let off = frontdesk_domain::holiday::days_off(&settings.holidays, days);
    let mut view = CalendarView {
        bookings,
        open: Vec::new(),
        blocked: Vec::new(),
        busy: frontdesk_store::calendar::busy(db, scope, (from, to))
            .await?
            .into_iter()
            .map(|time| ExternalTime {
                staff_id: time.staff_id,
                from: time.from,
                to: time.to,
                title: Some(time.title).filter(|title| !title.is_empty()),
                calendar_id: time.calendar_id,
            })
            .collect(),
        holidays: off
            .iter()
            .map(|(day, name)| DayOff { date: date_of(*day).to_string(), name: name.clone() })
            .collect(),
    };
    let house = House { zone: &business.zone, hours: &business.hours, holidays: &off };
    for member in staff.iter().filter(|member| member.settings.active) {
        let schedule = member.settings.schedule.as_ref();
        let time = |interval: Interval, reason: String| StaffTime {
            staff_id: member.id,
            from: Timestamp::from_millis(interval.from),
            to: Timestamp::from_millis(interval.to),
            reason,
        };
        let open = open_hours(schedule, house, Where::Anywhere, from, to);
        view.open.extend(open.into_iter().map(|interval| time(interval, String::new())));
        let blocks = schedule.map(|schedule| blocked(schedule, house, from, to)).unwrap_or_default();
        view.blocked.extend(blocks.into_iter().map(|block| time(block.time, block.reason)));
    }
    Ok(view)
}
