//! News in a chat of the team's, such as a channel on Discord.
//!
//! A chat is a vendor's, and who reads there is not known: customers are named by their initials, numbers and addresses
//! are masked, and what they wrote is not repeated. The link leads to where whoever may see it sees all. News that may
//! have been told is told again rather than lost. Messages that fail are gathered for a minute, so that a bad hour at a
//! vendor is a handful of posts.

use std::time::Duration;

use frontdesk_channel::{ChannelError, Notices, Notifier};
use frontdesk_domain::compliance::Verdict;
use frontdesk_domain::connection::ConnectionTest;
use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::{BookingId, ConnectionId, ConversationId, LeadId};
use frontdesk_domain::locale::Language;
use frontdesk_domain::outbox::{OutboxMessage, Status};
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workspace::Workspace;
use frontdesk_domain::{mask, phone, text, written};
use frontdesk_http::Target;
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::{
    JobRequest, StoreError, booking, connection as connections, conversation, lead, outbox, workspace,
};
use serde::{Deserialize, Serialize};

use crate::connection::{self, UsableConnection};
use crate::jobs::failure;
use crate::{App, AppError, Result};

/// The job's constant name.
pub const JOB: &str = "team.chat";

/// The states of a message that the team is told of.
pub const FAILED: &[Status] = &[Status::Failed, Status::Undelivered, Status::InDoubt];

/// For how long messages that fail are gathered, in milliseconds.
const GATHER: i64 = 60_000;
/// Most messages that are counted.
const MOST: u64 = 100;
/// A vendor that asks to wait and does not say how long.
const SLOW_DOWN: Duration = Duration::from_secs(5);

/// What happened to a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookingNews {
    /// It was made.
    Made,
    /// It has another time.
    Moved,
    /// It was called off.
    Cancelled,
}

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum About {
    /// A lead was captured.
    Lead {
        /// Which.
        lead_id: LeadId,
    },
    /// A customer asked for a person.
    Handoff {
        /// Where.
        conversation_id: ConversationId,
    },
    /// A booking was made, moved or called off.
    Booking {
        /// Which.
        booking_id: BookingId,
        /// What happened.
        news: BookingNews,
    },
    /// Messages failed or are in doubt.
    Messages {
        /// Since when.
        since: Timestamp,
    },
}

impl About {
    /// Whether a place is to be told of it.
    pub const fn is_among(&self, wanted: Notices) -> bool {
        match self {
            Self::Lead { .. } => wanted.leads,
            Self::Handoff { .. } => wanted.handoffs,
            Self::Booking { .. } => wanted.bookings,
            Self::Messages { .. } => wanted.messages,
        }
    }
}

/// News for one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatNotice {
    /// Where it is told.
    pub connection_id: ConnectionId,
    /// What.
    #[serde(flatten)]
    pub about: About,
    /// The number of the event it tells of.
    pub event: u64,
}

impl ChatNotice {
    /// The job that tells it. Messages that fail in the same minute are one.
    pub fn job(&self, now: Timestamp) -> Result<JobRequest> {
        let payload = serde_json::to_value(self).map_err(|error| AppError::Internal(error.to_string()))?;
        let job = JobRequest::new(JOB, payload);
        Ok(if matches!(self.about, About::Messages { .. }) {
            let minute = now.as_millis().div_euclid(GATHER);
            let at = Timestamp::from_millis((minute + 1).saturating_mul(GATHER));
            job.at(at).unique(format!("{}:messages:{minute}", self.connection_id))
        } else {
            job.unique(format!("{}:{}", self.connection_id, self.event))
        })
    }
}

/// What is said.
#[derive(Debug, PartialEq, Eq)]
struct News {
    title: String,
    text: String,
    url: String,
}

