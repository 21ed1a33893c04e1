//! What the availability engine needs, read from the database, and the questions people ask of it.

use std::collections::BTreeMap;

use frontdesk_domain::access::Permission;
use frontdesk_domain::availability::{self, Busy, Counted, Obstacle, Question, Session, Slot};
use frontdesk_domain::booking_type::BookingType;
use frontdesk_domain::context::{Context, Scope};
use frontdesk_domain::id::{BookingTypeId, SessionId, StaffId};
use frontdesk_domain::schedule::{BookingSettings, Place, Resource, Staff};
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workspace::Workspace;
use frontdesk_store::{
    Db, booking_session, booking_settings, booking_type, calendar, place, resource, staff, workspace,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::{IntoParams, ToSchema};

use crate::validate::Validator;
use crate::{App, AppError, Result};

const DAY: Duration = Duration::from_hours(24);
/// The longest range of one question.
const LONGEST: Duration = Duration::from_hours(24 * 100);

/// Everything that decides when a type can be booked around a time.
pub(super) struct Facts {
    pub(super) now: Timestamp,
    pub(super) business: Workspace,
    pub(super) settings: BookingSettings,
    pub(super) kind: BookingType,
    pub(super) staff: Vec<Staff>,
    resources: Vec<Resource>,
    places: Vec<Place>,
    busy: Vec<Busy>,
    sessions: Vec<Session>,
    counted: Vec<Counted>,
    had: Vec<(StaffId, u32)>,
}

impl Facts {
    /// Reads them for a range. What the session `without` takes does not count: it is being moved.
    pub(super) async fn load(
        db: &impl Db,
        scope: Scope,
        kind: BookingType,
        (from, to): (Timestamp, Timestamp),
        now: Timestamp,
        without: Option<SessionId>,
    ) -> Result<Self> {
        let mut busy = booking_session::busy(db, scope, (from.minus(DAY), to.plus(DAY)), now).await?;
        let around = (from.minus(DAY), to.plus(DAY));
        busy.extend(calendar::busy(db, scope, around).await?.iter().map(calendar::StaffBusy::to_busy));
        // Whole weeks count towards limits; a little more of the past tells whose turn it is.
        let around = (from.minus(DAY * 21), to.plus(DAY * 9));
        let (counted, sessions) = booking_session::starting(db, scope, kind.id, around, now).await?;
        let mut had: BTreeMap<StaffId, u32> = BTreeMap::new();
        for id in counted.iter().filter(|it| it.type_id == kind.id).flat_map(|it| &it.staff) {
            *had.entry(*id).or_default() += 1;
        }
        let mut facts = Self {
            now,
            business: workspace::get(db, scope).await?,
            settings: booking_settings::get(db, scope).await?,
            staff: staff::list(db, scope).await?,
            resources: resource::list(db, scope).await?,
            places: place::list(db, scope).await?,
            had: had.into_iter().collect(),
            kind,
            busy,
            sessions,
            counted,
        };
        if let Some(moved) = without {
            facts.forget(moved);
        }
        Ok(facts)
    }

    /// Takes a session out: it is being left.
    pub(super) fn forget(&mut self, moved: SessionId) {
        self.busy.retain(|busy| busy.session != Some(moved));
        if let Some(session) = self.sessions.iter().find(|session| session.id == moved) {
            let own = self.counted.iter().position(|it| {
                it.type_id == self.kind.id && it.start == session.start && it.staff == session.staff
            });
            own.map(|at| self.counted.remove(at));
        }
        self.sessions.retain(|session| session.id != moved);
    }

    /// Takes out what somebody holds in a session, if nobody else is in it.
    pub(super) fn forget_own(&mut self, own: SessionId, seats: u32) {
        let shared =
            self.sessions.iter().find(|session| session.id == own).is_some_and(|session| {
                session.seats_left.saturating_add(seats) < self.kind.settings.capacity
            });
        if !shared {
            self.forget(own);
        }
    }

    pub(super) fn question(&self, minutes: u32, seats: u32, staff_id: Option<StaffId>) -> Question<'_> {
        Question {
            now: self.now,
            kind: &self.kind,
            minutes,
            seats,
            staff_id,
            zone: &self.business.zone,
            opening: &self.business.hours,
            settings: &self.settings,
            places: &self.places,
            staff: &self.staff,
            resources: &self.resources,
            busy: &self.busy,
            sessions: &self.sessions,
            counted: &self.counted,
            had: &self.had,
        }
    }

    /// Up to three times near one that is not free any more.
    pub(super) fn alternatives(
        &self,
        minutes: u32,
        seats: u32,
        staff: Option<StaffId>,
        near: Timestamp,
    ) -> Vec<Slot> {
        let range = (near.minus(DAY * 3).max(self.now), near.plus(DAY * 4));
        let mut found = availability::slots(&self.question(minutes, seats, staff), &[range]);
        found.retain(|slot| slot.start != near);
        found.sort_by_key(|slot| slot.start.as_millis().abs_diff(near.as_millis()));
        found.truncate(3);
        found.sort_by_key(|slot| slot.start);
        found
    }
}

