//! Which days are meant by what counts from somewhere.

use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::{ToSpan as _, Zoned};

use super::days::{days_between, is_workday, monday, offset, on_or_after};
use super::{Resolver, Span0, coarse, floor, shifted};
use crate::natural_time::ast::{Anchor, Base, Counted, Length, Moment, Unit, Which};
use crate::natural_time::holiday;

impl Resolver {
    /// The readings of an anchor; the moment's other slots say the year.
    pub(super) fn anchor(&self, anchor: &Anchor, moment: &Moment) -> Vec<Span0> {
        let one = |span: Option<Span0>| span.into_iter().collect::<Vec<_>>();
        let year = moment.year.and_then(|year| i16::try_from(year).ok()).unwrap_or(self.today.year());
        match anchor {
            Anchor::Now => vec![exact(self.now.clone(), Unit::Second)],
            Anchor::Day(days) => {
                one(self.today.checked_add(i64::from(*days).days()).ok().and_then(|day| self.day(day)))
            }
            Anchor::Cycle { unit, offset } => one(self.cycle(&self.now, *unit, i64::from(*offset))),
            Anchor::Count { unit, count, workdays } => one(self.count(*unit, i64::from(*count), *workdays)),
            Anchor::Shift { length, sign, base } => self.shift(length, *sign, base),
            Anchor::Nth { n, counted, within } => {
                one(self.nth(i64::from(*n), *counted, within.as_deref(), moment.year))
            }
            Anchor::NthFrom { n, counted, from } => {
                let from = self.days(from).into_iter().next();
                one(from.and_then(|from| self.nth_from(i64::from(*n), *counted, &from)))
            }
            Anchor::Edge { edge, of } => {
                let mut inner = of.as_ref().clone();
                inner.year = inner.year.or(moment.year);
                self.days(&inner).iter().filter_map(|span| self.edge(*edge, span)).collect()
            }
            Anchor::HalfOf { first, of } => {
                let mut inner = of.as_ref().clone();
                inner.year = inner.year.or(moment.year);
                self.days(&inner).iter().filter_map(|span| self.half_of(*first, span)).collect()
            }
            Anchor::Run { count, unit, within } => {
                let mut inner = Moment { any: false, ..within.as_ref().clone() };
                inner.year = inner.year.or(moment.year);
                self.days(&inner)
                    .iter()
                    .filter_map(|span| super::parts::run(i64::from(*count), *unit, span))
                    .collect()
            }
            Anchor::InYear { of, year } => {
                let year = self.days(year).into_iter().next().and_then(|span| span.first_day());
                let year = year.map(|day| i32::from(day.year()));
                self.anchor(of, &Moment { year, ..moment.clone() })
            }
            Anchor::Weekend(which) => self.weekends(*which),
            Anchor::WeekendOf(of) => {
                let mut of = of.as_ref().clone();
                of.year = of.year.or(moment.year);
                let day = self.days(&of).into_iter().next().and_then(|span| span.first_day());
                one(day.and_then(|day| self.weekend_of(day)))
            }
            Anchor::SoFar(unit) => one(self.cycle(&self.now, *unit, 0).map(|whole| Span0 {
                end: self.midnight(self.today),
                unit: Unit::Day,
                range: true,
                ..whole
            })),
            Anchor::Season { season, which } => self.season(*season, *which, moment.year),
            Anchor::Quarter(quarter) => {
                let first = Date::new(year, (*quarter as i8 - 1) * 3 + 1, 1).ok();
                one(first.and_then(|first| {
                    self.whole(first, first.checked_add(3.months()).ok()?, Unit::Quarter, false)
                }))
            }
            Anchor::HalfYear(half) => {
                let first = Date::new(year, (*half as i8 - 1) * 6 + 1, 1).ok();
                one(first.and_then(|first| {
                    self.whole(first, first.checked_add(6.months()).ok()?, Unit::Month, true)
                }))
            }
            Anchor::Decade(decade) => one(self.years(*decade, 10, Unit::Decade)),
            Anchor::Century(n) => one(self.years((n - 1) * 100, 100, Unit::Century)),
            Anchor::UnitOf { unit, of } => {
                let mut first = self.days(of).into_iter().next().and_then(|span| span.start);
                // Where the week begins on Sunday, the week of a Sunday is the one after it.
                if self.locale.month_first() && *unit == Unit::Week {
                    first = first.and_then(|first| first.checked_add(1.day()).ok());
                }
                one(first.and_then(|first| self.cycle(&first, *unit, 0)))
            }
            Anchor::Rest(unit) => one(self.rest(*unit)),
            Anchor::IsoWeek(week) => {
                let first = ISOWeekDate::new(year, *week as i8, Weekday::Monday).ok().map(ISOWeekDate::date);
                one(first.and_then(|first| {
                    self.whole(first, first.checked_add(7.days()).ok()?, Unit::Week, false)
                }))
            }
            Anchor::Workweek(offset) => {
                let first = monday(self.today).checked_add(i64::from(*offset * 7).days()).ok();
                one(first
                    .and_then(|first| self.whole(first, first.checked_add(5.days()).ok()?, Unit::Day, true)))
            }
            Anchor::FromPrevious { unit, offset } => {
                let base = self.previous.as_ref().unwrap_or(&self.now);
                one(self.cycle(base, *unit, i64::from(*offset)))
            }
            Anchor::Later { sign, today } => one(self.later(*sign, *today)),
            Anchor::Closest { n, weekday, to } => one(self.closest(*n, *weekday, to)),
        }
    }

