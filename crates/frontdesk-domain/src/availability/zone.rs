//! Wall-clock time of a zone as instants, transitions included.
//!
//! "Open from 9 to 17" means: while the clock on the wall shows 9:00 to 17:00. In the night in which an hour is skipped
//! that is an hour less, and in the one in which it is repeated an hour more. Local time is milliseconds as if the zone
//! were UTC.

use jiff::tz::TimeZone;

use super::interval::{Interval, list};
use crate::time::Timestamp;

/// Milliseconds of a day without transitions.
pub const DAY: i64 = 86_400_000;
/// Milliseconds of a minute.
pub const MINUTE: i64 = 60_000;

/// A zone over a stretch of time, cut where its offset changes.
#[derive(Debug, Clone)]
pub struct Clocks {
    /// From, to, and offset from UTC in milliseconds.
    pieces: Vec<(Interval, i64)>,
}

impl Clocks {
    /// The zone between the two instants, with two days to spare on each side. An unknown zone is read as UTC.
    pub fn new(zone: &str, from: Timestamp, to: Timestamp) -> Self {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let start = from.as_millis().saturating_sub(2 * DAY);
        let end = to.as_millis().saturating_add(2 * DAY).max(start);
        let offset_at =
            |at: i64| i64::from(zone.to_offset(Timestamp::from_millis(at).to_jiff()).seconds()) * 1000;
        let mut pieces = Vec::with_capacity(2);
        let mut at = start;
        for transition in zone.following(Timestamp::from_millis(start).to_jiff()) {
            let next = transition.timestamp().as_millisecond();
            if next >= end {
                break;
            }
            pieces.push((Interval::new(at, next), offset_at(at)));
            at = next;
        }
        pieces.push((Interval::new(at, end), offset_at(at)));
        Self { pieces }
    }

    /// The instants at which the clock shows a time in one of the local intervals.
    pub fn instants(&self, local: &[Interval]) -> Vec<Interval> {
        let mut found = Vec::with_capacity(local.len() + 1);
        for (piece, offset) in &self.pieces {
            let first = local.partition_point(|interval| interval.to - offset <= piece.from);
            for interval in local.iter().skip(first) {
                let (from, to) = (interval.from - offset, interval.to - offset);
                if from >= piece.to {
                    break;
                }
                found.push(Interval::new(from.max(piece.from), to.min(piece.to)));
            }
        }
        list(found)
    }

    /// What the clock shows.
    pub fn local(&self, at: i64) -> i64 {
        at.saturating_add(self.even_at(at).1)
    }

    /// The time around an instant in which the offset stays the same, and the offset. Before the first and after the
    /// last instant covered the offset is taken to stay.
    pub fn even_at(&self, at: i64) -> (Interval, i64) {
        let next = self.pieces.partition_point(|(piece, _)| piece.from <= at);
        let index = next.saturating_sub(1);
        let (mut piece, offset) = self.pieces.get(index).copied().unwrap_or((Interval::ALWAYS, 0));
        if index == 0 {
            piece.from = Interval::ALWAYS.from;
        }
        if index + 1 >= self.pieces.len() {
            piece.to = Interval::ALWAYS.to;
        }
        (piece, offset)
    }

    /// The local day, in days since 1970-01-01.
    pub fn day(&self, at: i64) -> i64 {
        self.local(at).div_euclid(DAY)
    }

    /// The first and the last local day that are covered.
    pub fn days(&self) -> (i64, i64) {
        let first = self.pieces.first().map_or(0, |(piece, _)| piece.from);
        let last = self.pieces.last().map_or(0, |(piece, _)| piece.to);
        (self.day(first), self.day(last))
    }

    /// The instants of these local days.
    pub fn day_instants(&self, from: i64, to: i64) -> Vec<Interval> {
        self.instants(&[Interval::new(from * DAY, to * DAY)])
    }
}

/// The day, in days since 1970-01-01.
pub fn day_number(date: jiff::civil::Date) -> i64 {
    date.duration_since(EPOCH).as_hours() / 24
}

/// The civil date of a day.
pub fn date_of(day: i64) -> jiff::civil::Date {
    EPOCH.saturating_add(jiff::SignedDuration::from_hours(day.saturating_mul(24)))
}

/// The week a day lies in, counted from Monday.
pub const fn week_of(day: i64) -> i64 {
    // 1970-01-01 was a Thursday.
    (day + 3).div_euclid(7)
}

const EPOCH: jiff::civil::Date = jiff::civil::date(1970, 1, 1);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse::<jiff::Timestamp>().unwrap().into()
    }

    fn minutes_open(zone: &str, date: jiff::civil::Date, from: i64, to: i64) -> i64 {
        let noon: Timestamp = date.at(12, 0, 0, 0).in_tz(zone).unwrap().timestamp().into();
        let clocks = Clocks::new(zone, noon, noon);
        let midnight = day_number(date) * DAY;
        let open = clocks.instants(&[Interval::new(midnight + from * MINUTE, midnight + to * MINUTE)]);
        open.iter().map(|interval| interval.to - interval.from).sum::<i64>() / MINUTE
    }

    #[test]
    fn a_skipped_hour_is_missing_and_a_repeated_hour_counts_twice() {
        let (spring, autumn) = (jiff::civil::date(2026, 3, 29), jiff::civil::date(2026, 10, 25));
        assert_eq!(minutes_open("Europe/Berlin", spring, 0, 1440), 23 * 60);
        assert_eq!(minutes_open("Europe/Berlin", autumn, 0, 1440), 25 * 60);
        assert_eq!(minutes_open("Europe/Berlin", spring, 120, 180), 0);
        assert_eq!(minutes_open("Europe/Berlin", autumn, 120, 150), 60);
        assert_eq!(minutes_open("Europe/Berlin", autumn, 540, 1020), 8 * 60);
        // Half an hour only.
        assert_eq!(minutes_open("Australia/Lord_Howe", jiff::civil::date(2026, 4, 5), 0, 1440), 24 * 60 + 30);
    }

    #[test]
    fn days_and_weeks_are_those_of_the_wall() {
        let clocks = Clocks::new("Pacific/Auckland", at("2026-03-01T00:00:00Z"), at("2026-03-31T00:00:00Z"));
        let evening = at("2026-03-08T11:30:00Z").as_millis();
        assert_eq!(date_of(clocks.day(evening)), jiff::civil::date(2026, 3, 9));
        assert_eq!(
            week_of(day_number(jiff::civil::date(2026, 3, 8))) + 1,
            week_of(day_number(jiff::civil::date(2026, 3, 9)))
        );
        assert_eq!(day_number(date_of(-400)), -400);
    }
}
