//! The vendor's calls: who calls, and what they say.
//!
//! By the vendor's pages `setWebhook` and `Update`. Only chats between a customer and the bot are taken: a bot that was
//! put into a group overhears what is not for it. Changed messages are passed over.

use frontdesk_domain::outbox::Media;
use frontdesk_domain::time::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::vendor_id;
use crate::channel::{Inbound, InboundMessage};
use crate::hook::{HookError, same_secret, words};

/// Where the vendor calls, under the installation's address.
pub(super) const PATH: &str = "/webhooks/telegram/{connection}";
/// How the address of a file begins; the vendor's id of it follows.
pub const FILE: &str = "telegram-file:";
/// Most characters of a customer's message: the vendor lets them write half of it.
const MAX_TEXT: usize = 8192;

/// A customer blocked the bot, or lets it write again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockChange {
    /// The chat.
    pub from: String,
    /// Whether it is blocked now.
    pub blocked: bool,
    /// When.
    pub at: Option<Timestamp>,
}

/// Checks that the vendor made a call: `token` is the header `X-Telegram-Bot-Api-Secret-Token`. Compared in constant time.
///
/// # Errors
/// [`HookError::Signature`] when it did not.
pub fn verify(hook_secret: &SecretString, token: &str) -> Result<(), HookError> {
    if same_secret(hook_secret.expose_secret(), token) { Ok(()) } else { Err(HookError::Signature) }
}

/// Reads a call that was verified: what a customer wrote or tapped. `bot` is what the message came to.
///
/// # Errors
/// [`HookError::Body`] when it is not in the vendor's form.
pub fn read(body: &[u8], bot: &str) -> Result<Vec<Inbound>, HookError> {
    let update = update(body)?;
    let found = if let Some(tap) = update.get("callback_query") {
        tapped(tap, bot)
    } else {
        update.get("message").and_then(|message| written(message, bot))
    };
    Ok(found.map(|message| Inbound::Message(Box::new(message))).into_iter().collect())
}

/// Reads whether a verified call tells that a customer blocked the bot: an opt-out, though no message.
///
/// # Errors
/// [`HookError::Body`] when it is not in the vendor's form.
pub fn read_block(body: &[u8]) -> Result<Option<BlockChange>, HookError> {
    let update = update(body)?;
    let Some(change) = update.get("my_chat_member") else { return Ok(None) };
    let blocked = match change.get("new_chat_member").map(|member| text(member, "status")) {
        Some("kicked") => true,
        Some("member") => false,
        _ => return Ok(None),
    };
    Ok(private_chat(change).map(|chat| BlockChange { from: chat.to_string(), blocked, at: at(change) }))
}

/// The tap that a message of this id was, as the vendor knows it.
pub(super) fn tap_of(vendor_id: &str) -> Option<&str> {
    vendor_id.split_once(":tap:").map(|(_, tap)| tap)
}

