//! When somebody or something is there by its schedule, as instants.
//!
//! The hours of a day are those of its override if it has one, else of the week; on a holiday there are none. Hours added
//! by a recurrence rule come on top, blocked times and blocking rules are taken away at last.

use std::collections::BTreeMap;

use super::interval::{Interval, list, subtract};
use super::recurrence;
use super::zone::{Clocks, DAY, MINUTE, date_of, day_number};
use crate::id::PlaceId;
use crate::schedule::{RecurringKind, Schedule};
use crate::time::Timestamp;
use crate::workspace::{Stretch, Weekday, WeeklyHours};

/// The business's own hours and days off, which stand wherever a schedule says nothing.
#[derive(Debug, Clone, Copy)]
pub struct House<'a> {
    /// The business's zone.
    pub zone: &'a str,
    /// Its opening hours.
    pub hours: &'a WeeklyHours,
    /// Its days off over the time in question, by local day number.
    pub holidays: &'a BTreeMap<i64, String>,
}

/// Working time, and what is taken away from it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hours {
    /// Working time before blocks; starts are counted from the beginning of each interval.
    pub open: Vec<Interval>,
    /// Blocked time.
    pub blocked: Vec<Interval>,
}

impl Hours {
    /// Working time without blocked time.
    pub fn free(&self) -> Vec<Interval> {
        subtract(&self.open, &self.blocked)
    }
}

/// The hours of a schedule between two instants (whole local days around them); those of the house without one.
pub fn hours(
    schedule: Option<&Schedule>,
    house: House<'_>,
    place: Option<PlaceId>,
    from: Timestamp,
    to: Timestamp,
) -> Hours {
    let zone = schedule.map_or("", |schedule| schedule.zone.as_str());
    let clocks = Clocks::new(if zone.is_empty() { house.zone } else { zone }, from, to);
    let (first, last) = clocks.days();
    let mut open = Vec::new();
    match schedule {
        None => {
            for day in (first..=last).filter(|day| !house.holidays.contains_key(day)) {
                let stretches = house.hours.0.get(&Weekday::of(date_of(day).weekday()));
                open.extend(stretches.into_iter().flatten().map(|stretch| local(day, *stretch)));
            }
            Hours { open: clocks.instants(&list(open)), blocked: Vec::new() }
        }
        Some(schedule) => {
            let here = |at: Option<PlaceId>| at.is_none() || at == place;
            let mut overrides: BTreeMap<i64, Vec<Stretch>> = BTreeMap::new();
            for different in schedule.overrides.iter().filter(|different| here(different.place_id)) {
                overrides.entry(day_number(different.date)).or_default().extend(&different.hours);
            }
            for day in first..=last {
                if let Some(stretches) = overrides.get(&day) {
                    open.extend(stretches.iter().map(|stretch| local(day, *stretch)));
                } else if schedule.works_holidays || !house.holidays.contains_key(&day) {
                    let weekday = Weekday::of(date_of(day).weekday());
                    let rules =
                        schedule.weekly.iter().filter(|rule| rule.day == weekday && here(rule.place_id));
                    open.extend(rules.map(|rule| local(day, rule.hours)));
                }
            }
            let mut blocked_local = Vec::new();
            for rule in &schedule.recurring {
                let found = recurrence::expand(rule, first, last);
                match rule.kind {
                    RecurringKind::Open => open.extend(found),
                    RecurringKind::Blocked => blocked_local.extend(found),
                }
            }
            let mut blocked = clocks.instants(&list(blocked_local));
            blocked.extend(
                schedule.blocked.iter().map(|time| Interval::new(time.from.as_millis(), time.to.as_millis())),
            );
            Hours { open: clocks.instants(&list(open)), blocked: list(blocked) }
        }
    }
}

fn local(day: i64, stretch: Stretch) -> Interval {
    let midnight = day * DAY;
    Interval::new(midnight + i64::from(stretch.from) * MINUTE, midnight + i64::from(stretch.to) * MINUTE)
}
