//! When somebody would like to come: days, a part of the day, a clock time. Each can be changed without the others, so
//! that "actually make it Thursday" keeps the time and "rather in the afternoon" keeps the day.

use frontdesk_domain::locale::Language;
use frontdesk_domain::natural_time::{self, Grain, Kind, Locale, Match, Request};
use frontdesk_domain::workspace::WeeklyHours;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};
use serde::{Deserialize, Serialize};

use crate::builtin::text;
use crate::session::Session;

/// Minutes of a day.
const DAY: u16 = 24 * 60;
/// Most stretches of days kept.
const MOST_DAYS: usize = 8;

/// When somebody would like to come. What is absent does not matter to them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wish {
    /// Days, as stretches: first day, day after the last.
    pub days: Vec<(Date, Date)>,
    /// Days that do not suit.
    pub not_days: Vec<Date>,
    /// Part of the day in minutes after midnight, end exclusive.
    pub part: Option<(u16, u16)>,
    /// A clock time in minutes after midnight.
    pub exact: Option<u16>,
    /// Only what starts after this instant.
    pub after: Option<Timestamp>,
    /// Only what starts before this instant.
    pub before: Option<Timestamp>,
    /// The last of each day.
    pub latest: bool,
}

impl Wish {
    /// Whether nothing is wished.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether only a time of day is wished.
    pub fn is_clock_only(&self) -> bool {
        self.days.is_empty() && (self.part.is_some() || self.exact.is_some())
    }

    /// This wish with a newer one on top.
    pub fn with(&self, newer: &Self) -> Self {
        let timed = newer.part.is_some() || newer.exact.is_some();
        Self {
            days: if newer.days.is_empty() { self.days.clone() } else { newer.days.clone() },
            not_days: if newer.days.is_empty() { self.not_days.clone() } else { Vec::new() },
            part: if timed { newer.part } else { self.part },
            exact: if timed { newer.exact } else { self.exact },
            after: newer.after,
            before: newer.before,
            latest: newer.latest || (self.latest && !timed),
        }
    }

    /// Whether an instant is on the days wished.
    pub fn fits_day(&self, at: &Zoned) -> bool {
        let date = at.date();
        !self.not_days.contains(&date)
            && (self.days.is_empty() || self.days.iter().any(|(from, to)| *from <= date && date < *to))
    }

    /// Whether an instant is what is wished.
    pub fn fits(&self, at: &Zoned) -> bool {
        let minute = minute_of(at);
        self.fits_day(at)
            && self.part.is_none_or(|(from, to)| from <= minute && minute < to)
            && self.exact.is_none_or(|exact| exact == minute)
            && self.after.is_none_or(|after| at.timestamp() > after)
            && self.before.is_none_or(|before| at.timestamp() < before)
    }

    /// How many minutes of the day it is away from what is wished.
    pub fn distance(&self, at: &Zoned) -> u16 {
        let minute = minute_of(at);
        match (self.exact, self.part) {
            (Some(exact), _) => exact.abs_diff(minute),
            (_, Some((from, to))) if minute < from => from - minute + u16::from(to == 0),
            (_, Some((_, to))) if minute >= to => minute - to + 1,
            _ => 0,
        }
    }
}

/// Minutes after midnight.
pub fn minute_of(at: &Zoned) -> u16 {
    u16::try_from(i32::from(at.hour()) * 60 + i32::from(at.minute())).unwrap_or(0)
}

/// From where a text is read.
#[derive(Debug, Clone)]
pub struct View {
    /// Now.
    pub now: Zoned,
    /// The customer's language.
    pub language: Language,
    /// ISO country of the business.
    pub country: String,
    /// Opening and closing hour.
    pub hours: Option<(u8, u8)>,
    /// What was proposed last.
    pub previous: Option<Timestamp>,
}

/// Opening and closing hour over the week.
fn business_hours(hours: &WeeklyHours) -> Option<(u8, u8)> {
    let all = || hours.0.values().flatten();
    let from = all().map(|stretch| stretch.from).min()?;
    let to = all().map(|stretch| stretch.to).max()?;
    let (from, to) = (u8::try_from(from / 60).ok()?, u8::try_from(to.div_ceil(60)).ok()?);
    (from < to && to <= 24).then_some((from, to))
}

/// What a text says about time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// When.
    pub wish: Wish,
    /// Lengths in minutes.
    pub lengths: Vec<u32>,
    /// Where time was spoken of, in characters.
    pub spans: Vec<(usize, usize)>,
    /// As soon as possible.
    pub soonest: bool,
}

