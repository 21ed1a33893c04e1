//! Saved views of the bookings list.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use frontdesk_app::booking::{self, NewView};
use frontdesk_domain::booking::BookingView;
use frontdesk_domain::id::BookingViewId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Caller, Segments};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list, save)).routes(routes!(delete))
}

/// One's own saved views and the team's, by name.
#[utoipa::path(get, path = "/booking-views", tag = "bookings", operation_id = "list_booking_views",
    responses((status = 200, body = Vec<BookingView>), Failures))]
async fn list(State(state): State<ApiState>, caller: Caller) -> Result<Json<Vec<BookingView>>, Problem> {
    Ok(Json(booking::views(&state.app, &caller.ctx).await?))
}

/// Save a view.
#[utoipa::path(post, path = "/booking-views", tag = "bookings", operation_id = "save_booking_view",
    request_body = NewView, responses((status = 201, body = BookingView), Failures))]
async fn save(
    State(state): State<ApiState>,
    caller: Caller,
    Body(new): Body<NewView>,
) -> Result<(StatusCode, Json<BookingView>), Problem> {
    Ok((StatusCode::CREATED, Json(booking::save_view(&state.app, &caller.ctx, &new).await?)))
}

/// Delete a view.
#[utoipa::path(delete, path = "/booking-views/{id}", tag = "bookings", operation_id = "delete_booking_view",
    params(("id" = BookingViewId, Path)), responses((status = 204, description = "It is gone."), Failures))]
async fn delete(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BookingViewId>,
) -> Result<StatusCode, Problem> {
    booking::delete_view(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
