//! Which time of day is meant.

use jiff::ToSpan as _;
use jiff::Zoned;
use jiff::civil::{Date, Time as Clocktime};

use super::{Resolver, Span0};
use crate::locale::Language;
use crate::natural_time::ast::{Clock, Moment, Pod, Time, Unit};

/// Hours in which a time without "am" or "pm" is likelier.
const WAKING: (i8, i8) = (7, 19);

impl Resolver {
    /// The moment's time on a day, or on the next day that fits.
    pub(super) fn times(&self, moment: &Moment, place: Option<&Span0>) -> Vec<Span0> {
        let date = match place {
            Some(place) => {
                let Some(start) = place.first_day() else { return Vec::new() };
                let today_inside = place.unit > Unit::Day
                    && start < self.today
                    && place.end.as_ref().is_some_and(|end| end.date() > self.today);
                Some(if today_inside { self.today } else { start })
            }
            None => None,
        };
        let pod = moment.pod;
        match (&moment.time, pod) {
            (Some(Time::At(clock)), _) => self.at(*clock, date, pod),
            (Some(Time::Between(from, to)), _) => self.between(*from, *to, date, pod),
            (Some(Time::After(clock)), _) => {
                let starts = self.at(*clock, date, pod);
                let close = |start: &Zoned| -> Option<Zoned> {
                    let date = date?;
                    match pod {
                        Some(pod) => self.pod_on(pod, date)?.end,
                        None => self.midnight(date.tomorrow().ok()?),
                    }
                    .filter(|end| end > start)
                };
                starts
                    .into_iter()
                    .map(|span| Span0 { end: span.start.as_ref().and_then(close), range: true, ..span })
                    .collect()
            }
            (Some(Time::Before(clock)), _) => {
                let ends = self.at(*clock, date, pod);
                let open = |end: &Zoned| -> Option<Zoned> {
                    let date = date?;
                    match pod {
                        Some(pod) => self.pod_on(pod, date)?.start,
                        None => self.midnight(date),
                    }
                    .filter(|start| start < end)
                };
                ends.into_iter()
                    .map(|span| Span0 {
                        start: span.start.as_ref().and_then(open),
                        end: span.start,
                        range: true,
                        ..span
                    })
                    .collect()
            }
            (_, Some(pod)) => self.part_of(pod, date, place, moment.any),
            (Some(Time::Same) | None, None) => Vec::new(),
        }
    }

    /// The clock time on the day, or the next time the clock shows it.
    fn at(&self, clock: Clock, date: Option<Date>, pod: Option<Pod>) -> Vec<Span0> {
        let mut found: Vec<(u8, Zoned)> = Vec::new();
        let days = match date {
            Some(date) => vec![date],
            None if self.past => vec![self.today, self.today.saturating_sub(1.day())],
            None => vec![self.today, self.today.saturating_add(1.day())],
        };
        for (hour, liking) in hours_of(clock, pod) {
            let mut next = None;
            for &day in &days {
                // Midnight without a day is the one to come, with a day its beginning.
                let named_day = date.is_some()
                    && clock.named
                    && hour == 24
                    && !matches!(pod, Some(Pod::Evening | Pod::Night | Pod::LateNight | Pod::LateEvening));
                let hour = if named_day { 0 } else { hour };
                let Some(instant) = self.clock_on(day, hour, clock) else { continue };
                let fits = (instant > self.now) != self.past;
                if date.is_some() || fits || day != self.today {
                    next = Some(instant);
                    break;
                }
            }
            let Some(instant) = next else { continue };
            found.push((self.unlikeliness(clock, &instant, date, liking), instant));
        }
        found.sort_by(|(a, first), (b, second)| a.cmp(b).then_with(|| first.cmp(second)));
        if found.first().is_some_and(|(score, _)| *score < 32) {
            // What contradicts the part of the day is no reading at all.
            found.retain(|(score, _)| *score < 48);
        }
        let mut spans: Vec<Span0> = Vec::new();
        for (_, start) in found {
            let folded = self.other_fold(&start);
            spans.push(Span0 { start: Some(start), end: None, unit: clock.grain, range: false });
            if let Some(later) = folded {
                spans.push(Span0 { start: Some(later), end: None, unit: clock.grain, range: false });
            }
        }
        spans
    }

