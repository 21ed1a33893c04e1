//! Which days are meant by weekdays, dates, months, years and holidays.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

use super::{Resolver, Span0};
use crate::natural_time::ast::{Anchor, Moment, Unit, Which};
use crate::natural_time::holiday::Holiday;

impl Resolver {
    /// The days of a moment, the likeliest first; its time of day is not looked at.
    pub(super) fn days(&self, moment: &Moment) -> Vec<Span0> {
        let mut found = self.days_said(moment);
        if let Some((month, day)) = moment.swapped {
            let other =
                Moment { day: Some(month), month: Some((day, Which::Bare)), swapped: None, ..moment.clone() };
            found.extend(self.days_said(&other).into_iter().take(1));
        }
        found
    }

    fn days_said(&self, moment: &Moment) -> Vec<Span0> {
        let Some(anchor) = &moment.anchor else { return self.dated(moment) };
        let places = self.anchor(anchor, moment);
        let refined = moment.weekday.is_some()
            || moment.day.is_some()
            || moment.month.is_some()
            || moment.holiday.is_some();
        if !refined {
            return if moment.any { self.each_day(places) } else { places };
        }
        places.into_iter().filter_map(|place| self.refined(&place, anchor, moment)).collect()
    }

    /// Day by day.
    fn each_day(&self, places: Vec<Span0>) -> Vec<Span0> {
        let Some(first) = places.first() else { return places };
        let (Some(start), Some(end)) = (first.first_day(), first.end.as_ref().map(jiff::Zoned::date)) else {
            return places;
        };
        let mut day = start.max(self.today);
        let last = end.max(start.saturating_add(4.days()));
        let mut days = Vec::new();
        while day < last && days.len() < 4 {
            days.extend(self.day(day));
            day = day.saturating_add(1.day());
        }
        days
    }

    /// The weekday, date or holiday inside (or about) what the anchor gives.
    fn refined(&self, place: &Span0, anchor: &Anchor, moment: &Moment) -> Option<Span0> {
        let start = place.first_day()?;
        let end = place.end.as_ref().map_or_else(|| start.tomorrow().ok(), |end| Some(end.date()))?;
        if let Some((holiday, _)) = moment.holiday {
            let within = (start.year()..=end.year())
                .filter_map(|year| holiday.day(year, &self.locale))
                .find(|&day| day >= start && day < end);
            let day = match within {
                Some(day) => Some(day),
                None => holiday.day(start.year(), &self.locale),
            };
            return self.day(day?);
        }
        let shifted = matches!(anchor, Anchor::Shift { .. });
        let one_day = matches!(
            anchor,
            Anchor::Day(_)
                | Anchor::FromPrevious { unit: Unit::Day, .. }
                | Anchor::Nth { .. }
                | Anchor::NthFrom { .. }
        );
        if one_day && place.unit <= Unit::Day {
            return Some(place.clone());
        }
        if let (Some((weekday, _)), true) = (moment.weekday, moment.month.is_none() && moment.day.is_none()) {
            let from = if shifted { monday(start) } else { start };
            let day = on_or_after(from, weekday);
            return if shifted || day < end { self.day(day) } else { None };
        }
        let (mut from, mut to) = (start, end);
        if shifted {
            from = Date::new(start.year(), 1, 1).ok()?;
            to = Date::new(start.year() + 1, 1, 1).ok()?;
            if moment.month.is_none() {
                from = start.first_of_month();
                to = start.last_of_month().tomorrow().ok()?;
            }
        }
        if let Some((month, _)) = moment.month {
            let mut year = from.year();
            let mut first = Date::new(year, month, 1).ok()?;
            if first < from && first.last_of_month() < from {
                year += 1;
                first = Date::new(year, month, 1).ok()?;
            }
            if first >= to {
                return None;
            }
            return match moment.day {
                Some(day) => self.day(Date::new(year, month, day).ok()?),
                None => self.whole(first, first.last_of_month().tomorrow().ok()?, Unit::Month, false),
            };
        }
        let day = moment.day?;
        let mut month = from.first_of_month();
        while month < to {
            if let Ok(date) = Date::new(month.year(), month.month(), day) {
                let weekday_fits = moment.weekday.is_none_or(|(weekday, _)| offset(date) == weekday);
                if date >= from && date < to && weekday_fits {
                    return self.day(date);
                }
            }
            month = month.checked_add(1.month()).ok()?;
        }
        None
    }

