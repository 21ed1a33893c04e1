//! Moments: parts that fit together, whatever their order ("at 3 on Tuesday", "Tuesday afternoon around 2").

use std::rc::Rc;

use super::clock::Told;
use super::{Found, Parser};
use crate::locale::Language;
use crate::natural_time::ast::{Anchor, Clock, Half, Moment, Pod, Time, Unit};
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

    /// "at 3", "3pm", "from 2 to 4", "after noon", "same time".
    fn times(&self, at: usize, found: &mut Found<Moment>) {
        let mut starts = vec![(at, false)];
        for end in self.ends(at, Lex::At) {
            starts.push((end, true));
            starts.extend(self.ends(end, Lex::About).map(|end| (end, true)));
            starts.extend(self.ends(end, Lex::At).map(|end| (end, true)));
        }
        if self.language() == Language::En {
            starts.extend(self.ends(at, Lex::For).filter(|&end| end == at + 1).map(|end| (end, false)));
            starts.extend(self.ends(at, Lex::About).filter(|&end| end == at + 1).map(|end| (end, false)));
        }
        for &(start, licensed) in &starts {
            for (end, told) in self.clock(start) {
                let amount = licensed && self.counts_something(start, end);
                if !told.strong && (amount || !licensed && self.is_year_like(start)) {
                    continue;
                }
                let strong = told.strong || licensed;
                let weight = if told.strong {
                    10
                } else if licensed {
                    8
                } else {
                    1
                };
                found.push((end, timed(Time::At(told.clock), weight, !strong)));
            }
        }
        self.clock_ranges(at, found);
        for (lex, after) in [
            (Lex::After, true),
            (Lex::Before, false),
            (Lex::From, true),
            (Lex::Until, false),
            (Lex::Since, true),
        ] {
            for start in self.ends(at, lex) {
                // "de 2013" is no time of day.
                let of = lex == Lex::From && self.is_of(at);
                let start = self.skip(start, &[Lex::At]);
                for (end, told) in self.clock(start) {
                    if of || !told.strong && (self.counts_something(start, end) || self.is_year_like(start)) {
                        continue;
                    }
                    let time = if after { Time::After(told.clock) } else { Time::Before(told.clock) };
                    found.push((end, timed(time, 7, !told.strong)));
                }
            }
        }
        for end in self.ends(at, Lex::SameTime) {
            found.push((end, timed(Time::Same, 6, true)));
        }
    }

    /// "de" and "du", which stand for "of" more often than for "from".
    pub(super) fn is_of(&self, at: usize) -> bool {
        matches!(self.language(), Language::Es | Language::Fr)
            && self.is_word(at, &["de", "du", "del", "des"])
    }

    /// Four digits that are a year rather than a time.
    fn is_year_like(&self, at: usize) -> bool {
        self.number_token(at).is_some_and(|(value, digits)| digits == 4 && (1900..2060).contains(&value))
    }

    /// A unit or the like follows the number: it is an amount.
    fn counts_something(&self, start: usize, end: usize) -> bool {
        let number = self.number_token(start).is_some() || !self.number(start).is_empty();
        let counted = |edge: &super::Edge| {
            matches!(edge.lex, Lex::Unit(_) | Lex::Workdays | Lex::Fortnight | Lex::Month(_))
        };
        let letter = self.is_word(end, &["s", "m", "d", "w", "y", "h", "j"]);
        let of = self.skip(end, &[Lex::Of]);
        let month = of > end && self.edges_at(of).iter().any(|edge| matches!(edge.lex, Lex::Month(_)));
        number && (!letter && self.edges_at(end).iter().any(counted) || month)
    }

    /// "9 to 5", "between 2 and 4", "3-5pm", "de 9h à 11h", "zwischen 9 und 11 Uhr".
    fn clock_ranges(&self, at: usize, found: &mut Found<Moment>) {
        let mut starts = vec![(at, false)];
        for lex in [Lex::From, Lex::Between] {
            // "du 13 au 18" are days.
            let days =
                matches!(self.language(), Language::Es | Language::Fr) && self.is_word(at, &["du", "del"]);
            for end in self.ends(at, lex).filter(|_| !days) {
                starts.push((end, true));
                starts.extend(self.ends(end, Lex::At).map(|end| (end, true)));
                starts.extend(self.ends(end, Lex::About).map(|end| (end, true)));
            }
        }
        for end in self.ends(at, Lex::At) {
            starts.push((end, false));
        }
        for &(start, led) in &starts {
            for (end, from) in self.clock(start) {
                for next in self.joints(end, led) {
                    // "samedi 16 à 18h" is a day and a time.
                    let day_and_time = !led
                        && !from.strong
                        && matches!(self.language(), Language::Es | Language::Fr)
                        && self.is(end, Lex::At);
                    if day_and_time || self.is_year_like(start) && self.is_year_like(next) {
                        continue;
                    }
                    for (last, to) in self.clock(next) {
                        self.clock_range(last, from, to, led, found);
                    }
                }
            }
        }
        // "after 9:30 but before 11"
        for lex in [Lex::After, Lex::From] {
            for start in self.ends(at, lex) {
                for (end, from) in self.clock(start) {
                    let but = if self.is_word(end, &["but", "aber", "pero", "mais", "and", "und"]) {
                        end + 1
                    } else {
                        end
                    };
                    if self.is_year_like(start) {
                        continue;
                    }
                    for before in self.ends(but, Lex::Before).chain(self.ends(but, Lex::Until)) {
                        for (last, to) in self.clock(before) {
                            self.clock_range(last, from, to, true, found);
                        }
                    }
                }
            }
        }
    }

    fn clock_range(&self, end: usize, from: Told, to: Told, led: bool, found: &mut Found<Moment>) {
        let (mut first, last) = (from.clock, to.clock);
        // "3 to 5pm": the half of the end is that of the start, unless it would then end before it starts.
        if first.ambiguous && last.half == Some(Half::Pm) {
            let pm = if first.hour == 12 { 12 } else { first.hour + 12 };
            if (pm, first.minute) < (last.hour, last.minute) {
                first = Clock { hour: pm, ambiguous: false, half: Some(Half::Pm), ..first };
            } else {
                first.ambiguous = false;
            }
        } else if first.ambiguous && last.half == Some(Half::Am) {
            let am = first.hour % 12;
            first = Clock { hour: am, ambiguous: false, half: Some(Half::Am), ..first };
        }
        if self.counts_something_before(end) {
            return;
        }
        let strong = from.strong || to.strong;
        // "15 to noon" is a quarter of an hour before it.
        let minutes = !led && !from.strong && first.grain == Unit::Hour && first.hour % 5 == 0 && last.named;
        let weight = if minutes {
            6
        } else if led || strong {
            14
        } else {
            4
        };
        found.push((end, timed(Time::Between(first, last), weight, !(led || strong))));
        let tail = self.skip(end, &[Lex::Ish]);
        if tail > end {
            found.push((tail, timed(Time::Between(first, last), weight, !(led || strong))));
        }
    }

    fn counts_something_before(&self, end: usize) -> bool {
        self.edges_at(end).iter().any(|edge| matches!(edge.lex, Lex::Unit(_) | Lex::Month(_)))
            && !self.is_word(end, &["s", "m", "d", "w", "y", "h", "j"])
    }

    /// Where the second end of a range may begin.
    pub(super) fn joints(&self, at: usize, led: bool) -> Vec<usize> {
        let mut next: Vec<usize> = Vec::new();
        for lex in [Lex::To, Lex::Until, Lex::Through] {
            next.extend(self.ends(at, lex));
        }
        if led {
            next.extend(self.ends(at, Lex::And));
        }
        // "forty-five" is one number.
        let one_number = at > 0
            && self.glued(at)
            && self.glued(at + 1)
            && self.token(at - 1).is_some_and(|token| token.word().is_some())
            && !self.number(at - 1).is_empty()
            && !self.number(at + 1).is_empty();
        if self.is_sign(at, '-') && !one_number {
            next.push(at + 1);
            if self.is_sign(at + 1, '-') {
                next.push(at + 2);
            }
        }
        if self.is_sign(at, '/') && self.language() == Language::De {
            next.push(at + 1);
        }
        let mut more: Vec<usize> = next
            .iter()
            .flat_map(|&end| {
                [self.skip(end, &[Lex::The]), self.skip(end, &[Lex::At]), self.skip(end, &[Lex::About])]
            })
            .collect();
        next.append(&mut more);
        next.sort_unstable();
        next.dedup();
        next
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
                let latent = start == at && edge.end == at + 1;
                let weight = if latent { 5 } else { 7 };
                found.push((edge.end, Moment { pod: Some(pod), weight, latent, ..Moment::default() }));
            }
        }
        self.early_and_late(at, found);
        for end in self.ends(at, Lex::Any) {
            for edge in self.edges_at(end) {
                match edge.lex {
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
                    if moment.time.is_some() || !moment.has_date() {
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

    /// "EST", "GMT+2", "Z", "+02:00" after a time.
    fn zone(&self, at: usize, found: &mut Found<Moment>) {
        let start = if self.is_sign(at, '(') { at + 1 } else { at };
        for (end, zone) in self.each(start, |lex| if let Lex::Zone(zone) = lex { Some(zone) } else { None }) {
            let name = self.token(start).and_then(|token| token.word()).is_some_and(|word| word.len() <= 2);
            if name && !self.token(start).is_some_and(|token| token.capital) {
                continue;
            }
            let closed = if start > at && self.is_sign(end, ')') { end + 1 } else { end };
            let moment = Moment { zone: Some(zone), weight: 3, latent: true, ..Moment::default() };
            let utc = zone == crate::natural_time::ast::Zone::Offset(0);
            if let (true, Some((minutes, end))) = (utc, self.offset(end)) {
                let zone = Some(crate::natural_time::ast::Zone::Offset(minutes));
                found.push((end, Moment { zone, ..moment.clone() }));
            }
            found.push((closed, moment));
        }
        let after_clock =
            at > 1 && self.glued(at) && self.number_token(at - 1).is_some_and(|(_, digits)| digits == 2);
        if let (true, Some((minutes, end))) = (after_clock, self.offset(at)) {
            let zone = Some(crate::natural_time::ast::Zone::Offset(minutes));
            found.push((end, Moment { zone, weight: 3, latent: true, ..Moment::default() }));
        }
    }

    fn offset(&self, at: usize) -> Option<(i16, usize)> {
        let sign = if self.is_sign(at, '+') {
            1
        } else if self.is_sign(at, '-') {
            -1
        } else {
            return None;
        };
        if !self.glued(at + 1) {
            return None;
        }
        let (value, digits) = self.number_token(at + 1)?;
        let (hours, minutes, end) = match digits {
            4 => (value / 100, value % 100, at + 2),
            1 | 2 => {
                match self.number_token(at + 3).filter(|_| self.is_sign(at + 2, ':') && self.glued(at + 2)) {
                    Some((minutes, 2)) => (value, minutes, at + 4),
                    _ => (value, 0, at + 2),
                }
            }
            _ => return None,
        };
        (hours <= 14 && minutes < 60).then(|| (sign * (hours * 60 + minutes) as i16, end))
    }
}

fn timed(time: Time, weight: i32, latent: bool) -> Moment {
    Moment { time: Some(time), weight, latent, ..Moment::default() }
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
    now(a) && shift(b) || shift(a) && now(b)
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
            )
        );
        if complete && (y.weekday.is_some() || y.day.is_some() || y.month.is_some()) {
            return false;
        }
        !(matches!(x.time, Some(Time::Same)) && y.pod.is_some())
    };
    pair(a, b) && pair(b, a)
}
