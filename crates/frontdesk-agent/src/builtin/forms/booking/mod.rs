//! Making, moving and cancelling appointments.
//!
//! [`turn`] reads a message ([`heard`]), changes what the form knows ([`form`], [`wish`]) and does the next thing: asks
//! for what is missing, offers times ([`offer`]), reads back and books ([`book`]), or finds and changes a booking
//! ([`change`]). Times that are said come from what the tools gave, never from what the customer typed. What customers
//! say is in `data/booking.toml` ([`cues`]), what is said to them in the phrase files under `book.`.

pub mod book;
pub mod catalog;
pub mod change;
pub mod count;
pub mod cues;
pub mod form;
pub mod goal;
pub mod heard;
pub mod offer;
pub mod say;
pub mod take;
pub mod wish;
pub mod wishes;

use jiff::tz::TimeZone;

use crate::booking::BookableType;
use crate::builtin::desk::Desk;
use crate::builtin::forms::answer::{self, Went};
use crate::builtin::forms::small_talk;
use crate::builtin::mind::Pending;
use crate::builtin::text;
use crate::builtin::understand::Intent;
use crate::tools;

pub use form::{Ask, BookingForm, Goal};
use heard::Heard;
use say::Clock;

/// After so many messages in a row that were not understood a person is offered.
const MOST_MISSED: u8 = 2;

/// What can be booked, and how times are said.
#[derive(Debug, Clone)]
pub struct Shop {
    /// The types.
    pub types: Vec<BookableType>,
    /// How times are said.
    pub clock: Clock,
}

impl Shop {
    fn of(desk: &Desk<'_, '_>) -> Self {
        let zone = TimeZone::get(&desk.session.business.zone).unwrap_or(TimeZone::UTC);
        let now = desk.session.now.to_jiff().to_zoned(zone.clone());
        Self { types: desk.session.bookable.clone(), clock: Clock { zone, now, language: desk.language } }
    }

    /// The type of the form.
    pub fn kind(&self, form: &BookingForm) -> Option<&BookableType> {
        self.types.iter().find(|kind| Some(&kind.id) == form.type_id.as_ref())
    }

    /// Whom the form asks for.
    pub fn staff_name(&self, form: &BookingForm) -> Option<String> {
        let id = form.staff.as_ref()?;
        let found = self.types.iter().flat_map(|kind| &kind.staff).find(|person| person.id == *id)?;
        Some(found.name.clone())
    }
}

/// Whether this conversation can book at all.
pub fn is_available(desk: &Desk<'_, '_>) -> bool {
    !desk.session.bookable.is_empty()
        && desk.turn.may_use(tools::CHECK_AVAILABILITY)
        && desk.turn.may_use(tools::BOOK)
}

/// Whether an appointment is being talked about.
pub fn is_open(desk: &Desk<'_, '_>) -> bool {
    is_available(desk) && desk.mind.booking().is_some_and(|form| !form.done)
}

/// Whether words that look like something urgent belong to the appointment: "with someone else", "changed my mind, make it
/// Thursday".
pub fn keeps(desk: &Desk<'_, '_>, intent: Intent) -> bool {
    if !is_available(desk) {
        return false;
    }
    let form = desk.mind.booking().cloned();
    let heard = heard::message(desk, form.as_ref());
    match intent {
        Intent::Human => form.is_some_and(|form| !form.done) && heard.with.is_some(),
        Intent::NeverMind => {
            let open = form.as_ref().is_some_and(|form| !form.done);
            let cancels = heard.goal == Some(Goal::Cancel)
                && form.as_ref().is_none_or(|form| form.done || form.goal != Goal::Book);
            (open && heard.changes_search()) || cancels
        }
        _ => false,
    }
}

/// Does what a message wants of an appointment. `true` when that was the whole answer.
pub async fn turn(desk: &mut Desk<'_, '_>) -> bool {
    if !is_available(desk) {
        return false;
    }
    let shop = Shop::of(desk);
    let form = desk.mind.booking().cloned();
    let heard = heard::message(desk, form.as_ref());
    match form {
        Some(form) if !form.done => hear(desk, &shop, form, &heard).await,
        form => match heard.goal {
            Some(goal) => {
                start(desk, &shop, goal, &heard, form).await;
                true
            }
            None => says_who(desk, &shop, &heard),
        },
    }
}

