//! The slots of a question, found by interval arithmetic.
//!
//! For each staff member the starts that work form a sorted list of intervals: working time shortened by the duration,
//! without what is taken (widened by duration and buffers), full days and what lies outside notice and horizon. Slots are
//! the grid points in them. The grid runs in steps from the beginning of each stretch of working time, so a booking or a
//! block does not shift the starts after it. A session must lie inside working time; its buffers need only be free.

use std::collections::{BTreeMap, BTreeSet};

use super::hours::{Hours, House, hours};
use super::interval::{Interval, at_least, intersect, list, subtract};
use super::query::{Question, Session, Unit};
use super::slot::{LimitSpan, Slot, SlotKey};
use super::zone::{Clocks, DAY, MINUTE, week_of};
use crate::booking_type::{Location, StaffMode};
use crate::holiday;
use crate::id::{PlaceId, StaffId};
use crate::schedule::{Resource, Staff};
use crate::time::Timestamp;

/// The most ranges of one question.
pub const MAX_RANGES: usize = 50;

/// Slots in the ranges, by start. Each names the staff who can serve it, the one who has had least first.
pub fn slots(question: &Question<'_>, ranges: &[(Timestamp, Timestamp)]) -> Vec<Slot> {
    let asked = list(
        ranges
            .iter()
            .take(MAX_RANGES)
            .map(|(from, to)| Interval::new(from.as_millis(), to.as_millis()))
            .collect(),
    );
    let (Some(first), Some(last)) = (asked.first(), asked.last()) else { return Vec::new() };
    let bench = Bench::new(question, Timestamp::from_millis(first.from), Timestamp::from_millis(last.to));
    bench.slots(&asked)
}

/// A question with everything that is the same for all its starts.
pub(super) struct Bench<'a> {
    pub(super) question: &'a Question<'a>,
    pub(super) clocks: Clocks,
    pub(super) holidays: BTreeMap<i64, String>,
    /// Staff of the pool who were asked for, active ones only, fairest first.
    pub(super) pool: Vec<&'a Staff>,
    /// When each of them works.
    pub(super) works: Vec<Hours>,
    /// When the type can take place at all (its place, or the business when it needs nobody).
    pub(super) place: Option<Vec<Interval>>,
    /// Milliseconds of the session and of its buffers.
    pub(super) long: i64,
    pub(super) before: i64,
    pub(super) after: i64,
    from: Timestamp,
    to: Timestamp,
}

impl<'a> Bench<'a> {
    pub(super) fn new(question: &'a Question<'a>, from: Timestamp, to: Timestamp) -> Self {
        let settings = &question.kind.settings;
        let clocks = Clocks::new(question.zone, from, to);
        let holidays = holiday::days_off(&question.settings.holidays, clocks.days());
        let house = House { zone: question.zone, hours: question.opening, holidays: &holidays };
        let place_id = match settings.location {
            Location::Place { place_id } => Some(place_id),
            _ => None,
        };
        let pool = pool(question);
        let works = pool
            .iter()
            .map(|staff| hours(staff.settings.schedule.as_ref(), house, place_id, from, to))
            .collect();
        let place = place_hours(question, house, place_id, settings.staff.members.is_empty(), from, to);
        let minutes = |minutes: u32| i64::from(minutes) * MINUTE;
        Self {
            question,
            pool,
            works,
            place,
            long: minutes(question.minutes),
            before: minutes(settings.buffer_before),
            after: minutes(settings.buffer_after),
            clocks,
            holidays,
            from,
            to,
        }
    }

    /// Starts between the earliest and the latest allowed.
    pub(super) fn window(&self) -> Interval {
        let settings = &self.question.kind.settings;
        let now = self.question.now.as_millis();
        let earliest = now + i64::from(settings.minimum_notice) * MINUTE;
        // The horizon is counted in days of the business, today being day 0.
        let clocks =
            Clocks::new(self.question.zone, self.question.now, Timestamp::from_millis(now + 740 * DAY));
        let last_day = clocks.day(now) + i64::from(settings.horizon_days);
        let end = clocks.day_instants(last_day, last_day + 1).last().map_or(earliest, |day| day.to);
        Interval::new(earliest, end)
    }

