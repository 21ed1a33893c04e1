//! Routes of the Graph API: who may ask, faults that are due, and what each path leads to.

use std::collections::HashMap;

use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, Multipart, Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::state::{Conduct, Fault, StoredFile, WhatsappSim};
use super::{messages, templates};

/// Largest file, and so largest request.
const MAX_FILE: usize = 100 * 1024 * 1024;

/// An error as the vendor words it.
#[derive(Debug)]
pub(super) struct GraphError {
    pub status: u16,
    pub code: i64,
    pub message: String,
    pub details: String,
}

impl GraphError {
    pub fn new(status: u16, code: i64, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), details: String::new() }
    }

    /// A parameter that is missing or wrong.
    pub fn parameter(details: impl Into<String>) -> Self {
        Self { details: details.into(), ..Self::new(400, 100, "Invalid parameter") }
    }

    pub fn no_such_object(id: &str) -> Self {
        let message = format!(
            "Unsupported request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, or \
             does not support this operation"
        );
        Self::new(400, 100, message)
    }
}

impl IntoResponse for GraphError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut error = json!({
            "message": format!("(#{}) {}", self.code, self.message), "type": "OAuthException", "code": self.code,
            "fbtrace_id": "AbCdEfGhIjKlMnOpQrStUvWxYz",
        });
        if let (false, Some(fields)) = (self.details.is_empty(), error.as_object_mut()) {
            let data = json!({"messaging_product": "whatsapp", "details": self.details});
            fields.insert("error_data".to_owned(), data);
        }
        (status, Json(json!({"error": error}))).into_response()
    }
}

pub(super) fn router(sim: &WhatsappSim) -> Router<WhatsappSim> {
    let versioned = Router::new()
        .route("/{version}/{id}", get(find))
        .route("/{version}/{id}/messages", post(send))
        .route("/{version}/{id}/media", post(upload))
        .route(
            "/{version}/{id}/message_templates",
            get(templates::list).post(templates::create).delete(templates::remove),
        )
        .route("/{version}/{id}/subscribed_apps", get(subscribed).post(subscribe))
        .route_layer(from_fn(version));
    Router::new()
        .merge(versioned)
        .route("/whatsapp_business/attachments/", get(download))
        .route_layer(from_fn_with_state(sim.clone(), door))
        .layer(DefaultBodyLimit::max(MAX_FILE))
}

/// The path begins with a version.
async fn version(request: Request, next: Next) -> Response {
    let first = request.uri().path().split('/').nth(1).unwrap_or_default();
    let number = first.strip_prefix('v').and_then(|version| version.split_once('.'));
    if number.is_none_or(|(major, minor)| major.parse::<u8>().is_err() || minor.parse::<u8>().is_err()) {
        return GraphError::new(400, 2500, format!("Unknown path components: /{first}")).into_response();
    }
    next.run(request).await
}

/// What every request passes: faults that are due, and the token.
async fn door(State(sim): State<WhatsappSim>, request: Request, next: Next) -> Response {
    let conduct = sim.lock().conduct.clone();
    if conduct.down {
        return (StatusCode::SERVICE_UNAVAILABLE, "<html>Sorry, something went wrong.</html>")
            .into_response();
    }
    let due = {
        let mut state = sim.lock();
        state.asked += 1;
        // The one who takes the message makes it fail.
        let is_later = matches!(state.faults.front(), None | Some(Fault::Fails { .. }));
        if is_later { None } else { state.faults.pop_front() }
    };
    let is_message = request.uri().path().ends_with("/messages");
    let due = due.or_else(|| by_chance(&sim, &conduct).filter(|_| is_message));
    match due {
        Some(Fault::Error { status, code, message }) => {
            GraphError::new(status, code, message).into_response()
        }
        Some(Fault::Garbage) => {
            (StatusCode::BAD_GATEWAY, "<html>Sorry, something went wrong.</html>").into_response()
        }
        Some(Fault::Silent) => {
            admit(&sim, request, next).await;
            std::future::pending().await
        }
        Some(Fault::Lost) => {
            admit(&sim, request, next).await;
            StatusCode::BAD_GATEWAY.into_response()
        }
        Some(Fault::Fails { .. }) | None => admit(&sim, request, next).await,
    }
}

/// What goes wrong with a message as often as the vendor's conduct says.
fn by_chance(sim: &WhatsappSim, conduct: &Conduct) -> Option<Fault> {
    if sim.happens(conduct.limited) {
        return Some(Fault::Error { status: 429, code: 130_429, message: "Rate limit hit".to_owned() });
    }
    sim.happens(conduct.unanswered).then_some(Fault::Lost)
}

