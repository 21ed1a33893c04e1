//! A question made ready: everything that is the same for all its starts, as sorted lists of intervals.
//!
//! For each staff member the starts that work are a list of intervals: working time shortened by the duration, without
//! what is taken (widened by duration and buffers), without full days. A session must lie inside working time; its
//! buffers need only be free, and may reach outside of working time.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::fair::Turns;
use super::grid::{Piece, pieces};
use super::hours::{Hours, House, Where, days_off, hours};
use super::interval::{Interval, at_least, intersect, list, subtract};
use super::query::{Question, Session, Unit};
use super::slot::LimitSpan;
use super::zone::{Clocks, DAY, MINUTE, week_of};
use crate::booking_type::{Location, StaffMode};
use crate::id::{PlaceId, ResourceId, SessionId, StaffId};
use crate::schedule::{Place, Resource, Schedule, Staff};
use crate::time::Timestamp;

/// Days kept clear around a range: sessions, buffers and whole days of any zone fit in.
const AROUND: i64 = 2 * DAY;
/// Further than this from now no time is looked at; the longest horizon is 730 days.
const FAR: i64 = 800 * DAY;

/// A question made ready.
pub(super) struct Prepared<'a> {
    pub question: &'a Question<'a>,
    /// The business's clocks, over the range and the weeks around it.
    pub clocks: Clocks,
    /// The business's days off.
    pub holidays: BTreeMap<i64, String>,
    /// Staff of the pool who were asked for, active ones only, whose turn it is first.
    pub members: Vec<Member<'a>>,
    /// When the type can take place at all: its place's hours, or the business's when nobody does it.
    pub place: Option<Rc<Hours>>,
    /// Starts between the earliest and the latest allowed, in order.
    pub window: Vec<Interval>,
    /// Starts that place, resources and limits of the type allow.
    pub common: Vec<Interval>,
    /// Milliseconds of the session and of its buffers.
    pub long: i64,
    pub before: i64,
    pub after: i64,
    place_id: Option<PlaceId>,
    taken: HashMap<Unit, Vec<Interval>>,
    from: Timestamp,
    to: Timestamp,
}

/// A member of the pool.
pub(super) struct Member<'a> {
    pub staff: &'a Staff,
    pub hours: Rc<Hours>,
    /// Days and weeks that are full.
    pub full: Vec<(LimitSpan, Vec<Interval>)>,
}

impl<'a> Prepared<'a> {
    /// Ready for starts from `from` up to `to`, both cut to what can be looked at.
    pub fn new(question: &'a Question<'a>, from: Timestamp, to: Timestamp) -> Self {
        let now = question.now.as_millis();
        let cut = |at: Timestamp| Timestamp::from_millis(at.as_millis().clamp(now - FAR, now + FAR));
        let (from, to) = (cut(from), cut(to));
        let settings = &question.kind.settings;
        let week = std::time::Duration::from_hours(7 * 24);
        // Limits count whole weeks, the horizon starts from today.
        let clocks =
            Clocks::new(question.zone, from.min(question.now).minus(week), to.max(question.now).plus(week));
        let minutes = |minutes: u32| i64::from(minutes) * MINUTE;
        let mut prepared = Self {
            question,
            holidays: days_off(&question.settings.holidays, from, to),
            window: Vec::new(),
            common: Vec::new(),
            members: Vec::new(),
            place: None,
            place_id: match settings.location {
                Location::Place { place_id } => Some(place_id),
                _ => None,
            },
            long: minutes(question.minutes),
            before: minutes(settings.buffer_before),
            after: minutes(settings.buffer_after),
            taken: HashMap::new(),
            clocks,
            from,
            to,
        };
        prepared.window = prepared.allowed_starts();
        prepared.place = prepared.place_hours();
        prepared.members = prepared.pool();
        prepared.taken = prepared.all_taken();
        prepared.common = prepared.common_starts();
        prepared
    }

    /// From the end of the notice to the end of the last day of the horizon, today being day 0.
    fn allowed_starts(&self) -> Vec<Interval> {
        let settings = &self.question.kind.settings;
        let now = self.question.now.as_millis();
        let earliest = now + i64::from(settings.minimum_notice) * MINUTE;
        let last_day = self.clocks.day(now) + i64::from(settings.horizon_days);
        let days = self.clocks.day_instants(self.clocks.day(now) - 2, last_day + 1);
        intersect(&days, &[Interval::new(earliest, Interval::ALWAYS.to)])
    }

