//! Writing appointments into calendars: made, moved, removed, each exactly once.
//!
//! An event's id is its booking's, so that a write which is repeated, after a crash or a lost answer, meets the event it made.
//! A job looks at the booking as it is then, and once more after it wrote: whoever writes last has seen the newest state.
//! Before it writes it notes that it does, so that no listing from before is mistaken for a change by the owner.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_connector::calendar::{Attendee, CalendarError, ClientId, OutgoingEvent, RemoteRef, graph};
use frontdesk_domain::booking::{Booking, BookingStatus};
use frontdesk_domain::booking_type::Location;
use frontdesk_domain::calendar::CalendarStatus;
use frontdesk_domain::context::Scope;
use frontdesk_domain::event::{Event, LoggedEvent};
use frontdesk_domain::id::{BookingId, StaffId};
use frontdesk_domain::phone;
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::calendar::{self, Stored};
use frontdesk_store::calendar_event::{self, CalendarEvent};
use frontdesk_store::{JobRequest, StoreError, Tx, booking};
use serde_json::{Value, json};

use super::account::{Trouble, with};
use super::connect::ask_for;
use super::sync::note;
use crate::jobs::failure;
use crate::notice;
use crate::{App, AppError, Result, token};

/// The job that brings the copies of one booking up to date.
pub const WRITE_JOB: &str = "calendar.write";
/// The job that does so for a staff member's appointments to come.
pub const PLACE_JOB: &str = "calendar.place";

/// How long a write may be under way; listings from before it ends are not judged.
const UNDER_WAY: Duration = Duration::from_mins(2);
/// Rounds in which a booking that changes all the time is followed.
const ROUNDS: u32 = 5;
/// Tries before a person has to look.
const TRIES: u16 = 20;

/// Plans the writing because of one event. Each event has a job of its own: one that runs already may have looked before.
pub fn plan(tx: &Tx, logged: &LoggedEvent) {
    let (Event::BookingCreated { booking_id }
    | Event::BookingConfirmed { booking_id }
    | Event::BookingRescheduled { booking_id, .. }
    | Event::BookingUpdated { booking_id }
    | Event::BookingCancelled { booking_id }) = &logged.event
    else {
        return;
    };
    tx.enqueue(job(*booking_id, &logged.seq.to_string()));
}

fn job(id: BookingId, because: &str) -> JobRequest {
    JobRequest::new(WRITE_JOB, json!({ "booking": id })).unique(format!("{id}:{because}")).attempts(TRIES)
}

/// Has all appointments of a staff member written that are to come.
pub async fn place(app: &Arc<App>, work: &ClaimedJob) -> Result<(), Failure> {
    let staff: StaffId = parsed(&work.payload, "staff")?;
    let scope = Scope::system(work.workspace);
    let done = async {
        let now = app.clock.now();
        let filter = booking::Filter {
            status: vec![BookingStatus::Pending, BookingStatus::Confirmed, BookingStatus::Rescheduled],
            staff: vec![staff],
            from: Some(now),
            ..booking::Filter::default()
        };
        let db = app.store.reader();
        let found = booking::list(db, scope, &filter, booking::Order::Start, 0, 2_000).await?.items;
        let tx = app.store.begin(&app.system(work.workspace, "calendar-place")).await?;
        for booking in found {
            tx.enqueue(job(booking.id, &work.id.to_string()));
        }
        Ok::<_, AppError>(tx.commit().await?)
    };
    done.await.map_err(|error| failure(&error))
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(payload: &Value, key: &str) -> Result<T, Failure> {
    let text = payload.get(key).and_then(Value::as_str).unwrap_or_default();
    text.parse().map_err(|error| Failure::Permanent(format!("{error}")))
}

/// Brings the copies of a booking up to date.
pub async fn run(app: &Arc<App>, work: &ClaimedJob) -> Result<(), Failure> {
    let id: BookingId = parsed(&work.payload, "booking")?;
    let scope = Scope::system(work.workspace);
    for _ in 0..ROUNDS {
        match follow(app, scope, id).await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(trouble) => return Err(trouble.failure(app.clock.now())),
        }
    }
    Err(Failure::Retry("the booking keeps changing".to_owned()))
}

