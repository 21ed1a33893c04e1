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

/// Calls under way at once, and how many each makes, when they come as fast as they are answered.
const CALLERS: usize = 16;
const CALLS: usize = 250;
/// Calls that come at a steady pace, and the time between two.
const PACED: usize = 10_000;
const PACE: Duration = Duration::from_millis(1);
/// Messages handed to the carrier.
const MESSAGES: usize = 1_000;

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let mut figures = inbound().await?;
    figures.push(dispatch().await?);
    Ok(figures)
}

/// The line that calls come in on.
struct Desk {
    app: Arc<App>,
    account: WhatsappAccount,
    connection: String,
}

impl Desk {
    /// Hears a customer's message; says how long that took from `since` on.
    async fn hear(&self, phone: usize, id: usize, since: Instant) -> anyhow::Result<Duration> {
        let (body, headers) = call(&self.account, phone, id)?;
        let call = Call {
            vendor: "whatsapp",
            connection: &self.connection,
            asks: false,
            query: "",
            headers: &headers,
            body: body.as_bytes(),
        };
        webhook::receive(&self.app, call).await?;
        Ok(since.elapsed())
    }
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
    let desk = Arc::new(Desk { app: Arc::clone(&bench.app), account, connection });
    let rate = as_fast_as_answered(&desk).await?;
    let samples = at_a_pace(&desk).await?;
    bench.stop().await;
    let all = "one in five of a new customer, SQLite; signature to durable, answers left out";
    let fast = format!("{CALLERS} calls at once; {all}");
    let paced = format!("{PACED} calls, one each millisecond whatever became of the others; {all}");
    Ok(vec![
        ("messaging.webhook.rate".into(), rate, "calls/s", Some(1_000.0), "higher", fast),
        ("messaging.webhook.p50".into(), percentile(&samples, 0.5), "ms", None, "lower", paced.clone()),
        ("messaging.webhook.p99".into(), percentile(&samples, 0.99), "ms", Some(20.0), "lower", paced),
    ])
}

/// How many calls are heard in a second when each caller calls again at once.
async fn as_fast_as_answered(desk: &Arc<Desk>) -> anyhow::Result<f64> {
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for caller in 0..CALLERS {
        let desk = Arc::clone(desk);
        tasks.spawn(async move {
            for number in 0..CALLS {
                // Each customer writes five times.
                let (phone, id) = (caller * CALLS + number / 5, caller * CALLS + number);
                desk.hear(phone, id, Instant::now()).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok((CALLERS * CALLS) as f64 / began.elapsed().as_secs_f64())
}

/// How long each call takes from when it was due, so that a call that waits for others counts its wait.
async fn at_a_pace(desk: &Arc<Desk>) -> anyhow::Result<Vec<Duration>> {
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for number in 0..PACED {
        let due = began + PACE * u32::try_from(number)?;
        tokio::time::sleep_until(due.into()).await;
        let (desk, others) = (Arc::clone(desk), CALLERS * CALLS);
        tasks.spawn(async move { desk.hear(others + number / 5, others + number, due).await });
    }
    let mut samples = Vec::with_capacity(PACED);
    while let Some(done) = tasks.join_next().await {
        samples.push(done??);
    }
    samples.sort_unstable();
    Ok(samples)
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
