//! Trying a connection: one small request to the vendor, and what came of it in plain words.

use std::net::IpAddr;
use std::time::Duration;

use frontdesk_channel::{
    Channel as _, Mailer, Post, ResendPost, ResendSettings, SmtpMailer, SmtpSettings, TelegramChannel,
    TelegramSettings,
};
use frontdesk_domain::connection::{ConnectionCategory, ConnectionTest};
use frontdesk_domain::context::Scope;
use frontdesk_http::Target;
use frontdesk_llm::chat::{ChatDelta, ChatMessage, ChatRequest};
use frontdesk_llm::embed::EmbedPurpose;
use frontdesk_llm::vendor::{Access, build_chat, build_embedder};
use futures_util::StreamExt;
use secrecy::ExposeSecret;
use serde::Deserialize;

use super::UsableConnection;
use crate::App;

/// Longest wait for the vendor.
const LIMIT: Duration = Duration::from_secs(25);
/// Most characters of a vendor's words that are shown.
const MAX_WORDS: usize = 500;

/// Tries the connection.
pub(super) async fn run(app: &App, scope: Scope, usable: &UsableConnection) -> ConnectionTest {
    let began = tokio::time::Instant::now();
    let tried = async {
        match usable.connection.category {
            ConnectionCategory::Model => model(app, usable).await,
            ConnectionCategory::Embedding => embedding(app, usable).await,
            ConnectionCategory::Mail => mail(app, usable).await,
            ConnectionCategory::Calendar => crate::calendar::count_at(app, scope, usable.connection.id).await,
            ConnectionCategory::Whatsapp
                if usable.connection.vendor == frontdesk_channel::whatsapp::VENDOR =>
            {
                whatsapp(app, usable).await
            }
            ConnectionCategory::Sms | ConnectionCategory::Whatsapp => {
                let client = crate::carrier::build(app, scope, usable)?;
                client.check().await.map_err(|error| error.to_string())
            }
            ConnectionCategory::Telegram => telegram(app, usable).await,
            ConnectionCategory::MailInbox => crate::mailbox::check(app, usable).await,
            ConnectionCategory::Notifier => crate::notification::chat::test(app, scope, usable).await,
        }
    };
    let outcome = tokio::time::timeout(LIMIT, tried)
        .await
        .unwrap_or_else(|_| Err(format!("no answer within {} seconds", LIMIT.as_secs())));
    let (ok, words) = match outcome {
        Ok(words) => (true, words),
        Err(words) => (false, words),
    };
    ConnectionTest {
        ok,
        message: without_secret(&words, usable).chars().take(MAX_WORDS).collect(),
        latency_ms: u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX),
        at: app.clock.now(),
    }
}

/// Some vendors repeat the key they were given when they refuse it.
fn without_secret(words: &str, usable: &UsableConnection) -> String {
    match usable.secret.as_ref().map(ExposeSecret::expose_secret) {
        Some(secret) if !secret.is_empty() => words.replace(secret, "[secret]"),
        _ => words.to_owned(),
    }
}

/// How a connection's client reaches its vendor: the address was given by a user, so private hosts are closed to it
/// unless the operator allows them.
pub(crate) fn access(app: &App, usable: &UsableConnection) -> Access {
    Access { http: app.http.clone(), target: Target::Public, secret: usable.secret.clone() }
}

async fn model(app: &App, usable: &UsableConnection) -> Result<String, String> {
    let connection = &usable.connection;
    let model = build_chat(&connection.vendor, &connection.settings, access(app, usable))
        .map_err(|error| error.to_string())?;
    let request = ChatRequest {
        model: String::new(),
        system: "Answer with one word.".to_owned(),
        messages: vec![ChatMessage::User { text: "Say hello.".to_owned() }],
        tools: Vec::new(),
        temperature: None,
        max_tokens: 64,
    };
    let mut stream = model.stream(request).await.map_err(|error| error.to_string())?;
    while let Some(delta) = stream.next().await {
        match delta.map_err(|error| error.to_string())? {
            ChatDelta::Text(text) if text.trim().is_empty() => {}
            ChatDelta::Text(_) | ChatDelta::End(_) => return Ok(format!("{} answers", model.name())),
            ChatDelta::ToolCall(_) | ChatDelta::Usage(_) => {}
        }
    }
    Err("the model ended its answer before it began".to_owned())
}