    /// The unit that `of` is in, so many units on.
    pub(super) fn cycle(&self, of: &Zoned, unit: Unit, offset: i64) -> Option<Span0> {
        let date = of.date();
        let (start, end) = match unit {
            Unit::Second | Unit::Minute | Unit::Hour => {
                let span = super::span_of(&Length::of(unit, 1000))?;
                let start = floor(of, unit)?.checked_add(span.checked_mul(offset).ok()?).ok()?;
                return Some(Span0 { end: start.checked_add(span).ok(), ..exact(start, unit) });
            }
            Unit::Day => {
                let start = date.checked_add(offset.try_days()?).ok()?;
                (start, start.tomorrow().ok()?)
            }
            Unit::Week => {
                let start = monday(date).checked_add(offset.checked_mul(7)?.try_days()?).ok()?;
                (start, start.checked_add(7.days()).ok()?)
            }
            Unit::Month | Unit::Quarter => {
                let months: i64 = if unit == Unit::Month { 1 } else { 3 };
                let mut start = date.first_of_month();
                if unit == Unit::Quarter {
                    start = Date::new(date.year(), (date.month() - 1) / 3 * 3 + 1, 1).ok()?;
                }
                let start = start.checked_add(offset.checked_mul(months)?.try_months()?).ok()?;
                (start, start.checked_add(months.months()).ok()?)
            }
            Unit::Year => {
                return self.years(i32::from(date.year()).checked_add(i32::try_from(offset).ok()?)?, 1, unit);
            }
            Unit::Decade => {
                let decade = i32::from(date.year()).div_euclid(10) + i32::try_from(offset).ok()?;
                return self.years(decade.checked_mul(10)?, 10, unit);
            }
            Unit::Century => {
                let century = i32::from(date.year()).div_euclid(100) + i32::try_from(offset).ok()?;
                return self.years(century.checked_mul(100)?, 100, unit);
            }
        };
        self.whole(start, end, unit, false)
    }

    /// The next, or last, so many whole units; this one is not counted.
    fn count(&self, unit: Unit, count: i64, workdays: bool) -> Option<Span0> {
        if workdays {
            let day = nth_workday(self.today, count)?;
            return if count > 0 {
                self.whole(self.today.tomorrow().ok()?, day.tomorrow().ok()?, Unit::Day, true)
            } else {
                self.whole(day, self.today, Unit::Day, true)
            };
        }
        let (first, last) = if count > 0 { (1, count) } else { (count, -1) };
        let start = self.cycle(&self.now, unit, first)?.start;
        let end = self.cycle(&self.now, unit, last)?.end;
        Some(Span0 { start, end, unit, range: true })
    }

