//! Calendars: what is busy in them, what we write into them, and how they tell of changes.
//!
//! [`CalendarAccount`] is the port: one account of one person at one vendor. A client is made for one access token; who
//! calls refreshes the token ([`crate::oauth`]) and makes a new client. Nothing is kept between two calls: the caller
//! keeps the [`SyncCursor`] and the busy cache.
//!
//! To add a vendor: a file here, a line in [`MANIFESTS`], a line in [`build`], and its simulator in the contract suite
//! (`tests/it/contract.rs`).

pub mod caldav;
pub mod calendly;
mod cursor;
pub mod google;
pub mod graph;
mod ical;
mod wire;
pub mod zoho;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use frontdesk_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::manifest::Manifest;
pub use wire::{Access, Credential};

/// Every vendor, in the order lists show them.
pub const MANIFESTS: &[Manifest] =
    &[google::MANIFEST, graph::MANIFEST, caldav::MANIFEST, zoho::MANIFEST, calendly::MANIFEST];

/// Most changes one call of [`CalendarAccount::changes`] gives; a calendar with more in its window is refused.
pub const MOST_CHANGES: usize = 50_000;

/// One person's account at a calendar vendor.
#[async_trait]
pub trait CalendarAccount: Send + Sync {
    /// The account's calendars, own and shared.
    async fn calendars(&self) -> Result<Vec<RemoteCalendar>, CalendarError>;

    /// What changed since the cursor; without one, everything in the window. [`CalendarError::CursorGone`] means: keep
    /// the cache, ask again without a cursor, and put that page in the cache's place.
    async fn changes(&self, query: &ChangesQuery<'_>) -> Result<ChangePage, CalendarError>;

    /// Writes our event, as often as needed: the same [`OutgoingEvent::id`] never makes a second one. `known` is what an
    /// earlier call returned, if it did.
    async fn put(
        &self,
        calendar: &str,
        event: &OutgoingEvent,
        known: Option<&RemoteRef>,
    ) -> Result<RemoteRef, CalendarError>;

    /// Removes our event; one that is gone already is removed.
    async fn remove(&self, calendar: &str, event: &RemoteRef) -> Result<(), CalendarError>;

    /// Asks the vendor to call `callback` (https) when the calendar changes; none when it cannot and must be asked from
    /// time to time. `id` is ours and new for each channel; `token` comes back with every call and proves it.
    async fn watch(
        &self,
        calendar: &str,
        id: &str,
        callback: &str,
        token: &str,
    ) -> Result<Option<PushChannel>, CalendarError>;

    /// Ends such calls; a channel that is gone already is ended.
    async fn unwatch(&self, channel: &PushChannel) -> Result<(), CalendarError>;
}

/// A calendar of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteCalendar {
    /// The vendor's id; for CalDAV the collection's path.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Whether it is the account's main calendar.
    pub primary: bool,
    /// Whether events may be written.
    pub writable: bool,
    /// Its IANA time zone, where the vendor says one.
    pub zone: Option<String>,
    /// Its colour as `#rrggbb`.
    pub color: Option<String>,
}

/// Where a listing of changes starts. Opaque; stored as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SyncCursor(pub(crate) String);

/// A stretch of time, its end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First instant.
    pub from: Timestamp,
    /// First instant after it.
    pub to: Timestamp,
}

impl Window {
    pub(crate) fn meets(self, start: Timestamp, end: Timestamp) -> bool {
        // An event without length still lies in the window.
        start < self.to && (end > self.from || (start == end && start >= self.from))
    }
}

/// What to ask a calendar for.
#[derive(Debug, Clone, Copy)]
pub struct ChangesQuery<'a> {
    /// [`RemoteCalendar::id`].
    pub calendar: &'a str,
    /// [`ChangePage::next`] of the time before.
    pub cursor: Option<&'a SyncCursor>,
    /// The time that matters. It may move forward from call to call; when it leaves what the cursor covers, the cursor
    /// is gone.
    pub window: Window,
    /// IANA zone of all-day and floating events, where the vendor does not say it.
    pub zone: &'a str,
}

/// What changed.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangePage {
    /// The changes. Several may name the same key; the last one holds.
    pub changes: Vec<RemoteChange>,
    /// Where to start next time.
    pub next: SyncCursor,
    /// Whether this is all there is in the window: a key that is not named is gone.
    pub full: bool,
}

/// What is now known under a key; it replaces all that was known under it.
#[derive(Debug, Clone, PartialEq)]
pub struct RemoteChange {
    /// The vendor's id of an event, of one instance of a series, or (CalDAV, Zoho) of a whole series. It equals
    /// [`RemoteRef::id`] of events we wrote.
    pub key: String,
    /// Its instances in the window; none when it was deleted or cancelled.
    pub events: Vec<RemoteEvent>,
}

/// An event, or one instance of a series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RemoteEvent {
    /// Unique among the calendar's events: the key, or the key and the instance.
    pub id: String,
    /// Start; an all-day event starts at midnight in the calendar's zone.
    pub start: Timestamp,
    /// End, excluded.
    pub end: Timestamp,
    /// Whether it is given in whole days.
    pub all_day: bool,
    /// Whether it keeps its owner from other appointments: not marked as free, not declined.
    pub busy: bool,
    /// Its title; empty when hidden from us.
    pub summary: String,
    /// The id we gave it ([`OutgoingEvent::id`]), when we wrote it.
    pub ours: Option<ClientId>,
    /// Version of the vendor's copy.
    pub etag: Option<String>,
}

/// Our id of an event: 5 to 64 characters of `a-v` and `0-9` (what Google takes as an id), such as a UUID in hex
/// without dashes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct ClientId(String);