/// Tells it. What Discord refuses for good stands in the connection's test from then on.
pub async fn run(app: &App, job: &ClaimedJob) -> std::result::Result<(), Failure> {
    let notice = ChatNotice::deserialize(&job.payload)
        .map_err(|error| Failure::Permanent(format!("{JOB} cannot be read: {error}")))?;
    let scope = Scope::system(job.workspace);
    let again = |error: StoreError| Failure::Retry(error.to_string());
    let sealed = connections::find(app.store.reader(), scope, notice.connection_id).await.map_err(again)?;
    // Removed or switched off meanwhile.
    let Some(sealed) = sealed.filter(|sealed| sealed.connection.enabled) else { return Ok(()) };
    let Some(news) = news(app, scope, &notice.about).await.map_err(|error| failure(&error))? else {
        return Ok(());
    };
    let usable = connection::open(app, scope, sealed).map_err(|error| failure(&error))?;
    let told = match client(app, &usable) {
        Ok(client) => client.notify(&news.title, &news.text, &news.url).await,
        Err(error) => Err(error),
    };
    let Err(error) = told else { return Ok(()) };
    let reason = error.to_string();
    match error {
        ChannelError::Limited { after, .. } => {
            Err(Failure::RetryAt { reason, at: app.clock.now().plus(after.unwrap_or(SLOW_DOWN)) })
        }
        ChannelError::Unavailable { .. } | ChannelError::Uncertain { .. } => Err(Failure::Retry(reason)),
        _ => {
            let test = ConnectionTest {
                ok: false,
                message: reason.chars().take(500).collect(),
                latency_ms: 0,
                at: app.clock.now(),
            };
            let tx = app.store.begin(&app.system(job.workspace, JOB)).await.map_err(again)?;
            connections::set_test(&tx, scope, notice.connection_id, &test).await.map_err(again)?;
            tx.emit(frontdesk_domain::event::Event::WorkspaceUpdated);
            tx.commit().await.map_err(again)?;
            Err(Failure::Permanent(reason))
        }
    }
}

/// Tells the chat that it is connected.
pub(crate) async fn test(
    app: &App,
    scope: Scope,
    usable: &UsableConnection,
) -> std::result::Result<String, String> {
    let home = workspace::find(app.store.reader(), scope).await.map_err(|error| error.to_string())?;
    let home = home.ok_or("the workspace is gone")?;
    let (title, text) = if home.language == Language::Es {
        (format!("Aviso de prueba de {}", home.name), "Los avisos llegarán aquí.")
    } else {
        (format!("A test notice from {}", home.name), "News will be told here.")
    };
    let client = client(app, usable).map_err(|error| error.to_string())?;
    let url = format!("{}/channels", app.settings.public_url);
    client.notify(&title, text, &url).await.map_err(|error| error.to_string())?;
    Ok("A test notice was sent; look for it in the chat.".to_owned())
}

fn client(app: &App, usable: &UsableConnection) -> std::result::Result<Notifier, ChannelError> {
    let known = &usable.connection;
    let secret = usable.secret.clone().ok_or_else(|| ChannelError::Refused {
        vendor: "notifier",
        code: None,
        reason: "its secret is missing: save it in the connection".to_owned(),
    })?;
    Notifier::new(&known.vendor, &known.settings, secret, app.http.clone(), Target::Public)
}

