//! The reference: everything is asked of single minutes, by what the clock on the wall shows.

use std::collections::HashMap;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::super::query::Unit;
use super::world::{RANGE, RULES, World, at};
use crate::booking_type::{Location, StaffMode};
use crate::id::{PlaceId, StaffId};
use crate::schedule::{RecurringKind, RecurringRule, Schedule, Staff};
use crate::time::Timestamp;
use crate::workspace::{Stretch, Weekday};

/// Minutes looked at before and after the range.
const AROUND: i64 = 2 * 1440;

/// A minute of a schedule.
#[derive(Clone, Copy, PartialEq)]
pub struct Minute {
    date: Date,
    clock: i64,
    pub open: bool,
    pub blocked: bool,
}

/// A schedule minute by minute.
pub type Table = Vec<Minute>;

pub struct Reference<'a> {
    world: &'a World,
    zone: TimeZone,
    staff: HashMap<StaffId, Table>,
    resources: Vec<Option<Table>>,
    /// The business's clock.
    business: Table,
    /// The place's hours, or the business's when nobody does it.
    pub place: Option<Table>,
}

fn is_in(hours: &[Stretch], clock: i64) -> bool {
    hours.iter().any(|stretch| i64::from(stretch.from) <= clock && clock < i64::from(stretch.to))
}

/// Whether the rule covers a minute: some day's start is at most so long ago.
fn recurs(rule: &RecurringRule, now: DateTime) -> bool {
    let says = RULES.iter().find(|(text, _)| *text == rule.rrule).unwrap().1;
    let minutes_since = |start: DateTime| now.duration_since(start).as_mins();
    let covers = |start: DateTime| (0..i64::from(rule.minutes)).contains(&minutes_since(start));
    let by_rule =
        (0..4).filter_map(|back| now.date().checked_sub(jiff::Span::new().days(back)).ok()).any(|date| {
            let start = date.to_datetime(rule.start.time());
            let since = date.duration_since(rule.start.date()).as_hours() / 24;
            since >= 0 && says(since, date) && !rule.except.contains(&start) && covers(start)
        });
    by_rule || rule.extra.iter().any(|start| covers(*start))
}

impl<'a> Reference<'a> {
    pub fn new(world: &'a World) -> Self {
        let settings = &world.kind.settings;
        let place_id = match settings.location {
            Location::Place { place_id } => Some(place_id),
            _ => None,
        };
        let anywhere = matches!(settings.location, Location::Phone);
        let mut reference = Self {
            world,
            zone: TimeZone::get(&world.zone).unwrap(),
            staff: HashMap::new(),
            resources: Vec::new(),
            business: Vec::new(),
            place: None,
        };
        reference.business = reference.table(None, None, false);
        for staff in &world.staff {
            let table = reference.table(staff.settings.schedule.as_ref(), place_id, anywhere);
            reference.staff.insert(staff.id, table);
        }
        reference.resources = world
            .resources
            .iter()
            .map(|it| {
                it.settings
                    .schedule
                    .as_ref()
                    .map(|own| reference.table(Some(own), it.settings.place_id, false))
            })
            .collect();
        let place = world.places.iter().find(|place| Some(place.id) == place_id);
        let schedule = place.and_then(|place| place.settings.schedule.as_ref());
        if schedule.is_some() || settings.staff.members.is_empty() {
            reference.place = Some(reference.table(schedule, place_id, false));
        }
        reference
    }

    fn table(&self, schedule: Option<&Schedule>, place: Option<PlaceId>, anywhere: bool) -> Table {
        let zone = schedule.map_or("", |schedule| schedule.zone.as_str());
        let zone = if zone.is_empty() { self.zone.clone() } else { TimeZone::get(zone).unwrap() };
        let range = self.world.from - AROUND..self.world.from + RANGE + AROUND;
        range.map(|minute| self.minute(schedule, &zone, place, anywhere, minute)).collect()
    }