impl View {
    /// From where a session's texts are read; `previous`: the instant proposed last.
    pub fn of(session: &Session, language: Language, previous: Option<Timestamp>) -> Self {
        let zone = TimeZone::get(&session.business.zone).unwrap_or(TimeZone::UTC);
        Self {
            now: session.now.to_jiff().to_zoned(zone),
            language,
            country: session.business.country.clone(),
            hours: business_hours(&session.business.hours),
            previous,
        }
    }

    /// Every phrase about time in a text, seen from an instant.
    pub fn read(&self, text: &str, now: &Zoned) -> Vec<Match> {
        let zone: &TimeZone = now.time_zone();
        let region = if self.country.is_empty() { "US" } else { &self.country };
        natural_time::read(&Request {
            text,
            now: now.timestamp(),
            zone,
            locale: Locale::parse(&format!("{}-{region}", self.language.code())),
            business_hours: self.hours,
            previous: self.previous,
        })
    }

    /// What a text says about time.
    pub fn hear(&self, text: &str) -> Said {
        let mut said = Said::default();
        for found in self.read(text, &self.now) {
            said.spans.push((found.offset, found.offset + found.text.chars().count()));
            if found.kind == Kind::Duration {
                let minutes = found.seconds.and_then(|seconds| u32::try_from(seconds / 60).ok());
                said.lengths.extend(minutes.filter(|minutes| (1..=1440).contains(minutes)));
                continue;
            }
            if found.grain == Grain::Second && found.says_time {
                said.soonest = true;
                continue;
            }
            let mut wish = self.wish(&found);
            self.next_if_today(&found, &mut wish);
            if is_denied(text, found.offset) && wish.part.is_none() && wish.exact.is_none() {
                said.wish.not_days.extend(wish.days.iter().map(|(from, _)| *from));
                continue;
            }
            if is_before_that(text, found.offset) {
                said.wish.before = found.start.as_ref().map(Zoned::timestamp);
                continue;
            }
            if is_followed_by_after(text, &found) {
                self.after_previous(&mut wish);
            }
            let room = MOST_DAYS.saturating_sub(said.wish.days.len());
            said.wish.days.extend(wish.days.into_iter().take(room));
            if wish.part.is_some() || wish.exact.is_some() {
                said.wish.part = wish.part;
                said.wish.exact = wish.exact;
            }
            said.wish.after = wish.after.or(said.wish.after);
            said.wish.before = wish.before.or(said.wish.before);
        }
        said
    }

    /// "Wednesday", said on a Wednesday, is the next one.
    fn next_if_today(&self, found: &Match, wish: &mut Wish) {
        const THIS: &[&str] =
            &["this", "today", "esta", "este", "dieser", "diesen", "heute", "ce", "hoy", "todays"];
        let today = self.now.date();
        let words = text::words(&found.text);
        let names = words.iter().any(|word| is_weekday(word));
        let this = words.iter().any(|word| THIS.contains(&word.as_str()));
        if let ([(from, to)], true, false) = (wish.days.as_mut_slice(), names, this)
            && *from == today
            && *to == next_day(today)
        {
            *from = from.saturating_add(Span::new().days(7));
            *to = to.saturating_add(Span::new().days(7));
        }
    }

    /// "The Friday after": after what was proposed, not after today.
    fn after_previous(&self, wish: &mut Wish) {
        let Some(previous) = self.previous.map(|at| at.to_zoned(self.now.time_zone().clone()).date()) else {
            return;
        };
        for (from, to) in &mut wish.days {
            for _ in 0..8 {
                if *from <= previous {
                    *from = from.saturating_add(Span::new().days(7));
                    *to = to.saturating_add(Span::new().days(7));
                }
            }
        }
    }

    fn wish(&self, found: &Match) -> Wish {
        let (Some(start), true) = (&found.start, found.says_time) else { return self.day_wish(found) };
        if let Some(split) = self.split(&found.text) {
            return split;
        }
        let mut wish = Wish::default();
        match found.kind {
            Kind::Instant => wish.exact = Some(minute_of(start)),
            _ => match &found.end {
                // From a day to another day, with times at both ends: the days say enough.
                Some(end) if end.date() > start.date() && end.time() != Time::midnight() => {
                    wish.after = Some(start.timestamp());
                    wish.before = Some(end.timestamp());
                    wish.days.push((start.date(), next_day(end.date())));
                    return wish;
                }
                Some(end) if end.date() > start.date().saturating_add(Span::new().days(1)) => {
                    wish.after = Some(start.timestamp());
                    wish.before = Some(end.timestamp());
                    wish.days.push((start.date(), end.date()));
                    return wish;
                }
                Some(end) => {
                    let end = if end.date() > start.date() { DAY } else { minute_of(end) };
                    wish.part = Some((minute_of(start), end));
                }
                None => wish.part = Some((minute_of(start), DAY)),
            },
        }
        if !self.is_clock_only(found) {
            wish.days.push((start.date(), next_day(start.date())));
        }
        wish
    }

