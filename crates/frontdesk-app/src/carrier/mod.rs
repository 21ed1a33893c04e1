//! Which vendor carries a message: the connection it began with, otherwise the channel's first that is enabled; the
//! installation's own mailer for mail without one.
//!
//! The only place that names messaging vendors' clients. To add a vendor: a line in [`build`], its manifest in
//! `connection::vendors`, and, when it calls, a line in `webhook`.

mod clients;
mod lookups;

use std::sync::Arc;

use frontdesk_channel::telegram::{self, TelegramChannel, TelegramSettings};
use frontdesk_channel::twilio::{TwilioChannel, TwilioKind, TwilioSettings};
use frontdesk_channel::whatsapp::{self, WhatsappChannel, WhatsappSettings};
use frontdesk_channel::{
    Channel as Client, ChannelError, MailChannel, MailDress, Outbound, Post, SentMessage,
};
use frontdesk_domain::connection::{Connection, ConnectionCategory};
use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::{ConnectionId, MessageId};
use frontdesk_domain::permit::Permit;
use frontdesk_http::Target;
use frontdesk_store::connection::SealedConnection;
use frontdesk_store::outbox::Stored;

use crate::connection::{self, UsableConnection};
use crate::{App, Result, mailbox};

pub use clients::Carriers;
use lookups::StoredLookups;

/// What carries a message.
#[derive(Debug)]
pub(crate) struct Carrier {
    /// The connection; absent for the installation's own mailer.
    pub connection: Option<ConnectionId>,
    /// The vendor's constant name.
    pub vendor: String,
    /// The business's number or address, when the connection has one.
    pub own: Option<String>,
    /// The client.
    pub client: Arc<dyn Client>,
    /// What carries letters, which are dressed one by one.
    post: Option<Arc<dyn Post>>,
}

impl Carrier {
    /// Sends a message of the outbox.
    pub(crate) async fn send(
        &self,
        app: &App,
        scope: Scope,
        permit: Permit,
        (known, outbound): (&Stored, &Outbound),
    ) -> std::result::Result<SentMessage, ChannelError> {
        let Some(post) = &self.post else { return self.client.send(permit, outbound, app.clock.now()).await };
        let unavailable =
            |error: crate::AppError| ChannelError::Unavailable { vendor: "mail", reason: error.to_string() };
        let dress = mailbox::dress::dress(app, scope, known).await.map_err(unavailable)?;
        MailChannel::new(Arc::clone(post), dress).send(permit, outbound, app.clock.now()).await
    }

    /// Where the vendor tells what becomes of a message.
    pub(crate) fn callback(&self, app: &App, message: MessageId) -> Option<String> {
        let connection = self.connection?;
        let base = &app.settings.public_url;
        Some(format!("{base}/webhooks/{}/{connection}?message={message}", self.vendor))
    }
}

/// The category of connections that carry a channel.
pub(crate) const fn category(channel: Channel) -> Option<ConnectionCategory> {
    match channel {
        Channel::Sms => Some(ConnectionCategory::Sms),
        Channel::Whatsapp => Some(ConnectionCategory::Whatsapp),
        Channel::Telegram => Some(ConnectionCategory::Telegram),
        Channel::Email => Some(ConnectionCategory::Mail),
        Channel::Web | Channel::Sandbox => None,
    }
}

/// The channel a connection of this category carries.
pub(crate) const fn channel(category: ConnectionCategory) -> Option<Channel> {
    match category {
        ConnectionCategory::Sms => Some(Channel::Sms),
        ConnectionCategory::Whatsapp => Some(Channel::Whatsapp),
        ConnectionCategory::Telegram => Some(Channel::Telegram),
        ConnectionCategory::Mail | ConnectionCategory::MailInbox => Some(Channel::Email),
        _ => None,
    }
}

/// Chooses what carries a message; in plain words why nothing does.
pub(crate) async fn choose(
    app: &App,
    scope: Scope,
    channel: Channel,
    preferred: Option<ConnectionId>,
) -> Result<std::result::Result<Carrier, String>> {
    if channel == Channel::Email {
        return mail(app, scope, preferred).await;
    }
    let Some(wanted) = category(channel) else {
        return Ok(Err("this channel needs no vendor".to_owned()));
    };
    let sealed = frontdesk_store::connection::list_enabled(app.store.reader(), scope, wanted).await?;
    let mut wanted = sealed.iter().filter(|sealed| preferred.is_none_or(|id| sealed.connection.id == id));
    // One whose secret cannot be opened is left out: the next in order takes over.
    let chosen = wanted.find_map(|sealed| Some((sealed, app.carriers.of(app, scope, sealed)?)));
    let Some((SealedConnection { connection, .. }, client)) = chosen else {
        return Ok(Err(missing(channel, preferred.is_some())));
    };
    Ok(client.map(|client| Carrier {
        connection: Some(connection.id),
        vendor: connection.vendor.clone(),
        own: own(connection),
        client,
        post: None,
    }))
}

