//! What is said of something that recurs: on which days, at what time, from when, until when, how often, and when not.

use super::moment::joined;
use super::monthly::on_nths;
use super::{Found, Parser};
use crate::natural_time::ast::{Anchor, Recurring, Time, Unit};
use crate::natural_time::lexicon::Lex;

/// Most forms of one rule.
const MAX_FORMS: usize = 20;

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
                let days = self.on_weekdays(start, rule);
                found.extend(days.into_iter().filter(|(_, days)| start > at || days.weekdays.len() > 1));
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
                Unit::Week => found.extend(self.on_weekdays(on, rule)),
                Unit::Month => {
                    let the = self.skip(on, &[Lex::The]);
                    for (end, nths) in self.nth_list(the) {
                        found.push((end, on_nths(rule.clone(), &nths)));
                    }
                    found.extend(self.on_weekdays(on, rule));
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

    /// The rule on the days of a list: "Mondays and Fridays".
    fn on_weekdays(&self, at: usize, rule: &Recurring) -> Found<Recurring> {
        let mut days = Vec::new();
        self.weekday_list(at, 1, &mut days);
        let on = |days: Recurring| Recurring { weekdays: days.weekdays, ..rule.clone() };
        days.into_iter().map(|(end, days)| (end, on(days))).collect()
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
}
