//! The next instant at which the clock on somebody's wall shows an allowed time.
//!
//! Local time is followed from one change of the clock to the next, so an hour that is skipped opens late and one that
//! is repeated is open twice. Which hours hold is not known here; with several zones and rules, the caller asks each in
//! turn until none moves any more.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use jiff::tz::TimeZone;

use super::area::Code;
use crate::availability::zone::{DAY, MINUTE, day_number};
use crate::holiday;
use crate::time::Timestamp;
use crate::workspace::{Stretch, Weekday, WeeklyHours};

/// Hours of a week, Monday first, for looking up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Week([Vec<Stretch>; 7]);

impl From<&WeeklyHours> for Week {
    fn from(hours: &WeeklyHours) -> Self {
        Self(Weekday::ALL.map(|day| hours.0.get(&day).cloned().unwrap_or_default()))
    }
}

impl Week {
    /// The stretches of a local day, in days since 1970-01-01.
    fn of_day(&self, day: i64) -> &[Stretch] {
        // 1970-01-01 was a Thursday.
        usize::try_from((day + 3).rem_euclid(7)).ok().and_then(|it| self.0.get(it)).map_or(&[], Vec::as_slice)
    }
}

/// Local days without hours, sorted, in days since 1970-01-01.
pub type DaysOff = Arc<Vec<i64>>;

/// The years for which holidays are known.
const YEARS: std::ops::RangeInclusive<i16> = 2020..=2049;

/// The first and last day of those years.
pub fn known_days() -> (i64, i64) {
    let (first, last) = YEARS.into_inner();
    (day_number(jiff::civil::date(first, 1, 1)), day_number(jiff::civil::date(last, 12, 31)))
}

/// Public holidays of a country, of the years that are known; `None` for a country whose holidays are not.
pub fn public_holidays(country: Code) -> Option<DaysOff> {
    static DAYS: LazyLock<HashMap<Code, DaysOff>> = LazyLock::new(|| {
        holiday::countries()
            .filter_map(|country| {
                let mut days: Vec<i64> = YEARS
                    .filter_map(|year| holiday::for_year(country.code, year))
                    .flatten()
                    .map(|holiday| day_number(holiday.date))
                    .collect();
                days.sort_unstable();
                Some((Code::of(country.code)?, Arc::new(days)))
            })
            .collect()
    });
    DAYS.get(&country).cloned()
}

/// The first instant from `at` on, and before `limit`, at which the clock of the zone shows one of the hours on a day
/// that is not off.
pub fn next_open(
    zone: &TimeZone,
    week: &Week,
    off: &[DaysOff],
    at: Timestamp,
    limit: Timestamp,
) -> Option<Timestamp> {
    let mut from = at.as_millis();
    while from < limit.as_millis() {
        let instant = Timestamp::from_millis(from).to_jiff();
        let offset = i64::from(zone.to_offset(instant).seconds()) * 1000;
        let open = next_local(week, off, from + offset, limit.as_millis() + offset).map(|at| at - offset);
        if open == Some(from) {
            return Some(Timestamp::from_millis(from));
        }
        // The offset holds up to the next change of the clock only.
        let change = zone
            .following(instant)
            .next()
            .map_or(i64::MAX, |transition| transition.timestamp().as_millisecond());
        match open {
            Some(open) if open < change => return Some(Timestamp::from_millis(open)),
            _ if change > from => from = change,
            _ => return None,
        }
    }
    None
}

/// Whether the clock of the zone shows one of the hours.
pub fn is_open(zone: &TimeZone, week: &Week, off: &[DaysOff], at: Timestamp) -> bool {
    let offset = i64::from(zone.to_offset(at.to_jiff()).seconds()) * 1000;
    let local = at.as_millis() + offset;
    next_local(week, off, local, local + 1) == Some(local)
}

