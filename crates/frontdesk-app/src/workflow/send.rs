//! A workflow's message to one contact: where it goes, what it says, what the gate says of it.

use std::time::Duration;

use frontdesk_domain::compliance::{Verdict, judge};
use frontdesk_domain::contact::Contact;
use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::outbox::Content;
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workflow::{OutreachChannel, OutreachMessage, Words, WorkflowSettings};
use frontdesk_domain::workspace::Workspace;
use frontdesk_store::channel_thread::{self, ChannelThread};
use frontdesk_store::workspace;

use super::write;
use crate::carrier::{self, Carrier};
use crate::channel_template::chosen::choose;
use crate::message::compose::{self, Prepared};
use crate::message::longest;
use crate::template::render::{Values, render_text};
use crate::{App, AppError, Result, compliance};

/// How long after a customer's message WhatsApp takes free words.
const WINDOW: Duration = Duration::from_hours(24);

/// Who wrote the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WrittenBy {
    /// They are the step's.
    Text,
    /// A model wrote them.
    Ai,
    /// A model was to write them, and the step's own stand in.
    Fallback,
}

/// A message that could be sent.
pub(super) struct Ready {
    pub channel: Channel,
    pub prepared: Prepared,
    pub verdict: Verdict,
    pub by: WrittenBy,
}

/// One way to reach the contact.
struct Way {
    channel: Channel,
    to: String,
    carrier: Carrier,
    thread: Option<ChannelThread>,
}

/// The message for a contact, and the gate's verdict; in plain words why there is none.
pub(super) async fn ready(
    app: &App,
    scope: Scope,
    settings: &WorkflowSettings,
    message: &OutreachMessage,
    contact: &Contact,
    at: Timestamp,
) -> Result<std::result::Result<Ready, String>> {
    let home = workspace::get(app.store.reader(), scope).await?;
    let ways = match ways(app, scope, message, contact).await? {
        Ok(ways) => ways,
        Err(why) => return Ok(Err(why)),
    };
    let mut best: Option<Ready> = None;
    let mut whys = Vec::new();
    for way in ways {
        // The gate looks at the kind of message, not at its words.
        let mut made = prepare(&home, settings, message, contact, way, at);
        let judged = made.prepared.outbox(made.channel, at);
        let facts = compliance::facts_of(app, app.store.reader(), scope, &judged).await?;
        made.verdict = judge(settings.purpose, facts);
        match (&made.verdict, &best) {
            (Verdict::Allow, _) => {
                best = Some(made);
                break;
            }
            (
                Verdict::Defer { until, .. },
                Some(Ready { verdict: Verdict::Defer { until: other, .. }, .. }),
            ) if until >= other => {}
            (Verdict::Defer { .. }, _) => best = Some(made),
            (Verdict::Deny { reason, .. }, _) => {
                whys.push(format!("by {}: {reason}", name(made.channel)));
            }
        }
    }
    let Some(mut ready) = best else { return Ok(Err(whys.join("; "))) };
    let values = values(app, &home, contact);
    let written = match &message.words {
        Words::Ai { instruction, .. } => {
            write::write(app, scope, &home, contact, ready.channel, instruction).await?
        }
        Words::Text { .. } => None,
    };
    let words = match (&message.words, written) {
        (Words::Ai { .. }, Some(words)) => {
            ready.by = WrittenBy::Ai;
            Ok(words)
        }
        (words, _) => render_text(words.template(), &values),
    };
    let words = match words {
        Ok(words) if words.trim().is_empty() => return Ok(Err("the words come out empty".to_owned())),
        Ok(words) => words.trim().to_owned(),
        Err(flaw) => return Ok(Err(format!("the words cannot be filled in: {flaw}"))),
    };
    if words.chars().count() > longest(ready.channel) {
        return Ok(Err(format!("the words are too long for {}", name(ready.channel))));
    }
    ready.prepared.content.text = words;
    if let Some(asked) = ready.prepared.content.template.take() {
        let at = (ready.prepared.carrier.connection, ready.prepared.carrier.vendor.as_str());
        let chosen = match choose(app.store.reader(), scope, at, &asked, &values).await {
            Ok(chosen) => chosen,
            Err(error @ AppError::Invalid(_)) => return Ok(Err(format!("the WhatsApp template: {error}"))),
            Err(error) => return Err(error),
        };
        ready.prepared.purpose = chosen.purpose(settings.purpose);
        if let Some(text) = chosen.text {
            ready.prepared.content.text = text;
        }
        ready.prepared.content.template = Some(chosen.template);
    }
    Ok(Ok(ready))
}

