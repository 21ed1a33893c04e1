//! Telegram: the Bot API of one bot as far as a business needs it, calls with the secret token, and customers' chats.
//!
//! It refuses what the vendor refuses: an unknown token, unknown fields, words that are too long, a chat that nobody
//! opened, a customer who blocked the bot.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use frontdesk_http::{HttpClient, Target};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::{Running, spawn as spawn_router};

/// Most requests and calls that are kept for tests to look at.
const MAX_LOG: usize = 10_000;

/// What goes wrong with the next request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TelegramFault {
    /// An error of the vendor's: code, words, and after how many seconds to try again.
    Error(u16, String, Option<u64>),
    /// A page instead of an answer (502), and nothing was done.
    Garbage,
    /// The request is carried out, and its answer is lost on the way (502).
    Lost,
    /// The request is carried out, and no answer comes, ever.
    Silent,
}

/// A simulated Telegram with one bot. Clones share it.
#[derive(Debug, Clone)]
pub struct TelegramSim {
    state: Arc<Mutex<Inner>>,
    http: HttpClient,
    due: Arc<watch::Sender<usize>>,
}

#[derive(Debug, Default)]
struct Inner {
    token: String,
    webhook: Option<(String, String)>,
    chats: BTreeMap<i64, Chat>,
    files: BTreeMap<String, Bytes>,
    taps: Vec<String>,
    faults: VecDeque<TelegramFault>,
    requests: VecDeque<(String, Value)>,
    calls: VecDeque<(String, String)>,
    asked: usize,
    made: i64,
}

#[derive(Debug, Default)]
struct Chat {
    messages: Vec<Value>,
    blocked: bool,
}

impl TelegramSim {
    /// A vendor with a bot of this token; it calls the product through `http` and goes by its clock.
    pub fn new(token: &str, http: HttpClient) -> Self {
        let inner = Inner { token: token.to_owned(), ..Inner::default() };
        Self { state: Arc::new(Mutex::new(inner)), http, due: Arc::new(watch::Sender::new(0)) }
    }

    /// The next requests fail so, one after the other.
    pub fn fail_next(&self, faults: impl IntoIterator<Item = TelegramFault>) {
        self.lock().faults.extend(faults);
    }

    /// Methods and bodies of the requests so far, oldest first.
    pub fn requests(&self) -> Vec<(String, Value)> {
        self.lock().requests.iter().cloned().collect()
    }

    /// How many requests came.
    pub fn asked(&self) -> usize {
        self.lock().asked
    }

    /// Bodies and secret tokens of the calls made so far, oldest first.
    pub fn calls(&self) -> Vec<(String, String)> {
        self.lock().calls.iter().cloned().collect()
    }

    /// The messages of a chat as the vendor holds them, oldest first.
    pub fn chat(&self, chat: i64) -> Vec<Value> {
        self.lock().chats.get(&chat).map(|chat| chat.messages.clone()).unwrap_or_default()
    }

    /// A customer writes: the chat is open from now on.
    pub fn text(&self, chat: i64, text: &str) {
        self.say(chat, &json!({"text": text}));
    }

    /// A customer sends something in the vendor's own form, such as `{"location": {...}}`.
    pub fn say(&self, chat: i64, said: &Value) {
        let mut message = self.lock().message(chat, self.now(), false);
        if let (Some(fields), Some(said)) = (message.as_object_mut(), said.as_object()) {
            fields.extend(said.clone());
        }
        self.lock().chats.entry(chat).or_default().messages.push(message.clone());
        self.call("message", message);
    }

    /// A customer sends a document.
    pub fn send_file(&self, chat: i64, name: &str, media_type: &str, bytes: impl Into<Bytes>, caption: &str) {
        let id = {
            let mut inner = self.lock();
            let id = format!("BQACAgIAAxk-{}", inner.next());
            inner.files.insert(id.clone(), bytes.into());
            id
        };
        let document =
            json!({"file_id": id, "file_unique_id": id, "file_name": name, "mime_type": media_type});
        self.say(chat, &json!({"document": document, "caption": caption}));
    }

    /// A customer taps a button of a message; false when there is none.
    pub fn tap(&self, chat: i64, message: i64, data: &str) -> bool {
        let found = self.chat(chat).into_iter().find(|known| number(known, "message_id") == Some(message));
        let Some(found) = found else { return false };
        let rows = found.pointer("/reply_markup/inline_keyboard").and_then(Value::as_array);
        let mut buttons = rows.into_iter().flatten().filter_map(Value::as_array).flatten();
        if !buttons.any(|button| button.get("callback_data").and_then(Value::as_str) == Some(data)) {
            return false;
        }
        let id = {
            let mut inner = self.lock();
            let id = format!("4382bfdwdsb{}", inner.next());
            inner.taps.push(id.clone());
            id
        };
        let tap =
            json!({"id": id, "from": person(chat), "message": found, "chat_instance": "1", "data": data});
        self.call("callback_query", tap);
        true
    }

