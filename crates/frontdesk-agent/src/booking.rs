//! What the booking tools take and give. App fills it in; both brains read it.
//!
//! Instants are RFC 3339 with the offset of the zone they are meant in. A time is offered only as a slot that
//! `check_availability` gave, and booked only by that slot's token, so that no brain can make one up.

use serde::{Deserialize, Serialize};

/// Something a customer can book.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BookableType {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// The lengths it can have in minutes, the usual one first.
    pub minutes: Vec<u32>,
    /// Its price in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
    /// Where it takes place, in words.
    pub location: String,
    /// Whom a customer may ask for; empty where there is no choice.
    pub staff: Vec<BookableStaff>,
    /// The most seats one booking may take.
    pub seats: u32,
    /// Whether an e-mail address is asked for.
    pub email: Need,
    /// Whether a phone number is asked for.
    pub phone: Need,
    /// What else is asked.
    pub questions: Vec<AskedQuestion>,
    /// Whether the business confirms every booking itself.
    pub confirmation_required: bool,
}

/// Somebody a customer may ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BookableStaff {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
}

/// Whether a detail is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// There is no booking without it.
    Required,
    /// It is taken when given.
    #[default]
    Optional,
}

/// A question of a booking type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AskedQuestion {
    /// Its key among the answers.
    pub key: String,
    /// The question.
    pub label: String,
    /// Whether there is no booking without an answer.
    pub required: bool,
    /// The answers it takes; empty where any text will do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
}

/// What `check_availability` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AvailabilityQuestion {
    /// The booking type's id; with `booking` its own.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_id: Option<String>,
    /// From this instant; now when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// To this instant, exclusive; two weeks after `from` when absent, 62 days at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// With this staff member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff: Option<String>,
    /// Minutes; the usual length when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// For so many; one when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seats: Option<u32>,
    /// The reference of a booking to be moved: its own time counts as free.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub booking: Option<String>,
    /// The most slots to give, 1 to 200; 12 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

/// What `check_availability` gives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Availability {
    /// IANA zone of the times.
    pub zone: String,
    /// The slots, by start; when there are more than the limit, spread over the range.
    pub slots: Vec<OfferedSlot>,
    /// Whether there are more in the range.
    pub more: bool,
    /// When there is none in the range: the first ones after it (up to three).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub later: Vec<OfferedSlot>,
    /// When there is none in the range: why, in plain words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<String>,
    /// Whether a connected calendar is out of date, so that a booking is only provisional until the business confirms.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub tentative: bool,
}

/// A time that can be booked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OfferedSlot {
    /// What books it.
    pub slot: String,
    /// When it starts.
    pub start: String,
    /// The same in words.
    pub words: String,
    /// How long it lasts.
    pub minutes: u32,
    /// Who can serve it, best choice first.
    pub staff: Vec<BookableStaff>,
}

/// What `hold_slot` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HoldSlot {
    /// The slot.
    pub slot: String,
    /// For so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seats: Option<u32>,
}

/// What `hold_slot` gives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HeldSlot {
    /// What books the held time.
    pub hold: String,
    /// Until when it is kept.
    pub expires_at: String,
    /// The time.
    pub held: OfferedSlot,
}

/// What `book` takes: a hold or a slot, and who it is for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Book {
    /// A hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<String>,
    /// Or a slot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
    /// Their name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Their phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// For so many; one when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seats: Option<u32>,
    /// Answers to the type's questions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// What they add.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// An answer to a question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The question's key.
    pub key: String,
    /// The answer.
    pub value: String,
}

/// A booking as the customer may see it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BookingView {
    /// What names it to the customer and to the tools.
    pub reference: String,
    /// The booking type's id.
    pub type_id: String,
    /// Its name.
    pub type_name: String,
    /// When it starts.
    pub start: String,
    /// The same in words.
    pub words: String,
    /// How long it lasts.
    pub minutes: u32,
    /// With whom.
    pub staff: Vec<BookableStaff>,
    /// `pending`, `confirmed`, `cancelled`, `completed` or `no_show`.
    pub status: String,
    /// Whether the business still has to confirm it.
    pub tentative: bool,
    /// Whether the customer may still move or cancel it.
    pub may_change: bool,
}

/// What `book`, `reschedule` and `cancel` give when it is done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BookingDone {
    /// What was done, in plain words.
    pub done: String,
    /// The booking now.
    pub booking: BookingView,
}

/// What any booking tool gives when it is not done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BookingRefused {
    /// Why, in words a model can act on.
    pub error: String,
    /// What kind of refusal it is.
    pub code: Refusal,
    /// Free times near a time that was taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<OfferedSlot>,
    /// The detail that is missing or wrong: `name`, `email`, `phone` or a question's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// Why a booking tool refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Somebody else has the time.
    Taken,
    /// A detail is missing or wrong.
    Detail,
    /// The customer has not shown that the booking is theirs.
    Unverified,
    /// There is no such booking, type or time.
    Unknown,
    /// It is too late to change it, or it is over.
    TooLate,
    /// A wrong or lapsed code, or too many of them.
    Code,
    /// Anything else.
    #[default]
    Failed,
}

/// What `find_my_bookings` gives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MyBookings {
    /// Whether the customer has shown who they are. If not, only bookings made in this conversation are listed.
    pub verified: bool,
    /// Coming ones, by start.
    pub bookings: Vec<BookingView>,
}

/// What `reschedule` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MoveBooking {
    /// The booking's reference.
    pub booking: String,
    /// The new slot, from `check_availability` with this `booking`.
    pub slot: String,
}

/// What `cancel` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CancelBooking {
    /// The booking's reference.
    pub booking: String,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What `join_waiting_list` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JoinWaitingList {
    /// The booking type's id.
    #[serde(rename = "type")]
    pub type_id: String,
    /// They can come from here
    pub from: String,
    /// to here, exclusive.
    pub to: String,
    /// Only with this staff member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff: Option<String>,
    /// Their name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Their phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// What `send_code` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SendCode {
    /// The e-mail address the bookings were made with.
    pub email: String,
}

/// What `enter_code` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EnterCode {
    /// The code as the customer read it from the mail.
    pub code: String,
}