fn update(body: &[u8]) -> Result<Value, HookError> {
    let update: Value = serde_json::from_slice(body)?;
    if update.get("update_id").and_then(Value::as_i64).is_none() {
        return Err(HookError::Body("it is no update of Telegram's".to_owned()));
    }
    Ok(update)
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn number(value: &Value, name: &str) -> Option<i64> {
    value.get(name).and_then(Value::as_i64)
}

fn at(value: &Value) -> Option<Timestamp> {
    let seconds = number(value, "date")?;
    // Beyond the year 9999 it is no time.
    (0..253_402_300_800).contains(&seconds).then(|| Timestamp::from_millis(seconds * 1_000))
}

/// The chat, when it is between one person and the bot.
fn private_chat(value: &Value) -> Option<i64> {
    let chat = value.get("chat").filter(|chat| text(chat, "type") == "private")?;
    number(chat, "id")
}

fn name_of(person: Option<&Value>) -> Option<String> {
    let person = person?;
    let name = format!("{} {}", text(person, "first_name"), text(person, "last_name"));
    Some(words(&name)).filter(|name| !name.is_empty())
}

fn written(message: &Value, bot: &str) -> Option<InboundMessage> {
    let chat = private_chat(message)?;
    let from = message.get("from");
    if from.and_then(|from| from.get("is_bot")).and_then(Value::as_bool) == Some(true) {
        return None;
    }
    let media: Vec<Media> = file(message).into_iter().collect();
    let mut said = [text(message, "text"), text(message, "caption")].concat();
    if said.is_empty() && media.is_empty() {
        said = other(message)?;
    }
    let answered = message.get("reply_to_message").and_then(|answered| number(answered, "message_id"));
    Some(InboundMessage {
        vendor_id: vendor_id(chat, number(message, "message_id")?),
        from: chat.to_string(),
        to: bot.to_owned(),
        name: name_of(from),
        text: said.chars().take(MAX_TEXT).collect(),
        choice: None,
        media,
        reply_to: answered.map(|answered| vendor_id(chat, answered)),
        vendor_handled_opt_out: false,
        at: at(message),
    })
}

fn tapped(tap: &Value, bot: &str) -> Option<InboundMessage> {
    let message = tap.get("message")?;
    let chat = private_chat(message)?;
    let (id, data) = (text(tap, "id"), text(tap, "data"));
    if id.is_empty() || id.len() > 200 || data.is_empty() {
        return None;
    }
    let rows = message.get("reply_markup").and_then(|markup| markup.get("inline_keyboard")?.as_array());
    let buttons = rows.into_iter().flatten().filter_map(Value::as_array).flatten();
    let title = buttons.into_iter().find(|button| text(button, "callback_data") == data);
    let title = title.map_or(data, |button| text(button, "text"));
    let answered = number(message, "message_id")?;
    Some(InboundMessage {
        vendor_id: format!("{chat}:tap:{id}"),
        from: chat.to_string(),
        to: bot.to_owned(),
        name: name_of(tap.get("from")),
        text: title.chars().take(MAX_TEXT).collect(),
        choice: Some(data.chars().take(MAX_TEXT).collect()),
        media: Vec::new(),
        reply_to: Some(vendor_id(chat, answered)),
        vendor_handled_opt_out: false,
        // When the message was sent is known, not when it was tapped.
        at: None,
    })
}

/// The file of a message, with its type where the vendor does not say it.
fn file(message: &Value) -> Option<Media> {
    // Of a picture there are several sizes; the last is the largest.
    let picture = message.get("photo").and_then(Value::as_array).and_then(|sizes| sizes.last());
    let kinds = [
        ("document", "application/octet-stream"),
        ("voice", "audio/ogg"),
        ("audio", "audio/mpeg"),
        ("video", "video/mp4"),
        ("video_note", "video/mp4"),
        ("sticker", "image/webp"),
    ];
    let named = kinds.into_iter().find_map(|(name, kind)| Some((message.get(name)?, kind)));
    let (found, kind) = picture.map(|picture| (picture, "image/jpeg")).or(named)?;
    let id = text(found, "file_id");
    let given = words(text(found, "mime_type"));
    let name = Some(words(text(found, "file_name"))).filter(|name| !name.is_empty());
    (!id.is_empty()).then(|| Media {
        url: format!("{FILE}{}", id.chars().take(256).collect::<String>()),
        media_type: if given.is_empty() { kind.to_owned() } else { given },
        name,
    })
}

/// What is neither words nor a file, in words.
fn other(message: &Value) -> Option<String> {
    if let Some(place) = message.get("venue").or_else(|| message.get("location")) {
        let at = place.get("location").unwrap_or(place);
        let coordinate = |name: &str| at.get(name).and_then(Value::as_f64).unwrap_or_default();
        let name = words(&format!("{} {}", text(place, "title"), text(place, "address")));
        let location = format!("[location: {}, {}]", coordinate("latitude"), coordinate("longitude"));
        return Some(format!("{name} {location}").trim().to_owned());
    }
    if let Some(contact) = message.get("contact") {
        let name = name_of(Some(contact)).unwrap_or_default();
        return Some(format!("[contact: {name}, {}]", words(text(contact, "phone_number"))));
    }
    // Notices (a title changed, a message pinned) are no messages; polls, dice and games are.
    let kinds = ["poll", "dice", "game", "story", "paid_media", "checklist", "invoice"];
    let kind = kinds.into_iter().find(|kind| message.get(*kind).is_some())?;
    Some(format!("[sent something that cannot be shown here: {kind}]"))
}
