//! Plans the mail about bookings: confirmations, changes, reminders, follow-ups, and notices to staff.

use frontdesk_domain::event::LoggedEvent;
use frontdesk_store::Tx;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::Subscriber;
use crate::{Result, notice};

/// The subscriber.
pub const SUBSCRIBER: Subscriber = Subscriber {
    name: notice::SUBSCRIBER_NAME,
    kinds: &[
        "booking.created",
        "booking.confirmed",
        "booking.rescheduled",
        "booking.cancelled",
        "booking.no_show",
    ],
    handle,
};

fn handle<'a>(tx: &'a Tx, logged: &'a LoggedEvent) -> BoxFuture<'a, Result<()>> {
    notice::plan(tx, logged).boxed()
}
