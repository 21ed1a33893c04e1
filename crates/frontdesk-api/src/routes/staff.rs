//! Staff: those who take bookings.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use frontdesk_app::schedule::things;
use frontdesk_domain::id::StaffId;
use frontdesk_domain::schedule::{Staff, StaffSettings};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Caller, Segments};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(get, update, delete))
}

/// All of them, oldest first.
#[utoipa::path(get, path = "/staff", tag = "staff", operation_id = "list_staff",
    responses((status = 200, body = Vec<Staff>), Failures))]
async fn list(State(state): State<ApiState>, caller: Caller) -> Result<Json<Vec<Staff>>, Problem> {
    Ok(Json(things::list_staff(&state.app, &caller.ctx).await?))
}

/// Add a staff member.
#[utoipa::path(post, path = "/staff", tag = "staff", operation_id = "create_staff",
    request_body = StaffSettings, responses((status = 201, body = Staff), Failures))]
async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    Body(new): Body<StaffSettings>,
) -> Result<(StatusCode, Json<Staff>), Problem> {
    Ok((StatusCode::CREATED, Json(things::create_staff(&state.app, &caller.ctx, new).await?)))
}

/// One staff member.
#[utoipa::path(get, path = "/staff/{id}", tag = "staff", operation_id = "get_staff",
    params(("id" = StaffId, Path)), responses((status = 200, body = Staff), Failures))]
async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<StaffId>,
) -> Result<Json<Staff>, Problem> {
    Ok(Json(things::get_staff(&state.app, &caller.ctx, id).await?))
}

/// Replace a staff member's settings.
#[utoipa::path(put, path = "/staff/{id}", tag = "staff", operation_id = "update_staff",
    params(("id" = StaffId, Path)), request_body = StaffSettings, responses((status = 200, body = Staff), Failures))]
async fn update(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<StaffId>,
    Body(settings): Body<StaffSettings>,
) -> Result<Json<Staff>, Problem> {
    Ok(Json(things::update_staff(&state.app, &caller.ctx, id, settings).await?))
}

/// Delete a staff member that nothing needs any more.
#[utoipa::path(delete, path = "/staff/{id}", tag = "staff", operation_id = "delete_staff",
    params(("id" = StaffId, Path)), responses((status = 204, description = "Deleted."), Failures))]
async fn delete(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<StaffId>,
) -> Result<StatusCode, Problem> {
    things::delete_staff(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
