//! Connected calendars: listed with their age, connected, put to use, read, disconnected.

use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use frontdesk_app::AppError;
use frontdesk_app::calendar::{
    self, Asked, CalendarPatch, CalendarVendor, CalendlyAccess, CalendlyImport, CalendlyPreview,
    CalendlyReport, NewCalDav, NewConsent, Returned,
};
use frontdesk_domain::calendar::ConnectedCalendar;
use frontdesk_domain::id::CalendarId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::cookie;
use crate::extract::{Body, Caller, Segments};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// How long a browser remembers that it asked for a consent.
const CONSENT: Duration = Duration::from_mins(20);

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(vendors))
        .routes(routes!(connect))
        .routes(routes!(caldav))
        .routes(routes!(preview_calendly))
        .routes(routes!(import_calendly))
        .routes(routes!(update, delete))
        .routes(routes!(sync))
        // For browsers that come back from a vendor; not for programs.
        .route("/calendars/callback", axum::routing::get(callback))
}

/// Connected calendars, oldest first.
#[utoipa::path(get, path = "/calendars", tag = "calendars", operation_id = "list_calendars",
    responses((status = 200, body = Vec<ConnectedCalendar>), Failures))]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
) -> Result<Json<Vec<ConnectedCalendar>>, Problem> {
    Ok(Json(calendar::list(&state.app, &caller.ctx).await?))
}

/// Vendors whose calendars can be connected.
#[utoipa::path(get, path = "/calendars/vendors", tag = "calendars", operation_id = "list_calendar_vendors",
    responses((status = 200, body = Vec<CalendarVendor>), Failures))]
async fn vendors(
    State(state): State<ApiState>,
    caller: Caller,
) -> Result<Json<Vec<CalendarVendor>>, Problem> {
    Ok(Json(calendar::vendors(&state.app, &caller.ctx)?))
}

/// Begin to connect by consent: open the address in the same browser. Only for people who are signed in in one.
#[utoipa::path(post, path = "/calendars/connect", tag = "calendars", operation_id = "connect_calendar",
    request_body = NewConsent, responses((status = 200, body = Asked), Failures))]
async fn connect(
    State(state): State<ApiState>,
    caller: Caller,
    Body(new): Body<NewConsent>,
) -> Result<Response, Problem> {
    let asked = calendar::ask(&state.app, &caller.ctx, &new).await?;
    let mut headers = HeaderMap::new();
    cookie::put(&mut headers, &state, cookie::CONSENT, &asked.state, CONSENT);
    Ok((headers, Json(asked)).into_response())
}

/// The person comes back from the vendor and is sent on to the dashboard.
async fn callback(
    State(state): State<ApiState>,
    headers: HeaderMap,
    Query(returned): Query<Returned>,
) -> Response {
    let kept = cookie::get(&headers, cookie::CONSENT);
    let query = match calendar::finish(&state.app, &returned, kept.as_deref()).await {
        Ok(account) => format!("connected={account}"),
        Err(error) => {
            let told = match &error {
                AppError::Internal(_) => {
                    tracing::error!(%error, "connecting a calendar");
                    "something went wrong on our side; try again".to_owned()
                }
                other => other.to_string(),
            };
            format!("error={}", form_urlencoded::byte_serialize(told.as_bytes()).collect::<String>())
        }
    };
    let mut answer = HeaderMap::new();
    cookie::put(&mut answer, &state, cookie::CONSENT, "", Duration::ZERO);
    if let Ok(value) = HeaderValue::from_str(&format!("/settings/calendars?{query}")) {
        answer.insert(header::LOCATION, value);
    }
    // The address holds the code.
    answer.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    (StatusCode::SEE_OTHER, answer).into_response()
}

/// Connect a CalDAV account. The server is asked before anything is kept.
#[utoipa::path(post, path = "/calendars/caldav", tag = "calendars", operation_id = "connect_caldav",
    request_body = NewCalDav, responses((status = 201, body = Vec<ConnectedCalendar>), Failures))]
async fn caldav(
    State(state): State<ApiState>,
    caller: Caller,
    Body(new): Body<NewCalDav>,
) -> Result<(StatusCode, Json<Vec<ConnectedCalendar>>), Problem> {
    Ok((StatusCode::CREATED, Json(calendar::connect_caldav(&state.app, &caller.ctx, new).await?)))
}

/// See what would be brought over from Calendly, and what cannot be. Nothing is made.
#[utoipa::path(post, path = "/calendars/calendly/preview", tag = "calendars", operation_id = "preview_calendly",
    request_body = CalendlyAccess, responses((status = 200, body = CalendlyPreview), Failures))]
async fn preview_calendly(
    State(state): State<ApiState>,
    caller: Caller,
    Body(access): Body<CalendlyAccess>,
) -> Result<Json<CalendlyPreview>, Problem> {
    Ok(Json(calendar::preview_calendly(&state.app, &caller.ctx, &access).await?))
}

/// Bring over types, hours and appointments from Calendly, a part at a call; ask again with `next` until there is none.
/// Nothing is made twice. Needs `calendars:write`, `schedules:write` and `bookings:write`.
#[utoipa::path(post, path = "/calendars/calendly/import", tag = "calendars", operation_id = "import_calendly",
    request_body = CalendlyImport, responses((status = 200, body = CalendlyReport), Failures))]
async fn import_calendly(
    State(state): State<ApiState>,
    caller: Caller,
    Body(ask): Body<CalendlyImport>,
) -> Result<Json<CalendlyReport>, Problem> {
    Ok(Json(calendar::import_calendly(&state.app, &caller.ctx, &ask).await?))
}

/// Change what a calendar is used for.
#[utoipa::path(patch, path = "/calendars/{id}", tag = "calendars", operation_id = "update_calendar",
    params(("id" = CalendarId, Path)), request_body = CalendarPatch,
    responses((status = 200, body = ConnectedCalendar), Failures))]
async fn update(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<CalendarId>,
    Body(patch): Body<CalendarPatch>,
) -> Result<Json<ConnectedCalendar>, Problem> {
    Ok(Json(calendar::update(&state.app, &caller.ctx, id, patch).await?))
}

/// Read a calendar now.
#[utoipa::path(post, path = "/calendars/{id}/sync", tag = "calendars", operation_id = "sync_calendar",
    params(("id" = CalendarId, Path)), responses((status = 202, description = "It will be read."), Failures))]
async fn sync(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<CalendarId>,
) -> Result<StatusCode, Problem> {
    calendar::request_sync(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Disconnect the account of a calendar, with all its calendars. Appointments already written stay in them.
#[utoipa::path(delete, path = "/calendars/{id}", tag = "calendars", operation_id = "disconnect_calendar",
    params(("id" = CalendarId, Path)), responses((status = 204, description = "Disconnected."), Failures))]
async fn delete(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<CalendarId>,
) -> Result<StatusCode, Problem> {
    calendar::delete(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
