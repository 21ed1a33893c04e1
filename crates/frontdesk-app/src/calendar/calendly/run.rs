//! The import itself: types and hours with the first part, appointments a part at a call.

use std::collections::BTreeSet;

use frontdesk_connector::calendar::CalendarError;
use frontdesk_connector::calendar::calendly::{ImportedBooking, ImportedInvitee, ImportedType};
use frontdesk_domain::booking::BookingSource;
use frontdesk_domain::booking_type::{BookingTypeSettings, PoolMember, StaffMode, StaffPool};
use frontdesk_domain::context::Context;
use frontdesk_domain::id::{BookingTypeId, StaffId};
use frontdesk_domain::time::Timestamp;
use frontdesk_store::{booking, booking_type};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{BAD_LENGTH, CalendlyAccess, MOST_TYPES, NO_TYPE, Opened};
use super::{bookings, hours, line, minutes_of, misfit, open, refused, request_key, type_id};
use crate::booking::{Door, NewBooking};
use crate::schedule::{kind, things};
use crate::{App, AppError, Result, booking as bookings_here};

/// Appointments of one call, so that each answers soon.
const PART: usize = 50;
/// Words for a time that somebody has here.
pub(super) const TAKEN: &str = "the time is taken here; move one of the two, or book it by hand";

/// What to bring over.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendlyImport {
    /// A personal access token made at Calendly. It is used for this call and not kept.
    #[schema(format = Password, min_length = 1, max_length = 2000)]
    pub token: String,
    /// Who takes the appointments here.
    pub staff_id: StaffId,
    /// Kinds of appointment, by Calendly's addresses; all when absent. Only their appointments come over.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub types: Option<Vec<String>>,
    /// `true` replaces the staff member's weekly hours, `false` leaves them alone; when absent, they are set if the staff
    /// member has none of their own.
    #[serde(default)]
    pub hours: Option<bool>,
    /// `next` of the part before; absent for the first.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub after: Option<String>,
}

/// Something that was not brought over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CalendlyLeft {
    /// What it is called.
    pub name: String,
    /// When it starts, if it is an appointment.
    pub start: Option<Timestamp>,
    /// Why, and what to do.
    pub why: String,
}

/// How many things were made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CalendlyCount {
    /// Made now.
    pub made: u32,
    /// Here already, and left as they are.
    pub kept: u32,
    /// Not brought over.
    pub refused: Vec<CalendlyLeft>,
}

/// What became of the hours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CalendlyHoursDone {
    /// They are the staff member's now.
    Set,
    /// The staff member's own stay.
    #[default]
    Kept,
    /// There are none, or they cannot be read.
    Refused,
}

/// What one part of an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CalendlyReport {
    /// Kinds of appointment; all in the first part.
    pub types: CalendlyCount,
    /// Weekly hours; in the first part.
    pub hours: CalendlyHoursDone,
    /// Appointments of this part.
    pub bookings: CalendlyCount,
    /// Ask again with this as `after`: there is more.
    pub next: Option<String>,
    /// Calendly asks to wait for so many seconds before the next part.
    pub wait_seconds: Option<u64>,
}

/// Where a part ended: the start of its last appointment, and that appointment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Mark {
    start: Timestamp,
    key: String,
}

impl Mark {
    fn of(event: &ImportedBooking) -> Self {
        let mut key = request_key(&event.uri);
        key.truncate(40);
        Self { start: event.start, key }
    }

    fn read(text: &str) -> Option<Self> {
        let (millis, key) = text.split_once('.')?;
        Some(Self { start: Timestamp::from_millis(millis.parse().ok()?), key: key.to_owned() })
    }

    fn text(&self) -> String {
        format!("{}.{}", self.start.as_millis(), self.key)
    }
}

/// Brings over a part. Repeating it, or all of the import, makes nothing twice.
///
/// # Errors
/// A refused token or field; Calendly not answering before anything was done. Appointments that cannot be booked are no
/// error: the report names them.
pub async fn import(app: &App, ctx: &Context, ask: &CalendlyImport) -> Result<CalendlyReport> {
    let after = match ask.after.as_deref() {
        Some(text) => Some(Mark::read(text).ok_or_else(|| {
            AppError::invalid("/after", "is not `next` of an earlier answer; begin again without it")
        })?),
        None => None,
    };
    if ask.types.as_ref().is_some_and(|types| types.len() > MOST_TYPES) {
        return Err(AppError::invalid("/types", "may hold at most 100 entries"));
    }
    let access = CalendlyAccess { token: ask.token.clone(), staff_id: ask.staff_id };
    let opened = open(app, ctx, &access).await?;
    let mut report = CalendlyReport::default();
    if after.is_none() {
        report.types = types(app, ctx, ask, &opened).await?;
        report.hours = weekly(app, ctx, ask, &opened).await?;
    }
    appointments(app, ctx, ask, &opened, after, &mut report).await?;
    Ok(report)
}

