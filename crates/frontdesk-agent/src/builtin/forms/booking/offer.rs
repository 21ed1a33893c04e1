//! Looking for free times and offering three of them.

use serde_json::to_value;

use super::Shop;
use super::form::{Ask, BookingForm, Goal, Offer};
use super::heard::Heard;
use super::wish::{Wish, minute_of, next_day};
use crate::booking::{Availability, AvailabilityQuestion};
use crate::builtin::desk::Desk;
use crate::tools;
use jiff::civil::Date;
use jiff::{Span, Zoned};

/// Most times offered at once.
const OFFERS: usize = 3;
/// Most slots asked for.
const LIMIT: usize = 200;
/// How far is looked when no day is wished, in days.
const AHEAD: i64 = 14;
/// Most days of one question.
const MOST_DAYS: i64 = 62;

/// What came of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The very time that was wished.
    Exactly(Offer),
    /// Times that fit the wish.
    Fitting(Vec<Offer>),
    /// None fits; these are near.
    Near(Vec<Offer>),
    /// None in the range; the first ones after it, and why.
    Later(Vec<Offer>, Option<String>),
    /// The tool did not work.
    Failed,
}

/// The days to ask for.
pub fn range(shop: &Shop, wish: &Wish) -> (Date, Date) {
    let today = shop.clock.now.date();
    let first = wish.days.iter().map(|(from, _)| *from).min().unwrap_or(today).max(today);
    let last = wish.days.iter().map(|(_, to)| *to).max();
    let last = last.unwrap_or_else(|| first.saturating_add(Span::new().days(AHEAD)));
    let most = first.saturating_add(Span::new().days(MOST_DAYS - 1));
    (first, last.max(next_day(first)).min(most))
}

/// The range as the tools take it.
pub fn instants(shop: &Shop, days: (Date, Date)) -> (String, String) {
    let said = |at: Zoned| at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    let start =
        |date: Date| date.to_zoned(shop.clock.zone.clone()).unwrap_or_else(|_| shop.clock.now.clone());
    let from = start(days.0).max(shop.clock.now.clone());
    let to = start(days.1).max(from.saturating_add(Span::new().hours(1)));
    (said(from), said(to))
}

async fn ask(
    desk: &mut Desk<'_, '_>,
    shop: &Shop,
    form: &BookingForm,
    wish: &Wish,
    staff: Option<&str>,
) -> Option<Availability> {
    let (from, to) = instants(shop, range(shop, wish));
    let moved =
        form.booking.as_ref().filter(|_| form.goal == Goal::Move).map(|booking| booking.reference.clone());
    let question = AvailabilityQuestion {
        type_id: if moved.is_some() { None } else { form.type_id.clone() },
        from: Some(from),
        to: Some(to),
        staff: staff.map(str::to_owned),
        minutes: if moved.is_some() { None } else { form.minutes },
        seats: if moved.is_some() { None } else { form.seats },
        booking: moved,
        limit: Some(LIMIT),
    };
    let outcome = desk.call(tools::CHECK_AVAILABILITY, to_value(question).unwrap_or_default()).await;
    outcome.ok.then(|| serde_json::from_value(outcome.result).unwrap_or_default())
}

/// Searches for what the form wishes.
pub async fn search(desk: &mut Desk<'_, '_>, shop: &Shop, form: &BookingForm) -> Found {
    let wish = form.wish.clone().unwrap_or_default();
    let mut found: Option<Availability> = None;
    if let (Some(not), Some(kind)) = (&form.not_staff, shop.kind(form)) {
        let others: Vec<String> = kind
            .staff
            .iter()
            .filter(|person| person.id != *not)
            .map(|person| person.id.clone())
            .take(3)
            .collect();
        for other in others {
            let Some(next) = ask(desk, shop, form, &wish, Some(&other)).await else { continue };
            found = Some(match found {
                None => next,
                Some(mut all) => {
                    all.slots.extend(next.slots);
                    all.later.extend(next.later);
                    all
                }
            });
        }
    } else {
        found = ask(desk, shop, form, &wish, form.staff.as_deref()).await;
    }
    let Some(found) = found else { return Found::Failed };
    let timed = |slots: Vec<crate::booking::OfferedSlot>| -> Vec<(Zoned, Offer)> {
        let mut timed: Vec<(Zoned, Offer)> = slots
            .into_iter()
            .filter_map(|slot| Some((shop.clock.at(&slot.start)?, Offer::from(slot))))
            .filter(|(at, offer)| *at > shop.clock.now && !form.rejected.contains(&offer.start))
            .collect();
        timed.sort_by(|(a, _), (b, _)| a.cmp(b));
        timed.dedup_by(|(a, _), (b, _)| a == b);
        timed
    };
    let all = timed(found.slots);
    let fitting: Vec<(Zoned, Offer)> = all.iter().filter(|(at, _)| wish.fits(at)).cloned().collect();
    if wish.exact.is_some()
        && let [(_, only)] = fitting.as_slice()
    {
        return Found::Exactly(only.clone());
    }
    if wish.latest && !fitting.is_empty() {
        let days = fitting.chunk_by(|(a, _), (b, _)| a.date() == b.date());
        return Found::Fitting(days.filter_map(|day| Some(day.last()?.1.clone())).take(OFFERS).collect());
    }
    if !fitting.is_empty() {
        return Found::Fitting(spread(&fitting));
    }
    let same_days: Vec<(Zoned, Offer)> = all.into_iter().filter(|(at, _)| wish.fits_day(at)).collect();
    if !same_days.is_empty() {
        return Found::Near(nearest(&wish, same_days));
    }
    let why = found.why.first().map(|why| why.trim().to_owned()).filter(|why| !why.is_empty());
    Found::Later(timed(found.later).into_iter().take(OFFERS).map(|(_, offer)| offer).collect(), why)
}

