//! The client: one bot.

use std::time::Duration;

use async_trait::async_trait;
use frontdesk_domain::outbox::{Choice, Content, Media};
use frontdesk_domain::permit::Permit;
use frontdesk_domain::time::Timestamp;
use frontdesk_http::{Call, HttpClient, HttpError, Response, Target, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::hook::{FILE, tap_of};
use super::{TELEGRAM, TelegramSettings, VENDOR, vendor_id};
use crate::answer::{asked_to_wait, not_answered, not_reached};
use crate::channel::{Channel, ChannelError, Once, Outbound, SentMessage};
use crate::hook::words;
use crate::media::{MediaError, MediaFile};

/// Most characters of a message, and of a caption.
const MAX_TEXT: usize = 4096;
const MAX_CAPTION: usize = 1024;
/// Most bytes of what comes back from a button.
const MAX_DATA: usize = 64;
/// Most bytes of a file a bot may fetch.
const MAX_FILE: usize = 20 * 1024 * 1024;

/// A business's bot.
pub struct TelegramChannel {
    http: HttpClient,
    target: Target,
    base_url: String,
    token: SecretString,
}

impl std::fmt::Debug for TelegramChannel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TelegramChannel").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Answer<T> {
    ok: bool,
    result: Option<T>,
}

#[derive(Deserialize)]
struct Failure {
    #[serde(default)]
    error_code: u16,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Default, Deserialize)]
struct Parameters {
    #[serde(default)]
    retry_after: Option<u64>,
}

#[derive(Deserialize)]
struct Taken {
    message_id: i64,
    chat: Chat,
}

#[derive(Deserialize)]
struct Chat {
    id: i64,
}

#[derive(Deserialize)]
struct Bot {
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    username: String,
}

#[derive(Deserialize)]
struct Hook {
    #[serde(default)]
    url: String,
    #[serde(default)]
    last_error_message: String,
}

#[derive(Deserialize)]
struct Found {
    file_path: Option<String>,
}

impl TelegramChannel {
    /// A client with this bot's token. Does not connect yet.
    ///
    /// # Errors
    /// [`ChannelError::Refused`] when the token or the address cannot be one.
    pub fn new(
        settings: &TelegramSettings,
        secret: SecretString,
        http: HttpClient,
        target: Target,
    ) -> Result<Self, ChannelError> {
        // The token is part of the path.
        let is_token = secret.expose_secret().split_once(':').is_some_and(|(id, key)| {
            let is_key = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            !id.is_empty()
                && id.bytes().all(|byte| byte.is_ascii_digit())
                && !key.is_empty()
                && key.bytes().all(is_key)
        });
        if !is_token {
            return Err(refused("a bot's token looks like 123456:ABC-DEF; BotFather shows it"));
        }
        if Url::parse(&settings.base_url).is_err() {
            return Err(refused("the address of the API is no web address"));
        }
        let base_url = settings.base_url.trim_end_matches('/').to_owned();
        Ok(Self { http, target, base_url, token: secret })
    }

    fn call(&self, method: &str, body: &Value) -> Call {
        let url = format!("{}/bot{}/{method}", self.base_url, self.token.expose_secret());
        self.http.post(self.target, url).label("telegram").json(body)
    }

    /// The answer to a request that sends no message.
    async fn ask<T: DeserializeOwned>(&self, method: &str, body: &Value) -> Result<T, ChannelError> {
        let response =
            self.call(method, body).idempotent().send().await.map_err(|error| not_reached(VENDOR, &error))?;
        if !response.is_success() {
            return Err(self.failure(&response, false));
        }
        result(&response).map_err(|error| not_reached(VENDOR, &error))
    }

    /// What an answer that is no success means. Codes and words are the vendor's; it documents few of them.
    fn failure(&self, response: &Response, sends: bool) -> ChannelError {
        let failure: Option<Failure> = response.json().ok();
        let said = failure.as_ref().map_or_else(|| response.text(), |failure| failure.description.clone());
        let said = words(&said.replace(self.token.expose_secret(), "[token]"));
        let status = response.status.as_u16();
        let code =
            failure.as_ref().map(|failure| failure.error_code).filter(|code| *code > 0).unwrap_or(status);
        let after = failure.and_then(|failure| failure.parameters.retry_after).map(Duration::from_secs);
        let has = |part: &str| said.to_ascii_lowercase().contains(part);
        let refused =
            |reason: String| ChannelError::Refused { vendor: VENDOR, code: Some(code.to_string()), reason };
        match code {
            429 => {
                let after = after.or_else(|| asked_to_wait(response, self.http.clock().now()));
                ChannelError::Limited { vendor: VENDOR, after }
            }
            401 | 404 => refused(
                "Telegram does not know the bot's token; copy it from BotFather into the connection"
                    .to_owned(),
            ),
            403 if has("blocked by the user") => ChannelError::OptedOut { vendor: VENDOR },
            403 if has("deactivated") => ChannelError::Bounced {
                vendor: VENDOR,
                reason: "the customer has deleted their Telegram account".to_owned(),
            },
            403 if has("initiate conversation") => refused(
                "a bot cannot write first on Telegram: the customer has to open the chat with it".to_owned(),
            ),
            400 if has("chat not found") => ChannelError::Bounced {
                vendor: VENDOR,
                reason: "there is no such chat on Telegram".to_owned(),
            },
            400..=499 => refused(format!("Telegram: {said}")),
            _ if sends => {
                ChannelError::Uncertain { vendor: VENDOR, reason: format!("status {status}: {said}") }
            }
            _ => ChannelError::Unavailable { vendor: VENDOR, reason: format!("status {status}: {said}") },
        }
    }

