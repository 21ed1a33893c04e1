//! What workflows do when something happens: contacts enter by it, and leave by it.

use frontdesk_domain::booking::Booking;
use frontdesk_domain::contact::ContactStatus;
use frontdesk_domain::conversation::{Channel, ConversationState};
use frontdesk_domain::event::{Event, LoggedEvent};
use frontdesk_domain::id::{BookingId, ContactId, ConversationId};
use frontdesk_domain::message::Author;
use frontdesk_domain::workflow::{BookingMoment, EndReason, EnrolmentState, Goal, Trigger, WorkflowSettings};
use frontdesk_store::workflow::{self, enrolment};
use frontdesk_store::{StoreError, Tx, booking, contact, conversation};

use super::advance::{is_goal, set_status};
use super::{enter, qualify};
use crate::Result;

/// The kinds of events workflows want.
pub const KINDS: &[&str] = &[
    "message.created",
    "conversation.state_changed",
    "contact.opted_out",
    "booking.created",
    "booking.confirmed",
    "booking.rescheduled",
    "booking.cancelled",
    "booking.completed",
    "booking.no_show",
];

/// Hears of something, in the unit of work that remembers it was heard.
pub(crate) async fn hear(tx: &Tx, logged: &LoggedEvent) -> Result<()> {
    match &logged.event {
        Event::MessageCreated { conversation_id, author: Author::Customer, .. } => {
            wrote(tx, *conversation_id).await
        }
        Event::ConversationStateChanged { state: ConversationState::Open, .. } => Ok(()),
        Event::ConversationStateChanged { conversation_id, .. } => talked(tx, *conversation_id).await,
        Event::ContactOptedOut { contact_id } => leave(tx, *contact_id, EndReason::OptedOut, |_| true).await,
        Event::BookingCreated { booking_id } => booked(tx, *booking_id, BookingMoment::Created).await,
        Event::BookingConfirmed { booking_id } => booked(tx, *booking_id, BookingMoment::Confirmed).await,
        Event::BookingRescheduled { booking_id, .. } => {
            booked(tx, *booking_id, BookingMoment::Rescheduled).await
        }
        Event::BookingCancelled { booking_id } => booked(tx, *booking_id, BookingMoment::Cancelled).await,
        Event::BookingCompleted { booking_id } => booked(tx, *booking_id, BookingMoment::Completed).await,
        Event::BookingNoShow { booking_id } => booked(tx, *booking_id, BookingMoment::NoShow).await,
        _ => Ok(()),
    }
}

/// Ends what a contact is in, where the workflow wants that.
async fn leave(
    tx: &Tx,
    contact: ContactId,
    reason: EndReason,
    wants: impl Fn(&WorkflowSettings) -> bool,
) -> Result<()> {
    for stored in enrolment::list_active_of_contact(tx, tx.scope(), contact).await? {
        let it = &stored.enrolment;
        let Some(flow) = workflow::find(tx, tx.scope(), it.workflow_id).await? else { continue };
        let settings = &flow.workflow.settings;
        if !wants(settings) {
            continue;
        }
        let state =
            if is_goal(settings.goal, reason) { EnrolmentState::Won } else { EnrolmentState::Stopped };
        if enrolment::end(tx, tx.scope(), it.id, (state, reason), tx.now()).await? {
            tx.emit(Event::WorkflowUpdated { workflow_id: it.workflow_id });
        }
    }
    Ok(())
}

async fn contact_of(tx: &Tx, id: ConversationId) -> Result<Option<(ContactId, Channel)>> {
    let talk = conversation::find(tx, tx.scope(), id).await?;
    let talk = talk.filter(|talk| talk.channel != Channel::Sandbox);
    Ok(talk.and_then(|talk| Some((talk.contact_id?, talk.channel))))
}

/// The customer wrote.
async fn wrote(tx: &Tx, id: ConversationId) -> Result<()> {
    // Every message comes by here.
    if !workflow::any(tx, tx.scope()).await? {
        return Ok(());
    }
    let Some((contact, _)) = contact_of(tx, id).await? else { return Ok(()) };
    leave(tx, contact, EndReason::Replied, |settings| settings.stop_on_reply || settings.goal == Goal::Reply)
        .await?;
    qualify::plan(tx, contact).await
}

/// A conversation is over.
async fn talked(tx: &Tx, id: ConversationId) -> Result<()> {
    let Some((contact, channel)) = contact_of(tx, id).await? else { return Ok(()) };
    for flow in workflow::list_active(tx, tx.scope(), "conversation_ended").await? {
        let Trigger::ConversationEnded { without_booking, channels } = &flow.workflow.settings.trigger else {
            continue;
        };
        if !channels.is_empty() && !channels.contains(&channel) {
            continue;
        }
        let has = !booking::coming_of_contact(tx, tx.scope(), contact, tx.now(), 1).await?.is_empty();
        if *without_booking && has {
            continue;
        }
        if let Some(known) = enter::is_for(tx, &flow, contact).await? {
            enter::put(tx, &flow, &[known]).await?;
        }
    }
    Ok(())
}

/// Something happened to an appointment.
async fn booked(tx: &Tx, id: BookingId, moment: BookingMoment) -> Result<()> {
    let booking = match booking::get(tx, tx.scope(), id).await {
        Ok(stored) => stored.booking,
        Err(StoreError::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let who = booking.contact_id;
    if contact::find(tx, tx.scope(), who).await?.is_none() {
        return Ok(());
    }
    status(tx, &booking, moment).await?;
    if matches!(moment, BookingMoment::Created | BookingMoment::Confirmed) {
        let ends = |settings: &WorkflowSettings| {
            let is_about_it =
                matches!(&settings.trigger, Trigger::Booking { moments } if moments.contains(&moment));
            (settings.stop_on_booking || settings.goal == Goal::Booking) && !is_about_it
        };
        leave(tx, who, EndReason::Booked, ends).await?;
    }
    for flow in workflow::list_active(tx, tx.scope(), "booking").await? {
        let Trigger::Booking { moments } = &flow.workflow.settings.trigger else { continue };
        if !moments.contains(&moment) {
            continue;
        }
        if let Some(known) = enter::is_for(tx, &flow, who).await? {
            enter::put(tx, &flow, &[known]).await?;
        }
    }
    Ok(())
}

/// An appointment moves a contact's status, and its end moves it back.
async fn status(tx: &Tx, booking: &Booking, moment: BookingMoment) -> Result<()> {
    let who = booking.contact_id;
    match moment {
        BookingMoment::Created | BookingMoment::Confirmed => set_status(tx, who, ContactStatus::Booked).await,
        BookingMoment::Cancelled => {
            let known = contact::get(tx, tx.scope(), who).await?;
            let none = booking::coming_of_contact(tx, tx.scope(), who, tx.now(), 1).await?.is_empty();
            if known.status == ContactStatus::Booked && none {
                set_status(tx, who, ContactStatus::InConversation).await?;
            }
            Ok(())
        }
        BookingMoment::Rescheduled | BookingMoment::Completed | BookingMoment::NoShow => Ok(()),
    }
}
