//! Numbers, ordinals and quantities.

use super::{Found, Parser};
use crate::locale::Language;
use crate::natural_time::lexicon::Lex;

impl Parser<'_> {
    /// A whole number, in digits or words.
    pub(super) fn number(&self, at: usize) -> Found<i32> {
        self.each(at, |lex| if let Lex::Number(value) = lex { Some(value) } else { None })
    }

    /// "third", "3rd", "3." in German, "1er" in French; negative counts from the end.
    pub(super) fn ordinal(&self, at: usize) -> Found<i16> {
        let mut found = self.each(at, |lex| if let Lex::Ordinal(value) = lex { Some(value) } else { None });
        if let Some((value @ 1..=366, _)) = self.number_token(at) {
            let suffixes: &[&str] = match self.language() {
                Language::En => &["st", "nd", "rd", "th"],
                Language::Es => &["o", "a", "ro", "do", "to", "er", "ra", "da"],
                Language::De => &["te", "ten", "ter", "tes", "er"],
                Language::Fr => &["e", "er", "ere", "eme", "ieme", "nd", "nde"],
            };
            let next = at + 1;
            if self.is_word(next, suffixes) && (self.glued(next) || self.language() == Language::En) {
                found.push((next + 1, value as i16));
            }
            let number_follows = self.number_token(next + 1).is_some() && self.glued(next + 1);
            if self.language() == Language::De
                && self.is_sign(next, '.')
                && self.glued(next)
                && !number_follows
            {
                found.push((next + 1, value as i16));
            }
        }
        found
    }

    /// How many of a unit, in thousandths: "2", "a", "2.5", "1/2", "two and a half", "a couple of".
    pub(super) fn quantity(&self, at: usize) -> Found<i64> {
        let mut found = Vec::new();
        if let Some((whole, _)) = self.number_token(at) {
            let part = self.number_token(at + 2).filter(|_| self.glued(at + 1) && self.glued(at + 2));
            if let Some((part, digits @ 1..=3)) = part
                && (self.is_sign(at + 1, '.') || self.is_sign(at + 1, ','))
            {
                let scaled = i64::from(part) * 10_i64.pow(3 - u32::from(digits));
                found.push((at + 3, i64::from(whole.min(1_000_000)) * 1000 + scaled));
            }
            let below = self.number_token(at + 2).filter(|_| self.is_sign(at + 1, '/'));
            if let Some((below @ 1..=100, _)) = below {
                found.push((at + 3, i64::from(whole.min(10_000)) * 1000 / i64::from(below)));
            }
        }
        for (end, value) in self.number(at) {
            let thousandths = i64::from(value.min(1_000_000)) * 1000;
            found.push((end, thousandths));
            found.extend(self.ends(end, Lex::AndHalf).map(|end| (end, thousandths + 500)));
            // "one and a quarter hours"
            for and in self.ends(end, Lex::And).filter(|_| value < 100) {
                for start in self.starts(and, &[Lex::A]) {
                    found.extend(self.ends(start, Lex::Quarter).map(|end| (end, thousandths + 250)));
                    found.extend(self.ends(start, Lex::ThreeQuarters).map(|end| (end, thousandths + 750)));
                }
            }
            let fraction = self.number_token(end + 2).filter(|_| self.is_sign(end + 1, '/'));
            if let (Some((1..=3, _)), Some((below @ 2..=4, _))) = (self.number_token(end), fraction) {
                found.push((end + 3, thousandths + 1000 / i64::from(below)));
            }
            // "one hundred and twenty"
            if value >= 100 && value % 100 == 0 && self.number_token(at).is_none() {
                let next = self.skip(end, &[Lex::And]);
                for (last, rest) in
                    self.number(next).into_iter().filter(|&(_, rest)| (1..100).contains(&rest))
                {
                    found.push((last, thousandths + i64::from(rest) * 1000));
                }
            }
            // "a hundred", "two dozen"
            for (end, times) in self.number(end).into_iter().filter(|&(_, times)| times == 12 || times == 100)
            {
                found.push((end, thousandths.min(1_000_000) * i64::from(times)));
            }
        }
        for end in self.ends(at, Lex::A) {
            found.push((end, 1000));
            for (end, value) in
                self.number(end).into_iter().filter(|&(_, value)| value == 2 || value == 3 || value == 12)
            {
                found.push((end, i64::from(value) * 1000));
            }
            found.extend(self.ends(end, Lex::Half).map(|end| (end, 500)));
            found.extend(self.ends(end, Lex::Quarter).map(|end| (end, 250)));
        }
        found.extend(self.ends(at, Lex::OneAndHalf).map(|end| (end, 1500)));
        let halves = |lex| if let Lex::Halves(count) = lex { Some(i64::from(count) * 500) } else { None };
        found.extend(self.each(at, halves));
        found.extend(self.ends(at, Lex::Half).map(|end| (end, 500)));
        found.extend(self.ends(at, Lex::Quarter).map(|end| (end, 250)));
        found.extend(self.ends(at, Lex::ThreeQuarters).map(|end| (end, 750)));
        found.sort_by_key(|&(end, _)| std::cmp::Reverse(end));
        found
    }

    /// A year said as such: four digits, '27, 1984 in words.
    pub(super) fn year(&self, at: usize) -> Found<i32> {
        if self.is_sign(at, '\'') {
            return match self.number_token(at + 1) {
                Some((short, 2)) if self.glued(at + 1) => vec![(at + 2, long_year(short))],
                _ => Vec::new(),
            };
        }
        if let Some((value, digits)) = self.number_token(at) {
            if digits != 4 || !(1000..=2999).contains(&value) {
                return Vec::new();
            }
            return vec![(at + 1, value as i32)];
        }
        self.number(at).into_iter().filter(|&(_, value)| (1800..=2100).contains(&value)).collect()
    }
}

/// The year two digits stand for: those to 2049, and the last century's.
pub(super) const fn long_year(short: u32) -> i32 {
    if short < 50 { 2000 + short as i32 } else { 1900 + short as i32 }
}