    fn shift(&self, length: &Length, sign: i8, base: &Base) -> Vec<Span0> {
        let grain = length.grain.unwrap_or(Unit::Second);
        let by_one = |span: Span0| -> Option<Span0> {
            let start = shifted(span.start.as_ref()?, length, sign)?;
            let unit = if length.is_calendar() { span.unit } else { span.unit.min(grain) };
            if unit >= Unit::Day {
                let end = match span.end {
                    Some(end) => shifted(&end, length, sign),
                    None => None,
                };
                return Some(Span0 { start: Some(start), end, unit, range: false });
            }
            Some(Span0 { start: Some(start), end: None, unit, range: false })
        };
        let from_now = || -> Option<Span0> {
            let start = shifted(&self.now, length, sign)?;
            let unit = coarse(grain);
            let start = floor(&start, unit)?;
            let end = match unit {
                Unit::Day => start.checked_add(1.day()).ok(),
                Unit::Month => start.checked_add(1.month()).ok(),
                _ => None,
            };
            Some(Span0 { start: Some(start), end, unit, range: false })
        };
        match base {
            Base::Now => from_now().into_iter().collect(),
            Base::Previous => match &self.previous {
                Some(previous) => {
                    let moved = shifted(previous, length, sign).map(|start| exact(start, Unit::Minute));
                    moved.into_iter().collect()
                }
                None => from_now().into_iter().collect(),
            },
            Base::Moment(moment) => self.moment(moment).into_iter().filter_map(by_one).collect(),
        }
    }

    fn nth(&self, n: i64, counted: Counted, within: Option<&Moment>, year: Option<i32>) -> Option<Span0> {
        let mut inner = within?.clone();
        inner.year = inner.year.or(year);
        if let (true, Some(Anchor::Cycle { unit, offset: 0 })) =
            (std::mem::take(&mut inner.any), &inner.anchor)
        {
            let unit = *unit;
            let this = self.nth_in(n, counted, &self.cycle(&self.now, unit, 0)?);
            let over = this.as_ref().and_then(|span| span.end.clone()).is_some_and(|end| end <= self.now);
            return if over && !self.past {
                self.nth_in(n, counted, &self.cycle(&self.now, unit, 1)?)
            } else {
                this
            };
        }
        let place = self.days(&inner).into_iter().next()?;
        let found = self.nth_in(n, counted, &place);
        let open = inner.year.is_none()
            && inner.anchor.is_none()
            && inner.month.is_some_and(|(_, which)| which == Which::Bare);
        if open
            && !self.past
            && found.as_ref().and_then(|span| span.end.clone()).is_some_and(|end| end <= self.now)
        {
            inner.year = place.first_day().map(|day| i32::from(day.year()) + 1);
            let later = self.days(&inner).into_iter().next()?;
            return self.nth_in(n, counted, &later);
        }
        found
    }

