//! What a phrase means, seen from now: calendar and clock arithmetic, and which reading is the likeliest.
//!
//! Days first ([`days`], [`anchors`]), then the time of day ([`hours`]), then whole phrases (here and in [`sets`]).
//! Where words leave a choice, the future is preferred to the past, business hours to other hours, waking hours to the
//! night; the other readings become alternatives.

mod anchors;
mod days;
mod hours;
mod parts;
mod sets;

use jiff::civil::{Date, DateTime, Time as Clocktime};
use jiff::tz::TimeZone;
use jiff::{Span, SpanRound, Unit as JiffUnit, Zoned};

use super::ast::{Anchor, Length, Moment, Phrase, Pod, Time, Unit, Zone};
use super::words::locale::Locale;
use super::{Alternative, Grain, Kind, Match, Request};

/// Most alternatives given.
const MAX_ALTERNATIVES: usize = 5;

/// From where and for whom phrases are resolved.
#[derive(Clone)]
pub(super) struct Resolver {
    now: Zoned,
    today: Date,
    locale: Locale,
    hours: Option<(i8, i8)>,
    previous: Option<Zoned>,
    /// Prefer what is over.
    past: bool,
}

/// One reading.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Span0 {
    pub start: Option<Zoned>,
    pub end: Option<Zoned>,
    pub unit: Unit,
    /// Has two ends, rather than being one value.
    pub range: bool,
}

/// What a phrase means.
pub(super) struct Meaning {
    kind: Kind,
    start: Option<Zoned>,
    end: Option<Zoned>,
    unit: Unit,
    alternatives: Vec<Alternative>,
    rrule: Option<String>,
    duration: Option<(String, i64)>,
}

impl Meaning {
    pub fn into_match(self, text: String, offset: usize) -> Match {
        let (duration, seconds) = self.duration.unzip();
        Match {
            text,
            offset,
            kind: self.kind,
            start: self.start,
            end: self.end,
            grain: grain(self.unit),
            alternatives: self.alternatives,
            says_time: false,
            rrule: self.rrule,
            duration,
            seconds,
        }
    }
}

impl Resolver {
    pub fn new(request: &Request<'_>) -> Self {
        let zoned = |instant: jiff::Timestamp| instant.to_zoned(request.zone.clone());
        let now = zoned(request.now);
        Self {
            today: now.date(),
            now,
            locale: request.locale.clone(),
            hours: request
                .business_hours
                .filter(|(from, to)| from < to && *to <= 24)
                .map(|(from, to)| (from as i8, to as i8)),
            previous: request.previous.map(zoned),
            past: false,
        }
    }

    fn zone(&self) -> &TimeZone {
        self.now.time_zone()
    }

    /// The same with another now.
    fn seen_from(&self, now: &Zoned) -> Self {
        Self { now: now.clone(), today: now.date(), ..self.clone() }
    }

    fn backwards(&self) -> Self {
        Self { past: true, ..self.clone() }
    }

