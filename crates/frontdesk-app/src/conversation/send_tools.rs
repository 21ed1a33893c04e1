//! The agent's tools that send the customer something in writing: a template of the business's, filled with what is known
//! of it and of the customer's appointment, through the outbox and its gate.
//!
//! A receipt is given once the message is queued and nothing stands against it; it names the message. Who gets it is the
//! customer of the conversation; a number or an address they give is saved as theirs first. To send one more thing: its
//! kind in `frontdesk_agent::tools::SENDABLE`, and its values in [`SendTools::text`].

use std::sync::Arc;

use frontdesk_agent::port::ToolOutcome;
use frontdesk_agent::session::{Receipt, ReceiptKind, Session};
use frontdesk_agent::tools;
use frontdesk_domain::compliance::{Purpose, Verdict};
use frontdesk_domain::context::Context;
use frontdesk_domain::conversation::{Channel, Conversation};
use frontdesk_domain::id::{ConversationId, MessageId, TurnId};
use frontdesk_domain::locale::Language;
use frontdesk_domain::outbox::Status;
use frontdesk_domain::template::{TemplateChannel, TemplateKind};
use frontdesk_domain::workspace::Workspace;
use frontdesk_store::template::Place;
use frontdesk_store::{channel_thread, contact, conversation, outbox, workspace};
use serde::Deserialize;
use serde_json::{Value, json};

use super::booking_tools;
use super::person::{self, Details};
use crate::message::compose::{self, NewMessage};
use crate::template::in_use;
use crate::template::render::{Values, render_text};
use crate::{App, AppError, Result, carrier, notice};

/// Most messages that are sent so in one conversation: it is no way to write to strangers.
const MOST: usize = 4;

/// The sending tools of one conversation.
pub(super) struct SendTools {
    app: Arc<App>,
    ctx: Context,
    conversation: ConversationId,
    turn: TurnId,
    channel: Channel,
    language: Language,
    sandbox: bool,
    /// Channels that are connected.
    ways: Vec<Channel>,
    sent: Vec<MessageId>,
}

#[derive(Deserialize)]
struct Arguments {
    template: TemplateKind,
    to: Option<String>,
}

/// Why a message was not sent, with a word that a brain can act on.
struct Refused(&'static str, String);

impl From<AppError> for Refused {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Internal(cause) => {
                tracing::error!(cause, "sending for the agent failed");
                Self("failed", "it did not work; tell the customer so, and tell them here instead".to_owned())
            }
            other => Self("failed", other.to_string()),
        }
    }
}

impl From<frontdesk_store::StoreError> for Refused {
    fn from(error: frontdesk_store::StoreError) -> Self {
        AppError::from(error).into()
    }
}

/// Through which channels something can be sent: those that are connected, and mail always.
pub(super) async fn ways(app: &App, ctx: &Context) -> Result<Vec<Channel>> {
    let db = app.store.reader();
    let mut ways = vec![Channel::Email];
    for channel in [Channel::Sms, Channel::Whatsapp] {
        let Some(category) = carrier::category(channel) else { continue };
        if !frontdesk_store::connection::list_enabled(db, ctx.scope(), category).await?.is_empty() {
            ways.push(channel);
        }
    }
    Ok(ways)
}

impl SendTools {
    pub(super) fn new(
        app: &Arc<App>,
        ctx: &Context,
        current: &Conversation,
        session: &Session,
        ways: Vec<Channel>,
    ) -> Self {
        let sent = session.receipts.iter().filter(|receipt| receipt.kind == ReceiptKind::MessageSent);
        Self {
            app: Arc::clone(app),
            ctx: ctx.clone(),
            conversation: current.id,
            turn: session.turn_id,
            channel: current.channel,
            language: session.state.language.unwrap_or(current.language),
            sandbox: super::is_sandbox(current.channel),
            ways,
            sent: sent.filter_map(|receipt| receipt.id.parse().ok()).collect(),
        }
    }

    /// Whether a tool can do anything here.
    pub(super) fn offers(&self, tool: &str) -> bool {
        match channel_of(tool) {
            Some(channel) => self.ways.contains(&channel),
            None => !self.sent.is_empty(),
        }
    }

    pub(super) async fn call(&self, tool: &str, arguments: Value) -> ToolOutcome {
        let done = match channel_of(tool) {
            Some(channel) => match serde_json::from_value(arguments) {
                Ok(arguments) => self.send(channel, arguments).await,
                Err(error) => Err(Refused("failed", error.to_string())),
            },
            None => self.look_up().await,
        };
        done.unwrap_or_else(|Refused(kind, why)| ToolOutcome {
            ok: false,
            result: json!({ "error": why, "refused": kind }),
            receipt: None,
            citations: Vec::new(),
        })
    }

    async fn send(&self, channel: Channel, arguments: Arguments) -> Result<ToolOutcome, Refused> {
        if self.sent.len() >= MOST {
            return Err(Refused("failed", "enough was sent in this conversation already".to_owned()));
        }
        let home = workspace::get(self.app.store.reader(), self.ctx.scope()).await?;
        let (subject, text) = self.text(channel, arguments.template, &home).await?;
        if self.sandbox {
            return Ok(sent("sandbox".to_owned(), "it would be sent now; this is a rehearsal"));
        }
        let to = self.address(channel, arguments.to).await?;
        let known =
            conversation::get_thread(self.app.store.reader(), self.ctx.scope(), self.conversation).await?;
        let new = NewMessage {
            files: Vec::new(),
            contact_id: known.conversation.contact_id,
            to: Some(to),
            channel,
            connection_id: None,
            subject,
            text,
            purpose: Some(Purpose::Transactional),
            template: None,
            send_at: None,
            // The same again in one turn is one message.
            client_id: format!("{}:{}:{}", self.turn.uuid().simple(), channel.as_str(), self.sent.len()),
        };
        let label = arguments.template.as_str();
        let queued = compose::send_labelled(&self.app, &self.ctx, new, Some(label)).await?;
        let said = match &queued.1 {
            Verdict::Defer { until, .. } => format!("it is queued and leaves at {until}"),
            _ => "it was sent; whether it arrived can be looked up with check_message".to_owned(),
        };
        Ok(sent(queued.0.id.to_string(), &said))
    }

