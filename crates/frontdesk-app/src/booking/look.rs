//! Looking for a time: the free ones of a range, as a calendar asks for them, or as somebody does who talks; and when
//! there are none, why not and the next ones.

use std::time::Duration;

use frontdesk_domain::access::Permission;
use frontdesk_domain::availability::{self, Obstacle, ObstacleKind, Slot};
use frontdesk_domain::booking_type::BookingType;
use frontdesk_domain::context::{Actor, Context};
use frontdesk_domain::id::{BookingTypeId, SessionId, StaffId};
use frontdesk_domain::schedule::Staff;
use frontdesk_domain::time::Timestamp;
use frontdesk_store::{booking_session, booking_type};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::facts::Facts;
use super::hold::holder_of;
use crate::validate::Validator;
use crate::{App, AppError, Result};

const DAY: Duration = Duration::from_hours(24);
/// The longest range of one question.
const LONGEST: Duration = Duration::from_hours(24 * 100);
/// Starts within a range that are asked why they are not free.
const PROBES: u32 = 48;
/// The nearest two of them lie apart.
const STRIDE: Duration = Duration::from_mins(30);
/// Free times after a full range.
const LATER: usize = 3;
/// Free times near one that is taken.
const NEAR: usize = 3;

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
    let kind = booking_type::get(app.store.reader(), ctx.scope(), ask.type_id).await?;
    let look = Look {
        from: ask.from,
        to: ask.to,
        minutes: ask.duration.unwrap_or_else(|| kind.settings.usual_duration()),
        seats: ask.seats.unwrap_or(1),
        staff: ask.staff,
        moving,
        kind,
    };
    let (slots, _) = free(app, ctx, &look, (look.from, look.to)).await?;
    let next = if slots.is_empty() { later(app, ctx, &look, look.to).await? } else { Vec::new() };
    Ok(Found { slots, next: next.first().map(|slot| slot.start) })
}

/// A time that is looked for.
#[derive(Debug, Clone)]
pub struct Look {
    /// Of this type.
    pub kind: BookingType,
    /// From; not before now.
    pub from: Timestamp,
    /// To, exclusive; 100 days later at most.
    pub to: Timestamp,
    /// For so long.
    pub minutes: u32,
    /// For so many.
    pub seats: u32,
    /// With this staff member.
    pub staff: Option<StaffId>,
    /// What a booking that is to be moved takes: its session and seats.
    pub moving: Option<(SessionId, u32)>,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Looked {
    /// The free times, by start.
    pub slots: Vec<Slot>,
    /// When there are none: the first ones after the range.
    pub later: Vec<Slot>,
    /// When there are none: what stands in the way, over the whole range.
    pub obstacles: Vec<ObstacleKind>,
    /// Who does it.
    pub staff: Vec<Staff>,
}

/// Looks for a time. What the conversation's agent holds for the customer counts as free: it is theirs.
pub async fn look(app: &App, ctx: &Context, look: &Look) -> Result<Looked> {
    ctx.require(Permission::BookingsRead)?;
    let (from, to) = (look.from.max(ctx.now()), look.to);
    if to > from {
        let (slots, facts) = free(app, ctx, look, (from, to)).await?;
        if !slots.is_empty() {
            return Ok(Looked { slots, later: Vec::new(), obstacles: Vec::new(), staff: facts.staff });
        }
        let obstacles = obstacles_of(&facts, look, (from, to));
        let later = later(app, ctx, look, to).await?;
        return Ok(Looked { slots, later, obstacles, staff: facts.staff });
    }
    let later = later(app, ctx, look, ctx.now()).await?;
    let staff = frontdesk_store::staff::list(app.store.reader(), ctx.scope()).await?;
    Ok(Looked { slots: Vec::new(), later, obstacles: vec![ObstacleKind::Past], staff })
}

async fn facts_of(app: &App, ctx: &Context, look: &Look, range: (Timestamp, Timestamp)) -> Result<Facts> {
    let (db, scope, now) = (app.store.reader(), ctx.scope(), ctx.now());
    let mut facts = Facts::load(db, scope, look.kind.clone(), range, now).await?;
    if let Some((session, seats)) = look.moving {
        facts.forget_own(session, seats);
    }
    if let Actor::Agent(conversation) = ctx.actor {
        for kept in booking_session::holds_of(db, scope, &holder_of(conversation), now).await? {
            facts.forget_own(kept.session, kept.seats);
        }
    }
    Ok(facts)
}

/// The free times of a range, and the facts they follow from.
async fn free(
    app: &App,
    ctx: &Context,
    look: &Look,
    range: (Timestamp, Timestamp),
) -> Result<(Vec<Slot>, Facts)> {
    let facts = facts_of(app, ctx, look, range).await?;
    let slots = availability::slots(&facts.question(look.minutes, look.seats, look.staff), &[range]);
    Ok((slots, facts))
}

/// The first free times from an instant on, a month at a time, as far as the horizon.
async fn later(app: &App, ctx: &Context, look: &Look, after: Timestamp) -> Result<Vec<Slot>> {
    let last = ctx.now().plus(DAY * (look.kind.settings.horizon_days + 1));
    let mut from = after.max(ctx.now());
    while from < last {
        let to = from.plus(DAY * 31).min(last);
        let (mut found, _) = free(app, ctx, look, (from, to)).await?;
        if !found.is_empty() {
            found.truncate(LATER);
            return Ok(found);
        }
        from = to;
    }
    Ok(Vec::new())
}

/// Up to three free times near one that is not free any more.
pub(super) async fn near(app: &App, ctx: &Context, look: &Look) -> Result<Vec<Slot>> {
    let at = look.from;
    let range = (at.minus(DAY * 3).max(ctx.now()), at.plus(DAY * 4));
    let (mut found, _) = free(app, ctx, look, range).await?;
    found.retain(|slot| slot.start != at);
    found.sort_by_key(|slot| slot.start.as_millis().abs_diff(at.as_millis()));
    found.truncate(NEAR);
    found.sort_by_key(|slot| slot.start);
    Ok(found)
}

/// What stands in the way, each once, the first met first.
fn obstacles_of(facts: &Facts, look: &Look, (from, to): (Timestamp, Timestamp)) -> Vec<ObstacleKind> {
    let question = facts.question(look.minutes, look.seats, look.staff);
    let stride = (to.since(from) / PROBES).max(STRIDE);
    let mut found: Vec<ObstacleKind> = Vec::new();
    let mut at = from;
    while at < to {
        for Obstacle { kind, .. } in availability::obstacles(&question, at) {
            let known =
                found.iter().any(|other| std::mem::discriminant(other) == std::mem::discriminant(&kind));
            if !known {
                found.push(kind);
            }
        }
        at = at.plus(stride);
    }
    found
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
    let facts = Facts::load(db, scope, kind, (start, start.plus(DAY)), ctx.now()).await?;
    Ok(availability::obstacles(&facts.question(minutes, 1, staff), start))
}
