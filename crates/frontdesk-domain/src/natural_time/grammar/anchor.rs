//! Days counted from somewhere: "tomorrow", "next week", "in two days", "the last Friday of May", "end of the month".

use super::{Found, Parser};
use crate::locale::Language;
use crate::natural_time::ast::{Anchor, Base, Counted, Edge, Length, Moment, Pod, Unit, Which};
use crate::natural_time::lexicon::Lex;

/// What is counted, with where it starts to count.
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
    fn determiner(&self, at: usize) -> Found<Which> {
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
            }
        }
        // Behind: "la semaine prochaine", "week after next", "Monday next".
        let starts = [at, self.skip(at, &[Lex::The]), self.skip(at, &[Lex::On])];
        for (index, &start) in starts.iter().enumerate() {
            if index > 0 && start == at {
                continue;
            }
            for edge in self.edges_at(start) {
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
            Lex::Unit(Unit::Hour | Unit::Minute | Unit::Second) if offset == 0 => {}
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
            Lex::Weekend | Lex::Weekends => found.push((end, anchored(Anchor::Weekend(which), 10))),
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

    /// "in two weeks", "3 days ago", "two days after tomorrow", "hace dos horas", "vor drei Tagen".
    fn shifts(&self, at: usize, found: &mut Found<Moment>) {
        for end in self.ends(at, Lex::In) {
            let end = self.skip(end, &[Lex::About, Lex::At]);
            found.extend(self.workdays(end).into_iter().map(|(end, n)| (end, workdays_from_today(n))));
            for (end, length) in self.length(end) {
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
        for the in self.ends(at, Lex::The) {
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
    fn is_ago_word(&self, at: usize, end: usize) -> bool {
        match self.language() {
            Language::De => self.is_word(at, &["vor"]) && end == at + 1,
            Language::Es => self.is_word(at, &["hace"]),
            Language::Fr => self.is_word(at, &["il", "y", "ca"]),
            Language::En => false,
        }
    }

    /// "the first Monday of April", "last day of the month", "third Tuesday after Easter", "2 Fridays ago".
    fn nths(&self, at: usize, found: &mut Found<Moment>) {
        for start in self.starts(at, &[Lex::The, Lex::On]) {
            for (end, n) in self.ordinal(start) {
                if let (1..=2, Some(half)) = (n, self.half_year_word(end)) {
                    found.push((half, anchored(Anchor::HalfYear(n as u8), 8)));
                }
                for (closest_end, weekday) in self.closest(end) {
                    self.nearest_to(closest_end, n as i8, weekday, found);
                }
                for (end, counted) in self.counted(end) {
                    self.nth_within(end, n, counted, found);
                }
            }
            for (end, weekday) in self.closest(start) {
                self.nearest_to(end, 1, weekday, found);
            }
        }
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
        // "the Friday after Easter", "the day before Christmas"
        let start = self.skip(at, &[Lex::The]);
        for (end, weekday) in self.any_weekday(start) {
            for (lex, n) in [(Lex::After, 1), (Lex::Before, -1)] {
                for base in self.ends(end, lex) {
                    for (last, from) in self.nested(|| self.dates(base)) {
                        let anchor =
                            Anchor::NthFrom { n, counted: Counted::Weekday(weekday), from: Box::new(from) };
                        found.push((last, anchored(anchor, 12)));
                    }
                }
            }
        }
    }

    /// "half of" a year, "Halbjahr", "semestre".
    fn half_year_word(&self, at: usize) -> Option<usize> {
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

    fn closest(&self, at: usize) -> Found<i8> {
        self.ends(at, Lex::Closest)
            .chain(self.ends(at, Lex::Coming))
            .flat_map(|end| self.any_weekday(end))
            .collect()
    }

    fn nearest_to(&self, at: usize, n: i8, weekday: i8, found: &mut Found<Moment>) {
        for to in self.ends(at, Lex::To) {
            for (last, moment) in self.nested(|| self.dates(to)) {
                let anchor = Anchor::Closest { n, weekday, to: Box::new(moment) };
                found.push((last, anchored(anchor, 40)));
            }
        }
    }

    fn any_weekday(&self, at: usize) -> Found<i8> {
        self.each(at, |lex| match lex {
            Lex::Weekday(day) | Lex::Weekdays(day) => Some(day),
            _ => None,
        })
    }

    fn counted(&self, at: usize) -> Found<Counted> {
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

    fn nth_within(&self, at: usize, n: i16, counted: Counted, found: &mut Found<Moment>) {
        if counted == Counted::Unit(Unit::Quarter) && (1..=4).contains(&n) {
            found.push((at, anchored(Anchor::Quarter(n as u8), 10)));
        }
        for glue in [Lex::Of, Lex::In] {
            for of in self.ends(at, glue) {
                for (end, within) in self.nested(|| self.dates_or_units(of)) {
                    let anchor = Anchor::Nth { n, counted, within: Some(Box::new(within)) };
                    found.push((end, anchored(anchor, 24)));
                }
            }
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
                    let anchor = Anchor::NthFrom { n: n * sign, counted, from: Box::new(from) };
                    found.push((end, anchored(anchor, 24)));
                }
            }
        }
    }

    /// Dates, or "the month", "the year" as this one.
    fn dates_or_units(&self, at: usize) -> Found<Moment> {
        let mut found = self.dates(at);
        for start in [at, self.skip(at, &[Lex::The]), self.skip(self.skip(at, &[Lex::Of]), &[Lex::The])] {
            for (end, unit) in self.unit(start) {
                if unit >= Unit::Day {
                    found.push((end, anchored(Anchor::Cycle { unit, offset: 0 }, 6)));
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

    /// Moments that name days, without a time of day.
    pub(super) fn dates(&self, at: usize) -> Found<Moment> {
        let mut found = self.moments(at);
        found.retain(|(_, moment)| {
            let month_alone = moment.month.is_some() || moment.weekday.is_some() || moment.year.is_some();
            moment.has_date() && !moment.has_time() && (!moment.latent || month_alone)
        });
        found
    }

    /// "end of March", "mid-July", "early next week", "late 2027", "the rest of the week".
    fn edges_of(&self, at: usize, found: &mut Found<Moment>) {
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
                        if day || matches!(moment.anchor, Some(Anchor::Day(_) | Anchor::Now)) {
                            continue;
                        }
                        found.push((end, edge_of(kind, moment)));
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
                let next = self.skip(end, &[Lex::The]);
                for (last, unit) in self.unit(next) {
                    if unit == Unit::Day {
                        found.push((last, anchored(Anchor::Day(0), 6)));
                    } else if unit > Unit::Day {
                        found.push((last, anchored(Anchor::Cycle { unit, offset: 0 }, 8)));
                    }
                }
            }
        }
        // "Monday's end": "March end" is said, too.
        for (end, month) in self.each(at, |lex| if let Lex::Month(month) = lex { Some(month) } else { None })
        {
            if self.language() == Language::En && self.is_word(end, &["end"]) {
                let moment = Moment { month: Some((month, Which::Bare)), ..Moment::default() };
                found.push((end + 1, edge_of(Edge::End, moment)));
            }
        }
    }

    /// Weekends, seasons, quarters, decades, weeks by number, "the week of the 6th".
    fn blocks(&self, at: usize, found: &mut Found<Moment>) {
        for start in self.starts(at, &[Lex::The]) {
            for edge in self.edges_at(start) {
                match edge.lex {
                    Lex::Weekend => {
                        let moment = anchored(Anchor::Weekend(Which::Bare), 16);
                        found.push((edge.end, moment));
                    }
                    Lex::Season(season) => {
                        let latent = self.is_word(start, &["fall", "spring"]) && start == at;
                        let moment = anchored(Anchor::Season { season, which: Which::Bare }, 8);
                        found.push((edge.end, Moment { latent, ..moment }));
                    }
                    Lex::Unit(Unit::Week) => self.week_of(edge.end, found),
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
        self.decade(at, found);
    }

    fn week_of(&self, at: usize, found: &mut Found<Moment>) {
        for (end, number) in self.number(at) {
            let with_number = self.number_token(at).is_some_and(|(_, digits)| digits <= 2);
            if with_number && (1..=53).contains(&number) {
                found.push((end, anchored(Anchor::IsoWeek(number as u8), 10)));
            }
        }
        let starts = [Lex::Of, Lex::From].into_iter().flat_map(|lex| self.ends(at, lex)).collect::<Vec<_>>();
        for start in starts {
            for (end, moment) in self.nested(|| self.dates_with_bare(start)) {
                let days = moment.day.is_some()
                    || moment.holiday.is_some()
                    || matches!(moment.anchor, Some(Anchor::Day(_)));
                if days {
                    let anchor = Anchor::UnitOf { unit: Unit::Week, of: Box::new(moment) };
                    found.push((end, anchored(anchor, 14)));
                }
            }
        }
    }

    fn dates_with_bare(&self, at: usize) -> Found<Moment> {
        let mut found = self.moments(at);
        found.retain(|(_, moment)| moment.has_date() && !moment.has_time());
        found
    }

    /// "Q3", "Q3 2027", "2027Q3", "18q4", "H1".
    fn quarter_code(&self, at: usize, found: &mut Found<Moment>) {
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

    /// "the 90s", "the 1980s".
    fn decade(&self, at: usize, found: &mut Found<Moment>) {
        let start = self.skip(at, &[Lex::The]);
        let start = if self.is_sign(start, '\'') { start + 1 } else { start };
        if let Some((value, digits)) = self.number_token(start)
            && value % 10 == 0
            && self.is_word(start + 1, &["s"])
            && self.glued(start + 1)
        {
            let decade = match digits {
                4 => value as i32,
                2 if start > at => super::number::long_year(value),
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

    /// "later today", "something earlier", "same time Thursday", "that day".
    fn corrections(&self, at: usize, found: &mut Found<Moment>) {
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
                        found.push((last, anchored(Anchor::Rest(unit), 8)));
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
            found.push((end, anchored(anchor, 6)));
        }
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

fn edge_of(edge: Edge, of: Moment) -> Moment {
    let weight = of.weight + 4;
    anchored(Anchor::Edge { edge, of: Box::new(of) }, weight)
}

fn shift(length: Length, sign: i8, base: Base) -> Moment {
    anchored(Anchor::Shift { length, sign, base }, 12)
}
