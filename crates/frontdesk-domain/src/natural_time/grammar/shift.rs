//! What lies a length away: "in two weeks", "3 days ago", "two days after Easter", and from what was proposed before:
//! "an hour later", "something earlier".

use super::anchor::{anchored, shift, workdays_from_today};
use super::{Found, Parser};
use crate::locale::Language;
use crate::natural_time::ast::{Anchor, Base, Counted, Length, Moment, Unit, Which};
use crate::natural_time::lexicon::Lex;

impl Parser<'_> {
    /// "in two weeks", "3 days ago", "two days after tomorrow", "hace dos horas", "vor drei Tagen".
    pub(super) fn shifts(&self, at: usize, found: &mut Found<Moment>) {
        for place in self.starts(at, &[Lex::The]) {
            // "le lendemain de Noël", "la veille du 2 avril"
            let sign = match self.token(place).and_then(|token| token.word()) {
                Some("lendemain") => 1,
                Some("veille") => -1,
                _ => continue,
            };
            for of in self.ends(place + 1, Lex::Of) {
                for (end, day) in self.nested(|| self.dates(of)) {
                    let counted = shift(Length::of(Unit::Day, 1000), sign, Base::Moment(Box::new(day)));
                    found.push((end, Moment { weight: 40, ..counted }));
                }
            }
        }
        for end in self.ends(at, Lex::In) {
            let end = self.skip(end, &[Lex::About, Lex::At]);
            found.extend(self.workdays(end).into_iter().map(|(end, n)| (end, workdays_from_today(n))));
            for (end, length) in self.length(end) {
                // "in three weeks' time"
                if self.is_sign(end, '\'') {
                    let time = self.ends(end + 1, Lex::Hence);
                    found.extend(time.map(|last| (last, shift(length.clone(), 1, Base::Now))));
                }
                found.push((end, shift(length, 1, Base::Now)));
            }
        }
        let ago_first = !matches!(self.language(), Language::En);
        if ago_first {
            // "hace", "il y a" and "vor" stand before the length.
            for end in self.ends(at, Lex::Before).filter(|&end| self.is_ago_word(at, end)) {
                let end = self.skip(end, &[Lex::About]);
                for (end, length) in self.length(end) {
                    found.push((end, shift(length, -1, Base::Now)));
                }
            }
        }
        let start = self.skip(at, &[Lex::Bit]);
        let mut lengths = self.length(start);
        for the in self.ends(at, Lex::The).chain(self.ends(at, Lex::On)) {
            for (end, unit) in self.unit(the).into_iter().filter(|&(_, unit)| unit >= Unit::Day) {
                lengths.push((end, Length::of(unit, 1000)));
            }
        }
        for (end, length) in lengths {
            for last in self.ends(end, Lex::Ago) {
                found.push((last, shift(length.clone(), -1, Base::Now)));
            }
            for last in self.ends(end, Lex::Hence) {
                let length = if self.is_word(last, &["right"]) { continue } else { length.clone() };
                found.push((last, shift(length, 1, Base::Now)));
            }
            for last in self.ends(end, Lex::Later) {
                found.push((last, shift(length.clone(), 1, Base::Previous)));
            }
            for last in self.ends(end, Lex::Earlier) {
                found.push((last, shift(length.clone(), -1, Base::Previous)));
            }
            for (lex, sign) in [(Lex::After, 1), (Lex::From, 1), (Lex::Before, -1)] {
                if lex == Lex::From && matches!(self.language(), Language::Es | Language::Fr) {
                    continue;
                }
                for base in self.ends(end, lex) {
                    for (last, moment) in self.nested(|| self.moments(base)) {
                        // "from now" is no moment to count from, "from right now" is.
                        let now = moment.anchor == Some(Anchor::Now)
                            && self.is_word(base, &["now", "jetzt", "ahora", "maintenant"]);
                        if now || moment.latent || matches!(moment.anchor, Some(Anchor::Shift { .. })) {
                            continue;
                        }
                        let weight = 20 + moment.weight;
                        // "the week after Christmas" is a week of the calendar.
                        let bare = self.is(at, Lex::The) && length.grain.is_some_and(|unit| unit > Unit::Day);
                        if let (true, Some(unit)) = (bare && self.number(at + 1).is_empty(), length.grain) {
                            let from = Box::new(moment);
                            let anchor =
                                Anchor::NthFrom { n: i16::from(sign), counted: Counted::Unit(unit), from };
                            found.push((last, anchored(anchor, weight + 10)));
                            continue;
                        }
                        let whole = shift(length.clone(), sign, Base::Moment(Box::new(moment)));
                        found.push((last, Moment { weight, ..whole }));
                    }
                }
            }
            // "a week on Friday", "a week from Tuesday", "heute in zwei Wochen"
            if self.language() == Language::En && length.is_calendar() {
                for on in [Lex::On, Lex::Day(0), Lex::Day(1)] {
                    for base in self.ends(end, on) {
                        let base = if on == Lex::On { base } else { end };
                        for (last, moment) in self.nested(|| self.moments(base)) {
                            if moment.weekday.is_some() || matches!(moment.anchor, Some(Anchor::Day(_))) {
                                found.push((last, shift(length.clone(), 1, Base::Moment(Box::new(moment)))));
                            }
                        }
                    }
                }
            }
        }
    }

    /// "three working days".
    pub(super) fn workdays(&self, at: usize) -> Found<i16> {
        let mut found = Vec::new();
        for (end, thousandths) in self.quantity(at) {
            for lex in [Lex::Workdays, Lex::Workday] {
                found.extend(self.ends(end, lex).map(|last| (last, (thousandths / 1000).min(1000) as i16)));
            }
        }
        found
    }

    /// German "vor" and the like mean "ago" only before a length.
    pub(super) fn is_ago_word(&self, at: usize, end: usize) -> bool {
        match self.language() {
            Language::De => self.is_word(at, &["vor"]) && end == at + 1,
            Language::Es => self.is_word(at, &["hace"]),
            Language::Fr => self.is_word(at, &["il", "y", "ca"]),
            Language::En => false,
        }
    }

    /// "later today", "something earlier", "same time Thursday", "that day".
    pub(super) fn corrections(&self, at: usize, found: &mut Found<Moment>) {
        for (lex, sign) in [(Lex::Later, 1), (Lex::Earlier, -1)] {
            for end in self.ends(at, lex) {
                for last in self.ends(end, Lex::Day(0)) {
                    found.push((last, anchored(Anchor::Later { sign, today: true }, 10)));
                }
                for (last, which) in
                    self.determiner(end).into_iter().filter(|&(_, which)| which == Which::This)
                {
                    let _ = which;
                    for (last, unit) in self.unit(last) {
                        let anchor = if sign > 0 { Anchor::Rest(unit) } else { Anchor::SoFar(unit) };
                        found.push((last, anchored(anchor, 30)));
                    }
                }
                if self.language() != Language::En || !self.is_word(at, &["after", "before"]) {
                    found.push((
                        end,
                        Moment { latent: true, ..anchored(Anchor::Later { sign, today: false }, 2) },
                    ));
                }
            }
            for bit in self.ends(at, Lex::Bit) {
                for end in self.ends(bit, lex) {
                    let small =
                        !self.is_word(at, &["something", "anything", "any", "algo", "etwas", "much", "way"]);
                    let moment = if small {
                        shift(Length::of(Unit::Minute, 30_000), sign, Base::Previous)
                    } else {
                        anchored(Anchor::Later { sign, today: false }, 6)
                    };
                    found.push((end, moment));
                    for last in self.ends(end, Lex::Day(0)) {
                        found.push((last, anchored(Anchor::Later { sign, today: true }, 10)));
                    }
                }
            }
        }
        for end in self.ends(at, Lex::SameDay) {
            let anchor = Anchor::FromPrevious { unit: Unit::Day, offset: 0 };
            let day = anchored(anchor, 6);
            // "same day next week"
            for (next, which) in self.determiner(end) {
                for (last, unit) in self.unit(next).into_iter().filter(|&(_, unit)| unit > Unit::Day) {
                    let sign = match which {
                        Which::Next => 1,
                        Which::Last => -1,
                        _ => continue,
                    };
                    let base = Base::Moment(Box::new(day.clone()));
                    found.push((last, Moment { weight: 30, ..shift(Length::of(unit, 1000), sign, base) }));
                }
            }
            found.push((end, day));
        }
    }
}