    fn slots(&self, asked: &[Interval]) -> Vec<Slot> {
        let question = self.question;
        if !question.kind.settings.active || question.minutes == 0 || question.seats == 0 {
            return Vec::new();
        }
        let wanted = intersect(asked, &[self.window()]);
        let mut found: BTreeMap<i64, Slot> = BTreeMap::new();
        // Sessions that have begun to fill.
        for session in self.joinable() {
            if super::interval::find(&wanted, session.start.as_millis()).is_some() {
                found.insert(
                    session.start.as_millis(),
                    self.slot(session.start.as_millis(), &session.staff, session.seats_left),
                );
            }
        }
        if question.seats > question.kind.settings.capacity {
            return found.into_values().collect();
        }
        let capacity = question.kind.settings.capacity;
        if question.kind.settings.staff.mode == StaffMode::Collective || self.pool.is_empty() {
            if self.is_staffed() {
                let (open, starts) = self.together();
                let staff: Vec<StaffId> = self.pool.iter().map(|staff| staff.id).collect();
                for start in grid(&open, &intersect(&starts, &wanted), self.step(), self.long) {
                    found.entry(start).or_insert_with(|| self.slot(start, &staff, capacity));
                }
            }
            return found.into_values().collect();
        }
        // Each member's starts are sorted; the whole is a merge of sorted runs, which is what this sort is good at.
        let common = self.common_starts();
        let mut starts: Vec<(i64, usize)> = Vec::new();
        for (member, works) in self.works.iter().enumerate() {
            let allowed = intersect(&self.member_starts(member, &common), &wanted);
            starts.extend(grid(&works.open, &allowed, self.step(), self.long).map(|start| (start, member)));
        }
        #[expect(
            clippy::stable_sort_primitive,
            reason = "merges sorted runs, which the unstable sort does not"
        )]
        starts.sort();
        for same in starts.chunk_by(|a, b| a.0 == b.0) {
            let Some((start, _)) = same.first() else { continue };
            let staff: Vec<StaffId> =
                same.iter().filter_map(|(_, member)| self.pool.get(*member)).map(|staff| staff.id).collect();
            match found.get_mut(start) {
                Some(slot) if slot.seats >= capacity => slot.staff.extend(staff),
                Some(_) => {}
                None => {
                    found.insert(*start, self.slot(*start, &staff, capacity));
                }
            }
        }
        found.into_values().collect()
    }

    /// Sessions of this type with room for those who ask.
    pub(super) fn joinable(&self) -> impl Iterator<Item = &'a Session> {
        let question = self.question;
        question.sessions.iter().filter(move |session| {
            question.kind.settings.capacity > 1
                && session.seats_left >= question.seats
                && session.end.as_millis() - session.start.as_millis() == i64::from(question.minutes) * MINUTE
                && question.staff_id.is_none_or(|wanted| session.staff.contains(&wanted))
        })
    }

    /// Whether there is somebody to do it, or nobody is needed.
    pub(super) fn is_staffed(&self) -> bool {
        let members = &self.question.kind.settings.staff.members;
        match self.question.kind.settings.staff.mode {
            StaffMode::Collective => self.pool.len() == members.len(),
            _ => members.is_empty() || !self.pool.is_empty(),
        }
    }

    pub(super) fn step(&self) -> i64 {
        i64::from(self.question.kind.settings.slot_step.max(1)) * MINUTE
    }

    /// For a collective type and for one without staff: the common working time, and the starts in it.
    pub(super) fn together(&self) -> (Vec<Interval>, Vec<Interval>) {
        let mut open: Option<Vec<Interval>> = self.place.clone();
        for works in &self.works {
            open = Some(open.map_or_else(|| works.open.clone(), |open| intersect(&open, &works.open)));
        }
        let open = open.unwrap_or_default();
        let mut starts = self.common_starts();
        if self.pool.is_empty() {
            starts = subtract(&starts, &self.taken(Unit::Kind(self.question.kind.id)));
            starts = intersect(&starts, &shortened(&open, self.long));
        }
        for member in 0..self.pool.len() {
            starts = self.member_starts(member, &starts);
        }
        (open, starts)
    }

    /// Starts that resources, place and limits of the type allow.
    pub(super) fn common_starts(&self) -> Vec<Interval> {
        let span = Interval::new(self.from.as_millis() - 2 * DAY, self.to.as_millis() + 2 * DAY);
        let mut starts = vec![span];
        if let Some(place) = &self.place {
            starts = intersect(&starts, &shortened(place, self.long));
        }
        for need in &self.question.kind.settings.resources {
            starts = intersect(&starts, &self.resource_starts(need.resource_id, need.units));
        }
        subtract(&starts, &self.full_days(None))
    }

    /// Starts at which so many units of the resource are free, each for the whole time.
    pub(super) fn resource_starts(&self, id: crate::id::ResourceId, units: u32) -> Vec<Interval> {
        let Some(resource) = self.resource(id) else { return Vec::new() };
        let house =
            House { zone: self.question.zone, hours: self.question.opening, holidays: &self.holidays };
        let open = match &resource.settings.schedule {
            Some(schedule) => {
                hours(Some(schedule), house, resource.settings.place_id, self.from, self.to).free()
            }
            None => vec![Interval::new(i64::MIN / 4, i64::MAX / 4)],
        };
        let open = shortened(&open, self.long);
        let free: Vec<Vec<Interval>> = (0..resource.settings.units)
            .map(|unit| subtract(&open, &self.taken(Unit::Resource(id, unit))))
            .collect();
        at_least(&free, units as usize)
    }

    pub(super) fn resource(&self, id: crate::id::ResourceId) -> Option<&'a Resource> {
        self.question.resources.iter().find(|resource| resource.id == id && resource.settings.active)
    }

    /// The member's starts among those given.
    pub(super) fn member_starts(&self, member: usize, among: &[Interval]) -> Vec<Interval> {
        let (Some(staff), Some(works)) = (self.pool.get(member), self.works.get(member)) else {
            return Vec::new();
        };
        let starts = intersect(among, &shortened(&works.free(), self.long));
        let starts = subtract(&starts, &self.taken(Unit::Staff(staff.id)));
        subtract(&starts, &self.full_days(Some(staff)))
    }

    /// Starts at which the session with its buffers would meet something that is taken.
    pub(super) fn taken(&self, unit: Unit) -> Vec<Interval> {
        let widened =
            |busy: Interval| Interval::new(busy.from - self.long - self.after + 1, busy.to + self.before);
        list(
            self.question
                .busy
                .iter()
                .filter(|busy| busy.unit == unit)
                .map(|busy| widened(busy.interval()))
                .collect(),
        )
    }

    /// The days and weeks in which a limit is reached: those of the type, or with `staff` those of that person.
    pub(super) fn full_days(&self, staff: Option<&Staff>) -> Vec<Interval> {
        list(self.full(staff).into_iter().flat_map(|(_, days)| days).collect())
    }

    pub(super) fn full(&self, staff: Option<&Staff>) -> Vec<(LimitSpan, Vec<Interval>)> {
        let kind = self.question.kind;
        let limits = &kind.settings.limits;
        let own = |counted: &&super::query::Counted| counted.type_id == kind.id;
        let mut full = Vec::new();
        match staff {
            None => {
                let of_type: Vec<i64> = self
                    .question
                    .counted
                    .iter()
                    .filter(own)
                    .map(|counted| counted.start.as_millis())
                    .collect();
                full.push((LimitSpan::Day, self.reached(&of_type, limits.per_day, LimitSpan::Day)));
                full.push((LimitSpan::Week, self.reached(&of_type, limits.per_week, LimitSpan::Week)));
            }
            Some(staff) => {
                let theirs =
                    || self.question.counted.iter().filter(|counted| counted.staff.contains(&staff.id));
                let all: Vec<i64> = theirs().map(|counted| counted.start.as_millis()).collect();
                let of_type: Vec<i64> =
                    theirs().filter(own).map(|counted| counted.start.as_millis()).collect();
                full.push((LimitSpan::Day, self.reached(&of_type, limits.per_staff_day, LimitSpan::Day)));
                full.push((LimitSpan::Week, self.reached(&of_type, limits.per_staff_week, LimitSpan::Week)));
                full.push((LimitSpan::Day, self.reached(&all, staff.settings.per_day, LimitSpan::Day)));
                full.push((LimitSpan::Week, self.reached(&all, staff.settings.per_week, LimitSpan::Week)));
            }
        }
        full
    }

    fn reached(&self, starts: &[i64], limit: Option<u32>, per: LimitSpan) -> Vec<Interval> {
        let Some(limit) = limit else { return Vec::new() };
        let mut counts: BTreeMap<i64, u32> = BTreeMap::new();
        for start in starts {
            let day = self.clocks.day(*start);
            *counts.entry(if per == LimitSpan::Day { day } else { week_of(day) }).or_default() += 1;
        }
        counts
            .into_iter()
            .filter(|(_, count)| *count >= limit)
            .flat_map(|(number, _)| match per {
                LimitSpan::Day => self.clocks.day_instants(number, number + 1),
                // Weeks are numbered from the Monday before 1970-01-01.
                LimitSpan::Week => self.clocks.day_instants(number * 7 - 3, number * 7 + 4),
            })
            .collect()
    }

    fn slot(&self, start: i64, staff: &[StaffId], seats: u32) -> Slot {
        let start = Timestamp::from_millis(start);
        let key = SlotKey {
            type_id: self.question.kind.id,
            start,
            minutes: self.question.minutes,
            staff_id: self.question.staff_id,
        };
        Slot {
            start,
            end: Timestamp::from_millis(start.as_millis() + self.long),
            staff: staff.to_vec(),
            seats,
            slot: key.to_text(),
        }
    }
}

