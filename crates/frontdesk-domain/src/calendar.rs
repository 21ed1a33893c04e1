//! Calendars that a business has at vendors and connected: which block times, which are written to, how old their news is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{CalendarId, ConnectionId, StaffId};
use crate::time::Timestamp;

/// A calendar of a connected account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConnectedCalendar {
    /// Its id.
    pub id: CalendarId,
    /// The account it belongs to; calendars of one account are disconnected together.
    pub connection_id: ConnectionId,
    /// The vendor, such as `caldav`.
    pub vendor: String,
    /// The account's name at a glance.
    pub account: String,
    /// Whose it is; nobody's when that person was deleted.
    pub staff_id: Option<StaffId>,
    /// Its name at the vendor.
    pub name: String,
    /// Its colour as `#rrggbb`.
    pub color: Option<String>,
    /// Whether what is busy in it blocks times of the staff member.
    pub blocks: bool,
    /// Whether appointments of the staff member are written into it.
    pub writes: bool,
    /// Whether it may be written to at all.
    pub writable: bool,
    /// How it stands.
    pub status: CalendarStatus,
    /// When it was last read as a whole or up to its last change.
    pub synced_at: Option<Timestamp>,
    /// Whether its news is too old to rely on: bookings of its owner are tentative until it was read again.
    pub stale: bool,
    /// What went wrong, in plain words.
    pub error: Option<String>,
}

/// How a connected calendar stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CalendarStatus {
    /// It was not read yet.
    Waiting,
    /// It was read.
    Ok,
    /// The last try failed; what is known of it stays, and it is tried again.
    Failing,
    /// Access was withdrawn: it must be connected again.
    Disconnected,
}
