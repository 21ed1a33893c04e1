//! What a message changes in what is looked for: what, with whom, when, how long, for how many.

use jiff::{Span, Zoned};

use super::Shop;
use super::form::{Ask, BookingForm, Goal};
use super::heard::{self, Heard, With};
use super::wish::{Wish, next_day};
use crate::builtin::desk::Desk;
use crate::builtin::text;

/// Takes what, with whom, when, how long and for how many. `true` when something else is looked for now.
pub fn take(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm, heard: &Heard) -> bool {
    let before = (
        form.type_id.clone(),
        form.staff.clone(),
        form.not_staff.clone(),
        form.minutes,
        form.seats,
        form.wish.clone(),
    );
    let asked = matches!(form.asking, Some(Ask::Name | Ask::Question { .. }));
    if form.goal == Goal::Book && (!asked || heard.says("instead")) {
        let only_asks = heard.goal.is_none()
            && !heard.questions.is_empty()
            && heard.questions.len() == desk.heard.parts.len();
        if form.type_id.is_none() || !only_asks {
            what(shop, form, heard);
        }
    }
    // "Maria", when the name was asked, is the customer.
    let words = text::words(desk.input());
    let names_self = matches!(form.asking, Some(Ask::Name))
        && matches!(heard.with, Some(With::Named(_)))
        && !words.iter().any(|word| matches!(word.as_str(), "with" | "con" | "bei" | "avec"));
    if let Some(with) = heard.with.as_ref().filter(|_| !names_self) {
        with_whom(desk, shop, form, with);
    }
    if let Some(kind) = shop.kind(form).or_else(|| shop.types.first().filter(|_| shop.types.len() == 1)) {
        if let Some(seats) = heard.seats {
            if seats > kind.seats.max(1) {
                let most = kind.seats.max(1).to_string();
                desk.say(
                    if kind.seats > 1 { "book.seats_most" } else { "book.seats_one" },
                    &[("most", &most)],
                );
            } else {
                form.seats = (seats > 1).then_some(seats);
            }
        }
        let current = form.minutes.or_else(|| kind.minutes.first().copied());
        let lengths: Vec<u32> =
            heard.time.lengths.iter().copied().filter(|minutes| kind.minutes.contains(minutes)).collect();
        let other = lengths.iter().find(|minutes| Some(**minutes) != current).or_else(|| lengths.first());
        if let Some(minutes) = other {
            form.minutes = (kind.minutes.first() != Some(minutes)).then_some(*minutes);
        } else if !heard.time.lengths.is_empty() && !kind.minutes.is_empty() {
            let all: Vec<String> = kind.minutes.iter().map(|minutes| shop.clock.minutes(*minutes)).collect();
            let all = shop.clock.either(&all);
            desk.say("book.lengths", &[("lengths", &all)]);
        }
    }
    if form.goal != Goal::Cancel && form.goal != Goal::LookUp {
        when(shop, form, heard);
    }
    let after = (
        form.type_id.clone(),
        form.staff.clone(),
        form.not_staff.clone(),
        form.minutes,
        form.seats,
        form.wish.clone(),
    );
    let again = heard.says("other_time") || heard.says("none");
    before != after || (again && form.wish.is_some() && !form.rejected.is_empty())
}

fn what(shop: &Shop, form: &mut BookingForm, heard: &Heard) {
    match (heard.types.as_slice(), shop.types.as_slice()) {
        (_, [only]) => form.type_id = Some(only.id.clone()),
        ([one], all) => {
            if let Some(kind) = all.get(*one)
                && form.type_id.as_ref() != Some(&kind.id)
            {
                form.type_id = Some(kind.id.clone());
                form.minutes = None;
            }
        }
        _ => {}
    }
}

fn with_whom(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm, with: &With) {
    let choice: Vec<String> = match shop.kind(form) {
        Some(kind) => kind.staff.iter().map(|person| person.name.clone()).collect(),
        None => heard::all_staff(&shop.types).iter().map(|person| person.name.clone()).collect(),
    };
    match with {
        With::Named(person) => {
            let does = shop.kind(form).is_none_or(|kind| kind.staff.iter().any(|one| one.id == person.id));
            if does {
                form.staff = Some(person.id.clone());
                form.not_staff = None;
            } else {
                let names = shop.clock.either(&choice);
                desk.say("book.staff_not_for", &[("staff", &person.name), ("names", &names)]);
            }
        }
        With::Unknown => {
            let names = shop.clock.either(&choice);
            desk.say("book.staff_unknown", &[("names", &names)]);
        }
        With::Other => {
            let proposed = form.chosen.iter().chain(&form.offered).find_map(|offer| offer.staff.first());
            form.not_staff = form
                .staff
                .take()
                .or_else(|| proposed.map(|person| person.id.clone()))
                .or(form.not_staff.take());
        }
        With::Anybody => {
            form.staff = None;
            form.not_staff = None;
        }
    }
}

/// "Thursday", while next week is talked about, is that week's.
fn in_context(base: &Wish, said: &Wish) -> Option<Vec<(jiff::civil::Date, jiff::civil::Date)>> {
    let ([(from, to)], [(day, end)]) = (base.days.as_slice(), said.days.as_slice()) else { return None };
    if next_day(*day) != *end || day >= from || next_day(next_day(*from)) >= *to {
        return None;
    }
    let weeks = (0..8).map(|week| day.saturating_add(Span::new().days(week * 7)));
    let moved = weeks.into_iter().find(|day| day >= from).filter(|day| day < to)?;
    Some(vec![(moved, next_day(moved))])
}

