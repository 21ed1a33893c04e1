//! The last steps of a new appointment: keeping the time, asking for what is missing, reading back, booking.

use frontdesk_domain::phone::to_international;
use serde_json::to_value;

use super::Shop;
use super::form::{Ask, BookingForm, Offer};
use super::offer;
use crate::booking::{
    Book, BookingDone, BookingRefused, HeldSlot, HoldSlot, JoinWaitingList, Need, OfferedSlot, Refusal,
};
use crate::builtin::desk::Desk;
use crate::builtin::forms::handoff;
use crate::builtin::mind::Pending;
use crate::tools;

/// What is missing, in the order it is asked.
fn missing(shop: &Shop, form: &BookingForm) -> Option<Ask> {
    let kind = shop.kind(form)?;
    if form.name.is_none() {
        return Some(Ask::Name);
    }
    if kind.email == Need::Required && form.email.is_none() {
        return Some(Ask::Email);
    }
    if kind.phone == Need::Required && form.phone.is_none() {
        return Some(Ask::Phone);
    }
    kind.questions
        .iter()
        .find(|question| question.required && !form.answers.iter().any(|answer| answer.key == question.key))
        .map(|question| Ask::Question { key: question.key.clone() })
}

/// Asks for one detail.
pub fn ask_detail(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm, ask: Ask) {
    match &ask {
        Ask::Email => desk.say("lead.ask.email", &[]),
        Ask::Phone => desk.say("lead.ask.phone", &[]),
        Ask::Question { key } => {
            let asked =
                shop.kind(form).and_then(|kind| kind.questions.iter().find(|asked| asked.key == *key));
            if let Some(asked) = asked {
                let label = asked.label.trim();
                let label =
                    if label.ends_with(['?', '.', ':']) { label.to_owned() } else { format!("{label}?") };
                let choices = shop.clock.either(&asked.choices);
                desk.tell(&if choices.is_empty() { label } else { format!("{label} ({choices})") });
            }
        }
        _ => desk.say("lead.ask.name", &[]),
    }
    form.asking = Some(ask);
}

/// A time was chosen: asks for what is missing, or reads everything back.
pub async fn go_on(desk: &mut Desk<'_, '_>, shop: &Shop, mut form: BookingForm, fresh: bool) {
    let Some(ask) = missing(shop, &form) else {
        read_back(desk, shop, &mut form);
        desk.mind.set_booking(form);
        return;
    };
    if form.hold.is_none() && !hold(desk, shop, &mut form).await {
        desk.mind.set_booking(form);
        return;
    }
    if let Some(at) = form.chosen.as_ref().filter(|_| fresh).and_then(|chosen| shop.clock.at(&chosen.start)) {
        let when = shop.clock.moment(&at);
        desk.say_sentence("book.chosen", &[("when", &when)]);
    } else if let Some(name) = desk.new_name.clone().filter(|_| ask != Ask::Name) {
        let first = name.split(' ').next().unwrap_or_default().to_owned();
        desk.say("lead.thanks_name", &[("name", &first)]);
    }
    ask_detail(desk, shop, &mut form, ask);
    desk.mind.set_booking(form);
}

/// Keeps the chosen time while details are asked. `false` when somebody else has it, which is then said.
async fn hold(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm) -> bool {
    let Some(chosen) = form.chosen.clone() else { return true };
    if !desk.turn.may_use(tools::HOLD_SLOT) {
        return true;
    }
    let arguments = HoldSlot { slot: chosen.slot.clone(), seats: form.seats };
    let outcome = desk.call(tools::HOLD_SLOT, to_value(arguments).unwrap_or_default()).await;
    if outcome.ok {
        let held: HeldSlot = serde_json::from_value(outcome.result).unwrap_or_default();
        form.hold = Some(held.hold).filter(|hold| !hold.is_empty());
        if !held.held.start.is_empty() {
            let slot = if held.held.slot.is_empty() { chosen.slot } else { held.held.slot.clone() };
            form.chosen = Some(Offer { slot, ..Offer::from(held.held) });
        }
        return true;
    }
    let refused: BookingRefused = serde_json::from_value(outcome.result).unwrap_or_default();
    match refused.code {
        Refusal::Taken | Refusal::Unknown => {
            taken(desk, shop, form, refused.alternatives).await;
            false
        }
        // Without a hold the time is simply booked at the end.
        _ => true,
    }
}

