//! Dates in digits: "2027-03-04", "3/4", "4.3.", "20270304", "2027-W10-3", "31-Oct-74".

use super::date::{full_year, month_of, push_date};
use super::{Found, Parser};
use crate::locale::Language;
use crate::natural_time::ast::{Anchor, Moment, Which};
use crate::natural_time::lexicon::Lex;

impl Parser<'_> {
    /// "2027-03-04", "3/4/27", "3/4", "4.3.", "2/2027", "31-Oct-74".
    pub(super) fn numeric_date(&self, at: usize, found: &mut Found<Moment>) {
        let Some((first, first_digits)) = self.number_token(at) else { return };
        if first_digits == 8 && (1900..2200).contains(&(first / 10_000)) {
            // 20270304
            let (year, month, day) = (first / 10_000, first / 100 % 100, first % 100);
            push_date(found, self.time_mark(at + 1), day as i32, month as i32, Some(year as i32));
            return;
        }
        self.iso_week(at, first, first_digits, found);
        let Some(separator) = ['/', '-', '.'].into_iter().find(|&sign| self.is_sign(at + 1, sign)) else {
            return;
        };
        let spaced = !self.glued(at + 1);
        if spaced && separator == '.' {
            return;
        }
        let second = self.number_token(at + 2);
        let third = self
            .number_token(at + 4)
            .filter(|_| self.is_sign(at + 3, separator) && (spaced || self.glued(at + 4)));
        if let Some((month, end)) = self.each(at + 2, month_of).first().map(|&(end, month)| (month, end)) {
            // 31-Oct-74
            if let (Some((year, digits)), true) = (self.number_token(end + 1), self.is_sign(end, separator))
                && let (Some(year), true) = (full_year(year, digits), first <= 31)
            {
                push_date(found, end + 2, first as i32, i32::from(month), Some(year));
                // Heavier than "15 to March 21".
                if let Some((_, moment)) = found.last_mut() {
                    moment.weight = 40;
                }
            }
        }
        let Some((second, second_digits)) = second else { return };
        if second_digits > 4 || first_digits > 4 {
            return;
        }
        let month_of_year = |month: u32, year: i32| Moment {
            year: Some(year),
            month: Some((month as i8, Which::Bare)),
            weight: 12,
            latent: separator == '.',
            ..Moment::default()
        };
        match third {
            Some((third, third_digits)) if first_digits == 4 && third_digits <= 2 && second_digits <= 2 => {
                if let Some(year) = full_year(first, 4) {
                    push_date(found, self.time_mark(at + 5), third as i32, second as i32, Some(year));
                }
            }
            Some((third, third_digits))
                if first_digits <= 2 && second_digits <= 2 && (third_digits == 2 || third_digits == 4) =>
            {
                if let Some(year) = full_year(third, third_digits) {
                    self.push_either(found, at + 5, first, second, Some(year), separator);
                }
            }
            None if first_digits == 4 && second_digits <= 2 && !spaced => {
                if let (Some(year), 1..=12) = (full_year(first, 4), second) {
                    found.push((at + 3, month_of_year(second, year)));
                }
            }
            None if second_digits == 4 && (1..=12).contains(&first) && (1900..=2200).contains(&second) => {
                found.push((at + 3, month_of_year(first, second as i32)));
            }
            // "7.30" is a time in English.
            None if first_digits <= 2
                && second_digits <= 2
                && (separator != '.' || self.language() != Language::En) =>
            {
                // "4.3." in German; elsewhere a full stop between two numbers is a decimal.
                let mut end = at + 3;
                let german = self.language() == Language::De;
                if separator == '.' && german && self.is_sign(end, '.') && self.glued(end) {
                    end += 1;
                }
                let weak = match separator {
                    '/' => spaced && self.language() != Language::En,
                    '-' => true,
                    _ => end == at + 3,
                };
                let before = found.len();
                self.push_either(found, end, first, second, None, separator);
                let led =
                    at > 0 && self.edges_at(at - 1).iter().any(|edge| edge.lex == Lex::On && edge.end == at);
                let weak = weak && !(led && self.language() != Language::En);
                let range =
                    separator == '-' && self.language() == Language::En && first <= 12 && second <= 12;
                for (_, moment) in found.iter_mut().skip(before) {
                    moment.latent = weak;
                    moment.weight = match (weak, range) {
                        (false, _) if separator == '-' => 18,
                        (false, _) => 10,
                        (true, false) => 5,
                        (true, true) => 2,
                    };
                }
            }
            _ => {}
        }
    }

    /// After the "T" of ISO 8601, if it stands here.
    fn time_mark(&self, at: usize) -> usize {
        let mark = self.is_word(at, &["t"]) && self.glued(at) && self.number_token(at + 1).is_some();
        if mark { at + 1 } else { at }
    }

    /// Day and month in the order of the locale, or the only order that fits.
    fn push_either(
        &self,
        found: &mut Found<Moment>,
        end: usize,
        a: u32,
        b: u32,
        year: Option<i32>,
        separator: char,
    ) {
        let (a, b) = (a as i32, b as i32);
        if (a, b, year) == (24, 7, None) {
            return;
        }
        let month_first = self.locale.month_first() && (separator != '.' || b > 12);
        let (day, month) = if month_first { (b, a) } else { (a, b) };
        let before = found.len();
        push_date(found, end, day, month, year);
        if found.len() == before {
            push_date(found, end, month, day, year);
        } else if (1..=12).contains(&day)
            && day != month
            && let Some((_, moment)) = found.last_mut()
        {
            moment.swapped = Some((month as i8, day as i8));
        }
    }

    /// "2027-W10", "2027W10", "2027-W10-3" (ISO 8601).
    fn iso_week(&self, at: usize, year: u32, digits: u8, found: &mut Found<Moment>) {
        let dash = |at: usize| if self.is_sign(at, '-') && self.glued(at) { at + 1 } else { at };
        let mark = dash(at + 1);
        if digits != 4 || !self.is_word(mark, &["w", "kw"]) || !self.glued(mark) || !self.glued(mark + 1) {
            return;
        }
        let Some((number, _)) = self.number_token(mark + 1) else { return };
        let (week, day, end) = match (number, self.number_token(dash(mark + 2))) {
            (111..=537, _) if self.number_token(mark + 1).is_some_and(|(_, digits)| digits == 3) => {
                (number / 10, number % 10, mark + 2)
            }
            (1..=53, Some((day @ 1..=7, 1))) if dash(mark + 2) > mark + 2 => (number, day, mark + 4),
            (1..=53, _) => (number, 0, mark + 2),
            _ => return,
        };
        if day > 7 {
            return;
        }
        let weekday = (day > 0).then_some((day as i8, Which::Bare));
        let anchor = Some(Anchor::IsoWeek(week as u8));
        let year = i32::try_from(year).ok();
        found.push((end, Moment { anchor, year, weekday, weight: 20, ..Moment::default() }));
    }
}
