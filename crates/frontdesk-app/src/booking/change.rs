//! What becomes of an appointment: confirmed, moved, called off, taken place, missed.

use frontdesk_domain::access::Permission;
use frontdesk_domain::availability::SlotKey;
use frontdesk_domain::booking::{Booking, BookingChangeKind, BookingStatus, Cancellation, CancelledBy};
use frontdesk_domain::context::{Actor, Context};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{BookingId, StaffId};
use frontdesk_domain::template::TemplateKind;
use frontdesk_domain::text;
use frontdesk_domain::time::Timestamp;
use frontdesk_store::{booking, booking_session, booking_type};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::hold::release_own;
use super::line::{self, Happening};
use super::note;
use super::reserve::{Refused, Tries, Wanted, reserve};
use crate::validate::Validator;
use crate::{App, AppError, Result, notice};

/// Another time for an appointment: a slot, or a start.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Move {
    /// A slot as availability gave it.
    #[schema(max_length = 64)]
    pub slot: Option<String>,
    /// Or when it starts.
    pub start: Option<Timestamp>,
    /// Minutes; as long as before when absent.
    #[schema(minimum = 5, maximum = 1440)]
    pub duration: Option<u32>,
    /// With whom; with the same people, if they can, when absent.
    pub staff_id: Option<StaffId>,
    /// Outside of hours, notice and limits, as a person may; never over somebody.
    pub outside_hours: bool,
    /// Whether the customer gets a message about it; they do when absent.
    pub notify: Option<bool>,
}

/// Calling an appointment off.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Cancel {
    /// Why; the customer is told.
    #[schema(max_length = 1000)]
    pub reason: String,
    /// Whether the customer gets a message about it; they do when absent.
    pub notify: Option<bool>,
}

fn may(booking: &Booking, next: BookingStatus) -> Result<()> {
    if booking.status.may_become(next) {
        return Ok(());
    }
    let is = booking.status.as_str().replace('_', "-");
    Err(AppError::Conflict(format!("the appointment is {is}; that cannot be done with it any more")))
}

/// Moves an appointment; its old time becomes free in the same unit of work.
pub async fn reschedule(app: &App, ctx: &Context, id: BookingId, to: &Move) -> Result<Booking> {
    ctx.require(Permission::BookingsWrite)?;
    let mut errors = Validator::new();
    errors.ensure(
        "/duration",
        to.duration.is_none_or(|it| (5..=1440).contains(&it)),
        "must be 5 to 1440 minutes",
    );
    errors.ensure("/slot", to.slot.is_some() || to.start.is_some(), "is needed, or `start`");
    errors.finish()?;
    let mut tries = Tries::default();
    loop {
        match move_once(app, ctx, id, to).await {
            Ok(made) => return Ok(made),
            Err(why) => tries.again(app, ctx, why).await?,
        }
    }
}