/// Says that the time is gone, and offers others.
async fn taken(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm, others: Vec<OfferedSlot>) {
    if let Some(chosen) = &form.chosen {
        form.rejected.push(chosen.start.clone());
    }
    form.drop_time();
    desk.say("book.taken", &[]);
    if others.is_empty() {
        if let Some(wish) = &mut form.wish {
            wish.exact = None;
        }
        offer::look(desk, shop, form).await;
        if form.chosen.is_some() {
            let only: Vec<Offer> = form.chosen.take().into_iter().collect();
            offer::offer(desk, shop, form, "book.later", only);
        }
    } else {
        let offers: Vec<Offer> = others.into_iter().take(3).map(Offer::from).collect();
        offer::offer(desk, shop, form, "book.instead", offers);
    }
}

/// Everything that is about to be booked, in one line.
fn summary(shop: &Shop, form: &BookingForm) -> String {
    let mut parts = Vec::new();
    let kind = shop.kind(form);
    parts.extend(kind.map(|kind| kind.name.clone()));
    if let Some(at) = form.chosen.as_ref().and_then(|chosen| shop.clock.at(&chosen.start)) {
        parts.push(shop.clock.moment(&at));
    }
    let only = form.chosen.as_ref().and_then(|chosen| match chosen.staff.as_slice() {
        [one] => Some(one.name.clone()),
        _ => None,
    });
    if let Some(name) =
        shop.staff_name(form).or(only).filter(|_| kind.is_some_and(|kind| !kind.staff.is_empty()))
    {
        parts.push(shop.clock.with(&name));
    }
    parts.extend(form.seats.filter(|seats| *seats > 1).map(|seats| shop.clock.people(seats)));
    if let Some(minutes) = form.minutes {
        parts.push(shop.clock.minutes(minutes));
    }
    parts.extend(kind.and_then(|kind| kind.price.clone()));
    parts.extend(form.name.as_ref().map(|name| shop.clock.under(name)));
    parts.extend(form.email.clone());
    parts.extend(form.phone.as_deref().map(to_international));
    parts.join(", ")
}

fn read_back(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm) {
    let summary = summary(shop, form);
    desk.say("book.confirm", &[("summary", &summary)]);
    form.asking = Some(Ask::Confirm);
}

/// Books what was read back.
pub async fn book(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm) {
    let slot = form.chosen.as_ref().map(|chosen| chosen.slot.clone());
    let arguments = Book {
        hold: form.hold.clone(),
        slot: slot.filter(|_| form.hold.is_none()),
        name: form.name.clone(),
        email: form.email.clone(),
        phone: form.phone.clone(),
        seats: form.seats,
        answers: form.answers.clone(),
        message: None,
    };
    let outcome = desk.call(tools::BOOK, to_value(arguments).unwrap_or_default()).await;
    if outcome.ok && outcome.receipt.is_some() {
        let done: BookingDone = serde_json::from_value(outcome.result).unwrap_or_default();
        booked(desk, shop, form, done);
        return;
    }
    let refused: BookingRefused = serde_json::from_value(outcome.result).unwrap_or_default();
    match (refused.code, refused.field.as_deref()) {
        (Refusal::Taken | Refusal::Unknown, _) => taken(desk, shop, form, refused.alternatives).await,
        (Refusal::Detail, Some("name")) => {
            form.name = None;
            ask_detail(desk, shop, form, Ask::Name);
        }
        (Refusal::Detail, Some("email")) => {
            form.email = None;
            desk.say("lead.bad_email", &[]);
            form.asking = Some(Ask::Email);
        }
        (Refusal::Detail, Some("phone")) => {
            form.phone = None;
            desk.say("lead.bad_phone", &[]);
            form.asking = Some(Ask::Phone);
        }
        (Refusal::Detail, Some(key))
            if shop.kind(form).is_some_and(|kind| kind.questions.iter().any(|q| q.key == key)) =>
        {
            form.answers.retain(|answer| answer.key != key);
            ask_detail(desk, shop, form, Ask::Question { key: key.to_owned() });
        }
        _ => failed(desk, form),
    }
}