    fn minute(
        &self,
        schedule: Option<&Schedule>,
        zone: &TimeZone,
        place: Option<PlaceId>,
        anywhere: bool,
        minute: i64,
    ) -> Minute {
        let wall = zone.to_datetime(at(minute).to_jiff());
        let (date, clock) = (wall.date(), i64::from(wall.hour()) * 60 + i64::from(wall.minute()));
        let holiday = self.world.settings.holidays.own.iter().any(|holiday| holiday.date == date);
        let weekday = Weekday::of(date.weekday());
        let Some(schedule) = schedule else {
            let open =
                !holiday && self.world.opening.0.get(&weekday).is_some_and(|hours| is_in(hours, clock));
            return Minute { date, clock, open, blocked: false };
        };
        let here = |rule: Option<PlaceId>| anywhere || rule.is_none() || rule == place;
        let mut overrides =
            schedule.overrides.iter().filter(|it| it.date == date && here(it.place_id)).peekable();
        let recurring = |kind: RecurringKind| {
            schedule.recurring.iter().any(|rule| rule.kind == kind && recurs(rule, wall))
        };
        let open = if overrides.peek().is_some() {
            overrides.any(|it| is_in(&it.hours, clock))
        } else if holiday && !schedule.works_holidays {
            false
        } else {
            let mut weekly = schedule.weekly.iter().filter(|rule| rule.day == weekday && here(rule.place_id));
            weekly.any(|rule| is_in(&[rule.hours], clock)) || recurring(RecurringKind::Open)
        };
        let away = schedule.blocked.iter().any(|it| it.from <= at(minute) && at(minute) < it.to);
        Minute { date, clock, open, blocked: away || recurring(RecurringKind::Blocked) }
    }

    fn index(&self, minute: i64) -> usize {
        usize::try_from(minute - (self.world.from - AROUND)).unwrap()
    }

    pub fn session(&self, start: i64) -> std::ops::Range<i64> {
        start..start + i64::from(self.world.minutes)
    }

    pub fn is_open(&self, table: &Table, start: i64) -> bool {
        self.session(start).all(|minute| table[self.index(minute)].open)
    }

    pub fn is_free(&self, table: &Table, start: i64) -> bool {
        self.is_open(table, start) && self.session(start).all(|minute| !table[self.index(minute)].blocked)
    }

    pub fn is_taken(&self, unit: Unit, start: i64) -> bool {
        let settings = &self.world.kind.settings;
        let from = at(start - i64::from(settings.buffer_before));
        let to = at(self.session(start).end + i64::from(settings.buffer_after));
        // Minutes are whole here: something lasts at least one of them.
        let mut busy = self.world.busy.iter().filter(|busy| busy.unit == unit && busy.from < busy.to);
        busy.any(|busy| busy.from < to && from < busy.to)
    }