    /// A phrase that says no time of day.
    fn day_wish(&self, found: &Match) -> Wish {
        let mut wish = Wish::default();
        match (&found.start, &found.end) {
            (Some(start), Some(end)) => {
                let last = if end.time() == Time::midnight() { end.date() } else { next_day(end.date()) };
                wish.days.push((start.date(), last.max(next_day(start.date()))));
            }
            (Some(start), None) if found.kind == Kind::Range => {
                wish.days.push((start.date(), start.date().saturating_add(Span::new().days(14))));
            }
            (Some(start), None) => {
                let first = start.date();
                let span = match found.grain {
                    Grain::Week => Span::new().days(7),
                    Grain::Month => Span::new().months(1),
                    Grain::Quarter => Span::new().months(3),
                    Grain::Year => Span::new().months(12),
                    _ => Span::new().days(1),
                };
                wish.days.push((first, first.saturating_add(span)));
            }
            // "before noon", "by Friday": up to there.
            (None, Some(end)) if found.says_time => {
                let end_minute = minute_of(end);
                wish.part = Some((0, if end_minute == 0 { DAY } else { end_minute }));
                if !self.is_clock_only(found) {
                    wish.days.push((end.date(), next_day(end.date())));
                }
            }
            (None, Some(end)) => {
                let today = self.now.date();
                wish.days.push((today, end.date().max(next_day(today))));
            }
            (None, None) => {}
        }
        wish
    }

    /// "Next week, after 3": days and a time of day that go together.
    fn split(&self, phrase: &str) -> Option<Wish> {
        let words: Vec<&str> = phrase.split_whitespace().collect();
        if words.len() < 3 || words.len() > 12 {
            return None;
        }
        (1..words.len()).find_map(|at| {
            let (left, right) = words.split_at_checked(at)?;
            let (left, right) = (left.join(" "), right.join(" "));
            let (left, right) = (self.read(&left, &self.now), self.read(&right, &self.now));
            let ([left], [right]) = (left.as_slice(), right.as_slice()) else { return None };
            let names_month = |found: &Match| {
                text::words(&found.text)
                    .iter()
                    .any(|word| matches!(word.as_str(), "month" | "mes" | "monat" | "mois"))
            };
            let long = |found: &Match| {
                !found.says_time
                    && found.kind != Kind::Duration
                    && (found.grain == Grain::Week || (found.grain == Grain::Month && names_month(found)))
            };
            let (days, time) = match (long(left), long(right)) {
                (true, false) if right.says_time => (left, right),
                (false, true) if left.says_time => (right, left),
                _ => return None,
            };
            let mut wish = self.wish(time);
            wish.days = self.day_wish(days).days;
            Some(wish)
        })
    }

    /// Whether a phrase names a time of day and no day: it moves with the day it is said on.
    pub fn is_clock_only(&self, found: &Match) -> bool {
        const DAYS: &[&str] = &[
            "today",
            "tonight",
            "tomorrow",
            "tmrw",
            "this",
            "now",
            "hoy",
            "heute",
            "aujourdhui",
            "demain",
            "hour",
            "hours",
            "minutes",
            "minute",
            "mins",
            "that",
            "same",
            "hora",
            "horas",
            "stunde",
            "stunden",
            "heure",
            "heures",
            "earlier",
            "later",
            "esta",
            "ce",
            "cet",
            "cette",
            "noche",
            "soir",
        ];
        let words = text::words(&found.text);
        let names_a_day = words.iter().enumerate().any(|(at, word)| {
            let before = at.checked_sub(1).and_then(|at| words.get(at)).map_or("", String::as_str);
            match word.as_str() {
                "manana" => !matches!(before, "la"),
                "morgen" => !matches!(before, "am"),
                "noche" | "soir" | "noches" => false,
                "this" | "that" | "same" | "hora" | "heure" | "hour" | "hours" => at == 0 || word == "hours",
                word => DAYS.contains(&word),
            }
        });
        if names_a_day {
            return false;
        }
        let Ok(other) = self.now.checked_add(Span::new().days(3)) else { return false };
        let there = self.read(&found.text, &other);
        let shifted = |a: &Option<Zoned>, b: &Option<Zoned>| match (a, b) {
            (Some(a), Some(b)) => a.date().saturating_add(Span::new().days(3)) == b.date(),
            (None, None) => true,
            _ => false,
        };
        matches!(there.as_slice(), [one] if shifted(&found.start, &one.start) && shifted(&found.end, &one.end))
    }
}

