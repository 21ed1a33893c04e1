//! What the tools told of times and bookings, for the turns to come.
//!
//! The dialogue holds only what was said; slots, holds and references are in tool results, which end with their turn.
//! The turn keeps the latest of them in [`Shelf`], whichever brain asked, and a model reads them in its prompt, so that
//! "the second one" needs no second search and no token has to be guessed. The tools check each of them again.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::booking::{
    Availability, BookingDone, BookingRefused, BookingView, HeldSlot, MyBookings, OfferedSlot,
};
use crate::port::ToolOutcome;
use crate::tools;

/// Most free times and bookings that are kept.
const MAX_SLOTS: usize = 24;
const MAX_BOOKINGS: usize = 10;
/// Most starts of given times that are remembered; the newest stay.
const MAX_GIVEN: usize = 300;

/// Times and bookings the tools have named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shelf {
    /// The free times of the latest search.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    slots: Vec<OfferedSlot>,
    /// The time that is kept for the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    held: Option<HeldSlot>,
    /// The customer's bookings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bookings: Vec<BookingView>,
    /// When the free times of all searches start, in minutes since the epoch: what a reply may offer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    given: Vec<i64>,
}

impl Shelf {
    /// Learns from what a tool gave or refused.
    pub fn learn(&mut self, tool: &str, outcome: &ToolOutcome) {
        if !tools::is_booking(tool) {
            return;
        }
        if !outcome.ok {
            let refused: BookingRefused = read(&outcome.result);
            if !refused.alternatives.is_empty() {
                self.offer(refused.alternatives);
            }
            return;
        }
        match tool {
            tools::CHECK_AVAILABILITY => {
                let Availability { slots, later, .. } = read(&outcome.result);
                self.offer(if slots.is_empty() { later } else { slots });
            }
            tools::HOLD_SLOT => {
                let held: HeldSlot = read(&outcome.result);
                self.give(std::slice::from_ref(&held.held));
                self.held = Some(held);
            }
            tools::FIND_MY_BOOKINGS => {
                let MyBookings { bookings, .. } = read(&outcome.result);
                self.bookings = bookings;
                self.bookings.truncate(MAX_BOOKINGS);
            }
            tools::BOOK | tools::RESCHEDULE | tools::CANCEL => {
                let BookingDone { booking, .. } = read(&outcome.result);
                self.bookings.retain(|known| known.reference != booking.reference);
                self.bookings.truncate(MAX_BOOKINGS - 1);
                if let Some(start) = minute(&booking.start).filter(|_| tool != tools::CANCEL) {
                    self.given.retain(|given| *given != start);
                }
                self.bookings.push(booking);
                self.slots.clear();
                self.held = None;
            }
            _ => {}
        }
    }

    fn offer(&mut self, mut slots: Vec<OfferedSlot>) {
        self.give(&slots);
        slots.truncate(MAX_SLOTS);
        self.slots = slots;
    }

    fn give(&mut self, slots: &[OfferedSlot]) {
        let new: Vec<i64> = slots.iter().filter_map(|slot| minute(&slot.start)).collect();
        self.given.retain(|given| !new.contains(given));
        self.given.extend(new);
        self.given.drain(..self.given.len().saturating_sub(MAX_GIVEN));
    }

