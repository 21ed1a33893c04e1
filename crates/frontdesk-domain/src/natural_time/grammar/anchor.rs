//! Days counted from somewhere: "tomorrow", "next week", "in two days", "the last Friday of May", "end of the month".

use super::{Found, Parser};
use crate::locale::Language;
use crate::natural_time::ast::{Anchor, Base, Counted, Edge, Length, Moment, Pod, Unit, Which};
use crate::natural_time::lexicon::Lex;

impl Parser<'_> {
    pub(super) fn anchors(&self, at: usize) -> Found<Moment> {
        let mut found = Vec::new();
        self.fixed(at, &mut found);
        self.cycles(at, &mut found);
        self.counts(at, &mut found);
        self.shifts(at, &mut found);
        self.nths(at, &mut found);
        self.edges_of(at, &mut found);
        self.blocks(at, &mut found);
        self.corrections(at, &mut found);
        found
    }

    fn fixed(&self, at: usize, found: &mut Found<Moment>) {
        for edge in self.edges_at(at) {
            match edge.lex {
                Lex::Now | Lex::Asap => found.push((edge.end, anchored(Anchor::Now, 6))),
                Lex::Day(1) if self.is_morning(at) => {}
                Lex::Day(days) if self.language() != Language::En => {
                    let day = anchored(Anchor::Day(i32::from(days)), 10);
                    found.push((edge.end, day.clone()));
                    // "heute in zwei Wochen"
                    for start in self.ends(edge.end, Lex::In) {
                        for (end, length) in
                            self.length(start).into_iter().filter(|(_, length)| length.is_calendar())
                        {
                            let counted = shift(length, 1, Base::Moment(Box::new(day.clone())));
                            found.push((end, Moment { weight: 30, ..counted }));
                        }
                    }
                }
                // "tomorrow week"
                Lex::Day(days) if self.language() == Language::En && self.is_word(edge.end, &["week"]) => {
                    found.push((edge.end + 1, anchored(Anchor::Day(i32::from(days) + 7), 12)));
                    found.push((edge.end, anchored(Anchor::Day(i32::from(days)), 10)));
                }
                Lex::Day(days) => found.push((edge.end, anchored(Anchor::Day(i32::from(days)), 10))),
                Lex::DayPod(days, pod) => {
                    let moment = Moment { pod: Some(pod), ..anchored(Anchor::Day(i32::from(days)), 12) };
                    found.push((edge.end, moment));
                }
                Lex::WeekdayPod(day, pod) => {
                    let moment = Moment {
                        weekday: Some((day, Which::Bare)),
                        pod: Some(pod),
                        weight: 10,
                        ..Moment::default()
                    };
                    found.push((edge.end, moment));
                }
                Lex::EndOf(Unit::Day) => {
                    let moment = Moment { pod: Some(Pod::EndOfDay), weight: 8, ..Moment::default() };
                    found.push((edge.end, moment));
                }
                Lex::EndOf(unit) => found.push((edge.end, edge_of(Edge::End, cycle(unit, 0)))),
                Lex::BeginOf(unit) => found.push((edge.end, edge_of(Edge::Begin, cycle(unit, 0)))),
                _ => {}
            }
        }
        for the in self.ends(at, Lex::The) {
            for edge in self.edges_at(the) {
                match edge.lex {
                    Lex::Day(days @ (-2 | 2)) => {
                        found.push((edge.end, anchored(Anchor::Day(i32::from(days)), 11)));
                    }
                    Lex::EndOf(Unit::Day) => {
                        let moment = Moment { pod: Some(Pod::EndOfDay), weight: 8, ..Moment::default() };
                        found.push((edge.end, moment));
                    }
                    Lex::EndOf(unit) => found.push((edge.end, edge_of(Edge::End, cycle(unit, 0)))),
                    Lex::BeginOf(unit) => found.push((edge.end, edge_of(Edge::Begin, cycle(unit, 0)))),
                    _ => {}
                }
            }
        }
    }

    /// "la mañana", "am Morgen", "Montag morgen" are mornings, not tomorrow.
    fn is_morning(&self, at: usize) -> bool {
        if at == 0 || !self.is_word(at, &["manana", "morgen"]) {
            return false;
        }
        let weekday = |edge: &super::Edge| matches!(edge.lex, Lex::Weekday(_)) && edge.end == at;
        match self.language() {
            Language::Es => self.is_word(at - 1, &["la", "esta", "buena"]),
            Language::De => {
                self.is_word(
                    at - 1,
                    &["am", "jeden", "guten", "heute", "gestern", "ubermorgen", "diesen", "der", "den"],
                ) || self.edges_at(at - 1).iter().any(weekday)
            }
            Language::En | Language::Fr => false,
        }
    }

    /// "this", "next", "last", "coming", with their place among weeks.
    pub(super) fn determiner(&self, at: usize) -> Found<Which> {
        let start = self.skip(at, &[Lex::The]);
        let mut found = self.each(start, which_of);
        if start != at {
            found.extend(self.each(at, which_of));
        }
        found
    }

    /// "next week", "this month", "la semana que viene", "next Friday", "last Easter", "this weekend".
    fn cycles(&self, at: usize, found: &mut Found<Moment>) {
        for (end, which) in self.determiner(at) {
            let end = self.skip(end, &[Lex::About]);
            for edge in self.edges_at(end) {
                let next = self.full_stop(edge.end, end);
                Self::determined(next, edge.lex, which, found);
                // "in the coming weeks", "the last days": a few of them.
                let several = self.is_word(end, &["minutes", "hours", "days", "weeks", "months", "years"]);
                if let (Lex::Unit(unit), true, false) = (edge.lex, several, which == Which::This) {
                    let count = if which == Which::Last { -3 } else { 3 };
                    found.push((next, anchored(Anchor::Count { unit, count, workdays: false }, 14)));
                }
            }
            // "last 9/11"
            if which == Which::Last {
                for (last, date) in self.date(end) {
                    if let (Some((month, _)), Some(_), None, None) =
                        (date.month, date.day, date.year, date.weekday)
                    {
                        let weight = date.weight + 4;
                        found.push((last, Moment { month: Some((month, which)), weight, ..date }));
                    }
                }
            }
        }
        // Behind: "la semaine prochaine", "week after next", "Monday next".
        let starts = [at, self.skip(at, &[Lex::The]), self.skip(at, &[Lex::On])];
        for (index, &start) in starts.iter().enumerate() {
            if index > 0 && start == at {
                continue;
            }
            for edge in self.edges_at(start) {
                self.before_last(edge.end, edge.lex, found);
                let Lex::Unit(unit) = edge.lex else {
                    if matches!(edge.lex, Lex::Weekend | Lex::Season(_)) {
                        for (end, which) in self.which_after(edge.end) {
                            Self::determined(end, edge.lex, one_more(which), found);
                        }
                    }
                    continue;
                };
                for (end, which) in self.which_after(edge.end) {
                    Self::determined(end, edge.lex, one_more(which), found);
                }
                // "the week after"
                if start > at && matches!(unit, Unit::Week | Unit::Month | Unit::Year | Unit::Day) {
                    for (lex, offset) in [(Lex::Later, 1), (Lex::Earlier, -1)] {
                        for end in self.ends(edge.end, lex) {
                            if self.is_sign(end, ',') || self.token(end).is_none() || !self.begins_moment(end)
                            {
                                found.push((end, anchored(Anchor::FromPrevious { unit, offset }, 14)));
                            }
                        }
                    }
                }
            }
        }
    }

    /// "the week before last", "the Friday before last".
    fn before_last(&self, at: usize, lex: Lex, found: &mut Found<Moment>) {
        let Some(last) = self.ends(at, Lex::Before).find_map(|end| self.one(end, Lex::Last)) else { return };
        match lex {
            Lex::Unit(unit) if unit > Unit::Day => {
                found.push((last, anchored(Anchor::Cycle { unit, offset: -2 }, 30)));
            }
            Lex::Weekend => found.push((last, anchored(Anchor::Weekend(Which::Plus(-2)), 30))),
            Lex::Weekday(day) => {
                let from = Box::new(anchored(Anchor::Day(0), 0));
                let anchor = Anchor::NthFrom { n: -2, counted: Counted::Weekday(day), from };
                found.push((last, anchored(anchor, 30)));
            }
            _ => {}
        }
    }

    fn begins_moment(&self, at: usize) -> bool {
        self.edges_at(at).iter().any(|edge| {
            matches!(
                edge.lex,
                Lex::Day(_)
                    | Lex::Weekday(_)
                    | Lex::Month(_)
                    | Lex::Holiday(_)
                    | Lex::Next
                    | Lex::Last
                    | Lex::This
                    | Lex::The
                    | Lex::Number(_)
            )
        })
    }

    fn determined(end: usize, lex: Lex, which: Which, found: &mut Found<Moment>) {
        let offset = match which {
            Which::Bare | Which::This => 0,
            Which::Next | Which::Coming => 1,
            Which::Last => -1,
            Which::Plus(n) | Which::Weeks(n) => i32::from(n),
        };
        // "the Friday after next" is one after the nearest, the week after next two after this one.
        let named = if let Which::Plus(n) = which { Which::Plus(n - 1) } else { which };
        match lex {
            Lex::Unit(Unit::Second) if offset == 0 => {}
            Lex::Unit(Unit::Day) if offset == 0 => found.push((end, anchored(Anchor::Day(0), 6))),
            Lex::Unit(Unit::Day) => {
                found.push((end, anchored(Anchor::FromPrevious { unit: Unit::Day, offset }, 8)));
            }
            Lex::Unit(unit) => found.push((end, anchored(Anchor::Cycle { unit, offset }, 10))),
            Lex::Fortnight if offset != 0 => {
                let count = 2 * offset;
                found.push((end, anchored(Anchor::Count { unit: Unit::Week, count, workdays: false }, 8)));
            }
            Lex::Weekday(day) => {
                found.push((end, Moment { weekday: Some((day, named)), weight: 10, ..Moment::default() }));
            }
            Lex::Month(month) => {
                found.push((end, Moment { month: Some((month, named)), weight: 10, ..Moment::default() }));
            }
            Lex::Holiday(holiday) => {
                found
                    .push((end, Moment { holiday: Some((holiday, named)), weight: 14, ..Moment::default() }));
            }
            Lex::Weekend | Lex::Weekends => found.push((end, anchored(Anchor::Weekend(which), 20))),
            Lex::Season(season) => found.push((end, anchored(Anchor::Season { season, which }, 10))),
            Lex::Workday if offset == 1 => {
                let anchor = Anchor::NthFrom {
                    n: 1,
                    counted: Counted::Workday,
                    from: Box::new(anchored(Anchor::Day(0), 0)),
                };
                found.push((end, anchored(anchor, 10)));
            }
            Lex::Workdays => found.push((end, anchored(Anchor::Workweek(offset), 8))),
            Lex::Pod(pod) => {
                let day = if which == Which::Last { -1 } else { i32::from(which == Which::Next) };
                found.push((end, Moment { pod: Some(pod), ..anchored(Anchor::Day(day), 10) }));
            }
            _ => {}
        }
    }

    /// "next 3 days", "the last two weeks", "3 prochains jours", "pasadas dos semanas".
    fn counts(&self, at: usize, found: &mut Found<Moment>) {
        for (end, which) in self.determiner(at) {
            let sign = match which {
                Which::Next | Which::Coming => 1,
                Which::Last => -1,
                _ => continue,
            };
            for (end, thousandths) in self.quantity(end) {
                self.counted_units(end, thousandths, sign, found);
            }
        }
        let start = self.skip(at, &[Lex::The]);
        for (end, thousandths) in self.quantity(start) {
            for (end, which) in self.determiner(end) {
                let sign = match which {
                    Which::Next | Which::Coming => 1,
                    Which::Last => -1,
                    _ => continue,
                };
                self.counted_units(end, thousandths, sign, found);
            }
            for (end, unit) in self.unit(end) {
                for (end, which) in self.which_after(end) {
                    let sign = match which {
                        Which::Next => 1,
                        Which::Last => -1,
                        _ => continue,
                    };
                    let count = (thousandths / 1000).min(10_000) as i32 * sign;
                    if count != 0 {
                        found.push((end, anchored(Anchor::Count { unit, count, workdays: false }, 24)));
                    }
                }
            }
        }
    }

    fn counted_units(&self, at: usize, thousandths: i64, sign: i32, found: &mut Found<Moment>) {
        let count = (thousandths / 1000).min(10_000) as i32 * sign;
        if count == 0 || thousandths % 1000 != 0 {
            return;
        }
        for (end, unit) in self.unit(at) {
            found.push((end, anchored(Anchor::Count { unit, count, workdays: false }, 24)));
        }
        for lex in [Lex::Workdays, Lex::Workday] {
            for end in self.ends(at, lex) {
                found.push((end, anchored(Anchor::Count { unit: Unit::Day, count, workdays: true }, 10)));
            }
        }
        for end in self.ends(at, Lex::Fortnight) {
            found.push((
                end,
                anchored(Anchor::Count { unit: Unit::Week, count: 2 * count, workdays: false }, 10),
            ));
        }
    }

    /// Moments that name days, without a time of day.
    pub(super) fn dates(&self, at: usize) -> Found<Moment> {
        let mut found = self.moments(at);
        found.retain(|(_, moment)| {
            let month_alone = moment.month.is_some()
                || moment.weekday.is_some()
                || moment.year.is_some()
                || matches!(moment.anchor, Some(Anchor::Season { .. }));
            moment.has_date() && !moment.has_time() && (!moment.latent || month_alone)
        });
        found
    }
}

