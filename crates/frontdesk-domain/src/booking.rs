//! A booking: who comes when to whom, and everything that happened to it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::booking_type::{Location, Price};
use crate::id::{
    BookingId, BookingNoteId, BookingTypeId, BookingViewId, ContactId, ConversationId, ResourceId, StaffId,
    UserId, WaitingId,
};
use crate::locale::Language;
use crate::time::Timestamp;

/// An appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Booking {
    /// Its id.
    pub id: BookingId,
    /// A short code for talking about it, such as `K7QF2M`; proves nothing.
    pub reference: String,
    /// What was booked.
    pub type_id: BookingTypeId,
    /// Its name when it was booked.
    pub type_name: String,
    /// How it stands.
    pub status: BookingStatus,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends, exclusive, without buffers.
    pub end: Timestamp,
    /// The customer's zone, in which they are told the time.
    pub zone: String,
    /// The language in which they are written to.
    pub language: Language,
    /// Who it is for.
    pub contact_id: ContactId,
    /// Their name as given.
    pub name: String,
    /// Their e-mail address as given.
    pub email: Option<String>,
    /// Their phone number, E.164.
    pub phone: Option<String>,
    /// Seats taken.
    pub seats: u32,
    /// Who does it.
    pub staff: Vec<StaffId>,
    /// What it uses, by unit.
    pub resources: Vec<ResourceId>,
    /// Where.
    pub location: Location,
    /// What it costs.
    pub price: Option<Price>,
    /// The customer's answers by question key.
    pub answers: BTreeMap<String, String>,
    /// What the customer added.
    pub message: String,
    /// Through which door it came.
    pub source: BookingSource,
    /// The conversation it was made in.
    pub conversation_id: Option<ConversationId>,
    /// A calendar was stale when it was made: the business still has to say that it holds.
    pub tentative: bool,
    /// Its calendar event was deleted outside: somebody has to decide.
    pub flagged: Option<String>,
    /// Who cancelled it, why and when.
    pub cancellation: Option<Cancellation>,
    /// How many times it was moved.
    pub moves: u32,
    /// The iCalendar SEQUENCE; rises with each change a customer is told of.
    pub sequence: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// How a booking stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BookingStatus {
    /// A person has to confirm it; its slot is kept.
    Pending,
    /// It holds.
    Confirmed,
    /// It holds, and was moved at least once.
    Rescheduled,
    /// It took place.
    Completed,
    /// It was called off; its slot is free.
    Cancelled,
    /// The customer did not come.
    NoShow,
}

impl BookingStatus {
    /// Every status.
    pub const ALL: [Self; 6] =
        [Self::Pending, Self::Confirmed, Self::Rescheduled, Self::Completed, Self::Cancelled, Self::NoShow];

    /// The text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Rescheduled => "rescheduled",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::NoShow => "no_show",
        }
    }

    /// It is still to come: it can be moved and cancelled, and it keeps its slot.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Confirmed | Self::Rescheduled)
    }

    /// Whether it may become `next`. A mistaken `completed` or `no_show` may be taken back to `confirmed`.
    pub const fn may_become(self, next: Self) -> bool {
        match self {
            Self::Pending => {
                matches!(next, Self::Confirmed | Self::Rescheduled | Self::Cancelled | Self::Pending)
            }
            Self::Confirmed | Self::Rescheduled => {
                matches!(next, Self::Rescheduled | Self::Completed | Self::Cancelled | Self::NoShow)
            }
            Self::Completed => matches!(next, Self::Confirmed | Self::NoShow),
            Self::NoShow => matches!(next, Self::Confirmed | Self::Completed),
            Self::Cancelled => false,
        }
    }
}

/// Through which door a booking came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BookingSource {
    /// The public page.
    Page,
    /// The picker in the widget.
    Widget,
    /// The agent, in a conversation.
    Agent,
    /// A team member, in the dashboard.
    Dashboard,
    /// A program.
    Api,
    /// An import.
    Import,
    /// The waiting list.
    WaitingList,
}

/// How a booking was called off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cancellation {
    /// By whom.
    pub by: CancelledBy,
    /// Why, in their words.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// Who called a booking off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CancelledBy {
    /// The customer.
    Customer,
    /// The business.
    Business,
    /// Nobody in person: a pending booking that lapsed.
    System,
}