    fn nth_in(&self, n: i64, counted: Counted, place: &Span0) -> Option<Span0> {
        let start = place.first_day()?;
        let end = place.end.as_ref()?.date();
        let plus = |date: Date, days: i64| date.checked_add(days.try_days()?).ok();
        let (day, length, unit, range) = match counted {
            Counted::Weekday(weekday) => {
                let day = if n > 0 {
                    plus(on_or_after(start, weekday), (n - 1) * 7)?
                } else {
                    plus(on_or_after(plus(end, -7)?, weekday), (n + 1) * 7)?
                };
                (day, 1, Unit::Day, false)
            }
            Counted::Unit(Unit::Day) => {
                (if n > 0 { plus(start, n - 1)? } else { plus(end, n)? }, 1, Unit::Day, false)
            }
            Counted::Unit(Unit::Week) => {
                let day =
                    if n > 0 { plus(on_or_after(start, 1), (n - 1) * 7)? } else { plus(monday(end), n * 7)? };
                (day, 7, Unit::Week, false)
            }
            Counted::Weekend => {
                let day = if n > 0 {
                    plus(on_or_after(start, 6), (n - 1) * 7)?
                } else {
                    plus(on_or_after(plus(end, -7)?, 6), (n + 1) * 7)?
                };
                (day, 2, Unit::Day, true)
            }
            Counted::Workday => {
                let day = if n > 0 { nth_workday(plus(start, -1)?, n)? } else { nth_workday(end, n)? };
                (day, 1, Unit::Day, false)
            }
            Counted::Unit(Unit::Hour) => {
                let first = place.start.as_ref()?.checked_add((n - 1).try_hours()?).ok()?;
                return (n > 0).then(|| exact(first, Unit::Hour));
            }
            Counted::Unit(unit @ (Unit::Month | Unit::Quarter)) => {
                let from = if n > 0 { place.start.clone()? } else { place.end.clone()? };
                return self.cycle(&from, unit, if n > 0 { n - 1 } else { n });
            }
            Counted::Unit(_) => return None,
        };
        (day >= start && day < end).then(|| self.whole(day, plus(day, length)?, unit, range))?
    }

    fn nth_from(&self, n: i64, counted: Counted, from: &Span0) -> Option<Span0> {
        let start = from.first_day()?;
        let plus = |date: Date, days: i64| date.checked_add(days.try_days()?).ok();
        match counted {
            Counted::Weekday(weekday) => {
                let day = if n > 0 {
                    plus(on_or_after(start.tomorrow().ok()?, weekday), (n - 1) * 7)?
                } else {
                    plus(on_or_after(plus(start, -7)?, weekday), (n + 1) * 7)?
                };
                self.day(day)
            }
            Counted::Workday => self.day(nth_workday(start, n)?),
            Counted::Weekend => {
                let first = if n > 0 {
                    plus(on_or_after(start.tomorrow().ok()?, 6), (n - 1) * 7)?
                } else {
                    plus(on_or_after(plus(start, -7)?, 6), (n + 1) * 7)?
                };
                self.whole(first, plus(first, 2)?, Unit::Day, true)
            }
            Counted::Unit(unit) => self.cycle(from.start.as_ref()?, unit, n),
        }
    }

    /// Saturday and Sunday; from Friday evening on is the other reading.
    fn weekends(&self, which: Which) -> Vec<Span0> {
        let this = monday(self.today).checked_add(5.days());
        let weeks = match which {
            Which::Bare | Which::This | Which::Coming => 0,
            Which::Next => 1,
            Which::Last => -1,
            Which::Plus(n) | Which::Weeks(n) => i64::from(n),
        };
        let Some(saturday) = this.ok().and_then(|day| day.checked_add((weeks * 7).days()).ok()) else {
            return Vec::new();
        };
        let Some(whole) =
            saturday.checked_add(2.days()).ok().and_then(|end| self.whole(saturday, end, Unit::Day, true))
        else {
            return Vec::new();
        };
        let friday = saturday.yesterday().ok().and_then(|friday| self.zoned(friday.at(18, 0, 0, 0)));
        let longer = Span0 { start: friday, unit: Unit::Hour, ..whole.clone() };
        vec![whole, longer]
    }

    /// Saturday and Sunday, longer when the day is beside them.
    fn weekend_of(&self, day: Date) -> Option<Span0> {
        let back = match offset(day) {
            1 => 2,
            7 => 1,
            4..=6 => 0,
            weekday => i64::from(weekday) - 6,
        };
        let start = day.checked_sub(back.days()).ok()?;
        let end = on_or_after(start.max(day), 1);
        let end = if offset(day) == 1 { day.tomorrow().ok()? } else { end };
        self.whole(start, end, Unit::Day, true)
    }

