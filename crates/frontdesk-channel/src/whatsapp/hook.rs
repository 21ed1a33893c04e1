//! The vendor's calls: proving the webhook once, who calls, and what they say.
//!
//! By the vendor's pages "Webhooks" and "Webhook notification payload examples". One call carries several messages and
//! reports, of several numbers; only those of our number are taken. Reactions, notices that a customer changed their
//! number and messages in groups are no messages that an answer is owed to: they are passed over.

use frontdesk_domain::id::MessageId;
use frontdesk_domain::outbox::{Media, Status};
use frontdesk_domain::time::Timestamp;
use frontdesk_http::Url;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::Sha256;

use super::error::{Meaning, meaning, plain};
use super::is_user_id;
use super::media::{SCHEME, is_media_id};
use crate::channel::{Inbound, InboundMessage, Report, Stopped};
use crate::hook::{HookError, same_secret, words};

/// Where the vendor calls, under the installation's address.
pub(super) const PATH: &str = "/webhooks/whatsapp/{connection}";
/// Most characters of a customer's message: the vendor lets them write half of it.
const MAX_TEXT: usize = 8192;
/// Most characters of an id.
const MAX_ID: usize = 512;

/// What a template became, at the vendor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateUpdate {
    /// The vendor's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its language.
    pub language: String,
    /// What changed.
    pub change: TemplateChange,
}

/// What changed about a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateChange {
    /// Its state: `APPROVED`, `REJECTED`, `PAUSED`, ...
    Status {
        /// The state.
        status: String,
        /// Why.
        reason: Option<String>,
    },
    /// How customers like it: `GREEN`, `YELLOW`, `RED`; absent when not rated.
    Quality(Option<String>),
    /// What it is for: the vendor moved it.
    Category(String),
}

/// A customer as the vendor knows them. Who takes a username goes on under their id alone, without their number: the two
/// are one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their number in E.164, when the vendor tells it.
    pub number: Option<String>,
    /// The vendor's id of them for this business.
    pub user_id: Option<String>,
    /// Their name.
    pub name: Option<String>,
    /// Their username.
    pub username: Option<String>,
}

/// A customer told WhatsApp to stop, or to go on with, marketing messages of the business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketingChoice {
    /// The customer's address: E.164, or the vendor's id of them.
    pub from: String,
    /// Whether they stopped them.
    pub stopped: bool,
    /// When.
    pub at: Option<Timestamp>,
}

/// Answers the call that proves the webhook: what to answer with status 200, when it was made with this connection's
/// verify token; otherwise the answer is 403.
pub fn challenge(query: &str, verify_token: &str) -> Option<String> {
    let url = Url::parse(&format!("http://hook/?{}", query.trim_start_matches('?'))).ok()?;
    let value = |wanted: &str| {
        url.query_pairs().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    };
    let is_ours = value("hub.mode")? == "subscribe" && same_secret(verify_token, &value("hub.verify_token")?);
    // Nothing comes back that a browser could take for a page.
    let is_plain = |text: &String| {
        (1..=256).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    value("hub.challenge").filter(|text| is_ours && is_plain(text))
}

/// Checks that the vendor made a call: `signature` is the header `X-Hub-Signature-256`. Compared in constant time.
///
/// # Errors
/// [`HookError::Signature`] when it did not.
pub fn verify(app_secret: &SecretString, body: &[u8], signature: &str) -> Result<(), HookError> {
    let secret = app_secret.expose_secret();
    if secret.is_empty() {
        return Err(HookError::Signature);
    }
    let given = signature.strip_prefix("sha256=").and_then(from_hex).ok_or(HookError::Signature)?;
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|_| HookError::Signature)?;
    mac.chain_update(body).verify_slice(&given).map_err(|_| HookError::Signature)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if text.len() != 64 {
        return None;
    }
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    text.as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(digit(high)? << 4 | digit(low)?),
            _ => None,
        })
        .collect()
}

/// Each change of a verified call: of which account, of what kind, and its value.
fn changes(body: &[u8]) -> Result<Vec<(String, String, Value)>, HookError> {
    let call: Value = serde_json::from_slice(body)?;
    if text(&call, "object") != "whatsapp_business_account" {
        return Err(HookError::Body("it is not about a WhatsApp Business account".to_owned()));
    }
    let mut found = Vec::new();
    for entry in list(&call, "entry") {
        for change in list(entry, "changes") {
            let value = change.get("value").cloned().unwrap_or_default();
            found.push((text(entry, "id").to_owned(), text(change, "field").to_owned(), value));
        }
    }
    Ok(found)
}

