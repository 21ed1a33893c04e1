//! What the business sends: judged as the vendor judges it, shown on the customer's phone, and what becomes of it.

use serde_json::{Map, Value, json};

use super::calls::Step;
use super::graph::GraphError;
use super::state::{Entry, Fault, State, WhatsappSim, digits, number_of, user_id};
use super::templates;

/// Keys of every message.
const KEYS: [&str; 7] =
    ["messaging_product", "recipient_type", "to", "recipient", "type", "context", "biz_opaque_callback_data"];
const MAX_TEXT: usize = 4096;
const MAX_CAPTION: usize = 1024;

/// What the customer sees of a message.
#[derive(Debug, Default)]
struct Seen {
    text: String,
    media: Vec<Value>,
    choices: Vec<(String, String)>,
    kind: &'static str,
    category: Option<String>,
}

type Judged<T> = Result<T, GraphError>;

/// Takes a request to `/messages`: a message, or that one was read.
pub(super) fn take(sim: &WhatsappSim, body: &Value) -> Judged<Value> {
    let now = sim.now();
    let mut state = sim.lock();
    state.log_request(body);
    let fields =
        body.as_object().ok_or_else(|| GraphError::parameter("The request body is not an object"))?;
    if text(body, "messaging_product") != "whatsapp" {
        return Err(GraphError::new(400, 100, "The parameter messaging_product is required."));
    }
    if fields.contains_key("status") {
        return read(&mut state, body);
    }
    let to = recipient(body)?;
    if to == state.account.number {
        return Err(GraphError::new(400, 131_021, "Recipient cannot be sender"));
    }
    let seen = judge(&mut state, fields, body)?;
    let id = state.wamid();
    let opaque = body.get("biz_opaque_callback_data").and_then(Value::as_str).map(str::to_owned);
    let answered = body.pointer("/context/message_id").and_then(Value::as_str).map(str::to_owned);
    let steps = fate(&mut state, &to, &seen, now);
    let entry = Entry {
        id: id.clone(),
        out: true,
        text: seen.text,
        media: seen.media,
        choices: seen.choices,
        kind: seen.kind,
        reply_to: answered,
        opaque: opaque.clone(),
        status: "accepted",
        at: now,
    };
    state.add(&to, entry);
    drop(state);
    sim.report(&id, &to, opaque, steps);
    Ok(json!({
        "messaging_product": "whatsapp",
        "contacts": [{"input": text(body, "to"), "wa_id": to, "user_id": user_id(&to)}],
        "messages": [{"id": id, "message_status": "accepted"}],
    }))
}

/// The customer: by number, or by the vendor's id of them.
fn recipient(body: &Value) -> Judged<String> {
    let (to, recipient) = (text(body, "to"), text(body, "recipient"));
    if !recipient.is_empty() && to.is_empty() {
        let number = number_of(recipient).map(str::to_owned);
        return number.ok_or_else(|| value("Parameter value is not valid: recipient"));
    }
    let is_plain = to.chars().all(|one| one.is_ascii_digit() || "+-() ".contains(one));
    let number = digits(to);
    if is_plain && (7..=15).contains(&number.len()) {
        Ok(number)
    } else {
        Err(value("Parameter value is not valid: to"))
    }
}

/// What becomes of a message that was taken.
fn fate(state: &mut State, to: &str, seen: &Seen, now: frontdesk_domain::time::Timestamp) -> Vec<Step> {
    if let Some(Fault::Fails { code }) = state.faults.front().cloned() {
        state.faults.pop_front();
        return vec![Step::fails(code, "scripted")];
    }
    let is_template = seen.kind == "template";
    let is_open = state.window_is_open(to, now);
    let opens = state.conduct.opens;
    let phone = state.phone(to);
    if phone.absent {
        return vec![Step::fails(131_026, "Message undeliverable")];
    }
    if !is_template && !is_open {
        return vec![Step::fails(131_047, "Re-engagement message")];
    }
    if phone.stopped_marketing && seen.category.as_deref() == Some("MARKETING") {
        return vec![Step::fails(131_050, "User has stopped marketing messages from this business")];
    }
    let mut steps = vec![Step::is("sent")];
    if !phone.blocks {
        steps.push(Step::is("delivered"));
        if opens {
            steps.push(Step::is("read"));
        }
    }
    steps
}

