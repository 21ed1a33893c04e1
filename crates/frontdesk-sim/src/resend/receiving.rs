//! Mail that Resend receives: what `GET /emails/receiving/...` shows of it, its files behind addresses that lapse, and the
//! call that tells of it.

use axum::Json;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};

use super::{ResendSim, is_known, refusal};

/// Most mails that are kept.
const MAX_RECEIVED: usize = 200;

/// A mail that came, as the vendor takes it apart.
#[derive(Debug, Clone, Default)]
pub struct ReceivedMail {
    /// `From`.
    pub from: String,
    /// `To`.
    pub to: Vec<String>,
    /// `Subject`.
    pub subject: String,
    /// `Message-ID`, with its brackets.
    pub message_id: String,
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// Its words.
    pub text: Option<String>,
    /// The same as HTML.
    pub html: Option<String>,
    /// Files: name, media type, content.
    pub files: Vec<(String, String, Vec<u8>)>,
    /// The whole mail, where the vendor offers it.
    pub raw: Option<Vec<u8>>,
}

/// A mail and how often its files' addresses have lapsed.
#[derive(Debug)]
pub(super) struct Kept {
    mail: ReceivedMail,
    lapsed: usize,
}

fn id_of(number: usize) -> String {
    format!("7e3f2a10-4c1d-4b60-9d55-{:012x}", number + 1)
}

fn file_id(number: usize) -> String {
    format!("660e8400-e29b-41d4-a716-{:012x}", number + 1)
}

impl ResendSim {
    /// A mail comes; gives its id and the vendor's call that tells of it, unsigned.
    pub fn receive(&self, mail: ReceivedMail, at: &str) -> (String, Value) {
        let mut inner = self.lock();
        if inner.received.len() >= MAX_RECEIVED {
            inner.received.clear();
        }
        let id = id_of(inner.received.len());
        let call = json!({"type": "email.received", "created_at": at, "data": {
            "email_id": id, "created_at": at, "from": mail.from, "to": mail.to, "subject": mail.subject,
            "message_id": mail.message_id, "bcc": [], "cc": [], "attachments": attachments(&mail),
        }});
        inner.received.push(Kept { mail, lapsed: 0 });
        (id, call)
    }

    /// The addresses of files that were given so far lead nowhere any more.
    pub fn let_files_lapse(&self) {
        for kept in &mut self.lock().received {
            kept.lapsed += 1;
        }
    }
}

fn attachments(mail: &ReceivedMail) -> Value {
    let all = mail.files.iter().enumerate().map(|(number, (name, kind, bytes))| {
        json!({"id": file_id(number), "filename": name, "content_type": kind, "content_disposition": "attachment",
            "content_id": format!("<{name}>"), "size": bytes.len()})
    });
    all.collect()
}

pub(super) fn routes() -> Router<ResendSim> {
    Router::new()
        .route("/emails/receiving", get(list))
        .route("/emails/receiving/{id}", get(one))
        .route("/emails/receiving/{id}/attachments", get(files))
        .route("/__sim/files/{id}/{number}/{lapsed}", get(file))
}

fn host(headers: &HeaderMap) -> String {
    headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or("127.0.0.1").to_owned()
}

fn number_of(sim: &ResendSim, id: &str) -> Option<usize> {
    let inner = sim.lock();
    (0..inner.received.len()).find(|number| id_of(*number) == id)
}

fn shown(id: &str, kept: &Kept, host: &str) -> Value {
    let mail = &kept.mail;
    let headers: serde_json::Map<String, Value> =
        mail.headers.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let mut shown = json!({
        "object": "email", "id": id, "to": mail.to, "from": mail.from, "created_at": "2026-03-16T09:02:11.000Z",
        "subject": mail.subject, "bcc": [], "cc": [], "reply_to": [], "html": mail.html, "text": mail.text,
        "headers": headers, "message_id": mail.message_id, "attachments": attachments(mail),
    });
    if let (Some(fields), Some(_)) = (shown.as_object_mut(), &mail.raw) {
        let address = format!("http://{host}/__sim/files/{id}/raw/{}", kept.lapsed);
        let raw = json!({"download_url": address, "expires_at": "2026-03-16T10:02:11.000Z"});
        fields.insert("raw".to_owned(), raw);
    }
    shown
}

async fn list(State(sim): State<ResendSim>, headers: HeaderMap) -> Response {
    if !is_known(&sim, &headers) {
        return refusal(401, "invalid_api_key", "API key is invalid");
    }
    let inner = sim.lock();
    let all: Vec<Value> = inner
        .received
        .iter()
        .enumerate()
        .map(|(number, kept)| shown(&id_of(number), kept, &host(&headers)))
        .collect();
    Json(json!({"object": "list", "has_more": false, "data": all})).into_response()
}

async fn one(State(sim): State<ResendSim>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    if !is_known(&sim, &headers) {
        return refusal(401, "invalid_api_key", "API key is invalid");
    }
    let fault = sim.lock().faults.pop_front();
    if let Some(status) = fault {
        return refusal(status, "scripted", "scripted");
    }
    let number = number_of(&sim, &id);
    let inner = sim.lock();
    match number.and_then(|number| inner.received.get(number)) {
        Some(kept) => Json(shown(&id, kept, &host(&headers))).into_response(),
        None => refusal(404, "not_found", "Email not found"),
    }
}

async fn files(State(sim): State<ResendSim>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    if !is_known(&sim, &headers) {
        return refusal(401, "invalid_api_key", "API key is invalid");
    }
    let number = number_of(&sim, &id);
    let inner = sim.lock();
    let Some(kept) = number.and_then(|number| inner.received.get(number)) else {
        return refusal(404, "not_found", "Email not found");
    };
    let mut all = attachments(&kept.mail);
    for (number, file) in all.as_array_mut().into_iter().flatten().enumerate() {
        if let Some(file) = file.as_object_mut() {
            let address = format!("http://{}/__sim/files/{id}/{number}/{}", host(&headers), kept.lapsed);
            file.insert("download_url".to_owned(), json!(address));
            file.insert("expires_at".to_owned(), json!("2026-03-16T10:02:11.000Z"));
        }
    }
    Json(json!({"object": "list", "has_more": false, "data": all})).into_response()
}

/// A file, without a key: whoever has its address gets it until it lapses.
async fn file(
    State(sim): State<ResendSim>,
    Path((id, which, lapsed)): Path<(String, String, usize)>,
) -> Response {
    let number = number_of(&sim, &id);
    let inner = sim.lock();
    let Some(kept) =
        number.and_then(|number| inner.received.get(number)).filter(|kept| kept.lapsed == lapsed)
    else {
        return StatusCode::FORBIDDEN.into_response();
    };
    let bytes = match which.parse::<usize>() {
        Ok(number) => kept.mail.files.get(number).map(|(_, _, bytes)| bytes.clone()),
        Err(_) => kept.mail.raw.clone(),
    };
    bytes.map_or_else(|| StatusCode::NOT_FOUND.into_response(), IntoResponse::into_response)
}