/// Three that differ: the earliest, then others on other days or at other times of the day.
pub fn spread(slots: &[(Zoned, Offer)]) -> Vec<Offer> {
    let Some(first) = slots.first() else { return Vec::new() };
    let mut chosen: Vec<&(Zoned, Offer)> = vec![first];
    while chosen.len() < OFFERS.min(slots.len()) {
        let days: std::collections::BTreeSet<Date> = slots.iter().map(|(at, _)| at.date()).collect();
        let worth = |(at, _): &(Zoned, Offer)| -> i64 {
            let nearest = chosen
                .iter()
                .map(|(other, _)| {
                    let apart = i64::from(minute_of(at).abs_diff(minute_of(other))).min(240);
                    let other_day = at.date() != other.date();
                    // On other days any time will do, but not the same one again.
                    if other_day { 200 + apart / 2 } else { apart }
                })
                .min()
                .unwrap_or(0);
            let ahead = i64::from(at.date().since(first.0.date()).map_or(0, |span| span.get_days()));
            // Soon is better than late; with several days the next few are enough.
            nearest - if days.len() > 1 { ahead * 15 } else { 0 } - i64::from(at.minute() != 0) * 3
        };
        let next = slots
            .iter()
            .filter(|slot| !chosen.iter().any(|taken| taken.1.start == slot.1.start))
            .max_by(|a, b| worth(a).cmp(&worth(b)).then(b.0.cmp(&a.0)));
        match next {
            Some(next) => chosen.push(next),
            None => break,
        }
    }
    chosen.sort_by(|a, b| a.0.cmp(&b.0));
    chosen.into_iter().map(|(_, offer)| offer.clone()).collect()
}

/// The three nearest to what was wished, by start.
fn nearest(wish: &Wish, mut slots: Vec<(Zoned, Offer)>) -> Vec<Offer> {
    let within = |at: &Zoned| {
        let late = wish.before.is_some_and(|before| at.timestamp() >= before);
        let early = wish.after.is_some_and(|after| at.timestamp() <= after);
        u16::from(late || early)
    };
    slots.sort_by(|(a, _), (b, _)| {
        (within(a), wish.distance(a), a.date()).cmp(&(within(b), wish.distance(b), b.date()))
    });
    slots.truncate(OFFERS);
    slots.sort_by(|(a, _), (b, _)| a.cmp(b));
    slots.into_iter().map(|(_, offer)| offer).collect()
}

/// Searches and says what was found; a precise wish that is free is chosen at once.
pub async fn look(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm) {
    form.drop_time();
    let found = search(desk, shop, form).await;
    match found {
        Found::Exactly(offer) => {
            form.chosen = Some(offer);
            form.asking = None;
        }
        Found::Fitting(offers) => offer(desk, shop, form, "book.offer", offers),
        Found::Near(offers) => {
            desk.say("book.none_then", &[]);
            offer(desk, shop, form, "book.near", offers);
        }
        Found::Later(offers, why) => nothing(desk, shop, form, offers, why),
        Found::Failed => {
            form.asking = Some(Ask::When);
            form.failed = form.failed.saturating_add(1);
            desk.say("book.failed_check", &[]);
        }
    }
}

