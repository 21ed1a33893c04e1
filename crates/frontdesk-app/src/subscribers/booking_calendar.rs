//! Has appointments written into the calendars of those who do them.

use frontdesk_domain::event::LoggedEvent;
use frontdesk_store::Tx;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::Subscriber;
use crate::{Result, calendar};

/// The subscriber.
pub const SUBSCRIBER: Subscriber = Subscriber {
    name: "booking_calendar",
    kinds: &[
        "booking.created",
        "booking.confirmed",
        "booking.rescheduled",
        "booking.updated",
        "booking.cancelled",
    ],
    handle,
};

fn handle<'a>(tx: &'a Tx, logged: &'a LoggedEvent) -> BoxFuture<'a, Result<()>> {
    plan(tx, logged).boxed()
}

/// Where nobody connected a calendar there is nothing to do.
async fn plan(tx: &Tx, logged: &LoggedEvent) -> Result<()> {
    if !frontdesk_store::calendar::list(tx, tx.scope()).await?.is_empty() {
        calendar::plan(tx, logged);
    }
    Ok(())
}
