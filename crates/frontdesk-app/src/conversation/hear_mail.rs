//! A mail as a message: found its conversation, stored once with its files, answered only when a person wrote it.
//!
//! Who writes is whoever would be answered. That somebody writes from an address proves nothing, so a mail in the name of a
//! known contact begins a conversation with a claim; an answer to the signed address of a conversation comes from who got
//! our mail, and proves it. Somebody else who answers into a conversation is shown to the team and hears nothing of it from
//! the agent.

use std::time::Duration;

use frontdesk_channel::mail_in::{Automatic, Desk, IncomingMail, MailAddress, WhyNot, is_ours, may_answer};
use frontdesk_domain::compliance::Purpose;
use frontdesk_domain::compliance::opt_out::{self, Answer, Business, Heard, How};
use frontdesk_domain::connection::{Connection, ConnectionCategory};
use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::{Channel, Conversation, ConversationState, Floor};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ConversationId, MessageId, WorkspaceId};
use frontdesk_domain::message::{Author, MAX_MESSAGE, Message};
use frontdesk_domain::text;
use frontdesk_store::channel_thread::{self, ChannelThread};
use frontdesk_store::conversation::Change;
use frontdesk_store::mail_thread::{self, MailThread};
use frontdesk_store::message::Placed;
use frontdesk_store::{
    JobRequest, Tx, agent, contact, conversation, inbound_message, mail_bounce, outbox, workspace,
};
use serde_json::json;

use super::{TURN_JOB, floor, hear, line, person, start, turn_key};
use crate::mailbox::find::{self, By};
use crate::mailbox::{dress, files, key, report};
use crate::{App, Result, compliance};

/// Most answers that one address gets by itself within an hour; what talks faster is no person.
const ANSWERS_PER_HOUR: usize = 10;
const HOUR: Duration = Duration::from_hours(1);
/// Most Message-IDs of a conversation that are kept.
const MAX_IDS: usize = 30;
/// Longest Message-ID that is told apart, in characters.
const MAX_ID: usize = 500;

/// A mail that came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival<'a> {
    /// Through which connection.
    pub connection: &'a Connection,
    /// The mail.
    pub mail: &'a IncomingMail,
}

/// What a mail comes to be.
struct Place {
    talk: Conversation,
    thread: MailThread,
    /// It begins its conversation.
    is_new: bool,
    /// It comes from the person the conversation is with.
    is_theirs: bool,
    /// How it found its conversation.
    by: Option<By>,
}

/// Takes a mail in. The same one twice changes nothing.
pub(crate) async fn hear_mail(app: &App, workspace: WorkspaceId, arrival: Arrival<'_>) -> Result<()> {
    let (mail, scope) = (arrival.mail, Scope::system(workspace));
    let key = key::of(app, workspace).await?;
    let token = key.loop_token();
    if is_ours(mail, &token) {
        return Ok(());
    }
    let own = dress::own_addresses(app, scope).await?;
    let why_not = may_answer(mail, &Desk { loop_token: &token, own: &own }).err();
    let tx = app.store.begin(&app.system(workspace, "mail")).await?;
    let id = MessageId::new(tx.now(), tx.random());
    let vendor_id: String = mail.vendor_id().chars().take(MAX_ID).collect();
    let connection = arrival.connection.id;
    if inbound_message::hear(&tx, scope, connection, &[(&vendor_id, id)], tx.now()).await?.is_empty() {
        return Ok(());
    }
    if report::hear(&tx, mail).await? {
        return Ok(tx.commit().await?);
    }
    let found = find::conversation_of(&tx, scope, &key, mail).await?;
    let Some(place) = place(app, &tx, arrival, found, why_not).await? else {
        tracing::warn!(connection = %arrival.connection.id, "a mail without a sender was left out");
        return Ok(tx.commit().await?);
    };
    let said = store(&tx, &place, mail, (id, why_not)).await?;
    remember(&tx, arrival, &place, why_not).await?;
    follow(&tx, arrival, &place, &said, why_not).await?;
    tx.commit().await?;
    metrics::counter!("frontdesk_messages_total", "author" => "customer").increment(1);
    Ok(())
}

/// Whose mail it is.
fn writer(mail: &IncomingMail) -> Option<MailAddress> {
    let writer = mail.answer_to()?;
    let address = text::email(&writer.address).ok()?;
    let name = writer.name.clone().or_else(|| mail.from.as_ref().and_then(|from| from.name.clone()));
    Some(MailAddress { name, address })
}

