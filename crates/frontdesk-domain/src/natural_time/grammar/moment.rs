//! Moments: parts that fit together, whatever their order ("at 3 on Tuesday", "Tuesday afternoon around 2").

use std::rc::Rc;

use super::{Found, Parser};
use crate::locale::Language;
use crate::natural_time::ast::{Anchor, Base, Moment, Pod, Time, Unit};
use crate::natural_time::lexicon::Lex;

/// Most endings remembered for one start.
const MAX_FOUND: usize = 48;

impl Parser<'_> {
    /// Every moment that begins here, the longest first.
    pub(super) fn moments(&self, at: usize) -> Found<Moment> {
        if let Some(Some(known)) = self.moments.borrow().get(at) {
            return known.as_ref().clone();
        }
        let mut found: Found<Moment> = Vec::new();
        // The longest first: what is cut off by the limits is the least likely.
        let mut todo: Found<Moment> = Vec::new();
        for start in self.leads(at) {
            let named =
                start > at && (self.is(at, Lex::In) || self.is(at, Lex::On) || self.is(at, Lex::During));
            for (end, part) in self.parts(start).iter() {
                let mut part = part.clone();
                // "in May" is a month, "may" may not be.
                part.latent &= !named || part.month.is_none() && part.weekday.is_none();
                todo.push((*end, part));
            }
        }
        todo.reverse();
        while let Some((end, moment)) = todo.pop() {
            if found.len() >= MAX_FOUND || !self.step() {
                break;
            }
            let first = todo.len();
            for next in self.gaps(end) {
                for (last, part) in self.parts(next).iter() {
                    if let Some(both) = joined(&moment, part) {
                        let both = (*last, both);
                        if !found.contains(&both) && !todo.contains(&both) {
                            todo.push(both);
                        }
                    }
                }
            }
            if let Some(more) = todo.get_mut(first..) {
                more.sort_by_key(|(end, part)| (*end, part.weight));
            }
            found.push((end, moment));
        }
        found.sort_by_key(|(end, moment)| std::cmp::Reverse((*end, !moment.latent, moment.weight)));
        found.dedup_by(|b, a| a == b);
        found.truncate(MAX_FOUND);
        if let Some(slot) = self.moments.borrow_mut().get_mut(at) {
            *slot = Some(Rc::new(found.clone()));
        }
        found
    }

    /// Here, and behind a preposition that may stand before a moment.
    fn leads(&self, at: usize) -> Vec<usize> {
        let mut starts = vec![at];
        for edge in self.edges_at(at) {
            let leads = match edge.lex {
                // "How about Monday"
                Lex::At | Lex::About => !(at > 0 && self.is_word(at - 1, &["how", "what"])),
                Lex::On | Lex::During | Lex::Glue | Lex::In => true,
                Lex::Of => {
                    self.language() != Language::En
                        && !self.is_word(at, &["de", "d", "del", "du", "des", "der"])
                }
                _ => false,
            };
            if leads && !starts.contains(&edge.end) && !self.is_sign(at, ',') {
                starts.push(edge.end);
                let inner = self.skip(edge.end, &[Lex::The]);
                if !starts.contains(&inner) {
                    starts.push(inner);
                }
                let about = self.skip(edge.end, &[Lex::About]);
                if !starts.contains(&about) {
                    starts.push(about);
                }
            }
        }
        starts
    }

    /// Where the next part may begin.
    fn gaps(&self, at: usize) -> Vec<usize> {
        let mut places = vec![at];
        let mut seen = 0;
        while let Some(&place) = places.get(seen) {
            seen += 1;
            if seen > 6 {
                break;
            }
            for edge in self.edges_at(place) {
                let glue =
                    matches!(edge.lex, Lex::Glue | Lex::On | Lex::Of | Lex::The | Lex::During | Lex::In);
                if glue && !places.contains(&edge.end) && edge.end <= at + 6 {
                    places.push(edge.end);
                }
            }
            if (self.is_sign(place, '(') || self.is_sign(place, '.') && self.abbreviated(place))
                && !places.contains(&(place + 1))
            {
                places.push(place + 1);
            }
        }
        places
    }

    fn abbreviated(&self, at: usize) -> bool {
        let short =
            at > 0 && self.token(at - 1).and_then(|token| token.word()).is_some_and(|word| word.len() <= 4);
        short
            && self.glued(at)
            && self.token(at + 1).is_some_and(|next| !next.capital || self.number_token(at + 1).is_some())
    }

    /// One part: a day said in any way, a time of day, a zone.
    fn parts(&self, at: usize) -> Rc<Found<Moment>> {
        if let Some(Some(known)) = self.parts.borrow().get(at) {
            return Rc::clone(known);
        }
        let mut found = Vec::new();
        if self.step() && self.token(at).is_some() {
            found.extend(self.date(at));
            found.extend(self.anchors(at));
            self.times(at, &mut found);
            self.pods(at, &mut found);
            self.zone(at, &mut found);
        }
        found.sort_by_key(|(end, part)| std::cmp::Reverse((*end, part.weight)));
        found.dedup_by(|b, a| a == b);
        let found = Rc::new(found);
        // Cut short by the depth limit, it may be more elsewhere.
        if self.depth.get() <= 2
            && let Some(slot) = self.parts.borrow_mut().get_mut(at)
        {
            *slot = Some(Rc::clone(&found));
        }
        found
    }

    /// "in the morning", "afternoon"; which of the day is said elsewhere.
    fn pods(&self, at: usize, found: &mut Found<Moment>) {
        let greeting = at > 0 && self.is(at - 1, Lex::Good);
        if greeting {
            return;
        }
        for start in self.pod_starts(at) {
            for edge in self.edges_at(start) {
                let Lex::Pod(pod) = edge.lex else { continue };
                let latent =
                    start == at && edge.end == at + 1 || pod == Pod::FirstThing && edge.end == start + 2;
                let weight = if latent { 5 } else { 7 };
                found.push((edge.end, Moment { pod: Some(pod), weight, latent, ..Moment::default() }));
            }
        }
        self.early_and_late(at, found);
        for end in self.ends(at, Lex::Any) {
            for edge in self.edges_at(end) {
                match edge.lex {
                    // "one night" is a length.
                    Lex::Pod(Pod::Night) if self.is_word(at, &["one"]) => {}
                    Lex::Pod(pod) => {
                        let moment = Moment { pod: Some(pod), weight: 8, any: true, ..Moment::default() };
                        found.push((edge.end, moment.clone()));
                        for after in self.ends(edge.end, Lex::After) {
                            for (last, day) in self.nested(|| self.dates(after)) {
                                let length = crate::natural_time::ast::Length::of(Unit::Day, 1000);
                                let base = crate::natural_time::ast::Base::Moment(Box::new(day));
                                let anchor = Anchor::Shift { length, sign: 1, base };
                                found.push((
                                    last,
                                    Moment { anchor: Some(anchor), weight: 20, ..moment.clone() },
                                ));
                            }
                        }
                    }
                    Lex::Weekday(day) => {
                        let weekday = Some((day, crate::natural_time::ast::Which::Bare));
                        found.push((edge.end, Moment { weekday, weight: 8, any: true, ..Moment::default() }));
                    }
                    Lex::Unit(Unit::Day) | Lex::Workday => {
                        for (last, week) in self.nested(|| self.dates(edge.end)) {
                            found.push((last, Moment { any: true, ..week }));
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// "late Thursday afternoon", "early tomorrow morning".
    fn early_and_late(&self, at: usize, found: &mut Found<Moment>) {
        for (lex, early) in [(Lex::Early, true), (Lex::Late, false)] {
            for start in self.ends(at, lex) {
                for (end, moment) in self.nested(|| self.moments(start)) {
                    // "early next week, in the morning" is early in the week.
                    let long = matches!(moment.anchor, Some(Anchor::Cycle { .. } | Anchor::Weekend(_)));
                    if moment.time.is_some() || !moment.has_date() || long {
                        continue;
                    }
                    let pod = match (moment.pod, early) {
                        (Some(Pod::Morning), true) => Pod::EarlyMorning,
                        (Some(Pod::Morning), false) => Pod::LateMorning,
                        (Some(Pod::Afternoon), true) => Pod::EarlyAfternoon,
                        (Some(Pod::Afternoon), false) => Pod::LateAfternoon,
                        (Some(Pod::Evening), true) => Pod::EarlyEvening,
                        (Some(Pod::Evening | Pod::Night), false) => Pod::LateEvening,
                        _ => continue,
                    };
                    let weight = moment.weight + 4;
                    found.push((end, Moment { pod: Some(pod), weight, ..moment }));
                }
            }
        }
    }

    fn pod_starts(&self, at: usize) -> Vec<usize> {
        let mut starts = vec![at];
        for lex in [Lex::In, Lex::At, Lex::On, Lex::The, Lex::During, Lex::Of] {
            for end in self.ends(at, lex) {
                starts.push(end);
                starts.extend(self.ends(end, Lex::The));
            }
        }
        starts.sort_unstable();
        starts.dedup();
        starts
    }
}

/// Both together, when no slot is wanted twice.
pub(super) fn joined(a: &Moment, b: &Moment) -> Option<Moment> {
    let clash = a.weekday.is_some() && b.weekday.is_some()
        || a.day.is_some() && b.day.is_some()
        || a.month.is_some() && b.month.is_some()
        || a.year.is_some() && b.year.is_some()
        || a.holiday.is_some() && b.holiday.is_some()
        || a.time.is_some() && b.time.is_some()
        || a.pod.is_some() && b.pod.is_some()
        || a.zone.is_some() && b.zone.is_some()
        || a.anchor.is_some() && b.anchor.is_some() && !stacked(a, b);
    if clash || !sensible(a, b) {
        return None;
    }
    let pick = |x: Option<Anchor>, y: Option<Anchor>| match (x, y) {
        // "today in one hour", "Thanksgiving in a year": the shift says more.
        (Some(of), Some(Anchor::Cycle { unit, offset }))
        | (Some(Anchor::Cycle { unit, offset }), Some(of))
            if unit == Unit::Year && takes_year(&of) =>
        {
            let year = Moment { anchor: Some(Anchor::Cycle { unit, offset }), ..Moment::default() };
            Some(Anchor::InYear { of: Box::new(of), year: Box::new(year) })
        }
        // "a year ago today" is a day.
        (Some(Anchor::Day(0)), Some(Anchor::Shift { length, sign, base: Base::Now }))
        | (Some(Anchor::Shift { length, sign, base: Base::Now }), Some(Anchor::Day(0)))
            if length.grain.is_some_and(|unit| unit > Unit::Day) =>
        {
            let today = Moment { anchor: Some(Anchor::Day(0)), ..Moment::default() };
            Some(Anchor::Shift { length, sign, base: Base::Moment(Box::new(today)) })
        }
        (Some(Anchor::Day(0)), Some(other)) | (Some(other), Some(Anchor::Day(0))) => Some(other),
        (x, y) => x.or(y),
    };
    let weak_number =
        b.latent && b.time.is_some() && b.weight <= 1 || a.latent && a.time.is_some() && a.weight <= 1;
    Some(Moment {
        anchor: pick(a.anchor.clone(), b.anchor.clone()),
        weekday: a.weekday.or(b.weekday),
        day: a.day.or(b.day),
        month: a.month.or(b.month),
        year: a.year.or(b.year),
        holiday: a.holiday.or(b.holiday),
        time: a.time.clone().or_else(|| b.time.clone()),
        pod: a.pod.or(b.pod),
        zone: a.zone.or(b.zone),
        any: a.any || b.any,
        weight: a.weight + b.weight - i32::from(weak_number),
        latent: a.latent && b.latent,
        swapped: a.swapped.or(b.swapped),
    })
}

/// Two anchors of which one only repeats the other.
fn stacked(a: &Moment, b: &Moment) -> bool {
    let now = |moment: &Moment| matches!(moment.anchor, Some(Anchor::Day(0)));
    let shift = |moment: &Moment| matches!(moment.anchor, Some(Anchor::Shift { .. }));
    let year = |moment: &Moment| matches!(moment.anchor, Some(Anchor::Cycle { unit: Unit::Year, .. }));
    let of_year = |moment: &Moment| moment.year.is_none() && moment.anchor.as_ref().is_some_and(takes_year);
    now(a) && shift(b) || shift(a) && now(b) || year(a) && of_year(b) || of_year(a) && year(b)
}

/// What falls in every year, so that one may be named beside it.
fn takes_year(anchor: &Anchor) -> bool {
    let by_month = |moment: &Moment| moment.month.is_some() && moment.year.is_none();
    match anchor {
        Anchor::Quarter(_) | Anchor::HalfYear(_) | Anchor::Season { .. } | Anchor::IsoWeek(_) => true,
        Anchor::WeekendOf(of) => of.year.is_none() && of.holiday.is_some(),
        Anchor::Edge { of, .. } | Anchor::HalfOf { of, .. } => {
            by_month(of) || of.anchor.as_ref().is_some_and(takes_year)
        }
        Anchor::Run { within, .. } | Anchor::Nth { within: Some(within), .. } => by_month(within),
        _ => false,
    }
}

/// What may not stand together although the slots are free.
fn sensible(a: &Moment, b: &Moment) -> bool {
    let pair = |x: &Moment, y: &Moment| {
        let fine = |moment: &Moment| match &moment.anchor {
            Some(Anchor::Now | Anchor::Later { .. } | Anchor::Rest(_)) => true,
            Some(Anchor::Shift { length, .. }) => !length.is_calendar(),
            Some(Anchor::Cycle { unit, .. } | Anchor::Count { unit, .. }) => *unit < Unit::Day,
            _ => false,
        };
        let clock = y.time.is_some() || y.pod.is_some();
        // An exact instant takes no other time of day.
        if fine(x)
            && (clock || y.weekday.is_some() || y.day.is_some() || y.month.is_some() || y.holiday.is_some())
        {
            return false;
        }
        // A month is no day on which a clock could show a time: "Aug 5-16" are days.
        let month_only = y.month.is_some() && y.day.is_none() && y.weekday.is_none();
        if month_only
            && matches!(x.time, Some(Time::At(_) | Time::Between(..)))
            && x.weekday.is_none()
            && x.day.is_none()
        {
            return false;
        }
        // A zone belongs to a time on the clock.
        if x.zone.is_some()
            && x.time.is_none()
            && !matches!(y.time, Some(Time::At(_) | Time::Between(..) | Time::After(_) | Time::Before(_)))
        {
            return false;
        }
        // A bare number is a time only beside a day or a part of one.
        if x.latent && x.weight <= 1 && x.time.is_some() {
            let day = y.weekday.is_some()
                || y.day.is_some()
                || y.pod.is_some()
                || y.holiday.is_some()
                || matches!(y.anchor, Some(Anchor::Day(_) | Anchor::FromPrevious { .. }));
            if !day {
                return false;
            }
        }
        // A bare number of the month wants a weekday or a week beside it.
        if x.latent && x.weight <= 2 && x.day.is_some() && x.month.is_none() {
            let beside = y.weekday.is_some() && y.time.is_none()
                || matches!(y.anchor, Some(Anchor::Cycle { unit: Unit::Month, .. }));
            if !beside {
                return false;
            }
        }
        if x.year.is_some()
            && x.anchor.is_none()
            && x.month.is_none()
            && x.holiday.is_none()
            && x.weekday.is_none()
        {
            // A year alone goes with months, holidays, quarters and seasons.
            let fits = y.month.is_some()
                || y.holiday.is_some()
                || matches!(
                    y.anchor,
                    Some(
                        Anchor::Quarter(_)
                            | Anchor::Season { .. }
                            | Anchor::HalfYear(_)
                            | Anchor::IsoWeek(_)
                            | Anchor::Edge { .. }
                            | Anchor::WeekendOf(_)
                            | Anchor::HalfOf { .. }
                    )
                );
            if !fits {
                return false;
            }
        }
        let complete = matches!(
            x.anchor,
            Some(
                Anchor::Nth { .. }
                    | Anchor::NthFrom { .. }
                    | Anchor::Edge { .. }
                    | Anchor::Closest { .. }
                    | Anchor::Weekend(_)
                    | Anchor::WeekendOf(_)
            )
        );
        // "this weekend Saturday"
        let of_weekend = matches!(x.anchor, Some(Anchor::Weekend(_)))
            && y.weekday.is_some_and(|(day, _)| day >= 6)
            && y.day.is_none()
            && y.month.is_none();
        if complete
            && !of_weekend
            && (y.weekday.is_some() || y.day.is_some() || y.month.is_some() || y.holiday.is_some())
        {
            return false;
        }
        !(matches!(x.time, Some(Time::Same)) && y.pod.is_some())
    };
    pair(a, b) && pair(b, a)
}
