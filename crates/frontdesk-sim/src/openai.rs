//! An OpenAI-compatible model server: `/v1/chat/completions` (streamed or whole), `/v1/embeddings`, `/v1/models`.
//!
//! It refuses what the real API refuses where a client could get it wrong: missing fields, tool results without their
//! call, a wrong key.

pub(crate) mod wire;

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::{Stream, StreamExt};
use serde_json::{Value, json};

use crate::model::{Dialogue, ModelSim, Step, Turn, control_routes, hash_embedding};
use crate::{Running, spawn as spawn_router};

/// Dimensions of embeddings when the request names none.
const DIMENSIONS: usize = 256;

/// Largest request body, in bytes.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// The simulator's routes.
pub fn router(sim: ModelSim) -> Router {
    Router::new()
        .route("/v1/chat/completions", post(chat))
        .route("/v1/embeddings", post(embeddings))
        .route("/v1/models", get(models))
        .merge(control_routes())
        .layer(axum::extract::DefaultBodyLimit::max(MAX_BODY))
        .with_state(sim)
}

/// Serves it on a free local port; the API's base URL is `{url}/v1`.
pub async fn spawn(sim: ModelSim) -> std::io::Result<Running> {
    spawn_router(router(sim)).await
}

async fn chat(State(sim): State<ModelSim>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let key = bearer(&headers);
    sim.record("/v1/chat/completions", &body, key);
    if !sim.accepts_key(key) {
        return error(StatusCode::UNAUTHORIZED, "invalid_api_key", "Incorrect API key provided");
    }
    let dialogue = match wire::read_dialogue(&body) {
        Ok(dialogue) => dialogue,
        Err(reason) => return error(StatusCode::BAD_REQUEST, "invalid_request_error", &reason),
    };
    let turn = sim.next_turn(&dialogue);
    if let Some(response) = scripted_status(&turn, error).await {
        return response;
    }
    let answer = wire::Answer::new(&sim, &body, dialogue);
    if body.get("stream").and_then(Value::as_bool) == Some(true) {
        let events = answer.events(turn, &body);
        return event_stream(events);
    }
    answer.whole(&turn)
}

async fn embeddings(State(sim): State<ModelSim>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let key = bearer(&headers);
    sim.record("/v1/embeddings", &body, key);
    if !sim.accepts_key(key) {
        return error(StatusCode::UNAUTHORIZED, "invalid_api_key", "Incorrect API key provided");
    }
    let bad = |reason: &str| error(StatusCode::BAD_REQUEST, "invalid_request_error", reason);
    let Some(model) = body.get("model").and_then(Value::as_str) else {
        return bad("you must provide a model");
    };
    if !matches!(body.get("encoding_format").and_then(Value::as_str), None | Some("float")) {
        return bad("only encoding_format float is simulated");
    }
    let texts: Option<Vec<&str>> = match body.get("input") {
        Some(Value::String(text)) => Some(vec![text]),
        Some(Value::Array(texts)) => texts.iter().map(Value::as_str).collect(),
        _ => None,
    };
    let Some(texts) = texts.filter(|texts| !texts.is_empty() && texts.len() <= 2048) else {
        return bad("input must be a string or an array of 1 to 2048 strings");
    };
    if texts.iter().any(|text| text.is_empty()) {
        return bad("input cannot be an empty string");
    }
    let dimensions =
        body.get("dimensions").and_then(Value::as_u64).map_or(DIMENSIONS, |number| number as usize);
    if dimensions == 0 || dimensions > 4096 {
        return bad("dimensions must be between 1 and 4096");
    }
    let rows: Vec<Value> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| json!({"object": "embedding", "index": index, "embedding": hash_embedding(text, dimensions)}))
        .collect();
    let tokens: usize = texts.iter().map(|text| text.len().div_ceil(4)).sum();
    let usage = json!({"prompt_tokens": tokens, "total_tokens": tokens});
    Json(json!({"object": "list", "data": rows, "model": model, "usage": usage})).into_response()
}

