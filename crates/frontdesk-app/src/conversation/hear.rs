//! What a customer writes through a vendor: found its conversation, stored once, durable before it is acknowledged.

use frontdesk_channel::InboundMessage;
use frontdesk_domain::connection::Connection;
use frontdesk_domain::conversation::{Channel, Conversation, Floor};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ConversationId, MessageId, WorkspaceId};
use frontdesk_domain::message::{Author, MAX_MESSAGE};
use frontdesk_domain::{phone, text};
use frontdesk_store::channel_thread::{self, ChannelThread};
use frontdesk_store::{JobRequest, Tx, agent, contact, conversation, inbound_message, workspace};
use serde_json::json;

use super::media;
use super::person::{self, Details};
use super::{TURN_JOB, line, start, turn_key};
use crate::{App, Result, compliance};

/// Takes in a customer's message. The same one twice changes nothing.
pub(crate) async fn hear(
    app: &App,
    workspace: WorkspaceId,
    connection: &Connection,
    channel: Channel,
    said: InboundMessage,
) -> Result<()> {
    let ctx = app.system(workspace, "inbound");
    let words = words(&said);
    if words.is_empty() {
        return Ok(());
    }
    let tx = app.store.begin(&ctx).await?;
    let id = MessageId::new(tx.now(), tx.random());
    if !inbound_message::hear(&tx, tx.scope(), connection.id, &said.vendor_id, id, tx.now()).await? {
        return Ok(());
    }
    let thread = thread(app, &tx, connection, channel, &said).await?;
    let mut new = line::draft(&tx, thread.conversation_id, Author::Customer, words);
    new.id = id;
    let placed = line::add(&tx, &mut new).await?;
    media::plan(&tx, connection.id, (thread.conversation_id, id), &said.media)?;
    if let Some(contact) = placed.conversation.contact_id {
        crate::contact::status::heard(&tx, contact).await?;
    }
    let handled =
        compliance::words::hear(&tx, &thread, &placed.conversation, &new, said.vendor_handled_opt_out)
            .await?;
    if handled {
        conversation::Change::of(tx.scope(), thread.conversation_id).answered(placed.seq).apply(&tx).await?;
    } else if placed.floor == Floor::Ai {
        let job = JobRequest::new(TURN_JOB, json!({ "conversation": thread.conversation_id }));
        tx.enqueue(job.unique(turn_key(thread.conversation_id)));
    }
    tx.commit().await?;
    metrics::counter!("frontdesk_messages_total", "author" => "customer").increment(1);
    Ok(())
}

/// What stands in the conversation: the words, and a line for each file.
fn words(said: &InboundMessage) -> String {
    let mut lines: Vec<String> = Vec::new();
    let words: String = said.text.chars().take(MAX_MESSAGE).collect();
    if let Ok(words) = text::lines(&words, MAX_MESSAGE)
        && !words.trim().is_empty()
    {
        lines.push(words.trim().to_owned());
    }
    for file in said.media.iter().take(10) {
        let name = file.name.as_deref().unwrap_or(&file.media_type);
        lines.push(format!("[{name}]"));
    }
    lines.join("\n").chars().take(MAX_MESSAGE).collect()
}

/// The conversation with the customer's address, a new one when they have not written before.
async fn thread(
    app: &App,
    tx: &Tx,
    connection: &Connection,
    channel: Channel,
    said: &InboundMessage,
) -> Result<ChannelThread> {
    let known = channel_thread::heard(tx, tx.scope(), connection.id, &said.from, &said.to, tx.now()).await?;
    if let Some(known) = known {
        return Ok(known);
    }
    let conversation_id = open(app, tx, channel, &said.from, said.name.as_deref()).await?.id;
    let thread = ChannelThread {
        connection_id: connection.id,
        peer: said.from.clone(),
        own: said.to.clone(),
        conversation_id,
        heard_at: Some(tx.now()),
        asked_about: None,
    };
    channel_thread::put(tx, tx.scope(), &thread).await?;
    Ok(thread)
}

/// Opens a conversation with an address. Whoever has the address is its contact; a vendor that signs its calls vouches
/// for it.
pub(crate) async fn open(
    app: &App,
    tx: &Tx,
    channel: Channel,
    peer: &str,
    name: Option<&str>,
) -> Result<Conversation> {
    let scope = tx.scope();
    let business = workspace::get(tx, scope).await?;
    let version = match agent::find_default(tx, scope).await? {
        Some(agent) => agent::find_answering(tx, scope, agent.id).await?,
        None => None,
    };
    let id = ConversationId::new(tx.now(), tx.random());
    let mut new = start::blank(app, id, &business, version.as_ref(), channel);
    let details = details(channel, peer, name);
    let (email, number) = (details.email.as_deref(), details.phone.as_deref());
    let known = contact::find_by_address(tx, scope, email, number).await?;
    let contact = match known {
        Some(known) => known,
        None => person::create(tx, &details, channel.as_str()).await?,
    };
    if let Some(language) = contact.language.as_deref().and_then(frontdesk_domain::locale::Language::of_tag) {
        new.language = language;
    }
    new.contact_id = Some(contact.id);
    new.contact_name = person::display_name(&contact, &shown(channel, peer));
    conversation::insert(tx, scope, &new).await?;
    tx.emit(Event::ConversationStarted { conversation_id: id });
    Ok(new)
}

fn details(channel: Channel, peer: &str, name: Option<&str>) -> Details {
    let name = name.and_then(|name| text::line(name, 120).ok()).filter(|name| !name.is_empty());
    match channel {
        Channel::Sms | Channel::Whatsapp => {
            Details { name, phone: phone::to_e164(peer, "ZZ"), ..Details::default() }
        }
        Channel::Email => Details { name, email: Some(peer.to_owned()), ..Details::default() },
        _ => Details { name, ..Details::default() },
    }
}

fn shown(channel: Channel, peer: &str) -> String {
    match channel {
        Channel::Sms | Channel::Whatsapp => phone::to_international(peer),
        _ => peer.to_owned(),
    }
}