async fn move_once(app: &App, ctx: &Context, id: BookingId, to: &Move) -> Result<Booking, Refused> {
    let tx = app.store.begin(ctx).await?;
    let scope = tx.scope();
    booking_session::take_turns(&tx).await?;
    booking_session::sweep(&tx, scope, tx.now()).await?;
    let mut stored = booking::get_for_update(&tx, scope, id).await?;
    let before = stored.booking.clone();
    let next = if before.status == BookingStatus::Pending {
        BookingStatus::Pending
    } else {
        BookingStatus::Rescheduled
    };
    may(&before, next)?;
    let long = (before.end.as_millis() - before.start.as_millis()) / 60_000;
    let key = match (&to.slot, to.start) {
        (Some(text), _) => {
            SlotKey::from_text(text).filter(|key| key.type_id == before.type_id).ok_or_else(|| {
                AppError::invalid("/slot", "is not a slot of this booking type; ask for the free times again")
            })?
        }
        (None, Some(start)) => SlotKey {
            type_id: before.type_id,
            start,
            minutes: to.duration.unwrap_or(u32::try_from(long).unwrap_or(30)),
            staff_id: to.staff_id,
        },
        (None, None) => return Err(AppError::invalid("/slot", "is needed, or `start`").into()),
    };
    let kind = booking_type::get(&tx, scope, before.type_id).await?;
    // Out of the old time first: it may overlap the new one.
    if let Some(session) = stored.session {
        booking_session::release(&tx, scope, session, id.uuid()).await?;
    }
    let wanted = Wanted {
        kind,
        start: key.start,
        minutes: key.minutes,
        seats: before.seats,
        staff_id: key.staff_id.or(to.staff_id),
        // The same person again if they can, anybody otherwise.
        rather: before.staff.first().copied().filter(|_| before.staff.len() == 1),
        by_hand: to.outside_hours,
    };
    release_own(&tx, ctx).await?;
    let session = reserve(&tx, &wanted, id.uuid()).await.map_err(|why| why.leaving(stored.session))?;
    booking_session::settle(&tx, scope, session.id).await?;
    let booking = &mut stored.booking;
    (booking.start, booking.end) = (session.start, session.end);
    booking.staff.clone_from(&session.staff);
    booking.resources.clone_from(&session.resources);
    booking.status = next;
    booking.moves += 1;
    booking.sequence += 1;
    booking.flagged = None;
    booking.updated_at = tx.now();
    stored.session = Some(session.id);
    booking::update(&tx, scope, &stored).await?;
    let moved = BookingChangeKind::Moved {
        from: before.start,
        to: stored.booking.start,
        from_staff: before.staff,
        to_staff: stored.booking.staff.clone(),
    };
    note(&tx, ctx, id, moved).await?;
    if to.notify == Some(false) {
        notice::withhold(&tx, &stored.booking, TemplateKind::BookingRescheduled).await?;
    }
    line::tell(&tx, ctx, &stored.booking, Happening::Moved).await?;
    tx.emit(Event::BookingRescheduled { booking_id: id, from: before.start });
    tx.audit(
        "booking.reschedule",
        Some(id.to_string()),
        json!({ "from": before.start, "to": stored.booking.start }),
    );
    tx.commit().await?;
    Ok(stored.booking)
}

/// Calls an appointment off; its time becomes free. Calling off what is called off already changes nothing.
pub async fn cancel(
    app: &App,
    ctx: &Context,
    id: BookingId,
    why: &Cancel,
    by: CancelledBy,
) -> Result<Booking> {
    ctx.require(Permission::BookingsWrite)?;
    let mut errors = Validator::new();
    let reason = errors.take("/reason", text::lines(&why.reason, 1_000));
    errors.finish()?;
    let tx = app.store.begin(ctx).await?;
    let scope = tx.scope();
    booking_session::take_turns(&tx).await?;
    let mut stored = booking::get_for_update(&tx, scope, id).await?;
    if stored.booking.status == BookingStatus::Cancelled {
        return Ok(stored.booking);
    }
    may(&stored.booking, BookingStatus::Cancelled)?;
    if let Some(session) = stored.session.take() {
        booking_session::release(&tx, scope, session, id.uuid()).await?;
    }
    let booking = &mut stored.booking;
    booking.status = BookingStatus::Cancelled;
    booking.cancellation = Some(Cancellation { by, reason: reason.clone(), at: tx.now() });
    booking.sequence += 1;
    booking.flagged = None;
    booking.updated_at = tx.now();
    booking::update(&tx, scope, &stored).await?;
    note(&tx, ctx, id, BookingChangeKind::Cancelled { reason }).await?;
    if why.notify == Some(false) {
        notice::withhold(&tx, &stored.booking, TemplateKind::BookingCancelled).await?;
        notice::withhold(&tx, &stored.booking, TemplateKind::BookingDeclined).await?;
    }
    line::tell(&tx, ctx, &stored.booking, Happening::Cancelled).await?;
    tx.emit(Event::BookingCancelled { booking_id: id });
    tx.audit("booking.cancel", Some(id.to_string()), json!({ "by": by }));
    tx.commit().await?;
    Ok(stored.booking)
}

/// Confirms a pending appointment.
pub async fn confirm(app: &App, ctx: &Context, id: BookingId) -> Result<Booking> {
    let kind = BookingChangeKind::Confirmed;
    become_(app, ctx, id, BookingStatus::Confirmed, kind, Event::BookingConfirmed { booking_id: id }).await
}

