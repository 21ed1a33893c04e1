//! Calendars that people have already, kept in step both ways.
//!
//! An account is a connection with calendars; a calendar belongs to a staff member, blocks their time (`sync.rs`), takes
//! their appointments (`write.rs`), or both. What its owner changes in it comes back (`back.rs`). Tokens are kept alive in
//! `account.rs`, push channels in `push.rs`; `calendly/` brings over what a business had there. No unit of work spans a call to a vendor. A vendor is one of
//! `frontdesk-connector`; those that ask for consent need the operator's registration, see [`Registration`].

mod account;
mod back;
mod calendly;
mod connect;
mod consent;
mod push;
mod sync;
mod write;

pub(crate) use account::count_at;
pub(crate) use back::is_stale;
pub use calendly::{
    CalendlyAccess, CalendlyBooking, CalendlyCount, CalendlyHours, CalendlyHoursDone, CalendlyImport,
    CalendlyLeft, CalendlyPreview, CalendlyReport, CalendlyState, CalendlyType, import as import_calendly,
    preview as preview_calendly,
};
pub use connect::{
    CalendarPatch, CalendarVendor, NewCalDav, connect_caldav, delete, disconnect_all, list, request_sync,
    update, vendors,
};
pub use consent::{Asked, NewConsent, Returned, ask, finish};
pub use push::{CHANNEL_JOB, CHANNELS_JOB, Heard, hear, plan_channels, renew};
pub use sync::{POLL_JOB, SYNC_JOB, poll, run as sync};
pub use write::{PLACE_JOB, WRITE_JOB, place, plan, run as write};

use std::collections::BTreeMap;
use std::time::Duration;

use frontdesk_domain::calendar::{CalendarStatus, ConnectedCalendar};
use frontdesk_domain::time::Timestamp;
use secrecy::SecretString;
use serde_json::Value;

/// What the operator registered with a vendor, so that people can give consent there.
#[derive(Debug, Clone)]
pub struct Registration {
    /// The settings of the vendor's schema: the client's id, and addresses where they are not the vendor's own.
    pub settings: Value,
    /// The client's secret.
    pub client_secret: SecretString,
}

/// Registrations by vendor.
pub type Registrations = BTreeMap<String, Registration>;

/// How long ago a calendar may have been read for its news to count, from the business's settings.
pub(crate) fn stale_before(now: Timestamp, minutes: u32) -> Timestamp {
    now.minus(Duration::from_secs(u64::from(minutes) * 60))
}

/// Says whether the news is too old to rely on.
fn with_age(mut calendar: ConnectedCalendar, before: Timestamp) -> ConnectedCalendar {
    calendar.stale = calendar.blocks
        && (calendar.status == CalendarStatus::Disconnected
            || calendar.synced_at.is_none_or(|synced| synced < before));
    calendar
}
