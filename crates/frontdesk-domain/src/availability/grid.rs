//! The starts on offer: points a step apart in wall time.
//!
//! The grid begins anew with each stretch of open time on a civil day: at the beginning of the hours, or at midnight
//! where they run through it, so that it does not depend on the range asked about. Within the day it is counted on the
//! wall clock: hours from 0:00 in steps of 90 minutes have a start at 4:30 also when 2:00 to 3:00 is skipped, and
//! starts in a repeated hour are there twice. Bookings, blocks and buffers take points away but move none: after a
//! booking of 45 minutes at 9:00 in steps of 30, the next start is 10:00.

use super::interval::Interval;
use super::zone::{Clocks, DAY};

/// A part of open time in which the grid runs evenly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Its time.
    pub open: Interval,
    /// An instant on the grid, which may lie outside.
    pub anchor: i64,
}

/// Cuts open time at midnights and where the clock jumps.
pub fn pieces(open: &[Interval], clocks: &Clocks) -> Vec<Piece> {
    let mut found = Vec::with_capacity(open.len() + 2);
    for whole in open {
        let mut at = whole.from;
        let mut begin = clocks.local(at);
        while at < whole.to {
            let (even, offset) = clocks.even_at(at);
            let local = at + offset;
            if local.div_euclid(DAY) != begin.div_euclid(DAY) {
                begin = local;
            }
            let midnight = (local.div_euclid(DAY) + 1) * DAY - offset;
            let to = whole.to.min(even.to).min(midnight);
            found.push(Piece { open: Interval::new(at, to), anchor: begin - offset });
            at = to;
        }
    }
    found
}

/// The points of the grid among the allowed instants, in order.
pub fn points(pieces: &[Piece], allowed: &[Interval], step: i64) -> Vec<i64> {
    let step = step.max(1);
    let mut found = Vec::new();
    let mut rest = pieces;
    for allowed in allowed {
        let passed = rest.partition_point(|piece| piece.open.to <= allowed.from);
        rest = rest.get(passed..).unwrap_or_default();
        for piece in rest.iter().take_while(|piece| piece.open.from < allowed.to) {
            let (from, to) = (piece.open.from.max(allowed.from), piece.open.to.min(allowed.to));
            let mut at = from + (piece.anchor - from).rem_euclid(step);
            while at < to {
                found.push(at);
                at += step;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::zone::{MINUTE, day_number};
    use super::*;
    use crate::time::Timestamp;

    /// The wall-clock times of the starts on a day that is open from `from` to `to`.
    fn starts(zone: &str, date: &str, from: i64, to: i64, step: i64) -> Vec<String> {
        let date: jiff::civil::Date = date.parse().unwrap();
        let noon: Timestamp = date.at(12, 0, 0, 0).in_tz(zone).unwrap().timestamp().into();
        let clocks = Clocks::new(zone, noon, noon);
        let midnight = day_number(date) * DAY;
        let open = clocks.instants(&[Interval::new(midnight + from * MINUTE, midnight + to * MINUTE)]);
        let points = points(&pieces(&open, &clocks), &open, step * MINUTE);
        let shown = points.into_iter().map(|at| Timestamp::from_millis(at).to_jiff().in_tz(zone).unwrap());
        shown.map(|at| at.strftime("%H:%M").to_string()).collect()
    }

    #[test]
    fn a_skipped_or_repeated_hour_does_not_shift_the_starts_after_it() {
        let (day, end) = (0, 6 * 60);
        assert_eq!(
            starts("America/New_York", "2026-03-07", day, end, 90),
            ["00:00", "01:30", "03:00", "04:30"]
        );
        assert_eq!(
            starts("America/New_York", "2026-03-08", day, end, 90),
            ["00:00", "01:30", "03:00", "04:30"]
        );
        assert_eq!(
            starts("America/New_York", "2026-11-01", day, end, 90),
            ["00:00", "01:30", "01:30", "03:00", "04:30"]
        );
        assert_eq!(starts("Australia/Lord_Howe", "2026-10-04", 60, 240, 60), ["01:00", "03:00"]);
    }

    #[test]
    fn hours_that_begin_in_a_skipped_hour_begin_after_it() {
        assert_eq!(starts("America/New_York", "2026-03-08", 150, 300, 45), ["03:00", "03:45", "04:30"]);
    }
}