    /// Has the vendor call this address from now on, and say `hook_secret` each time (1 to 256 letters, digits, `_`
    /// and `-`).
    ///
    /// # Errors
    /// What the vendor said.
    pub async fn set_webhook(&self, url: &str, hook_secret: &SecretString) -> Result<(), ChannelError> {
        let body = json!({
            "url": url, "secret_token": hook_secret.expose_secret(),
            "allowed_updates": ["message", "callback_query", "my_chat_member"],
        });
        self.ask::<bool>("setWebhook", &body).await.map(drop)
    }

    /// Has the vendor call nobody any more.
    ///
    /// # Errors
    /// What the vendor said.
    pub async fn remove_webhook(&self) -> Result<(), ChannelError> {
        self.ask::<bool>("deleteWebhook", &json!({})).await.map(drop)
    }

    /// Says something in a chat of the team's. Customers are written to with a permit only: [`Channel::send`].
    ///
    /// # Errors
    /// What the vendor said; [`ChannelError::Uncertain`] when it may have been said.
    pub(crate) async fn tell(&self, chat: i64, text: &str) -> Result<(), ChannelError> {
        let text: String = text.chars().take(MAX_TEXT).collect();
        let body = json!({"chat_id": chat, "text": text, "link_preview_options": {"is_disabled": true}});
        let call = self.call("sendMessage", &body).retries(0);
        let response = call.send().await.map_err(|error| not_answered(VENDOR, &error))?;
        if response.is_success() { Ok(()) } else { Err(self.failure(&response, true)) }
    }

    /// Shows the customer that their message came, by its vendor's id: a tapped button stops waiting, and the bot is
    /// shown as writing for five seconds.
    ///
    /// # Errors
    /// What the vendor said.
    pub async fn acknowledge(&self, message: &str) -> Result<(), ChannelError> {
        if let Some(tap) = tap_of(message) {
            return self
                .ask::<bool>("answerCallbackQuery", &json!({"callback_query_id": tap}))
                .await
                .map(drop);
        }
        let chat = message.split(':').next().unwrap_or_default();
        self.ask::<bool>("sendChatAction", &json!({"chat_id": chat_id(chat)?, "action": "typing"}))
            .await
            .map(drop)
    }

    /// The file at an address that a customer's message named, of at most `most` bytes. Its type is what the message
    /// said: the vendor does not repeat it.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub async fn media(&self, address: &str, media_type: &str, most: usize) -> Result<MediaFile, MediaError> {
        let id = address.strip_prefix(FILE).unwrap_or_default();
        let is_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if id.is_empty() || id.len() > 256 || !id.bytes().all(is_id) {
            return Err(MediaError::Address(address.chars().take(100).collect()));
        }
        let found: Found = self.ask("getFile", &json!({"file_id": id})).await?;
        let path = found.file_path.unwrap_or_default();
        let is_part = |part: &str| {
            !part.is_empty() && part != ".." && part.bytes().all(|byte| is_id(byte) || byte == b'.')
        };
        if !path.split('/').all(is_part) {
            return Err(MediaError::Elsewhere(path.chars().take(60).collect()));
        }
        let limit = most.min(MAX_FILE);
        let url = format!("{}/file/bot{}/{path}", self.base_url, self.token.expose_secret());
        let call = self.http.get(self.target, url).label("telegram.file").redirects(0).max_body(limit);
        let response = call.send().await.map_err(|error| match error {
            HttpError::TooLarge { limit, .. } => MediaError::TooLarge { limit },
            error => MediaError::Unavailable(error.to_string()),
        })?;
        if !response.is_success() {
            return Err(MediaError::Unavailable(format!("status {}", response.status.as_u16())));
        }
        Ok(MediaFile { media_type: media_type.to_owned(), content: response.body })
    }
}

fn refused(reason: &str) -> ChannelError {
    ChannelError::Refused { vendor: VENDOR, code: None, reason: reason.to_owned() }
}

fn result<T: DeserializeOwned>(response: &Response) -> Result<T, HttpError> {
    let answer: Answer<T> = response.json()?;
    answer.result.filter(|_| answer.ok).ok_or_else(|| HttpError::Unreadable {
        host: response.url.host_str().unwrap_or_default().to_owned(),
        reason: "it holds no result".to_owned(),
    })
}

