//! Calendly v2: one person's kinds of appointment, hours and appointments, two to a page. Written from its pages.

use std::collections::HashMap;

use axum::Json;
use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};

use crate::{Running, spawn as spawn_router};

const ME: &str = "https://api.calendly.com/users/AAAA";
/// Things to a page.
const PAGE: usize = 2;

/// The routes, for whoever comes with this token.
pub fn router(token: &'static str) -> Router {
    Router::new()
        .route("/users/me", get(me))
        .route("/event_types", get(types))
        .route("/user_availability_schedules", get(hours))
        .route("/scheduled_events", get(events))
        .route("/scheduled_events/{event}/invitees", get(invitees))
        .layer(from_fn_with_state(token, door))
}

/// Serves it on a free local port; that is the API's base URL.
pub async fn spawn(token: &'static str) -> std::io::Result<Running> {
    spawn_router(router(token)).await
}

async fn door(State(token): State<&'static str>, request: Request, next: Next) -> Response {
    let sent = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if sent == Some(format!("Bearer {token}").as_str()) {
        return next.run(request).await;
    }
    error(StatusCode::UNAUTHORIZED, "Unauthenticated", "The access token is invalid")
}

fn error(status: StatusCode, title: &str, message: &str) -> Response {
    (status, Json(json!({"title": title, "message": message}))).into_response()
}

/// A page of a list of the person's, or why not.
fn page(path: &str, all: &[Value], query: &HashMap<String, String>, headers: &HeaderMap) -> Response {
    if !path.ends_with("invitees") && query.get("user").map(String::as_str) != Some(ME) {
        return error(StatusCode::BAD_REQUEST, "Invalid Argument", "The supplied parameters are invalid.");
    }
    let skip: usize = query.get("page_token").and_then(|token| token.parse().ok()).unwrap_or(0);
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let next = (skip + PAGE < all.len()).then(|| {
        let kept = query.iter().filter(|(name, _)| *name != "page_token");
        let kept =
            kept.map(|(name, value)| format!("{name}={}&", value.replace(':', "%3A").replace('/', "%2F")));
        format!("http://{host}/{path}?{}page_token={}", kept.collect::<String>(), skip + PAGE)
    });
    let shown: Vec<&Value> = all.iter().skip(skip).take(PAGE).collect();
    let pagination = json!({"count": shown.len(), "next_page": next, "previous_page": null});
    Json(json!({"collection": shown, "pagination": pagination})).into_response()
}

async fn me() -> Response {
    Json(json!({"resource": {"uri": ME, "name": "Owner", "timezone": "Europe/Berlin",
        "current_organization": "https://api.calendly.com/organizations/BBBB"}}))
    .into_response()
}

async fn types(Query(query): Query<HashMap<String, String>>, headers: HeaderMap) -> Response {
    let kind = |name: &str, minutes: u32, active: bool| {
        json!({"uri": format!("https://api.calendly.com/event_types/{name}"), "name": name, "slug": name.to_lowercase(),
            "active": active, "duration": minutes, "color": "#0088ff", "description_plain": null, "kind": "solo", "secret": name == "Long"})
    };
    page(
        "event_types",
        &[
            kind("Intro", 30, true),
            kind("Long", 60, true),
            kind("Old", 15, false),
            kind("Retreat", 2880, true),
        ],
        &query,
        &headers,
    )
}

async fn hours(Query(query): Query<HashMap<String, String>>, headers: HeaderMap) -> Response {
    let schedule = json!({"uri": "https://api.calendly.com/user_availability_schedules/CCCC", "default": true,
        "name": "Working hours", "user": ME, "timezone": "Europe/Berlin", "rules": [
            {"type": "wday", "wday": "monday", "intervals": [{"from": "09:00", "to": "17:00"}]},
            {"type": "date", "date": "2026-12-24", "intervals": []}]});
    page("user_availability_schedules", &[schedule], &query, &headers)
}

/// Appointments: id, kind, whether it stands, start, end, who comes.
type Appointment = (&'static str, &'static str, bool, &'static str, &'static str, &'static [&'static str]);
const APPOINTMENTS: &[Appointment] = &[
    ("DDDD", "Intro", true, "2026-03-12T09:00:00.000000Z", "2026-03-12T09:30:00.000000Z", &["Ann"]),
    ("FFFF", "Intro", true, "2026-03-19T09:00:00.000000Z", "2026-03-19T09:30:00.000000Z", &["Ann"]),
    ("GGGG", "Intro", false, "2026-03-19T11:00:00.000000Z", "2026-03-19T11:30:00.000000Z", &["Bob"]),
    ("HHHH", "Long", true, "2026-03-20T13:00:00.000000Z", "2026-03-20T14:00:00.000000Z", &["Cleo", "Dan"]),
    ("JJJJ", "OfATeam", true, "2026-03-23T09:00:00.000000Z", "2026-03-23T09:30:00.000000Z", &["Eve"]),
    ("KKKK", "Intro", true, "2026-03-24T10:00:00.000000Z", "2026-03-24T10:30:00.000000Z", &["Fay"]),
];

async fn events(Query(query): Query<HashMap<String, String>>, headers: HeaderMap) -> Response {
    let bound = |name: &str| query.get(name).cloned().unwrap_or_default();
    let (from, to, status) = (bound("min_start_time"), bound("max_start_time"), bound("status"));
    let found: Vec<Value> = APPOINTMENTS
        .iter()
        .filter(|(_, _, stands, start, ..)| {
            from.as_str() <= *start && to.as_str() > *start && (*stands || status != "active")
        })
        .map(|(id, kind, stands, start, end, _)| {
            json!({"uri": format!("https://api.calendly.com/scheduled_events/{id}"), "name": kind,
                "status": if *stands { "active" } else { "canceled" }, "start_time": start, "end_time": end,
                "event_type": format!("https://api.calendly.com/event_types/{kind}")})
        })
        .collect();
    page("scheduled_events", &found, &query, &headers)
}

async fn invitees(
    Path(event): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let Some((_, _, _, _, _, names)) = APPOINTMENTS.iter().find(|(id, ..)| *id == event) else {
        return error(
            StatusCode::NOT_FOUND,
            "Resource Not Found",
            "The server could not find the requested resource.",
        );
    };
    let path = format!("scheduled_events/{event}/invitees");
    let invitee = |name: &&str| {
        json!({"uri": format!("https://api.calendly.com/{path}/{name}"), "name": name, "status": "active",
            "email": format!("{}@example.com", name.to_lowercase()), "timezone": "America/New_York"})
    };
    let found: Vec<Value> = names.iter().map(invitee).collect();
    page(&path, &found, &query, &headers)
}
