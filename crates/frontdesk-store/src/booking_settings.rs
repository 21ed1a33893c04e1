//! How bookings go in a workspace; defaults until somebody changes them.

use frontdesk_domain::context::Scope;
use frontdesk_domain::schedule::BookingSettings;

use crate::tx::Db;
use crate::{Result, settings};

const TABLE: &str = "booking_settings";

/// The workspace's.
pub async fn get(db: &impl Db, scope: Scope) -> Result<BookingSettings> {
    settings::get(db, scope, TABLE).await
}

/// Replaces them.
pub async fn put(db: &impl Db, scope: Scope, wanted: &BookingSettings) -> Result<()> {
    settings::put(db, scope, TABLE, wanted).await
}
