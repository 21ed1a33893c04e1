//! What comes back from calendars: our events moved or deleted by their owner, and tentative appointments that turn out to
//! hold.
//!
//! A moved event moves its appointment; where that cannot be, and when the event was deleted, the appointment stays as it is
//! and is flagged for a person: customers are not stood up by a slip in a calendar. What is being written right now is not
//! judged: the listing may be older than the write.

use std::collections::BTreeSet;

use frontdesk_connector::calendar::RemoteEvent;
use frontdesk_domain::booking::{Booking, BookingStatus};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{BookingId, StaffId};
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::written;
use frontdesk_store::calendar::{self, Stored};
use frontdesk_store::calendar_event::{self, CalendarEvent};
use frontdesk_store::{StoreError, booking, booking_settings, booking_type, workspace};

use super::stale_before;
use super::sync::Listing;
use crate::booking::{Move, confirm, flag, reschedule, settle};
use crate::{App, AppError, Result};

/// What a listing says of our events.
#[derive(Debug, Default)]
pub(super) struct Ours {
    /// Ids of events that stand for our bookings: they block nothing, the bookings do.
    pub ids: BTreeSet<String>,
    /// Something could not be judged yet: the same has to be listed again.
    pub unsettled: bool,
}

/// The booking an event stands for.
fn booking_of(event: &RemoteEvent) -> Option<BookingId> {
    let id = uuid::Uuid::try_parse(event.ours.as_ref()?.as_str()).ok()?;
    Some(BookingId::from_uuid(id))
}

/// Deals with what the calendar's owner did with our events.
pub(super) async fn come(app: &App, scope: Scope, stored: &Stored, listing: &Listing) -> Result<Ours> {
    let db = app.store.reader();
    let copies = calendar_event::list_of_calendar(db, scope, stored.calendar.id, listing.window.from).await?;
    let by_key = listing.by_key();
    let mut ours = Ours::default();
    let mut seen = BTreeSet::new();
    for event in by_key.values().flat_map(|events| events.iter()) {
        let Some(id) = booking_of(event) else { continue };
        let known = match booking::get(db, scope, id).await {
            Ok(known) => known.booking,
            // Another business's, or somebody's who had this calendar before.
            Err(StoreError::NotFound(_)) => continue,
            Err(error) => return Err(error.into()),
        };
        ours.ids.extend(event.ours.as_ref().map(|id| id.as_str().to_owned()));
        seen.insert(id);
        let Some(copy) = copies.iter().find(|copy| copy.booking_id == id) else { continue };
        if copy.written_at > listing.began {
            ours.unsettled = true;
        } else {
            found(app, scope, stored, copy, event, &known).await?;
        }
    }
    for copy in copies.iter().filter(|copy| !copy.gone && !seen.contains(&copy.booking_id)) {
        let named = by_key.get(copy.remote_id.as_str()).is_some_and(|events| events.is_empty());
        let unnamed = listing.page.full
            && !by_key.contains_key(copy.remote_id.as_str())
            && copy.start < listing.window.to;
        if !named && !unnamed {
            continue;
        }
        if copy.written_at > listing.began {
            ours.unsettled = true;
        } else {
            deleted(app, scope, stored, copy).await?;
        }
    }
    Ok(ours)
}

