//! Booking types: what can be booked.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use frontdesk_app::schedule::kind::{self, BookingTypePatch, NewBookingType};
use frontdesk_domain::booking_type::BookingType;
use frontdesk_domain::id::BookingTypeId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Caller, Segments};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, update, delete))
        .routes(routes!(clone))
}

/// What can be booked, in the order of lists.
#[utoipa::path(get, path = "/booking-types", tag = "booking-types", operation_id = "list_booking_types",
    responses((status = 200, body = Vec<BookingType>), Failures))]
async fn list(State(state): State<ApiState>, caller: Caller) -> Result<Json<Vec<BookingType>>, Problem> {
    Ok(Json(kind::list(&state.app, &caller.ctx).await?))
}

/// Make a booking type. Settings that are absent have their defaults.
#[utoipa::path(post, path = "/booking-types", tag = "booking-types", operation_id = "create_booking_type",
    request_body = NewBookingType, responses((status = 201, body = BookingType), Failures))]
async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    Body(new): Body<NewBookingType>,
) -> Result<(StatusCode, Json<BookingType>), Problem> {
    Ok((StatusCode::CREATED, Json(kind::create(&state.app, &caller.ctx, &new).await?)))
}

/// One booking type.
#[utoipa::path(get, path = "/booking-types/{id}", tag = "booking-types", operation_id = "get_booking_type",
    params(("id" = BookingTypeId, Path)), responses((status = 200, body = BookingType), Failures))]
async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BookingTypeId>,
) -> Result<Json<BookingType>, Problem> {
    Ok(Json(kind::get(&state.app, &caller.ctx, id).await?))
}

/// Change a booking type: the settings given, its short name, its place in lists.
#[utoipa::path(patch, path = "/booking-types/{id}", tag = "booking-types", operation_id = "update_booking_type",
    params(("id" = BookingTypeId, Path)), request_body = BookingTypePatch,
    responses((status = 200, body = BookingType), Failures))]
async fn update(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BookingTypeId>,
    Body(patch): Body<BookingTypePatch>,
) -> Result<Json<BookingType>, Problem> {
    Ok(Json(kind::update(&state.app, &caller.ctx, id, &patch).await?))
}

/// Delete a booking type that has no appointments to come.
#[utoipa::path(delete, path = "/booking-types/{id}", tag = "booking-types", operation_id = "delete_booking_type",
    params(("id" = BookingTypeId, Path)), responses((status = 204, description = "Deleted."), Failures))]
async fn delete(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BookingTypeId>,
) -> Result<StatusCode, Problem> {
    kind::delete(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make another one with the same settings.
#[utoipa::path(post, path = "/booking-types/{id}/clone", tag = "booking-types", operation_id = "clone_booking_type",
    params(("id" = BookingTypeId, Path)), responses((status = 201, body = BookingType), Failures))]
async fn clone(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BookingTypeId>,
) -> Result<(StatusCode, Json<BookingType>), Problem> {
    Ok((StatusCode::CREATED, Json(kind::clone(&state.app, &caller.ctx, id).await?)))
}