/// It did not work: once more, then a person.
pub fn failed(desk: &mut Desk<'_, '_>, form: &mut BookingForm) {
    form.failed = form.failed.saturating_add(1);
    if form.failed < 2 {
        desk.say("book.failed", &[]);
        form.asking = Some(Ask::Confirm);
        return;
    }
    desk.say("book.failed_again", &[]);
    if desk.turn.may_use(tools::HANDOFF) {
        desk.say("unknown.offer_person", &[]);
        desk.mind.pending =
            Some(Pending::Handoff { reason: "an appointment could not be booked".to_owned() });
        form.asking = None;
        form.done = true;
    } else {
        handoff::contact(desk, "unknown.contact");
    }
}

fn booked(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm, done: BookingDone) {
    let booking = done.booking;
    let at = shop.clock.at(&booking.start);
    let when = at.map(|at| shop.clock.moment(&at)).unwrap_or_default();
    let staff = match booking.staff.as_slice() {
        [one] if shop.kind(form).is_some_and(|kind| !kind.staff.is_empty()) => {
            format!(" {}", shop.clock.with(&one.name))
        }
        _ => String::new(),
    };
    let when = format!("{when}{staff}");
    let what = if booking.type_name.is_empty() {
        shop.kind(form).map(|kind| kind.name.clone()).unwrap_or_default()
    } else {
        booking.type_name.clone()
    };
    let pending = booking.tentative || booking.status == "pending";
    let key = if pending { "book.pending" } else { "book.done" };
    desk.say(key, &[("what", &what), ("when", &when), ("ref", &booking.reference)]);
    if let Some(email) = form.email.clone() {
        desk.say(if pending { "book.mail_later" } else { "book.mail" }, &[("email", &email)]);
    }
    form.booking = Some(booking);
    form.done = true;
    form.asking = None;
    form.wish = None;
    form.rejected.clear();
    form.drop_time();
}

/// Puts the customer on the waiting list once name and address are known.
pub async fn join_waiting_list(desk: &mut Desk<'_, '_>, shop: &Shop, mut form: BookingForm) {
    if form.name.is_none() || form.email.is_none() {
        let ask = if form.name.is_none() { Ask::Name } else { Ask::Email };
        ask_detail(desk, shop, &mut form, ask);
        desk.mind.set_booking(form);
        return;
    }
    let (from, to) = offer::instants(shop, offer::range(shop, &form.wish.clone().unwrap_or_default()));
    let arguments = JoinWaitingList {
        type_id: form.type_id.clone().unwrap_or_default(),
        from,
        to,
        staff: form.staff.clone(),
        name: form.name.clone(),
        email: form.email.clone(),
        phone: form.phone.clone(),
    };
    let outcome = desk.call(tools::JOIN_WAITING_LIST, to_value(arguments).unwrap_or_default()).await;
    if outcome.ok && outcome.receipt.is_some() {
        let email = form.email.clone().unwrap_or_default();
        desk.say("book.waiting_done", &[("email", &email)]);
        desk.mind.drop_booking();
        return;
    }
    let refused: BookingRefused = serde_json::from_value(outcome.result).unwrap_or_default();
    if refused.field.as_deref() == Some("email") {
        form.email = None;
        desk.say("lead.bad_email", &[]);
        form.asking = Some(Ask::Email);
    } else {
        form.waiting = false;
        form.asking = Some(Ask::When);
        desk.say("book.waiting_failed", &[]);
    }
    desk.mind.set_booking(form);
}
