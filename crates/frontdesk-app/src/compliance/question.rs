//! What CANCEL meant: no more messages, an appointment, or both.
//!
//! The opt-out stands whatever is answered; only START takes it back. A plain yes or no decides about the appointment.

use frontdesk_agent::builtin::extract::answer::yes_or_no;
use frontdesk_domain::booking::CancelledBy;
use frontdesk_domain::compliance::opt_out::{self, Answer, Business};
use frontdesk_domain::conversation::Conversation;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{BookingId, ConnectionId};
use frontdesk_domain::locale::Language;
use frontdesk_domain::message::Message;
use frontdesk_domain::written;
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::booking::Stored;
use frontdesk_store::channel_thread::{self, ChannelThread};
use frontdesk_store::{JobRequest, StoreError, Tx, booking, workspace};
use serde::{Deserialize, Serialize};

use super::words::say;
use crate::booking::Cancel;
use crate::jobs::failure;
use crate::{App, AppError, Result, booking as bookings};

/// The job that calls an appointment off because its customer said so.
pub const JOB: &str = "compliance.cancel_booking";

/// What the team reads on an appointment whose customer wrote CANCEL.
const FLAG: &str = "The customer wrote CANCEL. They get no more messages and were asked whether they meant this \
    appointment; call them if they do not answer.";

#[derive(Debug, Clone, Serialize, Deserialize)]
struct CancelByText {
    booking: BookingId,
    connection: ConnectionId,
    peer: String,
}

/// Asks which was meant, and flags the appointment. False when the customer has none to come.
pub(super) async fn ask(tx: &Tx, thread: &ChannelThread, talk: &Conversation, answers: bool) -> Result<bool> {
    let Some(contact) = talk.contact_id else { return Ok(false) };
    let coming = booking::coming_of_contact(tx, tx.scope(), contact, tx.now(), 1).await?;
    let Some(next) = coming.into_iter().next() else { return Ok(false) };
    let mut next = booking::get_for_update(tx, tx.scope(), next.booking.id).await?;
    channel_thread::ask(tx, tx.scope(), thread, Some(next.booking.id)).await?;
    let home = workspace::get(tx, tx.scope()).await?;
    if answers {
        say(tx, thread, question(&home.name, &next, talk.language)).await?;
    }
    if next.booking.flagged.is_none() {
        next.booking.flagged = Some(FLAG.to_owned());
        next.booking.updated_at = tx.now();
        booking::update(tx, tx.scope(), &next).await?;
        tx.emit(Event::BookingUpdated { booking_id: next.booking.id });
    }
    Ok(true)
}

/// The question is closed.
pub(super) async fn forget(tx: &Tx, thread: &ChannelThread) -> Result<()> {
    if thread.asked_about.is_some() {
        channel_thread::ask(tx, tx.scope(), thread, None).await?;
    }
    Ok(())
}

