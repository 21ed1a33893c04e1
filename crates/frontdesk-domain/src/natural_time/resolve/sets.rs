//! What recurs: the first occurrence, and the rule in the words of RFC 5545.

use jiff::ToSpan as _;
use jiff::civil::Date;
use std::fmt::Write as _;

use super::days::{offset, on_or_after};
use super::{Meaning, Resolver, Span0};
use crate::natural_time::Kind;
use crate::natural_time::ast::{Recurring, Unit};
use crate::natural_time::holiday;

const CODES: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

impl Resolver {
    pub(super) fn recurring(&self, rule: &Recurring) -> Option<Meaning> {
        let rrule = self.rrule(rule)?;
        let first = self.first(rule)?;
        Some(Meaning {
            kind: Kind::Set,
            start: first.start,
            end: if first.range { first.end } else { None },
            unit: first.unit,
            alternatives: Vec::new(),
            rrule: Some(rrule),
            duration: None,
        })
    }

    fn rrule(&self, rule: &Recurring) -> Option<String> {
        let frequency = match rule.unit {
            Unit::Second => "SECONDLY",
            Unit::Minute => "MINUTELY",
            Unit::Hour => "HOURLY",
            Unit::Day => "DAILY",
            Unit::Week => "WEEKLY",
            Unit::Month => "MONTHLY",
            Unit::Year => "YEARLY",
            Unit::Quarter | Unit::Decade | Unit::Century => return None,
        };
        let mut text = format!("FREQ={frequency}");
        if rule.interval > 1 {
            let _ = write!(text, ";INTERVAL={}", rule.interval);
        }
        if let Some(month) = rule.month {
            let _ = write!(text, ";BYMONTH={month}");
        }
        if let Some(day) = rule.month_day {
            let _ = write!(text, ";BYMONTHDAY={day}");
        }
        for (index, &(day, n)) in rule.weekdays.iter().enumerate() {
            text.push_str(if index == 0 { ";BYDAY=" } else { "," });
            if n != 0 {
                let _ = write!(text, "{n}");
            }
            text.push_str(CODES.get(usize::try_from(day - 1).ok()?)?);
        }
        if let Some(until) = &rule.until {
            let end = self.days(until).into_iter().next()?.end?;
            let last = end.checked_sub(1.second()).ok()?.timestamp();
            let _ = write!(text, ";UNTIL={}", last.strftime("%Y%m%dT%H%M%SZ"));
        }
        Some(text)
    }

    /// The first occurrence from now, or from the beginning that was said.
    fn first(&self, rule: &Recurring) -> Option<Span0> {
        let from = match &rule.from {
            Some(from) => self.days(from).into_iter().next()?.first_day()?,
            None => self.today,
        };
        if rule.unit < Unit::Day {
            let step = super::span_of(&crate::natural_time::ast::Length::of(rule.unit, 1000))?;
            let start = super::floor(&self.now, rule.unit)?.checked_add(step).ok()?;
            return Some(Span0 { start: Some(start), end: None, unit: rule.unit, range: false });
        }
        let mut day = from;
        for _ in 0..3 {
            let found = occurrence(rule, day)?;
            let span = if rule.time.has_time() {
                let place = self.day(found)?;
                // Seen from the day before, so that "at 9" is the same hour every day.
                let before = self.seen_from(&self.midnight(found.yesterday().ok()?)?);
                before.times(&rule.time, Some(&place)).into_iter().next()?
            } else {
                let spoken =
                    if rule.weekdays.is_empty() && rule.month_day.is_none() { rule.unit } else { Unit::Day };
                Span0 { unit: spoken, ..self.day(found)? }
            };
            let whole_day = !rule.time.has_time();
            let begins_later = span.start.as_ref().is_some_and(|start| *start > self.now);
            let today = whole_day && found == self.today;
            let goes_on = span.range && span.end.as_ref().is_some_and(|end| *end > self.now);
            if begins_later || today || goes_on || rule.from.is_some() {
                return Some(span);
            }
            day = found.tomorrow().ok()?;
        }
        None
    }
}

/// The first day from here on that the rule names.
fn occurrence(rule: &Recurring, from: Date) -> Option<Date> {
    if let Some(&(weekday, n)) = rule.weekdays.first().filter(|(_, n)| *n != 0) {
        let mut month = from.first_of_month();
        for _ in 0..24 {
            let day = holiday::nth(month.year(), month.month(), n, weekday);
            if let Some(day) = day.filter(|&day| day >= from) {
                return Some(day);
            }
            month = month.checked_add(1.month()).ok()?;
        }
        return None;
    }
    if !rule.weekdays.is_empty() {
        return rule
            .weekdays
            .iter()
            .map(|&(day, _)| on_or_after(from, day))
            .min_by_key(|&day| (day, offset(day)));
    }
    if rule.month_day.is_some() || rule.month.is_some() {
        let wanted = rule.month_day.unwrap_or(1);
        let mut month = from.first_of_month();
        for _ in 0..60 {
            let day = if wanted > 0 {
                Date::new(month.year(), month.month(), wanted).ok()
            } else {
                Some(month.last_of_month())
            };
            let fits = rule.month.is_none_or(|only| only == month.month());
            if let Some(day) = day.filter(|&day| fits && day >= from) {
                return Some(day);
            }
            month = month.checked_add(1.month()).ok()?;
        }
        return None;
    }
    Some(from)
}