/// "after next" behind a unit skips one more than behind a name.
fn one_more(which: Which) -> Which {
    if which == Which::Plus(1) { Which::Plus(2) } else { which }
}

pub(super) fn workdays_from_today(n: i16) -> Moment {
    let from = Box::new(anchored(Anchor::Day(0), 0));
    anchored(Anchor::NthFrom { n, counted: Counted::Workday, from }, 40)
}

fn which_of(lex: Lex) -> Option<Which> {
    match lex {
        Lex::This => Some(Which::This),
        Lex::Next => Some(Which::Next),
        Lex::Last => Some(Which::Last),
        Lex::Coming => Some(Which::Coming),
        Lex::AfterNext => Some(Which::Plus(2)),
        _ => None,
    }
}

pub(super) fn anchored(anchor: Anchor, weight: i32) -> Moment {
    Moment { anchor: Some(anchor), weight, ..Moment::default() }
}

fn cycle(unit: Unit, offset: i32) -> Moment {
    anchored(Anchor::Cycle { unit, offset }, 6)
}

pub(super) fn edge_of(edge: Edge, of: Moment) -> Moment {
    let weight = of.weight + 4;
    anchored(Anchor::Edge { edge, of: Box::new(of) }, weight)
}

pub(super) fn shift(length: Length, sign: i8, base: Base) -> Moment {
    anchored(Anchor::Shift { length, sign, base }, 12)
}
