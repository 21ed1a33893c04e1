//! The customers' phones: what a person does with theirs, as methods and, for the Handset page, as routes under
//! `/__sim/`, open to pages of this machine.

use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header, request};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::calls::Step;
use super::state::{Conduct, Entry, Fault, StoredFile, WhatsappSim, digits, user_id};

/// Largest request of a page: a few pictures.
const MAX_BODY: usize = 16 * 1024 * 1024;

impl WhatsappSim {
    /// The customer's name, as the vendor tells it.
    pub fn set_name(&self, number: &str, name: &str) {
        name.clone_into(&mut self.lock().phone(number).name);
    }

    /// A customer writes; gives the message's id.
    pub fn text(&self, from: &str, body: &str) -> String {
        self.wrote(from, body, Vec::new(), None, &json!({"type": "text", "text": {"body": body}}))
    }

    /// A customer taps an answer of a message; `None` when the message is not on their phone or does not offer it.
    pub fn tap(&self, from: &str, message: &str, choice: &str) -> Option<String> {
        let (kind, title) = {
            let mut state = self.lock();
            let entry = state.phone(from).messages.iter().find(|entry| entry.out && entry.id == message)?;
            let (_, title) = entry.choices.iter().find(|(id, _)| id == choice)?;
            (entry.kind, title.clone())
        };
        let said = match kind {
            "template" => json!({"type": "button", "button": {"payload": choice, "text": title}}),
            "list" => json!({"type": "interactive",
                "interactive": {"type": "list_reply", "list_reply": {"id": choice, "title": title}}}),
            _ => json!({"type": "interactive",
                "interactive": {"type": "button_reply", "button_reply": {"id": choice, "title": title}}}),
        };
        Some(self.wrote(from, &title, Vec::new(), Some(message), &said))
    }

    /// A customer taps an answer of the newest message that offers it.
    pub fn tap_newest(&self, from: &str, choice: &str) -> Option<String> {
        let offers = |entry: &&Entry| entry.out && entry.choices.iter().any(|(id, _)| id == choice);
        let message = self.lock().phone(from).messages.iter().rfind(offers)?.id.clone();
        self.tap(from, &message, choice)
    }

    /// A customer sends a file, with words under it.
    pub fn send_file(&self, from: &str, media_type: &str, bytes: impl Into<Bytes>, caption: &str) -> String {
        let kind = match media_type.split('/').next() {
            Some("image") if media_type == "image/webp" => "sticker",
            Some(kind @ ("image" | "video" | "audio")) => kind,
            _ => "document",
        };
        let file = StoredFile { bytes: bytes.into(), media_type: media_type.to_owned() };
        let id = self.lock().store(file);
        let mut part = json!({"id": id, "mime_type": media_type, "sha256": "c2ltdWxhdGVk"});
        if let Some(fields) = part.as_object_mut().filter(|_| !matches!(kind, "audio" | "sticker")) {
            if !caption.is_empty() {
                fields.insert("caption".to_owned(), json!(caption));
            }
            if kind == "document" {
                fields.insert("filename".to_owned(), json!("file"));
            }
        }
        let media = json!({"url": format!("/__sim/files/{id}"), "media_type": media_type});
        self.wrote(from, caption, vec![media], None, &json!({"type": kind, kind: part}))
    }

    /// A customer sends something else, in the vendor's own form: `{"type": "location", "location": {...}}`.
    pub fn say(&self, from: &str, said: &Value) -> String {
        self.wrote(from, "", Vec::new(), None, said)
    }

    /// A customer stops marketing messages of the business in WhatsApp, or wants them again. The product is told.
    pub fn stop_marketing(&self, from: &str, stopped: bool) {
        self.lock().phone(from).stopped_marketing = stopped;
        let wish = if stopped { "stop" } else { "resume" };
        let mut change = self.messages_change(&json!({
            "contacts": [self.contact(from)],
            "user_preferences": [{"wa_id": digits(from), "user_id": user_id(from), "category": "marketing_messages", "value": wish,
                "detail": "User requested to change marketing messages", "timestamp": self.seconds()}],
        }));
        if let Some(fields) = change.as_object_mut() {
            fields.insert("field".to_owned(), json!("user_preferences"));
        }
        self.call(&change);
    }