    /// What the phrase means; nothing when it means nothing (the 31st of April).
    pub fn phrase(&self, phrase: &Phrase) -> Option<Meaning> {
        match phrase {
            Phrase::Moment(moment) => several(self.moment(moment)),
            Phrase::Range { from, to } => self.range(from, to),
            Phrase::After(moment) => {
                let spans = self.moment(moment);
                several(spans.into_iter().map(|span| {
                    let whole = span.unit >= Unit::Day || span.range;
                    let start = if whole { span.finish() } else { span.start };
                    let end = start.as_ref().filter(|_| !whole && moment.has_date()).and_then(day_end);
                    Span0 { start, end, unit: span.unit, range: true }
                }))
            }
            Phrase::Starting(moment) => {
                several(self.moment(moment).into_iter().map(|span| Span0 { end: None, range: true, ..span }))
            }
            Phrase::Since(moment) => {
                let spans = self.backwards().moment(moment);
                several(spans.into_iter().map(|span| Span0 { end: None, range: true, ..span }))
            }
            Phrase::Before(moment) => {
                let spans = self.moment(moment);
                several(spans.into_iter().map(|span| {
                    let clock = span.unit < Unit::Day && moment.has_time() && moment.has_date();
                    let start = span.start.as_ref().filter(|_| clock).and_then(|end| end.start_of_day().ok());
                    Span0 { start, end: span.start, unit: span.unit, range: true }
                }))
            }
            Phrase::Until(moment) => {
                let inclusive = self.locale.full_day_clock();
                let spans = self.moment(moment);
                several(spans.into_iter().map(|span| Span0 {
                    start: None,
                    end: if span.range || inclusive && span.unit >= Unit::Day {
                        span.finish()
                    } else {
                        span.start
                    },
                    unit: span.unit,
                    range: true,
                }))
            }
            Phrase::By(moment) => {
                let spans = self.moment(moment);
                let now = self.now.clone();
                several(spans.into_iter().map(|span| Span0 {
                    start: Some(now.clone()),
                    end: if moment.pod == Some(Pod::EndOfDay) && moment.time.is_none() {
                        span.start.as_ref().and_then(day_end)
                    } else if span.unit >= Unit::Day || span.range {
                        span.finish()
                    } else {
                        span.start
                    },
                    unit: span.unit,
                    range: true,
                }))
            }
            Phrase::Within(length) => {
                let end = shifted(&self.now, length, 1)?;
                let unit = coarse(length.grain.unwrap_or(Unit::Second));
                let end = floor(&end, unit)?;
                several([Span0 { start: Some(self.now.clone()), end: Some(end), unit, range: true }])
            }
            Phrase::For { length, from } => {
                let spans = self.moment(from).into_iter().filter_map(|span| {
                    let start = span.start.clone()?;
                    let end = shifted(&start, length, 1)?;
                    let unit = span.unit.min(length.grain.unwrap_or(span.unit));
                    Some(Span0 { start: Some(start), end: Some(end), unit, range: true })
                });
                several(spans.collect::<Vec<_>>())
            }
            Phrase::Length(length) => length_meaning(length),
            Phrase::Recurring(rule) => self.recurring(rule),
        }
    }

    /// Both ends; the second is looked for from the first on.
    fn range(&self, from: &Moment, to: &Moment) -> Option<Meaning> {
        let backwards = from.anchor.is_none() && to.anchor == Some(Anchor::Now);
        let first =
            if backwards { self.backwards().moment(from) } else { self.moment(from) }.into_iter().next()?;
        let start = first.start.clone()?;
        let relative =
            to.anchor.is_some() || to.weekday.is_some_and(|(_, which)| which != super::ast::Which::Bare);
        let seen = if relative { self.clone() } else { self.seen_from(&start) };
        let last = seen
            .moment(to)
            .into_iter()
            .filter_map(|span| {
                let end =
                    if span.unit >= Unit::Day || span.range { span.finish() } else { span.start.clone() };
                Some((end?, span.unit))
            })
            .find(|(end, _)| *end > start)?;
        // A wrong weekday beside the date does not move it by years.
        let far = last.0.timestamp().as_second() - start.timestamp().as_second() > 400 * 86_400;
        if far && to.weekday.is_some() && to.day.is_some() && to.year.is_none() {
            return self.range(from, &Moment { weekday: None, ..to.clone() });
        }
        let (end, unit) = last;
        several([Span0 { start: Some(start), end: Some(end), unit: first.unit.min(unit), range: true }])
    }

    /// Every reading of a moment, the likeliest first.
    fn moment(&self, moment: &Moment) -> Vec<Span0> {
        let (zone, there) = match moment.zone {
            Some(zone) => match time_zone(zone) {
                Some(zone) => (Some(zone.clone()), self.seen_from(&self.now.with_time_zone(zone))),
                None => (None, self.clone()),
            },
            None => (None, self.clone()),
        };
        let mut spans = there.placed(moment);
        if zone.is_some() {
            let home = |zoned: Zoned| zoned.with_time_zone(self.zone().clone());
            for span in &mut spans {
                span.start = span.start.take().map(home);
                span.end = span.end.take().map(home);
                span.unit = if span.unit == Unit::Hour { Unit::Minute } else { span.unit };
            }
        }
        spans
    }

