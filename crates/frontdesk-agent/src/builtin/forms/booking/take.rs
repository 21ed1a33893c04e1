//! What a message changes in the form: details, replies to what was asked, wishes.

use jiff::{Span, Zoned};

use super::form::{Ask, BookingForm, Goal};
use super::heard::{self, Heard, With};
use super::wish::{Wish, next_day};
use super::{Shop, book, catalog, change, offer};
use crate::booking::Answer;
use crate::builtin::desk::Desk;
use crate::builtin::extract::person;
use crate::builtin::text::{self, clip};
use crate::builtin::understand::{Intent, Part};

/// What a reply was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Took {
    /// No reply to what was asked.
    Nothing,
    /// A reply; the form goes on.
    Something,
    /// Everything is said and done.
    Everything,
}

/// Takes name, address and number; the newest wins.
pub fn details(desk: &mut Desk<'_, '_>, form: &mut BookingForm) -> bool {
    let before = (form.name.clone(), form.email.clone(), form.phone.clone());
    if let Some(email) = desk.found.email() {
        form.email = Some(email.to_owned());
    }
    if let Some(phone) = desk.found.phone() {
        form.phone = Some(phone.to_owned());
    }
    if let Some(name) = desk.found.name() {
        form.name = Some(clip(name, 120));
    }
    let reach = desk.found.email().is_some() || desk.found.phone().is_some();
    // "Anna Smith, anna@x.com"
    if form.name.is_none()
        && reach
        && matches!(form.asking, Some(Ask::Name | Ask::Email | Ask::Phone))
        && let Some(name) = person::bare(&desk.found.blanked(desk.input()))
    {
        form.name = Some(clip(&name.value, 120));
    }
    if form.name != before.0 {
        desk.new_name.clone_from(&form.name);
    }
    before != (form.name.clone(), form.email.clone(), form.phone.clone())
}

/// Takes the reply to what was asked last.
pub async fn reply(
    desk: &mut Desk<'_, '_>,
    shop: &Shop,
    form: &mut BookingForm,
    heard: &Heard,
    got: bool,
) -> Took {
    let Some(asking) = form.asking.clone() else { return Took::Nothing };
    match asking {
        Ask::Type => kind(shop, form, heard),
        Ask::Name | Ask::Email | Ask::Phone => detail(desk, shop, form, heard, got),
        Ask::Question { key } => question(desk, shop, form, heard, &key),
        Ask::Pick { waiting } => picked(desk, shop, form, heard, waiting),
        Ask::Confirm => confirmed(desk, shop, form, heard).await,
        Ask::Which => change::which(shop, form, heard),
        Ask::CodeAddress | Ask::Code => change::code(desk, form, heard).await,
        Ask::Change | Ask::When => Took::Nothing,
    }
}

fn kind(shop: &Shop, form: &mut BookingForm, heard: &Heard) -> Took {
    let place = heard.place.or_else(|| usize::try_from(heard.number?).ok()?.checked_sub(1));
    let chosen = match (heard.types.as_slice(), place) {
        ([one, ..], _) => shop.types.get(*one),
        ([], Some(usize::MAX)) => shop.types.last(),
        ([], Some(place)) => shop.types.get(place),
        ([], None) => None,
    };
    match chosen {
        Some(kind) => {
            form.type_id = Some(kind.id.clone());
            form.asking = None;
            Took::Something
        }
        None => Took::Nothing,
    }
}

fn detail(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm, heard: &Heard, got: bool) -> Took {
    if got {
        return Took::Something;
    }
    let message = desk.input().to_owned();
    match form.asking {
        Some(Ask::Email) if message.contains('@') => {
            desk.say("lead.bad_email", &[]);
            return Took::Everything;
        }
        Some(Ask::Phone) if !desk.found.broken_phones.is_empty() => {
            desk.say("lead.bad_phone", &[]);
            return Took::Everything;
        }
        Some(Ask::Name) => {
            let reading = desk.heard.primary();
            let other = reading.score >= 0.5
                && !matches!(reading.intent, Intent::GiveDetails | Intent::Correction | Intent::Greeting);
            let busy = heard.changes_search() || !heard.questions.is_empty();
            if !other
                && !busy
                && let Some(name) = person::bare(&desk.found.blanked(&message))
            {
                form.name = Some(clip(&name.value, 120));
                desk.new_name.clone_from(&form.name);
                return Took::Something;
            }
        }
        _ => {}
    }
    let refuses = desk.heard.parts.iter().any(|part| {
        matches!(part.best().intent, Intent::Refuse | Intent::Deny | Intent::WhyAsk)
            && part.best().score >= 0.4
    });
    if refuses && !heard.changes_search() {
        desk.say("book.needed", &[]);
        super::ask_again(desk, shop, form);
        return Took::Everything;
    }
    Took::Nothing
}

