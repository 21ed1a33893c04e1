//! Notices as letters. The outbox carries the words; the page they were set on and the calendar file that goes along are
//! made anew when the letter leaves.

use frontdesk_channel::CalendarPart;
use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::{MessageId, WorkspaceId};
use frontdesk_domain::outbox::{Content, OutboxMessage};
use frontdesk_store::{Tx, booking_notice, outbox};

use super::values::{Extra, Facts};
use super::{BookingNotice, JOB, facts_of, method, purpose, record, rendered};
use crate::message::about::About;
use crate::message::queue::{self, NewOutbound};
use crate::template::render::Rendered;
use crate::{App, Result};

/// What a letter has besides its words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Dress {
    /// The page; absent when a person has changed the words.
    pub html: Option<String>,
    /// The calendar file.
    pub calendar: Option<CalendarPart>,
}

/// Queues the notice as a letter, once, when there is an address.
pub(super) async fn queue(
    app: &App,
    workspace: WorkspaceId,
    facts: &Facts,
    notice: &BookingNotice,
) -> Result<()> {
    let booking = &facts.stored.booking;
    let Some(to) = booking.email.clone() else { return Ok(()) };
    let words = words(app, Scope::system(workspace), facts, notice).await?;
    let tx = app.store.begin(&app.system(workspace, JOB)).await?;
    if !booking_notice::insert(&tx, tx.scope(), &record(&tx, notice)).await? {
        return Ok(());
    }
    let new = NewOutbound {
        contact: (Some(booking.contact_id), booking.name.clone()),
        purpose: purpose(notice.template),
        about: Some(About::Booking(notice.clone()).to_json()?),
        ..written(&tx, to, words)
    };
    let queued = queue::queue(&tx, new).await?;
    outbox::label(&tx, tx.scope(), queued.id, notice.template.as_str()).await?;
    Ok(tx.commit().await?)
}

/// A letter to an address, about nothing yet.
pub(super) fn written(tx: &Tx, to: String, words: Rendered) -> NewOutbound {
    NewOutbound {
        id: MessageId::new(tx.now(), tx.random()),
        channel: Channel::Email,
        connection_id: None,
        conversation_id: None,
        contact: (None, String::new()),
        from: None,
        to,
        purpose: frontdesk_domain::compliance::Purpose::Transactional,
        content: Content { subject: Some(words.subject), ..Content::words(words.text.trim_end()) },
        about: None,
        created_by: None,
        send_at: tx.now(),
    }
}

async fn words(app: &App, scope: Scope, facts: &Facts, notice: &BookingNotice) -> Result<Rendered> {
    let language = facts.stored.booking.language;
    let values = facts.values(app, language, &Extra { previous: notice.from, reader: None });
    rendered(app, scope, facts, (notice.template, language), &values).await
}

/// What a letter about a booking leaves with.
pub(crate) async fn dress(
    app: &App,
    scope: Scope,
    notice: &BookingNotice,
    letter: &OutboxMessage,
) -> Result<Dress> {
    let facts = facts_of(app, scope, notice.booking_id).await?;
    let html = page(words(app, scope, &facts, notice).await?, letter);
    // Stamped with the letter's own instant: one that is sent again is the same letter.
    let calendar = method(notice.template)
        .map(|method| CalendarPart { method, text: facts.calendar(app, method, letter.created_at) });
    Ok(Dress { html, calendar })
}

/// The page of a letter whose words are still those that were set on it.
pub(super) fn page(words: Rendered, letter: &OutboxMessage) -> Option<String> {
    (words.text.trim_end() == letter.content.text.trim_end()).then_some(words.html)
}
