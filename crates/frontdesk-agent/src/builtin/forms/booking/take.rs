//! What a message changes in the form: details, replies to what was asked, wishes.

use super::form::{Ask, BookingForm, Goal};
use super::heard::Heard;
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
    if desk.found.name().is_none()
        && let Some(name) = beside(desk)
    {
        form.name = Some(clip(&name, 120));
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

/// The name beside an address or a number: "at 2 please, Ina Roth, ina@roth.example".
fn beside(desk: &Desk<'_, '_>) -> Option<String> {
    let blanked = desk.found.blanked(desk.input());
    desk.found.masks().into_iter().find_map(|(span, _)| {
        let before = blanked.get(..span.start)?.trim_end_matches([' ', ',', ':', '-', '(', '<', '\n']);
        let clause = before.rsplit([',', ';', '.', '!', '?', ':', '\n']).next()?.trim();
        let words: Vec<&str> = clause.split_whitespace().collect();
        let capital = |word: &&&str| word.chars().next().is_some_and(char::is_uppercase);
        let run = words.iter().rev().take_while(capital).count().min(3);
        let tail = words.get(words.len() - run..).unwrap_or_default().join(" ");
        let name = if words.len() <= 3 { clause } else { tail.as_str() };
        person::bare(name).map(|found| found.value).or_else(|| {
            let after = blanked.get(span.end..)?.trim_start_matches([' ', ',', ':', '-', '\n']);
            let clause = after.split([',', ';', '.', '!', '?', '\n']).next()?.trim();
            let short = clause.split_whitespace().count() <= 3
                && clause.chars().next().is_some_and(char::is_uppercase);
            person::bare(clause).filter(|_| short).map(|found| found.value)
        })
    })
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
    if heard.says("none") && !heard.changes_time() && form.chosen.is_some() {
        form.reject_offered();
        form.drop_time();
        form.asking = Some(Ask::When);
        desk.say("book.ask.when_else", &[]);
        return Took::Everything;
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
            let accepts = heard.says("accept") && desk.yes_no != Some(true);
            if !other
                && !busy
                && !accepts
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
    let agrees = desk.yes_no == Some(true) || heard.says("accept");
    if agrees && !heard.changes_search() && heard.questions.is_empty() {
        super::ask_again(desk, shop, form);
        return Took::Everything;
    }
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
    let day_only = !heard.time.wish.days.is_empty() && heard.time.wish.exact.is_none();
    let relative = [
        "earlier",
        "later",
        "later_week",
        "other_day",
        "other_time",
        "week_after",
        "first_free",
        "last_free",
    ]
    .iter()
    .any(|cue| heard.says(cue));
    let found = if (relative || (heard.says("instead") && day_only)) && heard.place.is_none() {
        Vec::new()
    } else {
        offer::pick(shop, form, heard)
    };
    match found.as_slice() {
        [one] => {
            form.chosen = Some(one.clone());
            form.asking = None;
            return Took::Something;
        }
        [_, _, ..] if found.len() < form.offered.len() && !asks_for_more(desk) => {
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

/// "Got anything in the afternoon?" asks for all there is, not for which of the offers it could be.
fn asks_for_more(desk: &Desk<'_, '_>) -> bool {
    text::words(desk.input()).iter().any(|word| {
        matches!(word.as_str(), "anything" | "something" | "any" | "algo" | "etwas" | "was" | "quelque")
    })
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

/// Answers from what is known of the type: what it costs, how long it takes.
pub fn fact(desk: &mut Desk<'_, '_>, shop: &Shop, form: &BookingForm, part: &Part) -> bool {
    let words = part.word_refs();
    let (price, length, who) = (
        desk.models.cues.says("price", &words, desk.language),
        desk.models.cues.says("length", &words, desk.language),
        desk.models.cues.says("who", &words, desk.language),
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
    if who && !kind.staff.is_empty() {
        let names: Vec<String> = kind.staff.iter().map(|person| person.name.clone()).collect();
        desk.say("book.who", &[("what", &kind.name), ("names", &shop.clock.either(&names))]);
        return true;
    }
    if length && let Some(minutes) = form.minutes.or_else(|| kind.minutes.first().copied()) {
        let minutes = shop.clock.minutes(minutes);
        desk.say("book.length", &[("what", &kind.name), ("length", &minutes)]);
        return true;
    }
    false
}