/// Puts the mail into its conversation, a new one when it has none.
async fn place(
    app: &App,
    tx: &Tx,
    arrival: Arrival<'_>,
    found: Option<(MailThread, By)>,
    why_not: Option<WhyNot>,
) -> Result<Option<Place>> {
    let mail = arrival.mail;
    if let Some((thread, by)) = found {
        let is_theirs = find::is_theirs(&thread, mail);
        // Who only knows the id of somebody's mail begins a conversation of their own.
        if is_theirs || by != By::Heard || why_not.is_some() {
            let talk = conversation::get(tx, tx.scope(), thread.conversation_id).await?;
            return Ok(Some(Place { talk, thread, is_new: false, is_theirs, by: Some(by) }));
        }
    }
    let Some(writer) = writer(mail) else { return Ok(None) };
    let talk = open(app, tx, &writer, why_not).await?;
    let thread = MailThread {
        conversation_id: talk.id,
        connection_id: None,
        through: None,
        peer: writer.address,
        own: String::new(),
        subject: find::bare(&mail.subject),
        last_id: None,
        mail_ids: Vec::new(),
        heard_at: None,
    };
    Ok(Some(Place { talk, thread, is_new: true, is_theirs: true, by: None }))
}

/// Opens a conversation with whoever wrote. What no person wrote makes nobody a contact.
async fn open(app: &App, tx: &Tx, writer: &MailAddress, why_not: Option<WhyNot>) -> Result<Conversation> {
    let (scope, address) = (tx.scope(), writer.address.as_str());
    let known = contact::find_by_address(tx, scope, Some(address), None).await?;
    if why_not.is_none() {
        let mut opened = hear::open(app, tx, Channel::Email, address, writer.name.as_deref()).await?;
        if let Some(known) = known {
            opened.contact_name = person::display_name(&known, address);
            Change::of(scope, opened.id).contact(known.id, &opened.contact_name, true).apply(tx).await?;
        }
        return Ok(opened);
    }
    let business = workspace::get(tx, scope).await?;
    let version = match agent::find_default(tx, scope).await? {
        Some(agent) => agent::find_answering(tx, scope, agent.id).await?,
        None => None,
    };
    let id = ConversationId::new(tx.now(), tx.random());
    let mut new = start::blank(app, id, &business, version.as_ref(), Channel::Email);
    let name = writer.name.as_deref().and_then(|name| text::line(name, 120).ok());
    new.contact_name = name.unwrap_or_else(|| address.to_owned());
    new.waiting_since = None;
    new.handoff_reason = None;
    conversation::insert(tx, scope, &new).await?;
    if let Some(known) = known {
        Change::of(scope, id).contact(known.id, &new.contact_name, true).apply(tx).await?;
    }
    tx.emit(Event::ConversationStarted { conversation_id: id });
    Ok(new)
}

/// A message that is stored.
struct Said {
    message: Message,
    placed: Placed,
    /// The words alone, without what is shown around them.
    words: String,
}

/// Control characters that no one types would be refused by every check behind this.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect::<String>().trim().to_owned()
}

/// The words: the new ones; of a mail without any the others, which then are what it is about.
fn words_of(mail: &IncomingMail) -> String {
    let new = clean(&mail.text);
    match (new.is_empty(), mail.encrypted) {
        (true, true) => "[an encrypted mail, which cannot be read here]".to_owned(),
        (true, false) => clean(&mail.quoted),
        (false, _) => new,
    }
}

/// Stores the message with its files.
async fn store(
    tx: &Tx,
    place: &Place,
    mail: &IncomingMail,
    (id, why_not): (MessageId, Option<WhyNot>),
) -> Result<Said> {
    let words = words_of(mail);
    let mut lines = Vec::new();
    let subject = clean(&mail.subject);
    if place.is_new && !subject.is_empty() {
        lines.push(subject);
    }
    lines.extend(Some(words.clone()).filter(|words| !words.is_empty()));
    let along = files::lines(mail);
    lines.extend(Some(along.join("\n")).filter(|along| !along.is_empty()));
    if lines.is_empty() {
        lines.push("[a mail without words]".to_owned());
    }
    // Nothing of a mail is lost that is longer than a message: the whole of it goes along as a file.
    let whole = lines.join("\n\n");
    let is_long = whole.chars().count() > MAX_MESSAGE;
    let mut text: String = whole.chars().take(if is_long { MAX_MESSAGE - 40 } else { MAX_MESSAGE }).collect();
    if is_long {
        text.push_str("\n\n[more in the file Whole mail.txt]");
    }
    // An automatic answer in a conversation is news of it, not a turn of the customer's.
    let author = if why_not.is_some() && !place.is_new { Author::System } else { Author::Customer };
    let from = mail.from.as_ref().map(|from| from.address.clone()).unwrap_or_default();
    if author == Author::System {
        text = format!("Automatic mail from {from}, which is not answered:\n\n{text}");
        text = text.chars().take(MAX_MESSAGE).collect();
    }
    let mut new = line::draft(tx, place.talk.id, author, text);
    new.id = id;
    if !place.is_theirs {
        new.author_name = Some(from.chars().take(120).collect());
    }
    let placed = line::add(tx, &mut new).await?;
    files::keep(tx, &new, mail, is_long.then_some(whole.as_str())).await?;
    Ok(Said { message: new, placed, words })
}