fn is_chosen(ask: &CalendlyImport, uri: &str) -> bool {
    ask.types.as_ref().is_none_or(|types| types.iter().any(|chosen| chosen == uri))
}

async fn types(app: &App, ctx: &Context, ask: &CalendlyImport, opened: &Opened) -> Result<CalendlyCount> {
    let found = opened.client.types(&opened.me).await.map_err(|error| refused(&error))?;
    let mut count = CalendlyCount::default();
    let left = |name: &str, why: String| CalendlyLeft { name: line(name, 120), start: None, why };
    for (place, imported) in found.iter().filter(|it| is_chosen(ask, &it.uri)).enumerate() {
        if place >= MOST_TYPES {
            count.refused.push(left(&imported.name, "100 at a time are the most; choose fewer".to_owned()));
            continue;
        }
        if let Some(why) = misfit(imported) {
            count.refused.push(left(&imported.name, why.to_owned()));
            continue;
        }
        let id = type_id(ctx.scope(), &imported.uri);
        let (settings, slug) = (settings_of(imported, ask.staff_id), imported.slug.as_str());
        match kind::take_over(app, ctx, id, settings, slug).await {
            Ok(true) => count.made += 1,
            Ok(false) => count.kept += 1,
            Err(AppError::Internal(text)) => return Err(AppError::Internal(text)),
            Err(error) => count.refused.push(left(&imported.name, words(&error))),
        }
    }
    Ok(count)
}

fn settings_of(imported: &ImportedType, staff_id: StaffId) -> BookingTypeSettings {
    let usual = BookingTypeSettings::default();
    let is_color = |text: &&String| {
        text.len() == 7 && text.starts_with('#') && text.bytes().skip(1).all(|it| it.is_ascii_hexdigit())
    };
    let description: String =
        imported.description.chars().filter(|c| !c.is_control() || *c == '\n').take(2_000).collect();
    BookingTypeSettings {
        name: line(&imported.name, 120),
        description,
        active: imported.active,
        listed: imported.listed,
        color: imported.color.as_ref().filter(is_color).cloned().unwrap_or(usual.color),
        durations: vec![imported.minutes],
        staff: StaffPool { mode: StaffMode::Choose, members: vec![PoolMember { staff_id, weight: 1 }] },
        ..BookingTypeSettings::default()
    }
}

async fn weekly(
    app: &App,
    ctx: &Context,
    ask: &CalendlyImport,
    opened: &Opened,
) -> Result<CalendlyHoursDone> {
    if ask.hours == Some(false) {
        return Ok(CalendlyHoursDone::Kept);
    }
    let all = opened.client.hours(&opened.me).await.map_err(|error| refused(&error))?;
    let Some(Ok(schedule)) = hours::usual(&all).map(|usual| hours::schedule(usual, ctx.now())) else {
        return Ok(CalendlyHoursDone::Refused);
    };
    let set = things::take_over_hours(app, ctx, ask.staff_id, schedule, ask.hours == Some(true)).await?;
    Ok(if set { CalendlyHoursDone::Set } else { CalendlyHoursDone::Kept })
}

