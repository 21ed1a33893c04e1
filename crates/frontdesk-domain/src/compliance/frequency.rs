//! How often somebody may be written to.
//!
//! A cap counts what was sent in the hours before an instant. What counts is chosen by the caller.

use std::time::Duration;

use crate::time::Timestamp;

/// The first instant from `at` on at which fewer than `max` of the sendings lie in the `hours` before it; `None` when
/// `max` is zero. The order of the sendings does not matter.
pub fn next_free(
    sent: impl Iterator<Item = Timestamp>,
    max: u32,
    hours: u32,
    at: Timestamp,
) -> Option<Timestamp> {
    let last = usize::try_from(max).ok()?.checked_sub(1)?;
    let mut newest: Vec<Timestamp> = sent.collect();
    newest.sort_unstable_by(|a, b| b.cmp(a));
    let frees = newest.get(last).map(|sent| sent.plus(Duration::from_hours(u64::from(hours))));
    Some(frees.map_or(at, |frees| frees.max(at)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOUR: i64 = 3_600_000;

    fn hour(hours: i64) -> Timestamp {
        Timestamp::from_millis(hours * HOUR)
    }

    #[test]
    fn the_oldest_that_counts_has_to_leave_first() {
        let sent = [hour(10), hour(1), hour(20)];
        assert_eq!(next_free(sent.into_iter(), 3, 24, hour(21)), Some(hour(25)));
        assert_eq!(next_free(sent.into_iter(), 4, 24, hour(21)), Some(hour(21)));
        assert_eq!(next_free(sent.into_iter(), 1, 24, hour(21)), Some(hour(44)));
        assert_eq!(next_free(sent.into_iter(), 0, 24, hour(21)), None);
        assert_eq!(next_free(sent.into_iter(), 3, 24, hour(25)), Some(hour(25)));
    }

    proptest! {
        #[test]
        fn it_is_the_first_hour_with_room(
            sent in prop::collection::vec(0i64..200, 0..12), max in 1u32..5, hours in 1u32..100, at in 200i64..220,
        ) {
            let room = |at: i64| {
                let counted = sent.iter().filter(|sent| **sent > at - i64::from(hours)).count();
                counted < max as usize
            };
            let first = (at..at + 1_000).find(|at| room(*at)).unwrap();
            prop_assert_eq!(next_free(sent.iter().map(|it| hour(*it)), max, hours, hour(at)), Some(hour(first)));
        }
    }
}
