//! The vendor's calls to the product: signed, repeated until taken, late, twice or in the wrong order as its conduct says.

use std::time::Duration;

use frontdesk_http::Target;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::state::{Conduct, WhatsappSim, user_id};
use crate::running::reached_at;

/// The header `X-Hub-Signature-256` of a call with this body.
pub fn sign(app_secret: &str, body: &str) -> String {
    // Any length is a key to HMAC.
    let mac = Hmac::<Sha256>::new_from_slice(app_secret.as_bytes())
        .map(|mac| mac.chain_update(body).finalize().into_bytes().to_vec());
    mac.unwrap_or_default().iter().fold("sha256=".to_owned(), |signed, byte| format!("{signed}{byte:02x}"))
}

/// As the vendor writes it: characters beyond ASCII are escaped.
fn escaped(value: &Value) -> String {
    let mut units = [0; 2];
    let mut out = String::new();
    for character in value.to_string().chars() {
        if character.is_ascii() {
            out.push(character);
        } else {
            out.extend(character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    out
}

impl WhatsappSim {
    /// A change of the field `messages`, about our number.
    pub(super) fn messages_change(&self, more: &Value) -> Value {
        let state = self.lock();
        let mut value = json!({
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": state.account.number, "phone_number_id": state.account.phone_number_id},
        });
        if let (Some(fields), Some(more)) = (value.as_object_mut(), more.as_object()) {
            fields.extend(more.clone());
        }
        json!({"field": "messages", "value": value})
    }

    /// Calls the product with these changes, in the background.
    pub(super) fn call(&self, change: &Value) {
        let sim = self.clone();
        let body = {
            let state = self.lock();
            escaped(&json!({
                "object": "whatsapp_business_account",
                "entry": [{"id": state.account.business_account_id, "changes": [change]}],
            }))
        };
        self.begin(async move { sim.deliver(&body).await });
    }

    /// Tells how a message fares, step by step.
    pub(super) fn report(&self, id: &str, to: &str, opaque: Option<String>, steps: Vec<Step>) {
        let (sim, id, to) = (self.clone(), id.to_owned(), to.to_owned());
        self.begin(async move {
            let Conduct { delay_ms, reverse, reordered, .. } = sim.lock().conduct.clone();
            let mut steps = steps;
            if reverse || sim.happens(reordered) {
                steps.reverse();
            }
            for step in steps {
                if delay_ms > 0 {
                    tokio::time::sleep(Duration::from_millis(delay_ms)).await;
                }
                sim.step(&id, &to, opaque.as_deref(), &step).await;
            }
        });
    }

    async fn step(&self, id: &str, to: &str, opaque: Option<&str>, step: &Step) {
        let mut status = json!({
            "id": id, "status": step.status, "recipient_id": to, "recipient_user_id": user_id(to),
            "timestamp": self.now().as_millis().div_euclid(1_000).to_string(),
        });
        let hides = self.lock().phone(to).username.is_some();
        if let Some(fields) = status.as_object_mut() {
            if hides {
                fields.remove("recipient_id");
            }
            if let Some(opaque) = opaque {
                fields.insert("biz_opaque_callback_data".to_owned(), json!(opaque));
            }
            if let Some((code, title)) = step.error {
                let error = json!({"code": code, "title": title, "message": title, "error_data": {"details": title},
                    "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"});
                fields.insert("errors".to_owned(), json!([error]));
            } else {
                fields.insert(
                    "pricing".to_owned(),
                    json!({"billable": true, "pricing_model": "PMP", "category": "service", "type": "regular"}),
                );
            }
        }
        let change = self.messages_change(&json!({"contacts": [self.contact(to)], "statuses": [status]}));
        let body = {
            let mut state = self.lock();
            // Steps told in the wrong order do not undo what happened.
            if let Some(entry) = state.entry(id).filter(|entry| rank(step.status) > rank(entry.status)) {
                entry.status = step.status;
            }
            escaped(&json!({
                "object": "whatsapp_business_account",
                "entry": [{"id": state.account.business_account_id, "changes": [change]}],
            }))
        };
        self.deliver(&body).await;
    }

    async fn deliver(&self, body: &str) {
        let (url, signature, conduct) = {
            let mut state = self.lock();
            let signature = sign(&state.account.app_secret, body);
            state.log_call(body, &signature);
            (state.account.webhook.clone(), signature, state.conduct.clone())
        };
        let Some(url) = url.map(|url| reached_at(&url, conduct.reach.as_deref())) else { return };
        let times = conduct.times.max(1) + usize::from(self.happens(conduct.duplicates));
        for _ in 0..times {
            let mut tries = conduct.retries + 1;
            while tries > 0 && !self.was_taken(&url, body, &signature).await {
                tries -= 1;
                if tries > 0 {
                    tokio::time::sleep(Duration::from_millis(conduct.retry_ms)).await;
                } else {
                    tracing::warn!("the product did not take a WhatsApp call");
                }
            }
        }
    }

    async fn was_taken(&self, url: &str, body: &str, signature: &str) -> bool {
        let call = self.http.post(Target::Trusted, url).label("sim.whatsapp").without_breaker().retries(0);
        let call = call.header("x-hub-signature-256", signature);
        call.body("application/json", body.to_owned()).send().await.is_ok_and(|answer| answer.is_success())
    }

    /// Proves the webhook as the vendor does when it is set: it must give the challenge back.
    ///
    /// # Errors
    /// What it answered instead.
    pub async fn verify_webhook(&self, url: &str, verify_token: &str) -> Result<(), String> {
        let challenge = self.lock().new_id();
        let call = self.http.get(Target::Trusted, url).label("sim.whatsapp").without_breaker().retries(0);
        let call = call.query("hub.mode", "subscribe").query("hub.challenge", &challenge);
        let answer =
            call.query("hub.verify_token", verify_token).send().await.map_err(|error| error.to_string())?;
        if answer.status.as_u16() == 200 && answer.text() == challenge {
            return Ok(());
        }
        Err(format!("status {}: {}", answer.status.as_u16(), answer.text()))
    }

    /// Waits until no call is under way or due.
    pub async fn settled(&self) {
        // The sender lives as long as this simulator.
        let _ = self.due.subscribe().wait_for(|due| *due == 0).await;
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
struct Ended(WhatsappSim);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.due.send_modify(|due| *due = due.saturating_sub(1));
    }
}

/// One piece of news of a message.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub status: &'static str,
    pub error: Option<(i64, &'static str)>,
}

impl Step {
    pub const fn is(status: &'static str) -> Self {
        Self { status, error: None }
    }

    pub const fn fails(code: i64, title: &'static str) -> Self {
        Self { status: "failed", error: Some((code, title)) }
    }
}

fn rank(status: &str) -> u8 {
    match status {
        "accepted" => 0,
        "sent" => 1,
        "failed" => 2,
        "delivered" => 3,
        _ => 4,
    }
}
