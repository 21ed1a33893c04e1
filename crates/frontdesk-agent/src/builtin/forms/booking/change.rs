//! Finding a booking of the customer, and moving or cancelling it.
//!
//! What was booked in this conversation needs no proof; for anything else a code goes to the address it was booked with.

use serde_json::{json, to_value};

use super::form::{Ask, BookingForm, Goal};
use super::heard::Heard;
use super::take::Took;
use super::{Shop, advance, book};
use crate::booking::{
    BookingDone, BookingRefused, BookingView, CancelBooking, EnterCode, MoveBooking, MyBookings, Refusal,
    SendCode,
};
use crate::builtin::desk::Desk;
use crate::builtin::forms::lead::{self, LeadKind};
use crate::builtin::mind::Pending;
use crate::builtin::text;
use crate::tools;

/// After so many wrong codes a person is offered.
const MOST_WRONG: u8 = 3;

/// "Cleaning, Tuesday, March 24 at 2 pm, with Maria"
pub fn words(shop: &Shop, booking: &BookingView) -> String {
    let at = shop.clock.at(&booking.start).map(|at| shop.clock.moment(&at));
    let with = match booking.staff.as_slice() {
        [one] => Some(shop.clock.with(&one.name)),
        _ => None,
    };
    [Some(booking.type_name.clone()), at, with]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// Finds out which booking is meant, with a code where that is needed.
pub async fn identify(desk: &mut Desk<'_, '_>, shop: &Shop, mut form: BookingForm, heard: &Heard) {
    if !desk.turn.may_use(tools::FIND_MY_BOOKINGS) {
        desk.mind.drop_booking();
        lead::start(desk, LeadKind::Change, desk.request_of_all(), true).await;
        return;
    }
    let outcome = desk.call(tools::FIND_MY_BOOKINGS, json!({})).await;
    let mine: MyBookings = if outcome.ok {
        serde_json::from_value(outcome.result).unwrap_or_default()
    } else {
        MyBookings::default()
    };
    let mut bookings: Vec<BookingView> =
        mine.bookings.into_iter().filter(|booking| booking.status != "cancelled").collect();
    let wants_other = heard.says("other_booking") && !mine.verified;
    if bookings.is_empty() || wants_other {
        if mine.verified {
            desk.say("book.none_found", &[]);
            desk.mind.drop_booking();
            return;
        }
        ask_code(desk, form).await;
        return;
    }
    if form.goal == Goal::LookUp {
        tell(desk, shop, &mut form, &bookings);
        desk.mind.set_booking(form);
        return;
    }
    let narrowed = narrow(shop, &form, &bookings);
    if !narrowed.is_empty() {
        bookings = narrowed;
    }
    if let [one] = bookings.as_slice() {
        form.booking = Some(one.clone());
        form.choices.clear();
        form.asking = None;
        Box::pin(advance(desk, shop, form, heard, true)).await;
    } else {
        form.choices = bookings;
        form.choices.truncate(8);
        ask_which(desk, shop, &mut form);
        desk.mind.set_booking(form);
    }
}

/// The bookings that fit what was said of the one to be changed.
fn narrow(shop: &Shop, form: &BookingForm, bookings: &[BookingView]) -> Vec<BookingView> {
    let typed = |booking: &&BookingView| Some(&booking.type_id) == form.type_id.as_ref();
    let timed = |booking: &&BookingView| shop.clock.at(&booking.start).is_some_and(|at| form.old.fits(&at));
    let both: Vec<BookingView> = bookings.iter().filter(typed).filter(timed).cloned().collect();
    if !both.is_empty() {
        return both;
    }
    if !form.old.is_empty() {
        return bookings.iter().filter(timed).cloned().collect();
    }
    bookings.iter().filter(typed).cloned().collect()
}

/// Lists the bookings and asks which is meant.
pub fn ask_which(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm) {
    let list = list(shop, &form.choices);
    desk.say("book.which", &[("list", &list)]);
    form.asking = Some(Ask::Which);
}

fn list(shop: &Shop, bookings: &[BookingView]) -> String {
    let lines: Vec<String> = bookings
        .iter()
        .enumerate()
        .map(|(at, booking)| format!("\n{}. {}", at + 1, words(shop, booking)))
        .collect();
    lines.concat()
}

/// Takes which booking is meant.
pub fn which(shop: &Shop, form: &mut BookingForm, heard: &Heard) -> Took {
    let place = heard.place.or_else(|| usize::try_from(heard.number?).ok()?.checked_sub(1));
    let by_place = match place {
        Some(usize::MAX) => form.choices.last(),
        Some(place) => form.choices.get(place),
        None => None,
    };
    let fits = |booking: &&BookingView| {
        let typed =
            heard.types.iter().filter_map(|at| shop.types.get(*at)).any(|kind| kind.id == booking.type_id);
        let timed = !heard.time.wish.is_empty()
            && shop.clock.at(&booking.start).is_some_and(|at| heard.time.wish.fits(&at));
        let staffed = matches!(&heard.with, Some(super::heard::With::Named(person)) if booking.staff.iter().any(|one| one.id == person.id));
        typed || timed || staffed
    };
    let fitting: Vec<&BookingView> = form.choices.iter().filter(fits).collect();
    let chosen = match (by_place, fitting.as_slice()) {
        (Some(one), _) => Some(one.clone()),
        (None, [one]) => Some((*one).clone()),
        _ => None,
    };
    let Some(chosen) = chosen else { return Took::Nothing };
    form.booking = Some(chosen);
    form.choices.clear();
    form.asking = None;
    Took::Something
}

/// Says what is booked.
fn tell(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm, bookings: &[BookingView]) {
    match bookings {
        [one] => {
            let what = words(shop, one);
            let key =
                if one.tentative || one.status == "pending" { "book.yours_pending" } else { "book.yours" };
            desk.say(key, &[("what", &what), ("ref", &one.reference)]);
            form.booking = Some(one.clone());
        }
        all => {
            let list = list(shop, all);
            desk.say("book.yours_several", &[("list", &list)]);
        }
    }
    form.done = true;
    form.asking = None;
}

/// A booking is known: asks before it is cancelled, or says when it is.
pub fn go_on(desk: &mut Desk<'_, '_>, shop: &Shop, mut form: BookingForm) {
    let Some(booking) = form.booking.clone() else { return };
    if form.goal == Goal::LookUp {
        tell(desk, shop, &mut form, &[booking]);
        desk.mind.set_booking(form);
        return;
    }
    if !booking.may_change {
        too_late(desk, form);
        return;
    }
    let what = words(shop, &booking);
    desk.say("book.cancel_confirm", &[("what", &what)]);
    form.asking = Some(Ask::Confirm);
    desk.mind.set_booking(form);
}

/// It is too late to change it here.
pub fn too_late(desk: &mut Desk<'_, '_>, mut form: BookingForm) {
    desk.say("book.too_late", &[]);
    form.done = true;
    form.asking = None;
    desk.mind.set_booking(form);
    if desk.turn.may_use(tools::HANDOFF) {
        desk.say("unknown.offer_person", &[]);
        desk.mind.pending =
            Some(Pending::Handoff { reason: "wants to change an appointment at short notice".to_owned() });
    }
}

/// Leaves the booking as it is.
pub fn keep(desk: &mut Desk<'_, '_>, form: &mut BookingForm) {
    desk.say("book.kept", &[]);
    form.done = true;
    form.asking = None;
    form.drop_time();
    form.wish = None;
}

/// Reads back where the booking would be moved to.
pub fn confirm_move(desk: &mut Desk<'_, '_>, shop: &Shop, mut form: BookingForm) {
    let old = form.booking.as_ref().map(|booking| words(shop, booking)).unwrap_or_default();
    let at = form.chosen.as_ref().and_then(|chosen| shop.clock.at(&chosen.start));
    let new = at.map(|at| shop.clock.moment(&at)).unwrap_or_default();
    desk.say("book.move_confirm", &[("what", &old), ("when", &new)]);
    form.asking = Some(Ask::Confirm);
    desk.mind.set_booking(form);
}

/// Moves the booking.
pub async fn reschedule(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm) {
    let (Some(booking), Some(chosen)) = (&form.booking, &form.chosen) else { return };
    let arguments = MoveBooking { booking: booking.reference.clone(), slot: chosen.slot.clone() };
    let outcome = desk.call(tools::RESCHEDULE, to_value(arguments).unwrap_or_default()).await;
    if outcome.ok && outcome.receipt.is_some() {
        let done: BookingDone = serde_json::from_value(outcome.result).unwrap_or_default();
        let at = shop.clock.at(&done.booking.start);
        let when = at.map(|at| shop.clock.moment(&at)).unwrap_or_default();
        desk.say("book.moved", &[("when", &when), ("ref", &done.booking.reference)]);
        form.booking = Some(done.booking);
        form.done = true;
        form.asking = None;
        form.wish = None;
        form.drop_time();
        return;
    }
    refused(desk, shop, form, serde_json::from_value(outcome.result).unwrap_or_default()).await;
}

/// Cancels the booking.
pub async fn cancel(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm) {
    let Some(booking) = &form.booking else { return };
    let arguments = CancelBooking { booking: booking.reference.clone(), reason: form.reason.clone() };
    let outcome = desk.call(tools::CANCEL, to_value(arguments).unwrap_or_default()).await;
    if outcome.ok && outcome.receipt.is_some() {
        let what = words(shop, booking);
        desk.say("book.cancelled", &[("what", &what)]);
        form.booking = None;
        form.done = true;
        form.asking = None;
        return;
    }
    refused(desk, shop, form, serde_json::from_value(outcome.result).unwrap_or_default()).await;
}

async fn refused(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm, refused: BookingRefused) {
    match refused.code {
        Refusal::Taken => {
            let offers: Vec<super::form::Offer> =
                refused.alternatives.into_iter().take(3).map(Into::into).collect();
            if let Some(chosen) = &form.chosen {
                form.rejected.push(chosen.start.clone());
            }
            form.drop_time();
            desk.say("book.taken", &[]);
            if offers.is_empty() {
                super::offer::look(desk, shop, form).await;
            } else {
                super::offer::offer(desk, shop, form, "book.instead", offers);
            }
        }
        Refusal::TooLate => {
            desk.say("book.too_late", &[]);
            form.done = true;
            form.asking = None;
            if desk.turn.may_use(tools::HANDOFF) {
                desk.say("unknown.offer_person", &[]);
                desk.mind.pending = Some(Pending::Handoff {
                    reason: "wants to change an appointment at short notice".to_owned(),
                });
            }
        }
        Refusal::Unverified => {
            let mut copy = form.clone();
            copy.booking = None;
            ask_code(desk, copy).await;
            if let Some(stored) = desk.mind.booking() {
                *form = stored.clone();
            }
        }
        _ => book::failed(desk, form),
    }
}

/// Asks for the address, or mails a code to the one that is known.
async fn ask_code(desk: &mut Desk<'_, '_>, mut form: BookingForm) {
    if !desk.turn.may_use(tools::SEND_CODE) || !desk.turn.may_use(tools::ENTER_CODE) {
        desk.mind.drop_booking();
        lead::start(desk, LeadKind::Change, desk.request_of_all(), true).await;
        return;
    }
    if form.email.is_some() {
        send_code(desk, &mut form).await;
    } else {
        desk.say("book.verify", &[]);
        desk.say("book.ask.code_address", &[]);
        form.asking = Some(Ask::CodeAddress);
    }
    desk.mind.set_booking(form);
}

async fn send_code(desk: &mut Desk<'_, '_>, form: &mut BookingForm) {
    let Some(email) = form.email.clone() else { return };
    let outcome =
        desk.call(tools::SEND_CODE, to_value(SendCode { email: email.clone() }).unwrap_or_default()).await;
    if outcome.ok && outcome.receipt.is_some() {
        desk.say("book.code_sent", &[("email", &email)]);
        form.code_to = Some(email);
        form.asking = Some(Ask::Code);
    } else {
        desk.say("book.code_failed", &[]);
        form.asking = Some(Ask::CodeAddress);
        form.failed = form.failed.saturating_add(1);
        offer_person(desk);
    }
}

fn offer_person(desk: &mut Desk<'_, '_>) {
    if desk.turn.may_use(tools::HANDOFF) {
        desk.say("unknown.offer_person", &[]);
        desk.mind.pending =
            Some(Pending::Handoff { reason: "could not show that a booking is theirs".to_owned() });
    }
}

/// Takes the address or the code.
pub async fn code(desk: &mut Desk<'_, '_>, form: &mut BookingForm, heard: &Heard) -> Took {
    let address = desk.found.email().map(str::to_owned);
    if let Some(address) = address {
        form.email = Some(address);
        send_code(desk, form).await;
        return Took::Everything;
    }
    if matches!(form.asking, Some(Ask::CodeAddress)) {
        if desk.input().contains('@') {
            desk.say("lead.bad_email", &[]);
            return Took::Everything;
        }
        return Took::Nothing;
    }
    if let Some(code) = heard.code.clone() {
        let outcome = desk.call(tools::ENTER_CODE, to_value(EnterCode { code }).unwrap_or_default()).await;
        if outcome.ok {
            form.asking = None;
            form.failed = 0;
            return Took::Something;
        }
        form.failed = form.failed.saturating_add(1);
        desk.say("book.code_wrong", &[]);
        if form.failed >= MOST_WRONG {
            offer_person(desk);
        }
        return Took::Everything;
    }
    if heard.says("resend") {
        send_code(desk, form).await;
        return Took::Everything;
    }
    if text::words(desk.input()).iter().any(|word| matches!(word.as_str(), "code" | "codigo")) {
        desk.say("book.ask.code", &[]);
        return Took::Everything;
    }
    Took::Nothing
}