fn question(desk: &Desk<'_, '_>, shop: &Shop, form: &mut BookingForm, heard: &Heard, key: &str) -> Took {
    let Some(question) =
        shop.kind(form).and_then(|kind| kind.questions.iter().find(|asked| asked.key == key))
    else {
        return Took::Nothing;
    };
    let message = desk.input().split_whitespace().collect::<Vec<_>>().join(" ");
    let words = text::words(&message);
    let value = if question.choices.is_empty() {
        let asks = desk.heard.parts.iter().any(|part| part.asks) || !heard.questions.is_empty();
        (!asks && !message.is_empty()).then(|| clip(&message, 1000))
    } else {
        let near = |choice: &&String| {
            let wanted = text::words(choice);
            wanted.iter().any(|want| {
                want.len() > 1
                    && words.iter().any(|word| {
                        word == want || (want.len() >= 5 && text::distance(word, want, 1).is_some())
                    })
            })
        };
        let by_yes = |choice: &&String| {
            let wanted = text::words(choice);
            desk.yes_no.is_some_and(|yes| {
                wanted.first().and_then(|word| crate::builtin::extract::answer::yes_or_no(word)) == Some(yes)
            })
        };
        let place = heard.place.or_else(|| usize::try_from(heard.number?).ok()?.checked_sub(1));
        let placed = || question.choices.get(place?);
        question
            .choices
            .iter()
            .find(by_yes)
            .or_else(|| question.choices.iter().find(near))
            .or_else(placed)
            .cloned()
    };
    let Some(value) = value else { return Took::Nothing };
    form.answers.retain(|answer| answer.key != key);
    form.answers.push(Answer { key: key.to_owned(), value });
    form.asking = None;
    Took::Something
}

fn picked(
    desk: &mut Desk<'_, '_>,
    shop: &Shop,
    form: &mut BookingForm,
    heard: &Heard,
    waiting: bool,
) -> Took {
    let accepts = desk.yes_no == Some(true) || (heard.says("accept") && desk.yes_no != Some(false));
    if heard.says("waiting") || (waiting && form.offered.is_empty() && accepts && !heard.changes_time()) {
        form.waiting = true;
        form.asking = None;
        return Took::Something;
    }
    let found = offer::pick(shop, form, heard);
    match found.as_slice() {
        [one] => {
            form.chosen = Some(one.clone());
            form.asking = None;
            return Took::Something;
        }
        [_, _, ..] if found.len() < form.offered.len() => {
            offer::offer(desk, shop, form, "book.offer", found);
            return Took::Everything;
        }
        _ => {}
    }
    if heard.changes_search() {
        return Took::Nothing;
    }
    if accepts {
        if let [one] = form.offered.as_slice() {
            form.chosen = Some(one.clone());
            form.asking = None;
            return Took::Something;
        }
        desk.say("book.pick_which", &[]);
        return Took::Everything;
    }
    if (desk.yes_no == Some(false) || heard.says("none")) && heard.questions.is_empty() {
        form.reject_offered();
        form.offered.clear();
        form.asking = Some(Ask::When);
        desk.say("book.ask.when_else", &[]);
        return Took::Everything;
    }
    Took::Nothing
}

