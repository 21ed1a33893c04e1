//! What a turn knows when it starts and what it leaves behind.

use frontdesk_domain::agent::AgentSettings;
use frontdesk_domain::contact::Memory;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::{ConversationId, TurnId};
use frontdesk_domain::locale::Language;
use frontdesk_domain::message::Author;
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workspace::{BusinessFacts, WeeklyHours};
use serde::{Deserialize, Serialize};

use crate::booking::BookableType;
use crate::shelf::Shelf;

/// Everything one turn may rely on; loaded by app in one round trip.
#[derive(Debug, Clone)]
pub struct Session {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// This turn.
    pub turn_id: TurnId,
    /// The channel, which sets length and manner of wording.
    pub channel: Channel,
    /// The business.
    pub business: Business,
    /// The agent's name.
    pub agent_name: String,
    /// The agent's settings (a published version, or the draft in the sandbox).
    pub settings: AgentSettings,
    /// The customer, as far as known.
    pub customer: Customer,
    /// What is remembered of the customer across conversations.
    pub memory: Memory,
    /// The dialogue so far, oldest first, without the new input; bounded by app (newest 40).
    pub history: Vec<Line>,
    /// What the last turn left behind.
    pub state: DialogueState,
    /// The current instant.
    pub now: Timestamp,
    /// Seed of everything random in this turn.
    pub seed: u64,
    /// Receipts of this conversation so far, oldest first.
    pub receipts: Vec<Receipt>,
    /// Whether team members are reachable now.
    pub team_available: bool,
    /// What can be booked; empty where nothing can.
    pub bookable: Vec<BookableType>,
}

/// The business an agent speaks for.
#[derive(Debug, Clone, Default)]
pub struct Business {
    /// Its name.
    pub name: String,
    /// IANA zone.
    pub zone: String,
    /// ISO 3166-1 alpha-2 country.
    pub country: String,
    /// Facts it may state.
    pub facts: BusinessFacts,
    /// Opening hours.
    pub hours: WeeklyHours,
}

/// The customer, as far as known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Customer {
    /// Their name.
    pub name: Option<String>,
    /// Their e-mail address.
    pub email: Option<String>,
    /// Their phone number, E.164.
    pub phone: Option<String>,
    /// Whether they asked not to be contacted.
    pub opted_out: bool,
}

/// One line of the dialogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Who said it (`Customer`, `Ai` or `Person`).
    pub author: Author,
    /// What they said.
    pub text: String,
}

/// What the dialogue engine carries from turn to turn; stored as JSON with the conversation. Unknown or damaged state
/// reads as empty, so that an upgrade never breaks a conversation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DialogueState {
    /// Forms in progress, innermost last (owned by the built-in brain).
    pub agenda: Vec<serde_json::Value>,
    /// Questions in a row that could not be answered.
    pub misses: u8,
    /// The language in use, once known.
    pub language: Option<Language>,
    /// Which wordings were used last, so that they vary.
    pub variation: u32,
    /// What was last asked or offered, for "yes", "no" and "the second one".
    pub pending: Option<serde_json::Value>,
    /// The question that was last answered, for "and on Sunday?".
    pub topic: Option<String>,
    /// Free times and bookings the tools named (the turn keeps it).
    pub shelf: Shelf,
}

/// Proof that a tool did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// What was done.
    pub kind: ReceiptKind,
    /// The id of what was made or changed.
    pub id: String,
}

/// What a receipt proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptKind {
    /// Details were saved as a lead.
    LeadCaptured,
    /// The contact's details were changed.
    ContactUpdated,
    /// A person was asked to take over.
    HandedOff,
    /// The conversation was ended.
    ConversationEnded,
    /// The customer was opted out.
    OptedOut,
    /// Free times were asked for.
    TimesChecked,
    /// A time is kept for some minutes.
    Held,
    /// The customer was put on a waiting list.
    WaitingListJoined,
    /// A one-time code was sent.
    CodeSent,
    /// The customer showed who they are.
    Verified,
    /// A booking was made.
    Booked,
    /// A booking was moved.
    Rescheduled,
    /// A booking was cancelled.
    Cancelled,
    /// A message was sent.
    MessageSent,
}
