//! Appointments that were made elsewhere or before: written down as they are, over the same reservations as any other.

use frontdesk_domain::availability;
use frontdesk_domain::booking::{
    Booking, BookingChange, BookingChangeKind, BookingSource, BookingStatus, Cancellation, CancelledBy,
};
use frontdesk_domain::booking_type::BookingType;
use frontdesk_domain::contact::Contact;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{BookingId, uuid_v7};
use frontdesk_domain::locale::Language;
use frontdesk_domain::time::Timestamp;
use frontdesk_store::booking::Stored;
use frontdesk_store::{Tx, booking, booking_session};
use std::collections::BTreeMap;

use super::book::reference;
use super::facts::Facts;
use super::reserve::{Refused, Wanted, reserve};
use crate::{Result, token};

/// An appointment to write down.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    /// What for.
    pub kind: BookingType,
    /// When it starts.
    pub start: Timestamp,
    /// For whom.
    pub contact: Contact,
    /// Their language.
    pub language: Language,
    /// Their zone.
    pub zone: String,
    /// How it stands.
    pub status: BookingStatus,
    /// How it came.
    pub source: BookingSource,
    /// What they answered.
    pub answers: BTreeMap<String, String>,
}

/// Starts at which a type can be booked in a range, as it was at an instant.
pub(crate) async fn starts(
    tx: &Tx,
    kind: &BookingType,
    range: (Timestamp, Timestamp),
    at: Timestamp,
) -> Result<Vec<Timestamp>> {
    let facts = Facts::load(tx, tx.scope(), kind.clone(), range, at).await?;
    let question = facts.question(kind.settings.usual_duration(), 1, None);
    Ok(availability::slots(&question, &[range]).into_iter().map(|slot| slot.start).collect())
}

/// Writes an appointment down as of now. One that was called off takes nobody's time.
///
/// # Errors
/// [`crate::AppError::Taken`] when somebody else has the time.
pub(crate) async fn record(tx: &Tx, new: Recorded) -> Result<BookingId> {
    booking_session::take_turns(tx).await?;
    let id = BookingId::new(tx.now(), tx.random());
    let settings = new.kind.settings.clone();
    let minutes = settings.usual_duration();
    let wanted = Wanted {
        kind: new.kind,
        start: new.start,
        minutes,
        seats: 1,
        staff_id: None,
        rather: None,
        by_hand: false,
    };
    let session = reserve(tx, &wanted, id.uuid()).await.map_err(Refused::plainly)?;
    let is_off = new.status == BookingStatus::Cancelled;
    if is_off {
        booking_session::release(tx, tx.scope(), session.id, id.uuid()).await?;
    } else {
        booking_session::settle(tx, tx.scope(), session.id).await?;
    }
    let cancellation =
        is_off.then(|| Cancellation { by: CancelledBy::Customer, reason: String::new(), at: tx.now() });
    let stored = Stored {
        booking: Booking {
            id,
            reference: reference(tx.random()),
            type_id: session.type_id,
            type_name: settings.name,
            status: new.status,
            start: session.start,
            end: session.end,
            zone: new.zone,
            language: new.language,
            contact_id: new.contact.id,
            name: new.contact.name,
            email: new.contact.email,
            phone: new.contact.phone,
            seats: 1,
            staff: session.staff,
            resources: session.resources,
            location: settings.location,
            price: settings.price,
            answers: new.answers,
            message: String::new(),
            source: new.source,
            conversation_id: None,
            tentative: false,
            flagged: None,
            cancellation,
            moves: 0,
            sequence: 0,
            created_at: tx.now(),
            updated_at: tx.now(),
        },
        session: (!is_off).then_some(session.id),
        secret: token::generate("", tx.random()),
    };
    booking::insert(tx, tx.scope(), &stored, None).await?;
    let change = BookingChange {
        at: tx.now(),
        actor: "system".to_owned(),
        actor_name: String::new(),
        what: BookingChangeKind::Created { status: new.status },
    };
    booking::insert_change(tx, tx.scope(), uuid_v7(tx.now(), tx.random()), id, &change).await?;
    tx.emit(Event::BookingCreated { booking_id: id });
    Ok(id)
}
