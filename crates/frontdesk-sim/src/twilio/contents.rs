//! Content that messages are made from, and WhatsApp's approval of it: made, listed, handed in, deleted.

use std::collections::HashMap;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::api::{Answer, ApiError, page_of};
use super::state::{Approval, StoredContent, TwilioSim};

/// Types of content that WhatsApp approves, of those that are known here.
const TYPES: [&str; 5] =
    ["twilio/text", "twilio/quick-reply", "twilio/call-to-action", "twilio/card", "whatsapp/card"];

pub(super) fn router() -> Router<TwilioSim> {
    Router::new()
        .route("/v1/Content", post(create))
        .route("/v1/Content/{sid}", get(fetch).delete(remove))
        .route("/v1/Content/{sid}/ApprovalRequests", get(approval))
        .route("/v1/Content/{sid}/ApprovalRequests/whatsapp", post(hand_in))
        .route("/v1/ContentAndApprovals", get(list))
}

/// What a customer reads of a content, its places unfilled.
pub(super) fn words(content: &StoredContent) -> String {
    let held = content.types.as_object().and_then(|types| types.values().next());
    let line = |name: &str| held.and_then(|held| held.get(name)?.as_str());
    let parts = [line("header_text"), line("body").or_else(|| line("title")), line("footer")];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// Whether a message may begin with it over WhatsApp.
pub(super) fn is_approved(content: &StoredContent) -> bool {
    content.approval.as_ref().is_some_and(|approval| approval.status == "approved")
}

fn refuse(code: u32, message: impl Into<String>) -> ApiError {
    ApiError::new(400, code, message)
}

/// What a content is made of, by the vendor's description.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewContent {
    #[serde(default)]
    friendly_name: String,
    #[serde(default)]
    variables: Map<String, Value>,
    language: String,
    types: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewApproval {
    name: String,
    category: String,
    #[serde(default, rename = "send_ttl_seconds")]
    _send_ttl_seconds: Option<u32>,
    #[serde(default, rename = "bid_amount")]
    _bid_amount: Option<u32>,
}

fn read<T: serde::de::DeserializeOwned>(body: &Bytes) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|error| refuse(20001, format!("Invalid request body: {error}")))
}