/// One thing that happened to a booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BookingChange {
    /// When.
    pub at: Timestamp,
    /// Who did it: `user`, `api_key`, `visitor`, `agent` or `system`.
    pub actor: String,
    /// Their name at a glance; empty for the customer and the system.
    pub actor_name: String,
    /// What happened.
    #[serde(flatten)]
    pub what: BookingChangeKind,
}

/// What happened to a booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BookingChangeKind {
    /// It was made.
    Created {
        /// How it stood at first.
        status: BookingStatus,
    },
    /// A person confirmed it.
    Confirmed,
    /// It moved to another time or to other staff.
    Moved {
        /// Its start before.
        from: Timestamp,
        /// Its start after.
        to: Timestamp,
        /// Its staff before.
        from_staff: Vec<StaffId>,
        /// Its staff after.
        to_staff: Vec<StaffId>,
    },
    /// It was called off.
    Cancelled {
        /// Why.
        reason: String,
    },
    /// It took place.
    Completed,
    /// The customer did not come.
    NoShow,
    /// A mistaken `completed` or `no_show` was taken back.
    Reopened,
    /// Name, address, answers or the like changed.
    Edited {
        /// The fields that changed.
        fields: Vec<String>,
    },
    /// Its calendar event was changed or deleted outside.
    Flagged {
        /// What was found.
        text: String,
    },
    /// A notice went out.
    Notified {
        /// Which, such as `booking_confirmed`.
        template: String,
    },
    /// A notice did not reach the customer, or nobody knows.
    NotNotified {
        /// Which, such as `booking_confirmed`.
        template: String,
        /// Why.
        reason: String,
    },
}

/// A note of the team on a booking; customers never see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BookingNote {
    /// Its id.
    pub id: BookingNoteId,
    /// Who wrote it.
    pub author: Option<UserId>,
    /// Their name.
    pub author_name: String,
    /// What it says.
    pub text: String,
    /// When.
    pub created_at: Timestamp,
}

/// A slot kept for a short while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hold {
    /// What proves that it is yours; given once.
    pub token: String,
    /// What is held.
    pub type_id: BookingTypeId,
    /// From.
    pub start: Timestamp,
    /// To, exclusive.
    pub end: Timestamp,
    /// With whom.
    pub staff: Vec<StaffId>,
    /// Seats held.
    pub seats: u32,
    /// When it lapses unless it is extended or booked.
    pub expires_at: Timestamp,
}

/// Somebody waiting for a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WaitingEntry {
    /// Its id.
    pub id: WaitingId,
    /// For what.
    pub type_id: BookingTypeId,
    /// Who.
    pub contact_id: ContactId,
    /// Their name.
    pub name: String,
    /// Where offers go.
    pub email: Option<String>,
    /// Their phone number, E.164.
    pub phone: Option<String>,
    /// With this staff member only.
    pub staff_id: Option<StaffId>,
    /// Not before.
    pub from: Timestamp,
    /// Not after, exclusive.
    pub to: Timestamp,
    /// Their zone.
    pub zone: String,
    /// Their language.
    pub language: Language,
    /// How it stands.
    pub status: WaitingStatus,
    /// The slot on offer and until when.
    pub offer: Option<WaitingOffer>,
    /// Since when they wait.
    pub created_at: Timestamp,
}

/// How somebody's waiting stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaitingStatus {
    /// Waiting.
    Waiting,
    /// A slot is on offer.
    Offered,
    /// They took it.
    Booked,
    /// They left, or the time is over.
    Closed,
}

/// A freed slot on offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WaitingOffer {
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// With whom.
    pub staff: Vec<StaffId>,
    /// Until when it is kept.
    pub expires_at: Timestamp,
}

/// A saved set of filters of the bookings list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BookingView {
    /// Its id.
    pub id: BookingViewId,
    /// Its name.
    pub name: String,
    /// The filters, as in the page's address.
    pub query: String,
    /// Seen by the whole team.
    pub shared: bool,
    /// Who made it.
    pub created_by: UserId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cancelled_booking_stays_cancelled_and_a_mistaken_no_show_can_be_taken_back() {
        for status in BookingStatus::ALL {
            assert!(!BookingStatus::Cancelled.may_become(status), "{status:?}");
        }
        assert!(BookingStatus::NoShow.may_become(BookingStatus::Confirmed));
        assert!(!BookingStatus::Completed.may_become(BookingStatus::Cancelled));
    }
}