    /// Lower is likelier.
    fn unlikeliness(&self, clock: Clock, instant: &Zoned, date: Option<Date>, liking: u8) -> u8 {
        if !clock.ambiguous {
            return 0;
        }
        let hour = instant.hour();
        let open = self.hours.is_some_and(|(from, to)| hour >= from && hour < to);
        if open {
            return liking * 16;
        }
        let mut score = liking * 16 + if self.hours.is_some() { 4 } else { 0 };
        if date == Some(self.today) && *instant <= self.now && !self.past {
            score += 8;
        }
        let literal = clock.literal && hour == clock.hour;
        let awake = hour >= WAKING.0 && hour < WAKING.1;
        if date.is_some() {
            score += if clock.literal { u8::from(!literal) } else { u8::from(!awake) };
        } else if clock.literal {
            score += u8::from(!literal);
        }
        score
    }

    fn clock_on(&self, date: Date, hour: i8, clock: Clock) -> Option<Zoned> {
        let day = date.checked_add(i64::from(hour / 24).days()).ok()?;
        let time = Clocktime::new(hour % 24, clock.minute, clock.second, 0).ok()?;
        self.zoned(day.to_datetime(time))
    }

    /// The later instant when the clock shows this time twice.
    fn other_fold(&self, instant: &Zoned) -> Option<Zoned> {
        let ambiguous = self.zone().to_ambiguous_zoned(instant.datetime());
        if !ambiguous.is_ambiguous() {
            return None;
        }
        ambiguous.later().ok().filter(|later| later != instant && later.datetime() == instant.datetime())
    }

    fn between(&self, from: Clock, to: Clock, date: Option<Date>, pod: Option<Pod>) -> Vec<Span0> {
        let mut found: Vec<(u8, Zoned, Zoned)> = Vec::new();
        let ends = hours_of(to, None);
        for (hour, liking) in hours_of(from, pod) {
            let minutes = |hour: i8, clock: Clock| i32::from(hour) * 60 + i32::from(clock.minute);
            let start_minute = minutes(hour, from);
            let end = ends
                .iter()
                .flat_map(|&(end, _)| [end, end.saturating_add(24)])
                .filter(|&end| minutes(end, to) > start_minute)
                .min_by_key(|&end| minutes(end, to));
            let Some(end) = end else { continue };
            let mut day = date.unwrap_or(self.today);
            for _ in 0..2 {
                let (Some(first), Some(last)) = (self.clock_on(day, hour, from), self.clock_on(day, end, to))
                else {
                    break;
                };
                if date.is_none() && last <= self.now && !self.past {
                    day = day.saturating_add(1.day());
                    continue;
                }
                let mut score = self.unlikeliness(from, &first, date.or(Some(day)), liking);
                if first <= self.now && last > self.now {
                    // It has begun, and is not over.
                    score = score.saturating_sub(8);
                }
                if end > 24 {
                    // Over midnight only when nothing else fits.
                    score += 4;
                }
                found.push((score, first, last));
                break;
            }
        }
        found.sort_by(|(a, first, _), (b, second, _)| a.cmp(b).then_with(|| first.cmp(second)));
        let unit = from.grain.min(to.grain);
        found
            .into_iter()
            .map(|(_, start, end)| Span0 { start: Some(start), end: Some(end), unit, range: true })
            .collect()
    }

    fn part_of(&self, pod: Pod, date: Option<Date>, place: Option<&Span0>, any: bool) -> Vec<Span0> {
        let Some(date) = date else {
            let today = self.pod_on(pod, self.today);
            let over = today.as_ref().and_then(|span| span.end.as_ref()).is_some_and(|end| *end <= self.now);
            if over && !self.past {
                let tomorrow = self.pod_on(pod, self.today.saturating_add(1.day()));
                return tomorrow.into_iter().chain(today).collect();
            }
            if any {
                return (0..4)
                    .filter_map(|days| self.pod_on(pod, self.today.saturating_add(i64::from(days).days())))
                    .collect();
            }
            return today.into_iter().collect();
        };
        let several = any || place.is_some_and(|place| place.unit > Unit::Day || place.range);
        let last = place.and_then(|place| place.end.as_ref()).map_or(date, Zoned::date);
        (0..4)
            .map(|days| date.saturating_add(i64::from(days).days()))
            .filter(|&day| day == date || several && (any || day < last))
            .filter_map(|day| self.pod_on(pod, day))
            .collect()
    }

