//! Google Calendar v3: `/calendar/v3/...`, with `/token` and `/revoke` beside it.
//!
//! Written from the discovery document and the guides. It refuses what Google refuses where a client could get it wrong:
//! a window beside a sync token, unknown parameters, ids with other characters, an id that exists.

use std::collections::HashMap;

use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::set;
use super::state::Channel;
use super::{Blocks, CalendarSim, Event};
use crate::{Running, spawn as spawn_router};

/// The zone of every calendar here.
const ZONE: &str = "Europe/Berlin";

/// The simulator's routes.
pub fn router(sim: CalendarSim) -> Router {
    let api = Router::new()
        .route("/users/me/calendarList", get(calendars))
        .route("/calendars/{calendar}/events", get(list).post(insert))
        .route("/calendars/{calendar}/events/watch", post(watch))
        .route("/calendars/{calendar}/events/{event}", patch(update).delete(remove))
        .route("/channels/stop", post(stop))
        .layer(from_fn_with_state(sim.clone(), door));
    Router::new().nest("/calendar/v3", api).merge(super::token::router()).with_state(sim)
}

/// Serves it on a free local port; the API's base URL is `{url}/calendar/v3`.
pub async fn spawn(sim: CalendarSim) -> std::io::Result<Running> {
    spawn_router(router(sim)).await
}

/// The headers of the calls Google would make for one change, one per channel.
pub fn pushes(sim: &CalendarSim, state: &'static str) -> Vec<HeaderMap> {
    let open = sim.lock().channels.clone();
    let text = |value: &str| HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static(""));
    open.iter()
        .map(|(id, channel)| {
            [
                ("x-goog-channel-id", text(id)),
                ("x-goog-channel-token", text(&channel.token)),
                ("x-goog-resource-id", text(&channel.resource)),
                ("x-goog-resource-state", text(state)),
                ("x-goog-message-number", text("2")),
            ]
            .into_iter()
            .map(|(name, value)| (HeaderName::from_static(name), value))
            .collect()
        })
        .collect()
}

async fn door(State(sim): State<CalendarSim>, request: Request, next: Next) -> Response {
    let refusal = error(StatusCode::UNAUTHORIZED, "authError", "Invalid Credentials");
    super::door(sim, request, next, "Bearer", refusal).await
}

fn error(status: StatusCode, reason: &str, message: &str) -> Response {
    let detail = json!({"domain": "global", "reason": reason, "message": message});
    let body = json!({"error": {"code": status.as_u16(), "message": message, "errors": [detail]}});
    (status, Json(body)).into_response()
}

async fn calendars(State(sim): State<CalendarSim>) -> Response {
    let names = sim.lock().calendars.clone();
    let entry = |name: &String| {
        let primary = name == CalendarSim::PRIMARY;
        json!({"kind": "calendar#calendarListEntry", "id": name, "summary": format!("Calendar {name}"),
            "primary": primary, "accessRole": if primary { "owner" } else { "reader" },
            "timeZone": ZONE, "backgroundColor": "#9fe1e7"})
    };
    let items: Vec<Value> = names.iter().map(entry).collect();
    Json(json!({"kind": "calendar#calendarList", "items": items, "nextSyncToken": "c1"})).into_response()
}

const LIST_PARAMETERS: &[&str] = &[
    "alwaysIncludeEmail",
    "eventTypes",
    "iCalUID",
    "maxAttendees",
    "maxResults",
    "orderBy",
    "pageToken",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "showDeleted",
    "showHiddenInvitations",
    "singleEvents",
    "syncToken",
    "timeMax",
    "timeMin",
    "timeZone",
    "updatedMin",
];

