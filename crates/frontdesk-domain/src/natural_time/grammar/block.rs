//! Stretches of the calendar: "end of March", weekends, seasons, quarters, decades, weeks by number.

use super::anchor::{anchored, edge_of};
use super::{Found, Parser};
use crate::locale::Language;
use crate::natural_time::ast::{Anchor, Edge, Moment, Unit, Which};
use crate::natural_time::lexicon::Lex;

impl Parser<'_> {
    /// "end of March", "mid-July", "early next week", "late 2027", "the rest of the week".
    pub(super) fn edges_of(&self, at: usize, found: &mut Found<Moment>) {
        for start in self.starts(at, &[Lex::The, Lex::At]) {
            for edge in self.edges_at(start) {
                let (kind, needs_of) = match edge.lex {
                    Lex::Begin => (Edge::Begin, true),
                    Lex::Middle => (Edge::Middle, true),
                    Lex::End => (Edge::End, true),
                    Lex::Early => (Edge::Begin, false),
                    Lex::Late => (Edge::End, false),
                    _ => continue,
                };
                let mut next = edge.end;
                if self.is_sign(next, '-') && self.glued(next) {
                    next += 1;
                }
                let in_the = self.skip(self.skip(next, &[Lex::In]), &[Lex::The]);
                let of_the = self.skip(self.skip(next, &[Lex::Of]), &[Lex::About, Lex::The]);
                let mut decades = Vec::new();
                self.decade(self.skip(next, &[Lex::The]), true, &mut decades);
                found.extend(decades.into_iter().map(|(end, decade)| (end, edge_of(kind, decade))));
                for target in [next, in_the, of_the] {
                    let inner = self
                        .nested(|| if needs_of { self.dates_or_units(target) } else { self.dates(target) });
                    for (end, moment) in inner {
                        if moment.has_time()
                            || matches!(moment.anchor, Some(Anchor::Edge { .. } | Anchor::Shift { .. }))
                        {
                            continue;
                        }
                        let day =
                            moment.day.is_some() || moment.weekday.is_some() || moment.holiday.is_some();
                        let one_day = matches!(moment.anchor, Some(Anchor::Day(_)));
                        if day || one_day && !needs_of || moment.anchor == Some(Anchor::Now) {
                            continue;
                        }
                        found.push((end, edge_of(kind, Moment { any: false, ..moment })));
                    }
                }
            }
            for end in self.ends(start, Lex::Rest) {
                let next = self.skip(self.skip(end, &[Lex::Of]), &[Lex::The, Lex::This]);
                for (last, unit) in self.unit(next) {
                    found.push((last, anchored(Anchor::Rest(unit), 12)));
                }
                for last in self.ends(next, Lex::Day(0)) {
                    found.push((last, anchored(Anchor::Rest(Unit::Day), 12)));
                }
            }
            for end in self.ends(start, Lex::Whole) {
                let next = self.skip(self.skip(end, &[Lex::Of]), &[Lex::The]);
                // "all of next week"
                for (last, days) in self.nested(|| self.dates(next)) {
                    found.push((last, Moment { weight: days.weight + 4, ..days }));
                }
                for (last, unit) in self.unit(next) {
                    if unit == Unit::Day {
                        // "all day Friday"
                        for (last, day) in self.nested(|| self.dates(self.skip(last, &[Lex::On]))) {
                            found.push((last, Moment { weight: day.weight + 30, ..day }));
                        }
                        found.push((last, anchored(Anchor::Day(0), 6)));
                    } else if unit > Unit::Day {
                        found.push((last, anchored(Anchor::Cycle { unit, offset: 0 }, 8)));
                    }
                }
            }
        }
        self.so_far(at, found);
        // "Monday's end": "March end" is said, too.
        for (end, month) in self.each(at, |lex| if let Lex::Month(month) = lex { Some(month) } else { None })
        {
            if self.language() == Language::En && self.is_word(end, &["end"]) {
                let moment = Moment { month: Some((month, Which::Bare)), ..Moment::default() };
                found.push((end + 1, edge_of(Edge::End, moment)));
            }
        }
    }

    /// "so far this year", "this month so far", "year to date".
    fn so_far(&self, at: usize, found: &mut Found<Moment>) {
        let of_this = |at: usize| {
            self.determiner(at)
                .into_iter()
                .filter(|&(_, which)| which == Which::This)
                .flat_map(|(end, _)| self.unit(end))
                .filter(|&(_, unit)| unit > Unit::Day)
                .collect::<Vec<_>>()
        };
        let so_far = |at: usize| self.one(at, Lex::SoFar);
        let mut all: Found<Unit> = Vec::new();
        if let Some(end) = so_far(at) {
            all.extend(of_this(end));
        }
        all.extend(of_this(at).into_iter().filter_map(|(end, unit)| Some((so_far(end)?, unit))));
        all.extend(self.each(at, |lex| if let Lex::ToDate(unit) = lex { Some(unit) } else { None }));
        found.extend(all.into_iter().map(|(end, unit)| (end, anchored(Anchor::SoFar(unit), 30))));
    }

    /// Weekends, seasons, quarters, decades, weeks by number, "the week of the 6th".
    pub(super) fn blocks(&self, at: usize, found: &mut Found<Moment>) {
        for start in self.starts(at, &[Lex::The]) {
            for edge in self.edges_at(start) {
                match edge.lex {
                    Lex::Weekend if start > 0 && self.is(start - 1, Lex::Good) => {}
                    Lex::Weekend => {
                        for of in self.ends(edge.end, Lex::Of) {
                            for (end, day) in self.nested(|| self.dates(of)) {
                                if day.day.is_some() || day.holiday.is_some() {
                                    found.push((end, anchored(Anchor::WeekendOf(Box::new(day)), 24)));
                                }
                            }
                        }
                        let moment = anchored(Anchor::Weekend(Which::Bare), 16);
                        found.push((edge.end, moment));
                    }
                    Lex::Season(season) => {
                        let latent = self.is_word(start, &["fall", "spring"]) && start == at;
                        let moment = anchored(Anchor::Season { season, which: Which::Bare }, 8);
                        found.push((edge.end, Moment { latent, ..moment }));
                    }
                    Lex::Unit(Unit::Week) => self.week_of(edge.end, found),
                    // "quarter 2", "Quartal 2"
                    Lex::Unit(Unit::Quarter) => {
                        if let Some((n @ 1..=4, 1)) = self.number_token(edge.end) {
                            found.push((edge.end + 1, anchored(Anchor::Quarter(n as u8), 10)));
                        }
                    }
                    Lex::Unit(Unit::Month) if self.is_word(start, &["mes", "mois", "monat", "month"]) => {
                        for (end, within) in self.nested(|| self.dates(self.skip(edge.end, &[Lex::Of]))) {
                            if within.month.is_some() && within.day.is_none() {
                                found.push((end, within));
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        self.quarter_code(at, found);
        self.decade(at, false, found);
    }

    pub(super) fn week_of(&self, at: usize, found: &mut Found<Moment>) {
        for (end, number) in self.number(at) {
            let with_number = self.number_token(at).is_some_and(|(_, digits)| digits <= 2);
            if with_number && (1..=53).contains(&number) {
                found.push((end, anchored(Anchor::IsoWeek(number as u8), 10)));
            }
        }
        let mut starts =
            [Lex::Of, Lex::From].into_iter().flat_map(|lex| self.ends(at, lex)).collect::<Vec<_>>();
        if self.is_word(at, &["ending", "commencing", "beginning", "starting", "containing", "including"]) {
            starts.push(self.skip(at + 1, &[Lex::On]));
        }
        starts.dedup();
        for start in starts {
            let named = start > at && self.is_word(at, &["ending", "commencing", "beginning", "starting"]);
            for (end, moment) in self.nested(|| self.dates_with_bare(start)) {
                let days = moment.day.is_some()
                    || named && moment.weekday.is_some()
                    || moment.holiday.is_some()
                    || matches!(moment.anchor, Some(Anchor::Day(_)));
                if days {
                    let weight = if named { 60 + moment.weight } else { 14 };
                    let anchor = Anchor::UnitOf { unit: Unit::Week, of: Box::new(moment) };
                    found.push((end, anchored(anchor, weight)));
                }
            }
        }
    }

    pub(super) fn dates_with_bare(&self, at: usize) -> Found<Moment> {
        let mut found = self.moments(at);
        found.retain(|(_, moment)| moment.has_date() && !moment.has_time());
        found
    }

    /// "Q3", "Q3 2027", "2027Q3", "18q4", "H1".
    pub(super) fn quarter_code(&self, at: usize, found: &mut Found<Moment>) {
        if let (true, Some((n @ 1..=4, 1))) =
            (self.is_word(at, &["q", "t"]) && self.glued(at + 1), self.number_token(at + 1))
        {
            found.push((at + 2, anchored(Anchor::Quarter(n as u8), 10)));
        }
        if let (true, Some((n @ 1..=2, 1))) =
            (self.is_word(at, &["h"]) && self.glued(at + 1), self.number_token(at + 1))
        {
            found.push((at + 2, Moment { latent: true, ..anchored(Anchor::HalfYear(n as u8), 6) }));
        }
        if let (Some((year, digits @ (2 | 4))), true, Some((n @ 1..=4, 1))) = (
            self.number_token(at),
            self.is_word(at + 1, &["q"]) && self.glued(at + 1),
            self.number_token(at + 2),
        ) {
            let year = if digits == 2 { super::number::long_year(year) } else { year as i32 };
            found.push((at + 3, Moment { year: Some(year), ..anchored(Anchor::Quarter(n as u8), 12) }));
        }
    }

    /// "the 90s", "the 1980s", "the nineties"; `marked` when what stands before says it is one ("early 90s").
    pub(super) fn decade(&self, at: usize, marked: bool, found: &mut Found<Moment>) {
        let start = self.skip(at, &[Lex::The]);
        if start > at || marked {
            for (end, decade) in
                self.each(start, |lex| if let Lex::Decade(year) = lex { Some(year) } else { None })
            {
                found.push((end, anchored(Anchor::Decade(i32::from(decade)), 10)));
            }
        }
        let start = if self.is_sign(start, '\'') { start + 1 } else { start };
        if let Some((value, digits)) = self.number_token(start)
            && value % 10 == 0
            && self.is_word(start + 1, &["s"])
            && self.glued(start + 1)
        {
            // "the 1800s" are a century, "the 2000s" are not.
            if digits == 4 && value % 100 == 0 && value < 2000 {
                let century = anchored(Anchor::Century(value as i32 / 100 + 1), 10);
                found.push((start + 2, century));
                return;
            }
            let decade = match digits {
                4 => value as i32,
                2 if start > at || marked => super::number::long_year(value),
                _ => return,
            };
            found.push((start + 2, anchored(Anchor::Decade(decade), 10)));
        }
        for (end, n) in self.ordinal(start) {
            for last in self.ends(end, Lex::Unit(Unit::Century)) {
                if n > 0 {
                    found.push((last, anchored(Anchor::Century(i32::from(n)), 10)));
                }
            }
        }
    }
}