/// Our event is there, perhaps somewhere else.
async fn found(
    app: &App,
    scope: Scope,
    stored: &Stored,
    copy: &CalendarEvent,
    event: &RemoteEvent,
    known: &Booking,
) -> Result<()> {
    let moved = (event.start, event.end) != (copy.start, copy.end);
    let stands = (event.start, event.end) == (known.start, known.end);
    let is_open = known.status.is_open() && known.end > app.clock.now();
    if moved && !stands && is_open {
        move_to(app, scope, stored, event, known).await?;
    }
    if moved || copy.gone || copy.etag != event.etag {
        let now = CalendarEvent {
            start: event.start,
            end: event.end,
            etag: event.etag.clone(),
            gone: false,
            ..copy.clone()
        };
        let tx = app.store.begin(&app.system(scope.workspace(), "calendar")).await?;
        calendar_event::put(&tx, scope, &now).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The owner moved it: so does the appointment, if it can.
async fn move_to(
    app: &App,
    scope: Scope,
    stored: &Stored,
    event: &RemoteEvent,
    known: &Booking,
) -> Result<()> {
    let ctx = app.system(scope.workspace(), "calendar");
    let minutes = event.end.since(event.start).as_secs() / 60;
    let refusal = if event.all_day {
        Some("an appointment cannot take whole days".to_owned())
    } else if event.start <= ctx.now() {
        Some("that time is over".to_owned())
    } else {
        let to = Move {
            start: Some(event.start),
            duration: u32::try_from(minutes).ok(),
            staff_id: known.staff.first().copied().filter(|_| known.staff.len() == 1),
            outside_hours: true,
            ..Move::default()
        };
        match reschedule(app, &ctx, known.id, &to).await {
            Ok(_) => None,
            Err(AppError::Taken(_)) => Some("somebody else has that time".to_owned()),
            Err(error @ (AppError::Invalid(_) | AppError::Conflict(_))) => Some(error.to_string()),
            Err(other) => return Err(other),
        }
    };
    let Some(why) = refusal else { return Ok(()) };
    let home = workspace::get(app.store.reader(), scope).await?;
    let when = written::moment(event.start, &home.zone, home.language);
    let name = &stored.calendar.name;
    let text = format!("It was moved to {when} in the calendar “{name}”, but {why}. It stays where it was.");
    flag(app, &ctx, known.id, &text).await
}

/// The owner deleted it, or moved it out of reach: a person has to decide.
async fn deleted(app: &App, scope: Scope, stored: &Stored, copy: &CalendarEvent) -> Result<()> {
    let ctx = app.system(scope.workspace(), "calendar");
    match booking::get(app.store.reader(), scope, copy.booking_id).await {
        Ok(known) => {
            let known = known.booking;
            if known.status.is_open() && known.end > ctx.now() {
                let name = &stored.calendar.name;
                let text = format!(
                    "It was deleted in the calendar “{name}”. The customer does not know; cancel it, or move it to another time."
                );
                flag(app, &ctx, known.id, &text).await?;
            }
        }
        Err(StoreError::NotFound(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let tx = app.store.begin(&ctx).await?;
    calendar_event::put(&tx, scope, &CalendarEvent { gone: true, ..copy.clone() }).await?;
    Ok(tx.commit().await?)
}

/// Confirms somebody's tentative appointments whose time turned out to be free, and flags those whose time is taken.
pub(super) async fn settle_tentative(app: &App, scope: Scope, owner: StaffId) -> Result<()> {
    let (db, now) = (app.store.reader(), app.clock.now());
    let filter = booking::Filter {
        status: vec![BookingStatus::Pending],
        staff: vec![owner],
        from: Some(now),
        ..booking::Filter::default()
    };
    let pending = booking::list(db, scope, &filter, booking::Order::Start, 0, 500).await?.items;
    let tentative: Vec<Booking> = pending.into_iter().filter(|booking| booking.tentative).collect();
    if tentative.is_empty() {
        return Ok(());
    }
    let minutes = booking_settings::get(db, scope).await?.calendar_stale_minutes;
    let stale = calendar::stale_staff(db, scope, stale_before(now, minutes)).await?;
    let ctx = app.system(scope.workspace(), "calendar");
    for known in tentative {
        if known.staff.iter().any(|id| stale.contains(id)) {
            continue;
        }
        let busy = calendar::busy(db, scope, (known.start, known.end)).await?;
        if busy.iter().any(|time| known.staff.contains(&time.staff_id)) {
            let text = "Its time was taken in a connected calendar before it could be confirmed. Move it, or confirm it all the same.";
            flag(app, &ctx, known.id, text).await?;
            continue;
        }
        let by_hand = match booking_type::get(db, scope, known.type_id).await {
            Ok(kind) => kind.settings.confirmation_required,
            Err(StoreError::NotFound(_)) => false,
            Err(error) => return Err(error.into()),
        };
        let done = if by_hand {
            settle(app, &ctx, known.id).await
        } else {
            confirm(app, &ctx, known.id).await.map(drop)
        };
        match done {
            // Somebody was faster.
            Ok(()) | Err(AppError::Conflict(_) | AppError::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Whether the news about somebody's time is too old to promise anything.
pub(crate) async fn is_stale(
    db: &impl frontdesk_store::Db,
    scope: Scope,
    staff: &[StaffId],
    now: Timestamp,
) -> Result<bool> {
    let minutes = booking_settings::get(db, scope).await?.calendar_stale_minutes;
    let stale = calendar::stale_staff(db, scope, stale_before(now, minutes)).await?;
    Ok(staff.iter().any(|id| stale.contains(id)))
}