/// Answers who does something, where nothing is being booked.
fn says_who(desk: &mut Desk<'_, '_>, shop: &Shop, heard: &Heard) -> bool {
    let [part] = heard.questions.as_slice() else { return false };
    let ([one], true) = (heard.types.as_slice(), desk.heard.parts.len() == 1) else { return false };
    if !desk.models.cues.says("who", &part.word_refs(), desk.language) {
        return false;
    }
    let Some(kind) = shop.types.get(*one) else { return false };
    desk.mind.topic = Some(kind.name.clone());
    take::fact(desk, shop, &BookingForm::new(Goal::Book), part)
}

/// Begins an appointment for a message that wants one in words of its own. `false` when none can be made here.
pub async fn begin(desk: &mut Desk<'_, '_>) -> bool {
    let words = text::words(desk.input());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let says = |meaning: &str| desk.models.cues.says(meaning, &words, desk.language);
    if !is_available(desk) || is_open(desk) || says("not_booking") || says("policy") {
        return false;
    }
    let shop = Shop::of(desk);
    let last = desk.mind.booking().cloned();
    let heard = heard::message(desk, last.as_ref());
    start(desk, &shop, Goal::Book, &heard, last).await;
    true
}

/// Starts a form, with what is known already.
async fn start(desk: &mut Desk<'_, '_>, shop: &Shop, goal: Goal, heard: &Heard, last: Option<BookingForm>) {
    let mut form = BookingForm::new(goal);
    let customer = &desk.session.customer;
    (form.name, form.email, form.phone) =
        (customer.name.clone(), customer.email.clone(), customer.phone.clone());
    if let Some(lead) = desk.mind.lead() {
        form.name = lead.name.clone().or(form.name);
        form.email = lead.email.clone().or(form.email);
        form.phone = lead.phone.clone().or(form.phone);
    }
    form.name = form.name.filter(|name| !name.trim().is_empty());
    if let Some(last) = last {
        form.name = last.name.or(form.name);
        form.email = last.email.or(form.email);
        form.phone = last.phone.or(form.phone);
        if goal != Goal::Book {
            form.booking = last.booking.filter(|booking| booking.status != "cancelled" && last.done);
        }
    }
    if desk.mind.lead().is_some_and(|lead| !lead.done) {
        desk.mind.drop_lead();
    }
    desk.mind.pending = None;
    courtesies(desk);
    take::details(desk, &mut form);
    if goal == Goal::Book {
        form.type_id = talked_about(desk, &shop.types);
    }
    answer_asides(desk, shop, &mut form, heard).await;
    wishes::take(desk, shop, &mut form, heard);
    form.old = heard.old.clone();
    if goal != Goal::Book
        && let [one] = heard.types.as_slice()
    {
        form.type_id = shop.types.get(*one).map(|kind| kind.id.clone());
    }
    if goal == Goal::Cancel {
        form.reason = take::reason(desk);
    }
    advance(desk, shop, form, heard, true).await;
}

/// What the last question was about: "how much is a cleaning?", "ok, book me in".
fn talked_about(desk: &Desk<'_, '_>, types: &[BookableType]) -> Option<String> {
    let words = text::words(desk.mind.topic.as_deref()?);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match catalog::types(&desk.models.cues, types, &words).as_slice() {
        [one] => types.get(*one).map(|kind| kind.id.clone()),
        _ => None,
    }
}

/// Says hello back when the customer does.
fn courtesies(desk: &mut Desk<'_, '_>) {
    let greets = desk.heard.parts.iter().any(|part| part.best().intent == Intent::Greeting);
    if greets && desk.is_first() {
        small_talk::greet(desk, false);
    }
}

/// Answers side questions before the form goes on.
async fn answer_asides(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm, heard: &Heard) {
    for part in &heard.questions {
        if take::fact(desk, shop, form, part) {
            continue;
        }
        if let Some(kind) = shop.kind(form) {
            desk.mind.topic = Some(kind.name.clone());
        }
        if answer::answer(desk, part).await == Went::Silent {
            let question = desk.question_of(part);
            desk.mind.note_question(&question, false);
            desk.unanswered.get_or_insert(question);
            desk.say("unknown", &[]);
        }
    }
}