async fn confirmed(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm, heard: &Heard) -> Took {
    let same_time = form.chosen.as_ref().and_then(|chosen| shop.clock.at(&chosen.start)).is_some_and(|at| {
        let wish = &heard.time.wish;
        wish.is_empty() || (wish.after.is_none() && wish.before.is_none() && wish.fits(&at))
    });
    let relative =
        ["earlier", "later", "other_day", "other_time", "week_after"].iter().any(|cue| heard.says(cue));
    let no = desk.yes_no == Some(false);
    let yes = !no && (desk.yes_no == Some(true) || heard.says("accept") || heard.goal == Some(form.goal));
    if form.goal == Goal::Cancel {
        if no || heard.says("keep") {
            change::keep(desk, form);
            return Took::Everything;
        }
        if yes {
            form.reason = reason(desk).or(form.reason.take());
            change::cancel(desk, shop, form).await;
            return Took::Everything;
        }
        return Took::Nothing;
    }
    if relative
        || !same_time
        || heard.seats.is_some_and(|seats| Some(seats) != form.seats)
        || heard.with.is_some()
    {
        return Took::Nothing;
    }
    if no || heard.says("keep") && form.goal == Goal::Move {
        if form.goal == Goal::Move && heard.says("keep") {
            change::keep(desk, form);
            return Took::Everything;
        }
        let details = desk.has_details() || !heard.time.lengths.is_empty();
        if details {
            return Took::Nothing;
        }
        form.asking = Some(Ask::Change);
        desk.say("book.change_what", &[]);
        return Took::Everything;
    }
    if yes && heard.time.lengths.is_empty() && heard.questions.is_empty() {
        match form.goal {
            Goal::Move => change::reschedule(desk, shop, form).await,
            _ => book::book(desk, shop, form).await,
        }
        return Took::Everything;
    }
    Took::Nothing
}

/// Why they cancel, when they say so.
pub fn reason(desk: &Desk<'_, '_>) -> Option<String> {
    const OPENERS: &[&str] = &[
        "because ",
        "cause ",
        "since ",
        "as i ",
        "im ",
        "i'm ",
        "i am ",
        "i have ",
        "something came up",
        "sick",
        "porque ",
        "weil ",
        "parce que ",
        "car ",
    ];
    let input = desk.input().split_whitespace().collect::<Vec<_>>().join(" ");
    let lower = input.to_lowercase();
    OPENERS
        .iter()
        .filter_map(|opener| lower.find(opener))
        .min()
        .and_then(|at| input.get(at..))
        .filter(|reason| reason.split_whitespace().count() >= 2)
        .map(|reason| clip(reason, 300))
}

/// Takes what, with whom, when, how long and for how many. `true` when something else is looked for now.
pub fn wishes(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm, heard: &Heard) -> bool {
    let before = (
        form.type_id.clone(),
        form.staff.clone(),
        form.not_staff.clone(),
        form.minutes,
        form.seats,
        form.wish.clone(),
    );
    if form.goal == Goal::Book && !matches!(form.asking, Some(Ask::Name | Ask::Question { .. })) {
        what(shop, form, heard);
    }
    if let Some(with) = &heard.with {
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

fn when(shop: &Shop, form: &mut BookingForm, heard: &Heard) {
    let base = form.wish.clone().unwrap_or_default();
    let said = &heard.time.wish;
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
            .unwrap_or(today);
        let offset = i64::from(day.weekday().to_monday_zero_offset());
        let monday = day.saturating_sub(Span::new().days(offset)).saturating_add(Span::new().days(7));
        let wish =
            Wish { days: vec![(monday, monday.saturating_add(Span::new().days(7)))], ..Wish::default() };
        let time = Wish { days: Vec::new(), ..said.clone() };
        form.wish = Some(base.with(&wish).with(&time));
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
        form.wish = Some(base.with(said));
        if !said.days.is_empty() {
            form.rejected.clear();
        }
    } else if heard.says("any_time") || (heard.says("either") && form.offered.is_empty()) {
        form.wish = Some(Wish { days: base.days, ..Wish::default() });
    }
}

/// Looks for times; "earlier" and "later" first on the same day.
pub async fn look(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm, _heard: &Heard) {
    offer::look(desk, shop, form).await;
}

/// Answers from what is known of the type: what it costs, how long it takes.
pub fn fact(desk: &mut Desk<'_, '_>, shop: &Shop, form: &BookingForm, part: &Part) -> bool {
    let words = part.word_refs();
    let (price, length) = (
        desk.models.cues.says("price", &words, desk.language),
        desk.models.cues.says("length", &words, desk.language),
    );
    let named = catalog::types(&desk.models.cues, &shop.types, &words);
    let kind = match named.as_slice() {
        [one] => shop.types.get(*one),
        _ => shop.kind(form).or_else(|| shop.types.first().filter(|_| shop.types.len() == 1)),
    };
    let Some(kind) = kind else { return false };
    if price && let Some(price) = &kind.price {
        desk.say("book.price", &[("what", &kind.name), ("price", price)]);
        return true;
    }
    if length && let Some(minutes) = form.minutes.or_else(|| kind.minutes.first().copied()) {
        let minutes = shop.clock.minutes(minutes);
        desk.say("book.length", &[("what", &kind.name), ("length", &minutes)]);
        return true;
    }
    false
}
