//! What recurs: "every other Monday", "weekdays at 9", "the first Tuesday of every month", "twice a week".

use super::{Found, Parser};
use crate::natural_time::ast::{Moment, Phrase, Pod, Recurring, Unit, Which};
use crate::natural_time::lexicon::Lex;

impl Parser<'_> {
    pub(super) fn recurring(&self, at: usize) -> Found<Phrase> {
        let mut rules: Found<Recurring> = Vec::new();
        let starts = [
            at,
            self.skip(at, &[Lex::On]),
            self.skip(at, &[Lex::The]),
            self.skip(at, &[Lex::In]),
            self.skip(at, &[Lex::At]),
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
        // A time before: "at 9 every day".
        for (end, time) in self.times_of_day(at) {
            for next in [end, self.skip(end, &[Lex::Glue]), self.skip(end, &[Lex::On])] {
                let mut more = Vec::new();
                self.every(next, &mut more);
                self.plural(next, &mut more);
                self.often(next, &mut more);
                rules.extend(
                    more.into_iter().map(|(end, rule)| (end, Recurring { time: time.clone(), ..rule })),
                );
            }
        }
        let mut found = Vec::new();
        for (end, rule) in rules {
            self.with_time(end, &rule, &mut found);
            found.push((end, Phrase::Recurring(rule)));
        }
        found.sort_by_key(|&(end, _)| std::cmp::Reverse(end));
        found.truncate(6);
        found
    }

    fn times_of_day(&self, at: usize) -> Found<Moment> {
        let mut found = self.moments(at);
        found.retain(|(_, moment)| moment.has_time() && !moment.has_date() && !moment.latent);
        found
    }

    fn with_time(&self, at: usize, rule: &Recurring, found: &mut Found<Phrase>) {
        if rule.time.has_time() {
            return;
        }
        for (end, rule) in self.placed(at, rule) {
            self.with_time(end, &rule, found);
            found.push((end, Phrase::Recurring(rule)));
        }
        let comma = self.skip(at, &[Lex::Glue]);
        for next in [at, comma] {
            for (end, moment) in self.moments(next) {
                let vague = rule.month.is_some() && rule.month_day.is_none() && moment.latent;
                if moment.has_time() && !moment.has_date() && !vague {
                    let rule = Recurring { time: moment, ..rule.clone() };
                    self.with_bounds(end, &rule, found);
                    found.push((end, Phrase::Recurring(rule)));
                }
            }
            if comma == at {
                break;
            }
        }
        self.with_bounds(at, rule, found);
    }

    /// The day said after the step: "every two weeks on Monday", "monthly on the 1st", "every year on March 3".
    fn placed(&self, at: usize, rule: &Recurring) -> Found<Recurring> {
        let mut found = Vec::new();
        if !rule.weekdays.is_empty() || rule.month_day.is_some() {
            return found;
        }
        for on in self.ends(at, Lex::On) {
            match rule.unit {
                Unit::Week => self.weekday_list(on, rule.interval, &mut found),
                Unit::Month | Unit::Year => {
                    for (end, date) in self.dates(on) {
                        let month = date.month.filter(|_| rule.unit == Unit::Year).map(|(month, _)| month);
                        let fits = date.year.is_none()
                            && date.anchor.is_none()
                            && (month.is_some() || rule.unit == Unit::Month);
                        if let (Some(day), true) = (date.day, fits && date.weekday.is_none()) {
                            found.push((end, Recurring { month_day: Some(day), month, ..rule.clone() }));
                        }
                    }
                    let the = self.skip(on, &[Lex::The]);
                    for (end, n) in self.ordinal(the) {
                        for (last, day) in
                            self.each(end, |lex| if let Lex::Weekday(day) = lex { Some(day) } else { None })
                        {
                            if (-1..=5).contains(&n) && rule.unit == Unit::Month {
                                found.push((
                                    last,
                                    Recurring { weekdays: vec![(day, n as i8)], ..rule.clone() },
                                ));
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// "starting May 3", "until July".
    fn with_bounds(&self, at: usize, rule: &Recurring, found: &mut Found<Phrase>) {
        for (lex, until) in [(Lex::From, false), (Lex::Until, true)] {
            for start in self.ends(at, lex) {
                for (end, moment) in self.dates(start) {
                    let mut rule = rule.clone();
                    if until {
                        rule.until = Some(Box::new(moment));
                    } else {
                        rule.from = Some(Box::new(moment));
                    }
                    found.push((end, Phrase::Recurring(rule)));
                }
            }
        }
    }

    /// "every day", "every other week", "every 3 months", "each Monday and Thursday", "every 15th".
    fn every(&self, at: usize, rules: &mut Found<Recurring>) {
        for every in self.ends(at, Lex::Every) {
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
                for edge in self.edges_at(start) {
                    match edge.lex {
                        Lex::Unit(unit)
                            if !(self.is_word(every.wrapping_sub(1), &["all"]) && interval == 1) =>
                        {
                            rules.push((edge.end, plain(unit, interval)));
                        }
                        Lex::Fortnight => rules.push((edge.end, plain(Unit::Week, 2 * interval))),
                        Lex::Weekday(_) | Lex::Weekdays(_) => {
                            self.weekday_list(start, interval, rules);
                        }
                        Lex::WeekdayPod(day, pod) => {
                            let mut rule = on_days(vec![day], interval);
                            rule.time = Moment { pod: Some(pod), ..Moment::default() };
                            rules.push((edge.end, rule));
                        }
                        Lex::Workday | Lex::Workdays => {
                            rules.push((edge.end, on_days(vec![1, 2, 3, 4, 5], 1)));
                        }
                        Lex::Weekend => rules.push((edge.end, on_days(vec![6, 7], interval))),
                        Lex::Pod(pod) | Lex::Pods(pod) => {
                            let mut rule = plain(Unit::Day, interval);
                            rule.time = Moment { pod: Some(pod), ..Moment::default() };
                            rules.push((edge.end, rule));
                        }
                        Lex::Month(month) => {
                            let mut rule = plain(Unit::Year, interval);
                            rule.month = Some(month);
                            rules.push((edge.end, rule));
                        }
                        _ => {}
                    }
                }
                if interval == 1 {
                    for (end, date) in self.dates(start) {
                        if let (Some(day), Some((month, Which::Bare)), None) =
                            (date.day, date.month, date.year)
                        {
                            let mut rule = plain(Unit::Year, 1);
                            rule.month = Some(month);
                            rule.month_day = Some(day);
                            rules.push((end, rule));
                        }
                    }
                }
            }
            // "every 15th", "every first Monday (of the month)", "every last Friday"
            for (end, n) in self.ordinal(every) {
                let of_month = |at: usize| {
                    let of = self.one(at, Lex::Of).or_else(|| self.one(at, Lex::In));
                    of.map_or(at, |of| {
                        let the = self.skip(of, &[Lex::The, Lex::Every]);
                        self.one(the, Lex::Unit(Unit::Month)).unwrap_or(at)
                    })
                };
                if (1..=31).contains(&n)
                    && self
                        .edges_at(end)
                        .iter()
                        .all(|edge| !matches!(edge.lex, Lex::Unit(_) | Lex::Weekday(_)))
                {
                    let mut rule = plain(Unit::Month, 1);
                    rule.month_day = Some(n as i8);
                    rules.push((of_month(end), rule));
                }
                let weekdays =
                    self.each(end, |lex| if let Lex::Weekday(day) = lex { Some(day) } else { None });
                for (last, day) in weekdays {
                    let month = of_month(last);
                    if (-1..=5).contains(&n) && (n != 2 || month > last) {
                        rules.push((month, nth_day(day, n as i8)));
                    }
                }
            }
        }
    }

    fn weekday_list(&self, at: usize, interval: u32, rules: &mut Found<Recurring>) {
        let mut days: Vec<i8> = Vec::new();
        let mut next = at;
        loop {
            let found = self.each(next, |lex| match lex {
                Lex::Weekday(day) | Lex::Weekdays(day) => Some(day),
                _ => None,
            });
            let Some(&(end, day)) = found.first() else { break };
            if !days.contains(&day) {
                days.push(day);
            }
            let mut sorted = days.clone();
            sorted.sort_unstable();
            rules.push((end, on_days(sorted, interval)));
            if days.len() > 7 {
                break;
            }
            let comma = self.skip_comma(end);
            let and = self.skip(comma, &[Lex::And]);
            next = self.skip(self.skip(self.skip(and, &[Lex::The]), &[Lex::On]), &[Lex::Every]);
            if next == end {
                break;
            }
        }
    }

    /// "Mondays", "on Tuesdays and Thursdays", "weekdays", "weekends", "mornings".
    fn plural(&self, at: usize, rules: &mut Found<Recurring>) {
        for edge in self.edges_at(at) {
            match edge.lex {
                Lex::Weekdays(_) => self.weekday_list(at, 1, rules),
                Lex::Workdays if at == 0 || self.number(at - 1).is_empty() => {
                    rules.push((edge.end, on_days(vec![1, 2, 3, 4, 5], 1)));
                }
                Lex::Weekends => rules.push((edge.end, on_days(vec![6, 7], 1))),
                Lex::Pods(pod) if at == 0 || !self.is(at - 1, Lex::Good) => {
                    let mut rule = plain(Unit::Day, 1);
                    rule.time = Moment { pod: Some(pod), ..Moment::default() };
                    rules.push((edge.end, rule));
                }
                // "weekday mornings"
                Lex::Workday => {
                    for (end, pod) in self.each(edge.end, pods) {
                        let mut rule = on_days(vec![1, 2, 3, 4, 5], 1);
                        rule.time = Moment { pod: Some(pod), ..Moment::default() };
                        rules.push((end, rule));
                    }
                }
                // "Monday mornings"
                Lex::Weekday(day) => {
                    for (end, pod) in self.each(edge.end, pods) {
                        let mut rule = on_days(vec![day], 1);
                        rule.time = Moment { pod: Some(pod), ..Moment::default() };
                        rules.push((end, rule));
                    }
                }
                _ => {}
            }
        }
    }

    /// "daily", "weekly on Mondays", "once a month".
    fn often(&self, at: usize, rules: &mut Found<Recurring>) {
        for end in self.ends(at, Lex::EveryTwoWeeks) {
            rules.push((end, plain(Unit::Week, 2)));
            self.weekday_list(self.skip(end, &[Lex::On]), 2, rules);
        }
        for edge in self.edges_at(at) {
            match edge.lex {
                Lex::Daily(unit) => {
                    rules.push((edge.end, plain(unit, 1)));
                    let on = self.skip(edge.end, &[Lex::On]);
                    if unit == Unit::Week {
                        self.weekday_list(on, 1, rules);
                    }
                }
                Lex::Once => {
                    let a = self.skip(edge.end, &[Lex::A, Lex::Every]);
                    if a > edge.end {
                        rules.extend(self.unit(a).into_iter().map(|(end, unit)| (end, plain(unit, 1))));
                    }
                }
                _ => {}
            }
        }
    }

    /// "the first Monday of every month".
    fn nth_of_every(&self, at: usize, rules: &mut Found<Recurring>) {
        for (end, n) in self.ordinal(at) {
            let weekdays =
                self.each(end, |lex| if let Lex::Weekday(day) = lex { Some(Some(day)) } else { None });
            let days = self.each(end, |lex| if lex == Lex::Unit(Unit::Day) { Some(None) } else { None });
            for (last, day) in weekdays.into_iter().chain(days).chain([(end, None)]) {
                let of = self.skip(last, &[Lex::Of, Lex::In]);
                for every in self.ends(of, Lex::Every) {
                    for month in self.ends(every, Lex::Unit(Unit::Month)) {
                        let rule = if let Some(day) = day {
                            nth_day(day, n.clamp(-5, 5) as i8)
                        } else {
                            let mut rule = plain(Unit::Month, 1);
                            rule.month_day = Some(n.clamp(-31, 31) as i8);
                            rule
                        };
                        rules.push((month, rule));
                    }
                }
            }
        }
    }
}

const fn pods(lex: Lex) -> Option<Pod> {
    if let Lex::Pods(pod) = lex { Some(pod) } else { None }
}

fn plain(unit: Unit, interval: u32) -> Recurring {
    let (unit, interval) = match unit {
        Unit::Quarter => (Unit::Month, interval * 3),
        Unit::Decade => (Unit::Year, interval * 10),
        Unit::Century => (Unit::Year, interval * 100),
        unit => (unit, interval),
    };
    Recurring {
        unit,
        interval,
        weekdays: Vec::new(),
        month_day: None,
        month: None,
        from: None,
        until: None,
        time: Moment::default(),
    }
}

fn on_days(days: Vec<i8>, interval: u32) -> Recurring {
    Recurring { weekdays: days.into_iter().map(|day| (day, 0)).collect(), ..plain(Unit::Week, interval) }
}

fn nth_day(day: i8, n: i8) -> Recurring {
    Recurring { weekdays: vec![(day, n)], ..plain(Unit::Month, 1) }
}
