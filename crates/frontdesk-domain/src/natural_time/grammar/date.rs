//! Days said by date: "the 3rd of March 2027", "3/4", "2027-03-04", "Friday", "May", "Easter".

use super::number::long_year;
use super::{Found, Parser};
use crate::locale::Language;
use crate::natural_time::ast::{Anchor, Moment, Unit, Which};
use crate::natural_time::lexicon::Lex;

impl Parser<'_> {
    /// Every way to say a day, a month, a year or a holiday without counting from now.
    pub(super) fn date(&self, at: usize) -> Found<Moment> {
        let mut found = Vec::new();
        self.numeric_date(at, &mut found);
        self.month_and_day(at, &mut found);
        self.bare_day(at, &mut found);
        self.named_days(at, &mut found);
        // "the year 2027"
        for start in self.starts(at, &[Lex::The]) {
            for said in self.ends(start, Lex::Unit(Unit::Year)) {
                for (end, year) in self.year(said) {
                    found.push((end, Moment { year: Some(year), weight: 8, ..Moment::default() }));
                }
            }
        }
        for (end, year) in self.year(at) {
            let in_words = self.number_token(at).is_none();
            let short = self.is_sign(at, '\'');
            // "1730" and nothing else is a time of day.
            let alone = self.is_whole(at, end) && year < 1900 && year % 100 < 60 && year < 2400;
            found.push((
                end,
                Moment {
                    year: Some(year),
                    weight: if alone { 0 } else { 4 },
                    latent: in_words || short || !(1900..=2100).contains(&year),
                    ..Moment::default()
                },
            ));
        }
        found
    }

    /// "March 3rd 2027", "3 March", "the third of March", "el 3 de marzo", "May".
    fn month_and_day(&self, at: usize, found: &mut Found<Moment>) {
        for (end, month) in self.each(at, month_of) {
            let end = self.full_stop(end, at);
            let latent = self.is_common_word(at) || end - at == 1 && self.is_short_word(at);
            let alone = Moment { month: Some((month, Which::Bare)), weight: 6, latent, ..Moment::default() };
            for (next, which) in self.which_after(end) {
                found.push((next, Moment { month: Some((month, which)), latent: false, ..alone.clone() }));
            }
            found.push((end, alone));
            let next = self.skip(self.skip_comma(end), &[Lex::The]);
            let mut starts = vec![next, self.skip_dash_sign(end)];
            starts.dedup();
            for next in starts {
                for (last, day) in self.day_number(next, true) {
                    self.push_with_year(found, last, day, month);
                }
            }
            let year_at = self.skip(self.skip_comma(end), &[Lex::Of]);
            for (last, year) in self.year(year_at) {
                let moment = Moment {
                    month: Some((month, Which::Bare)),
                    year: Some(year),
                    weight: 12,
                    ..Moment::default()
                };
                found.push((last, moment));
            }
        }
        let start = self.skip(self.skip(at, &[Lex::On]), &[Lex::The]);
        let starts = if start == at { vec![at] } else { vec![at, self.skip(at, &[Lex::The]), start] };
        for start in starts {
            for (end, day) in self.day_number(start, false) {
                for next in [end, self.skip(end, &[Lex::Of]), self.skip_dash_sign(end)] {
                    for (last, month) in self.each(next, month_of) {
                        let last = self.full_stop(last, next);
                        self.push_with_year(found, last, day, month);
                    }
                    // "el 4 del mes de julio"
                    for month_word in self.ends(next, Lex::Unit(crate::natural_time::ast::Unit::Month)) {
                        for (last, month) in self.each(self.skip(month_word, &[Lex::Of]), month_of) {
                            self.push_with_year(found, last, day, month);
                        }
                    }
                }
            }
        }
    }

    fn push_with_year(&self, found: &mut Found<Moment>, end: usize, day: i32, month: i8) {
        push_date(found, end, day, i32::from(month), None);
        // "4th of July weekend"
        if let Some((_, date)) = found.last().cloned() {
            for last in self.ends(end, Lex::Weekend) {
                let whole = Anchor::WeekendOf(Box::new(date.clone()));
                found.push((last, Moment { anchor: Some(whole), weight: 40, ..Moment::default() }));
            }
        }
        let comma = self.skip_comma(end);
        for next in [comma, self.skip(comma, &[Lex::Of])] {
            for (last, year) in self.year(next) {
                push_date(found, last, day, i32::from(month), Some(year));
            }
            if let Some((short @ 0..=99, 2)) = self.number_token(next) {
                let clock_follows =
                    self.is_sign(next + 1, ':') || self.is_word(next + 1, &["am", "pm", "h", "uhr"]);
                let english_comma =
                    next == comma && next != end && self.language() == Language::En && short <= 31;
                if !clock_follows && !english_comma {
                    push_date(found, next + 1, day, i32::from(month), Some(long_year(short)));
                    if let Some((_, moment)) = found.last_mut() {
                        moment.weight -= 3;
                    }
                }
            }
        }
    }

    /// 1 to 31, as an ordinal or a number.
    pub(super) fn day_number(&self, at: usize, after_month: bool) -> Found<i32> {
        let mut found: Found<i32> = self
            .ordinal(at)
            .into_iter()
            .filter(|&(_, day)| (1..=31).contains(&day))
            .map(|(end, day)| (end, i32::from(day)))
            .collect();
        let clock_follows = self.number_token(at).is_some()
            && (self.is_sign(at + 1, ':') || after_month && self.is_word(at + 1, &["am", "pm", "h", "uhr"]));
        if !clock_follows && self.number_token(at).is_none_or(|(_, digits)| digits <= 2) {
            found.extend(self.number(at).into_iter().filter(|&(_, day)| (1..=31).contains(&day)));
        }
        found
    }

    /// "the 3rd", "am 3.", "le 3", "el 16": a day of the month alone.
    fn bare_day(&self, at: usize, found: &mut Found<Moment>) {
        let mut starts = vec![(at, false)];
        for lex in [Lex::The, Lex::On] {
            starts.extend(self.ends(at, lex).map(|end| (end, true)));
        }
        for on in self.ends(at, Lex::On) {
            starts.extend(self.ends(on, Lex::The).map(|end| (end, true)));
        }
        for (start, marked) in starts {
            for (end, day) in self.ordinal(start) {
                if !(1..=31).contains(&day) {
                    continue;
                }
                let digits = self.number_token(start).is_some();
                // "second" alone is no day; a month that has no such day is none either.
                let month = !self.each(self.skip(end, &[Lex::Of]), month_of).is_empty();
                if !marked && !digits || month {
                    continue;
                }
                let on = self.is(at, Lex::On);
                let latent = !(marked && (digits && on || self.may_follow_day(end)));
                let moment = Moment {
                    day: Some(day as i8),
                    weight: if marked { 5 } else { 3 },
                    latent,
                    ..Moment::default()
                };
                found.push((self.day_word(end), moment));
            }
            let romance = matches!(self.language(), Language::Es | Language::Fr);
            let on = self.is(at, Lex::On);
            let article = start > 0 && self.is_word(start - 1, &["le", "au", "du", "el", "al", "del", "dia"]);
            if marked && (romance && article || on && !romance) && !self.is_common_number(start) {
                for (end, day) in self.number(start) {
                    let short = self.number_token(start).is_none_or(|(_, digits)| digits <= 2);
                    if (1..=31).contains(&day) && short && self.may_follow_day(end) {
                        let latent = !romance;
                        found.push((
                            end,
                            Moment { day: Some(day as i8), weight: 3, latent, ..Moment::default() },
                        ));
                    }
                }
            }
            if !marked {
                for (end, day) in self.number(start) {
                    let short = self.number_token(start).is_none_or(|(_, digits)| digits <= 2);
                    if (1..=31).contains(&day) && short {
                        let weight =
                            if romance || day > 12 && self.language() == Language::En { 2 } else { -1 };
                        found.push((
                            end,
                            Moment { day: Some(day as i8), weight, latent: true, ..Moment::default() },
                        ));
                    }
                }
            }
        }
    }

    /// "un", "une" after an article is no day.
    fn is_common_number(&self, at: usize) -> bool {
        self.is_word(at, &["un", "une", "uno", "una"])
    }

    /// "the 20th day"
    fn day_word(&self, at: usize) -> usize {
        self.one(at, Lex::Unit(crate::natural_time::ast::Unit::Day)).unwrap_or(at)
    }

    /// What stands here does not make the ordinal before it count something else ("the second opinion").
    fn may_follow_day(&self, at: usize) -> bool {
        let Some(token) = self.token(at) else { return true };
        if token.word().is_none() {
            return true;
        }
        self.edges_at(at).iter().any(|edge| {
            !matches!(
                edge.lex,
                Lex::Unit(_)
                    | Lex::Ordinal(_)
                    | Lex::Workday
                    | Lex::Weekend
                    | Lex::Half
                    | Lex::Quarter
                    | Lex::About
            )
        })
    }

    fn named_days(&self, at: usize, found: &mut Found<Moment>) {
        let weekday = |lex| if let Lex::Weekday(day) = lex { Some(day) } else { None };
        for (end, day) in self.each(at, weekday) {
            // "die letzten drei Monate", "so um drei": words of everyday, unless written as a name.
            let stop = self.is_sign(at + 1, '.') && self.glued(at + 1);
            let capital = self.token(at).is_some_and(|token| token.capital);
            if self.is_word(at, &["die"]) && !stop || self.is_word(at, &["so", "mit"]) && !stop && !capital {
                continue;
            }
            let abbreviated = self.is_common_word(at) || self.is_short_word(at);
            let end = self.full_stop(end, at);
            let moment = Moment {
                weekday: Some((day, Which::Bare)),
                weight: 6,
                latent: abbreviated && !self.is_name_like(at),
                ..Moment::default()
            };
            for (next, which) in self.which_after(end) {
                let weight = moment.weight + 6;
                found.push((
                    next,
                    Moment { weekday: Some((day, which)), latent: false, weight, ..moment.clone() },
                ));
            }
            if self.language() == Language::En {
                self.british_week(end, day, found);
                // "Tuesday next"
                let which = |lex| match lex {
                    Lex::Next => Some(Which::Next),
                    Lex::Last => Some(Which::Last),
                    Lex::Coming => Some(Which::Coming),
                    _ => None,
                };
                for (last, which) in self.each(end, which) {
                    let alone = self.token(last).is_none_or(|next| next.word().is_none());
                    if alone && self.number_token(last).is_none() {
                        found.push((
                            last,
                            Moment {
                                weekday: Some((day, which)),
                                latent: false,
                                weight: 12,
                                ..moment.clone()
                            },
                        ));
                    }
                }
            }
            found.push((end, moment));
        }
        let holiday = |lex| if let Lex::Holiday(holiday) = lex { Some(holiday) } else { None };
        let wished = at > 0 && self.is_word(at - 1, &["happy", "merry"]);
        for (end, day) in self.each(at, holiday).into_iter().filter(|_| !wished) {
            // A longer name says more: "Easter Monday" is no Monday at Easter.
            let weight = 8 + 6 * (end - at).min(6) as i32;
            let moment = Moment { holiday: Some((day, Which::Bare)), weight, ..Moment::default() };
            for last in self.ends(end, Lex::Weekend) {
                let whole = Anchor::WeekendOf(Box::new(moment.clone()));
                found.push((last, Moment { anchor: Some(whole), weight: weight + 10, ..Moment::default() }));
            }
            for last in self.ends(end, Lex::Unit(Unit::Week)) {
                let whole = Anchor::UnitOf { unit: Unit::Week, of: Box::new(moment.clone()) };
                found.push((last, Moment { anchor: Some(whole), weight: weight + 10, ..Moment::default() }));
            }
            for (next, which) in self.which_after(end) {
                found.push((next, Moment { holiday: Some((day, which)), ..moment.clone() }));
            }
            // "Weihnachten 27", "Halloween of 2027"
            found.push((end, moment));
        }
    }

    /// "Friday week", "Tuesday fortnight".
    fn british_week(&self, at: usize, day: i8, found: &mut Found<Moment>) {
        use crate::natural_time::ast::Unit::Week;
        let moment =
            |weeks| Moment { weekday: Some((day, Which::Weeks(weeks))), weight: 8, ..Moment::default() };
        found.extend(
            self.ends(at, Lex::Unit(Week))
                .filter(|&end| end == at + 1 && self.is_word(at, &["week"]))
                .map(|end| (end, moment(1))),
        );
        found.extend(self.ends(at, Lex::Fortnight).map(|end| (end, moment(2))));
    }

    /// "next" and its like when they follow: "lundi prochain", "friday after next".
    pub(super) fn which_after(&self, at: usize) -> Found<Which> {
        let romance = matches!(self.language(), Language::Es | Language::Fr);
        self.each(at, |lex| match lex {
            Lex::Next if romance => Some(Which::Next),
            Lex::Last if romance => Some(Which::Last),
            Lex::AfterNext => Some(Which::Plus(1)),
            Lex::WeeksOn(weeks) => Some(Which::Weeks(weeks)),
            _ => None,
        })
    }

    /// After the full stop of an abbreviation ("Sept.").
    pub(super) fn full_stop(&self, end: usize, at: usize) -> usize {
        let abbreviation =
            end == at + 1 && self.is_short_word(at) && self.is_sign(end, '.') && self.glued(end);
        if abbreviation { end + 1 } else { end }
    }

    fn is_short_word(&self, at: usize) -> bool {
        self.token(at)
            .and_then(|token| token.word())
            .is_some_and(|word| word.len() <= 5 && !FULL.contains(&word))
    }

    /// Words of everyday that are also days or months.
    fn is_common_word(&self, at: usize) -> bool {
        self.is_word(at, COMMON)
    }

    /// A short name of a weekday written as a name is: with a capital inside a sentence, or with a full stop.
    fn is_name_like(&self, at: usize) -> bool {
        let Some(token) = self.token(at) else { return false };
        // "Mon, Wed and Fri"
        let slash = self.is_sign(at + 1, '/').then_some(at + 2);
        let next = slash.unwrap_or_else(|| self.skip(self.skip_comma(at + 1), &[Lex::And]));
        if next > at + 1 && self.edges_at(next).iter().any(|edge| matches!(edge.lex, Lex::Weekday(_))) {
            return true;
        }
        let capital = token.capital
            && !(self.is_word(at, &["so", "do", "die", "di", "mi", "sam", "son", "mar", "don"]));
        let stop = self.is_sign(at + 1, '.') && self.glued(at + 1) && self.token(at + 2).is_some();
        capital && at > 0 || stop || !self.is_common_word(at)
    }

    pub(super) fn skip_comma(&self, at: usize) -> usize {
        if self.is_sign(at, ',') { at + 1 } else { at }
    }

    fn skip_dash_sign(&self, at: usize) -> usize {
        if (self.is_sign(at, '-') || self.is_sign(at, '/')) && self.glued(at) { at + 1 } else { at }
    }
}