async fn appointments(
    app: &App,
    ctx: &Context,
    ask: &CalendlyImport,
    opened: &Opened,
    after: Option<Mark>,
    report: &mut CalendlyReport,
) -> Result<()> {
    let from = after.as_ref().map_or(ctx.now(), |mark| mark.start).max(ctx.now());
    // Two parts at least, so that those of the part before at the same instant do not fill it.
    let mut events = bookings(opened, from, ctx.now(), PART * 2).await?;
    events.retain(|event| after.as_ref().is_none_or(|mark| Mark::of(event) > *mark));
    events.sort_by_key(Mark::of);
    let more = events.len() > PART;
    events.truncate(PART);
    let here: BTreeSet<BookingTypeId> =
        booking_type::list(app.store.reader(), ctx.scope()).await?.into_iter().map(|kind| kind.id).collect();
    let keys: Vec<String> = events.iter().map(|event| request_key(&event.uri)).collect();
    let known = booking::known_requests(app.store.reader(), ctx.scope(), &keys).await?;
    let mut mark = after;
    for (event, key) in events.iter().zip(keys) {
        let outcome = if known.contains(&key) {
            Ok(Outcome::Kept)
        } else {
            one(app, ctx, ask, opened, &here, event, key).await
        };
        match outcome {
            Ok(Outcome::Made) => report.bookings.made += 1,
            Ok(Outcome::Kept) => report.bookings.kept += 1,
            Ok(Outcome::Refused(why)) => report.bookings.refused.push(CalendlyLeft {
                name: line(&event.name, 120),
                start: Some(event.start),
                why,
            }),
            Err(Stopped::Vendor(CalendarError::RateLimited { retry_after })) => {
                report.next = Some(mark.unwrap_or_else(|| before(event)).text());
                report.wait_seconds = Some(retry_after.as_secs().max(1));
                return Ok(());
            }
            Err(Stopped::Vendor(error)) => return Err(refused(&error)),
            Err(Stopped::Ours(error)) => return Err(error),
        }
        mark = Some(Mark::of(event));
    }
    report.next = mark.filter(|_| more).map(|mark| mark.text());
    Ok(())
}

/// The mark right before an appointment.
fn before(event: &ImportedBooking) -> Mark {
    Mark { start: event.start, key: String::new() }
}

enum Outcome {
    Made,
    Kept,
    Refused(String),
}

enum Stopped {
    Vendor(CalendarError),
    Ours(AppError),
}

async fn one(
    app: &App,
    ctx: &Context,
    ask: &CalendlyImport,
    opened: &Opened,
    here: &BTreeSet<BookingTypeId>,
    event: &ImportedBooking,
    key: String,
) -> Result<Outcome, Stopped> {
    let refuse = |why: &str| Ok(Outcome::Refused(why.to_owned()));
    let id = event.kind.as_deref().map(|uri| type_id(ctx.scope(), uri));
    if event.kind.as_deref().is_some_and(|uri| !is_chosen(ask, uri)) {
        return refuse("its kind of appointment was not chosen");
    }
    let Some(type_id) = id.filter(|id| here.contains(id)) else { return refuse(NO_TYPE) };
    let Some(minutes) = minutes_of(event) else { return refuse(BAD_LENGTH) };
    let guests = opened.client.invitees(event).await.map_err(Stopped::Vendor)?;
    let Some(first) = guests.first() else { return refuse("nobody comes to it any more") };
    let input = NewBooking {
        type_id: Some(type_id),
        start: Some(event.start),
        duration: Some(minutes),
        staff_id: Some(ask.staff_id),
        seats: u32::try_from(guests.len()).ok(),
        name: Some(line(&first.name, 120)),
        email: Some(first.email.clone()),
        zone: first.zone.clone().filter(|zone| jiff::tz::TimeZone::get(zone).is_ok()),
        message: others(&guests),
        outside_hours: true,
        notify: Some(false),
        ..NewBooking::default()
    };
    let door = Door { conversation_id: None, request_key: Some(key) };
    match bookings_here::create(app, ctx, &input, BookingSource::Import, &door).await {
        Ok(_) => Ok(Outcome::Made),
        Err(error @ (AppError::Internal(_) | AppError::Forbidden(_) | AppError::Unavailable(_))) => {
            Err(Stopped::Ours(error))
        }
        Err(error) => Ok(Outcome::Refused(words(&error))),
    }
}

/// Who comes beside the first.
fn others(guests: &[ImportedInvitee]) -> String {
    let others: Vec<String> = guests
        .iter()
        .skip(1)
        .map(|it| format!("{} ({})", line(&it.name, 120), line(&it.email, 254)))
        .collect();
    if others.is_empty() {
        return String::new();
    }
    format!("Also coming: {}", others.join(", ")).chars().take(2_000).collect()
}

fn words(error: &AppError) -> String {
    match error {
        AppError::Taken(_) | AppError::Raced => TAKEN.to_owned(),
        AppError::Invalid(fields) => {
            let said: Vec<String> = fields
                .iter()
                .map(|it| format!("{} {}", it.field.trim_start_matches('/').replace('/', " "), it.message))
                .collect();
            format!("{}; book it by hand", said.join("; "))
        }
        other => other.to_string(),
    }
}
