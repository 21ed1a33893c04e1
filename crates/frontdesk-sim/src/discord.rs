//! Discord: one webhook into one channel. It refuses what the vendor refuses: an unknown token, a post without words, fields
//! and embeds that are too long.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::{Running, spawn as spawn_router};

/// A simulated webhook. Clones share it.
#[derive(Debug, Clone)]
pub struct DiscordSim(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    id: String,
    token: String,
    posts: Vec<Value>,
    faults: VecDeque<(u16, Value)>,
}

impl DiscordSim {
    /// A webhook of this id and token.
    pub fn new(id: &str, token: &str) -> Self {
        let inner = Inner { id: id.to_owned(), token: token.to_owned(), ..Inner::default() };
        Self(Arc::new(Mutex::new(inner)))
    }

    /// What was posted, oldest first.
    pub fn posts(&self) -> Vec<Value> {
        self.lock().posts.clone()
    }

    /// Answers the next request with this status and body.
    pub fn fail_next(&self, status: u16, body: Value) {
        self.lock().faults.push_back((status, body));
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The simulator's routes.
pub fn router(sim: DiscordSim) -> Router {
    Router::new().route("/api/v10/webhooks/{id}/{token}", post(take).get(show)).with_state(sim)
}

/// Serves it on a free local port.
///
/// # Errors
/// When no port can be had.
pub async fn spawn(sim: DiscordSim) -> std::io::Result<Running> {
    spawn_router(router(sim)).await
}

fn answer(status: u16, body: Value) -> Response {
    (StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), Json(body)).into_response()
}

fn door(inner: &mut Inner, id: &str, token: &str) -> Option<Response> {
    if let Some((status, body)) = inner.faults.pop_front() {
        return Some(answer(status, body));
    }
    let is_known = inner.id == id && inner.token == token;
    (!is_known).then(|| answer(404, json!({"message": "Unknown Webhook", "code": 10015})))
}

async fn show(State(sim): State<DiscordSim>, Path((id, token)): Path<(String, String)>) -> Response {
    let mut inner = sim.lock();
    door(&mut inner, &id, &token)
        .unwrap_or_else(|| answer(200, json!({"id": id, "type": 1, "name": "Front desk", "channel_id": "1"})))
}

async fn take(
    State(sim): State<DiscordSim>,
    Path((id, token)): Path<(String, String)>,
    Json(body): Json<Value>,
) -> Response {
    let mut inner = sim.lock();
    if let Some(refusal) = door(&mut inner, &id, &token) {
        return refusal;
    }
    if let Err(field) = check(&body) {
        let errors = json!({field: {"_errors": []}});
        return answer(400, json!({"message": "Invalid Form Body", "code": 50035, "errors": errors}));
    }
    inner.posts.push(body.clone());
    answer(200, json!({"id": inner.posts.len().to_string(), "content": body.get("content")}))
}

/// The field that is wrong.
fn check(body: &Value) -> Result<(), &'static str> {
    let length = |value: &Value, name: &str| {
        value.get(name).and_then(Value::as_str).map_or(0, |text| text.chars().count())
    };
    let embeds = body.get("embeds").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if length(body, "content") > 2000 || (length(body, "content") == 0 && embeds.is_empty()) {
        return Err("content");
    }
    let is_good = |embed: &Value| {
        let url = embed.get("url").and_then(Value::as_str);
        length(embed, "title") <= 256
            && length(embed, "description") <= 4096
            && url.is_none_or(|url| url.starts_with("http://") || url.starts_with("https://"))
    };
    if embeds.len() > 10 || !embeds.iter().all(is_good) { Err("embeds") } else { Ok(()) }
}