fn iso(content: &StoredContent) -> String {
    content.at.to_jiff().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn shown(sid: &str, account: &str, content: &StoredContent) -> Value {
    json!({
        "sid": sid, "account_sid": account, "friendly_name": content.name, "language": content.language,
        "variables": content.variables, "types": content.types, "date_created": iso(content),
        "date_updated": iso(content), "url": format!("https://content.twilio.com/v1/Content/{sid}"),
        "links": {
            "approval_create": format!("https://content.twilio.com/v1/Content/{sid}/ApprovalRequests/whatsapp"),
            "approval_fetch": format!("https://content.twilio.com/v1/Content/{sid}/ApprovalRequests"),
        },
    })
}

/// What became of a content with WhatsApp.
fn judged(content: &StoredContent) -> Value {
    let kind = content.types.as_object().and_then(|types| types.keys().next());
    match &content.approval {
        None => json!({ "status": "unsubmitted", "type": "whatsapp" }),
        Some(approval) => json!({
            "type": "whatsapp", "name": approval.name, "category": approval.category, "content_type": kind,
            "status": approval.status, "rejection_reason": approval.reason, "allow_category_change": true,
        }),
    }
}

async fn create(State(sim): State<TwilioSim>, body: Bytes) -> Answer {
    let mut new: NewContent = read(&body)?;
    new.types.retain(|_, content| !content.is_null());
    let known = new.types.keys().all(|kind| TYPES.contains(&kind.as_str()));
    if new.types.is_empty() || !known || new.language.is_empty() {
        return Err(refuse(20001, "types: one of the known content types is required"));
    }
    let now = sim.now();
    let mut state = sim.lock();
    let sid = state.new_sid("HX");
    let content = StoredContent {
        name: new.friendly_name,
        language: new.language,
        variables: Value::Object(new.variables),
        types: Value::Object(new.types),
        approval: None,
        at: now,
    };
    if words(&content).is_empty() {
        return Err(refuse(20001, "body is required"));
    }
    let answer = shown(&sid, &state.account.sid, &content);
    state.contents.insert(sid, content);
    Ok((StatusCode::CREATED, axum::Json(answer)).into_response())
}

async fn fetch(State(sim): State<TwilioSim>, Path(sid): Path<String>) -> Answer {
    let state = sim.lock();
    let content = state.contents.get(&sid).ok_or_else(|| ApiError::not_found(&sid))?;
    Ok(axum::Json(shown(&sid, &state.account.sid, content)).into_response())
}

async fn remove(State(sim): State<TwilioSim>, Path(sid): Path<String>) -> Answer {
    sim.lock().contents.remove(&sid).ok_or_else(|| ApiError::not_found(&sid))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn approval(State(sim): State<TwilioSim>, Path(sid): Path<String>) -> Answer {
    let state = sim.lock();
    let content = state.contents.get(&sid).ok_or_else(|| ApiError::not_found(&sid))?;
    let url = format!("https://content.twilio.com/v1/Content/{sid}/ApprovalRequests");
    let answer =
        json!({ "sid": sid, "account_sid": state.account.sid, "url": url, "whatsapp": judged(content) });
    Ok(axum::Json(answer).into_response())
}

async fn hand_in(State(sim): State<TwilioSim>, Path(sid): Path<String>, body: Bytes) -> Answer {
    let asked: NewApproval = read(&body)?;
    let mut state = sim.lock();
    let language = state.contents.get(&sid).ok_or_else(|| ApiError::not_found(&sid))?.language.clone();
    let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if asked.name.is_empty() || !asked.name.bytes().all(is_name) {
        return Err(refuse(20001, "name may have lower-case letters, digits and underscores"));
    }
    if !matches!(asked.category.as_str(), "UTILITY" | "MARKETING" | "AUTHENTICATION") {
        return Err(refuse(20001, "category is not one of WhatsApp's"));
    }
    let is_taken = state.contents.iter().any(|(other, content)| {
        let named = content.approval.as_ref().is_some_and(|approval| approval.name == asked.name);
        *other != sid && content.language == language && named
    });
    if is_taken {
        return Err(refuse(20001, "There is already content in this language for this template name"));
    }
    let content = state.contents.get_mut(&sid).ok_or_else(|| ApiError::not_found(&sid))?;
    if content.approval.is_some() {
        return Err(refuse(20001, "An approval request was already submitted"));
    }
    content.approval = Some(Approval {
        name: asked.name,
        category: asked.category,
        status: "received".to_owned(),
        reason: String::new(),
    });
    Ok((StatusCode::CREATED, axum::Json(judged(content))).into_response())
}

async fn list(State(sim): State<TwilioSim>, Query(query): Query<HashMap<String, String>>) -> Answer {
    let (page, size) = page_of(&query)?;
    let state = sim.lock();
    let mut contents: Vec<Value> = state
        .contents
        .iter()
        .skip(page * size)
        .take(size + 1)
        .map(|(sid, content)| {
            let mut one = shown(sid, &state.account.sid, content);
            if let Some(fields) = one.as_object_mut() {
                fields.remove("url");
                fields.remove("links");
                fields.insert("approval_requests".to_owned(), judged(content));
            }
            one
        })
        .collect();
    let at = |page: usize| {
        format!(
            "https://content.twilio.com/v1/ContentAndApprovals?PageSize={size}&Page={page}&PageToken=PA{page}"
        )
    };
    let next = (contents.len() > size).then(|| at(page + 1));
    contents.truncate(size);
    let meta = json!({
        "page": page, "page_size": size, "key": "contents", "url": at(page), "first_page_url": at(0),
        "previous_page_url": page.checked_sub(1).map(at), "next_page_url": next,
    });
    Ok(axum::Json(json!({ "contents": contents, "meta": meta })).into_response())
}
