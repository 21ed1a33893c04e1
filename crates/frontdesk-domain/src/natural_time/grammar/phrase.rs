//! Whole phrases: moments, ranges, open ends, lengths, recurrences.

use super::{Found, Parser, Reading};
use crate::locale::Language;
use crate::natural_time::ast::{Anchor, Base, Length, Moment, Phrase, Time, Unit};
use crate::natural_time::lexicon::Lex;
use crate::natural_time::token::Kind;

impl Parser<'_> {
    pub(super) fn phrases(&self, at: usize) -> Vec<Reading> {
        let mut found: Vec<Reading> = Vec::new();
        for (end, phrase) in self.recurring(at) {
            found.push(Reading { end, phrase, latent: false });
        }
        for (end, moment) in self.moments(at) {
            // "Tuesday onwards"
            let certain = moment.has_date() || moment.has_time() && !moment.latent;
            if self.is_word(end, &["onwards", "onward"]) && certain {
                found.push(Reading { end: end + 1, phrase: Phrase::Starting(moment.clone()), latent: false });
            }
            let latent = moment.latent || !moment.has_date() && moment.zone.is_some() && !moment.has_time();
            found.push(Reading { end, phrase: Phrase::Moment(moment), latent });
        }
        self.ranges(at, &mut found);
        self.open_ends(at, &mut found);
        self.lengths(at, &mut found);
        self.sums(at, &mut found);
        found
    }

    /// "July 13 to 15", "Monday to Friday", "from March until May", "2-5 June".
    fn ranges(&self, at: usize, found: &mut Vec<Reading>) {
        let mut starts = vec![(at, false)];
        for lex in [Lex::From, Lex::Between] {
            for end in self.ends(at, lex) {
                starts.push((end, true));
                starts.extend(self.ends(end, Lex::The).map(|end| (end, true)));
                starts.extend(self.ends(end, Lex::On).map(|end| (end, true)));
            }
        }
        for lex in [Lex::The, Lex::On] {
            starts.extend(self.ends(at, lex).map(|end| (end, false)));
        }
        starts.sort_unstable();
        starts.dedup();
        for &(start, led) in &starts {
            for (end, from) in self.range_ends(start) {
                let mut joints = self.joints(end, led);
                // ISO 8601 intervals
                if self.is_sign(end, '/') && from.year.is_some() && from.day.is_some() {
                    joints.push(end + 1);
                }
                for next in joints {
                    // "mañana a las 9", "demain à 9h" are moments.
                    let at_time =
                        matches!(self.language(), Language::Es | Language::Fr) && self.is(end, Lex::At);
                    for (last, to) in self.with_years(self.range_ends(next), &from) {
                        if !self.step() {
                            return;
                        }
                        let day = to.month.is_some() || to.weekday.is_some() || led && to.day.is_some();
                        if at_time && (!day || to.has_time()) {
                            continue;
                        }
                        if let Some((from, to)) = self.completed(&from, &to, led) {
                            // A time of day after the days is of both.
                            found.push(Reading {
                                end: last,
                                phrase: Phrase::Range { from, to },
                                latent: false,
                            });
                        }
                    }
                }
            }
        }
    }

    /// "June 12-14, 2027": the year stands behind the second day.
    fn with_years(&self, mut ends: Found<Moment>, from: &Moment) -> Found<Moment> {
        if from.month.is_none() || from.day.is_none() || from.year.is_some() {
            return ends;
        }
        let mut more = Vec::new();
        for (end, to) in &ends {
            if to.day.is_some() && to.month.is_none() && to.year.is_none() && !to.has_time() {
                let years = self.year(self.skip_comma(*end));
                more.extend(
                    years.into_iter().map(|(last, year)| (last, Moment { year: Some(year), ..to.clone() })),
                );
            }
        }
        ends.append(&mut more);
        ends
    }

    /// "now + 2 hours", "4pm - 30 minutes", "+3 days".
    fn sums(&self, at: usize, found: &mut Vec<Reading>) {
        let sign = |at: usize| match self.token(at).map(|token| &token.kind) {
            Some(Kind::Sign('+')) => Some(1),
            Some(Kind::Sign('-')) => Some(-1),
            _ => None,
        };
        let mut push = |start: usize, sign: i8, base: Base, latent: bool| {
            for (end, length) in self.length(start) {
                let moment = super::anchor::shift(length, sign, base.clone());
                found.push(Reading { end, phrase: Phrase::Moment(moment), latent });
            }
        };
        if let (Some(sign), true, true) = (sign(at), self.glued(at + 1), self.number_token(at + 1).is_some())
        {
            push(at + 1, sign, Base::Now, true);
        }
        for (end, moment) in self.moments(at) {
            if let (Some(sign), false, Some(_)) = (sign(end), moment.latent, self.number_token(end + 1)) {
                push(end + 1, sign, Base::Moment(Box::new(moment)), false);
            }
        }
    }

    fn range_ends(&self, at: usize) -> Found<Moment> {
        let mut found = self.moments(at);
        found.retain(|(_, moment)| {
            !matches!(moment.time, Some(Time::Between(..) | Time::After(_) | Time::Before(_)))
        });
        found
    }

    /// Each end with what only the other said; nothing when they are no two ends of one thing.
    fn completed(&self, from: &Moment, to: &Moment, led: bool) -> Option<(Moment, Moment)> {
        let (mut from, mut to) = (from.clone(), to.clone());
        let number = |moment: &Moment| moment.day.is_some() && moment.month.is_none();
        if from.zone.is_none() {
            from.zone = to.zone;
        }
        if number(&from) && to.month.is_some() && to.day.is_some() {
            from.month = to.month;
            from.year = from.year.or(to.year);
        } else if number(&to) && from.month.is_some() && from.day.is_some() {
            to.month = from.month;
            to.year = to.year.or(from.year);
            from.year = from.year.or(to.year);
        } else if from.month.is_some() && to.month.is_some() && from.year.is_none() {
            from.year = to.year.filter(|_| {
                let order = |moment: &Moment| (moment.month.map(|(month, _)| month), moment.day);
                order(&from) <= order(&to)
            });
        }
        let bare = |moment: &Moment| number(moment) && moment.latent && moment.weekday.is_none();
        let days = led && matches!(self.language(), Language::Fr | Language::Es);
        if (bare(&from) || bare(&to)) && !days {
            return None;
        }
        if from.latent
            && to.latent
            && from.month.is_none()
            && from.year.is_none()
            && !(led && from.weekday.is_some())
        {
            let weekdays = from.weekday.is_some() && to.weekday.is_some();
            let both = days && from.day.is_some() && to.day.is_some();
            if !weekdays && !both {
                return None;
            }
        }
        // "Monday 9am to 5pm" is one day.
        if to.has_time() && !to.has_date() && from.has_date() {
            if !from.has_time() {
                return None;
            }
            to = Moment { time: to.time, pod: to.pod, zone: to.zone, ..day_of(&from) };
        } else if from.has_time() && !from.has_date() && to.has_date() {
            if !to.has_time() || from.latent {
                return None;
            }
            from = Moment { time: from.time, pod: from.pod, ..day_of(&to) };
        }
        let kind = |moment: &Moment| {
            if matches!(moment.anchor, Some(Anchor::Now)) {
                9
            } else if moment.day.is_some() || moment.weekday.is_some() || moment.holiday.is_some() {
                1
            } else if moment.month.is_some() {
                2
            } else if moment.year.is_some() {
                3
            } else if moment.anchor.is_some() {
                4
            } else {
                5
            }
        };
        let (a, b) = (kind(&from), kind(&to));
        let alike = a == b || a == 4 || b == 4 || a == 9 || b == 9 || led && (a <= 2 && b <= 2);
        let clear = from.zone.is_some() && to.zone.is_some();
        if !alike || a == 5 && !(from.pod.is_some() || clear && from.has_time() && to.has_time()) {
            return None;
        }
        (from.has_date() || from.has_time()).then_some((from, to))
    }

    /// "after Friday", "before the 12th", "by noon", "since Monday", "until March", "within two weeks".
    fn open_ends(&self, at: usize, found: &mut Vec<Reading>) {
        let rules: [(Lex, Make); 7] = [
            (Lex::After, Phrase::After),
            (Lex::Before, Phrase::Before),
            (Lex::By, Phrase::By),
            (Lex::Since, Phrase::Since),
            (Lex::From, Phrase::Starting),
            (Lex::Until, Phrase::Until),
            (Lex::Through, Phrase::By),
        ];
        for (lex, phrase) in rules {
            for start in self.ends(at, lex) {
                let from = lex == Lex::From;
                for (end, moment) in self.open_moments(start) {
                    let day = moment.day.is_some() && moment.month.is_none() && moment.weekday.is_none();
                    let weak = moment.latent
                        && !(day
                            || moment.month.is_some()
                            || moment.weekday.is_some()
                            || moment.time.is_some()
                            || moment.pod.is_some());
                    let open =
                        matches!(moment.time, Some(Time::Between(..) | Time::After(_) | Time::Before(_)));
                    // "from 3 to 5 stars" has been no range, and is no beginning.
                    let half =
                        from && moment.latent && self.is(end, Lex::To) && !self.number(end + 1).is_empty();
                    if weak || open || half || from && self.is_of(at) && start == at + 1 {
                        continue;
                    }
                    let bare_number = moment.latent && moment.weight <= 2;
                    let romance = matches!(self.language(), Language::Es | Language::Fr);
                    let latent = bare_number && (moment.time.is_none() && moment.day.is_some() || romance);
                    // "the report from last month" does not begin then.
                    let over =
                        matches!(moment.anchor, Some(Anchor::Cycle { offset: ..0, .. } | Anchor::Day(..0)));
                    if from && over && self.language() == Language::En {
                        continue;
                    }
                    let end = if from
                        && self.is_word(end, &["on", "onwards", "onward", "an"])
                        && self.token(end + 1).is_none_or(|next| next.word().is_none())
                    {
                        end + 1
                    } else {
                        end
                    };
                    let moment = if from { Moment { weight: moment.weight - 2, ..moment } } else { moment };
                    if moment.latent && moment.time.is_some() && self.counts_after(end) {
                        continue;
                    }
                    // "from 5 days": a length, not a day.
                    found.push(Reading { end, phrase: phrase(moment), latent });
                }
                if matches!(lex, Lex::After) && self.language() == Language::En {
                    for (end, length) in self.length(start) {
                        let anchor =
                            Anchor::Shift { length, sign: 1, base: crate::natural_time::ast::Base::Now };
                        let moment = super::anchor::anchored(anchor, 6);
                        found.push(Reading { end, phrase: Phrase::Starting(moment), latent: false });
                    }
                }
            }
        }
        for start in self.ends(at, Lex::Within) {
            for (end, n) in self.workdays(start) {
                let moment = super::anchor::workdays_from_today(n);
                found.push(Reading { end, phrase: Phrase::By(moment), latent: false });
            }
            for (end, unit) in self.unit(self.skip(start, &[Lex::The])) {
                let length = Length::of(unit, 1000);
                found.push(Reading { end, phrase: Phrase::Within(length), latent: false });
            }
            for (end, length) in self.length(start) {
                // "within 30 days of June 1"
                for of in self.ends(end, Lex::Of).chain(self.ends(end, Lex::From)) {
                    for (last, from) in self.nested(|| self.dates(of)) {
                        if from.anchor == Some(Anchor::Now) {
                            continue;
                        }
                        let phrase = Phrase::For { length: length.clone(), from };
                        found.push(Reading { end: last, phrase, latent: false });
                    }
                }
                let from_now =
                    self.ends(end, Lex::Hence).map(|last| (last, length.clone())).collect::<Vec<_>>();
                for (end, length) in from_now.into_iter().chain([(end, length)]) {
                    found.push(Reading { end, phrase: Phrase::Within(length), latent: false });
                }
            }
        }
    }

    fn counts_after(&self, end: usize) -> bool {
        self.edges_at(end).iter().any(|edge| matches!(edge.lex, Lex::Unit(_) | Lex::Workdays))
    }

    fn open_moments(&self, at: usize) -> Found<Moment> {
        let mut found = self.moments(at);
        let more: Found<Moment> = [Lex::The, Lex::At, Lex::On]
            .into_iter()
            .flat_map(|lex| self.ends(at, lex))
            .flat_map(|end| self.moments(end))
            .collect();
        found.extend(more);
        found.sort_by_key(|(end, moment)| std::cmp::Reverse((*end, moment.weight)));
        found.truncate(24);
        found
    }

    /// "for two hours", "for 10 days from May 3", "4pm for 30 minutes".
    fn lengths(&self, at: usize, found: &mut Vec<Reading>) {
        let led = self.ends(at, Lex::For).collect::<Vec<_>>();
        for (start, led) in led.into_iter().map(|end| (end, true)).chain([(at, false)]) {
            for (end, length) in self.length(start) {
                for from in self.ends(end, Lex::From).chain(self.ends(end, Lex::Since)) {
                    for (last, moment) in self.moments(from) {
                        let begins = self.is_word(end, &["starting", "beginning", "commencing"]);
                        if (led || begins) && !moment.latent {
                            let phrase = Phrase::For { length: length.clone(), from: moment };
                            found.push(Reading { end: last, phrase, latent: false });
                        }
                    }
                }
                if self.is_word(end, &["old", "alt"]) {
                    continue;
                }
                // "two hours on Monday" is a length and a day; only the length alone is here.
                let vague = self.is_sign(end, '/');
                if !vague {
                    let one_letter = self
                        .token(end - 1)
                        .and_then(|token| token.word())
                        .is_some_and(|word| word.len() == 1);
                    let latent = one_letter
                        && end == start + 2
                        && self.is_word(end - 1, &["d", "w", "y", "m", "s", "j"]);
                    let grain = length.grain.unwrap_or(Unit::Hour);
                    let said_a = (self.is(start, Lex::A) || self.is(start, Lex::About))
                        && (grain >= Unit::Day || grain <= Unit::Minute && length.seconds <= 60);
                    found.push(Reading {
                        end,
                        phrase: Phrase::Length(length),
                        latent: latent || said_a && !led,
                    });
                }
            }
        }
        self.lengths_beside(at, found);
        // "in 2-3 weeks"
        for start in self.ends(at, Lex::In) {
            for (end, (few, more)) in self.either_count(self.skip(start, &[Lex::About])) {
                for (end, unit) in self.unit(end) {
                    let counted = |count| super::anchor::shift(Length::of(unit, count), 1, Base::Now);
                    let phrase = Phrase::Range { from: counted(few), to: counted(more) };
                    found.push(Reading { end, phrase, latent: false });
                }
            }
        }
        for lead in [at].into_iter().chain(self.ends(at, Lex::From)) {
            for (end, moment) in self.moments(lead) {
                if moment.latent {
                    continue;
                }
                for next in self.ends(end, Lex::For) {
                    for (last, length) in self.length(next) {
                        let phrase = Phrase::For { length, from: moment.clone() };
                        found.push(Reading { end: last, phrase, latent: false });
                    }
                }
            }
        }
    }

    /// "the two weeks after Easter", "the three days before Christmas": the time there, not its end.
    fn lengths_beside(&self, at: usize, found: &mut Vec<Reading>) {
        for the in self.ends(at, Lex::The) {
            if self.number(the).is_empty() {
                continue;
            }
            for (end, length) in self.length(the).into_iter().filter(|(_, length)| length.is_calendar()) {
                for (lex, sign) in [(Lex::After, 1), (Lex::Before, -1)] {
                    for base in self.ends(end, lex) {
                        for (end, day) in self.nested(|| self.dates(base)) {
                            let step = if sign > 0 { Length::of(Unit::Day, 1000) } else { length.clone() };
                            let from = super::anchor::shift(step, sign, Base::Moment(Box::new(day)));
                            let phrase = Phrase::For { length: length.clone(), from };
                            found.push(Reading { end, phrase, latent: false });
                        }
                    }
                }
            }
        }
    }
}

/// Makes a phrase of a moment.
type Make = fn(Moment) -> Phrase;

/// The day of a moment without its time.
fn day_of(moment: &Moment) -> Moment {
    Moment { time: None, pod: None, ..moment.clone() }
}