/// The business read a message, and may be writing an answer.
fn read(state: &mut State, body: &Value) -> Judged<Value> {
    let typing = body.get("typing_indicator");
    if text(body, "status") != "read" || typing.is_some_and(|typing| text(typing, "type") != "text") {
        return Err(GraphError::parameter("status must be read, typing_indicator of type text"));
    }
    let entry = state.entry(text(body, "message_id")).filter(|entry| !entry.out);
    let entry = entry.ok_or_else(|| value("Parameter value is not valid: message_id"))?;
    entry.status = "read";
    Ok(json!({"success": true}))
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn value(details: &str) -> GraphError {
    GraphError {
        details: details.to_owned(),
        ..GraphError::new(400, 131_009, "Parameter value is not valid")
    }
}

fn missing(name: &str) -> GraphError {
    let details = format!("The parameter {name} is required.");
    GraphError { details, ..GraphError::new(400, 131_008, "Required parameter is missing") }
}

/// A part of 1 to `most` characters.
fn words(part: &Value, name: &str, most: usize) -> Judged<String> {
    let words = text(part, name);
    match words.chars().count() {
        0 => Err(missing(name)),
        length if length > most => {
            Err(value(&format!("{name} has {length} characters, at most {most} are allowed")))
        }
        _ => Ok(words.to_owned()),
    }
}

fn only(part: &Value, allowed: &[&str]) -> Judged<()> {
    let keys = part.as_object().map(Map::keys).into_iter().flatten();
    match keys.into_iter().find(|key| !allowed.contains(&key.as_str())) {
        Some(key) => Err(GraphError::new(400, 100, format!("Unexpected key \"{key}\""))),
        None => Ok(()),
    }
}

fn judge(state: &mut State, fields: &Map<String, Value>, body: &Value) -> Judged<Seen> {
    let kind = text(body, "type");
    only(body, &[&KEYS[..], &[kind]].concat())?;
    if !matches!(text(body, "recipient_type"), "" | "individual") {
        return Err(value("recipient_type must be individual"));
    }
    if text(body, "biz_opaque_callback_data").chars().count() > 512 {
        return Err(value("biz_opaque_callback_data has more than 512 characters"));
    }
    if fields.get("context").is_some_and(|context| text(context, "message_id").is_empty()) {
        return Err(missing("context.message_id"));
    }
    let part = fields.get(kind).ok_or_else(|| missing(kind))?;
    match kind {
        "text" => {
            only(part, &["body", "preview_url"])?;
            Ok(Seen { text: words(part, "body", MAX_TEXT)?, ..Seen::default() })
        }
        "image" | "video" | "audio" | "document" => file(state, kind, part),
        "interactive" => interactive(state, part),
        "template" => template(state, part),
        _ => Err(GraphError::new(400, 131_051, "Unsupported message type")),
    }
}

fn file(state: &State, kind: &str, part: &Value) -> Judged<Seen> {
    let allowed: &[&str] = match kind {
        "audio" => &["id", "link"],
        "document" => &["id", "link", "caption", "filename"],
        _ => &["id", "link", "caption"],
    };
    only(part, allowed)?;
    let (id, link) = (text(part, "id"), text(part, "link"));
    let url = match (id.is_empty(), link.is_empty()) {
        (false, true) if state.files.contains_key(id) => format!("/__sim/files/{id}"),
        (true, false) if link.starts_with("https://") || link.starts_with("http://") => link.to_owned(),
        (true, false) => return Err(value("link must be a web address")),
        _ => return Err(value("either id or link is needed")),
    };
    let caption = text(part, "caption");
    if caption.chars().count() > MAX_CAPTION {
        return Err(value("caption is too long"));
    }
    let media_type = match kind {
        "image" => "image/jpeg",
        "video" => "video/mp4",
        "audio" => "audio/mpeg",
        _ => "application/octet-stream",
    };
    let media_type = state.files.get(id).map_or(media_type, |file| file.media_type.as_str());
    let media = json!({"url": url, "media_type": media_type, "name": part.get("filename")});
    Ok(Seen { text: caption.to_owned(), media: vec![media], ..Seen::default() })
}

fn interactive(state: &State, part: &Value) -> Judged<Seen> {
    only(part, &["type", "header", "body", "footer", "action"])?;
    let nothing = Value::Null;
    let said = words(part.get("body").unwrap_or(&nothing), "text", MAX_CAPTION)?;
    let media = match part.get("header") {
        None => Vec::new(),
        Some(header) => {
            let kind = text(header, "type");
            let inner = header.get(kind).ok_or_else(|| missing("header"))?;
            if kind == "text" { Vec::new() } else { file(state, kind, inner)?.media }
        }
    };
    let action = part.get("action").unwrap_or(&nothing);
    let (choices, kind) = match text(part, "type") {
        "button" => (buttons(action)?, "button"),
        "list" => (rows(action)?, "list"),
        _ => return Err(value("interactive.type")),
    };
    let mut ids: Vec<&String> = choices.iter().map(|(id, _)| id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() != choices.len() {
        return Err(value("Duplicate id of a button or row"));
    }
    Ok(Seen { text: said, media, choices, kind, category: None })
}

fn buttons(action: &Value) -> Judged<Vec<(String, String)>> {
    only(action, &["buttons"])?;
    let buttons = action.get("buttons").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if !(1..=3).contains(&buttons.len()) {
        return Err(value("Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3"));
    }
    let one = |button: &Value| {
        let reply = button
            .get("reply")
            .filter(|_| text(button, "type") == "reply")
            .ok_or_else(|| missing("reply"))?;
        Ok((words(reply, "id", 256)?, words(reply, "title", 20)?))
    };
    buttons.iter().map(one).collect()
}

fn rows(action: &Value) -> Judged<Vec<(String, String)>> {
    only(action, &["button", "sections"])?;
    words(action, "button", 20)?;
    let sections = action.get("sections").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut rows = Vec::new();
    for section in sections {
        if sections.len() > 1 {
            words(section, "title", 24)?;
        }
        for row in section.get("rows").and_then(Value::as_array).into_iter().flatten() {
            only(row, &["id", "title", "description"])?;
            if text(row, "description").chars().count() > 72 {
                return Err(value("description is too long"));
            }
            rows.push((words(row, "id", 200)?, words(row, "title", 24)?));
        }
    }
    if (1..=10).contains(&rows.len()) {
        Ok(rows)
    } else {
        Err(value("Invalid rows count. Min allowed rows: 1, Max allowed rows: 10"))
    }
}

fn template(state: &State, part: &Value) -> Judged<Seen> {
    only(part, &["name", "language", "components"])?;
    let name = words(part, "name", 512)?;
    let language = part.get("language").map(|language| text(language, "code")).unwrap_or_default();
    let known = state.templates.iter().find(|known| known.name == name && known.language == language);
    let known = known.filter(|known| matches!(known.status.as_str(), "APPROVED" | "PAUSED" | "DISABLED"));
    let Some(known) = known else {
        let details = format!("template name ({name}) does not exist in {language}");
        return Err(GraphError {
            details,
            ..GraphError::new(404, 132_001, "Template name does not exist in the translation")
        });
    };
    match known.status.as_str() {
        "PAUSED" => return Err(GraphError::new(400, 132_015, "Template is paused")),
        "DISABLED" => return Err(GraphError::new(400, 132_016, "Template is disabled")),
        _ => {}
    }
    let components = part.get("components").and_then(Value::as_array).into_iter().flatten();
    let mut given = Vec::new();
    for component in components.filter(|component| text(component, "type").eq_ignore_ascii_case("body")) {
        for parameter in component.get("parameters").and_then(Value::as_array).into_iter().flatten() {
            let filled = words(parameter, "text", 1024)?;
            if filled.contains(['\n', '\t']) || filled.contains("     ") {
                let details =
                    "Param text cannot have new-line/tab characters or more than 4 consecutive spaces";
                let error =
                    GraphError::new(400, 132_018, "There's an issue with the parameters in your template");
                return Err(GraphError { details: details.to_owned(), ..error });
            }
            given.push(filled);
        }
    }
    let body = templates::body_of(known);
    let expected = templates::places(&body);
    if given.len() != expected {
        let details = format!(
            "body: number of localizable_params ({}) does not match the expected number of params ({expected})",
            given.len()
        );
        let error = GraphError::new(
            400,
            132_000,
            "Number of parameters does not match the expected number of params",
        );
        return Err(GraphError { details, ..error });
    }
    let said = given
        .iter()
        .enumerate()
        .fold(body, |said, (index, filled)| said.replace(&format!("{{{{{}}}}}", index + 1), filled));
    Ok(Seen {
        text: said,
        media: Vec::new(),
        choices: templates::answers_of(known),
        kind: "template",
        category: Some(known.category.clone()),
    })
}