fn prepare(
    home: &Workspace,
    settings: &WorkflowSettings,
    message: &OutreachMessage,
    contact: &Contact,
    way: Way,
    at: Timestamp,
) -> Ready {
    let subject =
        (way.channel == Channel::Email).then(|| message.subject.clone().unwrap_or_else(|| home.name.clone()));
    // Within a day of the customer's last message free words may be said.
    let heard = way.thread.as_ref().and_then(|thread| thread.heard_at);
    let is_open = heard.is_some_and(|heard| heard.plus(WINDOW) > at);
    let template = message.whatsapp_template.clone().filter(|_| way.channel == Channel::Whatsapp && !is_open);
    let prepared = Prepared {
        contact: Some(contact.clone()),
        to: way.to,
        carrier: way.carrier,
        thread: way.thread,
        files: Vec::new(),
        content: Content { subject, template, ..Content::default() },
        purpose: settings.purpose,
        send_at: at,
    };
    let by = match message.words {
        Words::Text { .. } => WrittenBy::Text,
        Words::Ai { .. } => WrittenBy::Fallback,
    };
    Ready { channel: way.channel, prepared, verdict: Verdict::Allow, by }
}

/// What a workflow's words may name.
pub(super) fn values(app: &App, home: &Workspace, contact: &Contact) -> Values {
    let mut values = compose::values(home, Some(contact));
    values.insert("booking_link", format!("{}/book/{}", app.settings.public_url, home.slug));
    values
}

/// How the contact can be reached, the best way first; in plain words why not at all.
async fn ways(
    app: &App,
    scope: Scope,
    message: &OutreachMessage,
    contact: &Contact,
) -> Result<std::result::Result<Vec<Way>, String>> {
    let channels: &[Channel] = match message.channel {
        OutreachChannel::Best => &[Channel::Sms, Channel::Whatsapp, Channel::Email],
        OutreachChannel::Sms => &[Channel::Sms],
        OutreachChannel::Whatsapp => &[Channel::Whatsapp],
        OutreachChannel::Email => &[Channel::Email],
    };
    let (mut ways, mut whys) = (Vec::new(), Vec::new());
    for channel in channels.iter().copied() {
        let Ok(to) = compose::address_of(app, scope, contact, channel).await else {
            whys.push(format!("there is no {}", address(channel)));
            continue;
        };
        let carrier = match carrier::choose(app, scope, channel, None).await? {
            Ok(carrier) => carrier,
            Err(why) => {
                whys.push(why);
                continue;
            }
        };
        let thread = match carrier.connection.filter(|_| channel != Channel::Email) {
            Some(id) => channel_thread::find(app.store.reader(), scope, id, &to).await?,
            None => None,
        };
        ways.push(Way { channel, to, carrier, thread });
    }
    // Where they wrote last they are most at home; the sort keeps the order of the rest.
    ways.sort_by_key(|way| {
        std::cmp::Reverse(way.thread.as_ref().and_then(|thread| thread.heard_at).map(Timestamp::as_millis))
    });
    whys.dedup();
    Ok(if ways.is_empty() { Err(whys.join("; ")) } else { Ok(ways) })
}

const fn address(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "e-mail address",
        _ => "phone number",
    }
}

/// A channel in plain words.
pub(super) const fn name(channel: Channel) -> &'static str {
    match channel {
        Channel::Sms => "text message",
        Channel::Whatsapp => "WhatsApp",
        Channel::Email => "e-mail",
        Channel::Telegram => "Telegram",
        Channel::Web | Channel::Sandbox => "chat",
    }
}
