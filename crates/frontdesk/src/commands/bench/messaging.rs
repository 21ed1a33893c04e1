//! Messages through vendors: calls of a vendor until they are durable, and the way from the outbox to a simulated carrier.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use frontdesk_app::App;
use frontdesk_app::demo::{self, Line};
use frontdesk_app::message::compose::{self, NewMessage};
use frontdesk_app::webhook::{self, Call};
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::outbox::Status;
use frontdesk_http::header::{HeaderMap, HeaderName, HeaderValue};
use frontdesk_sim::whatsapp::{self, WhatsappAccount};
use frontdesk_store::outbox;
use serde_json::json;
use tokio::task::JoinSet;

use super::{Bench, Figure, percentile};
use crate::config::Config;
use crate::lines::Lines;

/// Calls under way at once, and how many each makes.
const CALLERS: usize = 16;
const CALLS: usize = 250;
/// Messages handed to the carrier.
const MESSAGES: usize = 1_000;

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let mut figures = inbound().await?;
    figures.push(dispatch().await?);
    Ok(figures)
}

/// Signed WhatsApp calls of many customers: verified, stored with contact, conversation, event and turn job, durable.
async fn inbound() -> anyhow::Result<Vec<Figure>> {
    let bench = Bench::start_with(Config { worker: false, ..Config::default() }).await?;
    let account = WhatsappAccount::default();
    let settings = json!({ "phone_number_id": account.phone_number_id,
        "business_account_id": account.business_account_id, "verify_token": "a bench's token" });
    let line = Line {
        vendor: "whatsapp",
        name: "Bench",
        settings,
        secret: account.token.clone(),
        hook_secret: Some(account.app_secret.clone()),
    };
    let url = demo::connect(&bench.app, line).await?;
    let connection = url.rsplit('/').next().unwrap_or_default().to_owned();
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for caller in 0..CALLERS {
        let (app, account, connection) = (Arc::clone(&bench.app), account.clone(), connection.clone());
        tasks.spawn(async move {
            let mut samples = Vec::with_capacity(CALLS);
            for number in 0..CALLS {
                // Each customer writes five times.
                let (phone, id) = (caller * CALLS + number / 5, caller * CALLS + number);
                let (body, headers) = call(&account, phone, id)?;
                let call = Call {
                    vendor: "whatsapp",
                    connection: &connection,
                    asks: false,
                    query: "",
                    headers: &headers,
                    body: body.as_bytes(),
                };
                let started = Instant::now();
                webhook::receive(&app, call).await?;
                samples.push(started.elapsed());
            }
            anyhow::Ok(samples)
        });
    }
    let mut samples = Vec::with_capacity(CALLERS * CALLS);
    while let Some(done) = tasks.join_next().await {
        samples.extend(done??);
    }
    let rate = samples.len() as f64 / began.elapsed().as_secs_f64();
    samples.sort_unstable();
    bench.stop().await;
    let note = format!(
        "{CALLERS} calls at once, one in five of a new customer, SQLite; signature to durable, answers left out"
    );
    Ok(vec![
        ("messaging.webhook.rate".into(), rate, "calls/s", Some(1_000.0), "higher", note.clone()),
        ("messaging.webhook.p50".into(), percentile(&samples, 0.5), "ms", None, "lower", note.clone()),
        ("messaging.webhook.p99".into(), percentile(&samples, 0.99), "ms", Some(20.0), "lower", note),
    ])
}

fn call(account: &WhatsappAccount, phone: usize, id: usize) -> anyhow::Result<(String, HeaderMap)> {
    let from = format!("1415{:07}", 2_000_000 + phone);
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": account.number, "phone_number_id": account.phone_number_id },
        "contacts": [{ "profile": { "name": "A customer" }, "wa_id": from }],
        "messages": [{ "from": from, "id": format!("wamid.bench{id}"), "timestamp": "1790000000", "type": "text",
            "text": { "body": "Do you have time on Friday?" } }],
    });
    let body = json!({ "object": "whatsapp_business_account",
        "entry": [{ "id": account.business_account_id, "changes": [{ "field": "messages", "value": value }] }] });
    let body = body.to_string();
    let mut headers = HeaderMap::new();
    let signature = whatsapp::sign(&account.app_secret, &body);
    headers.insert(HeaderName::from_static("x-hub-signature-256"), HeaderValue::from_str(&signature)?);
    Ok((body, headers))
}

/// From the queue to "sent" at a simulated carrier over HTTP, each message judged, permitted and durable twice.
async fn dispatch() -> anyhow::Result<Figure> {
    let mut config = Config::default();
    let lines = Lines::start(&mut config).await?;
    let bench = Bench::start_with(config).await?;
    lines.connect(&bench.app).await?;
    let ctx = demo::context(&bench.app).await?;
    let began = Instant::now();
    for number in 0..MESSAGES {
        let new = NewMessage {
            files: Vec::new(),
            contact_id: None,
            to: Some(format!("+1415{:07}", 2_000_000 + number)),
            channel: Channel::Sms,
            connection_id: None,
            subject: None,
            text: "Your order is ready.".to_owned(),
            purpose: None,
            template: None,
            send_at: None,
            client_id: format!("b{number}"),
        };
        compose::send(&bench.app, &ctx, new).await?;
    }
    wait(&bench.app, &ctx).await.context("messages that leave")?;
    let rate = MESSAGES as f64 / began.elapsed().as_secs_f64();
    bench.stop().await;
    let note = format!(
        "{MESSAGES} messages to as many new numbers: written, judged, sent over HTTP to a simulated carrier, settled; SQLite"
    );
    Ok(("messaging.dispatch.rate".into(), rate, "messages/s", None, "higher", note))
}

async fn wait(app: &App, ctx: &frontdesk_domain::context::Context) -> anyhow::Result<()> {
    let began = Instant::now();
    loop {
        let counts = outbox::count_by_status(app.store.reader(), ctx.scope()).await?;
        let open: u64 = counts
            .iter()
            .filter(|(status, _)| matches!(status, Status::Queued | Status::Sending))
            .map(|(_, count)| count)
            .sum();
        if open == 0 {
            return Ok(());
        }
        anyhow::ensure!(began.elapsed() < Duration::from_mins(3), "{open} messages are left");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
