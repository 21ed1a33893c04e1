//! Why a time cannot be booked: for people who wonder, and for the agent that explains.

use super::grid::{Piece, points};
use super::hours::{Hours, House, blocked};
use super::interval::{Interval, find, intersect};
use super::prepared::{Member, Prepared, shortened};
use super::query::{Busy, BusyBy, Question, Unit};
use super::slot::{LimitSpan, Obstacle, ObstacleKind};
use super::slots::slots;
use super::zone::{DAY, MINUTE};
use crate::booking_type::StaffMode;
use crate::id::StaffId;
use crate::schedule::Schedule;
use crate::time::Timestamp;

/// What stands in the way of a session at `start`; nothing exactly when [`slots`] has it. What hinders everybody comes
/// first, then what hinders each of the staff. Reasons of blocked times are for the team: leave them out for customers.
pub fn obstacles(question: &Question<'_>, start: Timestamp) -> Vec<Obstacle> {
    let next = Timestamp::from_millis(start.as_millis().saturating_add(1));
    if !slots(question, &[(start, next)]).is_empty() {
        return Vec::new();
    }
    let prepared = Prepared::new(question, start, next);
    let at = start.as_millis();
    let everybody = |kind: ObstacleKind| Obstacle { kind, staff_id: None };
    let mut found: Vec<Obstacle> = prepared.outright(start).into_iter().map(everybody).collect();
    if prepared.is_within_reach(at) && prepared.is_staffed() {
        found.extend(prepared.of_everybody(at).into_iter().map(everybody));
        for member in &prepared.members {
            let theirs = prepared.of_member(member, at);
            found.extend(theirs.into_iter().map(|kind| Obstacle { kind, staff_id: Some(member.staff.id) }));
        }
    } else if !prepared.is_staffed() {
        let missing = prepared.missing_staff();
        found.push(Obstacle { kind: ObstacleKind::NoStaff, staff_id: missing });
    }
    if found.is_empty() {
        // Each part would do, but not the parts together.
        found.push(everybody(ObstacleKind::Hours));
    }
    found
}

