//! What a booking form knows. Pure data, kept as JSON between two turns.

use serde::{Deserialize, Serialize};

use super::wish::Wish;
use crate::booking::{Answer, BookableStaff, BookingView, OfferedSlot};

/// The version of the form this brain reads and writes; one of another version is dropped.
pub const VERSION: u8 = 1;

/// What the customer wants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// A new appointment.
    #[default]
    Book,
    /// Another time for one they have.
    Move,
    /// None any more.
    Cancel,
    /// To know when it is.
    LookUp,
}

/// What was asked last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Ask {
    /// What to book.
    Type,
    /// When.
    When,
    /// Which of the times offered; `waiting`: or the waiting list.
    Pick {
        /// Whether the waiting list was offered, too.
        waiting: bool,
    },
    /// Their name.
    Name,
    /// Their e-mail address.
    Email,
    /// Their phone number.
    Phone,
    /// One of the type's own questions.
    Question {
        /// Its key.
        key: String,
    },
    /// Whether all of it is right.
    Confirm,
    /// What is to be changed before it is.
    Change,
    /// Which of their bookings.
    Which,
    /// The address they booked with.
    CodeAddress,
    /// The code from the mail.
    Code,
}

/// A time that a tool gave.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Offer {
    /// What books it.
    pub slot: String,
    /// When it starts, RFC 3339.
    pub start: String,
    /// How long it lasts.
    pub minutes: u32,
    /// Who can serve it.
    pub staff: Vec<BookableStaff>,
}

impl From<OfferedSlot> for Offer {
    fn from(slot: OfferedSlot) -> Self {
        Self { slot: slot.slot, start: slot.start, minutes: slot.minutes, staff: slot.staff }
    }
}

/// An appointment being made, moved or cancelled.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BookingForm {
    /// See [`VERSION`].
    pub version: u8,
    /// What for.
    pub goal: Goal,
    /// The booking type's id.
    pub type_id: Option<String>,
    /// With this staff member.
    pub staff: Option<String>,
    /// With anybody but this one.
    pub not_staff: Option<String>,
    /// A length other than the usual.
    pub minutes: Option<u32>,
    /// For so many.
    pub seats: Option<u32>,
    /// When they would like to come.
    pub wish: Option<Wish>,
    /// When the booking is that is to be changed, as they said it.
    pub old: Wish,
    /// The times offered last.
    pub offered: Vec<Offer>,
    /// Starts they did not want.
    pub rejected: Vec<String>,
    /// The time they chose.
    pub chosen: Option<Offer>,
    /// What keeps it for them.
    pub hold: Option<String>,
    /// Their name.
    pub name: Option<String>,
    /// Their e-mail address.
    pub email: Option<String>,
    /// Their phone number, E.164.
    pub phone: Option<String>,
    /// Answers to the type's questions.
    pub answers: Vec<Answer>,
    /// What was asked last.
    pub asking: Option<Ask>,
    /// How often in a row nothing was understood.
    pub missed: u8,
    /// Whether they want to be put on the waiting list.
    pub waiting: bool,
    /// The booking that is changed, or was made.
    pub booking: Option<BookingView>,
    /// Their bookings, when there are several.
    pub choices: Vec<BookingView>,
    /// The address a code went to.
    pub code_to: Option<String>,
    /// Why they cancel.
    pub reason: Option<String>,
    /// How often it could not be carried out.
    pub failed: u8,
    /// Whether it is finished.
    pub done: bool,
}

impl BookingForm {
    /// A new form.
    pub fn new(goal: Goal) -> Self {
        Self { version: VERSION, goal, ..Self::default() }
    }

    /// Forgets which time was chosen and offered.
    pub fn drop_time(&mut self) {
        self.chosen = None;
        self.hold = None;
        self.offered.clear();
    }

    /// Notes that the times offered last are not wanted.
    pub fn reject_offered(&mut self) {
        let starts: Vec<String> =
            self.offered.iter().chain(&self.chosen).map(|offer| offer.start.clone()).collect();
        for start in starts {
            if !self.rejected.contains(&start) && self.rejected.len() < 60 {
                self.rejected.push(start);
            }
        }
    }

    /// Whether it is the Pick question that is open.
    pub fn is_picking(&self) -> bool {
        matches!(self.asking, Some(Ask::Pick { .. })) && !self.offered.is_empty()
    }
}