    /// Where it goes: what the customer just gave, what is known of them, or where they write from.
    async fn address(&self, channel: Channel, given: Option<String>) -> Result<String, Refused> {
        let (db, scope) = (self.app.store.reader(), self.ctx.scope());
        if let Some(given) = given {
            let details = match channel {
                Channel::Email => Details { email: Some(given), ..Details::default() },
                _ => Details { phone: Some(given), ..Details::default() },
            };
            let country = workspace::get(db, scope).await?.country;
            let checked = details.clone().checked(&country)?;
            let address = if channel == Channel::Email { checked.email } else { checked.phone };
            person::learn(&self.app, &self.ctx, self.conversation, details).await?;
            return address.ok_or_else(|| needs_address(channel));
        }
        // Who is written to where they write from hears there.
        if self.channel == channel
            && let Some(thread) = channel_thread::find_of(db, scope, self.conversation).await?
        {
            return Ok(thread.peer);
        }
        let known = conversation::get_thread(db, scope, self.conversation).await?;
        let person = match known.conversation.contact_id.filter(|_| !known.claimed) {
            Some(id) => contact::find(db, scope, id).await?,
            None => None,
        };
        let address =
            person.and_then(|person| if channel == Channel::Email { person.email } else { person.phone });
        address.ok_or_else(|| needs_address(channel))
    }

    /// What it says: its subject, for mail, and its words.
    async fn text(
        &self,
        channel: Channel,
        kind: TemplateKind,
        home: &Workspace,
    ) -> Result<(Option<String>, String), Refused> {
        let (db, scope) = (self.app.store.reader(), self.ctx.scope());
        let values = match kind {
            TemplateKind::BookingConfirmed => {
                let mine = booking_tools::coming(&self.app, scope, self.conversation, self.ctx.now()).await?;
                let Some(next) = mine.first() else {
                    let why = "no appointment to come was made in this conversation or shown to be theirs";
                    return Err(Refused("no_booking", why.to_owned()));
                };
                notice::values_of(&self.app, scope, *next, self.language).await?
            }
            TemplateKind::BusinessDetails => house(home),
            TemplateKind::BookingLink => {
                let mut values = house(home);
                let link = format!("{}/book/{}", self.app.settings.public_url, home.slug);
                values.insert("book_url", link);
                values
            }
            _ => return Err(Refused("failed", "that cannot be sent so".to_owned())),
        };
        let through = if channel == Channel::Email { TemplateChannel::Email } else { TemplateChannel::Text };
        if through == TemplateChannel::Email {
            let done = notice::rendered_for(&self.app, scope, home, (kind, self.language), &values).await?;
            return Ok((Some(done.subject), done.text));
        }
        let used = in_use(db, scope, Place { kind, channel: through, language: self.language }).await?;
        let words = render_text(&used.body, &values)
            .map_err(|flaw| AppError::Internal(format!("{kind:?}: {flaw}")))?;
        Ok((None, words.trim().to_owned()))
    }

    /// What became of what was sent here.
    async fn look_up(&self) -> Result<ToolOutcome, Refused> {
        let found = outbox::list_of(self.app.store.reader(), self.ctx.scope(), &self.sent).await?;
        let messages: Vec<Value> = found
            .iter()
            .map(|message| {
                json!({ "channel": message.channel.as_str(), "state": plain(message.status), "reason": message.reason })
            })
            .collect();
        Ok(ToolOutcome {
            ok: true,
            result: json!({ "messages": messages }),
            receipt: None,
            citations: Vec::new(),
        })
    }
}

fn channel_of(tool: &str) -> Option<Channel> {
    match tool {
        tools::SEND_SMS => Some(Channel::Sms),
        tools::SEND_WHATSAPP => Some(Channel::Whatsapp),
        tools::SEND_EMAIL => Some(Channel::Email),
        _ => None,
    }
}

fn needs_address(channel: Channel) -> Refused {
    let what = if channel == Channel::Email { "an e-mail address" } else { "a phone number" };
    Refused("needs_address", format!("{what} is needed; ask the customer for it"))
}

fn sent(id: String, said: &str) -> ToolOutcome {
    ToolOutcome {
        ok: true,
        result: json!({ "done": said }),
        receipt: Some(Receipt { kind: ReceiptKind::MessageSent, id }),
        citations: Vec::new(),
    }
}

/// What every message can say of the business.
fn house(home: &Workspace) -> Values {
    let facts = &home.facts;
    let mut values = Values::new();
    values.insert("business_name", home.name.clone());
    let known = [
        ("business_address", &facts.address),
        ("business_phone", &facts.phone),
        ("business_email", &facts.email),
        ("business_website", &facts.website),
    ];
    for (name, value) in known {
        if !value.trim().is_empty() {
            values.insert(name, value.trim().to_owned());
        }
    }
    values
}

const fn plain(status: Status) -> &'static str {
    match status {
        Status::Queued => "waiting to leave",
        Status::Sending => "being sent this moment",
        Status::Sent => "sent; nothing is known yet of its arrival",
        Status::Delivered => "arrived",
        Status::Read => "arrived and opened",
        Status::Failed => "did not leave",
        Status::Undelivered => "could not be delivered",
        Status::Cancelled => "called off",
        Status::InDoubt => "nobody knows whether it arrived",
    }
}