/// Reads a call that was verified: what customers wrote to this number, and how messages it sent fare.
///
/// # Errors
/// [`HookError::Body`] when it is not in the vendor's form. A message in it that makes no sense is passed over.
pub fn read(body: &[u8], phone_number_id: &str) -> Result<Vec<Inbound>, HookError> {
    let mut found = Vec::new();
    for (_, field, value) in changes(body)? {
        let metadata = value.get("metadata").unwrap_or(&Value::Null);
        if field != "messages" || text(metadata, "phone_number_id") != phone_number_id {
            continue;
        }
        let to = number(text(metadata, "display_phone_number"));
        let messages = list(&value, "messages");
        found.extend(
            messages
                .filter_map(|said| message(said, &value, &to))
                .map(|said| Inbound::Message(Box::new(said))),
        );
        found.extend(list(&value, "statuses").filter_map(report).map(Inbound::Report));
    }
    Ok(found)
}

/// Reads what a verified call tells of the account's templates.
///
/// # Errors
/// [`HookError::Body`] when it is not in the vendor's form.
pub fn read_template_updates(body: &[u8], account: &str) -> Result<Vec<TemplateUpdate>, HookError> {
    let mut found = Vec::new();
    for (id, field, value) in changes(body)? {
        let change = match field.as_str() {
            "message_template_status_update" => {
                let more = value.get("other_info").unwrap_or(&Value::Null);
                let reasons = [text(more, "description"), text(&value, "reason")];
                let reason = reasons.into_iter().find(|said| !said.is_empty() && *said != "NONE").map(words);
                TemplateChange::Status { status: text(&value, "event").to_owned(), reason }
            }
            "message_template_quality_update" => {
                let score = text(&value, "new_quality_score");
                TemplateChange::Quality((!score.is_empty() && score != "UNKNOWN").then(|| score.to_owned()))
            }
            "template_category_update" => TemplateChange::Category(text(&value, "new_category").to_owned()),
            _ => continue,
        };
        if id == account {
            found.push(TemplateUpdate {
                id: scalar(value.get("message_template_id")).unwrap_or_default(),
                name: text(&value, "message_template_name").to_owned(),
                language: text(&value, "message_template_language").to_owned(),
                change,
            });
        }
    }
    Ok(found)
}

/// Reads which customers stopped marketing messages, or want them again.
///
/// # Errors
/// [`HookError::Body`] when it is not in the vendor's form.
pub fn read_marketing_choices(body: &[u8], phone_number_id: &str) -> Result<Vec<MarketingChoice>, HookError> {
    let mut found = Vec::new();
    for (_, field, value) in changes(body)? {
        let metadata = value.get("metadata").unwrap_or(&Value::Null);
        if field != "user_preferences" || text(metadata, "phone_number_id") != phone_number_id {
            continue;
        }
        for choice in list(&value, "user_preferences") {
            let stopped = match (text(choice, "category"), text(choice, "value")) {
                ("marketing_messages", "stop") => true,
                ("marketing_messages", "resume") => false,
                _ => continue,
            };
            if let Some(from) = address(text(choice, "wa_id"), text(choice, "user_id")) {
                found.push(MarketingChoice { from, stopped, at: at(choice) });
            }
        }
    }
    Ok(found)
}

