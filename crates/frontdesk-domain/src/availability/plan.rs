//! What to claim for a session: the staff whose turn it is and the units of its resources.
//!
//! A plan is made from what was read; the database refuses it when somebody was faster. Then read and plan again.

use super::fair::{Turns, choose_staff};
use super::interval::Interval;
use super::obstacles::{last_busy, obstacles, taken_by};
use super::query::{BusyBy, Question, Unit};
use super::slot::{Obstacle, ObstacleKind};
use super::slots::slots;
use super::zone::MINUTE;
use crate::booking_type::StaffMode;
use crate::id::{ResourceId, SessionId, StaffId};
use crate::schedule::Staff;
use crate::time::Timestamp;

/// How a session at a start comes about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// When it starts.
    pub start: Timestamp,
    /// When it ends, exclusive, without buffers.
    pub end: Timestamp,
    /// The session to join; `None` to open one.
    pub session: Option<SessionId>,
    /// Who does it.
    pub staff: Vec<StaffId>,
    /// What a new session claims, each from `claimed_from` to `claimed_to`; empty when joining.
    pub units: Vec<Unit>,
    /// The start with the buffer before.
    pub claimed_from: Timestamp,
    /// The end with the buffer after.
    pub claimed_to: Timestamp,
}

/// Plans a session at a start on offer: joins the one that has room, or opens one with the staff whose turn it is.
pub fn plan(question: &Question<'_>, start: Timestamp) -> Result<Plan, Vec<Obstacle>> {
    let next = Timestamp::from_millis(start.as_millis().saturating_add(1));
    let Some(slot) = slots(question, &[(start, next)]).into_iter().next() else {
        return Err(obstacles(question, start));
    };
    let joins = question.sessions.iter().find(|session| {
        question.kind.settings.capacity > 1
            && (session.start, session.end, session.seats_left) == (slot.start, slot.end, slot.seats)
            && session.staff == slot.staff
    });
    if let Some(session) = joins {
        return Ok(planned(question, start, Some(session.id), slot.staff, Vec::new()));
    }
    let staff = match question.kind.settings.staff.mode {
        StaffMode::Collective => slot.staff,
        StaffMode::Choose | StaffMode::RoundRobin => slot.staff.into_iter().take(1).collect(),
    };
    open(question, start, staff)
}

/// Plans a session at any time, as a person may: outside of hours, notice, limits and the grid, and over events of
/// connected calendars, but never over a booking or a hold. With the staff asked for, in the pool or not; else with the
/// one of the pool whose turn it is among those who are free.
pub fn plan_by_hand(question: &Question<'_>, start: Timestamp) -> Result<Plan, Vec<Obstacle>> {
    let wanted = claim(question, start);
    let taken = |id: StaffId| {
        let mut bookings = question.busy.iter().filter(|busy| busy.by == BusyBy::Booking);
        bookings.any(|busy| busy.unit == Unit::Staff(id) && busy.interval().meets(wanted))
    };
    let blocking = |id: StaffId| {
        let bookings: Vec<_> = question.busy.iter().copied().filter(|it| it.by == BusyBy::Booking).collect();
        last_busy(&bookings, Unit::Staff(id), wanted)
            .map(|busy| Obstacle { kind: taken_by(busy), staff_id: Some(id) })
    };
    let pool = &question.kind.settings.staff;
    let mut members: Vec<&Staff> = question
        .staff
        .iter()
        .filter(|staff| staff.settings.active && pool.members.iter().any(|it| it.staff_id == staff.id))
        .collect();
    let turns = Turns::of(question);
    members.sort_by(|a, b| turns.compare(a, b));
    let everyone: Vec<StaffId> = members.iter().map(|staff| staff.id).collect();
    let staff = match (question.staff_id, pool.mode) {
        (asked, StaffMode::Collective) if asked.is_none_or(|asked| everyone.contains(&asked)) => everyone,
        (Some(asked), _) => vec![asked],
        (None, _) if pool.members.is_empty() => Vec::new(),
        (None, _) => {
            let free: Vec<StaffId> = everyone.iter().copied().filter(|id| !taken(*id)).collect();
            choose_staff(question, &free).map_or(everyone, |chosen| vec![chosen])
        }
    };
    let in_the_way: Vec<Obstacle> = staff.iter().filter_map(|id| blocking(*id)).collect();
    if !in_the_way.is_empty() {
        return Err(in_the_way);
    }
    if staff.is_empty() && !pool.members.is_empty() {
        return Err(vec![Obstacle { kind: ObstacleKind::NoStaff, staff_id: None }]);
    }
    open(question, start, staff)
}

/// The lowest numbers of so many units of a resource that nothing takes during a session at `start`, buffers included;
/// `None` when there are not enough.
pub fn free_units(
    question: &Question<'_>,
    resource: ResourceId,
    units: u32,
    start: Timestamp,
) -> Option<Vec<u32>> {
    let wanted = claim(question, start);
    let there = question.resources.iter().find(|it| it.id == resource && it.settings.active)?.settings.units;
    let free = |number: &u32| last_busy(question.busy, Unit::Resource(resource, *number), wanted).is_none();
    let found: Vec<u32> = (0..there).filter(free).take(units as usize).collect();
    (found.len() == units as usize).then_some(found)
}

fn open(question: &Question<'_>, start: Timestamp, staff: Vec<StaffId>) -> Result<Plan, Vec<Obstacle>> {
    let settings = &question.kind.settings;
    let mut units: Vec<Unit> = staff.iter().copied().map(Unit::Staff).collect();
    let mut needs = std::collections::BTreeMap::new();
    for need in &settings.resources {
        *needs.entry(need.resource_id).or_insert(0_u32) += need.units;
    }
    for (id, count) in needs {
        let Some(numbers) = free_units(question, id, count, start) else {
            let name = question.resources.iter().find(|resource| resource.id == id);
            let name = name.map_or_else(String::new, |resource| resource.settings.name.clone());
            return Err(vec![Obstacle { kind: ObstacleKind::Resource { name }, staff_id: None }]);
        };
        units.extend(numbers.into_iter().map(|number| Unit::Resource(id, number)));
    }
    if units.is_empty() {
        // Nobody and nothing: the type itself is taken once at a time.
        let unit = Unit::Kind(question.kind.id);
        if let Some(busy) = last_busy(question.busy, unit, claim(question, start)) {
            return Err(vec![Obstacle { kind: taken_by(busy), staff_id: None }]);
        }
        units.push(unit);
    }
    Ok(planned(question, start, None, staff, units))
}

fn planned(
    question: &Question<'_>,
    start: Timestamp,
    session: Option<SessionId>,
    staff: Vec<StaffId>,
    units: Vec<Unit>,
) -> Plan {
    let claim = claim(question, start);
    let end = start.as_millis().saturating_add(i64::from(question.minutes) * MINUTE);
    Plan {
        start,
        end: Timestamp::from_millis(end),
        session,
        staff,
        units,
        claimed_from: Timestamp::from_millis(claim.from),
        claimed_to: Timestamp::from_millis(claim.to),
    }
}

/// The time of a session with its buffers.
fn claim(question: &Question<'_>, start: Timestamp) -> Interval {
    let settings = &question.kind.settings;
    let at = start.as_millis();
    Interval::new(
        at.saturating_sub(i64::from(settings.buffer_before) * MINUTE),
        at.saturating_add(i64::from(question.minutes + settings.buffer_after) * MINUTE),
    )
}
