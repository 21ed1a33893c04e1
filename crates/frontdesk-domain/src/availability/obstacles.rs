//! Why a time cannot be booked: for people who wonder, and for the agent that explains.

use super::interval::{Interval, find};
use super::query::{BusyBy, Question, Unit};
use super::slot::{LimitSpan, Obstacle, ObstacleKind};
use super::slots::{Bench, grid, shortened};
use super::zone::MINUTE;
use crate::booking_type::StaffMode;
use crate::schedule::Staff;
use crate::time::Timestamp;

/// What stands in the way of a session at `start`; nothing when it can be booked. What hinders everybody comes first;
/// then, unless one of them is free, what hinders each of the staff.
pub fn obstacles(question: &Question<'_>, start: Timestamp) -> Vec<Obstacle> {
    let at = start.as_millis();
    let end = Timestamp::from_millis(at.saturating_add(i64::from(question.minutes) * MINUTE));
    let bench = Bench::new(question, start, end);
    let mut found: Vec<ObstacleKind> = bench.outright(start);
    if found.is_empty() && bench.joinable().any(|session| session.start == start) {
        return Vec::new();
    }
    if found.is_empty() && question.seats > question.kind.settings.capacity {
        found.push(ObstacleKind::Full);
    }
    found.extend(bench.of_everybody(at));
    let collective = question.kind.settings.staff.mode == StaffMode::Collective;
    let mut of_staff = Vec::new();
    let mut one_is_free = false;
    for member in 0..bench.pool.len() {
        let theirs = bench.of_member(member, at, collective);
        one_is_free |= theirs.is_empty();
        of_staff.extend(theirs);
    }
    let everybody = found.into_iter().map(|kind| Obstacle { kind, staff_id: None });
    if one_is_free && !collective {
        return everybody.collect();
    }
    everybody.chain(of_staff).collect()
}

impl Bench<'_> {
    /// What forbids the time whoever would do it.
    fn outright(&self, start: Timestamp) -> Vec<ObstacleKind> {
        let question = self.question;
        let settings = &question.kind.settings;
        let mut found = Vec::new();
        if !settings.active {
            found.push(ObstacleKind::Inactive);
        }
        if !settings.durations.contains(&question.minutes) {
            found.push(ObstacleKind::Duration);
        }
        let window = self.window();
        if start < question.now {
            found.push(ObstacleKind::Past);
        } else if start.as_millis() < window.from {
            found.push(ObstacleKind::Notice { earliest: Timestamp::from_millis(window.from) });
        } else if start.as_millis() >= window.to {
            found.push(ObstacleKind::Horizon { latest: Timestamp::from_millis(window.to - 1) });
        }
        if !self.is_staffed() {
            found.push(ObstacleKind::NoStaff);
        }
        found
    }

    /// Place, resources and limits of the type; for a type without staff also its hours and what is taken.
    fn of_everybody(&self, at: i64) -> Vec<ObstacleKind> {
        let mut found = Vec::new();
        if self.place.as_ref().is_some_and(|place| find(&shortened(place, self.long), at).is_none()) {
            found.push(self.closed(at));
        }
        for need in &self.question.kind.settings.resources {
            if find(&self.resource_starts(need.resource_id, need.units), at).is_none() {
                let name =
                    self.resource(need.resource_id).map_or_else(String::new, |it| it.settings.name.clone());
                found.push(ObstacleKind::Resource { name });
            }
        }
        found.extend(self.limits(None, at));
        if self.pool.is_empty() && self.is_staffed() {
            found.extend(self.taken_at(Unit::Kind(self.question.kind.id), at));
            if found.is_empty() {
                let (open, starts) = self.together();
                found.extend(self.off_grid(&open, &starts, at));
            }
        } else if self.question.kind.settings.staff.mode == StaffMode::Collective && found.is_empty() {
            let (open, starts) = self.together();
            if find(&starts, at).is_some() {
                found.extend(self.off_grid(&open, &starts, at));
            }
        }
        found
    }

    fn of_member(&self, member: usize, at: i64, collective: bool) -> Vec<Obstacle> {
        let (Some(staff), Some(works)) = (self.pool.get(member), self.works.get(member)) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        if find(&shortened(&works.open, self.long), at).is_none() {
            found.push(self.closed(at));
        } else if let Some(block) =
            works.blocked.iter().find(|block| block.meets(Interval::new(at, at + self.long)))
        {
            found.push(ObstacleKind::Blocked { reason: reason_of(staff, *block) });
        }
        found.extend(self.taken_at(Unit::Staff(staff.id), at));
        found.extend(self.limits(Some(staff), at));
        if found.is_empty() && !collective {
            let starts = self.member_starts(member, &self.common_starts());
            if find(&starts, at).is_some() || self.common_starts().is_empty() {
                found.extend(self.off_grid(&works.open, &starts, at));
            }
        }
        found.into_iter().map(|kind| Obstacle { kind, staff_id: Some(staff.id) }).collect()
    }

    fn closed(&self, at: i64) -> ObstacleKind {
        self.holidays
            .get(&self.clocks.day(at))
            .map_or(ObstacleKind::Hours, |name| ObstacleKind::Holiday { name: name.clone() })
    }

    fn taken_at(&self, unit: Unit, at: i64) -> Option<ObstacleKind> {
        let wanted = Interval::new(at - self.before, at + self.long + self.after);
        let taken =
            self.question.busy.iter().filter(|busy| busy.unit == unit && busy.interval().meets(wanted));
        taken.max_by_key(|busy| busy.to).map(|busy| match busy.by {
            BusyBy::Booking => ObstacleKind::Booked { until: busy.to },
            BusyBy::Calendar => ObstacleKind::Busy { until: busy.to },
        })
    }

    fn limits(&self, staff: Option<&Staff>, at: i64) -> Option<ObstacleKind> {
        let reached = |per: LimitSpan| {
            self.full(staff)
                .iter()
                .any(|(span, days)| *span == per && days.iter().any(|day| day.from <= at && at < day.to))
        };
        [LimitSpan::Day, LimitSpan::Week]
            .into_iter()
            .find(|per| reached(*per))
            .map(|per| ObstacleKind::Limit { per })
    }

    /// A start that would be free but is not one of those on offer.
    fn off_grid(&self, open: &[Interval], starts: &[Interval], at: i64) -> Option<ObstacleKind> {
        let points: Vec<i64> = grid(open, starts, self.step(), self.long).collect();
        if points.binary_search(&at).is_ok() {
            return None;
        }
        let next = points.partition_point(|point| *point < at);
        let instant = |index: Option<usize>| {
            index.and_then(|index| points.get(index)).map(|at| Timestamp::from_millis(*at))
        };
        Some(ObstacleKind::Step { before: instant(next.checked_sub(1)), after: instant(Some(next)) })
    }
}

fn reason_of(staff: &Staff, block: Interval) -> String {
    let blocked = staff.settings.schedule.iter().flat_map(|schedule| &schedule.blocked);
    blocked
        .filter(|time| Interval::new(time.from.as_millis(), time.to.as_millis()).meets(block))
        .map(|time| time.reason.clone())
        .next()
        .unwrap_or_default()
}
