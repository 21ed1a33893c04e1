//! What recurs: "every other Monday", "weekdays at 9", "the first Tuesday of every month", "twice a week".
//!
//! Here is what begins such a phrase; what may follow ("at 9", "until June", "except Sundays") is in
//! [`series`](super::series).

use super::{Found, Parser};
use crate::natural_time::ast::{Length, Moment, Phrase, Pod, Recurring, Unit, Which};
use crate::natural_time::lexicon::Lex;

impl Parser<'_> {
    pub(super) fn recurring(&self, at: usize) -> Found<Phrase> {
        let mut rules = self.rules(at);
        // A time before: "at 9 every day".
        for (end, time) in self.times_of_day(at) {
            for next in [end, self.skip(end, &[Lex::Glue]), self.skip(end, &[Lex::On])] {
                let more = self.rules(next).into_iter().filter(|(_, rule)| !rule.time.has_time());
                rules.extend(more.map(|(end, rule)| (end, Recurring { time: time.clone(), ..rule })));
            }
        }
        // "starting in May, every Friday"
        for from in self.ends(at, Lex::From) {
            for (end, day) in self.dates(self.skip(from, &[Lex::In, Lex::On])) {
                let rules_after = self.rules(self.skip_comma(end));
                rules.extend(
                    rules_after
                        .into_iter()
                        .map(|(end, rule)| (end, Recurring { from: Some(Box::new(day.clone())), ..rule })),
                );
            }
        }
        let mut found = Vec::new();
        for (end, rule) in rules {
            found
                .extend(self.series(end, rule).into_iter().map(|(end, rule)| (end, Phrase::Recurring(rule))));
        }
        found.sort_by_key(|&(end, _)| std::cmp::Reverse(end));
        found.truncate(6);
        found
    }

    fn rules(&self, at: usize) -> Found<Recurring> {
        let mut rules: Found<Recurring> = Vec::new();
        let starts = [
            at,
            self.skip(at, &[Lex::On]),
            self.skip(at, &[Lex::The]),
            self.skip(at, &[Lex::In]),
            self.skip(at, &[Lex::At]),
            self.skip(self.skip(at, &[Lex::On, Lex::At]), &[Lex::The]),
        ];
        let mut done: Vec<usize> = Vec::new();
        for start in starts {
            if done.contains(&start) {
                continue;
            }
            done.push(start);
            self.every(start, &mut rules);
            self.plural(start, &mut rules);
            self.often(start, &mut rules);
            self.nth_of_every(start, &mut rules);
        }
        rules
    }

    fn times_of_day(&self, at: usize) -> Found<Moment> {
        let mut found = self.moments(at);
        found.retain(|(_, moment)| moment.has_time() && !moment.has_date() && !moment.latent);
        found
    }

    /// "every day", "every other week", "every 3 months", "each Monday and Thursday", "every 15th", "every half hour".
    fn every(&self, at: usize, rules: &mut Found<Recurring>) {
        for every in self.ends(at, Lex::Every) {
            self.every_nth(every, rules);
            let mut steps = vec![(every, 1_u32)];
            steps.extend(self.ends(every, Lex::Other).map(|end| (end, 2)));
            for (end, n) in self
                .number(every)
                .into_iter()
                .chain(self.ordinal(every).into_iter().map(|(end, n)| (end, i32::from(n))))
            {
                if (2..=366).contains(&n) {
                    steps.push((end, n as u32));
                }
            }
            for (start, interval) in steps {
                self.each_of(every, start, interval, rules);
            }
            rules.extend(
                self.length(every).into_iter().filter_map(|(end, length)| Some((end, step(&length)?))),
            );
            self.every_nth_alone(every, rules);
        }
    }

    /// What stands behind "every" and a step.
    fn each_of(&self, every: usize, start: usize, interval: u32, rules: &mut Found<Recurring>) {
        for edge in self.edges_at(start) {
            match edge.lex {
                Lex::Unit(Unit::Day) if self.is_word(start, &["night", "nights"]) => {}
                // "all day" does not recur.
                Lex::Unit(unit) if !(self.is_word(every.wrapping_sub(1), &["all"]) && interval == 1) => {
                    rules.push((edge.end, Recurring::every(unit, interval)));
                }
                Lex::Fortnight => rules.push((edge.end, Recurring::every(Unit::Week, 2 * interval))),
                Lex::Weekday(_) | Lex::Weekdays(_) | Lex::Weekend => {
                    self.weekday_list(start, interval, rules);
                }
                Lex::WeekdayPod(day, pod) => {
                    rules.push((edge.end, at_pod(Recurring::on(&[day], interval), pod)));
                }
                Lex::Workday | Lex::Workdays => {
                    rules.push((edge.end, Recurring::on(&[1, 2, 3, 4, 5], 1)));
                }
                Lex::Weeknights => {
                    rules.push((edge.end, at_pod(Recurring::on(&[1, 2, 3, 4, 5], 1), Pod::Night)));
                }
                Lex::Pod(pod) | Lex::Pods(pod) => {
                    rules.push((edge.end, at_pod(Recurring::every(Unit::Day, interval), pod)));
                }
                Lex::Holiday(day) => {
                    rules.push((
                        edge.end,
                        Recurring { holiday: Some(day), ..Recurring::every(Unit::Year, interval) },
                    ));
                }
                Lex::Month(_) => {
                    // "every May", "every July 4", "every December 21st and 31st"
                    let yearly = Recurring::every(Unit::Year, interval);
                    self.month_list(start, &yearly, rules);
                    for (last, date) in self.dates(start) {
                        if let (Some(day), Some((month, _)), None) = (date.day, date.month, date.year) {
                            let rule =
                                Recurring { months: vec![month], month_days: vec![day], ..yearly.clone() };
                            self.more_days(last, &rule, rules);
                            rules.push((last, rule));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// "Mondays", "on Tuesdays and Thursdays", "weekdays", "weekends", "mornings".
    fn plural(&self, at: usize, rules: &mut Found<Recurring>) {
        for edge in self.edges_at(at) {
            match edge.lex {
                Lex::Weekdays(_) => self.weekday_list(at, 1, rules),
                Lex::Workdays if at == 0 || self.number(at - 1).is_empty() => {
                    rules.push((edge.end, Recurring::on(&[1, 2, 3, 4, 5], 1)));
                }
                Lex::Weeknights => {
                    rules.push((edge.end, at_pod(Recurring::on(&[1, 2, 3, 4, 5], 1), Pod::Night)));
                }
                Lex::Weekends => rules.push((edge.end, Recurring::on(&[6, 7], 1))),
                Lex::Pods(pod) if at == 0 || !self.is(at - 1, Lex::Good) => {
                    rules.push((edge.end, at_pod(Recurring::every(Unit::Day, 1), pod)));
                }
                // "weekday mornings"
                Lex::Workday => {
                    for (end, pod) in self.each(edge.end, pods) {
                        rules.push((end, at_pod(Recurring::on(&[1, 2, 3, 4, 5], 1), pod)));
                    }
                }
                // "Monday mornings"
                Lex::Weekday(_) => {
                    let mut rows = Vec::new();
                    self.weekday_list(at, 1, &mut rows);
                    for (end, row) in rows {
                        let of_row = self.each(end, pods).into_iter();
                        rules.extend(of_row.map(|(end, pod)| (end, at_pod(row.clone(), pod))));
                    }
                }
                // "alternate Tuesdays"
                Lex::Other if self.is_word(at, &["alternate", "alternating"]) => {
                    self.weekday_list(edge.end, 2, rules);
                }
                _ => {}
            }
        }
        for start in self.starts(at, &[Lex::From]) {
            self.opening_hours(start, rules);
        }
        self.one_in(at, rules);
        // "the next three Mondays"
        for (end, which) in self.determiner(at) {
            if matches!(which, Which::Next | Which::Coming) {
                for (end, count) in
                    self.number(end).into_iter().filter(|&(_, count)| (1..100).contains(&count))
                {
                    for (end, day) in self.any_weekday(end) {
                        rules
                            .push((end, Recurring { count: Some(count as u32), ..Recurring::on(&[day], 1) }));
                    }
                }
            }
        }
    }

    /// "un lundi sur deux", "un lunes sí y otro no".
    fn one_in(&self, at: usize, rules: &mut Found<Recurring>) {
        if !self.is_word(at, &["un", "une", "una"]) {
            return;
        }
        for (end, day) in self.any_weekday(at + 1) {
            if self.is_word(end, &["sur"]) {
                for (last, n) in self.number(end + 1).into_iter().filter(|&(_, n)| (2..=52).contains(&n)) {
                    rules.push((last, Recurring::on(&[day], n as u32)));
                }
            }
            let other = [["si"], ["y"], ["otro"], ["no"]];
            if other.iter().enumerate().all(|(index, word)| self.is_word(end + index, word)) {
                rules.push((end + other.len(), Recurring::on(&[day], 2)));
            }
        }
    }

    /// "Monday to Friday 9 to 5": hours said of a row of days are those of each.
    fn opening_hours(&self, at: usize, rules: &mut Found<Recurring>) {
        if !self.edges_at(at).iter().any(|edge| matches!(edge.lex, Lex::Weekday(_))) {
            return;
        }
        let mut rows = Vec::new();
        self.weekday_list(at, 1, &mut rows);
        for (end, rule) in rows.into_iter().filter(|(_, rule)| rule.weekdays.len() > 2) {
            for next in [end, self.skip(end, &[Lex::Glue])] {
                for (last, hours) in self.moments(next) {
                    let between = matches!(hours.time, Some(crate::natural_time::ast::Time::Between(..)));
                    if between && !hours.has_date() {
                        rules.push((last, Recurring { time: hours, ..rule.clone() }));
                    }
                }
            }
        }
    }

    /// "daily", "weekly on Mondays", "once a month", "twice a week", "three times daily".
    fn often(&self, at: usize, rules: &mut Found<Recurring>) {
        for end in self.ends(at, Lex::EveryTwoWeeks) {
            rules.push((end, Recurring::every(Unit::Week, 2)));
            self.weekday_list(self.skip(end, &[Lex::On]), 2, rules);
        }
        for edge in self.edges_at(at) {
            match edge.lex {
                Lex::Daily(Unit::Day) if self.is_word(at, &["nightly"]) => {
                    rules.push((edge.end, at_pod(Recurring::every(Unit::Day, 1), Pod::Night)));
                }
                Lex::Daily(unit) => {
                    rules.push((edge.end, Recurring::every(unit, 1)));
                    let on = self.skip(edge.end, &[Lex::On]);
                    if unit == Unit::Week {
                        self.weekday_list(on, 1, rules);
                    }
                }
                Lex::Periodic(unit, interval) => {
                    rules.push((edge.end, Recurring::every(unit, u32::from(interval))));
                }
                Lex::Once | Lex::Twice => self.times_per(edge.end, rules),
                Lex::Number(1..=99) if self.is(edge.end, Lex::Times) => {
                    for end in self.ends(edge.end, Lex::Times) {
                        self.times_per(end, rules);
                    }
                }
                _ => {}
            }
        }
    }

    /// "a week", "per day", "daily" behind "twice": in which period it recurs; how often in it is not said.
    fn times_per(&self, at: usize, rules: &mut Found<Recurring>) {
        let a = if self.is_word(at, &["per"]) { at + 1 } else { self.skip(at, &[Lex::A, Lex::Every]) };
        if a > at {
            rules.extend(self.unit(a).into_iter().map(|(end, unit)| (end, Recurring::every(unit, 1))));
            rules.extend(self.length(a).into_iter().filter_map(|(end, length)| Some((end, step(&length)?))));
        }
        let adverb = |lex| if let Lex::Daily(unit) = lex { Some(unit) } else { None };
        rules.extend(self.each(at, adverb).into_iter().map(|(end, unit)| (end, Recurring::every(unit, 1))));
    }
}

const fn pods(lex: Lex) -> Option<Pod> {
    if let Lex::Pods(pod) = lex { Some(pod) } else { None }
}

fn at_pod(rule: Recurring, pod: Pod) -> Recurring {
    Recurring { time: Moment { pod: Some(pod), ..Moment::default() }, ..rule }
}

/// A length as the step of a rule; nothing when no unit divides it.
fn step(length: &Length) -> Option<Recurring> {
    let parts = [
        (Unit::Year, length.years),
        (Unit::Month, length.months),
        (Unit::Week, length.weeks),
        (Unit::Day, length.days),
        (Unit::Second, length.seconds),
    ];
    let mut said = parts.into_iter().filter(|(_, count)| *count > 0);
    let (unit, count) = said.next()?;
    if said.next().is_some() {
        return None;
    }
    let (unit, count) = match (unit, count) {
        (Unit::Second, seconds) if seconds % 3600 == 0 => (Unit::Hour, seconds / 3600),
        (Unit::Second, seconds) if seconds % 60 == 0 => (Unit::Minute, seconds / 60),
        whole => whole,
    };
    let interval = u32::try_from(count).ok().filter(|interval| *interval <= 10_000)?;
    Some(Recurring::every(unit, interval))
}