async fn admit(sim: &WhatsappSim, request: Request, next: Next) -> Response {
    let sent = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = sent.and_then(|sent| sent.strip_prefix("Bearer ")).unwrap_or_default();
    if token != sim.lock().account.token {
        let message = "Invalid OAuth access token - Cannot parse access token";
        return GraphError::new(401, 190, message).into_response();
    }
    next.run(request).await
}

type Found = Result<Json<Value>, GraphError>;
type At = Path<(String, String)>;

async fn send(
    State(sim): State<WhatsappSim>,
    Path((_, id)): At,
    body: Result<Json<Value>, JsonRejection>,
) -> Found {
    if id != sim.lock().account.phone_number_id {
        return Err(GraphError::no_such_object(&id));
    }
    let Json(body) = body.map_err(|_| GraphError::parameter("The request body is not JSON"))?;
    messages::take(&sim, &body).map(Json)
}

async fn find(State(sim): State<WhatsappSim>, Path((_, id)): At, headers: HeaderMap) -> Found {
    let state = sim.lock();
    if id == state.account.phone_number_id {
        let number = &state.account.number;
        return Ok(Json(json!({
            "id": id, "display_phone_number": format!("+{number}"), "verified_name": state.account.name,
            "quality_rating": "GREEN", "code_verification_status": "VERIFIED", "name_status": "APPROVED",
        })));
    }
    let Some(file) = state.files.get(&id) else { return Err(GraphError::no_such_object(&id)) };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    Ok(Json(json!({
        "messaging_product": "whatsapp", "id": id, "mime_type": file.media_type,
        "file_size": file.bytes.len().to_string(), "sha256": sha256(&file.bytes),
        "url": format!("http://{host}/whatsapp_business/attachments/?mid={id}"),
    })))
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

async fn download(State(sim): State<WhatsappSim>, Query(query): Query<HashMap<String, String>>) -> Response {
    let id = query.get("mid").map(String::as_str).unwrap_or_default();
    match sim.lock().files.get(id).cloned() {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(file) => ([(header::CONTENT_TYPE, file.media_type)], file.bytes).into_response(),
    }
}

async fn upload(State(sim): State<WhatsappSim>, Path((_, id)): At, mut parts: Multipart) -> Found {
    if id != sim.lock().account.phone_number_id {
        return Err(GraphError::no_such_object(&id));
    }
    let broken = |_| GraphError::parameter("The request body is not a form");
    let (mut product, mut file) = (String::new(), None);
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        match part.name().unwrap_or_default() {
            "messaging_product" => product = part.text().await.map_err(broken)?,
            "file" => {
                let media_type = part.content_type().unwrap_or("application/octet-stream").to_owned();
                file = Some(StoredFile { bytes: part.bytes().await.map_err(broken)?, media_type });
            }
            _ => {}
        }
    }
    if product != "whatsapp" {
        return Err(GraphError::new(400, 100, "The parameter messaging_product is required."));
    }
    let file = file.ok_or_else(|| GraphError::new(400, 100, "The parameter file is required."))?;
    Ok(Json(json!({"id": sim.lock().store(file)})))
}

async fn subscribed(State(sim): State<WhatsappSim>, Path((_, id)): At) -> Found {
    let state = sim.lock();
    if id != state.account.business_account_id {
        return Err(GraphError::no_such_object(&id));
    }
    let app = json!({"whatsapp_business_api_data": {"id": "1", "name": "Front desk", "link": "https://example.com"}});
    let apps = if state.account.webhook.is_some() { vec![app] } else { Vec::new() };
    Ok(Json(json!({"data": apps})))
}

async fn subscribe(State(sim): State<WhatsappSim>, Path((_, id)): At, body: Bytes) -> Found {
    if id != sim.lock().account.business_account_id {
        return Err(GraphError::no_such_object(&id));
    }
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    if let Some(url) = body.get("override_callback_uri").and_then(Value::as_str) {
        let token = body.get("verify_token").and_then(Value::as_str).unwrap_or_default();
        sim.verify_webhook(url, token)
            .await
            .map_err(|said| GraphError::new(400, 2200, format!("Callback verification failed: {said}")))?;
        sim.set_webhook(url);
    }
    Ok(Json(json!({"success": true})))
}