const FULL: &[&str] = &[
    "march", "april", "may", "june", "july", "mayo", "mai", "mars", "avril", "juin", "juni", "juli", "abril",
    "enero", "julio", "junio", "marzo", "aout", "lundi", "mardi", "jeudi", "lunes",
];

const COMMON: &[&str] = &[
    "may", "march", "mar", "sat", "sun", "mon", "wed", "sec", "second", "dec", "jan", "do", "so", "die",
    "mi", "di", "mit", "fr", "sa", "mo", "son", "don", "sam", "ma", "lu", "ju", "vi", "mer", "dim", "jeu",
    "ven", "mai", "set", "dom", "mie", "august", "mx", "wednes", "juno", "sab", "lun", "avr", "ago", "vie",
];

pub(super) const fn month_of(lex: Lex) -> Option<i8> {
    if let Lex::Month(month) = lex { Some(month) } else { None }
}

pub(super) fn full_year(value: u32, digits: u8) -> Option<i32> {
    match digits {
        4 if (1000..=2999).contains(&value) => Some(value as i32),
        2 => Some(long_year(value)),
        _ => None,
    }
}

pub(super) fn push_date(found: &mut Found<Moment>, end: usize, day: i32, month: i32, year: Option<i32>) {
    let longest = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return,
    };
    if !(1..=longest).contains(&day) {
        return;
    }
    let moment = Moment {
        day: Some(day as i8),
        month: Some((month as i8, Which::Bare)),
        year,
        weight: if year.is_some() { 16 } else { 12 },
        ..Moment::default()
    };
    found.push((end, moment));
}