    fn placed(&self, moment: &Moment) -> Vec<Span0> {
        if moment.time == Some(Time::Same) {
            return self.same_time(moment);
        }
        let days = if moment.has_date() { Some(self.days(moment)) } else { None };
        match (days, moment.has_time()) {
            (Some(days), false) => days,
            (Some(days), true) => {
                let mut spans = Vec::new();
                for (index, day) in days.iter().enumerate().take(4) {
                    let found = self.times(moment, Some(day));
                    // Another time of the first day is likelier than another day.
                    spans.extend(found.into_iter().take(if index == 0 { 6 } else { 1 }));
                }
                if self.past {
                    return spans;
                }
                // "Tuesday at 9" said on Tuesday at ten is not today.
                let over = |span: &Span0| {
                    span.end.as_ref().or(span.start.as_ref()).is_some_and(|last| *last <= self.now)
                };
                let bare = moment.anchor.is_none()
                    && moment.month.is_none()
                    && moment.year.is_none()
                    && moment.holiday.is_none();
                if bare {
                    spans.sort_by_key(over);
                }
                spans
            }
            (None, _) => self.times(moment, None),
        }
    }

    /// "same time Thursday": the time of what was proposed, or of now.
    fn same_time(&self, moment: &Moment) -> Vec<Span0> {
        let Some(base) = self.previous.clone().or_else(|| Some(self.now.clone())) else { return Vec::new() };
        // "this time last year"
        if let Some(Anchor::Cycle { unit: unit @ (Unit::Month | Unit::Quarter | Unit::Year), offset }) =
            moment.anchor
        {
            let length = Length::of(unit, i64::from(offset.abs()) * 1000);
            let start = shifted(&base, &length, offset.signum() as i8);
            return vec![Span0 { start, end: None, unit: Unit::Minute, range: false }];
        }
        let days = Moment { time: None, ..moment.clone() };
        if !days.has_date() {
            return vec![Span0 { start: Some(base), end: None, unit: Unit::Minute, range: false }];
        }
        self.days(&days)
            .into_iter()
            .filter_map(|day| {
                let start = self.zoned(day.start?.date().to_datetime(base.time()))?;
                Some(Span0 { start: Some(start), end: None, unit: Unit::Minute, range: false })
            })
            .collect()
    }

    fn zoned(&self, datetime: DateTime) -> Option<Zoned> {
        datetime.to_zoned(self.zone().clone()).ok()
    }

    fn midnight(&self, date: Date) -> Option<Zoned> {
        self.zoned(date.to_datetime(Clocktime::midnight()))
    }

    /// Whole days as a reading.
    fn whole(&self, start: Date, end: Date, unit: Unit, range: bool) -> Option<Span0> {
        Some(Span0 { start: Some(self.midnight(start)?), end: Some(self.midnight(end)?), unit, range })
    }

    fn day(&self, date: Date) -> Option<Span0> {
        self.whole(date, date.tomorrow().ok()?, Unit::Day, false)
    }
}

impl Span0 {
    /// One after the last instant of it.
    fn finish(&self) -> Option<Zoned> {
        self.end.clone()
    }

    fn first_day(&self) -> Option<Date> {
        self.start.as_ref().map(Zoned::date)
    }
}

fn grain(unit: Unit) -> Grain {
    match unit {
        Unit::Second => Grain::Second,
        Unit::Minute => Grain::Minute,
        Unit::Hour => Grain::Hour,
        Unit::Day => Grain::Day,
        Unit::Week => Grain::Week,
        Unit::Month => Grain::Month,
        Unit::Quarter => Grain::Quarter,
        Unit::Year | Unit::Decade | Unit::Century => Grain::Year,
    }
}

