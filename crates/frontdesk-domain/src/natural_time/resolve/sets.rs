//! What recurs: the first occurrence, and the rule in the words of RFC 5545.

use jiff::ToSpan as _;
use jiff::civil::Date;
use std::fmt::Write as _;

use super::days::offset;
use super::{Meaning, Resolver, Span0};
use crate::natural_time::Kind;
use crate::natural_time::ast::{Recurring, Unit};
use crate::natural_time::holiday::Holiday;

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
        let (months, month_days, weekdays) = named_days(rule);
        list(&mut text, "BYMONTH", &months);
        list(&mut text, "BYMONTHDAY", &month_days);
        for (index, &(day, n)) in weekdays.iter().enumerate() {
            text.push_str(if index == 0 { ";BYDAY=" } else { "," });
            if n != 0 {
                let _ = write!(text, "{n}");
            }
            text.push_str(CODES.get(usize::try_from(day - 1).ok()?)?);
        }
        if let Some(position) = rule.position {
            let _ = write!(text, ";BYSETPOS={position}");
        }
        if rule.unit < Unit::Day
            && let Some((first, last)) = self.hours_of_day(rule)
        {
            let hours: Vec<i8> = (first..=last).collect();
            list(&mut text, "BYHOUR", &hours);
        }
        let until = match (&rule.until, &rule.lasting) {
            (Some(until), _) => {
                let seen = match rule
                    .from
                    .as_ref()
                    .filter(|from| *from != until)
                    .and_then(|from| self.days(from).into_iter().next())
                {
                    Some(from) => self.seen_from(from.start.as_ref()?),
                    None => self.clone(),
                };
                Some(seen.days(until).into_iter().next()?.end?)
            }
            (None, Some(length)) => {
                Some(super::shifted(&self.first(rule)?.start?.start_of_day().ok()?, length, 1)?)
            }
            (None, None) => None,
        };
        if let Some(end) = until {
            let last = end.checked_sub(1.second()).ok()?.timestamp();
            let _ = write!(text, ";UNTIL={}", last.strftime("%Y%m%dT%H%M%SZ"));
        }
        if let Some(count) = rule.count {
            let _ = write!(text, ";COUNT={count}");
        }
        Some(text)
    }

    /// First and last hour of "from 9 to 5" where something recurs within the day.
    fn hours_of_day(&self, rule: &Recurring) -> Option<(i8, i8)> {
        if !rule.time.has_time() {
            return None;
        }
        let span = self.times(&rule.time, Some(&self.day(self.today)?)).into_iter().next()?;
        let (start, end) = (span.start?, span.end?);
        let last = if end.date() > start.date() { 24 } else { end.hour() + i8::from(end.minute() > 0) };
        (start.hour() < last).then(|| (start.hour(), last - 1))
    }

    /// The first occurrence from now, or from the beginning that was said.
    fn first(&self, rule: &Recurring) -> Option<Span0> {
        let from = match &rule.from {
            Some(from) => {
                let first = self.days(from).into_iter().next()?.first_day()?;
                // "every day this week" begins today.
                if rule.from == rule.until { first.max(self.today) } else { first }
            }
            None => self.today,
        };
        if rule.unit < Unit::Day {
            let step = super::span_of(&crate::natural_time::ast::Length::of(rule.unit, 1000))?;
            let mut start = super::floor(&self.now, rule.unit)?.checked_add(step).ok()?;
            let hours = self.hours_of_day(rule);
            if rule.names_days() || !rule.months.is_empty() || rule.from.is_some() || hours.is_some() {
                let (open, close) = hours.unwrap_or((0, 23));
                let begun = from <= self.today && start.date() == self.today;
                let mut day = occurrence(rule, from.max(self.today))?;
                if !(begun && day == self.today) || start.hour() > close {
                    if day == self.today && begun {
                        day = occurrence(rule, day.tomorrow().ok()?)?;
                    }
                    start = self.zoned(day.at(open, 0, 0, 0))?;
                } else if start.hour() < open {
                    start = self.zoned(day.at(open, 0, 0, 0))?;
                }
            }
            return Some(Span0 { start: Some(start), end: None, unit: rule.unit, range: false });
        }
        let mut day = from;
        for _ in 0..3 {
            let found = match rule.holiday {
                Some(holiday) => (0..4)
                    .filter_map(|years| holiday.day(day.year() + years, &self.locale))
                    .find(|&feast| feast >= day)?,
                None => occurrence(rule, day)?,
            };
            let span = if rule.time.has_time() {
                let place = self.day(found)?;
                // Seen from the day before, so that "at 9" is the same hour every day.
                let before = self.seen_from(&self.midnight(found.yesterday().ok()?)?);
                before.times(&rule.time, Some(&place)).into_iter().next()?
            } else {
                let spoken = if rule.names_days() { Unit::Day } else { rule.unit };
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

/// Months, days of the month and weekdays; those of a holiday where a rule can say them.
type Named = (Vec<i8>, Vec<i8>, Vec<(i8, i8)>);

fn named_days(rule: &Recurring) -> Named {
    match rule.holiday {
        Some(Holiday::Fixed(month, day)) => (vec![month], vec![day], Vec::new()),
        Some(Holiday::Nth { n, weekday, month, plus: 0 }) => (vec![month], Vec::new(), vec![(weekday, n)]),
        Some(Holiday::ThanksgivingDay) => (vec![11], Vec::new(), vec![(4, 4)]),
        Some(Holiday::MemorialDay) => (vec![5], Vec::new(), vec![(1, -1)]),
        _ => (rule.months.clone(), rule.month_days.clone(), rule.weekdays.clone()),
    }
}

fn list(text: &mut String, name: &str, values: &[i8]) {
    for (index, value) in values.iter().enumerate() {
        let _ = if index == 0 { write!(text, ";{name}={value}") } else { write!(text, ",{value}") };
    }
}

/// The first day from here on that the rule names.
fn occurrence(rule: &Recurring, from: Date) -> Option<Date> {
    let mut day = from;
    // A leap day is at most eight years away; months without a day that fits are passed over at once.
    let last = from.checked_add(9.years()).ok()?;
    while day < last {
        if !rule.months.is_empty() && !rule.months.contains(&day.month()) {
            day = day.last_of_month().tomorrow().ok()?;
        } else if fits(rule, day) {
            return Some(day);
        } else {
            day = day.tomorrow().ok()?;
        }
    }
    None
}

fn fits(rule: &Recurring, day: Date) -> bool {
    let from_end = day.day() - day.days_in_month() - 1;
    let on_weekday = |&(weekday, n): &(i8, i8)| {
        offset(day) == weekday
            && match n {
                0 => true,
                1.. => (day.day() - 1) / 7 + 1 == n,
                _ => (from_end + 1) / 7 - 1 == n,
            }
    };
    // A month alone recurs on its first day.
    let month_alone = !rule.months.is_empty()
        && rule.unit >= Unit::Month
        && rule.month_days.is_empty()
        && rule.weekdays.is_empty();
    (rule.weekdays.is_empty() || rule.weekdays.iter().any(on_weekday))
        && (rule.month_days.is_empty()
            || rule.month_days.iter().any(|&wanted| wanted == day.day() || wanted == from_end))
        && (!month_alone || day.day() == 1)
        && rule.position.is_none_or(|wanted| position(rule, day, wanted < 0) == wanted)
}

/// Which of the days named in its month a day is, from either end.
fn position(rule: &Recurring, day: Date, from_end: bool) -> i8 {
    let named = |date: Date| rule.weekdays.iter().any(|&(weekday, _)| weekday == offset(date));
    let beside = |number: i8| i8::from(Date::new(day.year(), day.month(), number).is_ok_and(named));
    if from_end {
        -(day.day()..=day.days_in_month()).map(beside).sum::<i8>()
    } else {
        (1..=day.day()).map(beside).sum()
    }
}
