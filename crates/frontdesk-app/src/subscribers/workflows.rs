//! Has contacts enter and leave workflows by what happens to conversations and appointments.

use frontdesk_domain::event::LoggedEvent;
use frontdesk_store::Tx;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::Subscriber;
use crate::Result;
use crate::workflow::hear;

/// The subscriber.
pub const SUBSCRIBER: Subscriber = Subscriber { name: "workflows", kinds: hear::KINDS, handle };

fn handle<'a>(tx: &'a Tx, logged: &'a LoggedEvent) -> BoxFuture<'a, Result<()>> {
    hear::hear(tx, logged).boxed()
}