/// Takes the answer to the question. False when there was none, or it is no answer.
pub(super) async fn hear(
    tx: &Tx,
    thread: &ChannelThread,
    talk: &Conversation,
    said: &Message,
) -> Result<bool> {
    let Some(id) = thread.asked_about else { return Ok(false) };
    let Some(cancels) = means_cancelling(&said.text) else { return Ok(false) };
    let stored = match booking::get_for_update(tx, tx.scope(), id).await {
        Ok(stored) => stored,
        Err(StoreError::NotFound(_)) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    forget(tx, thread).await?;
    if cancels {
        let asked = CancelByText { booking: id, connection: thread.connection_id, peer: thread.peer.clone() };
        let payload = serde_json::to_value(&asked).map_err(|error| AppError::Internal(error.to_string()))?;
        tx.enqueue(JobRequest::new(JOB, payload).unique(id.to_string()));
        return Ok(true);
    }
    let mut kept = stored;
    if kept.booking.flagged.as_deref() == Some(FLAG) {
        kept.booking.flagged = None;
        kept.booking.updated_at = tx.now();
        booking::update(tx, tx.scope(), &kept).await?;
        tx.emit(Event::BookingUpdated { booking_id: id });
    }
    say(tx, thread, stays(&kept, talk.language)).await?;
    Ok(true)
}

/// Whether an answer cancels or keeps; `None` when it says something else.
fn means_cancelling(text: &str) -> Option<bool> {
    let words = frontdesk_agent::builtin::text::words(text);
    let has = |stems: &[&str]| words.iter().any(|word| stems.iter().any(|stem| word.starts_with(stem)));
    let keeps = has(&["keep", "mantener", "mantenga", "conserv", "behalt", "gard", "gardez"]);
    let cancels = has(&["cancel", "absag", "storn", "annul", "anul"]);
    match (keeps, cancels) {
        (true, _) => Some(false),
        (false, true) => Some(!matches!(yes_or_no(text), Some(false)) && !has(&["dont", "not"])),
        (false, false) if words.len() <= 4 => yes_or_no(text),
        (false, false) => None,
    }
}

/// Calls the appointment off and says so.
pub async fn run(app: &App, job: &ClaimedJob) -> Result<(), Failure> {
    let asked = CancelByText::deserialize(&job.payload)
        .map_err(|error| Failure::Permanent(format!("{JOB} cannot be read: {error}")))?;
    cancel(app, job, &asked).await.map_err(|error| failure(&error))
}

async fn cancel(app: &App, job: &ClaimedJob, asked: &CancelByText) -> Result<()> {
    let ctx = app.system(job.workspace, JOB);
    // What is said here takes the place of the notice.
    let why = Cancel { reason: "The customer answered so by message.".to_owned(), notify: Some(false) };
    let outcome = bookings::cancel(app, &ctx, asked.booking, &why, CancelledBy::Customer).await;
    let tx = app.store.begin(&ctx).await?;
    let thread = channel_thread::find(&tx, tx.scope(), asked.connection, &asked.peer).await?;
    let Some(thread) = thread else { return Ok(()) };
    let talk = frontdesk_store::conversation::get(&tx, tx.scope(), thread.conversation_id).await?;
    let stored = booking::get(&tx, tx.scope(), asked.booking).await?;
    let text = match outcome {
        Ok(_) => cancelled(&stored, talk.language),
        // Too late, or over: a person has to look.
        Err(AppError::Conflict(_) | AppError::Refused(_) | AppError::Invalid(_)) => {
            let home = workspace::get(&tx, tx.scope()).await?;
            let business = Business { name: &home.name, phone: &home.facts.phone };
            opt_out::answer(Answer::Help, talk.language, business)
        }
        Err(error) => return Err(error),
    };
    say(&tx, &thread, text).await?;
    frontdesk_store::job::complete(&tx, tx.scope(), job.id).await?;
    Ok(tx.commit().await?)
}

fn named(stored: &Stored, language: Language) -> (String, String) {
    let booking = &stored.booking;
    (booking.type_name.clone(), written::moment(booking.start, &booking.zone, language))
}

fn question(business: &str, stored: &Stored, language: Language) -> String {
    let (what, when) = named(stored, language);
    match language {
        Language::En => format!(
            "{business}: no more messages from us. Did you also mean your appointment, {what} on {when}? Reply YES to \
             cancel it, NO to keep it. START = messages again."
        ),
        Language::Es => format!(
            "{business}: no recibirá más mensajes. ¿Se refería también a su cita, {what}, {when}? Responda SÍ para \
             cancelarla, NO para mantenerla. START = volver a recibir."
        ),
        Language::De => format!(
            "{business}: Sie bekommen keine Nachrichten mehr. Meinten Sie auch Ihren Termin, {what}, {when}? JA sagt ihn \
             ab, NEIN behält ihn. START = wieder anmelden."
        ),
        Language::Fr => format!(
            "{business} : vous ne recevrez plus de messages. Parliez-vous aussi de votre rendez-vous, {what}, {when} ? \
             OUI l'annule, NON le garde. START = recevoir à nouveau."
        ),
    }
}

fn cancelled(stored: &Stored, language: Language) -> String {
    let (what, when) = named(stored, language);
    match language {
        Language::En => format!("Your appointment is cancelled: {what}, {when}."),
        Language::Es => format!("Su cita queda cancelada: {what}, {when}."),
        Language::De => format!("Ihr Termin ist abgesagt: {what}, {when}."),
        Language::Fr => format!("Votre rendez-vous est annulé : {what}, {when}."),
    }
}

fn stays(stored: &Stored, language: Language) -> String {
    let (what, when) = named(stored, language);
    match language {
        Language::En => format!("Your appointment stays: {what}, {when}. You get no other messages from us."),
        Language::Es => format!("Su cita se mantiene: {what}, {when}. No recibirá otros mensajes nuestros."),
        Language::De => format!("Ihr Termin bleibt: {what}, {when}. Andere Nachrichten bekommen Sie nicht."),
        Language::Fr => {
            format!(
                "Votre rendez-vous est maintenu : {what}, {when}. Vous ne recevrez pas d'autres messages."
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_answer_may_cancel_or_keep_the_appointment() {
        for cancels in [
            "YES",
            "yes cancel it",
            "the appointment, cancel it please",
            "Ja",
            "sí",
            "oui",
            "cancela la cita",
        ] {
            assert_eq!(means_cancelling(cancels), Some(true), "{cancels}");
        }
        for keeps in
            ["no", "NO keep it", "keep my appointment", "nein", "don't cancel it", "gardez le rendez-vous"]
        {
            assert_eq!(means_cancelling(keeps), Some(false), "{keeps}");
        }
        for neither in ["what time is it at?", "can I move it to Friday instead"] {
            assert_eq!(means_cancelling(neither), None, "{neither}");
        }
    }
}
