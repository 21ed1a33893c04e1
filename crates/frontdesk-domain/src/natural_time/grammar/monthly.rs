//! What recurs on certain days of months: "the first Monday of every month", "every 15th", "the end of each month".

use super::{Found, Parser};
use crate::natural_time::ast::{Recurring, Unit};
use crate::natural_time::lexicon::Lex;

/// The nth of a month: a weekday, or (0) a day.
type Nths = Vec<(i8, i8)>;

impl Parser<'_> {
    /// "the first Monday of every month", "the 1st and 15th of each month", "the end of every month".
    pub(super) fn nth_of_every(&self, at: usize, rules: &mut Found<Recurring>) {
        for (end, day) in self.month_edge(at) {
            for (last, rule) in self.of_every_month(end) {
                rules.push((last, Recurring { month_days: vec![day], ..rule }));
            }
        }
        // "le 15 de chaque mois"
        for (end, day) in self.number(at).into_iter().filter(|&(_, day)| (1..=31).contains(&day)) {
            for (last, rule) in self.of_every_month(end) {
                rules.push((last, Recurring { month_days: vec![day as i8], ..rule }));
            }
        }
        // "the last business day of every month"
        if let Some((end, n)) = self.counted_ordinal(at) {
            for workday in self.ends(end, Lex::Workday) {
                for (last, rule) in self.of_every_month(workday) {
                    let weekdays = (1..=5).map(|day| (day, 0)).collect();
                    rules.push((last, Recurring { weekdays, position: Some(n), ..rule }));
                }
            }
        }
        for (end, nths) in self.nth_list(at) {
            for (last, rule) in self.of_every_month(end) {
                rules.push((last, on_nths(rule, &nths)));
            }
            // "the 1st and the 15th of the month": one of them would be a day.
            if nths.len() > 1 {
                rules.extend(
                    self.of_the_month(end)
                        .map(|last| (last, on_nths(Recurring::every(Unit::Month, 1), &nths))),
                );
            }
        }
    }

    /// Behind "every": "15th", "first Monday of the month", "4th and 10th", "fourth Thursday in November".
    pub(super) fn every_nth(&self, every: usize, rules: &mut Found<Recurring>) {
        for (end, nths) in self.nth_list(every) {
            let monthly = on_nths(Recurring::every(Unit::Month, 1), &nths);
            for of in self.ends(end, Lex::Of).chain(self.ends(end, Lex::In)) {
                let yearly = Recurring { unit: Unit::Year, ..monthly.clone() };
                self.month_list(self.skip(of, &[Lex::The]), &yearly, rules);
            }
            if let Some(last) = self.of_the_month(end) {
                rules.push((last, monthly));
            }
        }
    }

    /// "every 15th", "every first Monday", with nothing behind that says of what.
    pub(super) fn every_nth_alone(&self, every: usize, rules: &mut Found<Recurring>) {
        for (end, nths) in self.nth_list(every) {
            let monthly = on_nths(Recurring::every(Unit::Month, 1), &nths);
            // "every second Tuesday" is every other one.
            let [(n, weekday)] = nths.as_slice() else {
                rules.push((end, monthly));
                continue;
            };
            let counts = self
                .edges_at(end)
                .iter()
                .any(|edge| matches!(edge.lex, Lex::Unit(_) | Lex::Weekday(_) | Lex::Weekdays(_)))
                || self.is(end - 1, Lex::Unit(Unit::Day));
            if *weekday == 0 && !counts && *n > 0 || *weekday > 0 && *n != 2 {
                rules.push((end, monthly));
            }
        }
    }

    /// "of every month", "of every other month", "of each 3rd month".
    fn of_every_month(&self, at: usize) -> Found<Recurring> {
        let mut found = Vec::new();
        for of in [at, self.skip(at, &[Lex::Of]), self.skip(at, &[Lex::In])] {
            for every in self.ends(of, Lex::Every) {
                let mut steps = vec![(every, 1_i32)];
                steps.extend(self.ends(every, Lex::Other).map(|end| (end, 2)));
                steps.extend(self.number(every));
                steps.extend(self.ordinal(every).into_iter().map(|(end, n)| (end, i32::from(n))));
                for (step, interval) in steps {
                    let interval = u32::try_from(interval).unwrap_or(1).clamp(1, 1200);
                    for unit in [Unit::Month, Unit::Quarter] {
                        let ends = self.ends(step, Lex::Unit(unit));
                        found.extend(ends.map(|end| (end, Recurring::every(unit, interval))));
                    }
                }
            }
        }
        found.dedup_by(|b, a| a == b);
        found
    }

    /// "of the month", "of every month".
    fn of_the_month(&self, at: usize) -> Option<usize> {
        let of = self.one(at, Lex::Of).or_else(|| self.one(at, Lex::In))?;
        self.one(self.skip(of, &[Lex::The, Lex::Every, Lex::A]), Lex::Unit(Unit::Month))
    }

    /// "the beginning" or "the end" of a month, as a day of it.
    pub(super) fn month_edge(&self, at: usize) -> Found<i8> {
        self.each(self.skip(at, &[Lex::The]), |lex| match lex {
            Lex::Begin => Some(1),
            Lex::Middle => Some(15),
            Lex::End => Some(-1),
            _ => None,
        })
    }

    /// "first", "1st and 3rd Friday", "second to last Monday", "4th and 10th".
    pub(super) fn nth_list(&self, at: usize) -> Found<Nths> {
        let mut found = Vec::new();
        let mut nths: Nths = Vec::new();
        let mut next = at;
        while nths.len() < 8 {
            let Some((end, n)) = self.counted_ordinal(next) else { break };
            let weekday = self.any_weekday(end).first().copied();
            let last = if let Some((last, weekday)) = weekday {
                nths.push((n, weekday));
                for nth in nths.iter_mut().filter(|(n, day)| *day == 0 && n.abs() <= 5) {
                    nth.1 = weekday;
                }
                last
            } else {
                nths.push((n, 0));
                self.one(end, Lex::Unit(Unit::Day)).unwrap_or(end)
            };
            let days = nths.iter().all(|(_, weekday)| *weekday == 0);
            let weekdays = nths.iter().all(|(n, weekday)| *weekday != 0 && n.abs() <= 5);
            if days || weekdays {
                found.push((last, nths.clone()));
            }
            let and = self.skip(self.skip_comma(last), &[Lex::And]);
            if and == last {
                break;
            }
            next = self.skip(and, &[Lex::The]);
        }
        found
    }

    /// An ordinal, "second to last" and "2nd to the last" being negative.
    pub(super) fn counted_ordinal(&self, at: usize) -> Option<(usize, i8)> {
        let (end, n) = self.ordinal(at).into_iter().max_by_key(|(end, _)| *end)?;
        let n = i8::try_from(n).ok().filter(|n| (-31..=31).contains(n))?;
        let to = if self.is_word(end, &["to"]) { self.skip(end + 1, &[Lex::The]) } else { end };
        if to > end && n > 0 && self.is_word(to, &["last"]) {
            return Some((to + 1, -n));
        }
        // "the 3rd last day"
        let counts = |at: usize| {
            self.edges_at(at).iter().any(|edge| matches!(edge.lex, Lex::Unit(_) | Lex::Weekday(_)))
        };
        if n > 1 && self.is_word(end, &["last"]) && counts(end + 1) {
            return Some((end + 1, -n));
        }
        Some((end, n))
    }
}

/// The rule on these days of the month.
pub(super) fn on_nths(rule: Recurring, nths: &[(i8, i8)]) -> Recurring {
    if nths.iter().all(|(_, weekday)| *weekday == 0) {
        return Recurring { month_days: nths.iter().map(|(n, _)| *n).collect(), ..rule };
    }
    Recurring { weekdays: nths.iter().map(|&(n, weekday)| (weekday, n)).collect(), ..rule }
}