    /// The part of that day.
    pub(super) fn pod_on(&self, pod: Pod, date: Date) -> Option<Span0> {
        let (from, to) = self.pod_hours(pod);
        let whole = Clock::hour(0);
        let start = self.clock_on(date, from, whole)?;
        let end = self.clock_on(date, to, whole)?;
        Some(Span0 { start: Some(start), end: Some(end), unit: Unit::Hour, range: true })
    }

    /// First hour and the one after the last.
    fn pod_hours(&self, pod: Pod) -> (i8, i8) {
        let language = self.locale.language;
        let (open, close) = self.hours.unwrap_or((9, 17));
        match pod {
            Pod::Dawn => (4, 7),
            Pod::EarlyMorning if language == Language::Fr => (7, 9),
            Pod::EarlyMorning => (0, 9),
            Pod::FirstThing => {
                let first = self.hours.map_or(8, |(open, _)| open);
                (first, (first + 2).min(24))
            }
            Pod::Breakfast => (6, 9),
            Pod::Morning => match language {
                Language::En => (0, 12),
                Language::De => (3, 12),
                Language::Es | Language::Fr => (4, 12),
            },
            Pod::MidMorning => (9, 11),
            Pod::LateMorning => (10, 12),
            Pod::Lunch | Pod::EarlyAfternoon => (12, 14),
            Pod::AfterLunch => (13, 17),
            Pod::Afternoon => (12, 19),
            Pod::MidAfternoon => (14, 17),
            Pod::LateAfternoon => (17, 19),
            Pod::AfterSchool => (15, 21),
            Pod::AfterWork | Pod::Dinner => (17, 21),
            Pod::EarlyEvening => (18, 21),
            Pod::Evening | Pod::Night => (18, 24),
            Pod::LateEvening | Pod::LateNight => (21, 24),
            Pod::BusinessHours => (open, close),
            Pod::EarlyDay => (6, 10),
            Pod::MidDay => (11, 16),
            Pod::EndOfDay => (17, if language == Language::Fr { 21 } else { 24 }),
        }
    }
}

/// The hours a clock time may mean, with how badly each goes with the part of the day (0 is well).
fn hours_of(clock: Clock, pod: Option<Pod>) -> Vec<(i8, u8)> {
    let hours = if clock.ambiguous && !clock.named {
        if clock.hour == 12 { vec![12, 24] } else { vec![clock.hour, clock.hour + 12] }
    } else {
        vec![clock.hour]
    };
    let Some(pod) = pod else { return hours.into_iter().map(|hour| (hour, 0)).collect() };
    let late = matches!(pod, Pod::Night | Pod::LateNight | Pod::Evening | Pod::LateEvening);
    let mut found = Vec::new();
    for hour in hours {
        let (from, to) = match pod {
            Pod::Dawn
            | Pod::EarlyMorning
            | Pod::FirstThing
            | Pod::Breakfast
            | Pod::Morning
            | Pod::MidMorning
            | Pod::LateMorning => (0, 12),
            Pod::Lunch | Pod::AfterLunch | Pod::EarlyAfternoon | Pod::MidDay => (11, 17),
            Pod::Afternoon
            | Pod::MidAfternoon
            | Pod::LateAfternoon
            | Pod::AfterSchool
            | Pod::AfterWork
            | Pod::EndOfDay => (12, 20),
            Pod::Evening | Pod::EarlyEvening | Pod::Dinner | Pod::LateEvening => (16, 25),
            Pod::Night | Pod::LateNight => (17, 25),
            Pod::BusinessHours | Pod::EarlyDay => (7, 19),
        };
        // "12 in the morning" is midnight, "2 tonight" is after it.
        if hour == 24 && to == 12 {
            found.push((0, 1));
        } else if late && hour < 5 && clock.ambiguous {
            found.push((hour + 24, 1));
        } else if late && (12..17).contains(&hour) && clock.ambiguous {
            found.push((hour, 2));
        } else {
            found.push((hour, if hour >= from && hour < to { 0 } else { 3 }));
        }
    }
    found
}