/// Asks for the bot, and tells Telegram where to call.
async fn telegram(app: &App, usable: &UsableConnection) -> Result<String, String> {
    let connection = &usable.connection;
    let settings = TelegramSettings::deserialize(&connection.settings).map_err(|error| error.to_string())?;
    let token = usable.secret.clone().ok_or("the bot's token is missing")?;
    let hook_secret = usable
        .hook_secret
        .as_ref()
        .ok_or("the secret of its calls is missing: make one up and save it here; Telegram is told")?;
    let client = TelegramChannel::new(&settings, token, app.http.clone(), Target::Public)
        .map_err(|error| error.to_string())?;
    let seen = client.check().await.map_err(|error| error.to_string())?;
    let url = format!("{}/webhooks/telegram/{}", app.settings.public_url, connection.id);
    client.set_webhook(&url, hook_secret).await.map_err(|error| error.to_string())?;
    Ok(seen)
}

/// Has Meta call us about the account, then looks at the number.
async fn whatsapp(app: &App, usable: &UsableConnection) -> Result<String, String> {
    let client = crate::channel_template::client_of(app, usable)?;
    let url = format!("{}/webhooks/whatsapp/{}", app.settings.public_url, usable.connection.id);
    let subscribed = client.subscribe(Some(&url)).await.map_err(|error| error.to_string());
    let seen = client.check().await.map_err(|error| error.to_string())?;
    if usable.hook_secret.is_none() {
        return Err(format!(
            "{seen} But the app secret is missing, so customers' messages are not believed: copy it from Meta's app \
             dashboard (App settings, Basic) and save it here as the secret of its calls."
        ));
    }
    match subscribed {
        Ok(()) => Ok(seen),
        Err(why) => Err(format!(
            "{seen} But customers' messages will not arrive: Meta would not call {url} ({why}). That address must be \
             reachable from the internet over https; then test again."
        )),
    }
}

async fn embedding(app: &App, usable: &UsableConnection) -> Result<String, String> {
    let connection = &usable.connection;
    let embedder = build_embedder(&connection.vendor, &connection.settings, access(app, usable))
        .map_err(|error| error.to_string())?;
    let vectors = embedder
        .embed(&["hello".to_owned()], EmbedPurpose::Query)
        .await
        .map_err(|error| error.to_string())?;
    let length = vectors.first().map_or(0, Vec::len);
    Ok(format!("{} answers with vectors of {length} numbers", embedder.name()))
}

async fn mail(app: &App, usable: &UsableConnection) -> Result<String, String> {
    if usable.connection.vendor == RESEND {
        resend(app, usable)?.check().await.map_err(|error| error.to_string())?;
        return Ok("Resend answers".to_owned());
    }
    let mailer = smtp(app, usable).await?;
    mailer.check().await.map_err(|error| error.to_string())?;
    Ok(format!("{} answers", mailer.destination()))
}

/// What carries letters over a mail connection; in plain words why it cannot.
pub(crate) async fn post(app: &App, usable: &UsableConnection) -> Result<Box<dyn Post>, String> {
    if usable.connection.vendor == RESEND {
        return Ok(Box::new(resend(app, usable)?));
    }
    Ok(Box::new(smtp(app, usable).await?))
}

const RESEND: &str = "resend";

fn resend(app: &App, usable: &UsableConnection) -> Result<ResendPost, String> {
    let settings =
        ResendSettings::deserialize(&usable.connection.settings).map_err(|error| error.to_string())?;
    let key = usable.secret.clone().ok_or("the key is missing")?;
    ResendPost::new(&settings, key, app.http.clone(), Target::Public).map_err(|error| error.to_string())
}

async fn smtp(app: &App, usable: &UsableConnection) -> Result<SmtpMailer, String> {
    let settings =
        SmtpSettings::deserialize(&usable.connection.settings).map_err(|error| error.to_string())?;
    let address = public_address(app, &settings.host, settings.effective_port()).await?;
    SmtpMailer::pinned(&settings, usable.secret.as_ref(), Some(address)).map_err(|error| error.to_string())
}

/// Looks the server up and keeps to public addresses, as for every address a user gives.
pub(crate) async fn public_address(app: &App, host: &str, port: u16) -> Result<IpAddr, String> {
    let found = tokio::net::lookup_host((host, port))
        .await
        .map_err(|error| format!("the server {host} was not found: {error}"))?;
    let allowed = |address: &IpAddr| {
        let url = match address {
            IpAddr::V4(v4) => format!("http://{v4}:{port}/"),
            IpAddr::V6(v6) => format!("http://[{v6}]:{port}/"),
        };
        app.http.check_public(&url).is_ok()
    };
    found
        .map(|socket| socket.ip())
        .find(allowed)
        .ok_or_else(|| format!("{host} is not on the public internet; ask the operator to allow it"))
}
