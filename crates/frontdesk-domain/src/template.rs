//! Message templates: what the business writes to customers, by kind, channel and language.
//!
//! A template is source text; rendering it is the app's. Each save is a version. To add a kind, add a variant here, its
//! variables (`frontdesk-app/src/template/variables.rs`) and its texts in every language.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::locale::Language;
use crate::time::Timestamp;

/// What a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TemplateKind {
    /// The booking holds.
    BookingConfirmed,
    /// The booking is asked for; the business will say whether it holds.
    BookingPending,
    /// The appointment is near.
    BookingReminder,
    /// The booking moved.
    BookingRescheduled,
    /// The booking was called off.
    BookingCancelled,
    /// A booking that was asked for was not accepted.
    BookingDeclined,
    /// A slot came free for somebody who waits.
    WaitingListOffer,
    /// The customer did not come: a new time is offered.
    NoShowFollowUp,
    /// Where the business is and how it is reached; the agent sends it when asked to.
    BusinessDetails,
    /// Where an appointment is booked online; the agent sends it when asked to.
    BookingLink,
    /// A code that proves the address is theirs.
    OneTimeCode,
    /// To staff: somebody booked.
    StaffNewBooking,
    /// To staff: a booking moved.
    StaffMovedBooking,
    /// To staff: a booking was called off.
    StaffCancelledBooking,
}

impl TemplateKind {
    /// Every kind, in the order lists show them.
    pub const ALL: [Self; 14] = [
        Self::BookingConfirmed,
        Self::BookingPending,
        Self::BookingReminder,
        Self::BookingRescheduled,
        Self::BookingCancelled,
        Self::BookingDeclined,
        Self::WaitingListOffer,
        Self::NoShowFollowUp,
        Self::BusinessDetails,
        Self::BookingLink,
        Self::OneTimeCode,
        Self::StaffNewBooking,
        Self::StaffMovedBooking,
        Self::StaffCancelledBooking,
    ];

    /// The text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BookingConfirmed => "booking_confirmed",
            Self::BookingPending => "booking_pending",
            Self::BookingReminder => "booking_reminder",
            Self::BookingRescheduled => "booking_rescheduled",
            Self::BookingCancelled => "booking_cancelled",
            Self::BookingDeclined => "booking_declined",
            Self::WaitingListOffer => "waiting_list_offer",
            Self::NoShowFollowUp => "no_show_follow_up",
            Self::BusinessDetails => "business_details",
            Self::BookingLink => "booking_link",
            Self::OneTimeCode => "one_time_code",
            Self::StaffNewBooking => "staff_new_booking",
            Self::StaffMovedBooking => "staff_moved_booking",
            Self::StaffCancelledBooking => "staff_cancelled_booking",
        }
    }

    /// Whether it goes to the team rather than to a customer.
    pub const fn is_for_staff(self) -> bool {
        matches!(self, Self::StaffNewBooking | Self::StaffMovedBooking | Self::StaffCancelledBooking)
    }
}

/// Through what a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TemplateChannel {
    /// E-mail.
    Email,
    /// Short messages: SMS, WhatsApp, Telegram. They have no subject.
    Text,
}

impl TemplateChannel {
    /// Every channel.
    pub const ALL: [Self; 2] = [Self::Email, Self::Text];
}

/// The text of a message: as written by the business, or as shipped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Template {
    /// What it is for.
    pub kind: TemplateKind,
    /// Through what it goes.
    pub channel: TemplateChannel,
    /// In which language.
    pub language: Language,
    /// The subject, one line with `{{ variables }}`; empty in short messages.
    pub subject: String,
    /// The text: paragraphs with `{{ variables }}`, `**bold**`, lists of `- ` lines, `[words](address)`; a link alone in
    /// its paragraph is a button.
    pub body: String,
    /// Whether the business wrote it; otherwise it is the shipped text.
    pub customised: bool,
    /// The number of its newest version; 0 as shipped.
    pub version: u32,
    /// When it was last saved.
    pub updated_at: Option<Timestamp>,
}

/// A template as it was saved once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TemplateVersion {
    /// 1, 2, 3, ... of the template.
    pub number: u32,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
    /// Who saved it.
    pub author_name: String,
    /// When.
    pub created_at: Timestamp,
}

/// Something a template may say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TemplateVariable {
    /// Its name, as in `{{ name }}`.
    pub name: String,
    /// What it says.
    pub description: String,
    /// What it could be.
    pub sample: String,
    /// Whether it may be absent; then it stands inside `{% if name %} ... {% endif %}`.
    pub optional: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_is_the_wire_word() {
        for kind in TemplateKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}
