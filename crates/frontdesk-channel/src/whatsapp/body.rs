//! What a message looks like on the wire, within the vendor's limits.
//!
//! Sources: the vendor's pages on text, media, interactive and template messages. What does not fit a kind of message is
//! sent as plain words rather than cut: a choice too many becomes a line, a file WhatsApp does not show becomes a link.

use frontdesk_domain::outbox::{ApprovedTemplate, Choice, Content, Media};
use serde_json::{Value, json};

use super::is_user_id;
use crate::channel::Outbound;

/// Most characters of a text message.
const MAX_TEXT: usize = 4096;
/// Most characters of a file's caption and of the words over choices.
const MAX_CAPTION: usize = 1024;
/// Most answers as buttons, and characters on each.
const MAX_BUTTONS: usize = 3;
const MAX_BUTTON: usize = 20;
/// Most answers as a list, characters on each, and of what stands under it.
const MAX_ROWS: usize = 10;
const MAX_ROW: usize = 24;
const MAX_UNDER_ROW: usize = 72;
/// Most characters of what comes back from a row; from a button it is more.
const MAX_ID: usize = 200;
/// What opens a list.
const OPENS_LIST: &str = "⋯";

/// The request's body, or why there cannot be one.
pub(super) fn request(outbound: &Outbound) -> Result<Value, String> {
    let content = &outbound.content;
    let (kind, part) = part(content)?;
    let mut body = json!({
        "messaging_product": "whatsapp", "recipient_type": "individual", "type": kind,
        // Comes back with each report, so that a report may overtake the answer that gives the vendor's id.
        "biz_opaque_callback_data": outbound.message.uuid().to_string(),
    });
    if let Some(fields) = body.as_object_mut() {
        let whom = if is_user_id(&outbound.address) { "recipient" } else { "to" };
        fields.insert(whom.to_owned(), json!(outbound.address));
        fields.insert(kind.to_owned(), part);
        if let Some(answered) = &content.reply_to {
            fields.insert("context".to_owned(), json!({"message_id": answered}));
        }
    }
    Ok(body)
}

fn part(content: &Content) -> Result<(&'static str, Value), String> {
    if let Some(approved) = &content.template {
        return Ok(("template", template(approved)?));
    }
    let file = match content.media.as_slice() {
        [] => None,
        [file] => Some(file),
        _ => return Err("WhatsApp carries one file in a message; send the others one by one".to_owned()),
    };
    let shape = file.map(|file| (shown_as(&file.media_type), file));
    match shape {
        None if content.choices.is_empty() => text(&content.text),
        None => choices(content, None),
        Some((Some(kind), file)) if !content.choices.is_empty() => choices(content, Some((kind, file))),
        Some((Some(kind), file)) if has_room(kind, &content.text) => {
            Ok((kind, media(kind, file, &content.text)))
        }
        Some((_, file)) => text(&with_link(&with_lines(content), file)),
    }
}

fn text(words: &str) -> Result<(&'static str, Value), String> {
    if words.trim().is_empty() {
        return Err("the message is empty".to_owned());
    }
    let length = words.chars().count();
    if length > MAX_TEXT {
        return Err(format!("the message has {length} characters; WhatsApp takes at most {MAX_TEXT}"));
    }
    Ok(("text", json!({"preview_url": false, "body": words})))
}

/// How WhatsApp shows a file of this type; `None` when it does not take it.
///
/// From the vendor's page "Supported media types".
fn shown_as(media_type: &str) -> Option<&'static str> {
    match media_type.split(';').next().unwrap_or_default().trim() {
        "image/jpeg" | "image/png" => Some("image"),
        "video/mp4" | "video/3gpp" => Some("video"),
        "audio/aac" | "audio/amr" | "audio/mpeg" | "audio/mp4" | "audio/ogg" => Some("audio"),
        "text/plain"
        | "application/pdf"
        | "application/msword"
        | "application/vnd.ms-excel"
        | "application/vnd.ms-powerpoint"
        | "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        | "application/vnd.openxmlformats-officedocument.presentationml.presentation" => Some("document"),
        _ => None,
    }
}

/// Whether these words can go with such a file: sound has no caption.
fn has_room(kind: &str, words: &str) -> bool {
    if kind == "audio" { words.is_empty() } else { words.chars().count() <= MAX_CAPTION }
}

