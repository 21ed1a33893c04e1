//! Lengths of time: "two hours", "an hour and a half", "1h30", "media hora", "anderthalb Stunden".

use super::{Found, Parser};
use crate::locale::Language;
use crate::natural_time::ast::{Length, Unit};
use crate::natural_time::lexicon::Lex;

impl Parser<'_> {
    /// A unit of time.
    pub(super) fn unit(&self, at: usize) -> Found<Unit> {
        self.each(at, |lex| if let Lex::Unit(unit) = lex { Some(unit) } else { None })
    }

    /// A length, its parts joined by "and", a comma or nothing.
    pub(super) fn length(&self, at: usize) -> Found<Length> {
        let mut found = self.length_part(at);
        let mut seen = 0;
        while let Some((end, length)) = found.get(seen).cloned() {
            seen += 1;
            if found.len() > 24 || !self.step() {
                break;
            }
            let next = self.skip(self.skip(end, &[Lex::Glue]), &[Lex::And]);
            for (last, more) in self.length_part(next) {
                let finer = more.grain < length.grain;
                if finer {
                    found.push((last, length.clone().plus(&more)));
                }
            }
        }
        found.sort_by_key(|&(end, _)| std::cmp::Reverse(end));
        found
    }

    /// "2-3" of "2-3 days": both numbers, before what they count.
    pub(super) fn either_count(&self, at: usize) -> Found<(i64, i64)> {
        let mut found = Vec::new();
        for (end, few) in self.number(at) {
            let or = self.is_word(end, &["or", "oder", "o", "ou"]).then_some(end + 1);
            let dash = self.is_sign(end, '-').then_some(end + 1);
            for next in self.ends(end, Lex::To).chain(or).chain(dash) {
                let more = self.number(next).into_iter().filter(|&(_, more)| more > few && more < 1000);
                found
                    .extend(more.map(|(last, more)| (last, (i64::from(few) * 1000, i64::from(more) * 1000))));
            }
        }
        found
    }

    /// "PT30M", "P1DT2H" (ISO 8601).
    fn iso_length(&self, at: usize) -> Option<(usize, Length)> {
        let clock_first = self.is_word(at, &["pt"]);
        if !clock_first && !self.is_word(at, &["p"]) || !self.token(at)?.capital {
            return None;
        }
        let (mut end, mut length, mut clock) = (at + 1, Length::default(), clock_first);
        while let (Some((count, _)), true, true) =
            (self.number_token(end), self.glued(end), self.glued(end + 1))
        {
            let word = self.token(end + 1).and_then(|token| token.word())?;
            let unit = match (word.chars().next()?, clock) {
                ('y', false) => Unit::Year,
                ('m', false) => Unit::Month,
                ('w', false) => Unit::Week,
                ('d', false) => Unit::Day,
                ('h', true) => Unit::Hour,
                ('m', true) => Unit::Minute,
                ('s', true) => Unit::Second,
                _ => return None,
            };
            match word.get(1..)? {
                "" => {}
                "t" if !clock => clock = true,
                _ => return None,
            }
            length = length.plus(&Length::of(unit, i64::from(count.min(1_000_000)) * 1000));
            end += 2;
        }
        (end > at + 1).then_some((end, length))
    }

    fn length_part(&self, at: usize) -> Found<Length> {
        let mut found: Found<Length> = self.iso_length(at).into_iter().collect();
        let start = self.skip(at, &[Lex::About]);
        // "two or three days" are at most three.
        for (end, (_, more)) in self.either_count(start) {
            self.units_of(end, more, &mut found);
        }
        for (end, thousandths) in self.quantity(start) {
            let end = self.skip(end, &[Lex::More]);
            self.units_of(end, thousandths, &mut found);
            // "three quarters of an hour", "un quart d'heure", "half an hour"
            if thousandths < 1000 {
                let mut next = self.skip(end, &[Lex::Of]);
                next = self.skip(next, &[Lex::A]);
                if next > end {
                    self.units_of(next, thousandths, &mut found);
                }
            }
            for unit in [('\'', Unit::Minute), ('"', Unit::Second)] {
                // Feet and inches: 5'10", a 25' ladder.
                let measure = self.token(end + 1).is_some_and(|next| next.word().is_some())
                    && self.edges_at(end + 1).is_empty()
                    || self.number_token(end + 1).is_some() && self.glued(end + 1)
                    || self.is_sign(start.wrapping_sub(1), '\'') && self.glued(start);
                if self.number_token(end.wrapping_sub(1)).is_some()
                    && self.is_sign(end, unit.0)
                    && self.glued(end)
                    && !measure
                {
                    found.push((end + 1, Length::of(unit.1, thousandths)));
                }
            }
        }
        for place in self.starts(start, &[Lex::A]) {
            let lasting = |lex| if let Lex::Lasting(minutes) = lex { Some(minutes) } else { None };
            for (end, minutes) in self.each(place, lasting) {
                found.push((end, Length::of(Unit::Minute, i64::from(minutes) * 1000)));
            }
        }
        for end in self.ends(start, Lex::Fortnight) {
            found.push((end, Length::of(Unit::Week, 2000)));
        }
        for end in self.ends(start, Lex::A) {
            found.extend(self.ends(end, Lex::Fortnight).map(|end| (end, Length::of(Unit::Day, 14_000))));
            found.extend(self.ends(end, Lex::OneAndHalf).map(|end| (end, Length::of(Unit::Minute, 90_000))));
        }
        // "hora y media" as a phrase of its own
        if self.is_word(start, &["hora"]) {
            found
                .extend(self.ends(start, Lex::OneAndHalf).map(|end| (end, Length::of(Unit::Minute, 90_000))));
        }
        found
    }

    /// The unit after a quantity, with what may follow it: "an hour and a half", "1h30".
    fn units_of(&self, at: usize, thousandths: i64, found: &mut Found<Length>) {
        let at = if self.is_sign(at, '-') && self.glued(at) { at + 1 } else { at };
        for (end, unit) in self.unit(at) {
            // "1500 hours" is a time of day.
            let military = at > 0
                && self.language() == Language::En
                && self.number_token(at - 1).is_some_and(|(_, digits)| digits == 4);
            if military && unit == Unit::Hour {
                continue;
            }
            // One letter is a unit only right after its number.
            let short = self.token(at).and_then(|token| token.word()).is_some_and(|word| word.len() == 1);
            if short && !self.number_before(at) {
                continue;
            }
            let length = Length::of(unit, thousandths);
            found.extend(self.ends(end, Lex::AndHalf).map(|end| (end, Length::of(unit, thousandths + 500))));
            if thousandths == 1000 {
                for and in self.ends(end, Lex::And) {
                    for a in self.ends(and, Lex::A).chain([and]) {
                        found.extend(self.ends(a, Lex::Half).map(|end| (end, Length::of(unit, 1500))));
                        found.extend(self.ends(a, Lex::Quarter).map(|end| (end, Length::of(unit, 1250))));
                    }
                }
            }
            if unit == Unit::Hour
                && let Some((minutes @ 1..=59, 2)) = self.number_token(end)
            {
                found.push((
                    end + 1,
                    length.clone().plus(&Length::of(Unit::Minute, i64::from(minutes) * 1000)),
                ));
            }
            found.push((end, length));
        }
        if thousandths >= 2000 {
            found.extend(
                self.ends(at, Lex::Fortnight).map(|end| (end, Length::of(Unit::Week, 2 * thousandths))),
            );
        }
        // "two business days"
        for lex in [Lex::Workdays, Lex::Workday] {
            found.extend(self.ends(at, lex).map(|end| (end, Length::of(Unit::Day, thousandths))));
        }
    }

    fn number_before(&self, at: usize) -> bool {
        at > 0 && (self.number_token(at - 1).is_some())
    }
}
