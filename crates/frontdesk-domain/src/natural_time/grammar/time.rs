//! What a moment says of the time of day: "at 3", "from 2 to 4", "after noon", and in which zone.

use super::clock::Told;
use super::{Found, Parser};
use crate::locale::Language;
use crate::natural_time::ast::{Clock, Half, Moment, Time, Unit, Zone};
use crate::natural_time::lexicon::Lex;

impl Parser<'_> {
    /// "at 3", "3pm", "from 2 to 4", "after noon", "same time".
    pub(super) fn times(&self, at: usize, found: &mut Found<Moment>) {
        let mut starts = vec![(at, false)];
        for end in self.ends(at, Lex::At) {
            starts.push((end, true));
            starts.extend(self.ends(end, Lex::About).map(|end| (end, true)));
            starts.extend(self.ends(end, Lex::At).map(|end| (end, true)));
        }
        if self.language() == Language::En {
            starts.extend(self.ends(at, Lex::For).filter(|&end| end == at + 1).map(|end| (end, false)));
            starts.extend(self.ends(at, Lex::About).filter(|&end| end == at + 1).map(|end| (end, false)));
        }
        for &(start, licensed) in &starts {
            for (end, told) in self.clock(start) {
                let amount = self.counts_something(start, end) && (licensed || self.is_unit(end));
                let wanted = start > at && self.is(at, Lex::For);
                let address = self.is_house_number(start, end);
                if !told.strong && (amount || wanted || address || !licensed && self.is_year_like(start)) {
                    continue;
                }
                let strong = told.strong || licensed;
                let weight = if told.strong {
                    10
                } else if licensed {
                    8
                } else {
                    1
                };
                found.push((end, timed(Time::At(told.clock), weight, !strong)));
            }
        }
        self.clock_ranges(at, found);
        for (lex, after) in [
            (Lex::After, true),
            (Lex::Before, false),
            (Lex::From, true),
            (Lex::Until, false),
            (Lex::By, false),
        ] {
            for start in self.ends(at, lex) {
                // "de 2013" is no time of day.
                let of = lex == Lex::From && self.is_of(at);
                let start = self.skip(start, &[Lex::At]);
                for (end, told) in self.clock(start) {
                    // "from 3 to 5 stars" has been no range, and is no beginning.
                    let half = lex == Lex::From
                        && !told.strong
                        && self.is(end, Lex::To)
                        && !self.number(end + 1).is_empty();
                    if of
                        || half
                        || !told.strong && (self.counts_something(start, end) || self.is_year_like(start))
                    {
                        continue;
                    }
                    let time = if after { Time::After(told.clock) } else { Time::Before(told.clock) };
                    found.push((end, timed(time, 7, !told.strong)));
                }
            }
        }
        for end in self.ends(at, Lex::SameTime) {
            found.push((end, timed(Time::Same, 6, true)));
        }
    }

    /// "de" and "du", which stand for "of" more often than for "from".
    pub(super) fn is_of(&self, at: usize) -> bool {
        matches!(self.language(), Language::Es | Language::Fr)
            && self.is_word(at, &["de", "du", "del", "des"])
    }

    /// Four digits that are a year rather than a time.
    pub(super) fn is_year_like(&self, at: usize) -> bool {
        self.number_token(at).is_some_and(|(value, digits)| digits == 4 && (1900..2060).contains(&value))
    }

    fn is_unit(&self, at: usize) -> bool {
        self.token(at).and_then(|token| token.word()).is_some_and(|word| word.len() > 2)
            && self.edges_at(at).iter().any(|edge| matches!(edge.lex, Lex::Unit(_)))
    }

    /// "1600 Pennsylvania Avenue"
    fn is_house_number(&self, start: usize, end: usize) -> bool {
        self.language() == Language::En
            && self.number_token(start).is_some_and(|(_, digits)| digits >= 3)
            && self.edges_at(end).is_empty()
            && self.token(end).is_some_and(|token| token.capital && token.word().is_some())
    }

    /// A unit or the like follows the number: it is an amount.
    pub(super) fn counts_something(&self, start: usize, end: usize) -> bool {
        let number = self.number_token(start).is_some() || !self.number(start).is_empty();
        let counted = |edge: &super::Edge| {
            matches!(edge.lex, Lex::Unit(_) | Lex::Workdays | Lex::Fortnight | Lex::Month(_))
        };
        let letter = self.is_word(end, &["s", "m", "d", "w", "y", "h", "j"]);
        let of = self.skip(end, &[Lex::Of]);
        let month = of > end && self.edges_at(of).iter().any(|edge| matches!(edge.lex, Lex::Month(_)));
        number && (!letter && self.edges_at(end).iter().any(counted) || month)
    }

    /// "9 to 5", "between 2 and 4", "3-5pm", "de 9h à 11h", "zwischen 9 und 11 Uhr".
    pub(super) fn clock_ranges(&self, at: usize, found: &mut Found<Moment>) {
        let mut starts = vec![(at, false)];
        for lex in [Lex::From, Lex::Between] {
            // "du 13 au 18" are days.
            let days =
                matches!(self.language(), Language::Es | Language::Fr) && self.is_word(at, &["du", "del"]);
            for end in self.ends(at, lex).filter(|_| !days) {
                starts.push((end, true));
                starts.extend(self.ends(end, Lex::At).map(|end| (end, true)));
                starts.extend(self.ends(end, Lex::About).map(|end| (end, true)));
            }
        }
        for end in self.ends(at, Lex::At) {
            starts.push((end, false));
        }
        for &(start, led) in &starts {
            // The rest of ISO 8601: a hyphen is the zone's.
            if start > 0 && self.is_word(start - 1, &["t"]) && self.glued(start) {
                continue;
            }
            for (end, from) in self.clock(start) {
                for next in self.joints(end, led) {
                    // "samedi 16 à 18h" is a day and a time.
                    let day_and_time = !led
                        && !from.strong
                        && matches!(self.language(), Language::Es | Language::Fr)
                        && self.is(end, Lex::At);
                    let year =
                        self.is_year_like(start) && (!led || self.is_of(at) || self.is_year_like(next));
                    if day_and_time || year {
                        continue;
                    }
                    for (last, to) in self.clock(next) {
                        self.clock_range(last, from, to, led, found);
                    }
                }
            }
        }
        // "after 9:30 but before 11"
        for lex in [Lex::After, Lex::From] {
            for start in self.ends(at, lex) {
                for (end, from) in self.clock(start) {
                    let but = if self.is_word(end, &["but", "aber", "pero", "mais", "and", "und"]) {
                        end + 1
                    } else {
                        end
                    };
                    if self.is_year_like(start) {
                        continue;
                    }
                    for before in self.ends(but, Lex::Before).chain(self.ends(but, Lex::Until)) {
                        for (last, to) in self.clock(before) {
                            self.clock_range(last, from, to, true, found);
                        }
                    }
                }
            }
        }
    }

    pub(super) fn clock_range(&self, end: usize, from: Told, to: Told, led: bool, found: &mut Found<Moment>) {
        let (mut first, last) = (from.clock, to.clock);
        // "3 to 5pm": the half of the end is that of the start, unless it would then end before it starts.
        if first.ambiguous && last.half == Some(Half::Pm) {
            let pm = if first.hour == 12 { 12 } else { first.hour + 12 };
            if (pm, first.minute) < (last.hour, last.minute) {
                first = Clock { hour: pm, ambiguous: false, half: Some(Half::Pm), ..first };
            } else {
                first.ambiguous = false;
            }
        } else if first.ambiguous && last.half == Some(Half::Am) {
            let am = first.hour % 12;
            first = Clock { hour: am, ambiguous: false, half: Some(Half::Am), ..first };
        }
        if self.counts_something_before(end) || !from.strong && !to.strong && self.counts_things(end) {
            return;
        }
        let strong = from.strong || to.strong;
        // "10 to 12" in digits is a range, "ten to twelve" is a quarter before it.
        let hours =
            !led && !strong && first.grain == Unit::Hour && first.hour % 5 == 0 && first.hour < last.hour;
        if hours && self.number_token(end - 1).is_some() {
            let beside = |edge: &super::Edge| matches!(edge.lex, Lex::Day(_) | Lex::On | Lex::Weekday(_));
            let word = self.token(end).is_some_and(|token| token.word().is_some());
            if !word || self.edges_at(end).iter().any(beside) {
                found.push((end, timed(Time::Between(first, last), 14, false)));
            }
        }
        // "15 to noon" is a quarter of an hour before it.
        let minutes = !led && !from.strong && first.grain == Unit::Hour && first.hour % 5 == 0 && last.named;
        let weight = if minutes {
            6
        } else if led || strong {
            14
        } else {
            4
        };
        found.push((end, timed(Time::Between(first, last), weight, !(led || strong))));
        let tail = self.skip(end, &[Lex::Ish]);
        if tail > end {
            found.push((tail, timed(Time::Between(first, last), weight, !(led || strong))));
        }
    }

    /// "between 5 and 10 items": a noun of no other meaning follows.
    fn counts_things(&self, end: usize) -> bool {
        let noun = self.token(end).and_then(|token| token.word());
        self.language() == Language::En
            && self.edges_at(end).is_empty()
            && noun.is_some_and(|word| word.len() > 3 && (word.ends_with('s') || word == "people"))
    }

    pub(super) fn counts_something_before(&self, end: usize) -> bool {
        self.edges_at(end).iter().any(|edge| matches!(edge.lex, Lex::Unit(_) | Lex::Month(_)))
            && !self.is_word(end, &["s", "m", "d", "w", "y", "h", "j"])
    }

    /// A time written as in ISO 8601 ends here, so that a hyphen begins its offset.
    fn after_iso_time(&self, at: usize) -> bool {
        let mark = |back: usize| {
            let start = at.checked_sub(back)?;
            let numbers = (start + 1..at)
                .step_by(2)
                .all(|index| self.number_token(index).is_some_and(|(_, digits)| digits == 2));
            (self.is_word(start, &["t"]) && self.glued(start) && self.glued(at) && numbers).then_some(())
        };
        mark(4).or_else(|| mark(6)).is_some()
    }

    /// Where the second end of a range may begin.
    pub(super) fn joints(&self, at: usize, led: bool) -> Vec<usize> {
        let mut next: Vec<usize> = Vec::new();
        for lex in [Lex::To, Lex::Until, Lex::Through] {
            next.extend(self.ends(at, lex));
        }
        if led {
            next.extend(self.ends(at, Lex::And));
        }
        // "forty-five" is one number.
        let one_number = at > 0
            && self.glued(at)
            && self.glued(at + 1)
            && self.token(at - 1).is_some_and(|token| token.word().is_some())
            && !self.number(at - 1).is_empty()
            && (!self.number(at + 1).is_empty() || !self.ordinal(at + 1).is_empty());
        if self.is_sign(at, '-') && !one_number && !self.after_iso_time(at) {
            next.push(at + 1);
            if self.is_sign(at + 1, '-') {
                next.push(at + 2);
            }
        }
        if self.is_sign(at, '/') && self.language() == Language::De {
            next.push(at + 1);
        }
        let mut more: Vec<usize> = next
            .iter()
            .flat_map(|&end| {
                [self.skip(end, &[Lex::The]), self.skip(end, &[Lex::At]), self.skip(end, &[Lex::About])]
            })
            .collect();
        next.append(&mut more);
        next.sort_unstable();
        next.dedup();
        next
    }

    /// "EST", "GMT+2", "Z", "+02:00" after a time.
    pub(super) fn zone(&self, at: usize, found: &mut Found<Moment>) {
        let start = if self.is_sign(at, '(') { at + 1 } else { at };
        for (end, zone) in self.each(start, |lex| if let Lex::Zone(zone) = lex { Some(zone) } else { None }) {
            let name = self.token(start).and_then(|token| token.word()).is_some_and(|word| word.len() <= 2);
            if name && !self.token(start).is_some_and(|token| token.capital) {
                continue;
            }
            let closed = if start > at && self.is_sign(end, ')') { end + 1 } else { end };
            let moment = Moment { zone: Some(zone), weight: 3, latent: true, ..Moment::default() };
            let utc = zone == Zone::Offset(0);
            if let (true, Some((minutes, end))) = (utc, self.offset(end)) {
                let zone = Some(Zone::Offset(minutes));
                found.push((end, Moment { zone, ..moment.clone() }));
            }
            found.push((closed, moment));
        }
        // "15:18:00 -0500"
        let number = |back: usize| at.checked_sub(back).and_then(|index| self.number_token(index));
        let colon = |back: usize| at.checked_sub(back).is_some_and(|index| self.is_sign(index, ':'));
        let spaced = !self.glued(at) && number(1).is_some_and(|(_, digits)| digits == 2) && colon(2);
        let written =
            self.number_token(at + 1).is_some_and(|(_, digits)| digits == 4) || self.is_sign(at + 2, ':');
        if let (true, true, Some((minutes, end))) =
            (spaced, written && (colon(4) || self.is_sign(at, '+')), self.offset(at))
        {
            let zone = Some(Zone::Offset(minutes));
            found.push((end, Moment { zone, weight: 40, latent: true, ..Moment::default() }));
        }
        let after_clock =
            at > 1 && self.glued(at) && self.number_token(at - 1).is_some_and(|(_, digits)| digits == 2);
        if let (true, Some((minutes, end))) = (after_clock, self.offset(at)) {
            let zone = Some(Zone::Offset(minutes));
            found.push((end, Moment { zone, weight: 3, latent: true, ..Moment::default() }));
        }
    }

    pub(super) fn offset(&self, at: usize) -> Option<(i16, usize)> {
        let sign = if self.is_sign(at, '+') {
            1
        } else if self.is_sign(at, '-') {
            -1
        } else {
            return None;
        };
        if !self.glued(at + 1) {
            return None;
        }
        let (value, digits) = self.number_token(at + 1)?;
        let (hours, minutes, end) = match digits {
            4 => (value / 100, value % 100, at + 2),
            1 | 2 => {
                match self.number_token(at + 3).filter(|_| self.is_sign(at + 2, ':') && self.glued(at + 2)) {
                    Some((minutes, 2)) => (value, minutes, at + 4),
                    _ => (value, 0, at + 2),
                }
            }
            _ => return None,
        };
        (hours <= 14 && minutes < 60).then(|| (sign * (hours * 60 + minutes) as i16, end))
    }
}

fn timed(time: Time, weight: i32, latent: bool) -> Moment {
    Moment { time: Some(time), weight, latent, ..Moment::default() }
}
