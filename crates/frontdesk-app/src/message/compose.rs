//! Writing to somebody first: to a contact or an address, on a channel that is connected, at once or later. What the gate
//! would say is shown before, and is said again when the message leaves.

use frontdesk_domain::access::Permission;
use frontdesk_domain::compliance::{Purpose, Verdict, judge};
use frontdesk_domain::contact::Contact;
use frontdesk_domain::context::{Actor, Context, Scope};
use frontdesk_domain::conversation::{Channel, Conversation};
use frontdesk_domain::id::{ConnectionId, ContactId, MessageId, UserId};
use frontdesk_domain::message::Author;
use frontdesk_domain::outbox::{ApprovedTemplate, Content, OutboxMessage, Status};
use frontdesk_domain::sms::{self, Encoding};
use frontdesk_domain::text;
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workspace::Workspace;
use frontdesk_store::channel_thread::{self, ChannelThread};
use frontdesk_store::{Tx, contact, conversation, message, user, workspace};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::desk::{check_address, check_time, check_words};
use super::files::{self, NewFile, Ready};
use super::mail;
use super::queue::{NewOutbound, queue, segments};
use super::short_link;
use crate::carrier::{self, Carrier};
use crate::channel_template::chosen::choose;
use crate::conversation::{hear, line};
use crate::template::render::{Values, render_text};
use crate::{App, AppError, Result, compliance};

/// A message to write.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    /// To this contact, at their address on the channel.
    pub contact_id: Option<ContactId>,
    /// To this address; needed without a contact.
    #[schema(max_length = 254)]
    pub to: Option<String>,
    /// Through this channel: `sms`, `whatsapp`, `email` or `telegram`.
    pub channel: Channel,
    /// Through this connection; the channel's first when absent.
    pub connection_id: Option<ConnectionId>,
    /// The subject, of an e-mail.
    #[schema(max_length = 300)]
    pub subject: Option<String>,
    /// The words; `{{ first_name }}`, `{{ name }}`, `{{ company }}` and `{{ business_name }}` are filled in.
    /// Made from the template when there is one.
    #[schema(max_length = 4000)]
    #[serde(default)]
    pub text: String,
    /// Why it is sent; `transactional` when absent.
    pub purpose: Option<Purpose>,
    /// The template WhatsApp approved, where free words are not allowed: its name, its language and what fills its
    /// places, where the same names are filled in as in words.
    pub template: Option<ApprovedTemplate>,
    /// Files that go along, in text messages (MMS) and on WhatsApp.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub files: Vec<NewFile>,
    /// Not before this instant; at once when absent.
    pub send_at: Option<Timestamp>,
    /// The sender's own id of the message; sending it again is harmless.
    #[schema(min_length = 1, max_length = 64)]
    pub client_id: String,
}

/// A message as it would leave.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ComposedMessage {
    /// Where it would go.
    pub to: String,
    /// What it would leave from, when that is known.
    pub from: Option<String>,
    /// The words with their variables filled in.
    pub text: String,
    /// In how many parts a text message would travel.
    pub segments: Option<u32>,
    /// Whether characters outside the basic alphabet make its parts shorter.
    pub unicode: bool,
    /// Why it is sent; a template that WhatsApp takes for marketing is marketing.
    pub purpose: Purpose,
    /// Whether only an approved template can be sent now: the customer has not written for 24 hours.
    pub needs_template: bool,
    /// What the gate says now.
    pub verdict: Verdict,
}

/// A checked message with all that is known of it.
pub(crate) struct Prepared {
    pub contact: Option<Contact>,
    pub to: String,
    pub carrier: Carrier,
    pub thread: Option<ChannelThread>,
    pub content: Content,
    pub files: Vec<Ready>,
    pub purpose: Purpose,
    pub send_at: Timestamp,
}

/// In whose name a message is written.
pub(crate) struct Writer {
    pub author: Author,
    pub user: Option<UserId>,
    pub name: Option<String>,
    pub client_id: Option<String>,
    /// What it is about, as JSON: see `about`.
    pub about: Option<String>,
}

impl Prepared {
    fn from(&self) -> Option<String> {
        let sticky = self.thread.as_ref().map(|thread| thread.own.clone()).filter(|own| !own.is_empty());
        sticky.or_else(|| self.carrier.own.clone())
    }

    /// As it would stand in the outbox, for the gate to judge.
    pub(crate) fn outbox(&self, channel: Channel, now: Timestamp) -> OutboxMessage {
        OutboxMessage {
            id: MessageId::from_uuid(uuid::Uuid::nil()),
            channel,
            connection_id: self.carrier.connection,
            conversation_id: None,
            contact_id: self.contact.as_ref().map(|contact| contact.id),
            contact_name: String::new(),
            from: self.from(),
            to: self.to.clone(),
            purpose: self.purpose,
            content: self.content.clone(),
            status: Status::Queued,
            reason: None,
            code: None,
            verdict: None,
            attempts: 0,
            vendor_id: None,
            segments: None,
            created_by: None,
            created_at: now,
            send_at: self.send_at,
            sent_at: None,
            delivered_at: None,
            read_at: None,
            updated_at: now,
        }
    }
}