fn chat_id(address: &str) -> Result<i64, ChannelError> {
    address.parse().map_err(|_| refused("the address is no chat on Telegram"))
}

/// Which request sends a message, and its body.
fn request(outbound: &Outbound) -> Result<(&'static str, Value), ChannelError> {
    let content = &outbound.content;
    let mut body = Map::new();
    body.insert("chat_id".to_owned(), json!(chat_id(&outbound.address)?));
    let tappable = !content.choices.is_empty()
        && content
            .choices
            .iter()
            .all(|choice| (1..=MAX_DATA).contains(&choice.id.len()) && !choice.title.is_empty());
    if tappable {
        let row = |choice: &Choice| json!([{"text": choice.title, "callback_data": choice.id}]);
        let rows: Vec<Value> = content.choices.iter().map(row).collect();
        body.insert("reply_markup".to_owned(), json!({"inline_keyboard": rows}));
    }
    if let Some(answered) = answered(content, &outbound.address) {
        let answered = json!({"message_id": answered, "allow_sending_without_reply": true});
        body.insert("reply_parameters".to_owned(), answered);
    }
    let said = if tappable { content.text.clone() } else { with_lines(content) };
    let file = match content.media.as_slice() {
        [] => None,
        [file] => Some(file),
        _ => return Err(refused("Telegram carries one file in a message here; send the others one by one")),
    };
    if let Some((file, (method, name))) = file.and_then(|file| Some((file, sent_as(file)?)))
        && said.chars().count() <= MAX_CAPTION
    {
        body.insert(name.to_owned(), json!(file.url));
        if !said.is_empty() {
            body.insert("caption".to_owned(), json!(said));
        }
        return Ok((method, Value::Object(body)));
    }
    let said = match file {
        Some(file) if said.is_empty() => file.url.clone(),
        Some(file) => format!("{said}\n{}", file.url),
        None => said,
    };
    let length = said.chars().count();
    if said.trim().is_empty() {
        return Err(refused("the message is empty"));
    }
    if length > MAX_TEXT {
        return Err(refused(&format!(
            "the message has {length} characters; Telegram takes at most {MAX_TEXT}"
        )));
    }
    body.insert("text".to_owned(), json!(said));
    body.insert("link_preview_options".to_owned(), json!({"is_disabled": true}));
    Ok(("sendMessage", Value::Object(body)))
}

/// The message that is answered, when it is in this chat.
fn answered(content: &Content, address: &str) -> Option<i64> {
    let (chat, message) = content.reply_to.as_ref()?.split_once(':')?;
    if chat == address { message.parse().ok() } else { None }
}

/// How a file goes by its address; the vendor fetches few kinds of documents so. `None`: as a link.
fn sent_as(file: &Media) -> Option<(&'static str, &'static str)> {
    match file.media_type.split(';').next().unwrap_or_default().trim() {
        "image/jpeg" | "image/png" | "image/webp" => Some(("sendPhoto", "photo")),
        "video/mp4" => Some(("sendVideo", "video")),
        "audio/mpeg" | "audio/mp4" => Some(("sendAudio", "audio")),
        "application/pdf" | "application/zip" | "image/gif" => Some(("sendDocument", "document")),
        _ => None,
    }
}

fn with_lines(content: &Content) -> String {
    content.choices.iter().fold(content.text.clone(), |said, choice| format!("{said}\n• {}", choice.title))
}

#[async_trait]
impl Channel for TelegramChannel {
    fn name(&self) -> &'static str {
        TELEGRAM
    }

    fn once(&self) -> Once {
        Once::Never
    }

    async fn send(
        &self,
        permit: Permit,
        outbound: &Outbound,
        now: Timestamp,
    ) -> Result<SentMessage, ChannelError> {
        permit.redeem(self.name(), &outbound.address, outbound.message, now)?;
        let (method, body) = request(outbound)?;
        let response =
            self.call(method, &body).retries(0).send().await.map_err(|error| not_answered(VENDOR, &error))?;
        if !response.is_success() {
            return Err(self.failure(&response, true));
        }
        let taken: Taken = result(&response).map_err(|error| not_answered(VENDOR, &error))?;
        Ok(SentMessage { vendor_id: Some(vendor_id(taken.chat.id, taken.message_id)) })
    }

    async fn check(&self) -> Result<String, ChannelError> {
        let bot: Bot = self.ask("getMe", &json!({})).await?;
        let hook: Hook = self.ask("getWebhookInfo", &json!({})).await?;
        let heard = match (hook.url.is_empty(), hook.last_error_message.is_empty()) {
            (true, _) => "it calls nobody yet: customers' messages do not arrive",
            (false, true) => "it calls this installation",
            (false, false) => "its newest call failed",
        };
        let error = if hook.last_error_message.is_empty() || hook.url.is_empty() {
            String::new()
        } else {
            format!(" ({})", words(&hook.last_error_message))
        };
        Ok(format!("@{} ({}); {heard}{error}.", bot.username, bot.first_name))
    }
}