/// What was said of the time, as it is meant here.
fn understood(base: &Wish, heard: &Heard) -> Wish {
    let said = Wish { latest: heard.says("last_free"), ..heard.time.wish.clone() };
    if let Some(hour) = heard.number_as_hour.filter(|_| said.is_empty()) {
        // Of 8 in the morning and 8 in the evening the one nearer to the middle of the day is meant.
        let minute = hour * 60;
        let exact = if (7 * 60..12 * 60).contains(&minute) { minute } else { minute + 12 * 60 };
        return Wish { exact: Some(exact), ..Wish::default() };
    }
    match in_context(base, &said).filter(|_| heard.weekday) {
        Some(days) => Wish { days, ..said },
        None => said,
    }
}

fn when(shop: &Shop, form: &mut BookingForm, heard: &Heard) {
    let base = form.wish.clone().unwrap_or_default();
    let said = &understood(&base, heard);
    let anchor: Option<Zoned> = form
        .offered
        .first()
        .or(form.chosen.as_ref())
        .and_then(|offer| shop.clock.at(&offer.start))
        .or_else(|| shop.clock.at(&form.booking.as_ref()?.start));
    let today = shop.clock.now.date();
    if heard.says("week_after") {
        let day = base
            .days
            .first()
            .map(|(from, _)| *from)
            .or_else(|| anchor.as_ref().map(Zoned::date))
            // "Move Tuesday's to the week after", before it is known which one that is.
            .or_else(|| heard.old.days.first().map(|(from, _)| *from))
            .unwrap_or(today);
        let offset = i64::from(day.weekday().to_monday_zero_offset());
        let monday = day.saturating_sub(Span::new().days(offset)).saturating_add(Span::new().days(7));
        let wish =
            Wish { days: vec![(monday, monday.saturating_add(Span::new().days(7)))], ..Wish::default() };
        let time = Wish { days: Vec::new(), ..said.clone() };
        form.wish = Some(base.with(&wish).with(&time));
        return;
    }
    if let Some(anchor) = anchor.as_ref().filter(|_| heard.says("later_week")) {
        let first = next_day(anchor.date());
        let left = 7 - i64::from(first.weekday().to_monday_zero_offset());
        let days = vec![(first, first.saturating_add(Span::new().days(left)))];
        form.wish = Some(base.with(&Wish { days, ..Wish::default() }));
        return;
    }
    if let Some(anchor) = anchor.as_ref().filter(|_| heard.says("earlier") || heard.says("later"))
        && said.exact.is_none()
    {
        let last = form.offered.last().and_then(|offer| shop.clock.at(&offer.start));
        let mut wish = Wish { part: said.part, ..Wish::default() };
        if heard.says("earlier") {
            wish.before = Some(anchor.timestamp());
            wish.days = vec![(today, next_day(anchor.date()))];
        } else {
            let last = last.unwrap_or_else(|| anchor.clone());
            wish.after = Some(last.timestamp());
            wish.days = vec![(last.date(), last.date().saturating_add(Span::new().days(14)))];
        }
        if !said.days.is_empty() {
            wish.days.clone_from(&said.days);
        } else if heard.says("same_day") {
            wish.days = vec![(anchor.date(), next_day(anchor.date()))];
        }
        form.wish = Some(wish);
        return;
    }
    if heard.says("other_day") && said.days.is_empty() {
        let dates = form.offered.iter().chain(&form.chosen).filter_map(|offer| shop.clock.at(&offer.start));
        let mut wish = base.with(said);
        wish.not_days.extend(dates.map(|at| at.date()));
        wish.not_days
            .extend(base.days.iter().filter(|(from, to)| next_day(*from) == *to).map(|(from, _)| *from));
        wish.not_days.truncate(40);
        let first = base.days.first().map_or(today, |(from, _)| *from);
        wish.days = vec![(first, first.saturating_add(Span::new().days(14)))];
        form.wish = Some(wish);
        return;
    }
    if heard.says("other_time") || (heard.says("none") && !form.offered.is_empty()) {
        form.reject_offered();
    }
    if heard.time.soonest || heard.says("first_free") {
        form.wish = Some(said.clone());
        form.rejected.clear();
        return;
    }
    if !said.is_empty() {
        // A new day drops what was said about an earlier one; a new time keeps the day.
        let mut wish = base.with(said);
        // "2 pm instead": on the day that was agreed, or on that of the booking.
        let day = form
            .chosen
            .as_ref()
            .map(|chosen| chosen.start.clone())
            .or_else(|| form.booking.as_ref().filter(|_| form.goal == Goal::Move).map(|b| b.start.clone()))
            .and_then(|start| shop.clock.at(&start))
            .map(|at| at.date());
        if let Some(day) = day.filter(|_| wish.is_clock_only() && wish.not_days.is_empty()) {
            wish.days.push((day, next_day(day)));
        }
        form.wish = Some(wish);
        if !said.days.is_empty() {
            form.rejected.clear();
        }
    } else if heard.says("any_time") || (heard.says("either") && form.offered.is_empty()) {
        form.wish = Some(Wish { days: base.days, ..Wish::default() });
    }
}