/// How exactly a shift by this unit is meant: "in two weeks" is a day, "in two hours" a minute.
const fn coarse(unit: Unit) -> Unit {
    match unit {
        Unit::Second | Unit::Minute => Unit::Second,
        Unit::Hour => Unit::Minute,
        Unit::Day => Unit::Hour,
        Unit::Week | Unit::Month => Unit::Day,
        _ => Unit::Month,
    }
}

fn floor(zoned: &Zoned, unit: Unit) -> Option<Zoned> {
    let smallest = match unit {
        Unit::Second => JiffUnit::Second,
        Unit::Minute => JiffUnit::Minute,
        Unit::Hour => JiffUnit::Hour,
        Unit::Day => return zoned.start_of_day().ok(),
        _ => return zoned.first_of_month().ok()?.start_of_day().ok(),
    };
    zoned.round(jiff::ZonedRound::new().smallest(smallest).mode(jiff::RoundMode::Floor)).ok()
}

fn span_of(length: &Length) -> Option<Span> {
    Span::new()
        .try_years(length.years)
        .and_then(|span| span.try_months(length.months))
        .and_then(|span| span.try_weeks(length.weeks))
        .and_then(|span| span.try_days(length.days))
        .and_then(|span| span.try_seconds(length.seconds))
        .ok()
}

fn iso_length(length: &Length) -> String {
    let seconds = Span::new().try_seconds(length.seconds).unwrap_or_default();
    let clock = seconds.round(SpanRound::new().largest(JiffUnit::Hour)).unwrap_or(seconds);
    let days = Length { seconds: 0, ..length.clone() };
    let span = span_of(&days).unwrap_or_default();
    let whole = span
        .try_hours(i64::from(clock.get_hours()))
        .and_then(|span| span.try_minutes(clock.get_minutes()))
        .and_then(|span| span.try_seconds(clock.get_seconds()))
        .unwrap_or(span);
    whole.to_string()
}

fn time_zone(zone: Zone) -> Option<TimeZone> {
    match zone {
        Zone::Offset(minutes) => {
            let offset = jiff::tz::Offset::from_seconds(i32::from(minutes) * 60).ok()?;
            Some(TimeZone::fixed(offset))
        }
        Zone::Named(name) => TimeZone::get(name).ok(),
    }
}

/// The first is meant, the others may be.
fn several(spans: impl IntoIterator<Item = Span0>) -> Option<Meaning> {
    let mut spans = spans.into_iter().filter(|span| span.start.is_some() || span.end.is_some());
    let first = spans.next()?;
    if let (Some(start), Some(end), true) = (&first.start, &first.end, first.range)
        && end < start
    {
        return None;
    }
    let mut alternatives: Vec<Alternative> = Vec::new();
    for span in spans {
        let end = if span.range { span.end } else { None };
        let same = span.start == first.start && (end == first.end || !first.range);
        let alternative = Alternative { start: span.start, end };
        if !same && !alternatives.contains(&alternative) && alternatives.len() < MAX_ALTERNATIVES {
            alternatives.push(alternative);
        }
    }
    Some(Meaning {
        kind: if first.range { Kind::Range } else { Kind::Instant },
        start: first.start,
        end: if first.range { first.end } else { None },
        unit: first.unit,
        alternatives,
        rrule: None,
        duration: None,
    })
}

fn length_meaning(length: &Length) -> Option<Meaning> {
    let seconds = ((length.years * 365 + length.months * 30 + length.weeks * 7 + length.days)
        .checked_mul(86_400)?)
    .checked_add(length.seconds)?;
    Some(Meaning {
        kind: Kind::Duration,
        start: None,
        end: None,
        unit: length.grain?,
        alternatives: Vec::new(),
        rrule: None,
        duration: Some((iso_length(length), seconds)),
    })
}

fn shifted(from: &Zoned, length: &Length, sign: i8) -> Option<Zoned> {
    let span = span_of(&length.times(i64::from(sign)))?;
    from.checked_add(span).ok()
}

/// The midnight at the end of its day.
fn day_end(instant: &Zoned) -> Option<Zoned> {
    instant.date().tomorrow().ok()?.to_zoned(instant.time_zone().clone()).ok()
}