fn is_weekday(word: &str) -> bool {
    crate::builtin::answers::hours::weekday(word).is_some()
}

/// "not today", "anything but Monday"
fn is_denied(text: &str, offset: usize) -> bool {
    let before: String = text.chars().take(offset).collect();
    let tail = before.rsplit([',', '.', ';', '!', '?']).next().unwrap_or_default();
    let words = text::words(tail);
    let last = |back: usize| words.iter().rev().nth(back).map_or("", String::as_str);
    let no = |word: &str| {
        matches!(
            word,
            "not" | "except" | "nicht" | "pas" | "no" | "sauf" | "ausser" | "excepto" | "cant" | "nor"
        )
    };
    no(last(0))
        || (last(0) == "of" && last(1) == "instead")
        || (no(last(1)) && matches!(last(0), "on" | "am" | "le" | "el" | "do" | "make"))
        // "I'm away Monday"
        || matches!(last(0), "away" | "fuera" | "weg" | "absent")
        || (last(0) == "but" && matches!(last(1), "anything" | "any" | "day"))
}

/// "I leave on the 27th and need it before that"
fn is_before_that(text: &str, offset: usize) -> bool {
    let after: String = text.chars().skip(offset).collect();
    let words = text::words(&after);
    words
        .windows(2)
        .any(|pair| matches!(pair, [a, b] if a == "before" && matches!(b.as_str(), "that" | "then")))
}

/// "the Friday after", "the Friday after that"
fn is_followed_by_after(text: &str, found: &Match) -> bool {
    let after: String = text.chars().skip(found.offset + found.text.chars().count()).collect();
    let words = text::words(&after);
    !found.says_time
        && found.grain == Grain::Day
        && text::words(&found.text).iter().any(|word| is_weekday(word))
        && matches!(
            words.iter().map(String::as_str).take(2).collect::<Vec<_>>().as_slice(),
            ["after" | "danach" | "siguiente"] | ["after", "that" | "next" | "please" | "then"]
        )
}

/// The day after.
pub fn next_day(date: Date) -> Date {
    date.saturating_add(Span::new().days(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view() -> View {
        View {
            now: "2026-03-18T09:30:00-04:00[America/New_York]".parse().unwrap(),
            language: Language::En,
            country: "US".to_owned(),
            hours: Some((9, 17)),
            previous: Some("2026-03-24T10:00:00-04:00".parse().unwrap()),
        }
    }

    fn days(from: &str, to: &str) -> Vec<(Date, Date)> {
        vec![(from.parse().unwrap(), to.parse().unwrap())]
    }

    #[test]
    fn a_phrase_gives_days_and_time_of_day_apart() {
        let hear = |text| view().hear(text).wish;
        assert_eq!(
            hear("next tuesday afternoon"),
            Wish { days: days("2026-03-24", "2026-03-25"), part: Some((720, 1140)), ..Wish::default() }
        );
        assert_eq!(hear("3pm"), Wish { exact: Some(900), ..Wish::default() });
        assert_eq!(hear("in the morning"), Wish { part: Some((0, 720)), ..Wish::default() });
        assert_eq!(hear("before noon"), Wish { part: Some((0, 720)), ..Wish::default() });
        assert_eq!(
            hear("anything next week, after 3?"),
            Wish { days: days("2026-03-23", "2026-03-30"), part: Some((900, 1440)), ..Wish::default() }
        );
        assert_eq!(
            hear("tomorrow at 10"),
            Wish { days: days("2026-03-19", "2026-03-20"), exact: Some(600), ..Wish::default() }
        );
        assert_eq!(
            hear("an hour later"),
            Wish { days: days("2026-03-24", "2026-03-25"), exact: Some(660), ..Wish::default() }
        );
    }

    #[test]
    fn what_is_said_later_goes_on_top() {
        let first = view().hear("tuesday at 3pm").wish;
        let second = first.with(&view().hear("thursday").wish);
        assert_eq!((second.days, second.exact), (days("2026-03-19", "2026-03-20"), Some(900)));
        let third = first.with(&view().hear("in the morning").wish);
        assert_eq!(
            (third.days, third.exact, third.part),
            (days("2026-03-24", "2026-03-25"), None, Some((0, 720)))
        );
    }
}
