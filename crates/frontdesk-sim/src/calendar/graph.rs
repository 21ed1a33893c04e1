//! Microsoft Graph v1.0, the calendar part: `/v1.0/me/...` and `/v1.0/subscriptions`, with `/token` beside it.
//!
//! Written from Microsoft's pages. As there, an occurrence of a series comes with its times only, and its master comes
//! in a first listing but not again when a single occurrence changes.

use std::collections::HashMap;

use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::set;
use super::state::{Channel, State as Held};
use super::{Blocks, CalendarSim, Event};
use crate::{Running, spawn as spawn_router};

/// The simulator's routes.
pub fn router(sim: CalendarSim) -> Router {
    let api = Router::new()
        .route("/me/calendars", get(calendars))
        .route("/me/calendars/{calendar}/calendarView/delta", get(delta))
        .route("/me/calendars/{calendar}/events", get(find).post(create))
        .route("/me/events/{event}", get(read).patch(update).delete(remove))
        .route("/subscriptions", post(subscribe))
        .route("/subscriptions/{id}", delete(unsubscribe))
        .layer(from_fn_with_state(sim.clone(), door));
    Router::new().nest("/v1.0", api).merge(super::token::router()).with_state(sim)
}

/// Serves it on a free local port; the API's base URL is `{url}/v1.0`.
pub async fn spawn(sim: CalendarSim) -> std::io::Result<Running> {
    spawn_router(router(sim)).await
}

/// The body of the call Microsoft would make for one change, for all subscriptions.
pub fn push(sim: &CalendarSim) -> String {
    let channels = sim.lock().channels.clone();
    let note = |(id, channel): (&String, &Channel)| {
        json!({"subscriptionId": id, "clientState": channel.token, "changeType": "updated",
            "resource": channel.resource, "tenantId": "t", "subscriptionExpirationDateTime": "2026-03-27T00:00:00Z"})
    };
    json!({"value": channels.iter().map(note).collect::<Vec<_>>()}).to_string()
}

async fn door(State(sim): State<CalendarSim>, request: Request, next: Next) -> Response {
    let refusal = error(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", "Access token has expired.");
    super::door(sim, request, next, "Bearer", refusal).await
}

fn error(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(json!({"error": {"code": code, "message": message}}))).into_response()
}

fn not_found() -> Response {
    error(StatusCode::NOT_FOUND, "ErrorItemNotFound", "The specified object was not found in the store.")
}

async fn calendars(State(sim): State<CalendarSim>) -> Response {
    let entry = |name: &String| {
        let primary = name == CalendarSim::PRIMARY;
        json!({"id": name, "name": format!("Calendar {name}"), "isDefaultCalendar": primary, "canEdit": primary,
            "hexColor": if primary { "#0078d4" } else { "" }})
    };
    let value: Vec<Value> = sim.lock().calendars.iter().map(entry).collect();
    Json(json!({"value": value})).into_response()
}

/// A place in a listing, as the links carry it.
struct Place {
    since: u64,
    skip: usize,
    from: String,
    to: String,
}

impl Place {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('|');
        let place = Self {
            since: parts.next()?.parse().ok()?,
            skip: parts.next()?.parse().ok()?,
            from: parts.next()?.to_owned(),
            to: parts.next()?.to_owned(),
        };
        Some(place)
    }

    fn link(&self, headers: &HeaderMap, calendar: &str, name: &str) -> String {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let token = format!("{}%7C{}%7C{}%7C{}", self.since, self.skip, self.from, self.to);
        let calendar = calendar.replace('@', "%40");
        format!("http://{host}/v1.0/me/calendars/{calendar}/calendarView/delta?${name}={token}")
    }
}