impl Prepared<'_> {
    /// Near enough to now for rules and bookings to be looked at.
    fn is_within_reach(&self, at: i64) -> bool {
        at.abs_diff(self.question.now.as_millis()) < (790 * DAY).unsigned_abs()
    }

    /// What forbids the time whoever would do it, and however free they are.
    fn outright(&self, start: Timestamp) -> Vec<ObstacleKind> {
        let question = self.question;
        let settings = &question.kind.settings;
        let mut found = Vec::new();
        if !settings.active {
            found.push(ObstacleKind::Inactive);
        }
        if question.minutes == 0 || !settings.durations.contains(&question.minutes) {
            found.push(ObstacleKind::Duration);
        }
        let earliest = question.now.as_millis() + i64::from(settings.minimum_notice) * MINUTE;
        if start < question.now {
            found.push(ObstacleKind::Past);
        } else if start.as_millis() < earliest {
            found.push(ObstacleKind::Notice { earliest: Timestamp::from_millis(earliest) });
        } else if find(&self.window, start.as_millis()).is_none() {
            let latest = self.window.last().map_or(earliest, |window| window.to - 1);
            found.push(ObstacleKind::Horizon { latest: Timestamp::from_millis(latest) });
        }
        if question.seats > settings.capacity {
            found.push(ObstacleKind::Full);
        }
        found
    }

    /// One of a collective pool who is not there, or who was asked for and does not do this.
    fn missing_staff(&self) -> Option<StaffId> {
        let settings = &self.question.kind.settings.staff;
        let is_there = |id: StaffId| self.members.iter().any(|member| member.staff.id == id);
        let collective = settings.mode == StaffMode::Collective;
        let gone = settings.members.iter().map(|member| member.staff_id).find(|id| !is_there(*id));
        self.question.staff_id.filter(|id| !is_there(*id)).or(gone.filter(|_| collective))
    }

    /// Place, resources and limits of the type; what is common to all.
    fn of_everybody(&self, at: i64) -> Vec<ObstacleKind> {
        let mut found = Vec::new();
        if let Some(place) = &self.place {
            found.extend(self.closed(place, self.place_schedule(), at));
        }
        if let Some(unit) = self.own_unit() {
            found.extend(self.taken_at(unit, at));
        }
        for (id, units) in self.needs() {
            if find(&self.resource_starts(id, units), at).is_none() {
                let name = self.resource(id).map_or_else(String::new, |it| it.settings.name.clone());
                found.push(ObstacleKind::Resource { name });
            }
        }
        let full = self.full_of_type();
        found.extend(reached(&full, at));
        if self.is_together() {
            let starts = self.together_starts();
            if find(&starts, at).is_some() {
                found.extend(off_grid(&self.together_grid(), &starts, self.step(), at));
            }
        }
        found
    }

    fn of_member(&self, member: &Member<'_>, at: i64) -> Vec<ObstacleKind> {
        let mut found: Vec<ObstacleKind> =
            self.closed(&member.hours, member.staff.settings.schedule.as_ref(), at).into_iter().collect();
        if self.is_full_session(member.staff.id, at) {
            found.push(ObstacleKind::Full);
        } else {
            found.extend(self.taken_at(Unit::Staff(member.staff.id), at));
        }
        found.extend(reached(&member.full, at));
        if !self.is_together() {
            let starts = self.member_starts(member);
            if find(&starts, at).is_some() {
                found.extend(off_grid(&self.member_grid(member), &starts, self.step(), at));
            }
        }
        found
    }

    /// A session of theirs starts just then, but has not enough seats left.
    fn is_full_session(&self, staff: StaffId, at: i64) -> bool {
        self.question.kind.settings.capacity > 1
            && self.question.sessions.iter().any(|session| {
                session.start.as_millis() == at
                    && session.staff.contains(&staff)
                    && session.seats_left < self.question.seats.max(1)
            })
    }

    /// Outside of the hours, on a holiday, or blocked.
    fn closed(&self, hours: &Hours, schedule: Option<&Schedule>, at: i64) -> Option<ObstacleKind> {
        if find(&shortened(&hours.free(), self.long), at).is_some() {
            return None;
        }
        if find(&shortened(&hours.open, self.long), at).is_none() {
            let holiday = self.holidays.get(&hours.clocks.day(at)).filter(|_| hours.is_off(at));
            return Some(
                holiday.map_or(ObstacleKind::Hours, |name| ObstacleKind::Holiday { name: name.clone() }),
            );
        }
        let question = self.question;
        let house = House { zone: question.zone, hours: question.opening, holidays: &self.holidays };
        let (from, to) = (Timestamp::from_millis(at), Timestamp::from_millis(at + self.long));
        let block = schedule.and_then(|schedule| blocked(schedule, house, from, to).into_iter().next());
        Some(ObstacleKind::Blocked { reason: block.map_or_else(String::new, |block| block.reason) })
    }

    fn taken_at(&self, unit: Unit, at: i64) -> Option<ObstacleKind> {
        let wanted = Interval::new(at - self.before, at + self.long + self.after);
        last_busy(self.question.busy, unit, wanted).map(taken_by)
    }
}

/// What takes the unit longest within the wanted time.
pub(super) fn last_busy(busy: &[Busy], unit: Unit, wanted: Interval) -> Option<&Busy> {
    let meeting = busy.iter().filter(|busy| busy.unit == unit);
    meeting
        .filter(|busy| !busy.interval().is_empty() && busy.interval().meets(wanted))
        .max_by_key(|busy| busy.to)
}

pub(super) fn taken_by(busy: &Busy) -> ObstacleKind {
    match busy.by {
        BusyBy::Booking => ObstacleKind::Booked { until: busy.to },
        BusyBy::Calendar => ObstacleKind::Busy { until: busy.to },
    }
}

fn reached(full: &[(LimitSpan, Vec<Interval>)], at: i64) -> Option<ObstacleKind> {
    let full = full.iter().find(|(_, days)| find(days, at).is_some());
    full.map(|(per, _)| ObstacleKind::Limit { per: *per })
}

/// A start that would be free but is not one of those on offer; with the nearest ones within a day.
fn off_grid(grid: &[Piece], starts: &[Interval], step: i64, at: i64) -> Option<ObstacleKind> {
    let near = intersect(starts, &[Interval::new(at - DAY, at + DAY + 1)]);
    let points = points(grid, &near, step);
    let next = points.partition_point(|point| *point < at);
    if points.get(next) == Some(&at) {
        return None;
    }
    let instant = |index: Option<usize>| {
        index.and_then(|index| points.get(index)).map(|at| Timestamp::from_millis(*at))
    };
    Some(ObstacleKind::Step { before: instant(next.checked_sub(1)), after: instant(Some(next)) })
}