/// Hears a message in a form. `true` when that was the whole answer.
async fn hear(desk: &mut Desk<'_, '_>, shop: &Shop, mut form: BookingForm, heard: &Heard) -> bool {
    if let Some(goal) = switched(desk, &form, heard) {
        match (form.goal, goal) {
            (Goal::Move, Goal::Cancel) | (Goal::Cancel, Goal::Move) => {
                form.goal = goal;
                form.drop_time();
                form.asking = None;
            }
            _ => {
                start(desk, shop, goal, heard, Some(form)).await;
                return true;
            }
        }
    }
    let got = take::details(desk, &mut form);
    let took = take::reply(desk, shop, &mut form, heard, got).await;
    let took = match took {
        take::Took::Everything => {
            desk.took_details = true;
            desk.mind.set_booking(form);
            return true;
        }
        took => took != take::Took::Nothing,
    };
    let changed =
        if form.chosen.is_some() && took { false } else { wishes::take(desk, shop, &mut form, heard) };
    if !(got || took || changed) && heard.questions.is_empty() {
        if is_talk(desk) {
            desk.mind.set_booking(form);
            return false;
        }
        missed(desk, shop, form);
        return true;
    }
    form.missed = 0;
    desk.took_details |= got || took || changed;
    answer_asides(desk, shop, &mut form, heard).await;
    if !(got || took || changed) {
        desk.mind.set_booking(form);
        resume(desk);
        return true;
    }
    advance(desk, shop, form, heard, changed).await;
    true
}

/// Another goal than the form's, when the message clearly has one.
fn switched(desk: &Desk<'_, '_>, form: &BookingForm, heard: &Heard) -> Option<Goal> {
    let goal = heard.goal.filter(|goal| *goal != form.goal)?;
    let mine = desk.heard.parts.iter().any(|part| {
        part.words.iter().any(|word| {
            matches!(
                word.as_str(),
                "my" | "our"
                    | "mi"
                    | "meinen"
                    | "mein"
                    | "meine"
                    | "mon"
                    | "ma"
                    | "existing"
                    | "appointment"
                    | "booking"
            )
        })
    });
    match (form.goal, goal) {
        (Goal::Move, Goal::Cancel) | (Goal::Cancel, Goal::Move) | (_, Goal::LookUp) | (Goal::LookUp, _) => {
            Some(goal)
        }
        (Goal::Book, Goal::Cancel | Goal::Move) if mine => Some(goal),
        _ => None,
    }
}

/// Whether the message is talk that the policy answers.
fn is_talk(desk: &Desk<'_, '_>) -> bool {
    desk.heard.parts.iter().any(|part| {
        let best = part.best();
        best.score >= 0.4
            && matches!(
                best.intent,
                Intent::Greeting
                    | Intent::Thanks
                    | Intent::Goodbye
                    | Intent::HowAreYou
                    | Intent::WhoAreYou
                    | Intent::AreYouBot
                    | Intent::Help
                    | Intent::Repeat
                    | Intent::Abuse
                    | Intent::OutOfScope
                    | Intent::WhyAsk
                    | Intent::Question
            )
    })
}

/// Nothing was understood: asks again, and offers a person when it happens twice.
fn missed(desk: &mut Desk<'_, '_>, shop: &Shop, mut form: BookingForm) {
    form.missed = form.missed.saturating_add(1);
    let many = form.missed >= MOST_MISSED;
    desk.say("clarify", &[]);
    ask_again(desk, shop, &mut form);
    desk.mind.set_booking(form);
    if many && desk.turn.may_use(tools::HANDOFF) {
        desk.say("book.or_person", &[]);
        desk.mind.pending = Some(Pending::Handoff { reason: "needs help with an appointment".to_owned() });
    }
}

/// Goes on with the form after something else was talked about.
pub fn resume(desk: &mut Desk<'_, '_>) {
    let Some(mut form) = desk.mind.booking().filter(|form| !form.done).cloned() else { return };
    let shop = Shop::of(desk);
    desk.say("book.resume", &[]);
    ask_again(desk, &shop, &mut form);
    desk.mind.set_booking(form);
}