/// Mail leaves through the workspace's connection, without one through the installation's own mailer.
async fn mail(
    app: &App,
    scope: Scope,
    preferred: Option<ConnectionId>,
) -> Result<std::result::Result<Carrier, String>> {
    let usable = connection::usable(app, scope, ConnectionCategory::Mail).await?;
    let chosen = match preferred {
        Some(id) => match usable.iter().find(|usable| usable.connection.id == id) {
            Some(chosen) => Some(chosen),
            None => return Ok(Err(missing(Channel::Email, true))),
        },
        None => usable.first(),
    };
    let (post, vendor): (Arc<dyn Post>, _) = match chosen {
        Some(chosen) => match connection::post(app, chosen).await {
            Ok(post) => (Arc::from(post), chosen.connection.vendor.clone()),
            Err(why) => return Ok(Err(why)),
        },
        None => (Arc::clone(&app.mailer) as Arc<dyn Post>, String::new()),
    };
    Ok(Ok(Carrier {
        connection: chosen.map(|chosen| chosen.connection.id),
        vendor,
        own: None,
        client: Arc::new(MailChannel::new(Arc::clone(&post), MailDress::default())),
        post: Some(post),
    }))
}

fn missing(channel: Channel, was_there: bool) -> String {
    let name = match channel {
        Channel::Sms => "text messages",
        Channel::Whatsapp => "WhatsApp",
        Channel::Telegram => "Telegram",
        _ => "mail",
    };
    if was_there {
        format!(
            "the connection it was to leave through is gone or switched off; connect {name} under Channels"
        )
    } else {
        format!("nothing is connected for {name}; connect it under Channels")
    }
}

/// The client of a connection; in plain words why there is none.
pub(crate) fn build(
    app: &App,
    scope: Scope,
    usable: &UsableConnection,
) -> std::result::Result<Box<dyn Client>, String> {
    let connection = &usable.connection;
    let (http, target) = (app.http.clone(), Target::Public);
    let secret = || usable.secret.clone().ok_or("the key is missing".to_owned());
    let client: Box<dyn Client> = match connection.vendor.as_str() {
        vendor if let Some(kind) = twilio_kind(vendor) => {
            let settings = settings::<TwilioSettings>(connection)?;
            let memory = StoredLookups::of(app, scope.workspace());
            let client = TwilioChannel::new(kind, &settings, secret()?, http, target).map_err(text)?;
            Box::new(client.remembering(Arc::new(memory)))
        }
        whatsapp::VENDOR => {
            let settings = settings::<WhatsappSettings>(connection)?;
            Box::new(WhatsappChannel::new(&settings, secret()?, http, target).map_err(text)?)
        }
        telegram::VENDOR => {
            let settings = settings::<TelegramSettings>(connection)?;
            Box::new(TelegramChannel::new(&settings, secret()?, http, target).map_err(text)?)
        }
        other => return Err(format!("{other} cannot carry messages")),
    };
    Ok(client)
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// The settings of a connection, as its vendor's client reads them.
pub(crate) fn settings<T: serde::de::DeserializeOwned>(
    connection: &Connection,
) -> std::result::Result<T, String> {
    T::deserialize(&connection.settings).map_err(text)
}

/// Which of Twilio's channels a vendor's name stands for.
pub(crate) fn twilio_kind(vendor: &str) -> Option<TwilioKind> {
    [TwilioKind::Sms, TwilioKind::Whatsapp].into_iter().find(|kind| kind.provider() == vendor)
}

/// The number or address messages leave from, when the settings name one.
fn own(connection: &Connection) -> Option<String> {
    let settings = &connection.settings;
    let first = settings.get("numbers").and_then(|all| all.get(0)).or_else(|| settings.get("number"));
    first.and_then(|own| own.as_str()).map(str::to_owned)
}