/// Keeps what later mails are recognised by, and what answers to this one carry.
async fn remember(tx: &Tx, arrival: Arrival<'_>, place: &Place, why_not: Option<WhyNot>) -> Result<()> {
    let (mail, connection) = (arrival.mail, arrival.connection);
    if let Some(id) = &mail.message_id {
        mail_thread::remember(tx, tx.scope(), id, place.talk.id).await?;
    }
    let mut thread = place.thread.clone();
    if place.is_theirs && why_not.is_none() {
        let mut ids = mail.references.clone();
        ids.extend(mail.in_reply_to.iter().filter(|id| !mail.references.contains(id)).cloned());
        ids.extend(mail.message_id.iter().cloned());
        ids.drain(..ids.len().saturating_sub(MAX_IDS));
        thread.mail_ids = ids;
        thread.last_id.clone_from(&mail.message_id);
        thread.connection_id = Some(connection.id);
        thread.through = Some(connection.id).filter(|_| connection.category == ConnectionCategory::Mail);
        thread.heard_at = Some(tx.now());
        let to = mail.recipients().next().map(|to| to.address.clone());
        thread.own = to.unwrap_or_default();
        // Where words that stop messages, and the question after a bare CANCEL, are kept.
        channel_thread::put(tx, tx.scope(), &as_thread(connection, &thread)).await?;
    } else if place.is_new {
        // A person may answer what the agent does not.
        thread.mail_ids.extend(mail.message_id.iter().cloned());
        thread.last_id.clone_from(&mail.message_id);
    } else {
        return Ok(());
    }
    Ok(mail_thread::put(tx, tx.scope(), &thread).await?)
}

fn as_thread(connection: &Connection, thread: &MailThread) -> ChannelThread {
    ChannelThread {
        connection_id: connection.id,
        peer: thread.peer.clone(),
        own: thread.own.clone(),
        conversation_id: thread.conversation_id,
        heard_at: thread.heard_at,
        asked_about: None,
    }
}

/// What a mail leads to: words that stop mail are acted on, the agent answers, or a person looks.
async fn follow(
    tx: &Tx,
    arrival: Arrival<'_>,
    place: &Place,
    said: &Said,
    why_not: Option<WhyNot>,
) -> Result<()> {
    let (scope, id) = (tx.scope(), place.talk.id);
    let answered = Change::of(scope, id).answered(said.placed.customer_seq);
    // A list's own button may write this by itself.
    if place.is_theirs && wants_no_mail(arrival.mail, &said.words, &place.talk) {
        answered.apply(tx).await?;
        return end_mail(tx, place, why_not.is_none()).await;
    }
    if let Some(why_not) = why_not {
        if place.is_new {
            answered.apply(tx).await?;
            settle_down(tx, arrival.mail, id, why_not).await?;
        }
        return Ok(());
    }
    if !place.is_theirs {
        let from = arrival.mail.answer_to().map(|it| it.address.clone()).unwrap_or_default();
        let reason = format!("{from} answered this conversation, which is with {}", place.thread.peer);
        answered.apply(tx).await?;
        return hand_over(tx, id, &reason).await;
    }
    prove(tx, place).await?;
    // Who writes from an address reads there.
    mail_bounce::arrives(tx, scope, &place.thread.peer, tx.now()).await?;
    let talk = conversation::get(tx, scope, id).await?;
    if let Some(contact) = talk.contact_id {
        crate::contact::status::heard(tx, &[contact]).await?;
    }
    let known = channel_thread::find(tx, scope, arrival.connection.id, &place.thread.peer).await?;
    let spoken = Message { text: said.words.clone(), ..said.message.clone() };
    let heard = match &known {
        Some(thread) => compliance::words::hear(tx, thread, &talk, &spoken, false).await?,
        None => false,
    };
    if heard {
        answered.apply(tx).await?;
    } else if said.placed.floor == Floor::Ai {
        if has_enough(tx, &place.thread.peer).await? {
            let reason = format!("{ANSWERS_PER_HOUR} answers went to this address within an hour");
            answered.apply(tx).await?;
            return hand_over(tx, id, &reason).await;
        }
        tx.enqueue(JobRequest::new(TURN_JOB, json!({ "conversation": id })).unique(turn_key(id)));
    }
    Ok(())
}