    /// A customer opens the chat: what arrived is read, and the business told.
    pub fn open(&self, number: &str) {
        let unread: Vec<(String, Option<String>)> = {
            let mut state = self.lock();
            let arrived = |entry: &&Entry| entry.out && entry.status == "delivered";
            let messages = &state.phone(number).messages;
            messages.iter().filter(arrived).map(|entry| (entry.id.clone(), entry.opaque.clone())).collect()
        };
        for (id, opaque) in unread {
            self.report(&id, &digits(number), opaque, vec![Step::is("read")]);
        }
    }

    /// The customer as calls name them.
    pub(super) fn contact(&self, number: &str) -> Value {
        let mut state = self.lock();
        let phone = state.phone(number);
        let name = if phone.name.is_empty() { "Sim Customer" } else { phone.name.as_str() };
        match &phone.username {
            Some(username) => {
                json!({"profile": {"name": name, "username": username}, "user_id": user_id(number)})
            }
            None => json!({"profile": {"name": name}, "wa_id": digits(number), "user_id": user_id(number)}),
        }
    }

    fn seconds(&self) -> String {
        self.now().as_millis().div_euclid(1_000).to_string()
    }

    fn wrote(
        &self,
        from: &str,
        words: &str,
        media: Vec<Value>,
        answered: Option<&str>,
        said: &Value,
    ) -> String {
        let (from, now) = (digits(from), self.now());
        let id = {
            let mut state = self.lock();
            let id = state.wamid();
            state.phone(&from).last_wrote = Some(now);
            let entry = Entry {
                id: id.clone(),
                out: false,
                text: words.to_owned(),
                media,
                choices: Vec::new(),
                kind: "",
                reply_to: answered.map(str::to_owned),
                opaque: None,
                status: "sent",
                at: now,
            };
            state.add(&from, entry);
            id
        };
        let mut message = json!({"from_user_id": user_id(&from), "id": id, "timestamp": self.seconds()});
        let hides = self.lock().phone(&from).username.is_some();
        if let (false, Some(fields)) = (hides, message.as_object_mut()) {
            fields.insert("from".to_owned(), json!(from));
        }
        if let (Some(fields), Some(said)) = (message.as_object_mut(), said.as_object()) {
            fields.extend(said.clone());
            if let Some(answered) = answered {
                let business = self.lock().account.number.clone();
                fields.insert("context".to_owned(), json!({"from": business, "id": answered}));
            }
        }
        self.call(&self.messages_change(&json!({
            "contacts": [self.contact(&from)], "messages": [message],
        })));
        id
    }
}

/// What a page has a phone do: words, a tap, or a file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Said {
    #[serde(alias = "text")]
    body: String,
    /// The id of an answer, and of the message that offers it; without that, of the newest that does.
    choice: Option<String>,
    reply_to: Option<String>,
    media: Vec<SaidFile>,
    name: Option<String>,
    /// The business's number; there is one.
    #[serde(rename = "to")]
    _to: Option<String>,
    /// Everything here is.
    #[serde(rename = "whatsapp")]
    _whatsapp: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SaidFile {
    media_type: String,
    /// Its content, base64.
    data: String,
}

#[derive(Debug, Deserialize)]
struct Opens {
    #[serde(default)]
    open: bool,
}

/// What goes wrong, or how the vendor behaves, from now on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Faults {
    #[serde(default)]
    next: Vec<Fault>,
    conduct: Option<Conduct>,
    #[serde(default)]
    absent: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Decision {
    name: String,
    language: String,
    status: String,
    #[serde(default)]
    reason: String,
}