    /// Without an anchor.
    fn dated(&self, moment: &Moment) -> Vec<Span0> {
        let found: Vec<Option<Span0>> = if let Some((holiday, which)) = moment.holiday {
            self.holidays(holiday, which, moment.year).into_iter().map(|day| self.day(day)).collect()
        } else if let (Some((month, which)), Some(day)) = (moment.month, moment.day) {
            let weekday = moment.weekday.map(|(weekday, _)| weekday);
            self.month_days(month, day, moment.year, which, weekday)
                .into_iter()
                .map(|day| self.day(day))
                .collect()
        } else if let Some((month, which)) = moment.month {
            if let Some((weekday, _)) = moment.weekday {
                let month = self.months(month, which, moment.year).into_iter().next();
                let first = month.and_then(|span| span.first_day());
                let days = first.map(|first| {
                    let mut day = on_or_after(first, weekday);
                    if day < self.today && first.last_of_month() >= self.today {
                        day = on_or_after(self.today, weekday);
                    }
                    (0..4)
                        .map(|week| day.saturating_add((week * 7).days()))
                        .filter(|day| day.month() == first.month())
                        .collect::<Vec<_>>()
                });
                days.unwrap_or_default().into_iter().map(|day| self.day(day)).collect()
            } else {
                self.months(month, which, moment.year).into_iter().map(Some).collect()
            }
        } else if let Some(day) = moment.day {
            let weekday = moment.weekday.map(|(weekday, _)| weekday);
            self.month_day(day, weekday).into_iter().map(|day| self.day(day)).collect()
        } else if let Some((weekday, which)) = moment.weekday {
            let mut days = self.weekdays(weekday, which);
            if moment.has_time() && which == Which::Bare && offset(self.today) == weekday {
                days.insert(0, self.today);
            }
            if moment.any {
                days = (0..4).filter_map(|week| days.first()?.checked_add((week * 7).days()).ok()).collect();
            }
            days.into_iter().map(|day| self.day(day)).collect()
        } else if let Some(year) = moment.year {
            vec![self.years(year, 1, Unit::Year)]
        } else {
            Vec::new()
        };
        found.into_iter().flatten().collect()
    }

    /// Years from this one on.
    pub(super) fn years(&self, year: i32, count: i32, unit: Unit) -> Option<Span0> {
        let start = Date::new(i16::try_from(year).ok()?, 1, 1).ok()?;
        let end = Date::new(i16::try_from(year.checked_add(count)?).ok()?, 1, 1).ok()?;
        self.whole(start, end, unit, count > 1)
    }

    fn holidays(&self, holiday: Holiday, which: Which, year: Option<i32>) -> Vec<Date> {
        let day = |year: i32| holiday.day(i16::try_from(year).ok()?, &self.locale);
        if let Some(year) = year {
            return day(year).into_iter().collect();
        }
        let this = i32::from(self.today.year());
        let all: Vec<Date> = (this - 2..=this + 3).filter_map(day).collect();
        let next = all.iter().copied().find(|&day| day >= self.today);
        let last = all.iter().rev().copied().find(|&day| day < self.today);
        match which {
            Which::Last => last.into_iter().collect(),
            Which::Plus(n) => {
                let skipped = all.iter().copied().filter(|&day| day >= self.today).nth(n.max(0) as usize);
                skipped.into_iter().collect()
            }
            _ if self.past => last.into_iter().collect(),
            _ => next.into_iter().chain(last.filter(|&last| self.recent(last))).collect(),
        }
    }

    /// Not so long ago that it may be spoken of as if it were to come.
    fn recent(&self, day: Date) -> bool {
        days_between(day, self.today) <= 60
    }

