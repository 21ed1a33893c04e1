//! What each kind of message may say: the one table behind rendering, checking and completion.
//!
//! To add a variable, add a line here and its value where values are made (`notice/values.rs`).

use frontdesk_domain::template::{TemplateKind, TemplateVariable};

use TemplateKind as K;

/// A variable: its name, what it says, what it could be, and where it is known.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub description: &'static str,
    /// What it could be.
    pub sample: &'static str,
    /// Whether it may be absent.
    pub optional: bool,
    kinds: &'static [K],
}

const EVERY: &[K] = &K::ALL;
/// About an appointment that was made.
const BOOKING: &[K] = &[
    K::BookingConfirmed,
    K::BookingPending,
    K::BookingReminder,
    K::BookingRescheduled,
    K::BookingCancelled,
    K::BookingDeclined,
    K::NoShowFollowUp,
    K::StaffNewBooking,
    K::StaffMovedBooking,
    K::StaffCancelledBooking,
];
/// About a time.
const TIMED: &[K] = &[
    K::BookingConfirmed,
    K::BookingPending,
    K::BookingReminder,
    K::BookingRescheduled,
    K::BookingCancelled,
    K::BookingDeclined,
    K::WaitingListOffer,
    K::NoShowFollowUp,
    K::StaffNewBooking,
    K::StaffMovedBooking,
    K::StaffCancelledBooking,
];
const OPEN: &[K] = &[K::BookingConfirmed, K::BookingPending, K::BookingReminder, K::BookingRescheduled];
const AGAIN: &[K] = &[K::BookingCancelled, K::BookingDeclined, K::NoShowFollowUp];
const MOVED: &[K] = &[K::BookingRescheduled, K::StaffMovedBooking];
const CALLED_OFF: &[K] = &[K::BookingCancelled, K::BookingDeclined, K::StaffCancelledBooking];
const STAFF: &[K] = &[K::StaffNewBooking, K::StaffMovedBooking, K::StaffCancelledBooking];
const OFFER: &[K] = &[K::WaitingListOffer];
const CODE: &[K] = &[K::OneTimeCode];
const DETAILS: &[K] = &[K::BusinessDetails];
const LINK: &[K] = &[K::BookingLink];

const fn always(
    name: &'static str,
    description: &'static str,
    sample: &'static str,
    kinds: &'static [K],
) -> Variable {
    Variable { name, description, sample, optional: false, kinds }
}

const fn maybe(
    name: &'static str,
    description: &'static str,
    sample: &'static str,
    kinds: &'static [K],
) -> Variable {
    Variable { name, description, sample, optional: true, kinds }
}

/// Every variable.
pub const ALL: &[Variable] = &[
    always("business_name", "The business's name", "Riverside Dental", EVERY),
    maybe("business_phone", "Its public phone number", "+1 503 555 0142", EVERY),
    maybe("business_email", "Its public e-mail address", "hello@riverside.example", EVERY),
    maybe("business_address", "Its address", "12 River Street, Portland", EVERY),
    always("customer_name", "The customer's name", "Ana Gómez", TIMED),
    always("first_name", "The first word of the customer's name", "Ana", TIMED),
    maybe("first_name", "The first word of the customer's name", "Ana", CODE),
    always("service", "What was booked", "Cleaning", TIMED),
    always(
        "when",
        "Day and time in words, in the customer's zone",
        "Tuesday, November 24, 2026 at 3:30 PM",
        TIMED,
    ),
    always("date", "The day in words", "Tuesday, November 24, 2026", TIMED),
    always("time", "When it starts", "3:30 PM", TIMED),
    always("end_time", "When it ends", "4:15 PM", TIMED),
    always("zone", "The zone these times are in", "PST", TIMED),
    always("duration", "How long it takes", "45 minutes", TIMED),
    maybe("staff_name", "Who does it", "Maria Lopez", TIMED),
    maybe("location", "Where", "12 River Street, Portland", TIMED),
    maybe("video_url", "The link of the video call", "https://meet.example.com/abc", OPEN),
    maybe("price", "What it costs", "60.00 USD", TIMED),
    always("reference", "The code for talking about the booking", "K7QF2M", BOOKING),
    maybe(
        "manage_url",
        "The customer's own link for moving or cancelling",
        "https://desk.example.com/book/manage/abc",
        OPEN,
    ),
    maybe(
        "book_url",
        "Where a new time is chosen",
        "https://desk.example.com/book/riverside/cleaning",
        AGAIN,
    ),
    maybe("business_website", "Its web site", "https://riverside.example", DETAILS),
    always("book_url", "Where an appointment is booked", "https://desk.example.com/book/riverside", LINK),
    maybe("previous_when", "Day and time before the move", "Monday, November 23, 2026 at 9:00 AM", MOVED),
    maybe("reason", "Why it was called off", "Our dentist is ill", CALLED_OFF),
    always(
        "offer_url",
        "Where the offered time is taken or declined",
        "https://desk.example.com/book/offer/abc",
        OFFER,
    ),
    always("expires", "Until when the offered time is kept", "Monday, November 23, 2026 at 5:00 PM", OFFER),
    always("code", "The code", "402 817", CODE),
    always("minutes", "How long the code works", "10 minutes", CODE),
    always("staff_member", "Who is written to", "Maria Lopez", STAFF),
    maybe("customer_email", "The customer's e-mail address", "ana@example.com", STAFF),
    maybe("customer_phone", "The customer's phone number", "+1 503 555 0199", STAFF),
    maybe("answers", "The customer's answers", "Insurance: Acme", STAFF),
    maybe("message", "What the customer added", "I am a little nervous", STAFF),
    always("dashboard_url", "The booking in the dashboard", "https://desk.example.com/calendar", STAFF),
];

/// What a kind of message may say.
pub fn of(kind: TemplateKind) -> impl Iterator<Item = &'static Variable> {
    ALL.iter().filter(move |variable| variable.kinds.contains(&kind))
}

impl Variable {
    /// In its wire form.
    pub fn shown(&self) -> TemplateVariable {
        TemplateVariable {
            name: self.name.to_owned(),
            description: self.description.to_owned(),
            sample: self.sample.to_owned(),
            optional: self.optional,
        }
    }
}