pub(super) fn router() -> Router<WhatsappSim> {
    let is_local = |origin: &HeaderValue, _: &request::Parts| {
        let host =
            origin.to_str().ok().and_then(|origin| origin.split_once("://")).map_or("", |(_, host)| host);
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        matches!(name, "localhost" | "127.0.0.1" | "[::1]")
    };
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(is_local))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::CONTENT_TYPE]);
    Router::new()
        .route("/__sim/numbers", get(numbers))
        .route("/__sim/phones/{number}", get(thread))
        .route("/__sim/phones/{number}/messages", post(say))
        .route("/__sim/files/{id}", get(file))
        .route("/__sim/templates", post(decide))
        .route("/__sim/faults", post(faults))
        .route("/__sim/webhook", post(webhook))
        .route("/__sim/taken", get(taken))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(cors)
}

async fn thread(
    State(sim): State<WhatsappSim>,
    Path(number): Path<String>,
    Query(opens): Query<Opens>,
    headers: HeaderMap,
) -> Json<Value> {
    if opens.open {
        sim.open(&number);
    }
    let mut thread = sim.thread(&number);
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let messages = thread.get_mut("messages").and_then(Value::as_array_mut).into_iter().flatten();
    for file in messages.filter_map(|message| message.get_mut("media")?.as_array_mut()).flatten() {
        // A page elsewhere on this machine needs the whole address.
        if let Some(Value::String(url)) = file.get_mut("url")
            && url.starts_with('/')
        {
            *url = format!("http://{host}{url}");
        }
    }
    Json(thread)
}

async fn say(State(sim): State<WhatsappSim>, Path(number): Path<String>, Json(said): Json<Said>) -> Response {
    if !(7..=15).contains(&digits(&number).len()) {
        return refusal("a phone's number is written with + and the country code");
    }
    if let Some(name) = &said.name {
        sim.set_name(&number, name);
    }
    let id = match (&said.choice, &said.reply_to, said.media.first()) {
        (Some(choice), Some(message), _) => sim.tap(&number, message, choice),
        (Some(choice), None, _) => sim.tap_newest(&number, choice),
        (None, _, Some(file)) => {
            let bytes = STANDARD.decode(&file.data).ok();
            bytes.map(|bytes| sim.send_file(&number, &file.media_type, bytes, &said.body))
        }
        (None, _, None) if said.body.is_empty() => None,
        (None, _, None) => Some(sim.text(&number, &said.body)),
    };
    match id {
        Some(id) => (StatusCode::CREATED, Json(json!({"id": id}))).into_response(),
        None => refusal("say some words, a choice that was offered, or a file in base64"),
    }
}

fn refusal(reason: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({"error": reason}))).into_response()
}

/// The business's numbers a phone can write to.
async fn numbers(State(sim): State<WhatsappSim>) -> Json<Value> {
    let account = sim.lock().account.clone();
    let number =
        json!({"number": format!("+{}", account.number), "name": account.name, "webhook": account.webhook});
    Json(json!({"numbers": [number]}))
}

async fn file(State(sim): State<WhatsappSim>, Path(id): Path<String>) -> Response {
    match sim.lock().files.get(&id).cloned() {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(file) => ([(header::CONTENT_TYPE, file.media_type)], file.bytes).into_response(),
    }
}

/// What the business would set in the vendor's dashboard: where it is called.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Webhook {
    url: String,
}

async fn webhook(State(sim): State<WhatsappSim>, Json(webhook): Json<Webhook>) -> StatusCode {
    sim.set_webhook(webhook.url);
    StatusCode::NO_CONTENT
}

async fn taken(State(sim): State<WhatsappSim>) -> Json<Value> {
    Json(sim.taken())
}

async fn decide(State(sim): State<WhatsappSim>, Json(made): Json<Decision>) -> StatusCode {
    let known = sim.review(&made.name, &made.language, &made.status, &made.reason);
    if known { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

async fn faults(State(sim): State<WhatsappSim>, Json(faults): Json<Faults>) -> StatusCode {
    sim.fail_next(faults.next);
    if let Some(conduct) = faults.conduct {
        sim.set_conduct(conduct);
    }
    for number in &faults.absent {
        sim.set_absent(number, true);
    }
    StatusCode::NO_CONTENT
}