async fn prepare(app: &App, ctx: &Context, new: &NewMessage) -> Result<Prepared> {
    let (db, scope) = (app.store.reader(), ctx.scope());
    if !new.channel.is_carried() {
        return Err(AppError::invalid("/channel", "must be sms, whatsapp, email or telegram"));
    }
    let home = workspace::get(db, scope).await?;
    let known = match new.contact_id {
        Some(id) => {
            ctx.require(Permission::ContactsRead)?;
            Some(contact::get(db, scope, id).await?)
        }
        None => None,
    };
    let to = match (&new.to, &known) {
        (Some(to), _) => check_address(new.channel, to)?,
        (None, Some(contact)) => address_of(app, scope, contact, new.channel).await?,
        (None, None) => return Err(AppError::invalid("/to", "is needed: a contact, or an address")),
    };
    let known = match known {
        Some(known) => Some(known),
        None => contact::find_by_address(db, scope, Some(&to), Some(&to)).await?,
    };
    let subject = match (new.channel, new.subject.as_deref()) {
        (Channel::Email, Some(subject)) => {
            Some(text::line(subject, 300).map_err(|error| AppError::invalid("/subject", error.to_string()))?)
        }
        (Channel::Email, None) => return Err(AppError::invalid("/subject", "is needed in an e-mail")),
        _ => None,
    };
    let carrier = carrier::choose(app, scope, new.channel, new.connection_id).await?;
    let carrier = carrier.map_err(AppError::Conflict)?;
    let thread = match carrier.connection.filter(|_| new.channel != Channel::Email) {
        Some(id) => channel_thread::find(db, scope, id, &to).await?,
        None => None,
    };
    let values = values(&home, known.as_ref());
    let chosen = match &new.template {
        Some(asked) if new.channel == Channel::Whatsapp => {
            Some(choose(db, scope, (carrier.connection, &carrier.vendor), asked, &values).await?)
        }
        Some(_) => return Err(AppError::invalid("/template", "is for WhatsApp alone")),
        None => None,
    };
    let files = files::check(new.channel, &new.files)?;
    if chosen.is_some() && !files.is_empty() {
        return Err(AppError::invalid("/files", "cannot go along with a template"));
    }
    let filled = chosen.as_ref().and_then(|chosen| chosen.text.clone());
    let words = if let Some(words) = filled {
        words
    } else if new.text.trim().is_empty() && !files.is_empty() {
        String::new()
    } else {
        let words = check_words(new.channel, &new.text)?;
        let words =
            render_text(&words, &values).map_err(|flaw| AppError::invalid("/text", flaw.to_string()))?;
        check_words(new.channel, &words)?
    };
    let asked = new.purpose.unwrap_or(Purpose::Transactional);
    let purpose = chosen.as_ref().map_or(asked, |chosen| chosen.purpose(asked));
    let send_at = new.send_at.unwrap_or_else(|| ctx.now());
    check_time(app, send_at)?;
    Ok(Prepared {
        contact: known,
        to,
        carrier,
        thread,
        content: Content {
            subject,
            text: words,
            template: chosen.map(|chosen| chosen.template),
            ..Content::default()
        },
        files,
        purpose,
        send_at,
    })
}

pub(crate) async fn address_of(
    app: &App,
    scope: Scope,
    contact: &Contact,
    channel: Channel,
) -> Result<String> {
    let (address, what) = match channel {
        // Who writes without a number, or on a channel that has none, is reached where they wrote from.
        Channel::Whatsapp | Channel::Telegram if contact.phone.is_none() || channel == Channel::Telegram => {
            let thread =
                channel_thread::find_of_contact(app.store.reader(), scope, contact.id, channel).await?;
            (thread.map(|thread| thread.peer), "an address on this channel")
        }
        Channel::Email => (contact.email.clone(), "an e-mail address"),
        Channel::Sms | Channel::Whatsapp => (contact.phone.clone(), "a phone number"),
        _ => (None, "an address on this channel"),
    };
    address.ok_or_else(|| AppError::invalid("/contact_id", format!("is a contact without {what}")))
}

pub(crate) fn values(home: &Workspace, contact: Option<&Contact>) -> Values {
    let mut values = Values::new();
    values.insert("business_name", home.name.clone());
    let name = contact.map(|contact| contact.name.clone()).unwrap_or_default();
    values.insert("first_name", name.split_whitespace().next().unwrap_or_default().to_owned());
    values.insert("name", name);
    values.insert("company", contact.and_then(|contact| contact.company.clone()).unwrap_or_default());
    values
}

/// Shows a message as it would leave, with what the gate would say now.
pub async fn preview(app: &App, ctx: &Context, new: &NewMessage) -> Result<ComposedMessage> {
    ctx.require(Permission::MessagesWrite)?;
    let prepared = prepare(app, ctx, new).await?;
    let message = prepared.outbox(new.channel, ctx.now());
    let facts = compliance::facts_of(app, app.store.reader(), ctx.scope(), &message).await?;
    let verdict = judge(prepared.purpose, facts);
    Ok(ComposedMessage {
        purpose: prepared.purpose,
        needs_template: prepared.content.template.is_none() && is_window(&verdict),
        from: prepared.from(),
        segments: segments(new.channel, &prepared.content),
        unicode: sms::encoding_of(&prepared.content.text) == Encoding::Ucs2,
        verdict,
        text: prepared.content.text,
        to: prepared.to,
    })
}