    /// A customer blocks the bot, or lets it write again.
    pub fn block(&self, chat: i64, blocked: bool) {
        self.lock().chats.entry(chat).or_default().blocked = blocked;
        let member =
            |status: &str| json!({"status": status, "user": {"id": 1, "is_bot": true, "first_name": "Bot"}});
        let (before, after) = if blocked { ("member", "kicked") } else { ("kicked", "member") };
        let change = json!({"chat": shown(chat), "from": person(chat), "date": self.now(),
            "old_chat_member": member(before), "new_chat_member": member(after)});
        self.call("my_chat_member", change);
    }

    /// Waits until no call is under way.
    pub async fn settled(&self) {
        // The sender lives as long as this simulator.
        let _ = self.due.subscribe().wait_for(|due| *due == 0).await;
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> i64 {
        self.http.clock().now().as_millis().div_euclid(1_000)
    }

    /// Calls the product; as the vendor does, three times when it is not heard.
    fn call(&self, kind: &str, what: Value) {
        let (body, webhook) = {
            let mut inner = self.lock();
            let mut body = json!({"update_id": inner.next()});
            if let Some(fields) = body.as_object_mut() {
                fields.insert(kind.to_owned(), what);
            }
            let (url, secret) = inner.webhook.clone().unwrap_or_default();
            if inner.calls.len() >= MAX_LOG {
                inner.calls.pop_front();
            }
            inner.calls.push_back((body.to_string(), secret.clone()));
            (body, Some((url, secret)).filter(|(url, _)| !url.is_empty()))
        };
        let Some((url, secret)) = webhook else { return };
        let (sim, http) = (self.clone(), self.http.clone());
        sim.due.send_modify(|due| *due += 1);
        tokio::spawn(async move {
            for _ in 0..3 {
                let call =
                    http.post(Target::Trusted, &url).label("sim.telegram").without_breaker().retries(0);
                let call = call.header("x-telegram-bot-api-secret-token", &secret).json(&body);
                if call.send().await.is_ok_and(|answer| answer.is_success()) {
                    break;
                }
            }
            sim.due.send_modify(|due| *due = due.saturating_sub(1));
        });
    }
}

impl Inner {
    fn next(&mut self) -> i64 {
        self.made += 1;
        self.made
    }

    fn message(&mut self, chat: i64, date: i64, from_bot: bool) -> Value {
        let from = if from_bot { bot() } else { person(chat) };
        json!({"message_id": self.next(), "from": from, "chat": shown(chat), "date": date})
    }

