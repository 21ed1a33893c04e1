//! What a conversation shows of the bookings made, moved and called off in it.

use frontdesk_domain::booking::Booking;
use frontdesk_domain::context::{Actor, Context};
use frontdesk_domain::id::{BookingId, ConversationId, uuid_v7};
use frontdesk_domain::locale::Language;
use frontdesk_domain::written;
use frontdesk_store::identity::{self, Proof};
use frontdesk_store::{Tx, conversation};

use crate::Result;
use crate::conversation::line::note_happening;

/// What happened to a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Happening {
    Made,
    Moved,
    Cancelled,
}

/// Notes that a booking was made in a conversation, whose customer may change it there.
pub(super) async fn own(tx: &Tx, conversation: ConversationId, booking: BookingId) -> Result<()> {
    let id = uuid_v7(tx.now(), tx.random());
    let proof = Proof::Made(booking);
    Ok(identity::put_proof(tx, tx.scope(), (id, conversation), &proof, tx.now(), None).await?)
}

/// Puts a line into the conversation in which it happened: the one the agent or the customer acts in, or the one a new
/// booking came from.
pub(super) async fn tell(tx: &Tx, ctx: &Context, booking: &Booking, what: Happening) -> Result<()> {
    let conversation_id = match ctx.actor {
        Actor::Agent(id) | Actor::Visitor(id, _) => Some(id),
        _ => booking.conversation_id.filter(|_| what == Happening::Made),
    };
    let Some(id) = conversation_id else { return Ok(()) };
    // A booking of a conversation that was erased meanwhile is still a booking.
    let Some(language) = conversation::find(tx, tx.scope(), id).await?.map(|it| it.language) else {
        return Ok(());
    };
    note_happening(tx, id, words(booking, what, language)).await
}

fn words(booking: &Booking, what: Happening, language: Language) -> String {
    let verb = match (language, what) {
        (Language::En, Happening::Made) => "Booked",
        (Language::En, Happening::Moved) => "Moved",
        (Language::En, Happening::Cancelled) => "Cancelled",
        (Language::Es, Happening::Made) => "Reservado",
        (Language::Es, Happening::Moved) => "Cambiado",
        (Language::Es, Happening::Cancelled) => "Cancelado",
        (Language::De, Happening::Made) => "Gebucht",
        (Language::De, Happening::Moved) => "Verschoben",
        (Language::De, Happening::Cancelled) => "Abgesagt",
        (Language::Fr, Happening::Made) => "Réservé",
        (Language::Fr, Happening::Moved) => "Déplacé",
        (Language::Fr, Happening::Cancelled) => "Annulé",
    };
    let reference = match language {
        Language::En => "ref",
        Language::Es => "ref.",
        Language::De => "Nr.",
        Language::Fr => "réf.",
    };
    let colon = if language == Language::Fr { " :" } else { ":" };
    let when = written::moment(booking.start, &booking.zone, language);
    format!("{verb}{colon} {}, {when}, {reference} {}", booking.type_name, booking.reference)
}
