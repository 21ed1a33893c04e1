//! Arithmetic on sorted lists of half-open intervals of milliseconds.
//!
//! A list is sorted, and its intervals neither overlap nor touch; every function takes such lists and gives one.

/// From `from` up to, not including, `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    /// First millisecond.
    pub from: i64,
    /// The one after the last.
    pub to: i64,
}

impl Interval {
    /// All of time, with room to add to its ends.
    pub const ALWAYS: Self = Self { from: i64::MIN / 4, to: i64::MAX / 4 };

    /// The interval; empty when `to` is not after `from`.
    pub const fn new(from: i64, to: i64) -> Self {
        Self { from, to }
    }

    /// Holds nothing.
    pub const fn is_empty(self) -> bool {
        self.to <= self.from
    }

    /// Shares a moment with the other.
    pub const fn meets(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }
}

/// A list of whatever is given: sorted, merged, without empty ones.
pub fn list(mut intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.retain(|interval| !interval.is_empty());
    intervals.sort_unstable();
    let mut merged: Vec<Interval> = Vec::with_capacity(intervals.len());
    for next in intervals {
        match merged.last_mut() {
            Some(last) if next.from <= last.to => last.to = last.to.max(next.to),
            _ => merged.push(next),
        }
    }
    merged
}

/// What both hold.
pub fn intersect(a: &[Interval], b: &[Interval]) -> Vec<Interval> {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    let mut both = Vec::new();
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        let shared = Interval::new(x.from.max(y.from), x.to.min(y.to));
        if !shared.is_empty() {
            both.push(shared);
        }
        if x.to <= y.to {
            a.next();
        } else {
            b.next();
        }
    }
    both
}

/// What the first holds and the second does not.
pub fn subtract(from: &[Interval], what: &[Interval]) -> Vec<Interval> {
    let mut what = what.iter().peekable();
    let mut left = Vec::with_capacity(from.len());
    for whole in from {
        let mut at = whole.from;
        while let Some(hole) = what.peek() {
            if hole.to <= at {
                what.next();
                continue;
            }
            if hole.from >= whole.to {
                break;
            }
            if hole.from > at {
                left.push(Interval::new(at, hole.from));
            }
            at = hole.to;
            if hole.to >= whole.to {
                // It may reach into the next one.
                break;
            }
            what.next();
        }
        if at < whole.to {
            left.push(Interval::new(at, whole.to));
        }
    }
    left
}

/// Where at least `least` of the lists hold.
pub fn at_least(lists: &[Vec<Interval>], least: usize) -> Vec<Interval> {
    if least == 0 {
        return vec![Interval::ALWAYS];
    }
    if let ([only], 1) = (lists, least) {
        return only.clone();
    }
    // Ends before starts, so that intervals that only touch do not count as together.
    let mut edges: Vec<(i64, i32)> =
        lists.iter().flatten().flat_map(|interval| [(interval.from, 1), (interval.to, -1)]).collect();
    edges.sort_unstable();
    let least = i32::try_from(least).unwrap_or(i32::MAX);
    let (mut depth, mut since, mut found) = (0, None, Vec::new());
    for (at, step) in edges {
        depth += step;
        match since {
            None if depth >= least => since = Some(at),
            Some(from) if depth < least => {
                found.push(Interval::new(from, at));
                since = None;
            }
            _ => {}
        }
    }
    list(found)
}

/// The interval that holds `at`.
pub fn find(list: &[Interval], at: i64) -> Option<Interval> {
    let next = list.partition_point(|interval| interval.from <= at);
    list.get(next.checked_sub(1)?).copied().filter(|interval| at < interval.to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lists() -> impl Strategy<Value = Vec<Interval>> {
        prop::collection::vec((0_i64..60, 0_i64..12), 0..8).prop_map(|pairs| {
            list(pairs.into_iter().map(|(from, long)| Interval::new(from, from + long)).collect())
        })
    }

    fn holds(list: &[Interval], at: i64) -> bool {
        list.iter().any(|interval| interval.from <= at && at < interval.to)
    }

    proptest! {
        #[test]
        fn every_moment_is_where_it_belongs(a in lists(), b in lists(), c in lists()) {
            let (both, left) = (intersect(&a, &b), subtract(&a, &b));
            let two = at_least(&[a.clone(), b.clone(), c.clone()], 2);
            for at in -1..80 {
                let (in_a, in_b, in_c) = (holds(&a, at), holds(&b, at), holds(&c, at));
                prop_assert_eq!(holds(&both, at), in_a && in_b);
                prop_assert_eq!(holds(&left, at), in_a && !in_b);
                prop_assert_eq!(holds(&two, at), u8::from(in_a) + u8::from(in_b) + u8::from(in_c) >= 2);
                prop_assert_eq!(find(&a, at).is_some(), in_a);
            }
            for sorted in [both, left, two] {
                prop_assert_eq!(list(sorted.clone()), sorted);
            }
        }
    }
}