/// A remark as a sentence of its own.
fn sentence(remark: &str) -> String {
    let mut chars = remark.trim().chars();
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    let whole = format!("{first}{}", chars.as_str());
    if whole.ends_with(['.', '!', '?']) { whole } else { format!("{whole}.") }
}

fn nothing(
    desk: &mut Desk<'_, '_>,
    shop: &Shop,
    form: &mut BookingForm,
    offers: Vec<Offer>,
    why: Option<String>,
) {
    let staff = shop.staff_name(form);
    let day = form.wish.as_ref().and_then(|wish| match wish.days.as_slice() {
        [(from, to)] if next_day(*from) == *to => {
            from.to_zoned(shop.clock.zone.clone()).ok().map(|at| shop.clock.date(&at))
        }
        _ => None,
    });
    match (&day, &staff) {
        (Some(day), Some(staff)) => desk.say("book.none_day_staff", &[("day", day), ("staff", staff)]),
        (Some(day), None) => desk.say("book.none_day", &[("day", day)]),
        (None, Some(staff)) => desk.say("book.none_staff", &[("staff", staff)]),
        (None, None) => desk.say("book.none", &[]),
    }
    if let Some(why) = why.filter(|_| desk.language == frontdesk_domain::locale::Language::En) {
        desk.tell(&sentence(&why));
    }
    let waiting = form.goal == Goal::Book && desk.turn.may_use(tools::JOIN_WAITING_LIST) && !form.waiting;
    if offers.is_empty() {
        form.offered.clear();
        form.asking = Some(if waiting { Ask::Pick { waiting } } else { Ask::When });
        desk.say(if waiting { "book.waiting_or_when" } else { "book.other_when" }, &[]);
        return;
    }
    offer(desk, shop, form, "book.later", offers);
    if waiting {
        form.asking = Some(Ask::Pick { waiting });
        desk.say("book.or_waiting", &[]);
    }
}

/// Offers times and asks which.
pub fn offer(desk: &mut Desk<'_, '_>, shop: &Shop, form: &mut BookingForm, key: &str, offers: Vec<Offer>) {
    let times = shop.clock.offers(&offers);
    let single = offers.len() == 1;
    form.offered = offers;
    form.asking = Some(Ask::Pick { waiting: false });
    let staff = shop.staff_name(form).map(|name| shop.clock.with(&name)).unwrap_or_default();
    if !staff.is_empty() && key == "book.offer" {
        desk.say_sentence("book.offer_staff", &[("times", &times), ("with", &staff)]);
    } else {
        desk.say_sentence(key, &[("times", &times)]);
    }
    desk.say(if single { "book.pick_one" } else { "book.pick" }, &[]);
}

/// Which of the offers the message means; several when it fits several.
pub fn pick(shop: &Shop, form: &BookingForm, heard: &Heard) -> Vec<Offer> {
    let offers = &form.offered;
    if offers.is_empty() {
        return Vec::new();
    }
    if let Some(place) = heard.place {
        let place = if place == usize::MAX { offers.len() - 1 } else { place };
        return offers.get(place).cloned().into_iter().collect();
    }
    let timed: Vec<(Zoned, &Offer)> =
        offers.iter().filter_map(|offer| Some((shop.clock.at(&offer.start)?, offer))).collect();
    let wish = &heard.time.wish;
    if !wish.is_empty() && wish.after.is_none() && wish.before.is_none() {
        let fitting: Vec<Offer> =
            timed.iter().filter(|(at, _)| wish.fits(at)).map(|(_, offer)| (*offer).clone()).collect();
        if !fitting.is_empty() {
            return fitting;
        }
        // "at 3" where 3 in the afternoon was offered and the other half of the day was read.
        if let Some(exact) = wish.exact.filter(|_| wish.is_clock_only()) {
            return timed
                .iter()
                .filter(|(at, _)| minute_of(at) % 720 == exact % 720)
                .map(|(_, offer)| (*offer).clone())
                .collect();
        }
        return Vec::new();
    }
    if let Some(number) = heard.number {
        let hour: Vec<Offer> = timed
            .iter()
            .filter(|(at, _)| u32::from(minute_of(at) / 60 % 12) == number % 12 && (1..=24).contains(&number))
            .map(|(_, offer)| (*offer).clone())
            .collect();
        if let [_] = hour.as_slice() {
            return hour;
        }
        let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        return place.and_then(|place| offers.get(place)).cloned().into_iter().collect();
    }
    if heard.says("either") {
        return offers.first().cloned().into_iter().collect();
    }
    Vec::new()
}