/// Starts for which the whole session lies inside.
pub(super) fn shortened(open: &[Interval], long: i64) -> Vec<Interval> {
    open.iter()
        .map(|open| Interval::new(open.from, open.to - long + 1))
        .filter(|starts| !starts.is_empty())
        .collect()
}

/// The points of the grid that are allowed. The grid runs from the beginning of each open interval.
pub(super) fn grid<'l>(
    open: &'l [Interval],
    allowed: &'l [Interval],
    step: i64,
    long: i64,
) -> impl Iterator<Item = i64> + use<'l> {
    let mut open = open.iter().peekable();
    allowed.iter().flat_map(move |allowed| {
        let mut points = Vec::new();
        while let Some(hours) = open.peek() {
            if hours.to <= allowed.from {
                open.next();
                continue;
            }
            if hours.from >= allowed.to {
                break;
            }
            let first = hours.from + (allowed.from - hours.from).max(0).div_euclid(step) * step;
            let first = if first < allowed.from { first + step } else { first };
            let end = allowed.to.min(hours.to - long + 1);
            let mut at = first;
            while at < end {
                points.push(at);
                at += step;
            }
            if hours.to > allowed.to {
                break;
            }
            open.next();
        }
        points
    })
}

/// Active staff of the pool who were asked for: by what they have had lately, weighted, then by name.
fn pool<'a>(question: &Question<'a>) -> Vec<&'a Staff> {
    let kind = &question.kind.settings;
    let mut had: BTreeMap<StaffId, u32> = BTreeMap::new();
    for staff in
        question.counted.iter().filter(|counted| counted.type_id == question.kind.id).flat_map(|c| &c.staff)
    {
        *had.entry(*staff).or_default() += 1;
    }
    let wanted: BTreeSet<StaffId> = kind.staff.members.iter().map(|member| member.staff_id).collect();
    let collective = kind.staff.mode == StaffMode::Collective;
    let mut pool: Vec<(&Staff, u64)> = question
        .staff
        .iter()
        .filter(|staff| staff.settings.active && wanted.contains(&staff.id))
        .filter(|staff| collective || question.staff_id.is_none_or(|asked| asked == staff.id))
        .map(|staff| {
            let weight =
                kind.staff.members.iter().find(|member| member.staff_id == staff.id).map_or(1, |m| m.weight);
            let had = had.get(&staff.id).copied().unwrap_or(0);
            // What they would have had with this one, per share, in thousandths.
            (staff, u64::from(had + 1) * 1000 / u64::from(weight.max(1)))
        })
        .collect();
    pool.sort_by(|(a, a_had), (b, b_had)| {
        a_had.cmp(b_had).then_with(|| a.settings.name.cmp(&b.settings.name)).then_with(|| a.id.cmp(&b.id))
    });
    pool.into_iter().map(|(staff, _)| staff).collect()
}

