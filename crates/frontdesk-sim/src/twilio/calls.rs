//! The vendor's calls to the product: signed, brought again until taken, late, twice, not at all or in the wrong order as
//! its conduct says.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use frontdesk_domain::random::Random;
use frontdesk_http::Target;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::state::{CallMade, Message, TwilioSim};
use crate::running::reached_at;

/// Fields of a call, in the order they are sent.
pub(super) type Fields = Vec<(String, String)>;

/// The header `X-Twilio-Signature` of a call to this address with these fields.
pub fn sign(token: &str, url: &str, fields: &[(String, String)]) -> String {
    let mut sorted = fields.to_vec();
    sorted.sort();
    sorted.dedup();
    let text = sorted.iter().fold(url.to_owned(), |text, (name, value)| text + name + value);
    // Any length is a key to HMAC.
    let mac = Hmac::<Sha1>::new_from_slice(token.as_bytes())
        .map(|mac| mac.chain_update(text).finalize().into_bytes().to_vec());
    STANDARD.encode(mac.unwrap_or_default())
}

/// One piece of news of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    status: &'static str,
    code: Option<u32>,
}

/// What becomes of a message: it arrives, or fails with a code.
pub(super) fn steps(failure: Option<u32>, is_read: bool) -> Vec<Step> {
    let is = |status| Step { status, code: None };
    match failure {
        None if is_read => vec![is("queued"), is("sent"), is("delivered"), is("read")],
        None => vec![is("queued"), is("sent"), is("delivered")],
        // What a carrier or a phone refuses was sent; what the vendor itself stops was not.
        Some(code @ (30003..=30008 | 30017 | 30410)) => {
            vec![is("queued"), is("sent"), Step { status: "undelivered", code: Some(code) }]
        }
        Some(code) => vec![is("queued"), Step { status: "failed", code: Some(code) }],
    }
}

fn rank(status: &str) -> u8 {
    match status {
        "accepted" | "queued" => 0,
        "sent" => 1,
        "undelivered" | "failed" => 2,
        "delivered" => 3,
        _ => 4,
    }
}

/// An address as the vendor writes it.
pub(super) fn vendor_form(channel: &str, number: &str) -> String {
    if channel == "whatsapp" { format!("whatsapp:{number}") } else { number.to_owned() }
}

impl TwilioSim {
    /// Lets a message fare, and tells of it.
    pub(super) fn begin_delivery(&self, sid: &str, steps: Vec<Step>) {
        let (sim, sid) = (self.clone(), sid.to_owned());
        self.begin(async move {
            let conduct = sim.lock().conduct.clone();
            let mut steps = steps;
            if sim.happens(conduct.reordered) {
                steps.reverse();
            }
            for step in steps {
                pause(conduct.delay_ms).await;
                sim.step(&sid, step).await;
            }
        });
    }

    async fn step(&self, sid: &str, step: Step) {
        let news = {
            let mut state = self.lock();
            let account = state.account.sid.clone();
            let service = state.account.messaging_service_sid.clone();
            let Some(message) = state.messages.get_mut(sid) else { return };
            // News told in the wrong order does not undo what happened.
            if rank(step.status) >= rank(message.status) {
                message.status = step.status;
                message.code = step.code;
            }
            let message = message.clone();
            message.callback.clone().map(|url| (url, news(&account, &service, &message, step)))
        };
        let Some((url, fields)) = news else { return };
        let (lost, duplicates) = {
            let state = self.lock();
            (state.conduct.lost, state.conduct.duplicates)
        };
        if self.happens(lost) {
            return;
        }
        let times = if self.happens(duplicates) { 2 } else { 1 };
        for _ in 0..times {
            // The vendor tells news once; when nobody listens it is gone.
            self.call(&url, &fields).await;
        }
    }