async fn list(
    State(sim): State<CalendarSim>,
    Path(calendar): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    if let Some(unknown) = query.keys().find(|name| !LIST_PARAMETERS.contains(&name.as_str())) {
        return error(StatusCode::BAD_REQUEST, "invalidParameter", &format!("unknown parameter {unknown}"));
    }
    let state = sim.lock();
    if !state.knows_calendar(&calendar) {
        return error(StatusCode::NOT_FOUND, "notFound", "Not Found");
    }
    let since: Option<u64> = match query
        .get("syncToken")
        .map(|token| token.strip_prefix('s').and_then(|at| at.parse().ok()))
    {
        None => None,
        Some(None) => return error(StatusCode::BAD_REQUEST, "invalidSyncToken", "Invalid sync token value."),
        Some(Some(at)) if at < state.forgotten => {
            return error(
                StatusCode::GONE,
                "fullSyncRequired",
                "Sync token is no longer valid, a full sync is required.",
            );
        }
        Some(at) => at,
    };
    if since.is_some()
        && ["timeMin", "timeMax", "updatedMin", "q", "orderBy"].iter().any(|name| query.contains_key(*name))
    {
        return error(
            StatusCode::BAD_REQUEST,
            "badRequest",
            "Sync token cannot be used with other query restrictions.",
        );
    }
    if query.get("singleEvents").map(String::as_str) != Some("true") {
        return error(StatusCode::BAD_REQUEST, "badRequest", "this simulator only lists single events");
    }
    let bound = |name: &str, open: &str| query.get(name).cloned().unwrap_or_else(|| open.to_owned());
    let (from, to) = (bound("timeMin", "0"), bound("timeMax", "9"));
    let found: Vec<Event> = state
        .in_order(&calendar)
        .into_iter()
        .filter(|event| match since {
            Some(since) => event.version > since,
            None => !event.deleted && event.start < to && event.end > from,
        })
        .collect();
    let skip: usize = query.get("pageToken").and_then(|page| page.parse().ok()).unwrap_or(0);
    let page: Vec<Value> = found.iter().skip(skip).take(state.page).map(shown).collect();
    let mut answer = json!({"kind": "calendar#events", "timeZone": ZONE, "items": page});
    if skip + state.page < found.len() {
        set(&mut answer, "nextPageToken", json!((skip + state.page).to_string()));
    } else {
        set(&mut answer, "nextSyncToken", json!(format!("s{}", state.changes)));
    }
    Json(answer).into_response()
}

fn shown(event: &Event) -> Value {
    let etag = format!("\"{}\"", event.version);
    if event.deleted {
        return json!({"kind": "calendar#event", "id": event.id, "etag": etag, "status": "cancelled"});
    }
    let at = |text: &str| {
        if event.all_day {
            json!({"date": text.get(..10)})
        } else {
            json!({"dateTime": text, "timeZone": ZONE})
        }
    };
    let mut value = json!({
        "kind": "calendar#event", "id": event.id, "etag": etag, "status": "confirmed", "summary": event.summary,
        "description": event.description, "location": event.location, "iCalUID": format!("{}@google.com", event.id),
        "start": at(&event.start), "end": at(&event.end), "eventType": "default", "sequence": 0,
    });
    match event.blocks {
        Blocks::Busy => {}
        Blocks::Free => set(&mut value, "transparency", json!("transparent")),
        Blocks::Declined => {
            set(
                &mut value,
                "attendees",
                json!([{"email": "boss@example.com", "responseStatus": "accepted", "organizer": true},
                {"email": CalendarSim::PRIMARY, "self": true, "responseStatus": "declined"}]),
            );
        }
    }
    if let Some(series) = &event.series {
        set(&mut value, "recurringEventId", json!(series));
    }
    if let Some(mark) = &event.mark {
        set(&mut value, "extendedProperties", json!({"private": {"frontdesk": mark}}));
    }
    value
}

/// The event as the body describes it, over what is there.
fn read(mut event: Event, body: &Value) -> Result<Event, String> {
    const FIELDS: &[&str] = &[
        "id",
        "status",
        "summary",
        "description",
        "location",
        "start",
        "end",
        "transparency",
        "attendees",
        "extendedProperties",
        "sequence",
        "iCalUID",
        "reminders",
        "source",
        "visibility",
    ];
    let fields = body.as_object().ok_or("the body must be an object")?;
    if let Some(unknown) = fields.keys().find(|name| !FIELDS.contains(&name.as_str())) {
        return Err(format!("unknown field {unknown}"));
    }
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let at =
        |name: &str| body.pointer(&format!("/{name}/dateTime")).and_then(Value::as_str).map(str::to_owned);
    event.summary = text("summary").unwrap_or(event.summary);
    event.description = text("description").unwrap_or(event.description);
    event.location = text("location").unwrap_or(event.location);
    event.start = at("start").unwrap_or(event.start);
    event.end = at("end").unwrap_or(event.end);
    if event.start.is_empty() || event.end.is_empty() {
        return Err("Missing end time.".to_owned());
    }
    if event.end < event.start {
        return Err("The specified time range is empty.".to_owned());
    }
    for guest in body.get("attendees").and_then(Value::as_array).into_iter().flatten() {
        if !guest.get("email").and_then(Value::as_str).is_some_and(|email| email.contains('@')) {
            return Err("Invalid attendee email.".to_owned());
        }
    }
    if let Some(mark) = body.pointer("/extendedProperties/private/frontdesk").and_then(Value::as_str) {
        event.mark = Some(mark.to_owned());
    }
    if text("status").as_deref() == Some("confirmed") {
        event.deleted = false;
    }
    Ok(event)
}

