//! When somebody or something is there by its schedule, as instants.
//!
//! The hours of a civil day are those of its override if it has one; else none on a holiday, unless holidays are worked;
//! else those of the week and of recurring rules together. Blocked times and blocking rules are taken away at last.

use std::collections::BTreeMap;

use super::interval::{Interval, intersect, list, subtract};
use super::recurrence;
use super::zone::{Clocks, DAY, MINUTE, date_of, day_number};
use crate::holiday;
use crate::id::PlaceId;
use crate::schedule::{HolidaySettings, RecurringKind, Schedule};
use crate::time::Timestamp;
use crate::workspace::{Stretch, Weekday, WeeklyHours};

/// The business's own hours and days off, which stand wherever a schedule says nothing.
#[derive(Debug, Clone, Copy)]
pub struct House<'a> {
    /// The business's zone.
    pub zone: &'a str,
    /// Its opening hours.
    pub hours: &'a WeeklyHours,
    /// Its days off over the time in question, by civil day number; see [`days_off`].
    pub holidays: &'a BTreeMap<i64, String>,
}

/// Which of the rules that hold at one place only count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// All of them: by phone, by video, or to look at somebody's whole day.
    Anywhere,
    /// Those of this place; with `None` only rules without a place.
    At(Option<PlaceId>),
}

impl Where {
    fn counts(self, rule: Option<PlaceId>) -> bool {
        match self {
            Self::Anywhere => true,
            Self::At(place) => rule.is_none() || rule == place,
        }
    }
}

/// Working time, and what is taken away from it.
#[derive(Debug, Clone)]
pub struct Hours {
    /// Working time before blocks.
    pub open: Vec<Interval>,
    /// Blocked time.
    pub blocked: Vec<Interval>,
    /// The zone the hours are written in.
    pub clocks: Clocks,
    /// Civil days without hours because they are holidays.
    pub off: Vec<i64>,
}

impl Hours {
    /// Working time without blocked time.
    pub fn free(&self) -> Vec<Interval> {
        subtract(&self.open, &self.blocked)
    }

    /// Whether the instant lies on a day that is off for a holiday.
    pub fn is_off(&self, at: i64) -> bool {
        self.off.binary_search(&self.clocks.day(at)).is_ok()
    }
}

/// The business's days off between two instants, with some days to spare for other zones, by civil day number.
pub fn days_off(settings: &HolidaySettings, from: Timestamp, to: Timestamp) -> BTreeMap<i64, String> {
    let day = |at: Timestamp| at.as_millis().div_euclid(DAY);
    holiday::days_off(settings, (day(from) - 5, day(to) + 5))
}

/// The hours of a schedule between two instants (whole civil days around them); those of the house without one.
pub fn hours(
    schedule: Option<&Schedule>,
    house: House<'_>,
    place: Where,
    from: Timestamp,
    to: Timestamp,
) -> Hours {
    let clocks = clocks_of(schedule, house, from, to);
    let (first, last) = clocks.days();
    let mut open = Vec::new();
    let mut off = Vec::new();
    let Some(schedule) = schedule else {
        for day in first..=last {
            if house.holidays.contains_key(&day) {
                off.push(day);
            } else if let Some(stretches) = house.hours.0.get(&weekday(day)) {
                open.extend(stretches.iter().map(|stretch| local(day, *stretch)));
            }
        }
        return Hours { open: clocks.instants(&list(open)), blocked: Vec::new(), clocks, off };
    };
    let mut overrides: BTreeMap<i64, Vec<Stretch>> = BTreeMap::new();
    for different in schedule.overrides.iter().filter(|different| place.counts(different.place_id)) {
        overrides.entry(day_number(different.date)).or_default().extend(&different.hours);
    }
    let mut week: BTreeMap<Weekday, Vec<Stretch>> = BTreeMap::new();
    for rule in schedule.weekly.iter().filter(|rule| place.counts(rule.place_id)) {
        week.entry(rule.day).or_default().push(rule.hours);
    }
    let recurring: Vec<Interval> = schedule
        .recurring
        .iter()
        .filter(|rule| rule.kind == RecurringKind::Open)
        .flat_map(|rule| recurrence::expand(rule, first, last))
        .collect();
    let mut not_recurring = Vec::new();
    for day in first..=last {
        if let Some(stretches) = overrides.get(&day) {
            open.extend(stretches.iter().map(|stretch| local(day, *stretch)));
        } else if house.holidays.contains_key(&day) && !schedule.works_holidays {
            off.push(day);
        } else {
            open.extend(week.get(&weekday(day)).into_iter().flatten().map(|stretch| local(day, *stretch)));
            continue;
        }
        not_recurring.push(Interval::new(day * DAY, (day + 1) * DAY));
    }
    if !recurring.is_empty() {
        open.extend(subtract(&list(recurring), &list(not_recurring)));
    }
    let blocked = blocks_in(schedule, &clocks).into_iter().map(|block| block.time).collect();
    Hours { open: clocks.instants(&list(open)), blocked: list(blocked), clocks, off }
}

/// Time taken away, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// When.
    pub time: Interval,
    /// Why, for the team.
    pub reason: String,
}

/// For the calendar: the working time of a schedule between two instants, blocked times not taken away.
pub fn open_hours(
    schedule: Option<&Schedule>,
    house: House<'_>,
    place: Where,
    from: Timestamp,
    to: Timestamp,
) -> Vec<Interval> {
    intersect(
        &hours(schedule, house, place, from, to).open,
        &[Interval::new(from.as_millis(), to.as_millis())],
    )
}

/// For the calendar: what a schedule takes away between two instants, one entry for each time, in order.
pub fn blocked(schedule: &Schedule, house: House<'_>, from: Timestamp, to: Timestamp) -> Vec<Block> {
    let range = Interval::new(from.as_millis(), to.as_millis());
    let mut found = blocks_in(schedule, &clocks_of(Some(schedule), house, from, to));
    found.retain(|block| block.time.meets(range));
    for block in &mut found {
        block.time = Interval::new(block.time.from.max(range.from), block.time.to.min(range.to));
    }
    found.sort_by_key(|block| block.time);
    found
}

fn blocks_in(schedule: &Schedule, clocks: &Clocks) -> Vec<Block> {
    let (first, last) = clocks.days();
    let mut found = Vec::with_capacity(schedule.blocked.len());
    for rule in schedule.recurring.iter().filter(|rule| rule.kind == RecurringKind::Blocked) {
        let times = clocks.instants(&list(recurrence::expand(rule, first, last)));
        found.extend(times.into_iter().map(|time| Block { time, reason: rule.reason.clone() }));
    }
    for time in &schedule.blocked {
        let interval = Interval::new(time.from.as_millis(), time.to.as_millis());
        if !interval.is_empty() {
            found.push(Block { time: interval, reason: time.reason.clone() });
        }
    }
    found
}

fn clocks_of(schedule: Option<&Schedule>, house: House<'_>, from: Timestamp, to: Timestamp) -> Clocks {
    let zone = schedule.map_or("", |schedule| schedule.zone.as_str());
    Clocks::new(if zone.is_empty() { house.zone } else { zone }, from, to)
}

fn weekday(day: i64) -> Weekday {
    Weekday::of(date_of(day).weekday())
}

fn local(day: i64, stretch: Stretch) -> Interval {
    let midnight = day * DAY;
    Interval::new(midnight + i64::from(stretch.from) * MINUTE, midnight + i64::from(stretch.to) * MINUTE)
}