/// Reads whom a verified call is about.
///
/// # Errors
/// [`HookError::Body`] when it is not in the vendor's form.
pub fn read_people(body: &[u8], phone_number_id: &str) -> Result<Vec<Person>, HookError> {
    let mut found = Vec::new();
    for (_, _, value) in changes(body)? {
        if value.get("metadata").map(|metadata| text(metadata, "phone_number_id")) != Some(phone_number_id) {
            continue;
        }
        for contact in list(&value, "contacts") {
            let profile = contact.get("profile").unwrap_or(&Value::Null);
            let said = |name: &str| Some(words(text(profile, name))).filter(|said| !said.is_empty());
            let user_id = Some(text(contact, "user_id")).filter(|id| is_user_id(id));
            found.push(Person {
                number: address(text(contact, "wa_id"), ""),
                user_id: user_id.map(str::to_owned),
                name: said("name"),
                username: said("username"),
            });
        }
    }
    Ok(found)
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn scalar(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The vendor gives whole seconds, as text.
fn at(value: &Value) -> Option<Timestamp> {
    let seconds: i64 = scalar(value.get("timestamp"))?.parse().ok()?;
    // Beyond the year 9999 it is no time.
    (0..253_402_300_800).contains(&seconds).then(|| Timestamp::from_millis(seconds * 1_000))
}

/// A customer's address: their number when the vendor tells it, otherwise its id of them.
fn address(given: &str, user_id: &str) -> Option<String> {
    if is_user_id(given) {
        return Some(given.to_owned());
    }
    let digits = given.bytes().filter(u8::is_ascii_digit).count();
    if digits > 0 { Some(number(given)) } else { is_user_id(user_id).then(|| user_id.to_owned()) }
}

/// E.164 from the vendor's number, which lacks the plus. Mexican mobile numbers carry a `1` there that has not been part
/// of them since 2019; the vendor takes them without it, too.
fn number(given: &str) -> String {
    let digits: String = given.chars().filter(char::is_ascii_digit).take(20).collect();
    match digits.strip_prefix("521") {
        Some(rest) if rest.len() == 10 => format!("+52{rest}"),
        _ => format!("+{digits}"),
    }
}

fn cut(words: &str) -> String {
    words.chars().take(MAX_TEXT).collect()
}

/// What a message says: words, what a tap sends back, a file.
#[derive(Default)]
struct Said {
    text: String,
    choice: Option<String>,
    media: Option<Media>,
}

fn message(said: &Value, value: &Value, to: &str) -> Option<InboundMessage> {
    let vendor_id = text(said, "id");
    if vendor_id.is_empty() || vendor_id.len() > MAX_ID || !text(said, "group_id").is_empty() {
        return None;
    }
    let (from, user_id) = (text(said, "from"), text(said, "from_user_id"));
    let by = |contact: &&Value| {
        let is = |name: &str, id: &str| !id.is_empty() && text(contact, name) == id;
        is("wa_id", from) || is("user_id", user_id)
    };
    let contact = list(value, "contacts").find(by);
    let content = content(said)?;
    let name = contact.and_then(|contact| contact.get("profile"));
    let name = name.map(|profile| words(text(profile, "name"))).filter(|name| !name.is_empty());
    let answered = said.get("context").map(|context| text(context, "id")).filter(|id| !id.is_empty());
    Some(InboundMessage {
        vendor_id: vendor_id.to_owned(),
        from: address(from, user_id)?,
        to: to.to_owned(),
        name,
        text: cut(&content.text),
        choice: content.choice,
        media: content.media.into_iter().collect(),
        reply_to: answered.map(|id| id.chars().take(MAX_ID).collect()),
        vendor_handled_opt_out: false,
        at: at(said),
    })
}

fn content(said: &Value) -> Option<Said> {
    let kind = text(said, "type");
    let part = said.get(kind).unwrap_or(&Value::Null);
    let plain = |text: String| Some(Said { text, ..Said::default() });
    match kind {
        "text" => plain(text(part, "body").to_owned()),
        "button" => Some(Said {
            text: text(part, "text").to_owned(),
            choice: Some(cut(text(part, "payload"))).filter(|choice| !choice.is_empty()),
            media: None,
        }),
        "interactive" => {
            let reply = part.get(text(part, "type")).unwrap_or(&Value::Null);
            if text(part, "type") == "nfm_reply" {
                return plain("[filled in a form, which cannot be shown here]".to_owned());
            }
            let choice = Some(cut(text(reply, "id"))).filter(|choice| !choice.is_empty())?;
            // A title that was cut to fit has the whole of it underneath.
            let whole =
                [text(reply, "description"), text(reply, "title")].into_iter().find(|said| !said.is_empty());
            Some(Said { text: whole.unwrap_or_default().to_owned(), choice: Some(choice), media: None })
        }
        "image" | "video" | "audio" | "document" | "sticker" => Some(file(kind, part)),
        "location" => plain(location(part)),
        "contacts" => plain(contacts(part)),
        "order" => plain(order(part)),
        "reaction" | "system" | "request_welcome" | "ephemeral" | "revoke" | "" => None,
        "unsupported" | "unknown" => {
            plain("[sent something of a kind that WhatsApp does not pass on]".to_owned())
        }
        _ => plain(format!("[sent something that cannot be shown here: {}]", words(kind))),
    }
}

fn file(kind: &str, part: &Value) -> Said {
    let id = text(part, "id");
    let media_type = text(part, "mime_type").split(';').next().unwrap_or_default().trim();
    let name = Some(words(text(part, "filename"))).filter(|name| !name.is_empty());
    let media = is_media_id(id).then(|| Media {
        url: format!("{SCHEME}{id}"),
        media_type: if media_type.is_empty() {
            "application/octet-stream".to_owned()
        } else {
            words(media_type)
        },
        name,
    });
    let caption = text(part, "caption").to_owned();
    let lost = if media.is_none() && caption.is_empty() {
        format!("[sent a file that did not arrive: {kind}]")
    } else {
        caption
    };
    Said { text: lost, choice: None, media }
}

fn location(part: &Value) -> String {
    let coordinate = |name: &str| scalar(part.get(name)).unwrap_or_default();
    let place = [text(part, "name"), text(part, "address")].map(words);
    let place: Vec<&str> = place.iter().map(String::as_str).filter(|said| !said.is_empty()).collect();
    let (latitude, longitude) = (coordinate("latitude"), coordinate("longitude"));
    let at = format!("[location: {latitude}, {longitude}]");
    if place.is_empty() { at } else { format!("{} {at}", place.join(", ")) }
}

fn contacts(part: &Value) -> String {
    let one = |contact: &Value| {
        let name = contact.get("name").map(|name| words(text(name, "formatted_name"))).unwrap_or_default();
        let phones = list(contact, "phones").map(|phone| words(text(phone, "phone")));
        let mails = list(contact, "emails").map(|mail| words(text(mail, "email")));
        let parts: Vec<String> =
            std::iter::once(name).chain(phones).chain(mails).filter(|said| !said.is_empty()).collect();
        format!("[contact: {}]", parts.join(", "))
    };
    part.as_array().into_iter().flatten().take(20).map(one).collect::<Vec<_>>().join("\n")
}

fn order(part: &Value) -> String {
    let item = |item: &Value| {
        let quantity = scalar(item.get("quantity")).unwrap_or_default();
        format!("{quantity} × {}", words(text(item, "product_retailer_id")))
    };
    let items: Vec<String> = list(part, "product_items").take(50).map(item).collect();
    let note = words(text(part, "text"));
    let order = format!("[order: {}]", items.join(", "));
    if note.is_empty() { order } else { format!("{note} {order}") }
}

fn report(said: &Value) -> Option<Report> {
    let vendor_id = text(said, "id");
    let failure = list(said, "errors").next();
    let code = failure.and_then(|error| error.get("code")).and_then(Value::as_i64);
    let status = match text(said, "status") {
        "sent" => Status::Sent,
        "delivered" => Status::Delivered,
        // A voice message that was played was read.
        "read" | "played" => Status::Read,
        "failed" if code == Some(131_026) => Status::Undelivered,
        "failed" => Status::Failed,
        _ => return None,
    };
    let failed = matches!(status, Status::Failed | Status::Undelivered);
    let message = said.get("biz_opaque_callback_data").and_then(Value::as_str);
    if vendor_id.is_empty() || vendor_id.len() > MAX_ID {
        return None;
    }
    let means = code.filter(|_| failed).and_then(meaning).map(|(meaning, _)| meaning);
    Some(Report {
        vendor_id: vendor_id.to_owned(),
        message: message.and_then(|id| id.parse().ok()).map(MessageId::from_uuid),
        status,
        code: code.filter(|_| failed).map(|code| code.to_string()),
        reason: failed.then(|| reason(code, failure)),
        dead_address: means == Some(Meaning::Dead),
        // Here customers stop marketing alone; whoever blocks the business is not told of.
        stopped: (means == Some(Meaning::OptedOut)).then_some(Stopped::Marketing),
        at: at(said),
    })
}

fn reason(code: Option<i64>, failure: Option<&Value>) -> String {
    let failure = failure.unwrap_or(&Value::Null);
    let details = failure.get("error_data").map_or("", |data| text(data, "details"));
    let said = [details, text(failure, "message"), text(failure, "title")];
    let said = said.into_iter().find(|said| !said.is_empty()).unwrap_or_default();
    code.map_or_else(|| "WhatsApp does not say why".to_owned(), |code| plain(code, said))
}
