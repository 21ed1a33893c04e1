//! Offers a freed time to those who wait for one.

use frontdesk_domain::event::LoggedEvent;
use frontdesk_store::Tx;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::Subscriber;
use crate::Result;
use crate::booking::offer;

/// The subscriber.
pub const SUBSCRIBER: Subscriber =
    Subscriber { name: "waiting_list", kinds: &["booking.cancelled", "booking.rescheduled"], handle };

fn handle<'a>(tx: &'a Tx, logged: &'a LoggedEvent) -> BoxFuture<'a, Result<()>> {
    offer::plan(tx, logged).boxed()
}