/// What is asked of availability.
#[derive(Debug, Clone, Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Ask {
    /// The booking type.
    #[serde(rename = "type")]
    pub type_id: BookingTypeId,
    /// From.
    pub from: Timestamp,
    /// To, exclusive; at most 100 days later.
    pub to: Timestamp,
    /// Minutes; the type's usual duration when absent.
    #[param(minimum = 1, maximum = 1440)]
    #[schema(minimum = 1, maximum = 1440)]
    pub duration: Option<u32>,
    /// With this staff member.
    pub staff: Option<StaffId>,
    /// For so many.
    #[param(minimum = 1, maximum = 500)]
    #[schema(minimum = 1, maximum = 500)]
    pub seats: Option<u32>,
}

/// Slots of a range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Found {
    /// The slots, by start.
    pub slots: Vec<Slot>,
    /// When there is none: the first one after the range.
    pub next: Option<Timestamp>,
}

fn check(ask: &Ask) -> Result<()> {
    let mut errors = Validator::new();
    errors.ensure("/to", ask.to > ask.from, "must be after `from`");
    errors.ensure("/to", ask.to.since(ask.from) <= LONGEST, "may be at most 100 days after `from`");
    errors.ensure(
        "/duration",
        ask.duration.is_none_or(|it| (1..=1440).contains(&it)),
        "must be 1 to 1440 minutes",
    );
    errors.ensure("/seats", ask.seats.is_none_or(|it| (1..=500).contains(&it)), "must be 1 to 500");
    errors.finish()
}

/// When a type can be booked.
pub async fn slots(app: &App, ctx: &Context, ask: &Ask) -> Result<Found> {
    slots_but(app, ctx, ask, None).await
}

/// The same, when what a booking takes that is to be moved, its session and seats, counts as free.
pub(super) async fn slots_but(
    app: &App,
    ctx: &Context,
    ask: &Ask,
    moving: Option<(SessionId, u32)>,
) -> Result<Found> {
    ctx.require(Permission::BookingsRead)?;
    check(ask)?;
    let (db, scope) = (app.store.reader(), ctx.scope());
    let kind = booking_type::get(db, scope, ask.type_id).await?;
    let minutes = ask.duration.unwrap_or_else(|| kind.settings.usual_duration());
    let seats = ask.seats.unwrap_or(1);
    let free = async |range| {
        let mut facts = Facts::load(db, scope, kind.clone(), range, ctx.now(), None).await?;
        if let Some((session, seats)) = moving {
            facts.forget_own(session, seats);
        }
        Ok::<_, AppError>(availability::slots(&facts.question(minutes, seats, ask.staff), &[range]))
    };
    let found = free((ask.from, ask.to)).await?;
    if !found.is_empty() {
        return Ok(Found { slots: found, next: None });
    }
    // Nothing in the range: look further, a month at a time, as far as the horizon.
    let last = ctx.now().plus(DAY * (kind.settings.horizon_days + 1));
    let mut from = ask.to.max(ctx.now());
    while from < last {
        let to = from.plus(DAY * 31).min(last);
        if let Some(first) = free((from, to)).await?.first() {
            return Ok(Found { slots: Vec::new(), next: Some(first.start) });
        }
        from = to;
    }
    Ok(Found { slots: Vec::new(), next: None })
}

/// Why a type cannot be booked at a time; nothing when it can.
pub async fn obstacles(
    app: &App,
    ctx: &Context,
    type_id: BookingTypeId,
    start: Timestamp,
    duration: Option<u32>,
    staff: Option<StaffId>,
) -> Result<Vec<Obstacle>> {
    ctx.require(Permission::BookingsRead)?;
    if duration.is_some_and(|minutes| !(1..=1440).contains(&minutes)) {
        return Err(AppError::invalid("/duration", "must be 1 to 1440 minutes"));
    }
    let (db, scope) = (app.store.reader(), ctx.scope());
    let kind = booking_type::get(db, scope, type_id).await?;
    let minutes = duration.unwrap_or_else(|| kind.settings.usual_duration());
    let facts = Facts::load(db, scope, kind, (start, start.plus(DAY)), ctx.now(), None).await?;
    Ok(availability::obstacles(&facts.question(minutes, 1, staff), start))
}