fn media(kind: &str, file: &Media, caption: &str) -> Value {
    let mut part = json!({"link": file.url});
    if let Some(fields) = part.as_object_mut() {
        if !caption.is_empty() {
            fields.insert("caption".to_owned(), json!(caption));
        }
        if let Some(name) = file.name.as_ref().filter(|_| kind == "document") {
            fields.insert("filename".to_owned(), json!(name));
        }
    }
    part
}

fn with_link(words: &str, file: &Media) -> String {
    if words.is_empty() { file.url.clone() } else { format!("{words}\n{}", file.url) }
}

/// The words, and each choice on a line of its own.
fn with_lines(content: &Content) -> String {
    let mut words = content.text.clone();
    for choice in &content.choices {
        words.push_str("\n• ");
        words.push_str(&choice.title);
    }
    words
}

/// Choices to tap: up to three short ones are buttons, up to ten a list, more or too many words are lines.
fn choices(content: &Content, file: Option<(&'static str, &Media)>) -> Result<(&'static str, Value), String> {
    let chosen = &content.choices;
    let is_short = |choice: &Choice| choice.title.chars().count() <= MAX_BUTTON;
    let words = content.text.chars().count();
    let fits = (1..=MAX_CAPTION).contains(&words)
        && chosen.iter().all(|choice| {
            (1..=MAX_ID).contains(&choice.id.chars().count())
                && (1..=MAX_UNDER_ROW).contains(&choice.title.chars().count())
        });
    let has_buttons = fits && chosen.len() <= MAX_BUTTONS && chosen.iter().all(is_short);
    match file {
        None if has_buttons => Ok(("interactive", buttons(content, None))),
        Some((kind, file)) if has_buttons && kind != "audio" => {
            let header = json!({"type": kind, kind: media(kind, file, "")});
            Ok(("interactive", buttons(content, Some(header))))
        }
        None if fits && chosen.len() <= MAX_ROWS => Ok(("interactive", list(content))),
        Some((kind, file)) if has_room(kind, &with_lines(content)) => {
            Ok((kind, media(kind, file, &with_lines(content))))
        }
        Some((_, file)) => text(&with_link(&with_lines(content), file)),
        None => text(&with_lines(content)),
    }
}

fn buttons(content: &Content, header: Option<Value>) -> Value {
    let button =
        |choice: &Choice| json!({"type": "reply", "reply": {"id": choice.id, "title": choice.title}});
    let buttons: Vec<Value> = content.choices.iter().map(button).collect();
    let mut part = json!({"type": "button", "body": {"text": content.text}, "action": {"buttons": buttons}});
    if let (Some(header), Some(fields)) = (header, part.as_object_mut()) {
        fields.insert("header".to_owned(), header);
    }
    part
}

fn list(content: &Content) -> Value {
    let row = |choice: &Choice| {
        if choice.title.chars().count() <= MAX_ROW {
            return json!({"id": choice.id, "title": choice.title});
        }
        let start: String = choice.title.chars().take(MAX_ROW - 1).collect();
        json!({"id": choice.id, "title": format!("{}…", start.trim_end()), "description": choice.title})
    };
    let rows: Vec<Value> = content.choices.iter().map(row).collect();
    json!({"type": "list", "body": {"text": content.text}, "action": {"button": OPENS_LIST, "sections": [{"rows": rows}]}})
}

fn template(approved: &ApprovedTemplate) -> Result<Value, String> {
    let mut parameters = Vec::with_capacity(approved.variables.len());
    for (index, variable) in approved.variables.iter().enumerate() {
        // The vendor refuses line breaks and runs of spaces in a place.
        let filled = variable.split_whitespace().collect::<Vec<_>>().join(" ");
        if filled.is_empty() {
            return Err(format!("place {{{{{}}}}} of the template has no words; fill it", index + 1));
        }
        parameters.push(json!({"type": "text", "text": filled}));
    }
    let mut part = json!({
        "name": approved.name, "language": {"policy": "deterministic", "code": approved.language},
    });
    if let (false, Some(fields)) = (parameters.is_empty(), part.as_object_mut()) {
        fields.insert("components".to_owned(), json!([{"type": "body", "parameters": parameters}]));
    }
    Ok(part)
}