async fn models() -> Json<Value> {
    Json(json!({"object": "list", "data": [
        {"id": "sim-chat", "object": "model", "created": wire::CREATED, "owned_by": "frontdesk-sim"},
        {"id": "sim-embedding", "object": "model", "created": wire::CREATED, "owned_by": "frontdesk-sim"},
    ]}))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

fn error(status: StatusCode, code: &str, message: &str) -> Response {
    let kind = if status.is_server_error() { "server_error" } else { "invalid_request_error" };
    (status, Json(json!({"error": {"message": message, "type": kind, "param": null, "code": code}})))
        .into_response()
}

/// The HTTP error a turn consists of, if it does.
pub(crate) async fn scripted_status(
    turn: &Turn,
    error: fn(StatusCode, &str, &str) -> Response,
) -> Option<Response> {
    for step in &turn.steps {
        match step {
            Step::Slow { ms } if turn.steps.iter().any(|step| matches!(step, Step::Status { .. })) => {
                wait(*ms).await;
            }
            Step::Status { status, retry_after, message } => {
                let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                let code =
                    if status == StatusCode::TOO_MANY_REQUESTS { "rate_limit_error" } else { "scripted" };
                let mut response = error(status, code, message);
                if let Some(seconds) = retry_after {
                    response.headers_mut().insert(header::RETRY_AFTER, (*seconds).into());
                }
                return Some(response);
            }
            _ => return None,
        }
    }
    None
}

/// Simulated slowness is real time on purpose: it exercises the client's deadlines.
pub(crate) async fn wait(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

/// What a streamed answer consists of.
pub(crate) enum Beat {
    /// An event with this name (empty for none) and data.
    Event(&'static str, String),
    /// Raw bytes.
    Raw(&'static str),
    /// A pause in milliseconds.
    Wait(u64),
    /// Nothing more, connection open.
    Stall,
    /// The connection breaks.
    Close,
}

/// Sends beats as server-sent events.
pub(crate) fn event_stream(beats: Vec<Beat>) -> Response {
    let body = Body::from_stream(bytes_of(beats));
    ([(header::CONTENT_TYPE, "text/event-stream; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], body)
        .into_response()
}

fn bytes_of(beats: Vec<Beat>) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static {
    futures_util::stream::iter(beats).then(|beat| async move {
        // One task per event, so that each leaves as a chunk of its own.
        tokio::task::yield_now().await;
        match beat {
            Beat::Event("", data) => Ok(Bytes::from(format!("data: {data}\n\n"))),
            Beat::Event(name, data) => Ok(Bytes::from(format!("event: {name}\ndata: {data}\n\n"))),
            Beat::Raw(text) => Ok(Bytes::from_static(text.as_bytes())),
            Beat::Wait(ms) => {
                wait(ms).await;
                Ok(Bytes::from_static(b": slow\n\n"))
            }
            Beat::Stall => {
                let never: Infallible = std::future::pending().await;
                match never {}
            }
            Beat::Close => Err(std::io::Error::other("scripted close")),
        }
    })
}

/// The texts and calls of a turn put together, for answers that are not streamed and for counting tokens.
pub(crate) fn texts_of(turn: &Turn, dialogue: &Dialogue) -> Vec<String> {
    turn.steps
        .iter()
        .flat_map(|step| match step {
            Step::Say { pieces } => pieces.clone(),
            Step::SayToolResults { before } => said_results(before, dialogue),
            Step::Refuse { text } => vec![text.clone()],
            _ => Vec::new(),
        })
        .collect()
}

/// What a model says that repeats its tools' results.
pub(crate) fn said_results(before: &str, dialogue: &Dialogue) -> Vec<String> {
    dialogue.last_tool_results().into_iter().map(|(_, text)| format!("{before}{text}")).collect()
}
