//! The time of day: "3pm", "15:30", "half past three", "halb vier", "las doce menos cuarto", "9 to 5".

use super::{Found, Parser};
use crate::locale::Language;
use crate::natural_time::ast::{Clock, Half, Unit};
use crate::natural_time::lexicon::Lex;

/// A time of day, and whether it can be nothing else (a bare "3" can).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Told {
    pub clock: Clock,
    pub strong: bool,
}

impl Told {
    const fn strong(clock: Clock) -> Self {
        Self { clock, strong: true }
    }

    const fn weak(clock: Clock) -> Self {
        Self { clock, strong: false }
    }
}

impl Parser<'_> {
    /// A time of day without the preposition before it.
    pub(super) fn clock(&self, at: usize) -> Found<Told> {
        let mut found = Vec::new();
        self.digital(at, &mut found);
        self.spoken(at, &mut found);
        self.named(at, &mut found);
        self.past_and_to(at, &mut found);
        let mut more = Vec::new();
        for &(end, told) in &found {
            self.qualified(end, told, &mut more);
        }
        found.extend(more);
        found.sort_by_key(|&(end, told)| std::cmp::Reverse((end, told.strong)));
        found.dedup();
        found.truncate(12);
        found
    }

    /// "15:30", "15:30:20", "15.30", "15h30", "1530".
    fn digital(&self, at: usize, found: &mut Found<Told>) {
        let Some((hour, digits)) = self.number_token(at) else { return };
        // The rest of 20270401T093000.
        if digits == 6 && at > 0 && self.glued(at) && self.is_word(at - 1, &["t"]) {
            let (hour, minute, second) = (hour / 10_000, hour / 100 % 100, hour % 100);
            if hour <= 23 && minute < 60 && second < 60 {
                let clock = Clock::minutes(hour as i8, minute as i8);
                let clock = Clock { second: second as i8, grain: Unit::Second, ambiguous: false, ..clock };
                found.push((at + 1, Told::strong(clock)));
            }
            return;
        }
        if (3..=4).contains(&digits) {
            let (hour, minute) = (hour / 100, hour % 100);
            if hour <= 23 && minute < 60 && (digits == 4 || hour >= 1) {
                let mut clock = Clock::minutes(hour as i8, minute as i8);
                clock.ambiguous &= digits == 3 || hour >= 10;
                found.push((at + 1, Told::weak(clock)));
                if digits == 4 {
                    if self.is_word(at + 1, &["h"]) {
                        found.push((at + 2, Told::strong(Clock { ambiguous: false, ..clock })));
                    }
                    found.extend(
                        self.ends(at + 1, Lex::OClock)
                            .map(|end| (end, Told::strong(Clock { ambiguous: false, ..clock }))),
                    );
                }
            }
            return;
        }
        if hour > 24 {
            return;
        }
        let padded = digits == 2 && hour < 10;
        let full_day = padded || self.locale.full_day_clock();
        let separator = if self.is_sign(at + 1, ':') {
            Some(true)
        } else if self.is_sign(at + 1, '.') && self.glued(at + 1) {
            Some(false)
        } else if self.is_word(at + 1, &["h"]) {
            Some(true)
        } else {
            None
        };
        if let (Some(strong), Some((minute @ 0..=59, 2))) = (separator, self.number_token(at + 2))
            && (self.glued(at + 2) || self.is_sign(at + 1, ':') || self.is_word(at + 1, &["h"]))
        {
            let mut clock = Clock::minutes(hour as i8, minute as i8);
            clock.literal = full_day && clock.ambiguous;
            let seconds = self.number_token(at + 4).filter(|_| self.is_sign(at + 3, ':'));
            let mut end = at + 3;
            if let Some((second @ 0..=59, 2)) = seconds {
                clock.second = second as i8;
                clock.grain = Unit::Second;
                end = at + 5;
                if self.is_sign(end, '.')
                    && self.glued(end)
                    && self.number_token(end + 1).is_some()
                    && self.glued(end + 1)
                {
                    end += 2;
                }
            }
            if hour < 24 || minute == 0 {
                found.push((end, Told { clock, strong }));
                let hours = self.is_word(end, &["h"]) && self.glued(end);
                let tail = if hours { end + 1 } else { self.skip(end, &[Lex::OClock]) };
                if tail > end {
                    found.push((tail, Told::strong(clock)));
                }
            }
        }
        if self.is_word(at + 1, &["h"]) && self.number_token(at + 2).is_none() {
            let mut clock = Clock::hour(hour as i8);
            clock.literal = clock.ambiguous;
            found.push((at + 2, Told { clock, strong: self.language() != Language::En || hour > 12 }));
        }
        // "at 3 15"
        if let (Some((minute @ 0..=59, 2)), 1..=23) = (self.number_token(at + 1), hour)
            && !self.glued(at + 1)
            && self.language() == Language::En
        {
            found.push((at + 2, Told::weak(Clock::minutes(hour as i8, minute as i8))));
        }
        let mut clock = Clock::hour(hour as i8);
        clock.literal = padded && clock.ambiguous;
        found.push((at + 1, Told::weak(clock)));
    }

    /// "three thirty", "tres y media", "15 Uhr 20", "quinze heures trente", "three o'clock".
    fn spoken(&self, at: usize, found: &mut Found<Told>) {
        for (end, hour) in self.number(at) {
            if !(0..=24).contains(&hour) || self.number_token(at).is_some_and(|(_, digits)| digits > 2) {
                continue;
            }
            let whole = Clock::hour(hour as i8);
            let in_words = self.number_token(at).is_none();
            if in_words {
                found.push((end, Told::weak(whole)));
            }
            for clock_end in self.ends(end, Lex::OClock) {
                let military =
                    self.language() == Language::En && self.is_word(end, &["hours", "hrs", "hr", "hundred"]);
                if military && hour < 13 && self.number_token(at).is_none_or(|(_, digits)| digits != 2) {
                    continue;
                }
                let mut clock = whole;
                clock.literal = clock.ambiguous && self.language() == Language::Fr;
                // "dos horas" and "deux heures" are lengths sooner than times.
                let length = match self.language() {
                    Language::Es => hour <= 12,
                    Language::Fr => hour <= 4,
                    Language::En | Language::De => false,
                } && !self.is_word(end, &["h", "en"]);
                let from = found.len();
                found.push((clock_end, Told::strong(clock)));
                self.minutes_after(clock_end, clock, true, found);
                for (_, told) in found.iter_mut().skip(from) {
                    told.strong &= !length;
                }
            }
            self.minutes_after(end, whole, false, found);
            // "three thirty", "nine oh five"
            if in_words && (1..=23).contains(&hour) && self.language() == Language::En {
                for (last, minute) in self.number(end) {
                    if (10..=59).contains(&minute) && self.number_token(end).is_none() {
                        found.push((last, Told::weak(Clock::minutes(hour as i8, minute as i8))));
                    }
                }
                if self.is_word(end, &["oh", "o"]) {
                    for (last, minute) in self.number(end + 1) {
                        if (1..=9).contains(&minute) {
                            found.push((last, Told::weak(Clock::minutes(hour as i8, minute as i8))));
                        }
                    }
                }
            }
        }
    }

    /// What follows the hour: "y cuarto", "et demie", "moins le quart", "trente".
    fn minutes_after(&self, at: usize, hour: Clock, after_unit: bool, found: &mut Found<Told>) {
        let language = self.language();
        let mut push = |end: usize, minutes: i32| {
            let total = i32::from(hour.hour) * 60 + minutes;
            if total >= 0 {
                let mut clock = Clock::minutes((total / 60 % 25) as i8, (total % 60) as i8);
                clock.ambiguous = hour.ambiguous && clock.hour >= 1 && clock.hour <= 12;
                clock.literal = hour.literal;
                clock.named = hour.named;
                clock.half = hour.half;
                found.push((end, Told { clock, strong: after_unit || hour.named }));
            }
        };
        if matches!(language, Language::Es | Language::Fr) {
            for end in self.ends(at, Lex::AndHalf) {
                push(end, 30);
            }
            for end in self.ends(at, Lex::Quarter) {
                push(end, 15);
            }
            for end in self.ends(at, Lex::ThreeQuarters) {
                push(end, 45);
            }
            for and in self.ends(at, Lex::And) {
                for (end, minute) in
                    self.number(and).into_iter().filter(|&(_, minute)| (1..=59).contains(&minute))
                {
                    push(self.minutes_word(end), minute);
                }
                for end in self.ends(and, Lex::Half) {
                    push(end, 30);
                }
                for end in self.ends(and, Lex::Quarter) {
                    push(end, 15);
                }
            }
            for minus in self.ends(at, Lex::ToHour) {
                for end in self.ends(minus, Lex::Quarter) {
                    push(end, -15);
                }
                for (end, minute) in
                    self.number(minus).into_iter().filter(|&(_, minute)| (1..=29).contains(&minute))
                {
                    push(self.minutes_word(end), -minute);
                }
            }
            if language == Language::Fr && self.is_word(at, &["passe"]) {
                let next = self.one(at, Lex::Past).unwrap_or(at + 1);
                for (end, minute) in
                    self.number(next).into_iter().filter(|&(_, minute)| (1..=59).contains(&minute))
                {
                    push(self.minutes_word(end), minute);
                }
            }
        }
        if after_unit || hour.named && language == Language::Fr {
            for (end, minute) in self.number(at).into_iter().filter(|&(_, minute)| (0..=59).contains(&minute))
            {
                push(end, minute);
            }
        }
    }

    fn minutes_word(&self, at: usize) -> usize {
        self.one(at, Lex::Unit(Unit::Minute)).unwrap_or(at)
    }

    fn named(&self, at: usize, found: &mut Found<Told>) {
        for (lex, hour) in [(Lex::Noon, 12), (Lex::Midnight, 24)] {
            let twelve = matches!(self.number_token(at), Some((12, _)));
            let spelled = if twelve { self.one(at + 1, lex) } else { None };
            for end in self.ends(at, lex).chain(spelled) {
                let clock = Clock::named(hour);
                found.push((end, Told::strong(clock)));
                let base = if hour == 24 { Clock { hour: 0, ..clock } } else { clock };
                if self.language() != Language::En {
                    self.minutes_after(end, base, false, found);
                }
            }
        }
    }

    /// "quarter past three", "20 to 5", "half four", "halb vier", "fünf vor halb vier", "dreiviertel vier".
    fn past_and_to(&self, at: usize, found: &mut Found<Told>) {
        let language = self.language();
        if !matches!(language, Language::En | Language::De) {
            return;
        }
        let mut minutes: Found<i32> = self
            .number(at)
            .into_iter()
            .filter(|&(_, minute)| (1..=59).contains(&minute))
            .map(|(end, minute)| (self.minutes_word(end), minute))
            .collect();
        minutes.extend(self.ends(at, Lex::Quarter).map(|end| (end, 15)));
        minutes.extend(self.ends(at, Lex::Half).filter(|_| language == Language::En).map(|end| (end, 30)));
        for a in self.ends(at, Lex::A) {
            minutes.extend(self.ends(a, Lex::Quarter).map(|end| (end, 15)));
        }
        for (end, minute) in minutes {
            // "8 to noon" is a range, "20 to 5" is not.
            let said = minute % 5 == 0 || end > at + 1;
            if !said {
                continue;
            }
            for next in self.ends(end, Lex::Past).chain(self.ends(end, Lex::From).filter(|_| minute == 15)) {
                self.around_hour(next, minute, found);
            }
            for next in self.ends(end, Lex::ToHour) {
                let first = found.len();
                self.around_hour(next, -minute, found);
                // "5 to 10" in digits may be anything.
                let digits = language == Language::En && end == at + 1 && self.number_token(at).is_some();
                for (last, told) in found.iter_mut().skip(first) {
                    told.strong &= !(digits && self.number_token(*last - 1).is_some() && !told.clock.named);
                }
            }
        }
        if language == Language::En {
            for end in self.ends(at, Lex::Half).filter(|&end| !self.is_word(end, &["dozen", "a"])) {
                for (last, hour) in self.number(end).into_iter().filter(|&(_, hour)| (1..=12).contains(&hour))
                {
                    found.push((last, Told::strong(Clock::minutes(hour as i8, 30))));
                }
            }
        } else {
            for end in self.ends(at, Lex::HalfBefore) {
                self.before_hour(end, 30, found);
            }
            for end in self.ends(at, Lex::ThreeQuarters) {
                self.before_hour(end, 15, found);
            }
            for end in self.ends(at, Lex::Quarter) {
                self.before_hour(end, 45, found);
            }
        }
    }

    /// `minutes` after (or before) the hour said here.
    fn around_hour(&self, at: usize, minutes: i32, found: &mut Found<Told>) {
        let mut hours: Found<Clock> = self
            .number(at)
            .into_iter()
            .filter(|&(_, hour)| (1..=24).contains(&hour))
            .filter(|_| self.number_token(at).is_none_or(|(_, digits)| digits <= 2))
            .map(|(end, hour)| (end, Clock::hour(hour as i8)))
            .collect();
        hours.extend(self.ends(at, Lex::Noon).map(|end| (end, Clock::named(12))));
        hours.extend(self.ends(at, Lex::Midnight).map(|end| (end, Clock::named(24))));
        for end in self.ends(at, Lex::HalfBefore) {
            for (last, hour) in self.number(end).into_iter().filter(|&(_, hour)| (1..=12).contains(&hour)) {
                if let Some(clock) = moved(Clock::hour(hour as i8), minutes - 30) {
                    found.push((last, Told::strong(clock)));
                }
            }
        }
        for (end, hour) in hours {
            if let Some(clock) = moved(hour, minutes) {
                found.push((end, Told::strong(clock)));
                found.extend(self.ends(end, Lex::OClock).map(|end| (end, Told::strong(clock))));
            }
        }
    }

    fn before_hour(&self, at: usize, minutes: i32, found: &mut Found<Told>) {
        for (end, hour) in self.number(at).into_iter().filter(|&(_, hour)| (1..=12).contains(&hour)) {
            if let Some(clock) = moved(Clock::hour(hour as i8), -minutes) {
                found.push((end, Told::strong(clock)));
                found.extend(self.ends(end, Lex::OClock).map(|end| (end, Told::strong(clock))));
            }
        }
    }

    /// "am", "in the afternoon" as half of the day, "ish", "sharp".
    fn qualified(&self, at: usize, told: Told, found: &mut Found<Told>) {
        let after_ish = self.skip(self.skip_dash(at), &[Lex::Ish]);
        if after_ish > at {
            let strong = told.strong || self.is_word(self.skip_dash(at), &["ish"]);
            found.push((after_ish, Told { strong, ..told }));
        }
        for start in [at, after_ish] {
            for (end, half) in
                self.each(start, |lex| if let Lex::Meridiem(half) = lex { Some(half) } else { None })
            {
                // "3a" is a time, "3 a" is not.
                let letter = end == start + 1 && self.is_word(start, &["a", "p"]);
                if letter && !self.glued(start) || told.clock.named && told.clock.hour == 24 {
                    continue;
                }
                if let Some(clock) = halved(told.clock, half) {
                    let end = if self.is_word(end - 1, &["m", "a", "p"])
                        && self.is_sign(end, '.')
                        && self.glued(end)
                    {
                        end + 1
                    } else {
                        end
                    };
                    let last = self.skip(self.skip_dash(end), &[Lex::Ish]);
                    found.push((end, Told::strong(clock)));
                    if last > end {
                        found.push((last, Told::strong(clock)));
                    }
                }
            }
            if start == after_ish && after_ish == at {
                break;
            }
        }
    }

    fn skip_dash(&self, at: usize) -> usize {
        if self.is_sign(at, '-') && self.glued(at) && self.is_word(at + 1, &["ish"]) { at + 1 } else { at }
    }
}

fn moved(hour: Clock, minutes: i32) -> Option<Clock> {
    let total = i32::from(hour.hour) * 60 + minutes;
    let total = if total < 0 { total + 24 * 60 } else { total };
    let mut clock = Clock::minutes(i8::try_from(total / 60).ok()?, (total % 60) as i8);
    if hour.ambiguous && clock.hour == 0 {
        clock.hour = 12;
    }
    clock.ambiguous = hour.ambiguous;
    if hour.named {
        clock.hour %= 24;
        clock.ambiguous = false;
        clock.named = true;
    }
    Some(clock)
}

/// With "am" or "pm"; nothing when the hour cannot be.
fn halved(clock: Clock, half: Half) -> Option<Clock> {
    if clock.half.is_some() && clock.half != Some(half) {
        return None;
    }
    let hour = match (clock.hour, half) {
        (12, Half::Am) => 0,
        (1..=11, Half::Pm) => clock.hour + 12,
        (0..=11, Half::Am) | (12..=23, Half::Pm) => clock.hour,
        _ => return None,
    };
    Some(Clock { hour, half: Some(half), ambiguous: false, ..clock })
}