/// One round; false when the booking changed meanwhile.
async fn follow(app: &App, scope: Scope, id: BookingId) -> Result<bool, Trouble> {
    let db = app.store.reader();
    let Some(known) = find(app, scope, id).await? else { return Ok(true) };
    let copies = calendar_event::list_of_booking(db, scope, id).await?;
    let calendars = calendar::list(db, scope).await?;
    let is_over = known.end <= app.clock.now();
    // What took place stays in the calendar as it is.
    if known.status != BookingStatus::Cancelled && (is_over || !known.status.is_open()) {
        return Ok(true);
    }
    let targets: Vec<&Stored> = calendars
        .iter()
        .filter(|it| known.status.is_open() && it.calendar.writes)
        .filter(|it| it.calendar.staff_id.is_some_and(|staff| known.staff.contains(&staff)))
        .filter(|it| it.calendar.status != CalendarStatus::Disconnected)
        .collect();
    for copy in &copies {
        let stays = targets.iter().any(|it| it.calendar.id == copy.calendar_id);
        let place = calendars.iter().find(|it| it.calendar.id == copy.calendar_id);
        if let (false, Some(place)) = (stays, place) {
            remove(app, scope, place, copy).await?;
        }
    }
    for target in targets {
        let copy = copies.iter().find(|copy| copy.calendar_id == target.calendar.id);
        put(app, scope, target, &known, copy).await?;
    }
    let now = find(app, scope, id).await?;
    Ok(now.is_none_or(|now| {
        now.updated_at == known.updated_at && now.sequence == known.sequence && now.status == known.status
    }))
}