    /// A date without a year is the next one, with a weekday the nearest one that falls on it.
    fn month_days(
        &self,
        month: i8,
        day: i8,
        year: Option<i32>,
        which: Which,
        weekday: Option<i8>,
    ) -> Vec<Date> {
        let date = |year: i32| Date::new(i16::try_from(year).ok()?, month, day).ok();
        if let Some(year) = year {
            return date(year).into_iter().collect();
        }
        let this = i32::from(self.today.year());
        let mut all: Vec<Date> = (this - 6..=this + 8).filter_map(date).collect();
        if let Some(weekday) = weekday {
            let fitting: Vec<Date> = all.iter().copied().filter(|&day| offset(day) == weekday).collect();
            if !fitting.is_empty() {
                all = fitting;
                // Rather the next year it fits than one long ago.
                let distance = |day: Date| match days_between(self.today, day) {
                    days @ ..0 => -days * 4,
                    days => days,
                };
                all.sort_by_key(|&day| distance(day));
                all.truncate(2);
                return all;
            }
        }
        let next = all.iter().copied().find(|&day| day >= self.today);
        let last = all.iter().rev().copied().find(|&day| day < self.today);
        match which {
            Which::Last => last.into_iter().collect(),
            _ if self.past => last.into_iter().collect(),
            _ => next.into_iter().chain(last.filter(|&last| self.recent(last))).collect(),
        }
    }

    fn months(&self, month: i8, which: Which, year: Option<i32>) -> Vec<Span0> {
        let span = |year: i32| {
            let first = Date::new(i16::try_from(year).ok()?, month, 1).ok()?;
            self.whole(first, first.last_of_month().tomorrow().ok()?, Unit::Month, false)
        };
        let this = i32::from(self.today.year());
        let gone = month < self.today.month();
        let current = month == self.today.month();
        let next = if gone { this + 1 } else { this };
        let years = match (year, which) {
            (Some(year), _) => vec![year],
            (None, Which::Last) => vec![if gone { this } else { this - 1 }],
            (None, Which::Next) if current => vec![this + 1],
            (None, Which::Plus(n)) => vec![next + i32::from(n)],
            (None, _) if self.past => vec![if gone || current { this } else { this - 1 }],
            (None, _) if gone && month + 2 >= self.today.month() => vec![next, next - 1],
            (None, _) => vec![next],
        };
        years.into_iter().filter_map(span).collect()
    }

    /// "the 15th": of this month or the next that has one.
    fn month_day(&self, day: i8, weekday: Option<i8>) -> Vec<Date> {
        let mut month = self.today.first_of_month();
        let mut found = Vec::new();
        let step: i64 = if self.past { -1 } else { 1 };
        for _ in 0..60 {
            if let Ok(date) = Date::new(month.year(), month.month(), day) {
                let fits = if self.past { date <= self.today } else { date >= self.today };
                if fits && weekday.is_none_or(|weekday| offset(date) == weekday) {
                    found.push(date);
                    if found.len() == 2 {
                        break;
                    }
                }
            }
            month = month.saturating_add(step.months());
        }
        found
    }

    /// The weekday meant, then others it may be.
    pub(super) fn weekdays(&self, weekday: i8, which: Which) -> Vec<Date> {
        let plus = |date: Date, days: i64| date.saturating_add(days.days());
        let ahead = i64::from((weekday - offset(self.today)).rem_euclid(7));
        let nearest = plus(self.today, if ahead == 0 { 7 } else { ahead });
        let this_week = plus(monday(self.today), i64::from(weekday) - 1);
        let latest = plus(nearest, if ahead == 0 { -14 } else { -7 });
        let mut days = match which {
            Which::Bare if self.past => vec![if ahead == 0 { self.today } else { latest }],
            Which::Bare | Which::Coming | Which::This if ahead == 0 => vec![nearest, self.today],
            Which::Bare | Which::Coming => vec![nearest, plus(nearest, 7)],
            Which::This => vec![nearest, this_week],
            Which::Next => vec![plus(this_week, 7), nearest],
            Which::Last => vec![latest, plus(this_week, -7)],
            Which::Weeks(n) => vec![plus(self.today, ahead + 7 * i64::from(n))],
            Which::Plus(n) => vec![plus(nearest, 7 * i64::from(n)), plus(this_week, 7 * i64::from(n) + 7)],
        };
        days.dedup();
        days
    }
}

/// 1 = Monday.
pub(super) fn offset(date: Date) -> i8 {
    date.weekday().to_monday_one_offset()
}

/// The Monday of its week.
pub(super) fn monday(date: Date) -> Date {
    date.saturating_sub(i64::from(offset(date) - 1).days())
}

/// The first such weekday from this day on.
pub(super) fn on_or_after(date: Date, weekday: i8) -> Date {
    date.saturating_add(i64::from((weekday - offset(date)).rem_euclid(7)).days())
}

pub(super) fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

pub(super) fn is_workday(date: Date) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}