/// Drops the form.
pub fn give_up(desk: &mut Desk<'_, '_>) {
    if let Some(mut form) = desk.mind.booking().cloned() {
        form.asking = None;
        form.done = true;
        form.drop_time();
        form.wish = None;
        if form.booking.is_some() {
            desk.mind.set_booking(form);
        } else {
            desk.mind.drop_booking();
        }
    }
}

/// Does the next thing. `changed`: what is looked for is not what it was.
pub async fn advance(
    desk: &mut Desk<'_, '_>,
    shop: &Shop,
    mut form: BookingForm,
    heard: &Heard,
    changed: bool,
) {
    if form.goal != Goal::Book {
        if form.booking.is_none() {
            change::identify(desk, shop, form, heard).await;
            return;
        }
        if form.goal != Goal::Move {
            change::go_on(desk, shop, form);
            return;
        }
        if let Some(booking) = &form.booking {
            if !booking.may_change {
                change::too_late(desk, form);
                return;
            }
            form.type_id = Some(booking.type_id.clone());
        }
    } else if form.type_id.is_none() {
        ask_type(desk, shop, &mut form);
        desk.mind.set_booking(form);
        return;
    }
    if form.waiting {
        book::join_waiting_list(desk, shop, form).await;
        return;
    }
    let mut fresh = false;
    if form.chosen.is_none() || changed {
        if form.wish.is_none() {
            ask_when(desk, shop, &mut form);
            desk.mind.set_booking(form);
            return;
        }
        if changed || form.offered.is_empty() {
            offer::look(desk, shop, &mut form).await;
        } else if form.chosen.is_none() {
            ask_again(desk, shop, &mut form);
        }
        if form.chosen.is_none() {
            desk.mind.set_booking(form);
            return;
        }
        fresh = true;
    }
    if form.goal == Goal::Move {
        change::confirm_move(desk, shop, form);
    } else {
        book::go_on(desk, shop, form, fresh).await;
    }
}

fn ask_type(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm) {
    let names: Vec<String> = shop.types.iter().take(8).map(|kind| kind.name.clone()).collect();
    let names = shop.clock.either(&names);
    desk.say("book.ask.type", &[("types", &names)]);
    form.asking = Some(Ask::Type);
}

fn ask_when(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm) {
    if let Some(booking) = form.booking.as_ref().filter(|_| form.goal == Goal::Move) {
        let what = change::words(shop, booking);
        desk.say("book.move_when", &[("what", &what)]);
    } else if form.asking.is_none() && form.goal == Goal::Book {
        let what = shop.kind(form).map(|kind| kind.name.clone()).unwrap_or_default();
        desk.say("book.ask.when_first", &[("what", &what)]);
    } else {
        desk.say("book.ask.when", &[]);
    }
    form.asking = Some(Ask::When);
}

/// Asks what was asked last once more.
pub fn ask_again(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm) {
    match form.asking.clone() {
        Some(Ask::Type) => ask_type(desk, shop, form),
        Some(Ask::Pick { waiting }) if !form.offered.is_empty() => {
            let times = shop.clock.offers(&form.offered);
            desk.say_sentence("book.offer_again", &[("times", &times)]);
            if waiting {
                desk.say("book.or_waiting", &[]);
            }
        }
        Some(Ask::Pick { .. }) => desk.say("book.waiting_or_when", &[]),
        Some(Ask::Confirm) => match form.goal {
            Goal::Move => desk.say("book.move_confirm_again", &[]),
            Goal::Cancel => desk.say("book.cancel_confirm_again", &[]),
            _ => desk.say("book.confirm_again", &[]),
        },
        Some(Ask::Change) => desk.say("book.change_what", &[]),
        Some(Ask::Which) => change::ask_which(desk, shop, form),
        Some(Ask::CodeAddress) => desk.say("book.ask.code_address", &[]),
        Some(Ask::Code) => desk.say("book.ask.code", &[]),
        Some(ask @ (Ask::Name | Ask::Email | Ask::Phone | Ask::Question { .. })) => {
            book::ask_detail(desk, shop, form, ask);
        }
        Some(Ask::When) | None => ask_when(desk, shop, form),
    }
}