    /// Brings a customer's message to the product.
    pub(super) fn bring(&self, url: String, fallback: String, fields: Fields) {
        let sim = self.clone();
        self.begin(async move {
            let conduct = sim.lock().conduct.clone();
            let times = if sim.happens(conduct.duplicates) { 2 } else { 1 };
            for _ in 0..times {
                if sim.bring_to(&url, &fields, conduct.retries, conduct.retry_ms).await {
                    continue;
                }
                let is_saved = !fallback.is_empty()
                    && sim.bring_to(&fallback, &fields, conduct.retries, conduct.retry_ms).await;
                if !is_saved {
                    sim.lock().alert(format!("11200 the message was not taken at {url}"));
                }
            }
        });
    }

    async fn bring_to(&self, url: &str, fields: &Fields, retries: u8, retry_ms: u64) -> bool {
        for attempt in 0..=retries {
            if attempt > 0 {
                pause(retry_ms).await;
            }
            match self.call(url, fields).await {
                // No answer, or one that asks for it.
                0 | 500..=599 => {}
                status => return (200..300).contains(&status),
            }
        }
        false
    }

    /// Makes one call; gives the answer's status, 0 when there was none.
    async fn call(&self, url: &str, fields: &Fields) -> u16 {
        let (token, reach) = {
            let state = self.lock();
            (state.account.token.clone(), state.conduct.reach.clone())
        };
        // Only in tests' shutdown is the semaphore closed; then nobody listens anyway.
        let _slot = self.slots.acquire().await;
        let signature = sign(&token, url, fields);
        let pairs: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let call = self.http.post(Target::Trusted, reached_at(url, reach.as_deref())).label("sim.twilio");
        let call = call.without_breaker().retries(0).timeout(Duration::from_secs(15)).form(&pairs);
        let answer = call.header("x-twilio-signature", &signature).send().await;
        let status = answer.as_ref().map_or(0, |answer| answer.status.as_u16());
        let mut state = self.lock();
        if let Ok(answer) = &answer
            && answer.is_success()
            && !answer.body.is_empty()
            && !matches!(answer.content_type().as_str(), "text/xml" | "application/xml")
        {
            state.alert(format!("12300 the answer of {url} is {:?}, not text/xml", answer.content_type()));
        }
        state.log_call(CallMade { url: url.to_owned(), fields: fields.clone(), signature, status });
        status
    }

    /// Waits until no call is under way or due.
    pub async fn settled(&self) {
        // The sender lives as long as this simulator.
        let _ = self.due.subscribe().wait_for(|due| *due == 0).await;
    }

    pub(super) fn happens(&self, percent: u8) -> bool {
        percent > 0 && self.chance.next_u64() % 100 < u64::from(percent)
    }

    fn begin(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.due.send_modify(|due| *due += 1);
        let ended = Ended(self.clone());
        tokio::spawn(async move {
            work.await;
            drop(ended);
        });
    }
}

/// Counts a piece of work as done, however it ends.
struct Ended(TwilioSim);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.due.send_modify(|due| *due = due.saturating_sub(1));
    }
}

async fn pause(millis: u64) {
    if millis > 0 {
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }
}

/// The fields that tell how a message fares.
fn news(account: &str, service: &str, message: &Message, step: Step) -> Fields {
    let mut fields = vec![
        ("SmsSid", message.sid.clone()),
        ("SmsStatus", step.status.to_owned()),
        ("MessageStatus", step.status.to_owned()),
        ("To", vendor_form(message.channel, &message.phone)),
        ("MessageSid", message.sid.clone()),
        ("AccountSid", account.to_owned()),
        ("From", vendor_form(message.channel, &message.business)),
        ("ApiVersion", "2010-04-01".to_owned()),
    ];
    if message.by_service {
        fields.push(("MessagingServiceSid", service.to_owned()));
    }
    if message.channel == "whatsapp" {
        fields.push(("ChannelPrefix", "whatsapp".to_owned()));
    }
    if let Some(code) = step.code {
        fields.push(("ErrorCode", code.to_string()));
    }
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