/// What there is to say now; `None` when it is no news any more.
async fn news(app: &App, scope: Scope, about: &About) -> Result<Option<News>> {
    let db = app.store.reader();
    let Some(home) = workspace::find(db, scope).await? else { return Ok(None) };
    let (base, es) = (&app.settings.public_url, home.language == Language::Es);
    Ok(match about {
        About::Lead { lead_id } => lead::find(db, scope, *lead_id).await?.map(|lead| {
            let name = initials(&lead.name, es);
            let left: Vec<String> = lead
                .phone
                .as_deref()
                .map(phone::mask)
                .into_iter()
                .chain(lead.email.as_deref().map(text::mask_email))
                .collect();
            let score = lead.score;
            News {
                title: if es { format!("Nuevo contacto: {name}") } else { format!("New lead: {name}") },
                text: if es {
                    format!("Puntuación: {score} de 100. Dejó: {}.", left.join(", "))
                } else {
                    format!("Score: {score} of 100. Left: {}.", left.join(", "))
                },
                url: match lead.conversation_id {
                    Some(conversation) => format!("{base}/inbox/{conversation}"),
                    None => format!("{base}/contacts/{}", lead.contact_id),
                },
            }
        }),
        About::Handoff { conversation_id } => {
            let found = conversation::find(db, scope, *conversation_id).await?;
            // Somebody came already: no news any more.
            found.filter(|found| found.waiting_since.is_some()).map(|found| {
                let name = initials(&found.contact_name, es);
                let (title, by) = if es {
                    (format!("{name} pide hablar con una persona"), "Canal")
                } else {
                    (format!("{name} asks for a person"), "By")
                };
                let reason = found.handoff_reason.as_deref().map(mask::personal).unwrap_or_default();
                let text = format!("{by}: {}. {reason}", channel(found.channel, es));
                News { title, text: text.trim().to_owned(), url: format!("{base}/inbox/{conversation_id}") }
            })
        }
        About::Booking { booking_id, news } => match booking::get(db, scope, *booking_id).await {
            Ok(stored) => {
                let booking = stored.booking;
                let kind = &booking.type_name;
                let title = match (news, es) {
                    (BookingNews::Made, false) => format!("New appointment: {kind}"),
                    (BookingNews::Moved, false) => format!("Moved: {kind}"),
                    (BookingNews::Cancelled, false) => format!("Called off: {kind}"),
                    (BookingNews::Made, true) => format!("Nueva cita: {kind}"),
                    (BookingNews::Moved, true) => format!("Cita cambiada: {kind}"),
                    (BookingNews::Cancelled, true) => format!("Cita cancelada: {kind}"),
                };
                let when = written::moment(booking.start, &home.zone, home.language);
                let text = format!("{when}. {} ({})", initials(&booking.name, es), booking.reference);
                Some(News { title, text, url: format!("{base}/bookings/{booking_id}") })
            }
            Err(StoreError::NotFound(_)) => None,
            Err(error) => return Err(error.into()),
        },
        About::Messages { since } => {
            let mut failed = outbox::list_changed(db, scope, FAILED, *since, MOST).await?;
            // What the rules hold back is as the business wants it.
            failed.retain(|message| {
                message.status != Status::Failed || !matches!(message.verdict, Some(Verdict::Deny { .. }))
            });
            failed.first().map(|first| messages(&home, base, &failed, first))
        }
    })
}

/// Messages that failed since the last news of them; the first stands for all.
fn messages(home: &Workspace, base: &str, failed: &[OutboxMessage], first: &OutboxMessage) -> News {
    let es = home.language == Language::Es;
    let count = failed.len();
    let doubtful = failed.iter().filter(|message| message.status == Status::InDoubt).count();
    let title = match (count, es) {
        (1, false) => "A message needs a look".to_owned(),
        (_, false) => format!("{count} messages need a look"),
        (1, true) => "Un mensaje necesita atención".to_owned(),
        (_, true) => format!("{count} mensajes necesitan atención"),
    };
    let to = match first.channel {
        Channel::Sms | Channel::Whatsapp => phone::mask(&first.to),
        _ => text::mask_email(&first.to),
    };
    let way = channel(first.channel, es);
    let reason = first.reason.as_deref().map(mask::personal).unwrap_or_default();
    let lost = count - doubtful;
    let mut parts = Vec::new();
    if lost > 0 {
        parts.push(if es { format!("{lost} sin entregar") } else { format!("{lost} did not arrive") });
    }
    if doubtful > 0 {
        parts.push(if es { format!("{doubtful} en duda") } else { format!("{doubtful} in doubt") });
    }
    let which = match (count, es) {
        (1, _) => "",
        (_, false) => "The first: ",
        (_, true) => "El primero: ",
    };
    let text = format!("{}. {which}{way}, {to}: {reason}", parts.join(", "));
    let status = if doubtful == count { Status::InDoubt } else { Status::Failed };
    let url = match (count, first.status) {
        (1, _) => format!("{base}/messages/{}", first.id),
        (_, Status::Undelivered) => format!("{base}/messages"),
        _ => format!("{base}/messages?status={}", status.as_str()),
    };
    News { title, text, url }
}

fn initials(name: &str, es: bool) -> String {
    let short = text::mask_name(name);
    match (short.is_empty(), es) {
        (false, _) => short,
        (true, false) => "A customer".to_owned(),
        (true, true) => "Un cliente".to_owned(),
    }
}

const fn channel(channel: Channel, es: bool) -> &'static str {
    match (channel, es) {
        (Channel::Web, false) => "web chat",
        (Channel::Web, true) => "chat web",
        (Channel::Sandbox, false) => "sandbox",
        (Channel::Sandbox, true) => "pruebas",
        (Channel::Sms, false) => "text message",
        (Channel::Sms, true) => "SMS",
        (Channel::Whatsapp, _) => "WhatsApp",
        (Channel::Telegram, _) => "Telegram",
        (Channel::Email, false) => "e-mail",
        (Channel::Email, true) => "correo electrónico",
    }
}