    fn season(&self, season: u8, which: Which, year: Option<i32>) -> Vec<Span0> {
        let span = |year: i16| {
            let ((month, day), (last_month, last_day)) = holiday::season(season);
            let start = Date::new(year, month, day).ok()?;
            let end =
                Date::new(if last_month < month { year + 1 } else { year }, last_month, last_day).ok()?;
            Some((start, end))
        };
        let this = self.today.year();
        let all: Vec<(Date, Date)> = if let Some(year) = year.and_then(|year| i16::try_from(year).ok()) {
            span(year).into_iter().collect()
        } else {
            let all: Vec<_> = (this - 2..=this + 2).filter_map(span).collect();
            let found = match which {
                Which::Last => all.iter().rev().find(|(_, end)| *end <= self.today),
                Which::Next => all.iter().find(|(start, _)| *start > self.today),
                _ => all.iter().find(|(_, end)| *end > self.today),
            };
            found.copied().into_iter().collect()
        };
        all.into_iter().filter_map(|(start, end)| self.whole(start, end, Unit::Day, true)).collect()
    }

    fn rest(&self, unit: Unit) -> Option<Span0> {
        let whole = self.cycle(&self.now, unit, 0)?;
        let start = if unit <= Unit::Day { self.now.clone() } else { self.midnight(self.today)? };
        Some(Span0 {
            start: Some(start),
            end: whole.end,
            unit: if unit <= Unit::Day { Unit::Second } else { Unit::Day },
            range: true,
        })
    }

    fn later(&self, sign: i8, today: bool) -> Option<Span0> {
        if today {
            let day = self.day(self.today)?;
            return Some(if sign > 0 {
                Span0 { start: Some(self.now.clone()), end: day.end, unit: Unit::Hour, range: true }
            } else {
                Span0 { start: day.start, end: Some(self.now.clone()), unit: Unit::Hour, range: true }
            });
        }
        let base = self.previous.clone()?;
        Some(if sign > 0 {
            Span0 { start: Some(base), end: None, unit: Unit::Minute, range: true }
        } else {
            Span0 {
                start: Some(self.now.clone()).filter(|now| *now < base),
                end: Some(base),
                unit: Unit::Minute,
                range: true,
            }
        })
    }

    fn closest(&self, n: i8, weekday: i8, to: &Moment) -> Option<Span0> {
        let to = self.days(to).into_iter().next()?.first_day()?;
        let back = i64::from((offset(to) - weekday).rem_euclid(7));
        let before = to.checked_sub(back.days()).ok()?;
        let mut all: Vec<Date> =
            (-6_i64..=6).filter_map(|week| before.checked_add((week * 7).days()).ok()).collect();
        all.sort_by_key(|&day| days_between(to, day).abs());
        self.day(*all.get(usize::try_from(n.max(1) - 1).ok()?)?)
    }
}

/// The nth working day after (or before) a day.
fn nth_workday(from: Date, n: i64) -> Option<Date> {
    let mut day = from;
    let mut left = n.abs().min(2_000);
    while left > 0 {
        day = if n > 0 { day.tomorrow().ok()? } else { day.yesterday().ok()? };
        left -= i64::from(is_workday(day));
    }
    Some(day)
}

const fn exact(start: Zoned, unit: Unit) -> Span0 {
    Span0 { start: Some(start), end: None, unit, range: false }
}

/// Spans of numbers that may be too large for one.
trait TrySpan {
    fn try_days(self) -> Option<jiff::Span>;
    fn try_months(self) -> Option<jiff::Span>;
    fn try_hours(self) -> Option<jiff::Span>;
}

impl TrySpan for i64 {
    fn try_days(self) -> Option<jiff::Span> {
        jiff::Span::new().try_days(self).ok()
    }

    fn try_months(self) -> Option<jiff::Span> {
        jiff::Span::new().try_months(self).ok()
    }

    fn try_hours(self) -> Option<jiff::Span> {
        jiff::Span::new().try_hours(self).ok()
    }
}
