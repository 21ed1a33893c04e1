//! Looking for a time, as somebody does who talks: the free ones of a range, and when there are none, why not and the
//! next ones.

use std::time::Duration;

use frontdesk_domain::access::Permission;
use frontdesk_domain::availability::{self, Obstacle, ObstacleKind, Slot};
use frontdesk_domain::booking_type::BookingType;
use frontdesk_domain::context::{Actor, Context};
use frontdesk_domain::id::{SessionId, StaffId};
use frontdesk_domain::schedule::Staff;
use frontdesk_domain::time::Timestamp;
use frontdesk_store::booking_session;

use super::facts::Facts;
use super::hold::holder_of;
use crate::{App, Result};

const DAY: Duration = Duration::from_hours(24);
/// Starts within a range that are asked why they are not free.
const PROBES: u32 = 48;
/// The nearest two of them lie apart.
const STRIDE: Duration = Duration::from_mins(30);
/// Free times after a full range.
const LATER: usize = 3;

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
        let facts = facts_of(app, ctx, look, (from, to)).await?;
        let question = facts.question(look.minutes, look.seats, look.staff);
        let slots = availability::slots(&question, &[(from, to)]);
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
    let mut facts = Facts::load(db, scope, look.kind.clone(), range, now, None).await?;
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

/// The first free times from an instant on, a month at a time, as far as the horizon.
async fn later(app: &App, ctx: &Context, look: &Look, after: Timestamp) -> Result<Vec<Slot>> {
    let last = ctx.now().plus(DAY * (look.kind.settings.horizon_days + 1));
    let mut from = after.max(ctx.now());
    while from < last {
        let to = from.plus(DAY * 31).min(last);
        let facts = facts_of(app, ctx, look, (from, to)).await?;
        let question = facts.question(look.minutes, look.seats, look.staff);
        let mut found = availability::slots(&question, &[(from, to)]);
        if !found.is_empty() {
            found.truncate(LATER);
            return Ok(found);
        }
        from = to;
    }
    Ok(Vec::new())
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