    fn date(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at.to_jiff()).date()
    }

    pub fn is_full(
        &self,
        start: i64,
        limit: Option<u32>,
        week: bool,
        staff: Option<StaffId>,
        own: bool,
    ) -> bool {
        let span = |at: Timestamp| {
            let date = self.date(at);
            if week { date.iso_week_date().first_of_week().unwrap().date() } else { date }
        };
        let now = span(at(start));
        let counted = self.world.counted.iter().filter(|it| {
            (!own || it.type_id == self.world.kind.id)
                && staff.is_none_or(|staff| it.staff.contains(&staff))
                && span(it.start) == now
        });
        limit.is_some_and(|limit| counted.count() >= limit as usize)
    }

    /// From the first minute of the day's stretch, on the clock of the first table, in steps.
    pub fn is_on_grid(&self, clock: &Table, open: &[&Table], start: i64) -> bool {
        let is_open = |minute: i64| open.iter().all(|table| table[self.index(minute)].open);
        let date = clock[self.index(start)].date;
        let mut first = start;
        while is_open(first - 1) && clock[self.index(first - 1)].date == date {
            first -= 1;
        }
        let passed = clock[self.index(start)].clock - clock[self.index(first)].clock;
        passed.rem_euclid(i64::from(self.world.kind.settings.slot_step)) == 0
    }

    /// Within the range, notice and horizon.
    pub fn is_in_window(&self, start: i64) -> bool {
        let (world, settings) = (self.world, &self.world.kind.settings);
        let notice = jiff::SignedDuration::from_mins(i64::from(settings.minimum_notice));
        let ahead = self.date(at(start)).duration_since(self.date(world.now)).as_hours() / 24;
        at(start).to_jiff() >= world.now.to_jiff() + notice && ahead <= i64::from(settings.horizon_days)
    }

    pub fn staff_table(&self, id: StaffId) -> Option<&Table> {
        self.staff.get(&id)
    }

    fn resources_free(&self, start: i64) -> bool {
        let needs = &self.world.kind.settings.resources;
        needs.iter().all(|need| {
            let wanted: u32 =
                needs.iter().filter(|it| it.resource_id == need.resource_id).map(|it| it.units).sum();
            let index = self.world.resources.iter().position(|it| it.id == need.resource_id).unwrap();
            let resource = &self.world.resources[index];
            let free = (0..resource.settings.units)
                .filter(|n| !self.is_taken(Unit::Resource(resource.id, *n), start));
            resource.settings.active
                && self.resources[index].as_ref().is_none_or(|table| self.is_free(table, start))
                && free.count() >= wanted as usize
        })
    }

    /// Whether somebody can do it, the grid aside.
    fn can(&self, staff: &Staff, start: i64) -> bool {
        let limits = &self.world.kind.settings.limits;
        let id = Some(staff.id);
        self.is_free(&self.staff[&staff.id], start)
            && !self.is_taken(Unit::Staff(staff.id), start)
            && !self.is_full(start, limits.per_staff_day, false, id, true)
            && !self.is_full(start, limits.per_staff_week, true, id, true)
            && !self.is_full(start, staff.settings.per_day, false, id, false)
            && !self.is_full(start, staff.settings.per_week, true, id, false)
    }

    /// The members of the pool who may do it, whose turn it is first; `None` when it cannot be done at all.
    fn pool(&self) -> Option<Vec<&'a Staff>> {
        let (world, pool) = (self.world, &self.world.kind.settings.staff);
        let member = |id: StaffId| pool.members.iter().find(|member| member.staff_id == id);
        let mut able: Vec<&Staff> =
            world.staff.iter().filter(|staff| staff.settings.active && member(staff.id).is_some()).collect();
        if pool.mode == StaffMode::Collective && able.len() < pool.members.len() {
            return None;
        }
        if let Some(asked) = world.staff_id {
            if !able.iter().any(|staff| staff.id == asked) {
                return None;
            }
            if pool.mode != StaffMode::Collective {
                able.retain(|staff| staff.id == asked);
            }
        }
        if able.is_empty() && !pool.members.is_empty() {
            return None;
        }
        // With weights of 1 to 3, sixths are whole.
        let share = |staff: &Staff| {
            let had = world.had.iter().find(|(id, _)| *id == staff.id).map_or(0, |(_, had)| *had);
            (had + 1) * 6 / member(staff.id).unwrap().weight
        };
        able.sort_by_key(|staff| (share(staff), staff.settings.name.clone(), staff.id));
        Some(able)
    }

    /// The staff of the slot in their order and its seats; `None` when the start cannot be booked.
    pub fn slot(&self, start: i64) -> Option<(Vec<StaffId>, u32)> {
        let (world, settings) = (self.world, &self.world.kind.settings);
        if !settings.active || !settings.durations.contains(&world.minutes) || !self.is_in_window(start) {
            return None;
        }
        let pool = self.pool()?;
        let seats = world.seats.max(1);
        let mut joined: Vec<_> = world
            .sessions
            .iter()
            .filter(|it| {
                it.start == at(start) && it.end == at(self.session(start).end) && it.seats_left >= seats
            })
            .filter(|it| {
                settings.capacity > 1 && world.staff_id.is_none_or(|asked| it.staff.contains(&asked))
            })
            .collect();
        joined.sort_by_key(|session| (session.seats_left, session.id));
        if let Some(session) = joined.first() {
            return Some((session.staff.clone(), session.seats_left));
        }
        let place_is_free = self.place.as_ref().is_none_or(|place| self.is_free(place, start));
        if seats > settings.capacity
            || !place_is_free
            || !self.resources_free(start)
            || self.is_full(start, settings.limits.per_day, false, None, true)
            || self.is_full(start, settings.limits.per_week, true, None, true)
        {
            return None;
        }
        if pool.is_empty() {
            let place = self.place.as_ref().unwrap();
            let taken = settings.resources.is_empty() && self.is_taken(Unit::Kind(world.kind.id), start);
            let on_grid = self.is_on_grid(&self.business, &[place], start);
            return (!taken && on_grid).then(|| (Vec::new(), settings.capacity));
        }
        let on_grid = |staff: &[&Staff]| {
            let mut tables: Vec<&Table> = staff.iter().map(|staff| &self.staff[&staff.id]).collect();
            let own = tables.first().copied().filter(|_| tables.len() == 1 && self.place.is_none());
            let together = settings.staff.mode == StaffMode::Collective;
            let clock = own.filter(|_| !together).unwrap_or(&self.business);
            tables.extend(&self.place);
            self.is_on_grid(clock, &tables, start)
        };
        if settings.staff.mode == StaffMode::Collective {
            let all = pool.iter().all(|staff| self.can(staff, start)) && on_grid(&pool);
            return all.then(|| (pool.iter().map(|staff| staff.id).collect(), settings.capacity));
        }
        let able: Vec<StaffId> =
            pool.into_iter().filter(|it| self.can(it, start) && on_grid(&[*it])).map(|it| it.id).collect();
        (!able.is_empty()).then_some((able, settings.capacity))
    }
}
