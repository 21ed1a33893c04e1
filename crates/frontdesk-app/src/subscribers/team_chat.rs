//! Tells the team in a chat of theirs, such as a channel on Discord, what happened.

use std::time::Duration;

use frontdesk_channel::notifier;
use frontdesk_domain::booking::BookingSource;
use frontdesk_domain::connection::ConnectionCategory;
use frontdesk_domain::event::{Event, LoggedEvent};
use frontdesk_store::{StoreError, Tx, booking, connection};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::Subscriber;
use crate::Result;
use crate::notification::chat::{About, BookingNews, ChatNotice, FAILED};

/// The subscriber.
pub const SUBSCRIBER: Subscriber = Subscriber {
    name: "team_chat",
    kinds: &[
        "lead.created",
        "human_handoff.requested",
        "booking.created",
        "booking.rescheduled",
        "booking.cancelled",
        "message.status_changed",
    ],
    handle,
};

/// News older than this is no news.
const STALE: Duration = Duration::from_hours(24);

fn handle<'a>(tx: &'a Tx, logged: &'a LoggedEvent) -> BoxFuture<'a, Result<()>> {
    enqueue(tx, logged).boxed()
}

/// One job per place: one that is gone must not keep the others from their news.
async fn enqueue(tx: &Tx, logged: &LoggedEvent) -> Result<()> {
    if logged.at.plus(STALE) < tx.now() {
        return Ok(());
    }
    let about = match &logged.event {
        Event::LeadCreated { lead_id } => About::Lead { lead_id: *lead_id },
        Event::HandoffRequested { conversation_id, .. } => {
            About::Handoff { conversation_id: *conversation_id }
        }
        Event::BookingCreated { booking_id } => {
            let stored = match booking::get(tx, tx.scope(), *booking_id).await {
                Ok(stored) => stored,
                Err(StoreError::NotFound(_)) => return Ok(()),
                Err(error) => return Err(error.into()),
            };
            // A history that is written down is no news.
            if stored.booking.source == BookingSource::Import {
                return Ok(());
            }
            About::Booking { booking_id: *booking_id, news: BookingNews::Made }
        }
        Event::BookingRescheduled { booking_id, .. } => {
            About::Booking { booking_id: *booking_id, news: BookingNews::Moved }
        }
        Event::BookingCancelled { booking_id } => {
            About::Booking { booking_id: *booking_id, news: BookingNews::Cancelled }
        }
        Event::MessageStatusChanged { status, .. } if FAILED.contains(status) => {
            About::Messages { since: logged.at }
        }
        _ => return Ok(()),
    };
    for place in connection::list_enabled(tx, tx.scope(), ConnectionCategory::Notifier).await? {
        let place = place.connection;
        let wanted = notifier::notices(&place.vendor, &place.settings).is_some_and(|all| about.is_among(all));
        if wanted {
            let notice = ChatNotice { connection_id: place.id, about: about.clone(), event: logged.seq };
            tx.enqueue(notice.job(tx.now())?);
        }
    }
    Ok(())
}
