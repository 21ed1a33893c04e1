//! What became of what a customer was told about a booking, as its history keeps it.

use frontdesk_domain::booking::{BookingChange, BookingChangeKind};
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{BookingId, uuid_v7};
use frontdesk_domain::outbox::{OutboxMessage, Status};
use frontdesk_store::{StoreError, Tx, booking};

use super::BookingNotice;
use crate::Result;

/// What the team reads on a booking whose customer mail does not reach.
pub(crate) const FLAG: &str = "Mail to the customer came back, so they may not know what was arranged. Call them, or correct \
    their e-mail address here.";
const COMPLAINED: &str = "The customer reported our mail as unwanted. From now on they get nothing but mail about their \
    bookings.";

/// Holds the booking until the unit of work ends: before its message, the order in which sending takes them.
pub(crate) async fn hold(tx: &Tx, notice: &BookingNotice) -> Result<()> {
    match booking::get_for_update(tx, tx.scope(), notice.booking_id).await {
        Ok(_) | Err(StoreError::NotFound(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// A message about a booking, as it was before, has come to stand elsewhere. One that came back speaks for an address that
/// is wrong.
pub(crate) async fn moved(
    tx: &Tx,
    notice: &BookingNotice,
    was: &OutboxMessage,
    (status, reason): (Status, Option<&str>),
    came_back: bool,
) -> Result<()> {
    let template = notice.template.as_str().to_owned();
    let has_left = matches!(was.status, Status::Sent | Status::Delivered | Status::Read);
    let change = match status {
        Status::Sent | Status::Delivered | Status::Read if !has_left => {
            BookingChangeKind::Notified { template }
        }
        Status::Failed | Status::Undelivered | Status::InDoubt => {
            let reason = reason.unwrap_or("no reason was given").replace(&was.to, "the customer's address");
            BookingChangeKind::NotNotified { template, reason }
        }
        _ => return Ok(()),
    };
    note(tx, notice.booking_id, change).await?;
    if came_back && was.channel == Channel::Email {
        flag(tx, notice.booking_id, &was.to).await?;
    }
    Ok(())
}

/// The customer reported a letter about a booking as unwanted.
pub(crate) async fn complained(tx: &Tx, notice: &BookingNotice) -> Result<()> {
    note(tx, notice.booking_id, BookingChangeKind::Flagged { text: COMPLAINED.to_owned() }).await
}

/// Shows the team a booking that is still to come, when it was its address that mail came back from; what flags it already
/// stays.
async fn flag(tx: &Tx, id: BookingId, address: &str) -> Result<()> {
    let mut stored = match booking::get_for_update(tx, tx.scope(), id).await {
        Err(StoreError::NotFound(_)) => return Ok(()),
        known => known?,
    };
    let booking = &mut stored.booking;
    let is_theirs = booking.email.as_deref().is_some_and(|it| it.eq_ignore_ascii_case(address));
    if !is_theirs || booking.flagged.is_some() || !booking.status.is_open() || booking.start <= tx.now() {
        return Ok(());
    }
    booking.flagged = Some(FLAG.to_owned());
    booking.updated_at = tx.now();
    booking::update(tx, tx.scope(), &stored).await?;
    tx.emit(Event::BookingUpdated { booking_id: id });
    Ok(())
}

/// Notes something in the booking's history.
async fn note(tx: &Tx, id: BookingId, what: BookingChangeKind) -> Result<()> {
    let change = BookingChange { at: tx.now(), actor: "system".to_owned(), actor_name: String::new(), what };
    booking::insert_change(tx, tx.scope(), uuid_v7(tx.now(), tx.random()), id, &change).await?;
    tx.emit(Event::BookingUpdated { booking_id: id });
    Ok(())
}
