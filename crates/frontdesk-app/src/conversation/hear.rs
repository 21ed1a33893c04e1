//! What customers write through a vendor: found its conversation, stored once, durable before it is acknowledged.
//!
//! Several messages are stored in one unit of work with a statement for each step, not for each message; `intake.rs` says
//! which ones.

use std::collections::{BTreeMap, HashMap, HashSet};

use frontdesk_channel::InboundMessage;
use frontdesk_domain::contact::Contact;
use frontdesk_domain::conversation::{Channel, Conversation, Floor};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ConnectionId, ConversationId, MessageId, WorkspaceId};
use frontdesk_domain::locale::Language;
use frontdesk_domain::message::{Author, MAX_MESSAGE, Message};
use frontdesk_domain::{phone, text};
use frontdesk_store::channel_thread::{self, ChannelThread};
use frontdesk_store::message::Placed;
use frontdesk_store::{JobRequest, Tx, agent, contact, conversation, inbound_message, workspace};
use serde_json::json;

use super::media;
use super::person::{self, Details};
use super::{TURN_JOB, line, start, turn_key};
use crate::{App, AppError, Result, compliance};

/// The line a customer's message came in on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line {
    /// Whose it is.
    pub(crate) workspace: WorkspaceId,
    /// The connection to the vendor.
    pub(crate) connection: ConnectionId,
    /// What it carries.
    pub(crate) channel: Channel,
}

/// A message that was not heard before, and the thread it belongs to.
struct Fresh<'a> {
    said: &'a InboundMessage,
    thread: ChannelThread,
}

/// Takes in messages of one line; all of them or none. The same one twice changes nothing.
pub(super) async fn hear(app: &App, on: Line, messages: &[&InboundMessage]) -> Result<()> {
    let worded: Vec<_> = messages.iter().map(|said| (*said, words(said))).collect();
    let worded: Vec<_> = worded.into_iter().filter(|(_, words)| !words.is_empty()).collect();
    if worded.is_empty() {
        return Ok(());
    }
    let tx = app.store.begin(&app.system(on.workspace, "inbound")).await?;
    for (said, _) in &worded {
        channel_thread::hold(&tx, on.connection, &said.from).await?;
    }
    let ids: Vec<_> = worded
        .iter()
        .map(|(said, _)| (said.vendor_id.as_str(), MessageId::new(tx.now(), tx.random())))
        .collect();
    let new = inbound_message::hear(&tx, tx.scope(), on.connection, &ids, tx.now()).await?;
    let worded: Vec<_> = worded.into_iter().zip(ids).filter(|(_, (_, id))| new.contains(id)).collect();
    if worded.is_empty() {
        return Ok(());
    }
    let said: Vec<&InboundMessage> = worded.iter().map(|((said, _), _)| *said).collect();
    let mut fresh = threads(app, &tx, on, &said).await?;
    let mut lines = Vec::with_capacity(fresh.len());
    for (((_, words), (_, id)), fresh) in worded.into_iter().zip(&fresh) {
        let draft = line::draft(&tx, fresh.thread.conversation_id, Author::Customer, words);
        lines.push(Message { id, ..draft });
    }
    let placed = line::add_all(&tx, Author::Customer, &mut lines).await?;
    let contacts: Vec<_> = placed.iter().filter_map(|placed| placed.conversation.contact_id).collect();
    crate::contact::status::heard(&tx, &contacts).await?;
    let mut acted = HashSet::new();
    for ((fresh, line), placed) in fresh.iter_mut().zip(&lines).zip(&placed) {
        media::plan(&tx, on.connection, (line.conversation_id, line.id), &fresh.said.media)?;
        // An earlier word of theirs may have left a question open.
        if acted.contains(&fresh.said.from)
            && let Some(thread) =
                channel_thread::find(&tx, tx.scope(), on.connection, &fresh.said.from).await?
        {
            fresh.thread = thread;
        }
        if answer(&tx, fresh, line, placed).await? {
            acted.insert(&fresh.said.from);
        }
    }
    tx.commit().await?;
    metrics::counter!("frontdesk_messages_total", "author" => "customer").increment(lines.len() as u64);
    Ok(())
}

