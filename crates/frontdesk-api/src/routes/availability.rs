//! When something can be booked, and why not.

use axum::Json;
use axum::extract::State;
use frontdesk_app::booking::{self, Ask, CalendarView, Found};
use frontdesk_domain::availability::Obstacle;
use frontdesk_domain::id::{BookingTypeId, StaffId};
use frontdesk_domain::time::Timestamp;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Caller, Params};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The most questions of one request.
const MOST: usize = 20;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(slots))
        .routes(routes!(query))
        .routes(routes!(obstacles))
        .routes(routes!(calendar))
}

/// Free times of a booking type.
#[utoipa::path(get, path = "/availability", tag = "availability", operation_id = "list_slots", params(Ask),
    responses((status = 200, body = Found), Failures))]
async fn slots(
    State(state): State<ApiState>,
    caller: Caller,
    Params(ask): Params<Ask>,
) -> Result<Json<Found>, Problem> {
    Ok(Json(booking::slots(&state.app, &caller.ctx, &ask).await?))
}

/// Several questions at once.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Queries {
    /// The questions.
    #[schema(min_items = 1, max_items = 20)]
    queries: Vec<Ask>,
}

/// Free times for several questions at once, in their order.
#[utoipa::path(post, path = "/availability/query", tag = "availability", operation_id = "query_availability",
    request_body = Queries, responses((status = 200, body = Vec<Found>), Failures))]
async fn query(
    State(state): State<ApiState>,
    caller: Caller,
    Body(asked): Body<Queries>,
) -> Result<Json<Vec<Found>>, Problem> {
    if asked.queries.is_empty() || asked.queries.len() > MOST {
        return Err(frontdesk_app::AppError::invalid("/queries", "must hold 1 to 20 questions").into());
    }
    let mut found = Vec::with_capacity(asked.queries.len());
    for ask in &asked.queries {
        found.push(booking::slots(&state.app, &caller.ctx, ask).await?);
    }
    Ok(Json(found))
}

/// A time that is wondered about.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wondered {
    /// The booking type.
    #[serde(rename = "type")]
    type_id: BookingTypeId,
    /// When it would start.
    start: Timestamp,
    /// Minutes; the type's usual duration when absent.
    #[param(minimum = 1, maximum = 1440)]
    duration: Option<u32>,
    /// With whom.
    staff: Option<StaffId>,
}

/// Why a time cannot be booked; nothing when it can.
#[utoipa::path(get, path = "/availability/obstacles", tag = "availability", operation_id = "list_obstacles",
    params(Wondered), responses((status = 200, body = Vec<Obstacle>), Failures))]
async fn obstacles(
    State(state): State<ApiState>,
    caller: Caller,
    Params(it): Params<Wondered>,
) -> Result<Json<Vec<Obstacle>>, Problem> {
    let found =
        booking::obstacles(&state.app, &caller.ctx, it.type_id, it.start, it.duration, it.staff).await?;
    Ok(Json(found))
}

/// A stretch of the calendar.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Stretch {
    /// From.
    from: Timestamp,
    /// To, exclusive; at most 45 days later.
    to: Timestamp,
}

/// The team's calendar: appointments, working and blocked time, days off.
#[utoipa::path(get, path = "/calendar", tag = "calendar", operation_id = "get_calendar", params(Stretch),
    responses((status = 200, body = CalendarView), Failures))]
async fn calendar(
    State(state): State<ApiState>,
    caller: Caller,
    Params(it): Params<Stretch>,
) -> Result<Json<CalendarView>, Problem> {
    Ok(Json(booking::calendar(&state.app, &caller.ctx, it.from, it.to).await?))
}
