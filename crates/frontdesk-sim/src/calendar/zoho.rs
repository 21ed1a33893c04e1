//! Zoho Calendar v1: `/api/v1/calendars/...`, with `/token` and `/revoke` beside it.
//!
//! Written from Zoho's help pages, which leave much open. It refuses what they say is refused: ranges beyond 31 days, and
//! writes that do not name the newest version.

use std::collections::HashMap;

use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::set;
use super::{Blocks, CalendarSim, Event};
use crate::{Running, spawn as spawn_router};

/// The simulator's routes.
pub fn router(sim: CalendarSim) -> Router {
    let api = Router::new()
        .route("/calendars", get(calendars))
        .route("/calendars/{calendar}/events", get(list).post(create))
        .route("/calendars/{calendar}/events/{event}", get(read).put(update).delete(remove))
        .layer(from_fn_with_state(sim.clone(), door));
    Router::new().nest("/api/v1", api).merge(super::token::router()).with_state(sim)
}

/// Serves it on a free local port; the API's base URL is `{url}/api/v1`.
pub async fn spawn(sim: CalendarSim) -> std::io::Result<Running> {
    spawn_router(router(sim)).await
}

async fn door(State(sim): State<CalendarSim>, request: Request, next: Next) -> Response {
    let refusal = error(StatusCode::UNAUTHORIZED, "INVALID_OAUTHTOKEN");
    super::door(sim, request, next, "Zoho-oauthtoken", refusal).await
}

fn error(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"error": [{"message": message}]}))).into_response()
}

async fn calendars(State(sim): State<CalendarSim>) -> Response {
    let entry = |name: &String| {
        let primary = name == CalendarSim::PRIMARY;
        json!({"uid": name, "name": format!("Calendar {name}"), "isdefault": primary,
            "privilege": if primary { "owner" } else { "view" }, "timezone": "Europe/Berlin", "color": "#8cbf40"})
    };
    let found: Vec<Value> = sim.lock().calendars.iter().map(entry).collect();
    Json(json!({"calendars": found})).into_response()
}

/// `2026-03-02T18:00:00Z` as `20260302T180000Z`.
fn basic(text: &str) -> String {
    text.chars().filter(|character| !matches!(character, '-' | ':')).collect()
}

/// `20260302T180000Z` as `2026-03-02T18:00:00Z`.
fn extended(text: &str) -> Option<String> {
    let part = |range: std::ops::Range<usize>| text.get(range);
    if text.len() != 16 || !text.ends_with('Z') {
        return None;
    }
    Some(format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(0..4)?,
        part(4..6)?,
        part(6..8)?,
        part(9..11)?,
        part(11..13)?,
        part(13..15)?
    ))
}

/// Days since the year 0, near enough to measure a range.
fn days(text: &str) -> Option<u32> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<u32>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    // Counted from March, leap days fall at the end (Howard Hinnant's days_from_civil).
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    Some(year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day)
}

async fn list(
    State(sim): State<CalendarSim>,
    Path(calendar): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let range: Value =
        query.get("range").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let bound = |name: &str| range.get(name).and_then(Value::as_str).and_then(extended);
    let (Some(from), Some(to)) = (bound("start"), bound("end")) else {
        return error(StatusCode::BAD_REQUEST, "LESS_THAN_MIN_OCCURANCE: range");
    };
    if days(&to).zip(days(&from)).is_none_or(|(to, from)| to < from || to - from > 31) {
        return error(StatusCode::BAD_REQUEST, "RANGE_EXCEEDS_31_DAYS");
    }
    let state = sim.lock();
    if !state.knows_calendar(&calendar) {
        return error(StatusCode::NOT_FOUND, "RESOURCE_NOT_FOUND");
    }
    let large = headers.get("accept").is_some_and(|value| value == "application/json+large");
    let inside = |event: &Event| !event.deleted && event.start < to && event.end > from;
    let mut found: Vec<Value> = state
        .in_order(&calendar)
        .iter()
        .filter(|event| inside(event))
        .map(|event| shown(event, large))
        .collect();
    if found.is_empty() {
        found.push(json!({"message": "No events found."}));
    }
    Json(json!({"events": found})).into_response()
}