/// The same on a clock that never changes, in local milliseconds.
fn next_local(week: &Week, off: &[DaysOff], local: i64, limit: i64) -> Option<i64> {
    let mut day = local.div_euclid(DAY);
    while day * DAY < limit {
        if !off.iter().any(|days| days.binary_search(&day).is_ok()) {
            for stretch in week.of_day(day) {
                let opens = day * DAY + i64::from(stretch.from) * MINUTE;
                let closes = day * DAY + i64::from(stretch.to) * MINUTE;
                if local < closes {
                    return Some(local.max(opens)).filter(|open| *open < limit);
                }
            }
        }
        day += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::rules::Hours;
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse::<jiff::Timestamp>().unwrap().into()
    }

    fn week(lines: &[&str]) -> Week {
        Week::from(&Hours::try_from(lines.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>()).unwrap().0)
    }

    fn next(zone: &str, lines: &[&str], from: &str) -> Option<String> {
        let zone = TimeZone::get(zone).unwrap();
        let limit = at(from).plus(std::time::Duration::from_hours(14 * 24));
        next_open(&zone, &week(lines), &[], at(from), limit).map(|open| open.to_string())
    }

    #[test]
    fn an_hour_that_is_skipped_opens_late_and_one_that_is_repeated_opens_twice() {
        // Berlin goes from 2:00 to 3:00 on 2026-03-29 and from 3:00 back to 2:00 on 2026-10-25.
        let night = ["mon-sun 02:15-02:45"];
        assert_eq!(
            next("Europe/Berlin", &night, "2026-03-28T12:00:00Z").as_deref(),
            Some("2026-03-30T00:15:00.000Z")
        );
        assert_eq!(
            next("Europe/Berlin", &["sun 02:30-04:00"], "2026-03-28T12:00:00Z").as_deref(),
            Some("2026-03-29T01:00:00.000Z")
        );
        assert_eq!(
            next("Europe/Berlin", &night, "2026-10-24T12:00:00Z").as_deref(),
            Some("2026-10-25T00:15:00.000Z")
        );
        assert_eq!(
            next("Europe/Berlin", &night, "2026-10-25T00:45:00Z").as_deref(),
            Some("2026-10-25T01:15:00.000Z")
        );
        // The clock goes back into hours that had ended.
        assert_eq!(
            next("Europe/Berlin", &["sun 01:00-02:15"], "2026-10-25T00:30:00Z").as_deref(),
            Some("2026-10-25T01:00:00.000Z")
        );
        assert_eq!(
            next("America/New_York", &["mon-sun 08:00-21:00"], "2026-03-08T02:30:00Z").as_deref(),
            Some("2026-03-08T12:00:00.000Z")
        );
        assert_eq!(next("UTC", &[], "2026-03-08T02:30:00Z"), None);
    }

    #[test]
    fn holidays_are_left_out_where_they_are_known() {
        let us = public_holidays(Code::of("US").unwrap()).unwrap();
        let zone = TimeZone::get("America/New_York").unwrap();
        let hours = week(&["mon-fri 09:00-18:00"]);
        // Thanksgiving 2026 is 26 November.
        let open = next_open(&zone, &hours, &[us], at("2026-11-25T23:30:00Z"), at("2026-12-09T00:00:00Z"));
        assert_eq!(open.unwrap().to_string(), "2026-11-27T14:00:00.000Z");
        assert!(public_holidays(Code::of("QQ").unwrap()).is_none());
    }

    fn stretches() -> impl Strategy<Value = Vec<Stretch>> {
        prop::collection::btree_set(0u16..=1440, 0..5).prop_map(|edges| {
            let edges: Vec<u16> = edges.into_iter().collect();
            edges.chunks_exact(2).map(|pair| Stretch { from: pair[0], to: pair[1] }).collect()
        })
    }

    fn zone() -> impl Strategy<Value = TimeZone> {
        let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
        assert!(names.len() > 300);
        prop::sample::select(names).prop_map(|name| TimeZone::get(&name).unwrap())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

        /// Against the wall clock itself, minute by minute.
        #[test]
        fn nothing_earlier_was_open(
            zone in zone(),
            days in prop::array::uniform7(stretches()),
            minute in 15_800_000i64..36_000_000,
            off in prop::option::of(0i64..4),
        ) {
            let start = Timestamp::from_millis(minute * MINUTE);
            let week = Week(days);
            let off: Vec<DaysOff> =
                off.map(|off| Arc::new(vec![minute / 1440 + off])).into_iter().collect();
            let shows_open = |at: Timestamp| {
                let local = at.to_jiff().to_zoned(zone.clone());
                let day = day_number(local.date());
                let minute = u16::from(local.hour().unsigned_abs()) * 60 + u16::from(local.minute().unsigned_abs());
                !off.iter().any(|off| off.contains(&day))
                    && week.0[usize::try_from(local.weekday().to_monday_zero_offset()).unwrap()]
                        .iter()
                        .any(|stretch| stretch.from <= minute && minute < stretch.to)
            };
            let limit = Timestamp::from_millis((minute + 4 * 1440) * MINUTE);
            let next = next_open(&zone, &week, &off, start, limit);
            let by_minute = (minute..minute + 4 * 1440)
                .map(|minute| Timestamp::from_millis(minute * MINUTE))
                .find(|at| shows_open(*at));
            prop_assert_eq!(next, by_minute);
            prop_assert_eq!(is_open(&zone, &week, &off, start), shows_open(start));
        }
    }
}
