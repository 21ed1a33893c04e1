//! What a new workspace can be booked for from the start: an appointment of half an hour, in opening hours.

use frontdesk_domain::booking_type::BookingTypeSettings;
use frontdesk_store::Tx;

use super::kind;
use crate::Result;

/// Adds one booking type that needs nobody in particular.
pub async fn furnish(tx: &Tx) -> Result<()> {
    let settings = BookingTypeSettings { name: "Appointment".to_owned(), ..BookingTypeSettings::default() };
    kind::insert(tx, settings, None).await.map(drop)
}