/// Acts on words that stop messages, or has the agent answer. True when the message is dealt with.
async fn answer(tx: &Tx, fresh: &Fresh<'_>, said: &Message, placed: &Placed) -> Result<bool> {
    let (talk, id) = (&placed.conversation, said.conversation_id);
    let vendor_handled = fresh.said.vendor_handled_opt_out;
    let handled = compliance::words::hear(tx, &fresh.thread, talk, said, vendor_handled).await?;
    if handled {
        conversation::Change::of(tx.scope(), id).answered(placed.seq).apply(tx).await?;
    } else if placed.floor == Floor::Ai {
        let job = JobRequest::new(TURN_JOB, json!({ "conversation": id }));
        tx.enqueue(job.unique(turn_key(id)));
    }
    Ok(handled)
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

/// The conversations with the customers' addresses, new ones for those who have not written before.
async fn threads<'a>(
    app: &App,
    tx: &Tx,
    on: Line,
    messages: &[&'a InboundMessage],
) -> Result<Vec<Fresh<'a>>> {
    // The last message of each customer says where they wrote to.
    let customers: BTreeMap<&str, &InboundMessage> =
        messages.iter().map(|said| (said.from.as_str(), *said)).collect();
    let peers: Vec<_> = customers.iter().map(|(peer, said)| (*peer, said.to.as_str())).collect();
    let mut threads = channel_thread::heard(tx, tx.scope(), on.connection, &peers, tx.now()).await?;
    let known: HashSet<String> = threads.iter().map(|thread| thread.peer.clone()).collect();
    let strangers: Vec<_> = customers.values().filter(|said| !known.contains(&said.from)).collect();
    if !strangers.is_empty() {
        let people: Vec<_> =
            strangers.iter().map(|said| (said.from.as_str(), said.name.as_deref())).collect();
        let opened = open_all(app, tx, on.channel, &people).await?;
        let begun = strangers.iter().zip(opened).map(|(said, talk)| ChannelThread {
            connection_id: on.connection,
            peer: said.from.clone(),
            own: said.to.clone(),
            conversation_id: talk.id,
            heard_at: Some(tx.now()),
            asked_about: None,
        });
        let begun: Vec<_> = begun.collect();
        channel_thread::put_all(tx, tx.scope(), &begun).await?;
        threads.extend(begun);
    }
    let by_peer: HashMap<String, ChannelThread> =
        threads.into_iter().map(|thread| (thread.peer.clone(), thread)).collect();
    let lost = || AppError::Internal("a customer's thread was not found".to_owned());
    let fresh = |said: &&'a InboundMessage| {
        Ok(Fresh { said, thread: by_peer.get(&said.from).cloned().ok_or_else(lost)? })
    };
    messages.iter().map(fresh).collect()
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
    let opened = open_all(app, tx, channel, &[(peer, name)]).await?.pop();
    opened.ok_or_else(|| AppError::Internal("a conversation was not opened".to_owned()))
}

/// The same for several addresses, each with the name its vendor tells; answers in their order.
async fn open_all(
    app: &App,
    tx: &Tx,
    channel: Channel,
    people: &[(&str, Option<&str>)],
) -> Result<Vec<Conversation>> {
    let scope = tx.scope();
    let business = workspace::get(tx, scope).await?;
    let version = match agent::find_default(tx, scope).await? {
        Some(agent) => agent::find_answering(tx, scope, agent.id).await?,
        None => None,
    };
    let mut opened = Vec::with_capacity(people.len());
    for ((peer, _), contact) in people.iter().zip(contacts(tx, channel, people).await?) {
        let id = ConversationId::new(tx.now(), tx.random());
        let mut new = start::blank(app, id, &business, version.as_ref(), channel);
        if let Some(language) = contact.language.as_deref().and_then(Language::of_tag) {
            new.language = language;
        }
        new.contact_id = Some(contact.id);
        new.contact_name = person::display_name(&contact, &shown(channel, peer));
        tx.emit(Event::ConversationStarted { conversation_id: id });
        opened.push(new);
    }
    conversation::insert_all(tx, scope, &opened).await?;
    Ok(opened)
}

/// Whose the addresses are; whoever is not known becomes a contact.
async fn contacts(tx: &Tx, channel: Channel, people: &[(&str, Option<&str>)]) -> Result<Vec<Contact>> {
    let details: Vec<Details> = people.iter().map(|(peer, name)| details(channel, peer, *name)).collect();
    let emails: Vec<&str> = details.iter().filter_map(|it| it.email.as_deref()).collect();
    let phones: Vec<&str> = details.iter().filter_map(|it| it.phone.as_deref()).collect();
    let known = contact::list_by_address(tx, tx.scope(), &emails, &phones).await?;
    let (mut all, mut new) = (Vec::with_capacity(people.len()), Vec::new());
    for details in &details {
        let has = |known: &&Contact| {
            details.email.is_some() && known.email == details.email
                || details.phone.is_some() && known.phone == details.phone
        };
        if let Some(known) = known.iter().find(has) {
            all.push(known.clone());
        } else {
            let draft = person::draft(tx, details, channel.as_str());
            new.push(draft.clone());
            all.push(draft);
        }
    }
    if !new.is_empty() {
        person::create_all(tx, &new).await?;
    }
    Ok(all)
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