/// Notes that an appointment took place.
pub async fn complete(app: &App, ctx: &Context, id: BookingId) -> Result<Booking> {
    let kind = BookingChangeKind::Completed;
    become_(app, ctx, id, BookingStatus::Completed, kind, Event::BookingCompleted { booking_id: id }).await
}

/// Notes that the customer did not come.
pub async fn no_show(app: &App, ctx: &Context, id: BookingId) -> Result<Booking> {
    let kind = BookingChangeKind::NoShow;
    become_(app, ctx, id, BookingStatus::NoShow, kind, Event::BookingNoShow { booking_id: id }).await
}

/// Takes a mistaken `completed` or `no_show` back.
pub async fn reopen(app: &App, ctx: &Context, id: BookingId) -> Result<Booking> {
    let kind = BookingChangeKind::Reopened;
    become_(app, ctx, id, BookingStatus::Confirmed, kind, Event::BookingUpdated { booking_id: id }).await
}

async fn become_(
    app: &App,
    ctx: &Context,
    id: BookingId,
    next: BookingStatus,
    what: BookingChangeKind,
    event: Event,
) -> Result<Booking> {
    ctx.require(Permission::BookingsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let mut stored = booking::get_for_update(&tx, tx.scope(), id).await?;
    let reopens = what == BookingChangeKind::Reopened;
    let is_open = stored.booking.status.is_open();
    if reopens == is_open {
        return Err(AppError::Conflict(format!(
            "the appointment is {}; that cannot be done with it",
            stored.booking.status.as_str().replace('_', "-")
        )));
    }
    may(&stored.booking, next)?;
    // A receptionist marks people as they leave, not a week ahead.
    let early =
        matches!(next, BookingStatus::Completed | BookingStatus::NoShow) && stored.booking.start > ctx.now();
    if early && !matches!(ctx.actor, Actor::System(_)) {
        return Err(AppError::Conflict("the appointment has not begun yet".to_owned()));
    }
    stored.booking.status =
        if reopens && stored.booking.moves > 0 { BookingStatus::Rescheduled } else { next };
    stored.booking.updated_at = tx.now();
    if matches!(what, BookingChangeKind::Confirmed) {
        stored.booking.sequence += 1;
        stored.booking.tentative = false;
        stored.booking.flagged = None;
    }
    let action = match what {
        BookingChangeKind::Confirmed => "booking.confirm",
        BookingChangeKind::Completed => "booking.complete",
        BookingChangeKind::NoShow => "booking.no_show",
        _ => "booking.reopen",
    };
    booking::update(&tx, tx.scope(), &stored).await?;
    note(&tx, ctx, id, what).await?;
    tx.emit(event);
    tx.audit(action, Some(id.to_string()), json!({}));
    tx.commit().await?;
    Ok(stored.booking)
}

/// Flags an appointment for a person: something happened to it outside that only they can decide.
pub(crate) async fn flag(app: &App, ctx: &Context, id: BookingId, text: &str) -> Result<()> {
    let tx = app.store.begin(ctx).await?;
    let mut stored = booking::get_for_update(&tx, tx.scope(), id).await?;
    if stored.booking.flagged.as_deref() == Some(text) || !stored.booking.status.is_open() {
        return Ok(());
    }
    stored.booking.flagged = Some(text.to_owned());
    stored.booking.updated_at = tx.now();
    booking::update(&tx, tx.scope(), &stored).await?;
    note(&tx, ctx, id, BookingChangeKind::Flagged { text: text.to_owned() }).await?;
    tx.emit(Event::BookingUpdated { booking_id: id });
    Ok(tx.commit().await?)
}

/// Its time turned out to be free in the calendars; what is left is the confirmation that its type asks for.
pub(crate) async fn settle(app: &App, ctx: &Context, id: BookingId) -> Result<()> {
    let tx = app.store.begin(ctx).await?;
    let mut stored = booking::get_for_update(&tx, tx.scope(), id).await?;
    stored.booking.tentative = false;
    stored.booking.updated_at = tx.now();
    booking::update(&tx, tx.scope(), &stored).await?;
    tx.emit(Event::BookingUpdated { booking_id: id });
    Ok(tx.commit().await?)
}
