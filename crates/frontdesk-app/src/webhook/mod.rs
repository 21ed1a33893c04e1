//! Vendors' calls: verified with the connection's secret, read into one shape, and acknowledged once what they tell is
//! durable. What else a vendor's account tells is heard in `account.rs`; what we call others with is signed in `sign.rs`.

pub(crate) mod account;
mod callee;
pub mod sign;

use std::sync::Arc;

use frontdesk_channel::whatsapp::{self, WhatsappSettings};
use frontdesk_channel::{HookError, Inbound, telegram, twilio};
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::{ConnectionId, MessageId};
use frontdesk_http::header::HeaderMap;

use self::callee::Callee;
pub use self::callee::Callees;
use crate::conversation::hear::Line;
use crate::conversation::intake::take_in;
use crate::{App, AppError, Result, carrier, compliance, message};

/// A vendor's call.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The vendor's constant name, from the address.
    pub vendor: &'a str,
    /// The connection's id, from the address.
    pub connection: &'a str,
    /// Whether it only asks something (GET).
    pub asks: bool,
    /// What follows `?` in the address, as it came.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body, as it came.
    pub body: &'a [u8],
}

/// What the vendor is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Heard.
    Thanks,
    /// Heard, and this document of that type with it.
    Document(&'static str, String),
}

/// Takes in a vendor's call.
///
/// # Errors
/// [`AppError::NotFound`] when nobody is called here: an unknown vendor or connection, a wrong signature.
/// [`AppError::Invalid`] when a signed call cannot be read.
pub async fn receive(app: &App, call: Call<'_>) -> Result<Answer> {
    let called = find(app, &call).await?;
    let (heard, answer) = read(app, &called, &call)?;
    hear_block(app, &called, &call).await?;
    for inbound in heard {
        match inbound {
            Inbound::Message(said) => {
                let Some(channel) = carrier::channel(called.connection.category) else { continue };
                let on = Line { workspace: called.workspace, connection: called.connection.id, channel };
                take_in(app, on, *said).await?;
            }
            Inbound::Report(report) => {
                let tx = app.store.begin(&app.system(called.workspace, "webhook")).await?;
                message::report::hear(&tx, called.connection.id, &report).await?;
                tx.commit().await?;
            }
        }
    }
    account::hear(app, called.workspace, &called.connection, call.body).await?;
    metrics::counter!("frontdesk_webhooks_total", "vendor" => called.connection.vendor.clone(), "outcome" => "taken")
        .increment(1);
    Ok(answer)
}

fn nobody() -> AppError {
    AppError::NotFound("webhook")
}

/// Somebody called who does not know the secret.
fn forged(vendor: &str, why: &str) -> AppError {
    metrics::counter!("frontdesk_webhooks_total", "vendor" => vendor.to_owned(), "outcome" => "refused")
        .increment(1);
    tracing::warn!(vendor, why, "a call that is not the vendor's was refused");
    nobody()
}

async fn find(app: &App, call: &Call<'_>) -> Result<Arc<Callee>> {
    let id: ConnectionId = call.connection.parse().map_err(|_| nobody())?;
    callee::find(app, id)
        .await?
        .filter(|called| called.connection.vendor == call.vendor && called.connection.enabled)
        .ok_or_else(nobody)
}

/// Verifies and reads a call by its vendor's rules.
fn read(app: &App, called: &Callee, call: &Call<'_>) -> Result<(Vec<Inbound>, Answer)> {
    let vendor = called.connection.vendor.as_str();
    let read = match vendor {
        whatsapp::VENDOR => by_whatsapp(called, call),
        telegram::VENDOR => by_telegram(called, call),
        _ if carrier::twilio_kind(vendor).is_some() => by_twilio(app, called, call),
        _ => Err(HookError::Signature),
    };
    read.map_err(|error| match error {
        HookError::Signature => forged(vendor, "it is not signed with the connection's secret"),
        HookError::Body(why) => AppError::invalid("", why),
    })
}

/// The value of a header; empty when it is not there.
fn header<'a>(call: &Call<'a>, name: &str) -> &'a str {
    call.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn by_twilio(app: &App, called: &Callee, call: &Call<'_>) -> Result<(Vec<Inbound>, Answer), HookError> {
    let token = called.secret.as_ref().ok_or(HookError::Signature)?;
    let query = if call.query.is_empty() { String::new() } else { format!("?{}", call.query) };
    let url = format!("{}/webhooks/{}/{}{query}", app.settings.public_url, call.vendor, call.connection);
    let settings = Some(header(call, "x-twilio-webhooks-signature-settings")).filter(|it| !it.is_empty());
    let signed = twilio::Signed { url: &url, signature: header(call, "x-twilio-signature"), settings };
    let fields = twilio::hook::fields(call.body)?;
    twilio::hook::verify(token, signed, &fields)?;
    // One account has both channels; a number's address may have been set for the other one.
    if carrier::twilio_kind(call.vendor) != Some(twilio::hook::kind(&fields)) {
        return Err(HookError::Body("it is about another channel than this connection's".to_owned()));
    }
    let ours = form_urlencoded::parse(call.query.as_bytes())
        .find(|(name, _)| name == twilio::hook::MESSAGE_PARAMETER)
        .and_then(|(_, id)| id.parse::<MessageId>().ok());
    let answer = Answer::Document(twilio::EMPTY_ANSWER_TYPE, twilio::EMPTY_ANSWER.to_owned());
    Ok((twilio::hook::read(&fields, ours)?, answer))
}

/// A customer who blocked the bot has opted out of it.
async fn hear_block(app: &App, called: &Callee, call: &Call<'_>) -> Result<()> {
    if called.connection.vendor != telegram::VENDOR {
        return Ok(());
    }
    let change = telegram::hook::read_block(call.body).unwrap_or_default();
    let Some(change) = change.filter(|change| change.blocked) else { return Ok(()) };
    let tx = app.store.begin(&app.system(called.workspace, "webhook")).await?;
    compliance::opt_out_channel(&tx, &change.from, Channel::Telegram, "they blocked the bot").await?;
    Ok(tx.commit().await?)
}

fn by_telegram(called: &Callee, call: &Call<'_>) -> Result<(Vec<Inbound>, Answer), HookError> {
    let secret = called.hook_secret.as_ref().ok_or(HookError::Signature)?;
    telegram::hook::verify(secret, header(call, "x-telegram-bot-api-secret-token"))?;
    Ok((telegram::hook::read(call.body, &called.connection.name)?, Answer::Thanks))
}

fn by_whatsapp(called: &Callee, call: &Call<'_>) -> Result<(Vec<Inbound>, Answer), HookError> {
    let settings: WhatsappSettings = carrier::settings(&called.connection).map_err(HookError::Body)?;
    if call.asks {
        let challenge = whatsapp::hook::challenge(call.query, &settings.verify_token);
        let text = challenge.ok_or(HookError::Signature)?;
        return Ok((Vec::new(), Answer::Document("text/plain", text)));
    }
    let secret = called.hook_secret.as_ref().ok_or(HookError::Signature)?;
    whatsapp::hook::verify(secret, call.body, header(call, "x-hub-signature-256"))?;
    Ok((whatsapp::hook::read(call.body, &settings.phone_number_id)?, Answer::Thanks))
}