async fn delta(
    State(sim): State<CalendarSim>,
    Path(calendar): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let prefers = headers.get("prefer").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !prefers.contains("outlook.timezone=\"UTC\"") {
        return error(StatusCode::BAD_REQUEST, "SimulatorOnlyUtc", "this simulator answers in UTC only");
    }
    if query.keys().any(|name| matches!(name.as_str(), "$filter" | "$orderby" | "$search" | "$expand")) {
        return error(StatusCode::BAD_REQUEST, "ErrorInvalidUrlQuery", "not supported in change tracking");
    }
    let token = query.get("$deltatoken").or_else(|| query.get("$skiptoken"));
    let place = match (token, query.get("startDateTime"), query.get("endDateTime")) {
        (Some(token), None, None) => Place::read(token),
        (None, Some(from), Some(to)) => Some(Place { since: 0, skip: 0, from: from.clone(), to: to.clone() }),
        _ => None,
    };
    let Some(place) = place else {
        return error(
            StatusCode::BAD_REQUEST,
            "ErrorInvalidParameter",
            "startDateTime and endDateTime, or a token",
        );
    };
    let state = sim.lock();
    if !state.knows_calendar(&calendar) {
        return not_found();
    }
    if place.since > 0 && place.since < state.forgotten {
        return error(StatusCode::GONE, "SyncStateNotFound", "The sync state generation is not found.");
    }
    let first = place.since == 0;
    let inside = |event: &Event| !event.deleted && event.start < place.to && event.end > place.from;
    let found: Vec<Event> = state
        .in_order(&calendar)
        .into_iter()
        .filter(|event| if first { inside(event) } else { event.version > place.since })
        .collect();
    let mut items: Vec<Value> = Vec::new();
    if first {
        let mut masters: Vec<&Event> = found.iter().filter(|event| event.series.is_some()).collect();
        masters.dedup_by_key(|event| event.series.clone());
        items.extend(masters.into_iter().filter_map(master));
    }
    items.extend(found.iter().map(|event| {
        if inside(event) { shown(event) } else { json!({"id": event.id, "@removed": {"reason": "deleted"}}) }
    }));
    let mut answer = json!({"value": items.iter().skip(place.skip).take(state.page).collect::<Vec<_>>()});
    if place.skip + state.page < items.len() {
        let next = Place { skip: place.skip + state.page, ..place };
        set(&mut answer, "@odata.nextLink", json!(next.link(&headers, &calendar, "skiptoken")));
    } else {
        let next = Place { since: state.changes, skip: 0, ..place };
        set(&mut answer, "@odata.deltaLink", json!(next.link(&headers, &calendar, "deltatoken")));
    }
    Json(answer).into_response()
}

fn at(text: &str, all_day: bool) -> Value {
    let wall = if all_day {
        text.get(..10).map(|date| format!("{date}T00:00:00"))
    } else {
        text.get(..19).map(str::to_owned)
    };
    json!({"dateTime": format!("{}.0000000", wall.unwrap_or_default()), "timeZone": "UTC"})
}

fn master(occurrence: &Event) -> Option<Value> {
    let whole = Event { id: occurrence.series.clone()?, series: None, ..occurrence.clone() };
    let mut value = shown(&whole);
    set(&mut value, "type", json!("seriesMaster"));
    Some(value)
}

fn shown(event: &Event) -> Value {
    let etag = format!("W/\"{}\"", event.version);
    let (start, end) = (at(&event.start, event.all_day), at(&event.end, event.all_day));
    if let Some(series) = &event.series {
        return json!({"@odata.etag": etag, "id": event.id, "type": "occurrence", "seriesMasterId": series,
            "start": start, "end": end});
    }
    let answer = if event.blocks == Blocks::Declined { "declined" } else { "organizer" };
    let mut value = json!({
        "@odata.etag": etag, "id": event.id, "type": "singleInstance", "subject": event.summary, "start": start,
        "end": end, "isAllDay": event.all_day, "isCancelled": false, "iCalUId": format!("uid-{}", event.id),
        "showAs": if event.blocks == Blocks::Free { "free" } else { "busy" },
        "responseStatus": {"response": answer, "time": "0001-01-01T00:00:00Z"},
        "location": {"displayName": event.location}, "bodyPreview": event.description,
    });
    if let Some(mark) = &event.mark {
        set(&mut value, "transactionId", json!(mark));
    }
    value
}

async fn find(
    State(sim): State<CalendarSim>,
    Path(calendar): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let filter = query.get("$filter").cloned().unwrap_or_default();
    let wanted = filter.split("ep/value eq '").nth(1).and_then(|rest| rest.split('\'').next());
    let (Some(wanted), true) =
        (wanted, filter.starts_with("singleValueExtendedProperties/Any(ep: ep/id eq '"))
    else {
        return error(
            StatusCode::BAD_REQUEST,
            "ErrorInvalidUrlQueryFilter",
            "The query filter contains one or more invalid nodes.",
        );
    };
    let state = sim.lock();
    if !state.knows_calendar(&calendar) {
        return not_found();
    }
    // The named property holds what the transaction id begins with.
    let mark = format!("frontdesk-{wanted}");
    let marked =
        |event: &Event| !event.deleted && event.mark.as_ref().is_some_and(|found| found.starts_with(&mark));
    let found: Vec<Value> = state
        .in_order(&calendar)
        .iter()
        .filter(|event| marked(event))
        .map(|event| json!({"id": event.id, "@odata.etag": format!("W/\"{}\"", event.version)}))
        .collect();
    Json(json!({"value": found})).into_response()
}

