//! What a caller sees of customers who may not see their telephone numbers and addresses in full.
//!
//! The one place that hides them: every answer to a caller without `contacts:identify` passes here, whatever route gave
//! it, and numbers and e-mail addresses in it are masked, in fields and in free text alike. Only routes about the
//! business itself, named in [`OWN`], are left as they are: a new route is masked unless it is put there. What such a
//! caller searches for is looked for in names alone, which is the use cases' part. Files that customers sent are given as
//! they are.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::mask;
use serde_json::Value;

use crate::problem::Problem;

/// First parts of paths under `/api/v1` whose answers hold the business's own numbers and addresses and no customer's.
const OWN: &[&str] = &[
    "agents",
    "auth",
    "booking-settings",
    "booking-types",
    "calendars",
    "canned-replies",
    "channel-templates",
    "connections",
    "keys",
    "knowledge",
    "message-settings",
    "personas",
    "places",
    "public",
    "resources",
    "staff",
    "team",
    "widget",
    "widget-keys",
    "workspace",
    "workspaces",
];

/// The most bytes of an answer that is masked; lists are pages of at most 250 rows.
const LARGEST: usize = 64 * 1024 * 1024;

/// Whether a request's answer is masked; the extractor of callers decides.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sight(Arc<AtomicBool>);

impl Sight {
    /// Notes who calls.
    pub(crate) fn of(&self, ctx: &Context) {
        self.0.store(is_masked(ctx), Ordering::Relaxed);
    }
}

/// Whether numbers and addresses are hidden from this caller.
pub(crate) fn is_masked(ctx: &Context) -> bool {
    !ctx.grants.allows(Permission::ContactsIdentify)
}

/// Masks the answers to those who may not see all.
pub async fn layer(mut request: Request, next: Next) -> Response {
    let sight = Sight::default();
    let path = request.uri().path().strip_prefix("/api/v1/").unwrap_or_default();
    let first = path.split('/').next().unwrap_or_default();
    if first.is_empty() || OWN.contains(&first) {
        return next.run(request).await;
    }
    request.extensions_mut().insert(sight.clone());
    let response = next.run(request).await;
    if sight.0.load(Ordering::Relaxed) { masked(response).await } else { response }
}

enum Kind {
    Json,
    Text,
}

fn kind(headers: &HeaderMap) -> Option<Kind> {
    let said = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let media = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if media.ends_with("json") { Some(Kind::Json) } else { media.starts_with("text/").then_some(Kind::Text) }
}

async fn masked(response: Response) -> Response {
    let Some(kind) = kind(response.headers()) else { return response };
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, LARGEST).await else { return broken() };
    let hidden = match kind {
        Kind::Json => {
            let Ok(mut value) = serde_json::from_slice(&bytes) else { return broken() };
            hide(&mut value);
            value.to_string()
        }
        Kind::Text => mask::identity(&String::from_utf8_lossy(&bytes)),
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    if let Ok(length) = HeaderValue::from_str(&hidden.len().to_string()) {
        parts.headers.insert(header::CONTENT_LENGTH, length);
    }
    Response::from_parts(parts, Body::from(hidden))
}

/// Rather nothing than what must not be seen.
fn broken() -> Response {
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "Something went wrong",
        "the answer could not be prepared; try again, and tell whoever runs this installation if it stays so",
    )
    .into_response()
}

/// Hides numbers and addresses in every text of it. Ids and marks of pages stay: they are needed to ask on.
pub(crate) fn hide(value: &mut Value) {
    match value {
        Value::String(text) => *text = mask::identity(text),
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                let is_mark = name == "id" || name.ends_with("_id") || name.ends_with("cursor");
                if !(is_mark && field.is_string()) {
                    hide(field);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_and_addresses_are_hidden_wherever_they_stand_and_ids_stay() {
        let mut value = json!({
            "id": "0191a0b2-1234-7abc-8def-0123456789ab", "conversation_id": "14155552671", "total": 14_155_552_671_u64,
            "phone": "+14155552671", "at": "2026-11-21T19:00:00.000Z", "day": "2026-11-21",
            "said": ["call (415) 555-2671 or jane.doe@example.com"], "fields": { "work": "+49 30 1234567" },
            "next_cursor": "2025550143.x",
        });
        hide(&mut value);
        assert_eq!(
            value,
            json!({
                "id": "0191a0b2-1234-7abc-8def-0123456789ab", "conversation_id": "14155552671", "total": 14_155_552_671_u64,
                "phone": "+•••••••2671", "at": "2026-11-21T19:00:00.000Z", "day": "2026-11-21",
                "said": ["call (•••) •••-2671 or j•••@example.com"], "fields": { "work": "+•• •• •••4567" },
                "next_cursor": "2025550143.x",
            })
        );
    }
}
