//! The deeds a reply may claim, and what proves each. To add one: a variant, its proofs, and its name in the phrase files.

use crate::session::ReceiptKind;

/// What a sentence claims to have done or to be doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Deed {
    /// Made an appointment.
    Book,
    /// Moved one.
    Move,
    /// Cancelled one.
    Cancel,
    /// Sent the customer something.
    Send,
    /// Connected the customer with a person.
    HandOff,
    /// Told the team something.
    PassOn,
    /// Promised that somebody will be in touch.
    Contact,
    /// Saved details.
    Save,
    /// Took the customer off all lists.
    OptOut,
    /// Closed the conversation.
    Close,
    /// Moved money.
    Money,
    /// Placed, shipped or activated something.
    Order,
    /// Looked into a calendar or an account, or asked somebody.
    Check,
    /// Did "it", whatever it is.
    Done,
    /// Offered an appointment time.
    Slot,
}

impl Deed {
    /// The receipts any of which proves it; none for what no tool can do yet.
    pub const fn proofs(self) -> &'static [ReceiptKind] {
        use ReceiptKind::{
            Booked, Cancelled, CodeSent, ContactUpdated, ConversationEnded, HandedOff, Held, LeadCaptured,
            MessageSent, OptedOut, Rescheduled, TimesChecked, WaitingListJoined,
        };
        match self {
            Self::Book => &[Booked, Rescheduled],
            Self::Move => &[Rescheduled],
            Self::Cancel => &[Cancelled],
            Self::Send => &[MessageSent, CodeSent, Booked],
            Self::HandOff => &[HandedOff],
            // A booking reaches the team, too.
            Self::PassOn => &[HandedOff, LeadCaptured, Booked, Rescheduled, Cancelled],
            Self::Contact => &[HandedOff, LeadCaptured],
            Self::Save => &[LeadCaptured, ContactUpdated, Booked, Rescheduled, WaitingListJoined],
            Self::OptOut => &[OptedOut],
            Self::Close => &[ConversationEnded],
            Self::Check | Self::Slot => &[TimesChecked],
            Self::Money | Self::Order => &[],
            Self::Done => &[
                LeadCaptured,
                ContactUpdated,
                HandedOff,
                ConversationEnded,
                OptedOut,
                Booked,
                Rescheduled,
                Cancelled,
                MessageSent,
                Held,
                WaitingListJoined,
                CodeSent,
            ],
        }
    }

    /// The deed by its name in the phrase files.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "book" => Self::Book,
            "move" => Self::Move,
            "cancel" => Self::Cancel,
            "send" => Self::Send,
            "hand" => Self::HandOff,
            "pass" => Self::PassOn,
            "touch" => Self::Contact,
            "save" => Self::Save,
            "optout" => Self::OptOut,
            "close" => Self::Close,
            "money" => Self::Money,
            "order" => Self::Order,
            "check" => Self::Check,
            "done" => Self::Done,
            "slot" => Self::Slot,
            _ => return None,
        })
    }
}