/// The event as the body describes it, over what is there.
fn described(mut event: Event, body: &Value) -> Result<Event, String> {
    const FIELDS: &[&str] = &[
        "subject",
        "body",
        "location",
        "start",
        "end",
        "showAs",
        "isAllDay",
        "transactionId",
        "attendees",
        "singleValueExtendedProperties",
    ];
    let fields = body.as_object().ok_or("the body must be an object")?;
    if let Some(unknown) = fields.keys().find(|name| !FIELDS.contains(&name.as_str())) {
        return Err(format!("The property '{unknown}' does not exist on type 'microsoft.graph.event'."));
    }
    let text = |path: &str| body.pointer(path).and_then(Value::as_str).map(str::to_owned);
    for name in ["start", "end"] {
        if body.get(name).is_some() && text(&format!("/{name}/timeZone")).as_deref() != Some("UTC") {
            return Err("this simulator takes UTC only".to_owned());
        }
    }
    event.summary = text("/subject").unwrap_or(event.summary);
    event.description = text("/body/content").unwrap_or(event.description);
    event.location = text("/location/displayName").unwrap_or(event.location);
    event.start = text("/start/dateTime").map_or(event.start, |at| format!("{at}Z"));
    event.end = text("/end/dateTime").map_or(event.end, |at| format!("{at}Z"));
    if event.start.is_empty() || event.end < event.start {
        return Err("ErrorPropertyValidationFailure".to_owned());
    }
    Ok(event)
}

async fn create(
    State(sim): State<CalendarSim>,
    Path(calendar): Path<String>,
    Json(body): Json<Value>,
) -> Response {
    let mut state = sim.lock();
    if !state.knows_calendar(&calendar) {
        return not_found();
    }
    let transaction = body.get("transactionId").and_then(Value::as_str).map(str::to_owned);
    // Deleted events' transactions are remembered, too.
    if transaction.is_some() && state.in_order(&calendar).iter().any(|event| event.mark == transaction) {
        return error(
            StatusCode::CONFLICT,
            "ErrorDuplicateTransactionId",
            "The transaction id was used before.",
        );
    }
    let id = format!("AAMk{}=", state.new_id());
    match described(Event { id, mark: transaction, ..Event::default() }, &body) {
        Ok(event) => (StatusCode::CREATED, Json(shown(&state.write(&calendar, event)))).into_response(),
        Err(reason) => error(StatusCode::BAD_REQUEST, "RequestBodyRead", &reason),
    }
}

fn there(state: &Held, id: &str) -> Option<Event> {
    state.get(CalendarSim::PRIMARY, id).filter(|event| !event.deleted).cloned()
}

async fn read(State(sim): State<CalendarSim>, Path(id): Path<String>) -> Response {
    let state = sim.lock();
    if let Some(event) = there(&state, &id) {
        return Json(shown(&event)).into_response();
    }
    let of_series = |event: &Event| event.series.as_deref() == Some(id.as_str());
    let occurrence = state.in_order(CalendarSim::PRIMARY).into_iter().find(of_series);
    occurrence.and_then(|event| master(&event)).map_or_else(not_found, |value| Json(value).into_response())
}

async fn update(State(sim): State<CalendarSim>, Path(id): Path<String>, Json(body): Json<Value>) -> Response {
    let mut state = sim.lock();
    let Some(event) = there(&state, &id) else { return not_found() };
    match described(event, &body) {
        Ok(event) => Json(shown(&state.write(CalendarSim::PRIMARY, event))).into_response(),
        Err(reason) => error(StatusCode::BAD_REQUEST, "RequestBodyRead", &reason),
    }
}

async fn remove(State(sim): State<CalendarSim>, Path(id): Path<String>) -> Response {
    let mut state = sim.lock();
    let Some(event) = there(&state, &id) else { return not_found() };
    state.write(CalendarSim::PRIMARY, Event { deleted: true, ..event });
    StatusCode::NO_CONTENT.into_response()
}

async fn subscribe(State(sim): State<CalendarSim>, Json(body): Json<Value>) -> Response {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    if !text("notificationUrl").starts_with("https://") {
        return error(StatusCode::BAD_REQUEST, "InvalidRequest", "The notification URL must use https.");
    }
    if text("expirationDateTime").is_empty()
        || text("changeType").is_empty()
        || text("clientState").len() > 128
    {
        return error(StatusCode::BAD_REQUEST, "InvalidRequest", "bad subscription");
    }
    let mut state = sim.lock();
    let id = format!("sub-{}", state.new_id());
    let channel = Channel {
        resource: text("resource"),
        calendar: CalendarSim::PRIMARY.to_owned(),
        token: text("clientState"),
    };
    state.channels.insert(id.clone(), channel);
    let answer = json!({"id": id, "resource": text("resource"), "changeType": text("changeType"),
        "expirationDateTime": text("expirationDateTime"), "notificationUrl": text("notificationUrl")});
    (StatusCode::CREATED, Json(answer)).into_response()
}

async fn unsubscribe(State(sim): State<CalendarSim>, Path(id): Path<String>) -> Response {
    if sim.lock().channels.remove(&id).is_some() {
        StatusCode::NO_CONTENT.into_response()
    } else {
        not_found()
    }
}
