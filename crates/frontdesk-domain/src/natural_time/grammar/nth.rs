//! What is counted out: "the first Monday of April", "the last day of the month", "two Fridays ago".

use super::anchor::{anchored, workdays_from_today};
use super::{Found, Parser};
use crate::locale::Language;
use crate::natural_time::ast::{Anchor, Counted, Moment, Unit};
use crate::natural_time::lexicon::Lex;

impl Parser<'_> {
    /// "the first Monday of April", "last day of the month", "third Tuesday after Easter", "2 Fridays ago".
    pub(super) fn nths(&self, at: usize, found: &mut Found<Moment>) {
        for start in self.starts(at, &[Lex::The, Lex::On]) {
            let mut ordinals = self.ordinal(start);
            if let Some((end, n @ ..0)) = self.counted_ordinal(start) {
                ordinals.push((end, i16::from(n)));
            }
            // "les trois premiers jours": the number stands before.
            if matches!(self.language(), Language::Es | Language::Fr) {
                for (end, count) in
                    self.number(start).into_iter().filter(|&(_, count)| (2..100).contains(&count))
                {
                    for (end, n) in self.ordinal(end) {
                        self.run_of(end, count * i32::from(n.signum()), found);
                    }
                }
            }
            if self.is_word(start, &["latter"]) {
                self.halves(start + 1, 2, found);
            }
            for (end, n) in ordinals {
                if let (1..=2, Some(half)) = (n, self.half_year_word(end)) {
                    found.push((half, anchored(Anchor::HalfYear(n as u8), 8)));
                }
                self.halves(end, n, found);
                self.runs(end, n, found);
                // "the first of the month"
                for of in self.ends(end, Lex::Of) {
                    for (last, within) in self.nested(|| self.dates_or_units(of)) {
                        if matches!(within.anchor, Some(Anchor::Cycle { unit: Unit::Month, .. })) {
                            let counted = Counted::Unit(Unit::Day);
                            let anchor = Anchor::Nth { n, counted, within: Some(Box::new(within)) };
                            found.push((last, anchored(anchor, 22)));
                        }
                    }
                }
                for (closest_end, weekday) in self.closest(end) {
                    self.nearest_to(closest_end, n as i8, weekday, found);
                }
                for (last, counted) in self.counted(end) {
                    self.nth_within(last, n, counted, found);
                    match counted {
                        // "die 32. Kalenderwoche"
                        Counted::Unit(Unit::Week)
                            if (1..=53).contains(&n) && self.is_word(end, &["kalenderwoche", "kw"]) =>
                        {
                            found.push((last, anchored(Anchor::IsoWeek(n as u8), 20)));
                        }
                        // "vorletzte Woche"
                        Counted::Unit(unit @ (Unit::Week | Unit::Month))
                            if n == -2 && self.language() != Language::En =>
                        {
                            found.push((last, anchored(Anchor::Cycle { unit, offset: -2 }, 12)));
                        }
                        _ => {}
                    }
                }
            }
            for (end, weekday) in self.closest(start) {
                self.nearest_to(end, 1, weekday, found);
            }
        }
        self.counted_from(at, found);
        self.beside(at, found);
    }

    /// "2 Fridays ago", "three working days after Monday".
    fn counted_from(&self, at: usize, found: &mut Found<Moment>) {
        for (end, thousandths) in self.quantity(at) {
            let n = (thousandths / 1000).min(1000) as i16;
            if thousandths % 1000 != 0 || n == 0 {
                continue;
            }
            for lex in [Lex::Workdays, Lex::Workday] {
                for end in self.ends(end, lex) {
                    for (after, sign) in
                        [(Lex::Hence, 1), (Lex::Ago, -1), (Lex::Later, 1), (Lex::Earlier, -1)]
                    {
                        found.extend(self.ends(end, after).map(|last| (last, workdays_from_today(n * sign))));
                    }
                    for (lex, sign) in [(Lex::After, 1), (Lex::From, 1), (Lex::Before, -1)] {
                        for base in self.ends(end, lex) {
                            for (last, from) in self.nested(|| self.dates(base)) {
                                let from = Box::new(from);
                                let anchor = Anchor::NthFrom { n: n * sign, counted: Counted::Workday, from };
                                found.push((last, anchored(anchor, 60)));
                            }
                        }
                    }
                }
            }
            for (end, weekday) in self.any_weekday(end) {
                let counted = Counted::Weekday(weekday);
                let today = || Box::new(anchored(Anchor::Day(0), 0));
                for last in self.ends(end, Lex::Hence) {
                    found.push((last, anchored(Anchor::NthFrom { n, counted, from: today() }, 12)));
                }
                for last in self.ends(end, Lex::Ago) {
                    found.push((last, anchored(Anchor::NthFrom { n: -n, counted, from: today() }, 12)));
                }
                for (lex, sign) in [(Lex::After, 1), (Lex::Before, -1)] {
                    for base in self.ends(end, lex) {
                        for (last, from) in self.nested(|| self.dates(base)) {
                            let anchor = Anchor::NthFrom { n: n * sign, counted, from: Box::new(from) };
                            found.push((last, anchored(anchor, 12)));
                        }
                    }
                }
            }
        }
    }

    /// "the Friday after Easter", "the weekend before Christmas".
    fn beside(&self, at: usize, found: &mut Found<Moment>) {
        let start = self.skip(self.skip(at, &[Lex::The]), &[Lex::Next]);
        let weekend = self.ends(start, Lex::Weekend).map(|end| (end, Counted::Weekend)).collect::<Vec<_>>();
        let weekdays = self.any_weekday(start).into_iter().map(|(end, day)| (end, Counted::Weekday(day)));
        for (end, counted) in weekdays.chain(weekend) {
            for (lex, n) in [(Lex::After, 1), (Lex::Before, -1)] {
                for base in self.ends(end, lex) {
                    for (last, from) in self.nested(|| self.dates(base)) {
                        let anchor = Anchor::NthFrom { n, counted, from: Box::new(from) };
                        found.push((last, anchored(anchor, 12)));
                    }
                }
            }
        }
    }

    /// "the second half of May"
    fn halves(&self, at: usize, n: i16, found: &mut Found<Moment>) {
        if !matches!(n, 1 | 2 | -1) {
            return;
        }
        let words = self
            .ends(at, Lex::Half)
            .chain(self.is_word(at, &["halfte", "mitad", "moitie"]).then_some(at + 1));
        // "la première quinzaine de mai"
        let romance = matches!(self.language(), Language::Es | Language::Fr);
        let words = words.chain(self.ends(at, Lex::Fortnight).filter(|_| romance));
        for end in words.collect::<Vec<_>>() {
            let direct = (self.language() == Language::De).then_some(end);
            for of in self.ends(end, Lex::Of).chain(self.ends(end, Lex::In)).chain(direct) {
                for (last, of) in self.nested(|| self.dates_or_units(self.skip(of, &[Lex::The]))) {
                    let of = Box::new(Moment { any: false, ..of });
                    let weight = 26 + of.weight;
                    found.push((last, anchored(Anchor::HalfOf { first: n == 1, of }, weight)));
                }
            }
        }
    }

    /// "the first three days of June", "the last two months of 2027"
    fn runs(&self, at: usize, n: i16, found: &mut Found<Moment>) {
        if !matches!(n, 1 | -1) {
            return;
        }
        for (end, thousandths) in self.quantity(at) {
            let count = (thousandths / 1000).min(1000) as i32 * i32::from(n);
            if thousandths % 1000 != 0 || count == 0 {
                continue;
            }
            self.run_of(end, count, found);
        }
    }

    /// The unit and what it is in: "days of June".
    fn run_of(&self, at: usize, count: i32, found: &mut Found<Moment>) {
        for (end, unit) in self.unit(at).into_iter().filter(|&(_, unit)| unit >= Unit::Hour) {
            for of in self.ends(end, Lex::Of).chain(self.ends(end, Lex::In)) {
                for (last, within) in self.nested(|| self.dates_or_units(of)) {
                    let weight = 30 + within.weight;
                    let anchor = Anchor::Run { count, unit, within: Box::new(within) };
                    found.push((last, anchored(anchor, weight)));
                }
            }
        }
    }

    /// "half of" a year, "Halbjahr", "semestre".
    pub(super) fn half_year_word(&self, at: usize) -> Option<usize> {
        if self.is_word(at, &["halbjahr", "semestre", "semester"]) {
            return Some(at + 1);
        }
        let end = self
            .one(at, Lex::Half)
            .or_else(|| self.is_word(at, &["halfte", "mitad", "moitie"]).then_some(at + 1))?;
        let of = self.skip(self.skip(end, &[Lex::Of]), &[Lex::The]);
        (!self.year(of).is_empty() || self.is(of, Lex::Unit(Unit::Year)))
            .then(|| self.one(of, Lex::Unit(Unit::Year)).unwrap_or(end))
    }

    pub(super) fn closest(&self, at: usize) -> Found<i8> {
        self.ends(at, Lex::Closest)
            .chain(self.ends(at, Lex::Coming))
            .flat_map(|end| self.any_weekday(end))
            .collect()
    }

    pub(super) fn nearest_to(&self, at: usize, n: i8, weekday: i8, found: &mut Found<Moment>) {
        for to in self.ends(at, Lex::To) {
            for (last, moment) in self.nested(|| self.dates(to)) {
                let anchor = Anchor::Closest { n, weekday, to: Box::new(moment) };
                found.push((last, anchored(anchor, 40)));
            }
        }
    }

    pub(super) fn any_weekday(&self, at: usize) -> Found<i8> {
        self.each(at, |lex| match lex {
            Lex::Weekday(day) | Lex::Weekdays(day) => Some(day),
            _ => None,
        })
    }

    pub(super) fn counted(&self, at: usize) -> Found<Counted> {
        self.each(at, |lex| match lex {
            Lex::Weekday(day) => Some(Counted::Weekday(day)),
            Lex::Unit(unit @ (Unit::Day | Unit::Week | Unit::Month | Unit::Quarter | Unit::Hour)) => {
                Some(Counted::Unit(unit))
            }
            Lex::Weekend => Some(Counted::Weekend),
            Lex::Workday => Some(Counted::Workday),
            _ => None,
        })
    }

    pub(super) fn nth_within(&self, at: usize, n: i16, counted: Counted, found: &mut Found<Moment>) {
        if counted == Counted::Unit(Unit::Quarter) && (1..=4).contains(&n) {
            found.push((at, anchored(Anchor::Quarter(n as u8), 10)));
        }
        for glue in [Lex::Of, Lex::In] {
            for of in self.ends(at, glue) {
                for (end, within) in self.nested(|| self.dates_or_units(of)) {
                    let anchor = Anchor::Nth { n, counted, within: Some(Box::new(within)) };
                    // "second to last Friday of May" is no range from a second.
                    found.push((end, anchored(anchor, if n < -1 { 60 } else { 24 })));
                }
            }
        }
        // "the third Friday": of this month, or of the next.
        if let (Counted::Weekday(_), 1..=5) = (counted, n) {
            let month = anchored(Anchor::Cycle { unit: Unit::Month, offset: 0 }, 0);
            let within = Some(Box::new(Moment { any: true, ..month }));
            found.push((at, anchored(Anchor::Nth { n, counted, within }, 20)));
        }
        // "first Monday in April" without a preposition: "first Monday April"
        for (end, within) in self.nested(|| self.dates(at)) {
            if within.month.is_some() || matches!(within.anchor, Some(Anchor::Cycle { .. })) {
                let anchor = Anchor::Nth { n, counted, within: Some(Box::new(within)) };
                found.push((end, anchored(anchor, 22)));
            }
        }
        for (lex, sign) in [(Lex::After, 1), (Lex::Before, -1)] {
            for base in self.ends(at, lex) {
                for (end, from) in self.nested(|| self.dates(base)) {
                    // "the last Monday before Christmas" is the first one back.
                    let anchor = Anchor::NthFrom { n: n.abs() * sign, counted, from: Box::new(from) };
                    found.push((end, anchored(anchor, 24)));
                }
            }
        }
    }

    /// Dates, or "the month", "the year" as this one.
    pub(super) fn dates_or_units(&self, at: usize) -> Found<Moment> {
        let mut found = self.dates(at);
        for start in [at, self.skip(at, &[Lex::The]), self.skip(self.skip(at, &[Lex::Of]), &[Lex::The])] {
            for (end, unit) in self.unit(start) {
                if unit >= Unit::Day {
                    // Not "this month": when the day is over, it is the next month's.
                    found.push((end, Moment { any: true, ..anchored(Anchor::Cycle { unit, offset: 0 }, 6) }));
                    // "the month of March"
                    for (end, within) in self.dates(self.skip(end, &[Lex::Of])) {
                        if unit == Unit::Month && within.month.is_some() {
                            found.push((end, within));
                        }
                    }
                }
            }
        }
        found
    }
}