/// Whether a mail is nothing but the wish for no more of them: by its words, or by its subject when that is its own.
fn wants_no_mail(mail: &IncomingMail, words: &str, talk: &Conversation) -> bool {
    let is_keyword = |text: &str| {
        let heard = opt_out::classify(text, Some(talk.language));
        matches!(heard, Heard::OptOut { how: How::Keyword, ambiguous_cancel: false, .. })
    };
    is_keyword(words) || !find::answers(&mail.subject) && is_keyword(&clean(&mail.subject))
}

/// Ends mail to whoever asked for it; that is confirmed once.
async fn end_mail(tx: &Tx, place: &Place, confirms: bool) -> Result<()> {
    let by = "they asked so by mail";
    let is_new = compliance::opt_out_channel(tx, &place.thread.peer, Channel::Email, by).await?;
    metrics::counter!("frontdesk_opt_outs_total", "how" => "mail").increment(1);
    if is_new && confirms {
        let home = workspace::get(tx, tx.scope()).await?;
        let business = Business { name: &home.name, phone: &home.facts.phone };
        let words = opt_out::answer(Answer::OptedOut, place.talk.language, business);
        compliance::words::say_in(tx, place.talk.id, words).await?;
    }
    Ok(())
}

/// What goes to many, and receipts, wait for nobody; other mail of programs stays open for a person to see.
async fn settle_down(tx: &Tx, mail: &IncomingMail, id: ConversationId, why_not: WhyNot) -> Result<()> {
    let is_quiet =
        why_not == WhyNot::Bulk || matches!(mail.automatic, Some(Automatic::Receipt | Automatic::Calendar));
    if is_quiet {
        Change::of(tx.scope(), id)
            .state(ConversationState::Resolved, Some(tx.now()))
            .read()
            .apply(tx)
            .await?;
    }
    Ok(())
}

/// An answer to the address that only the customer's mailbox knew shows that the mailbox is theirs.
async fn prove(tx: &Tx, place: &Place) -> Result<()> {
    if place.by != Some(By::Address) {
        return Ok(());
    }
    let thread = conversation::get_thread(tx, tx.scope(), place.talk.id).await?;
    let Some(contact) = thread.conversation.contact_id.filter(|_| thread.claimed) else { return Ok(()) };
    let known = contact::find(tx, tx.scope(), contact).await?;
    if known.is_some_and(|known| known.email.as_deref() == Some(place.thread.peer.as_str())) {
        let name = &thread.conversation.contact_name;
        Change::of(tx.scope(), place.talk.id).contact(contact, name, false).apply(tx).await?;
    }
    Ok(())
}

/// Whether an address got as many answers within an hour as anybody gets.
async fn has_enough(tx: &Tx, peer: &str) -> Result<bool> {
    let recent = outbox::list_recent(tx, tx.scope(), peer, tx.now().minus(HOUR)).await?;
    let answers = recent.iter().filter(|sent| {
        sent.channel == Channel::Email && sent.purpose == Purpose::Reply && sent.created_by.is_none()
    });
    Ok(answers.count() >= ANSWERS_PER_HOUR)
}

/// The agent falls silent and a person is asked for.
async fn hand_over(tx: &Tx, id: ConversationId, reason: &str) -> Result<()> {
    let before = conversation::get(tx, tx.scope(), id).await?;
    if matches!(before.floor, Floor::Person { .. }) {
        return Ok(());
    }
    if before.floor == Floor::Ai {
        floor::pass(tx, &before, Floor::Nobody).await?;
    }
    if before.waiting_since.is_none() {
        let reason: String = reason.chars().take(300).collect();
        Change::of(tx.scope(), id).waiting(Some(tx.now()), Some(&reason)).apply(tx).await?;
        tx.emit(Event::HandoffRequested { conversation_id: id, reason });
    }
    Ok(())
}