/// When the place of the type is open; the business itself for a type that nobody does.
fn place_hours(
    question: &Question<'_>,
    house: House<'_>,
    place_id: Option<PlaceId>,
    nobody: bool,
    from: Timestamp,
    to: Timestamp,
) -> Option<Vec<Interval>> {
    let place = place_id.and_then(|id| question.places.iter().find(|place| place.id == id));
    match place.and_then(|place| place.settings.schedule.as_ref()) {
        Some(schedule) => Some(hours(Some(schedule), house, place_id, from, to).free()),
        None if nobody => Some(hours(None, house, place_id, from, to).free()),
        None => None,
    }
}

/// The first slot that starts at or after `after`, looking ahead a fortnight at a time up to the horizon.
pub fn next_slot(question: &Question<'_>, after: Timestamp) -> Option<Slot> {
    let last = question.now.as_millis() + (i64::from(question.kind.settings.horizon_days) + 2) * DAY;
    let mut from = after.as_millis().max(question.now.as_millis());
    while from < last {
        let to = (from + 14 * DAY).min(last);
        let found = slots(question, &[(Timestamp::from_millis(from), Timestamp::from_millis(to))]);
        if let Some(first) = found.into_iter().next() {
            return Some(first);
        }
        from = to;
    }
    None
}