impl ClientId {
    /// The id, if it has that form.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        let fits = (5..=64).contains(&text.len())
            && text.bytes().all(|byte| matches!(byte, b'a'..=b'v' | b'0'..=b'9'));
        fits.then_some(Self(text))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The iCalendar UID made of it; the same in every copy of the appointment.
    pub fn uid(&self) -> String {
        format!("{}@frontdesk", self.0)
    }

    fn from_uid(uid: &str) -> Option<Self> {
        Self::new(uid.strip_suffix("@frontdesk")?)
    }
}

impl<'de> Deserialize<'de> for ClientId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(text).ok_or_else(|| serde::de::Error::custom("not an event id of ours"))
    }
}

/// An appointment to write.
#[derive(Debug, Clone, PartialEq)]
pub struct OutgoingEvent {
    /// Ours, and the same for as long as the appointment lives.
    pub id: ClientId,
    /// Title.
    pub summary: String,
    /// Plain text.
    pub description: String,
    /// Where; empty when nowhere.
    pub location: String,
    /// Start.
    pub start: Timestamp,
    /// End, excluded.
    pub end: Timestamp,
    /// IANA zone it is shown in.
    pub zone: String,
    /// Who takes part. No vendor is asked to invite them: our own mail does. Microsoft would invite in any case, so
    /// there they are named in the text only.
    pub attendees: Vec<Attendee>,
    /// Rises with every change (RFC 5545 §3.8.7.4).
    pub sequence: u32,
    /// When this version was made.
    pub updated_at: Timestamp,
}

/// Somebody who takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
}

/// The vendor's copy of an event of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteRef {
    /// The vendor's id; for CalDAV the path.
    pub id: String,
    /// Its version.
    pub etag: Option<String>,
}

/// The vendor calls us when a calendar changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushChannel {
    /// What a push names it by.
    pub id: String,
    /// The vendor's id of what is watched, needed to end it.
    pub resource: String,
    /// It must be made anew before this.
    pub expires_at: Timestamp,
}

/// A vendor's call about a change. It never says what changed: ask with the cursor. It may come twice, or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// [`PushChannel::id`].
    pub channel: String,
    /// What changed, in the vendor's words.
    pub resource: String,
    /// The secret given to [`CalendarAccount::watch`]; compare it before believing the push.
    pub token: String,
    /// What happened.
    pub state: PushState,
}

/// What a push says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PushState {
    /// The channel is open; nothing changed.
    Opened,
    /// Something changed.
    Changed,
    /// The channel is over, or will be: make a new one, and ask for changes.
    Ended,
}

/// Why a calendar could not be asked or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The token expired or consent was withdrawn: refresh, then reconnect.
    #[error("calendar refuses the access it once gave")]
    Unauthorized,
    /// Too many requests; ask again after this.
    #[error("calendar asks to slow down for {} s", retry_after.as_secs())]
    RateLimited {
        /// How long to wait; a minute when the vendor does not say.
        retry_after: Duration,
    },
    /// The cursor is no longer known, or does not cover the window: ask without it.
    #[error("calendar no longer knows where the last listing ended")]
    CursorGone,
    /// No such calendar or event.
    #[error("calendar or event does not exist")]
    NotFound,
    /// Somebody else changed it at the same time: ask for changes, then write again.
    #[error("event was changed by somebody else at the same time")]
    Conflict,
    /// Asking again will not help.
    #[error("calendar refuses the request: {text}")]
    Rejected {
        /// Why, in the vendor's words, cut to a bearable length.
        text: String,
    },
    /// No usable answer now; ask again later.
    #[error("calendar does not answer: {text}")]
    Unavailable {
        /// What was seen.
        text: String,
    },
}

/// Why a vendor's client could not be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// No such vendor, or not a calendar.
    #[error("no calendar vendor {0:?}")]
    UnknownVendor(String),
    /// The settings are not what the vendor's schema asks for.
    #[error("settings of {vendor}: {reason}")]
    Settings {
        /// The vendor.
        vendor: &'static str,
        /// What is wrong.
        reason: String,
    },
}

/// The client of a vendor with these settings.
pub fn build(vendor: &str, settings: &Value, access: Access) -> Result<Arc<dyn CalendarAccount>, BuildError> {
    Ok(match vendor {
        google::ID => Arc::new(google::Google::new(&wire::read(google::ID, settings)?, access)?),
        graph::ID => Arc::new(graph::Graph::new(&wire::read(graph::ID, settings)?, access)?),
        caldav::ID => Arc::new(caldav::CalDav::new(wire::read(caldav::ID, settings)?, access)?),
        zoho::ID => Arc::new(zoho::Zoho::new(wire::read(zoho::ID, settings)?, access)?),
        other => return Err(BuildError::UnknownVendor(other.to_owned())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vendor_has_its_own_id_and_a_schema_that_refuses_unknown_settings() {
        for (index, manifest) in MANIFESTS.iter().enumerate() {
            assert!(!MANIFESTS[..index].iter().any(|other| other.id == manifest.id), "{}", manifest.id);
            let schema = (manifest.settings_schema)();
            assert_eq!(schema["additionalProperties"], false, "{}", manifest.id);
            assert!(manifest.docs.starts_with("https://"), "{}", manifest.id);
        }
    }

    #[test]
    fn an_id_of_ours_is_one_google_takes() {
        assert!(ClientId::new("0192f0c1a2b37cde8f00112233445566").is_some());
        for bad in ["abc", "ABCDEF", "with-dash", "wxyz0", "", &"a".repeat(65)] {
            assert!(ClientId::new(bad).is_none(), "{bad}");
        }
        let id = ClientId::new("abcde").unwrap();
        assert_eq!(ClientId::from_uid(&id.uid()), Some(id));
        assert_eq!(ClientId::from_uid("abcde@elsewhere"), None);
    }
}
