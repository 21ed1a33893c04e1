//! Notices as short messages. Who booked by text, WhatsApp or Telegram is told there, beside any letter; who left no
//! e-mail address is texted, when a line is connected. The outbox carries them, and looks again before each leaves
//! whether it still has something to say.

use frontdesk_domain::compliance::Purpose;
use frontdesk_domain::conversation::{Channel, Conversation};
use frontdesk_domain::id::{ConnectionId, WorkspaceId};
use frontdesk_domain::outbox::Content;
use frontdesk_domain::template::TemplateChannel;
use frontdesk_store::booking_notice;
use frontdesk_store::channel_thread::{self, ChannelThread};
use frontdesk_store::template::Place;
use frontdesk_store::{Tx, conversation, outbox};

use super::values::{Extra, Facts};
use super::{BookingNotice, JOB, record};
use crate::conversation::line::said_by_house;
use crate::message::about::About;
use crate::message::queue::{self, NewOutbound};
use crate::template::in_use;
use crate::template::render::render_text;
use crate::{App, AppError, Result, carrier, conversation as conversations};

/// Where a short message goes.
struct Way {
    channel: Channel,
    connection: ConnectionId,
    own: Option<String>,
    peer: String,
}

/// Queues the notice as a short message, once, when the customer is to be told so.
pub(super) async fn queue(
    app: &App,
    workspace: WorkspaceId,
    facts: &Facts,
    notice: &BookingNotice,
) -> Result<()> {
    let Some(way) = way(app, workspace, facts).await? else { return Ok(()) };
    let Some(words) = words(app, workspace, facts, notice).await? else { return Ok(()) };
    let ctx = app.system(workspace, JOB);
    let tx = app.store.begin(&ctx).await?;
    let mut once = record(&tx, notice);
    once.key.push_str(":text");
    if !booking_notice::insert(&tx, tx.scope(), &once).await? {
        return Ok(());
    }
    let talk = talk(app, &tx, &way, facts).await?;
    let about = About::Booking(notice.clone()).to_json()?;
    let (said, _) = said_by_house(&tx, talk.id, &words).await?;
    let new = NewOutbound {
        id: said.id,
        channel: way.channel,
        connection_id: Some(way.connection),
        conversation_id: Some(talk.id),
        contact: (Some(facts.stored.booking.contact_id), facts.stored.booking.name.clone()),
        from: way.own,
        to: way.peer,
        purpose: Purpose::Transactional,
        content: Content::words(words),
        about: Some(about),
        created_by: None,
        send_at: tx.now(),
    };
    let queued = queue::queue(&tx, new).await?;
    outbox::label(&tx, tx.scope(), queued.id, notice.template.as_str()).await?;
    Ok(tx.commit().await?)
}

/// The conversation it was booked in, when a vendor carries it; text messages for who left a number alone.
async fn way(app: &App, workspace: WorkspaceId, facts: &Facts) -> Result<Option<Way>> {
    let (db, scope) = (app.store.reader(), frontdesk_domain::context::Scope::system(workspace));
    let booking = &facts.stored.booking;
    if let Some(id) = booking.conversation_id
        && let Some(talk) = conversation::find(db, scope, id).await?
        && talk.channel.is_carried()
        && talk.channel != Channel::Email
        && let Some(thread) = channel_thread::find_of(db, scope, id).await?
    {
        return Ok(Some(Way {
            channel: talk.channel,
            connection: thread.connection_id,
            own: Some(thread.own).filter(|own| !own.is_empty()),
            peer: thread.peer,
        }));
    }
    let (None, Some(number)) = (&booking.email, &booking.phone) else { return Ok(None) };
    let Ok(carrier) = carrier::choose(app, scope, Channel::Sms, None).await? else { return Ok(None) };
    let Some(connection) = carrier.connection else { return Ok(None) };
    Ok(Some(Way { channel: Channel::Sms, connection, own: carrier.own, peer: number.clone() }))
}

/// What it says; `None` for a kind that does not go as a short message.
async fn words(
    app: &App,
    workspace: WorkspaceId,
    facts: &Facts,
    notice: &BookingNotice,
) -> Result<Option<String>> {
    let scope = frontdesk_domain::context::Scope::system(workspace);
    let language = facts.stored.booking.language;
    let place = Place { kind: notice.template, channel: TemplateChannel::Text, language };
    let used = match in_use(app.store.reader(), scope, place).await {
        Ok(used) => used,
        Err(AppError::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let values = facts.values(app, language, &Extra { previous: notice.from, reader: None });
    let text =
        render_text(&used.body, &values).map_err(|flaw| AppError::Internal(format!("{place:?}: {flaw}")))?;
    Ok(Some(text.trim().to_owned()))
}

/// The conversation with the customer's address, a new one when there is none.
async fn talk(app: &App, tx: &Tx, way: &Way, facts: &Facts) -> Result<Conversation> {
    if let Some(thread) = channel_thread::find(tx, tx.scope(), way.connection, &way.peer).await? {
        return Ok(conversation::get(tx, tx.scope(), thread.conversation_id).await?);
    }
    let name = Some(facts.stored.booking.name.as_str()).filter(|name| !name.is_empty());
    let opened = conversations::hear::open(app, tx, way.channel, &way.peer, name).await?;
    let thread = ChannelThread {
        connection_id: way.connection,
        peer: way.peer.clone(),
        own: way.own.clone().unwrap_or_default(),
        conversation_id: opened.id,
        heard_at: None,
        asked_about: None,
    };
    channel_thread::put(tx, tx.scope(), &thread).await?;
    Ok(opened)
}