    /// The hours of its own that the type's place has.
    pub fn place_schedule(&self) -> Option<&'a Schedule> {
        let place = self.place_id.and_then(|id| self.question.places.iter().find(|place| place.id == id));
        place.and_then(|place: &Place| place.settings.schedule.as_ref())
    }

    fn place_hours(&self) -> Option<Rc<Hours>> {
        let schedule = self.place_schedule();
        let nobody = self.question.kind.settings.staff.members.is_empty();
        (schedule.is_some() || nobody).then(|| Rc::new(self.hours_of(schedule, Where::At(self.place_id))))
    }

    fn hours_of(&self, schedule: Option<&Schedule>, place: Where) -> Hours {
        let question = self.question;
        let house = House { zone: question.zone, hours: question.opening, holidays: &self.holidays };
        hours(schedule, house, place, self.from, self.to)
    }

    /// Active staff of the pool who were asked for.
    fn pool(&self) -> Vec<Member<'a>> {
        let question = self.question;
        let pool = &question.kind.settings.staff;
        let collective = pool.mode == StaffMode::Collective;
        let mut wanted: Vec<StaffId> = pool.members.iter().map(|member| member.staff_id).collect();
        wanted.sort_unstable();
        let mut staff: Vec<&Staff> = question
            .staff
            .iter()
            .filter(|staff| staff.settings.active && wanted.binary_search(&staff.id).is_ok())
            .filter(|staff| collective || question.staff_id.is_none_or(|asked| asked == staff.id))
            .collect();
        let turns = Turns::of(question);
        staff.sort_by(|a, b| turns.compare(a, b));
        let place = match question.kind.settings.location {
            // They can be reached wherever they are.
            Location::Phone | Location::Video { .. } => Where::Anywhere,
            _ => Where::At(self.place_id),
        };
        let mut counts = self.counts(&staff);
        // Whoever follows the business's hours shares them.
        let mut house: Option<Rc<Hours>> = None;
        let mut hours_for = |schedule: Option<&Schedule>| match schedule {
            Some(_) => Rc::new(self.hours_of(schedule, place)),
            None => Rc::clone(house.get_or_insert_with(|| Rc::new(self.hours_of(None, place)))),
        };
        staff
            .into_iter()
            .map(|staff| Member {
                staff,
                hours: hours_for(staff.settings.schedule.as_ref()),
                full: self.full_of_staff(staff, counts.remove(&staff.id).unwrap_or_default()),
            })
            .collect()
    }

    /// Whether there is somebody to do it, or nobody is needed.
    pub fn is_staffed(&self) -> bool {
        let members = &self.question.kind.settings.staff.members;
        if members.is_empty() {
            return self.question.staff_id.is_none();
        }
        let is_there = |id: StaffId| self.members.iter().any(|member| member.staff.id == id);
        match self.question.kind.settings.staff.mode {
            StaffMode::Collective => {
                members.iter().all(|member| is_there(member.staff_id))
                    && self.question.staff_id.is_none_or(is_there)
            }
            _ => !self.members.is_empty(),
        }
    }

    /// Whether all starts are the same for everybody: all of the pool together, or nobody at all.
    pub fn is_together(&self) -> bool {
        self.members.is_empty() || self.question.kind.settings.staff.mode == StaffMode::Collective
    }

    /// Units of each resource a session takes, a resource named twice counted together.
    pub fn needs(&self) -> BTreeMap<ResourceId, u32> {
        let mut needs = BTreeMap::new();
        for need in &self.question.kind.settings.resources {
            *needs.entry(need.resource_id).or_insert(0_u32) += need.units;
        }
        needs
    }

    /// The type itself can be taken once at a time when it needs nobody and nothing.
    pub fn own_unit(&self) -> Option<Unit> {
        let settings = &self.question.kind.settings;
        (settings.staff.members.is_empty() && settings.resources.is_empty())
            .then_some(Unit::Kind(self.question.kind.id))
    }

    /// For each unit in question, starts at which the session with its buffers would meet something that is taken.
    fn all_taken(&self) -> HashMap<Unit, Vec<Interval>> {
        let mut taken: HashMap<Unit, Vec<Interval>> = HashMap::new();
        taken.extend(self.members.iter().map(|member| (Unit::Staff(member.staff.id), Vec::new())));
        taken.extend(self.own_unit().map(|unit| (unit, Vec::new())));
        for id in self.needs().into_keys() {
            let units = self.resource(id).map_or(0, |resource| resource.settings.units);
            taken.extend((0..units).map(|number| (Unit::Resource(id, number), Vec::new())));
        }
        let around = Interval::new(self.from.as_millis() - AROUND, self.to.as_millis() + AROUND);
        for busy in self.question.busy {
            let time = busy.interval();
            if time.is_empty() || !time.meets(around) {
                continue;
            }
            if let Some(starts) = taken.get_mut(&busy.unit) {
                starts.push(Interval::new(time.from - self.long - self.after + 1, time.to + self.before));
            }
        }
        for starts in taken.values_mut() {
            *starts = list(std::mem::take(starts));
        }
        taken
    }

    /// Starts at which the unit is taken.
    pub fn taken(&self, unit: Unit) -> &[Interval] {
        self.taken.get(&unit).map_or(&[], Vec::as_slice)
    }

    fn common_starts(&self) -> Vec<Interval> {
        let mut starts = vec![Interval::ALWAYS];
        if let Some(place) = &self.place {
            starts = shortened(&place.free(), self.long);
        }
        for (id, units) in self.needs() {
            starts = intersect(&starts, &self.resource_starts(id, units));
        }
        if let Some(unit) = self.own_unit() {
            starts = subtract(&starts, self.taken(unit));
        }
        for (_, days) in self.full_of_type() {
            starts = subtract(&starts, &days);
        }
        starts
    }

    /// Starts at which so many units of the resource are free, each for the whole time.
    pub fn resource_starts(&self, id: ResourceId, units: u32) -> Vec<Interval> {
        let Some(resource) = self.resource(id) else { return Vec::new() };
        let open = match &resource.settings.schedule {
            Some(schedule) => shortened(
                &self.hours_of(Some(schedule), Where::At(resource.settings.place_id)).free(),
                self.long,
            ),
            None => vec![Interval::ALWAYS],
        };
        let free: Vec<Vec<Interval>> = (0..resource.settings.units)
            .map(|number| subtract(&open, self.taken(Unit::Resource(id, number))))
            .collect();
        at_least(&free, units as usize)
    }

    pub fn resource(&self, id: ResourceId) -> Option<&'a Resource> {
        self.question.resources.iter().find(|resource| resource.id == id && resource.settings.active)
    }

    /// The member's starts, among the common ones, on the grid or not.
    pub fn member_starts(&self, member: &Member<'_>) -> Vec<Interval> {
        let open = shortened(&member.hours.free(), self.long);
        let mut starts = subtract(&open, self.taken(Unit::Staff(member.staff.id)));
        for (_, days) in &member.full {
            starts = subtract(&starts, days);
        }
        intersect(&starts, &self.common)
    }

    /// The starts of all members together, or of a type that nobody does.
    pub fn together_starts(&self) -> Vec<Interval> {
        self.members
            .iter()
            .fold(self.common.clone(), |starts, member| intersect(&starts, &self.member_starts(member)))
    }

    /// The grid of a member: by their own clock, or that of the business when a place's hours count as well.
    pub fn member_grid(&self, member: &Member<'_>) -> Vec<Piece> {
        match &self.place {
            Some(place) => pieces(&intersect(&member.hours.open, &place.open), &self.clocks),
            None => pieces(&member.hours.open, &member.hours.clocks),
        }
    }

    /// The grid of all members together, in the hours common to them.
    pub fn together_grid(&self) -> Vec<Piece> {
        let mut open = self.place.as_ref().map(|place| place.open.clone());
        for member in &self.members {
            open = Some(
                open.map_or_else(|| member.hours.open.clone(), |open| intersect(&open, &member.hours.open)),
            );
        }
        pieces(&open.unwrap_or_default(), &self.clocks)
    }

    pub fn step(&self) -> i64 {
        i64::from(self.question.kind.settings.slot_step.max(1)) * MINUTE
    }

    /// For each start, the session that those who ask would join: the fullest that has room for them. Classes fill up
    /// before another one opens at the same time.
    pub fn joinable(&self) -> BTreeMap<i64, &'a Session> {
        let question = self.question;
        let mut found: BTreeMap<i64, &Session> = BTreeMap::new();
        if question.kind.settings.capacity < 2 {
            return found;
        }
        let fits = |session: &&Session| {
            session.seats_left >= question.seats.max(1)
                && session.end.as_millis() - session.start.as_millis() == self.long
                && question.staff_id.is_none_or(|wanted| session.staff.contains(&wanted))
        };
        let order = |session: &Session| -> (u32, SessionId) { (session.seats_left, session.id) };
        for session in question.sessions.iter().filter(fits) {
            let best = found.entry(session.start.as_millis()).or_insert(session);
            if order(session) < order(best) {
                *best = session;
            }
        }
        found
    }

    /// When sessions start that count for each of the staff, and whether they are of this type.
    fn counts(&self, staff: &[&Staff]) -> HashMap<StaffId, Vec<(i64, bool)>> {
        let limits = &self.question.kind.settings.limits;
        let needed = limits.per_staff_day.is_some()
            || limits.per_staff_week.is_some()
            || staff.iter().any(|it| it.settings.per_day.is_some() || it.settings.per_week.is_some());
        let mut counts: HashMap<StaffId, Vec<(i64, bool)>> = HashMap::new();
        if needed {
            for counted in self.question.counted {
                let own = counted.type_id == self.question.kind.id;
                for id in &counted.staff {
                    counts.entry(*id).or_default().push((counted.start.as_millis(), own));
                }
            }
        }
        counts
    }

    /// The days and weeks in which the type has reached its limits.
    pub fn full_of_type(&self) -> [(LimitSpan, Vec<Interval>); 2] {
        let limits = &self.question.kind.settings.limits;
        if limits.per_day.is_none() && limits.per_week.is_none() {
            return [(LimitSpan::Day, Vec::new()), (LimitSpan::Week, Vec::new())];
        }
        let own = self.question.counted.iter().filter(|counted| counted.type_id == self.question.kind.id);
        let starts: Vec<i64> = own.map(|counted| counted.start.as_millis()).collect();
        [
            (LimitSpan::Day, self.reached(&starts, limits.per_day, LimitSpan::Day)),
            (LimitSpan::Week, self.reached(&starts, limits.per_week, LimitSpan::Week)),
        ]
    }

    fn full_of_staff(&self, staff: &Staff, counts: Vec<(i64, bool)>) -> Vec<(LimitSpan, Vec<Interval>)> {
        let limits = &self.question.kind.settings.limits;
        let of_type: Vec<i64> = counts.iter().filter(|(_, own)| *own).map(|(start, _)| *start).collect();
        let all: Vec<i64> = counts.into_iter().map(|(start, _)| start).collect();
        [
            (LimitSpan::Day, &of_type, limits.per_staff_day),
            (LimitSpan::Week, &of_type, limits.per_staff_week),
            (LimitSpan::Day, &all, staff.settings.per_day),
            (LimitSpan::Week, &all, staff.settings.per_week),
        ]
        .into_iter()
        .map(|(per, starts, limit)| (per, self.reached(starts, limit, per)))
        .filter(|(_, days)| !days.is_empty())
        .collect()
    }

    fn reached(&self, starts: &[i64], limit: Option<u32>, per: LimitSpan) -> Vec<Interval> {
        let Some(limit) = limit else { return Vec::new() };
        if limit == 0 {
            return vec![Interval::ALWAYS];
        }
        let mut counts: BTreeMap<i64, u32> = BTreeMap::new();
        for start in starts {
            let day = self.clocks.day(*start);
            *counts.entry(if per == LimitSpan::Day { day } else { week_of(day) }).or_default() += 1;
        }
        let full =
            counts.into_iter().filter(|(_, count)| *count >= limit).flat_map(|(number, _)| match per {
                LimitSpan::Day => self.clocks.day_instants(number, number + 1),
                // Weeks are numbered from the Monday before 1970-01-01.
                LimitSpan::Week => self.clocks.day_instants(number * 7 - 3, number * 7 + 4),
            });
        list(full.collect())
    }
}

/// Starts for which the whole session lies inside.
pub(super) fn shortened(open: &[Interval], long: i64) -> Vec<Interval> {
    open.iter()
        .map(|open| Interval::new(open.from, open.to - long + 1))
        .filter(|starts| !starts.is_empty())
        .collect()
}