    /// The chat a request is for, when the bot may write there.
    fn chat_of(&self, body: &Value) -> Result<i64, Refusal> {
        let chat = number(body, "chat_id").filter(|chat| self.chats.contains_key(chat));
        let chat = chat.ok_or((400, "Bad Request: chat not found".to_owned(), None))?;
        if self.chats.get(&chat).is_some_and(|known| known.blocked) {
            return Err((403, "Forbidden: bot was blocked by the user".to_owned(), None));
        }
        Ok(chat)
    }
}

type Refusal = (u16, String, Option<u64>);

fn bad(reason: &str) -> Refusal {
    (400, format!("Bad Request: {reason}"), None)
}

fn person(chat: i64) -> Value {
    json!({"id": chat, "is_bot": false, "first_name": "Sim", "last_name": "Customer", "language_code": "en"})
}

fn bot() -> Value {
    json!({"id": 1, "is_bot": true, "first_name": "Riverside Dental", "username": "riverside_bot"})
}

fn shown(chat: i64) -> Value {
    json!({"id": chat, "type": "private", "first_name": "Sim", "last_name": "Customer"})
}

fn number(value: &Value, name: &str) -> Option<i64> {
    value.get(name).and_then(Value::as_i64)
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The simulator's routes.
pub fn router(sim: TelegramSim) -> Router {
    Router::new()
        .route("/{bot}/{method}", post(ask))
        .route("/file/{bot}/documents/{id}", get(download))
        .with_state(sim)
}

/// Serves it on a free local port.
///
/// # Errors
/// When no port can be had.
pub async fn spawn(sim: TelegramSim) -> std::io::Result<Running> {
    spawn_router(router(sim)).await
}

async fn download(State(sim): State<TelegramSim>, Path((bot, id)): Path<(String, String)>) -> Response {
    let inner = sim.lock();
    let file = inner.files.get(&id).filter(|_| bot.strip_prefix("bot") == Some(inner.token.as_str()));
    match file {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(file) => ([(header::CONTENT_TYPE, "application/octet-stream")], file.clone()).into_response(),
    }
}

async fn ask(
    State(sim): State<TelegramSim>,
    Path((bot, method)): Path<(String, String)>,
    Json(body): Json<Value>,
) -> Response {
    let fault = {
        let mut inner = sim.lock();
        inner.asked += 1;
        if inner.requests.len() >= MAX_LOG {
            inner.requests.pop_front();
        }
        inner.requests.push_back((method.clone(), body.clone()));
        if bot.strip_prefix("bot") != Some(inner.token.as_str()) {
            return refusal((401, "Unauthorized".to_owned(), None));
        }
        inner.faults.pop_front()
    };
    match fault {
        Some(TelegramFault::Error(code, said, after)) => return refusal((code, said, after)),
        Some(TelegramFault::Garbage) => {
            return (StatusCode::BAD_GATEWAY, "<html>Bad gateway</html>").into_response();
        }
        _ => {}
    }
    let answer = sim.carry_out(&method, &body);
    match fault {
        Some(TelegramFault::Lost) => StatusCode::BAD_GATEWAY.into_response(),
        Some(TelegramFault::Silent) => std::future::pending().await,
        _ => {
            answer.map_or_else(refusal, |result| Json(json!({"ok": true, "result": result})).into_response())
        }
    }
}

fn refusal((code, said, after): Refusal) -> Response {
    let mut body = json!({"ok": false, "error_code": code, "description": said});
    if let (Some(after), Some(fields)) = (after, body.as_object_mut()) {
        fields.insert("parameters".to_owned(), json!({"retry_after": after}));
    }
    (StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_REQUEST), Json(body)).into_response()
}

impl TelegramSim {
    fn carry_out(&self, method: &str, body: &Value) -> Result<Value, Refusal> {
        let now = self.now();
        let mut inner = self.lock();
        match method {
            "getMe" => Ok(bot()),
            "getWebhookInfo" => {
                let url = inner.webhook.as_ref().map(|(url, _)| url.clone()).unwrap_or_default();
                Ok(json!({"url": url, "has_custom_certificate": false, "pending_update_count": 0}))
            }
            "setWebhook" => {
                only(body, &["url", "secret_token", "allowed_updates"])?;
                let secret = text(body, "secret_token");
                let is_secret = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
                if secret.len() > 256 || !secret.bytes().all(is_secret) {
                    return Err(bad("secret token contains unallowed characters"));
                }
                inner.webhook = Some((text(body, "url").to_owned(), secret.to_owned()));
                Ok(json!(true))
            }
            "deleteWebhook" => {
                inner.webhook = None;
                Ok(json!(true))
            }
            "answerCallbackQuery" => {
                let known = inner.taps.iter().any(|tap| tap == text(body, "callback_query_id"));
                if known {
                    Ok(json!(true))
                } else {
                    Err(bad("query is too old and response timeout expired or query ID is invalid"))
                }
            }
            "sendChatAction" => inner.chat_of(body).map(|_| json!(true)),
            "getFile" => {
                let id = text(body, "file_id");
                if !inner.files.contains_key(id) {
                    return Err(bad("invalid file_id"));
                }
                Ok(json!({"file_id": id, "file_unique_id": id, "file_path": format!("documents/{id}")}))
            }
            "sendMessage" | "sendPhoto" | "sendVideo" | "sendAudio" | "sendDocument" => {
                let mut message = send(&mut inner, method, body, now)?;
                if let Some(fields) = message.as_object_mut() {
                    fields.retain(|_, value| !value.is_null());
                }
                let chat = number(body, "chat_id").unwrap_or_default();
                inner.chats.entry(chat).or_default().messages.push(message.clone());
                Ok(message)
            }
            _ => Err((404, "Not Found".to_owned(), None)),
        }
    }
}

fn only(body: &Value, known: &[&str]) -> Result<(), Refusal> {
    let unknown = body.as_object().into_iter().flatten().find(|(name, _)| !known.contains(&name.as_str()));
    unknown.map_or(Ok(()), |(name, _)| Err(bad(&format!("unknown field {name}"))))
}

fn send(inner: &mut Inner, method: &str, body: &Value, now: i64) -> Result<Value, Refusal> {
    let part = match method {
        "sendMessage" => "text",
        "sendPhoto" => "photo",
        "sendVideo" => "video",
        "sendAudio" => "audio",
        _ => "document",
    };
    let more = if part == "text" { "link_preview_options" } else { "caption" };
    only(body, &["chat_id", part, more, "reply_markup", "reply_parameters"])?;
    let chat = inner.chat_of(body)?;
    let (said, most) =
        if part == "text" { (text(body, "text"), 4096) } else { (text(body, "caption"), 1024) };
    if said.chars().count() > most {
        return Err(bad("message is too long"));
    }
    if text(body, part).is_empty() {
        return Err(bad(&format!("{part} is empty")));
    }
    let rows = body.pointer("/reply_markup/inline_keyboard").and_then(Value::as_array);
    for button in rows.into_iter().flatten().filter_map(Value::as_array).flatten() {
        if !(1..=64).contains(&text(button, "callback_data").len()) || text(button, "text").is_empty() {
            return Err(bad("BUTTON_DATA_INVALID"));
        }
    }
    let mut message = inner.message(chat, now, true);
    if let Some(fields) = message.as_object_mut() {
        fields.insert(part.to_owned(), body.get(part).cloned().unwrap_or_default());
        fields.insert("caption".to_owned(), body.get("caption").cloned().unwrap_or_default());
        fields.insert("reply_markup".to_owned(), body.get("reply_markup").cloned().unwrap_or_default());
    }
    Ok(message)
}
