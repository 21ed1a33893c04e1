//! A person the business talks to, and what is remembered of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{ContactId, ConversationId, FactId, NoteId, UserId};
use crate::time::Timestamp;

/// A person the business talks to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Contact {
    /// Their id.
    pub id: ContactId,
    /// Their name; empty when unknown.
    pub name: String,
    /// Their e-mail address, lower case.
    pub email: Option<String>,
    /// Their phone number, E.164.
    pub phone: Option<String>,
    /// Where they work.
    pub company: Option<String>,
    /// The language they write in, BCP 47.
    pub language: Option<String>,
    /// Tags with colours.
    pub tags: Vec<Tag>,
    /// Custom fields by key.
    #[schema(value_type = Object)]
    pub fields: BTreeMap<String, serde_json::Value>,
    /// Whether they asked not to be contacted.
    pub opted_out: bool,
    /// Where they first came from, such as `web`.
    pub source: String,
    /// How far the conversation with them has come.
    pub status: ContactStatus,
    /// Their id in another system, such as a CRM.
    #[serde(default)]
    pub external_id: Option<String>,
    /// The time zone they said they live in, a name of the IANA database.
    #[serde(default)]
    pub zone: Option<String>,
    /// Their state, province or region as their address says it, such as `CA`.
    #[serde(default)]
    pub region: Option<String>,
    /// Their postal code.
    #[serde(default)]
    pub postal_code: Option<String>,
    /// Their country, ISO 3166-1 alpha-2.
    #[serde(default)]
    pub country: Option<String>,
    /// How many times they were followed up since they last answered.
    pub follow_ups: u32,
    /// When they were last written to or called.
    #[serde(default)]
    pub last_contacted_at: Option<Timestamp>,
    /// When they were first seen.
    pub created_at: Timestamp,
    /// When anything was last changed.
    pub updated_at: Timestamp,
    /// When they last wrote or were written to.
    pub last_seen_at: Option<Timestamp>,
}

impl Contact {
    /// Somebody new of whom only the source is known; fill in the rest.
    pub const fn new(id: ContactId, source: String, now: Timestamp) -> Self {
        Self {
            id,
            name: String::new(),
            email: None,
            phone: None,
            company: None,
            language: None,
            tags: Vec::new(),
            fields: BTreeMap::new(),
            opted_out: false,
            source,
            status: ContactStatus::Pending,
            external_id: None,
            zone: None,
            region: None,
            postal_code: None,
            country: None,
            follow_ups: 0,
            last_contacted_at: None,
            created_at: now,
            updated_at: now,
            last_seen_at: None,
        }
    }
}

/// How far the conversation with a contact has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContactStatus {
    /// Nobody has written to them yet.
    #[default]
    Pending,
    /// They were written to and have not answered.
    Contacted,
    /// They answered.
    InConversation,
    /// They fit what the business looks for.
    Qualified,
    /// They have an appointment.
    Booked,
    /// They did not answer any follow-up.
    Unresponsive,
    /// They asked not to be contacted.
    OptedOut,
}

impl ContactStatus {
    /// Every status, in the order people go through them.
    pub const ALL: [Self; 7] = [
        Self::Pending,
        Self::Contacted,
        Self::InConversation,
        Self::Qualified,
        Self::Booked,
        Self::Unresponsive,
        Self::OptedOut,
    ];

    /// The status' word on the wire and in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Contacted => "contacted",
            Self::InConversation => "in_conversation",
            Self::Qualified => "qualified",
            Self::Booked => "booked",
            Self::Unresponsive => "unresponsive",
            Self::OptedOut => "opted_out",
        }
    }
}

/// A tag with its colour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// Its name.
    #[schema(min_length = 1, max_length = 40)]
    pub name: String,
    /// Its colour.
    pub color: TagColor,
}

/// A tag's colour, a name of the design system.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TagColor {
    /// Gray.
    #[default]
    Gray,
    /// Blue.
    Blue,
    /// Teal.
    Teal,
    /// Green.
    Green,
    /// Yellow.
    Yellow,
    /// Orange.
    Orange,
    /// Red.
    Red,
    /// Pink.
    Pink,
    /// Violet.
    Violet,
}

/// A team member's note on a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContactNote {
    /// Its id.
    pub id: NoteId,
    /// The contact.
    pub contact_id: ContactId,
    /// The text.
    pub text: String,
    /// Who wrote it.
    pub author: Option<UserId>,
    /// Their name.
    pub author_name: Option<String>,
    /// When.
    pub created_at: Timestamp,
}

/// One thing remembered about a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fact {
    /// Its id.
    pub id: FactId,
    /// What it is about, such as `preferred_time`.
    pub key: String,
    /// What is known.
    pub value: String,
    /// The conversation it was learned in.
    pub conversation_id: Option<ConversationId>,
    /// When it was learned or corrected.
    pub updated_at: Timestamp,
}

/// What is remembered of a contact across conversations.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Memory {
    /// Facts, newest first.
    pub facts: Vec<Fact>,
    /// What the last conversation was about.
    pub last_summary: Option<String>,
    /// When that was.
    pub last_conversation_at: Option<Timestamp>,
    /// How many conversations there were.
    pub conversations: u32,
    /// Upcoming bookings in words; empty until bookings exist.
    pub upcoming_bookings: Vec<String>,
}

/// One line of a contact's timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TimelineEntry {
    /// When.
    pub at: Timestamp,
    /// The kind of event, such as `conversation.started`.
    pub kind: String,
    /// What happened, in plain words.
    pub text: String,
    /// The conversation it belongs to.
    pub conversation_id: Option<ConversationId>,
}