async fn insert(
    State(sim): State<CalendarSim>,
    Path(calendar): Path<String>,
    Json(body): Json<Value>,
) -> Response {
    let mut state = sim.lock();
    if !state.knows_calendar(&calendar) {
        return error(StatusCode::NOT_FOUND, "notFound", "Not Found");
    }
    if calendar != CalendarSim::PRIMARY {
        return error(
            StatusCode::FORBIDDEN,
            "requiredAccessLevel",
            "You need to have writer access to this calendar.",
        );
    }
    let id = match body.get("id").and_then(Value::as_str) {
        None => state.new_id(),
        Some(id)
            if (5..=1024).contains(&id.len())
                && id.bytes().all(|b| matches!(b, b'a'..=b'v' | b'0'..=b'9')) =>
        {
            id.to_owned()
        }
        Some(_) => return error(StatusCode::BAD_REQUEST, "invalid", "Invalid resource id value."),
    };
    if state.get(&calendar, &id).is_some() {
        return error(StatusCode::CONFLICT, "duplicate", "The requested identifier already exists.");
    }
    match read(Event { id, ..Event::default() }, &body) {
        Ok(event) => Json(shown(&state.write(&calendar, event))).into_response(),
        Err(reason) => error(StatusCode::BAD_REQUEST, "badRequest", &reason),
    }
}

async fn update(
    State(sim): State<CalendarSim>,
    Path((calendar, id)): Path<(String, String)>,
    Json(body): Json<Value>,
) -> Response {
    let mut state = sim.lock();
    let Some(event) = state.get(&calendar, &id).cloned() else {
        return error(StatusCode::NOT_FOUND, "notFound", "Not Found");
    };
    match read(event, &body) {
        Ok(event) => Json(shown(&state.write(&calendar, event))).into_response(),
        Err(reason) => error(StatusCode::BAD_REQUEST, "badRequest", &reason),
    }
}

async fn remove(State(sim): State<CalendarSim>, Path((calendar, id)): Path<(String, String)>) -> Response {
    let mut state = sim.lock();
    match state.get(&calendar, &id).cloned() {
        None => error(StatusCode::NOT_FOUND, "notFound", "Not Found"),
        Some(event) if event.deleted => error(StatusCode::GONE, "deleted", "Resource has been deleted"),
        Some(event) => {
            state.write(&calendar, Event { deleted: true, ..event });
            StatusCode::NO_CONTENT.into_response()
        }
    }
}

async fn watch(
    State(sim): State<CalendarSim>,
    Path(calendar): Path<String>,
    Json(body): Json<Value>,
) -> Response {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    if !text("address").starts_with("https://") {
        return error(StatusCode::BAD_REQUEST, "push.webhookUrlNotHttps", "WebHook callback must be HTTPS");
    }
    if text("type") != "web_hook"
        || text("id").is_empty()
        || text("id").len() > 64
        || text("token").len() > 256
    {
        return error(StatusCode::BAD_REQUEST, "invalid", "bad channel");
    }
    let mut state = sim.lock();
    if state.channels.contains_key(&text("id")) {
        return error(StatusCode::BAD_REQUEST, "channelIdNotUnique", "Channel id not unique");
    }
    let resource = format!("res-{calendar}");
    let channel = Channel { resource: resource.clone(), calendar, token: text("token") };
    state.channels.insert(text("id"), channel);
    Json(json!({"kind": "api#channel", "id": text("id"), "resourceId": resource, "token": text("token"),
        "resourceUri": "https://www.googleapis.com/calendar/v3/x", "expiration": "1774604800000"}))
    .into_response()
}

async fn stop(State(sim): State<CalendarSim>, Json(body): Json<Value>) -> Response {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut state = sim.lock();
    if state.channels.get(text("id")).is_some_and(|channel| channel.resource == text("resourceId")) {
        state.channels.remove(text("id"));
        return StatusCode::NO_CONTENT.into_response();
    }
    error(StatusCode::NOT_FOUND, "notFound", "Channel not found")
}