async fn find(app: &App, scope: Scope, id: BookingId) -> Result<Option<Booking>> {
    match booking::get(app.store.reader(), scope, id).await {
        Ok(stored) => Ok(Some(stored.booking)),
        Err(StoreError::NotFound(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn remove(app: &App, scope: Scope, place: &Stored, copy: &CalendarEvent) -> Result<(), Trouble> {
    let (calendar, remote) = (place.remote_id.clone(), remote_of(copy));
    // A write whose answer was lost left an event whose name is not known: it is written once more, to know it.
    let remote = match remote {
        Some(remote) => remote,
        None => match find(app, scope, copy.booking_id).await? {
            Some(known) => {
                written(app, scope, place, &outgoing(app, scope, place, &known).await?, None).await?
            }
            None => return Ok(()),
        },
    };
    let done = with(app, scope, place.calendar.connection_id, |client| {
        let (calendar, remote) = (calendar.clone(), remote.clone());
        async move { client.remove(&calendar, &remote).await }
    });
    judge(app, scope, place, done.await).await?;
    let tx = app.store.begin(&app.system(scope.workspace(), "calendar-write")).await?;
    calendar_event::delete(&tx, scope, copy.booking_id, copy.calendar_id).await?;
    tx.commit().await?;
    Ok(())
}

fn remote_of(copy: &CalendarEvent) -> Option<RemoteRef> {
    (!copy.remote_id.is_empty()).then(|| RemoteRef { id: copy.remote_id.clone(), etag: copy.etag.clone() })
}

async fn put(
    app: &App,
    scope: Scope,
    target: &Stored,
    known: &Booking,
    copy: Option<&CalendarEvent>,
) -> Result<(), Trouble> {
    let event = outgoing(app, scope, target, known).await?;
    let content = in_short(&event);
    if copy.is_some_and(|copy| copy.content == content) {
        return Ok(());
    }
    let ctx = app.system(scope.workspace(), "calendar-write");
    let mut kept = copy.cloned().unwrap_or(CalendarEvent {
        booking_id: known.id,
        calendar_id: target.calendar.id,
        remote_id: String::new(),
        etag: None,
        content: String::new(),
        start: known.start,
        end: known.end,
        gone: false,
        written_at: ctx.now(),
    });
    let tx = app.store.begin(&ctx).await?;
    kept.written_at = tx.now().plus(UNDER_WAY);
    calendar_event::put(&tx, scope, &kept).await?;
    tx.commit().await?;
    let outcome = written(app, scope, target, &event, copy.and_then(remote_of).as_ref()).await;
    let tx = app.store.begin(&ctx).await?;
    kept.written_at = tx.now();
    match outcome {
        Ok(remote) => {
            (kept.remote_id, kept.etag, kept.content) = (remote.id, remote.etag, content);
            (kept.start, kept.end, kept.gone) = (event.start, event.end, false);
            calendar_event::put(&tx, scope, &kept).await?;
            tx.commit().await?;
            Ok(())
        }
        Err(Trouble::Vendor(CalendarError::Conflict)) => {
            // The owner changed it at the same time: read first what they did.
            calendar_event::put(&tx, scope, &kept).await?;
            ask_for(&tx, target.calendar.id).await?;
            tx.commit().await?;
            Err(CalendarError::Conflict.into())
        }
        Err(trouble) => {
            // It may have been written all the same: not to be judged until it was tried again.
            drop(tx);
            Err(trouble)
        }
    }
}

async fn written(
    app: &App,
    scope: Scope,
    target: &Stored,
    event: &OutgoingEvent,
    known: Option<&RemoteRef>,
) -> Result<RemoteRef, Trouble> {
    let done = with(app, scope, target.calendar.connection_id, |client| {
        let (calendar, event, known) = (target.remote_id.clone(), event.clone(), known.cloned());
        async move { client.put(&calendar, &event, known.as_ref()).await }
    });
    judge(app, scope, target, done.await).await
}

/// What the calendar itself refuses is noted there, for people to see.
async fn judge<T>(
    app: &App,
    scope: Scope,
    place: &Stored,
    outcome: Result<T, Trouble>,
) -> Result<T, Trouble> {
    if let Err(Trouble::Vendor(
        error @ (CalendarError::Unauthorized | CalendarError::NotFound | CalendarError::Rejected { .. }),
    )) = &outcome
    {
        note(app, scope, place.calendar.id, error).await?;
    }
    outcome
}

/// The same text means the same event.
fn in_short(event: &OutgoingEvent) -> String {
    let parts = json!([
        event.summary,
        event.description,
        event.location,
        event.start,
        event.end,
        event.sequence,
        event.attendees.iter().map(|it| [&it.name, &it.email]).collect::<Vec<_>>(),
    ]);
    token::hash(&parts.to_string())
}

/// A booking as its staff see it in their calendar.
async fn outgoing(app: &App, scope: Scope, target: &Stored, known: &Booking) -> Result<OutgoingEvent> {
    let facts = notice::facts_of(app, scope, known.id).await?;
    let id = ClientId::new(known.id.uuid().simple().to_string())
        .ok_or_else(|| AppError::Internal(format!("{} makes no event id", known.id)))?;
    let open = if known.status == BookingStatus::Pending { " (to be confirmed)" } else { "" };
    let mut lines = vec![format!("{} {}", known.type_name, known.reference)];
    lines.extend(known.email.clone());
    lines.extend(known.phone.as_deref().map(phone::to_international));
    for (key, answer) in &known.answers {
        let label = facts.questions.iter().find(|(known, _)| known == key).map_or(key, |(_, label)| label);
        lines.push(format!("{label}: {answer}"));
    }
    lines.extend(Some(known.message.clone()).filter(|message| !message.is_empty()));
    lines.push(format!("{}/calendar?booking={}", app.settings.public_url, known.id));
    let place = match &known.location {
        Location::Video { url } => url.clone(),
        _ => facts.location.clone(),
    };
    // Microsoft invites whoever is an attendee; our own mail does that.
    let attendees = known.email.iter().filter(|_| target.calendar.vendor != graph::ID);
    Ok(OutgoingEvent {
        id,
        summary: format!("{}: {}{open}", known.name, known.type_name),
        description: lines.join("\n"),
        location: place,
        start: known.start,
        end: known.end,
        zone: facts.home.zone.clone(),
        attendees: attendees
            .map(|email| Attendee { name: known.name.clone(), email: email.clone() })
            .collect(),
        sequence: known.sequence,
        updated_at: known.updated_at,
    })
}
