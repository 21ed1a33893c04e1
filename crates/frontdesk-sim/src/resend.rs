//! Resend: `POST /emails` and `GET /domains`, as far as a sender needs them; mail that comes in is in [`receiving`].
//!
//! It refuses what the real API refuses where a client could get it wrong: a missing key, unknown fields, an attachment
//! that is no base64, an idempotency key used for another letter. What was sent is shown at `/__sim/mail`.
//! What became of a letter it tells by [`ResendSim::webhook`], signed by [`sign`] as the real one signs.

pub mod receiving;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{Running, spawn as spawn_router};

/// Fields of a letter, by the vendor's description.
const FIELDS: [&str; 14] = [
    "from",
    "to",
    "subject",
    "bcc",
    "cc",
    "reply_to",
    "html",
    "text",
    "template",
    "headers",
    "scheduled_at",
    "attachments",
    "tags",
    "topic_id",
];
/// Most letters that are kept.
const MAX_SENT: usize = 1000;

/// The state of the vendor. Clones share it.
#[derive(Debug, Clone)]
pub struct ResendSim(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    key: String,
    sent: VecDeque<Value>,
    seen: HashMap<String, (Value, String)>,
    faults: VecDeque<u16>,
    received: Vec<receiving::Kept>,
}

impl ResendSim {
    /// A vendor that accepts this key.
    pub fn new(key: &str) -> Self {
        Self(Arc::new(Mutex::new(Inner { key: key.to_owned(), ..Inner::default() })))
    }

    /// The letters that were sent, oldest first.
    pub fn sent(&self) -> Vec<Value> {
        self.lock().sent.iter().cloned().collect()
    }

    /// Answers the next requests with these statuses before anything is done. 0 takes the letter and answers 500.
    pub fn fail_next(&self, statuses: &[u16]) {
        self.lock().faults.extend(statuses);
    }

    /// The call that tells of the letter sent as `number`-th, counted from 0; what is special to the event in `more`,
    /// such as `{"bounce": {...}}`. `None` when there is no such letter.
    pub fn webhook(&self, number: usize, event: &str, at: &str, more: &Value) -> Option<Value> {
        let letter = self.lock().sent.get(number).cloned()?;
        let tags = letter.get("tags").and_then(Value::as_array).into_iter().flatten();
        let tags: serde_json::Map<String, Value> = tags
            .filter_map(|tag| Some((tag.get("name")?.as_str()?.to_owned(), tag.get("value")?.clone())))
            .collect();
        let mut data = json!({
            "email_id": id_of(number), "created_at": at, "from": letter.get("from"), "to": letter.get("to"),
            "subject": letter.get("subject"), "tags": tags,
        });
        if let (Some(data), Some(more)) = (data.as_object_mut(), more.as_object()) {
            data.extend(more.clone());
        }
        Some(json!({"type": event, "created_at": at, "data": data}))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The id of the letter sent as `number`-th, counted from 0.
fn id_of(number: usize) -> String {
    format!("49a3999c-0ce1-4ea6-ab68-{:012x}", number + 1)
}

/// Signs a call as Svix does: its three headers. `key` is what stands behind `whsec_`, decoded.
pub fn sign(key: &[u8], id: &str, seconds: i64, body: &str) -> [(&'static str, String); 3] {
    // Any length is a key to HMAC.
    let mac = Hmac::<Sha256>::new_from_slice(key)
        .map(|mac| mac.chain_update(format!("{id}.{seconds}.{body}")).finalize().into_bytes().to_vec());
    let signature = STANDARD.encode(mac.unwrap_or_default());
    [
        ("svix-id", id.to_owned()),
        ("svix-timestamp", seconds.to_string()),
        ("svix-signature", format!("v1,{signature}")),
    ]
}

/// The routes.
pub fn router(sim: ResendSim) -> Router {
    Router::new()
        .route("/emails", post(send))
        .route("/domains", get(domains))
        .route("/__sim/mail", get(shown))
        .merge(receiving::routes())
        .with_state(sim)
}

/// Serves it on a free local port.
pub async fn spawn(sim: ResendSim) -> std::io::Result<Running> {
    spawn_router(router(sim)).await
}

async fn shown(State(sim): State<ResendSim>) -> Json<Vec<Value>> {
    Json(sim.sent())
}

fn refusal(status: u16, name: &str, message: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(json!({"statusCode": status.as_u16(), "name": name, "message": message}))).into_response()
}

fn is_known(sim: &ResendSim, headers: &HeaderMap) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    given == Some(&format!("Bearer {}", sim.lock().key))
}

async fn domains(State(sim): State<ResendSim>, headers: HeaderMap) -> Response {
    if !is_known(&sim, &headers) {
        return refusal(401, "invalid_api_key", "API key is invalid");
    }
    Json(json!({"object": "list", "data": [], "has_more": false})).into_response()
}

async fn send(State(sim): State<ResendSim>, headers: HeaderMap, Json(letter): Json<Value>) -> Response {
    if !is_known(&sim, &headers) {
        return refusal(401, "invalid_api_key", "API key is invalid");
    }
    let mut inner = sim.lock();
    let fault = inner.faults.pop_front();
    if let Some(status) = fault.filter(|status| *status != 0) {
        return refusal(status, if status == 429 { "rate_limit_exceeded" } else { "scripted" }, "scripted");
    }
    if let Err(reason) = check(&letter) {
        return refusal(422, "validation_error", &reason);
    }
    let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::to_owned);
    if let Some((earlier, id)) = key.as_ref().and_then(|key| inner.seen.get(key)) {
        return if *earlier == letter {
            Json(json!({"id": id})).into_response()
        } else {
            refusal(
                409,
                "invalid_idempotent_request",
                "Same idempotency key used with a different request payload",
            )
        };
    }
    let id = id_of(inner.sent.len());
    if let Some(key) = key {
        inner.seen.insert(key, (letter.clone(), id.clone()));
    }
    if inner.sent.len() >= MAX_SENT {
        inner.sent.pop_front();
    }
    inner.sent.push_back(letter);
    if fault == Some(0) {
        return refusal(500, "application_error", "scripted");
    }
    Json(json!({"id": id})).into_response()
}

fn check(letter: &Value) -> Result<(), String> {
    let fields = letter.as_object().ok_or("The request body is not an object")?;
    if let Some(unknown) = fields.keys().find(|key| !FIELDS.contains(&key.as_str())) {
        return Err(format!("Unknown field `{unknown}`"));
    }
    for needed in ["from", "subject"] {
        if fields.get(needed).and_then(Value::as_str).is_none_or(str::is_empty) {
            return Err(format!("Missing `{needed}` field"));
        }
    }
    let recipients = match fields.get("to") {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if recipients.is_empty() || recipients.len() > 50 || recipients.iter().any(|to| !to.contains('@')) {
        return Err(
            "Invalid `to` field. The email address needs to follow the `email@example.com` format".to_owned()
        );
    }
    for file in fields.get("attachments").and_then(Value::as_array).into_iter().flatten() {
        let content = file.get("content").and_then(Value::as_str).unwrap_or_default();
        if content.is_empty() || STANDARD.decode(content).is_err() {
            return Err("Attachment content must be base64".to_owned());
        }
    }
    Ok(())
}