    /// When the times that were given as free start, oldest search first.
    pub fn given(&self) -> impl Iterator<Item = Timestamp> + '_ {
        self.given.iter().filter_map(|minute| Timestamp::from_second(minute.checked_mul(60)?).ok())
    }

    /// When the customer's bookings start; cancelled ones do not count.
    pub fn booked(&self) -> impl Iterator<Item = Timestamp> + '_ {
        let standing = self.bookings.iter().filter(|booking| booking.status != "cancelled");
        standing.filter_map(|booking| booking.start.parse().ok())
    }

    /// The names of those the times are with.
    pub fn staff_names(&self) -> Vec<String> {
        let held = self.held.iter().map(|held| &held.held);
        let mut names: Vec<String> = self
            .slots
            .iter()
            .chain(held)
            .flat_map(|slot| &slot.staff)
            .map(|person| person.name.clone())
            .collect();
        names.sort_unstable();
        names.dedup();
        names.retain(|name| !name.is_empty());
        names
    }

    /// One line for each, for the prompt.
    pub fn lines(&self) -> Vec<String> {
        let held = self.held.iter().map(|held| {
            format!(
                "Kept for the customer until {}: {}, hold `{}`",
                held.expires_at,
                time(&held.held),
                held.hold
            )
        });
        let bookings = self.bookings.iter().map(|booking| {
            format!(
                "Booking `{}`: {}, {}, {}",
                booking.reference, booking.type_name, booking.words, booking.status
            )
        });
        let slots = self.slots.iter().map(|slot| format!("Free: {}, slot `{}`", time(slot), slot.slot));
        held.chain(bookings).chain(slots).collect()
    }
}

/// An instant in minutes since the epoch.
fn minute(instant: &str) -> Option<i64> {
    let at: Timestamp = instant.parse().ok()?;
    Some(at.as_second().div_euclid(60))
}

/// A time with its length and whom it is with.
fn time(slot: &OfferedSlot) -> String {
    let when = if slot.words.is_empty() { &slot.start } else { &slot.words };
    let staff: Vec<&str> = slot.staff.iter().map(|person| person.name.as_str()).collect();
    let with = if staff.is_empty() { String::new() } else { format!(" with {}", staff.join(" or ")) };
    format!("{when}, {} minutes{with}", slot.minutes)
}

/// What cannot be read says nothing.
fn read<T: serde::de::DeserializeOwned + Default>(result: &Value) -> T {
    T::deserialize(result).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn outcome(ok: bool, result: Value) -> ToolOutcome {
        ToolOutcome { ok, result, receipt: None, citations: Vec::new() }
    }

    fn slot(token: &str, words: &str) -> Value {
        json!({ "slot": token, "start": "2026-03-24T15:00:00-04:00", "words": words, "minutes": 45,
            "staff": [{ "id": "maria", "name": "Maria Lopez" }] })
    }

    #[test]
    fn what_was_offered_kept_and_booked_is_known_later() {
        let mut shelf = Shelf::default();
        let found = json!({ "zone": "UTC", "slots": [slot("s1", "Tuesday at 3 PM")], "more": false });
        shelf.learn(tools::CHECK_AVAILABILITY, &outcome(true, found));
        assert_eq!(shelf.lines(), ["Free: Tuesday at 3 PM, 45 minutes with Maria Lopez, slot `s1`"]);
        let held = json!({ "hold": "h1", "expires_at": "soon", "held": slot("s1", "Tuesday at 3 PM") });
        shelf.learn(tools::HOLD_SLOT, &outcome(true, held));
        assert!(shelf.lines()[0].contains("hold `h1`"), "{:?}", shelf.lines());
        let taken =
            json!({ "error": "taken", "code": "taken", "alternatives": [slot("s2", "Friday at 9 AM")] });
        shelf.learn(tools::BOOK, &outcome(false, taken));
        assert!(shelf.lines()[1].contains("slot `s2`"), "{:?}", shelf.lines());
        let booking = json!({ "reference": "R1", "type_name": "Cleaning", "words": "Friday at 9 AM", "status": "confirmed" });
        shelf.learn(tools::BOOK, &outcome(true, json!({ "done": "booked", "booking": booking })));
        assert_eq!(shelf.lines(), ["Booking `R1`: Cleaning, Friday at 9 AM, confirmed"]);
    }

    #[test]
    fn other_tools_and_odd_results_change_nothing() {
        let mut shelf = Shelf::default();
        shelf.learn(tools::CAPTURE_LEAD, &outcome(true, json!({ "slots": [slot("s1", "now")] })));
        shelf.learn(tools::CHECK_AVAILABILITY, &outcome(true, json!("nothing of the kind")));
        shelf.learn(tools::CHECK_AVAILABILITY, &outcome(false, json!({ "error": "it broke" })));
        assert_eq!(shelf, Shelf::default());
    }
}