/// Whether what stands against a message is that the customer's window is closed.
fn is_window(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Deny { rule, .. } if rule.starts_with("whatsapp-window"))
}

/// Writes a message and queues it. It stands in the conversation with the customer, whose agent answers what they reply.
///
/// # Errors
/// [`AppError::Conflict`] when nothing is connected for the channel, or the gate will never let it through.
pub async fn send(app: &App, ctx: &Context, new: NewMessage) -> Result<OutboxMessage> {
    send_labelled(app, ctx, new, None).await.map(|(queued, _)| queued)
}

/// The same, noting the template it was made from, with what the gate says now.
pub(crate) async fn send_labelled(
    app: &App,
    ctx: &Context,
    new: NewMessage,
    label: Option<&str>,
) -> Result<(OutboxMessage, Verdict)> {
    ctx.require(Permission::MessagesWrite)?;
    let by = ctx.user();
    let client_id =
        text::line(&new.client_id, 64).map_err(|error| AppError::invalid("/client_id", error.to_string()))?;
    let prepared = prepare(app, ctx, &new).await?;
    let name = match by {
        Some(by) => user::names_everywhere(app.store.reader(), &[by]).await?.pop().map(|(_, name)| name),
        None => None,
    };
    let tx = app.store.begin(ctx).await?;
    let scope = tx.scope();
    let about = prepared.outbox(new.channel, tx.now());
    let verdict = judge(prepared.purpose, compliance::facts_of(app, &tx, scope, &about).await?);
    if let Verdict::Deny { reason, .. } = &verdict {
        return Err(AppError::Conflict(format!("this message may not be sent: {reason}")));
    }
    let author = if matches!(ctx.actor, Actor::Agent(_)) { Author::Ai } else { Author::Person };
    let talk = talk(app, &tx, new.channel, &prepared).await?;
    if let Some(known) = message::find_by_client_id(&tx, scope, talk.id, &client_id).await? {
        return Ok((frontdesk_store::outbox::get(&tx, scope, known.id).await?.message, verdict));
    }
    let writer = Writer { author, user: by, name, client_id: Some(client_id), about: None };
    let queued = put(app, &tx, &talk, new.channel, &prepared, writer).await?;
    if let Some(label) = label {
        frontdesk_store::outbox::label(&tx, scope, queued.id, label).await?;
    }
    tx.audit("message.send", Some(queued.id.to_string()), json!({ "channel": new.channel.as_str() }));
    tx.commit().await?;
    Ok((queued, verdict))
}

/// Stores a message in its conversation and queues it.
pub(crate) async fn put(
    app: &App,
    tx: &Tx,
    talk: &Conversation,
    channel: Channel,
    prepared: &Prepared,
    writer: Writer,
) -> Result<OutboxMessage> {
    let mut said = line::draft(tx, talk.id, writer.author, String::new());
    let mut content = prepared.content.clone();
    if content.template.is_none() {
        content.text = short_link::shorten(app, tx, (said.id, prepared.purpose), content.text).await?;
    }
    said.text.clone_from(&content.text);
    if said.text.is_empty() {
        said.text = files::lines(&prepared.files);
    }
    said.user_id = writer.user;
    said.author_name = writer.name;
    said.client_id = writer.client_id;
    line::add(tx, &mut said).await?;
    content.media = files::media(&files::keep(tx, (talk.id, said.id), &prepared.files).await?);
    let queued = NewOutbound {
        id: said.id,
        channel,
        connection_id: prepared.carrier.connection,
        conversation_id: Some(talk.id),
        contact: (talk.contact_id, talk.contact_name.clone()),
        from: prepared.from(),
        to: prepared.to.clone(),
        purpose: prepared.purpose,
        content,
        about: writer.about,
        created_by: writer.user,
        send_at: prepared.send_at.max(tx.now()),
    };
    queue(tx, queued).await
}

/// The conversation with the customer's address, a new one when there is none.
pub(crate) async fn talk(app: &App, tx: &Tx, channel: Channel, prepared: &Prepared) -> Result<Conversation> {
    if let Some(thread) = &prepared.thread {
        return Ok(conversation::get(tx, tx.scope(), thread.conversation_id).await?);
    }
    if channel == Channel::Email {
        return mail::talk(app, tx, &prepared.to, prepared.content.subject.as_deref()).await;
    }
    let opened = hear::open(app, tx, channel, &prepared.to, None).await?;
    if let Some(connection_id) = prepared.carrier.connection {
        let thread = ChannelThread {
            connection_id,
            peer: prepared.to.clone(),
            own: prepared.from().unwrap_or_default(),
            conversation_id: opened.id,
            heard_at: None,
            asked_about: None,
        };
        channel_thread::put(tx, tx.scope(), &thread).await?;
    }
    Ok(opened)
}
