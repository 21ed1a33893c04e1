//! What is said of something that recurs: on which days, at what time, from when, until when, how often, and when not.

use super::moment::joined;
use super::{Found, Parser};
use crate::natural_time::ast::{Anchor, Recurring, Time, Unit};
use crate::natural_time::lexicon::Lex;

/// Most forms of one rule.
const MAX_FORMS: usize = 20;

/// The nth of a month: a weekday, or (0) a day.
type Nths = Vec<(i8, i8)>;

impl Parser<'_> {
    /// The rule, and with everything that may follow it.
    pub(super) fn series(&self, end: usize, rule: Recurring) -> Found<Recurring> {
        let mut found = vec![(end, rule)];
        let mut seen = 0;
        while let Some((end, rule)) = found.get(seen).cloned() {
            seen += 1;
            if found.len() > MAX_FORMS || !self.step() {
                break;
            }
            let mut more = Vec::new();
            let comma = self.skip(end, &[Lex::Glue]);
            let only = self.skip(comma, &[Lex::About]);
            let mut starts = vec![end, comma, only];
            starts.dedup();
            for start in starts {
                self.timed(start, &rule, &mut more);
                self.placed(start, &rule, &mut more);
                self.within_months(start, &rule, &mut more);
                self.with_bounds(start, &rule, &mut more);
                self.except(start, &rule, &mut more);
            }
            for (last, form) in more {
                if found.iter().all(|(other, _)| *other != last) {
                    found.push((last, form));
                }
            }
        }
        found
    }

    /// "at 9", "in the morning", "from 9 to 5".
    fn timed(&self, at: usize, rule: &Recurring, found: &mut Found<Recurring>) {
        if rule.time.time.is_some() {
            return;
        }
        for (end, moment) in self.moments(at) {
            let vague = !rule.months.is_empty() && rule.month_days.is_empty() && moment.latent;
            if !moment.has_time() || moment.has_date() || vague || self.is(end, Lex::Times) {
                continue;
            }
            let certain = matches!(moment.time, Some(Time::At(_) | Time::Between(..)));
            let time = match rule.time.has_time() {
                true if certain => joined(&rule.time, &moment),
                true => None,
                false => Some(moment),
            };
            found.extend(time.map(|time| (end, Recurring { time, ..rule.clone() })));
        }
    }

    /// The day said after the step: "every two weeks on Monday", "monthly on the 1st", "every year on March 3".
    fn placed(&self, at: usize, rule: &Recurring, found: &mut Found<Recurring>) {
        if rule.names_days() {
            return;
        }
        if rule.unit < Unit::Day {
            // "every ten minutes on weekends"
            for start in self.starts(at, &[Lex::On]) {
                let mut days = Vec::new();
                self.weekday_list(start, 1, &mut days);
                found.extend(
                    days.into_iter()
                        .filter(|(_, days)| start > at || days.weekdays.len() > 1)
                        .map(|(end, days)| (end, Recurring { weekdays: days.weekdays, ..rule.clone() })),
                );
            }
        }
        if rule.unit == Unit::Month {
            for start in self.starts(at, &[Lex::On, Lex::At]) {
                for (end, day) in self.month_edge(start) {
                    found.push((end, Recurring { month_days: vec![day], ..rule.clone() }));
                }
            }
        }
        for on in self.ends(at, Lex::On) {
            match rule.unit {
                Unit::Week => {
                    let mut days = Vec::new();
                    self.weekday_list(on, rule.interval, &mut days);
                    found.extend(
                        days.into_iter()
                            .map(|(end, days)| (end, Recurring { weekdays: days.weekdays, ..rule.clone() })),
                    );
                }
                Unit::Month => {
                    let the = self.skip(on, &[Lex::The]);
                    for (end, nths) in self.nth_list(the) {
                        found.push((end, on_nths(rule.clone(), &nths)));
                    }
                    let mut days = Vec::new();
                    self.weekday_list(on, 1, &mut days);
                    found.extend(
                        days.into_iter()
                            .map(|(end, days)| (end, Recurring { weekdays: days.weekdays, ..rule.clone() })),
                    );
                    self.on_date(on, rule, found);
                }
                Unit::Year => {
                    self.on_date(on, rule, found);
                    let the = self.skip(on, &[Lex::The]);
                    for (end, nths) in self.nth_list(the) {
                        for of in self.ends(end, Lex::Of).chain(self.ends(end, Lex::In)) {
                            self.month_list(of, &on_nths(rule.clone(), &nths), found);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// "on the 4th", "on December 21st and 31st".
    fn on_date(&self, at: usize, rule: &Recurring, found: &mut Found<Recurring>) {
        for (end, date) in self.dates(at) {
            let month = date.month.filter(|_| rule.unit == Unit::Year).map(|(month, _)| month);
            let fits =
                date.year.is_none() && date.anchor.is_none() && (month.is_some() || rule.unit == Unit::Month);
            if let (Some(day), true) = (date.day, fits && date.weekday.is_none()) {
                let rule =
                    Recurring { month_days: vec![day], months: month.into_iter().collect(), ..rule.clone() };
                self.more_days(end, &rule, found);
                found.push((end, rule));
            }
        }
    }

    /// Further days of the same month: "and 31st".
    pub(super) fn more_days(&self, at: usize, rule: &Recurring, found: &mut Found<Recurring>) {
        let (mut next, mut rule) = (at, rule.clone());
        for _ in 0..8 {
            let and = self.skip(self.skip_comma(next), &[Lex::And]);
            if and == next {
                break;
            }
            let Some((end, day)) = self.day_number(self.skip(and, &[Lex::The]), false).into_iter().next()
            else {
                break;
            };
            rule.month_days.push(day as i8);
            found.push((end, rule.clone()));
            next = end;
        }
    }

    /// "in May", "in July and August", "between June and August".
    fn within_months(&self, at: usize, rule: &Recurring, found: &mut Found<Recurring>) {
        if !rule.months.is_empty() || rule.holiday.is_some() || self.is(at, Lex::From) {
            return;
        }
        for lex in [Lex::In, Lex::Of, Lex::During, Lex::On] {
            for start in self.ends(at, lex) {
                self.month_list(self.skip(start, &[Lex::The]), rule, found);
            }
        }
        for start in self.ends(at, Lex::Between) {
            let mut rows = Vec::new();
            self.month_list(start, rule, &mut rows);
            found.extend(rows.into_iter().filter(|(_, row)| row.months.len() > 1));
        }
    }

    /// Months in a row or a list; nothing when a day or a year makes them dates.
    pub(super) fn month_list(&self, at: usize, rule: &Recurring, found: &mut Found<Recurring>) {
        let month = |at: usize| {
            let found = self.each(at, |lex| if let Lex::Month(month) = lex { Some(month) } else { None });
            found.first().map(|&(end, month)| (self.full_stop(end, at), month))
        };
        let mut months: Vec<i8> = Vec::new();
        let mut next = at;
        while let Some((end, first)) = month(next) {
            let dated = !self.year(end).is_empty() || !self.day_number(end, true).is_empty();
            if dated || months.len() > 12 {
                break;
            }
            months.push(first);
            let mut last = end;
            let row = if self.is(end, Lex::And) { Vec::new() } else { self.joints(end, false) };
            if let Some((end, until)) = row.into_iter().find_map(month) {
                let mut each = first;
                while each != until {
                    each = each % 12 + 1;
                    months.push(each);
                }
                last = end;
            }
            let mut sorted = months.clone();
            sorted.sort_unstable();
            sorted.dedup();
            found.push((last, Recurring { months: sorted, ..rule.clone() }));
            next = self.skip(self.skip_comma(last), &[Lex::And]);
            if next == last {
                break;
            }
        }
    }

    /// "starting May 3", "until July", "for six weeks", "five times".
    fn with_bounds(&self, at: usize, rule: &Recurring, found: &mut Found<Recurring>) {
        if rule.from.is_none() {
            for start in self.ends(at, Lex::From) {
                for (end, moment) in self.dates(self.skip(start, &[Lex::In, Lex::On])) {
                    found.push((end, Recurring { from: Some(Box::new(moment)), ..rule.clone() }));
                }
            }
        }
        // "every day next week"
        if rule.from.is_none() && rule.until.is_none() {
            for (end, moment) in self.dates(at) {
                if matches!(moment.anchor, Some(Anchor::Cycle { .. } | Anchor::Count { .. }))
                    && moment.weekday.is_none()
                {
                    let bound = Some(Box::new(moment));
                    found.push((end, Recurring { from: bound.clone(), until: bound, ..rule.clone() }));
                }
            }
        }
        if rule.until.is_some() || rule.lasting.is_some() || rule.count.is_some() {
            return;
        }
        for lex in [Lex::Until, Lex::Through, Lex::To] {
            for start in self.ends(at, lex) {
                // "from June to August" has both ends.
                if lex == Lex::To && rule.from.is_none() {
                    continue;
                }
                for (end, moment) in self.dates(start) {
                    found.push((end, Recurring { until: Some(Box::new(moment)), ..rule.clone() }));
                }
            }
        }
        for start in self.starts(at, &[Lex::For]) {
            for (end, count) in self.number(start) {
                for last in self.ends(end, Lex::Times) {
                    let count = u32::try_from(count).ok().filter(|count| *count > 0);
                    found.push((last, Recurring { count, ..rule.clone() }));
                }
            }
        }
        for start in self.ends(at, Lex::For).chain(self.ends(at, Lex::Within)) {
            for (end, length) in self.length(start) {
                if length.is_calendar() {
                    found.push((end, Recurring { lasting: Some(length), ..rule.clone() }));
                }
            }
            for (end, unit) in self.unit(start).into_iter().filter(|&(_, unit)| unit > Unit::Day) {
                let length = crate::natural_time::ast::Length::of(unit, 1000);
                found.push((end, Recurring { lasting: Some(length), ..rule.clone() }));
            }
        }
    }

    /// "except Sundays", "but not in August".
    fn except(&self, at: usize, rule: &Recurring, found: &mut Found<Recurring>) {
        for start in self.ends(at, Lex::Except) {
            let start = self.skip(start, &[Lex::On, Lex::In, Lex::For, Lex::The]);
            let daily = rule.unit == Unit::Day && rule.interval == 1 && !rule.names_days();
            if daily || rule.weekdays.iter().any(|(_, n)| *n == 0) {
                let mut free = Vec::new();
                self.weekday_list(start, 1, &mut free);
                for (end, free) in free {
                    let all =
                        if daily { (1..=7).map(|day| (day, 0)).collect() } else { rule.weekdays.clone() };
                    let weekdays: Vec<_> =
                        all.into_iter().filter(|day| !free.weekdays.contains(day)).collect();
                    if !weekdays.is_empty() {
                        found.push((end, Recurring { unit: Unit::Week, weekdays, ..rule.clone() }));
                    }
                }
            }
            if rule.months.is_empty() && rule.holiday.is_none() {
                let mut free = Vec::new();
                self.month_list(start, rule, &mut free);
                for (end, free) in free {
                    let months = (1..=12).filter(|month| !free.months.contains(month)).collect();
                    found.push((end, Recurring { months, ..rule.clone() }));
                }
            }
        }
    }

    /// Days of the week in a list, in a row ("Monday to Friday"), or by their name as a group ("weekends").
    pub(super) fn weekday_list(&self, at: usize, interval: u32, rules: &mut Found<Recurring>) {
        let weekday = |at: usize| {
            let found = self.each(at, |lex| match lex {
                Lex::Weekday(day) | Lex::Weekdays(day) => Some(day),
                _ => None,
            });
            found.first().map(|&(end, day)| (self.full_stop(end, at), day))
        };
        let mut days: Vec<i8> = Vec::new();
        let mut next = at;
        loop {
            let mut last = next;
            if let Some((end, day)) = weekday(next) {
                days.push(day);
                last = end;
                // "mardi et jeudi": what joins a range in some languages joins a list here.
                let row = if self.is(end, Lex::And) { Vec::new() } else { self.joints(end, false) };
                if let Some((end, until)) = row.into_iter().find_map(weekday) {
                    let mut each = day;
                    while each != until {
                        each = each % 7 + 1;
                        days.push(each);
                    }
                    last = end;
                }
            } else {
                for edge in self.edges_at(next) {
                    match edge.lex {
                        Lex::Weekend | Lex::Weekends => days.extend([6, 7]),
                        Lex::Workday | Lex::Workdays => days.extend([1, 2, 3, 4, 5]),
                        _ => continue,
                    }
                    last = edge.end;
                    break;
                }
            }
            if last == next {
                break;
            }
            days.sort_unstable();
            days.dedup();
            rules.push((last, Recurring::on(&days, interval)));
            let and = self.skip(self.skip_comma(last), &[Lex::And]);
            next = self.skip(self.skip(self.skip(and, &[Lex::The]), &[Lex::On]), &[Lex::Every]);
            if next == last || days.len() >= 7 {
                break;
            }
        }
    }

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
                    for (lex, months) in [(Unit::Month, 1), (Unit::Quarter, 3)] {
                        let interval = u32::try_from(interval).unwrap_or(1).clamp(1, 1200) * months;
                        found.extend(
                            self.ends(step, Lex::Unit(lex))
                                .map(|end| (end, Recurring::every(Unit::Month, interval))),
                        );
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
    fn month_edge(&self, at: usize) -> Found<i8> {
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
        Some((end, n))
    }
}

/// The rule on these days of the month.
fn on_nths(rule: Recurring, nths: &[(i8, i8)]) -> Recurring {
    if nths.iter().all(|(_, weekday)| *weekday == 0) {
        return Recurring { month_days: nths.iter().map(|(n, _)| *n).collect(), ..rule };
    }
    Recurring { weekdays: nths.iter().map(|&(n, weekday)| (weekday, n)).collect(), ..rule }
}
