//! Parts of a stretch of the calendar: its beginning, its halves, its first so many days.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::days::days_between;
use super::{Resolver, Span0};
use crate::locale::Language;
use crate::natural_time::ast::{Edge, Pod, Unit};

impl Resolver {
    /// The beginning, the middle or the end.
    pub(super) fn edge(&self, edge: Edge, span: &Span0) -> Option<Span0> {
        if span.unit < Unit::Day {
            return None;
        }
        let start = span.first_day()?;
        let end = span.end.as_ref()?.date();
        let plus = |date: Date, days: i64| date.checked_add(days.days()).ok();
        let months = |count: i64| start.checked_add(count.months()).ok();
        let french = self.locale.language == Language::Fr;
        let days = days_between(start, end);
        let thirds = match edge {
            Edge::Begin => (start, plus(start, days / 3)?),
            Edge::Middle => (plus(start, days / 3)?, plus(start, days * 2 / 3)?),
            Edge::End => (plus(start, days * 2 / 3)?, end),
        };
        if span.range && days > 7 {
            return self.whole(thirds.0, thirds.1, span.unit, true);
        }
        let (from, to, unit) = match span.unit {
            Unit::Day => {
                return self.pod_on(
                    match edge {
                        Edge::Begin => Pod::EarlyDay,
                        Edge::Middle => Pod::MidDay,
                        Edge::End => Pod::EndOfDay,
                    },
                    start,
                );
            }
            Unit::Week if french => match edge {
                Edge::Begin => (start, plus(start, 2)?, Unit::Day),
                Edge::Middle => (plus(start, 2)?, plus(start, 4)?, Unit::Day),
                Edge::End => (plus(start, 3)?, end, Unit::Day),
            },
            Unit::Week => match edge {
                Edge::Begin => (start, plus(start, 3)?, Unit::Day),
                Edge::Middle => (plus(start, 2)?, plus(start, 5)?, Unit::Day),
                Edge::End => (plus(start, 4)?, end, Unit::Day),
            },
            Unit::Month => match edge {
                Edge::Begin => (start, plus(start, if french { 5 } else { 10 })?, Unit::Day),
                Edge::Middle if french => (plus(start, 9)?, plus(start, 19)?, Unit::Day),
                Edge::Middle => (plus(start, 10)?, plus(start, 20)?, Unit::Day),
                Edge::End => (plus(start, 20)?, end, Unit::Day),
            },
            Unit::Quarter => match edge {
                Edge::Begin => (start, months(1)?, Unit::Month),
                Edge::Middle => (months(1)?, months(2)?, Unit::Month),
                Edge::End => (months(2)?, end, Unit::Month),
            },
            Unit::Year => match edge {
                Edge::Begin => (start, months(if french { 2 } else { 3 })?, Unit::Month),
                Edge::Middle => (months(4)?, months(8)?, Unit::Month),
                Edge::End => (months(if french { 10 } else { 8 })?, end, Unit::Month),
            },
            unit => (thirds.0, thirds.1, unit),
        };
        self.whole(from, to, unit, true)
    }

    /// Half of it: of months up to the 15th, of years by months, otherwise by days.
    pub(super) fn half_of(&self, first: bool, span: &Span0) -> Option<Span0> {
        let start = span.first_day()?;
        let end = span.end.as_ref()?.date();
        let days = days_between(start, end);
        let (middle, unit) = match span.unit {
            Unit::Day if days == 1 => {
                let noon = self.zoned(start.at(12, 0, 0, 0));
                let (from, to) = if first { (span.start.clone(), noon) } else { (noon, span.end.clone()) };
                return Some(Span0 { start: from, end: to, unit: Unit::Hour, range: true });
            }
            Unit::Year if !span.range => (start.checked_add(6.months()).ok()?, Unit::Month),
            Unit::Decade | Unit::Century => {
                (Date::new(start.year() + (end.year() - start.year()) / 2, 1, 1).ok()?, Unit::Year)
            }
            Unit::Month if !span.range => (start.checked_add(15.days()).ok()?, Unit::Day),
            _ => (start.checked_add((days / 2).days()).ok()?, Unit::Day),
        };
        let (from, to) = if first { (start, middle) } else { (middle, end) };
        self.whole(from, to, unit, true)
    }
}

/// The first, or (negative) last, so many units of it.
pub(super) fn run(count: i64, unit: Unit, span: &Span0) -> Option<Span0> {
    let (start, end) = (span.start.clone()?, span.end.clone()?);
    let length = crate::natural_time::ast::Length::of(unit, count.abs().checked_mul(1000)?);
    let (from, to) = if count > 0 {
        (start.clone(), super::shifted(&start, &length, 1)?)
    } else {
        (super::shifted(&end, &length, -1)?, end.clone())
    };
    (from >= start && to <= end).then_some(Span0 { start: Some(from), end: Some(to), unit, range: true })
}