fn shown(event: &Event, large: bool) -> Value {
    let form = |text: &str| if event.all_day { basic(text).chars().take(8).collect() } else { basic(text) };
    let mut value = json!({
        "uid": event.series.as_deref().unwrap_or(&event.id), "etag": event.version, "title": event.summary,
        "isallday": event.all_day, "role": "organizer", "calid": "1000000000003",
        "transparency": i32::from(event.blocks == Blocks::Free),
        "dateandtime": {"timezone": "Europe/Berlin", "start": form(&event.start), "end": form(&event.end)},
    });
    if large {
        set(&mut value, "description", json!(event.description));
        set(&mut value, "location", json!(event.location));
    }
    if event.series.is_some() {
        set(&mut value, "recurrenceid", json!(event.id));
    }
    if event.blocks == Blocks::Declined {
        set(&mut value, "role", json!("participant"));
        set(&mut value, "attendees", json!([{"email": CalendarSim::PRIMARY, "status": "DECLINED"}]));
    }
    value
}

/// The event as the parameter describes it, over what is there.
fn described(mut event: Event, query: &HashMap<String, String>) -> Result<(Event, Value), &'static str> {
    let data: Value =
        query.get("eventdata").and_then(|text| serde_json::from_str(text).ok()).ok_or("EVENTDATA_MISSING")?;
    let text = |path: &str| data.pointer(path).and_then(Value::as_str).map(str::to_owned);
    event.summary = text("/title").unwrap_or(event.summary);
    event.description = text("/description").unwrap_or(event.description);
    event.location = text("/location").unwrap_or(event.location);
    event.start = text("/dateandtime/start").and_then(|at| extended(&at)).ok_or("PATTERN_NOT_MATCHED")?;
    event.end = text("/dateandtime/end").and_then(|at| extended(&at)).ok_or("PATTERN_NOT_MATCHED")?;
    Ok((event, data))
}

fn answer(event: &Event) -> Response {
    Json(json!({"events": [shown(event, true)]})).into_response()
}

async fn create(
    State(sim): State<CalendarSim>,
    Path(calendar): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let mut state = sim.lock();
    let id = format!("{}@zoho.com", state.new_id());
    match described(Event { id, ..Event::default() }, &query) {
        Ok((event, _)) => answer(&state.write(&calendar, event)),
        Err(reason) => error(StatusCode::BAD_REQUEST, reason),
    }
}

async fn read(State(sim): State<CalendarSim>, Path((calendar, id)): Path<(String, String)>) -> Response {
    match sim.lock().get(&calendar, &id) {
        Some(event) if !event.deleted => answer(event),
        _ => error(StatusCode::NOT_FOUND, "RESOURCE_NOT_FOUND"),
    }
}

async fn update(
    State(sim): State<CalendarSim>,
    Path((calendar, id)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let mut state = sim.lock();
    let Some(event) = state.get(&calendar, &id).filter(|event| !event.deleted).cloned() else {
        return error(StatusCode::NOT_FOUND, "RESOURCE_NOT_FOUND");
    };
    let version = event.version;
    match described(event, &query) {
        Ok((_, data)) if data.get("etag") != Some(&json!(version)) => {
            error(StatusCode::BAD_REQUEST, "ETAG_NOT_MATCHED")
        }
        Ok((event, _)) => answer(&state.write(&calendar, event)),
        Err(reason) => error(StatusCode::BAD_REQUEST, reason),
    }
}

async fn remove(
    State(sim): State<CalendarSim>,
    Path((calendar, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut state = sim.lock();
    let Some(event) = state.get(&calendar, &id).filter(|event| !event.deleted).cloned() else {
        return error(StatusCode::NOT_FOUND, "RESOURCE_NOT_FOUND");
    };
    let sent = headers.get("etag").and_then(|value| value.to_str().ok());
    if sent != Some(event.version.to_string().as_str()) {
        return error(StatusCode::BAD_REQUEST, "ETAG_NOT_MATCHED");
    }
    let event = state.write(&calendar, Event { deleted: true, ..event });
    answer(&event)
}
