//! Resources: rooms, chairs, machines.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use frontdesk_app::schedule::things;
use frontdesk_domain::id::ResourceId;
use frontdesk_domain::schedule::{Resource, ResourceSettings};
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
#[utoipa::path(get, path = "/resources", tag = "resources", operation_id = "list_resources",
    responses((status = 200, body = Vec<Resource>), Failures))]
async fn list(State(state): State<ApiState>, caller: Caller) -> Result<Json<Vec<Resource>>, Problem> {
    Ok(Json(things::list_resource(&state.app, &caller.ctx).await?))
}

/// Add a resource.
#[utoipa::path(post, path = "/resources", tag = "resources", operation_id = "create_resource",
    request_body = ResourceSettings, responses((status = 201, body = Resource), Failures))]
async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    Body(new): Body<ResourceSettings>,
) -> Result<(StatusCode, Json<Resource>), Problem> {
    Ok((StatusCode::CREATED, Json(things::create_resource(&state.app, &caller.ctx, new).await?)))
}

/// One resource.
#[utoipa::path(get, path = "/resources/{id}", tag = "resources", operation_id = "get_resource",
    params(("id" = ResourceId, Path)), responses((status = 200, body = Resource), Failures))]
async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ResourceId>,
) -> Result<Json<Resource>, Problem> {
    Ok(Json(things::get_resource(&state.app, &caller.ctx, id).await?))
}

/// Replace a resource's settings.
#[utoipa::path(put, path = "/resources/{id}", tag = "resources", operation_id = "update_resource",
    params(("id" = ResourceId, Path)), request_body = ResourceSettings, responses((status = 200, body = Resource), Failures))]
async fn update(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ResourceId>,
    Body(settings): Body<ResourceSettings>,
) -> Result<Json<Resource>, Problem> {
    Ok(Json(things::update_resource(&state.app, &caller.ctx, id, settings).await?))
}

/// Delete a resource that nothing needs any more.
#[utoipa::path(delete, path = "/resources/{id}", tag = "resources", operation_id = "delete_resource",
    params(("id" = ResourceId, Path)), responses((status = 204, description = "Deleted."), Failures))]
async fn delete(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ResourceId>,
) -> Result<StatusCode, Problem> {
    things::delete_resource(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
