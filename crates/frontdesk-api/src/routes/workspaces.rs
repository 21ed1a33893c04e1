//! Workspaces: the caller's list, and the one the request is in.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use frontdesk_app::workspace::{self, DeleteInput, NewWorkspace, WorkspacePatch};
use frontdesk_domain::workspace::{Workspace, WorkspaceMembership};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Caller};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(get, update, delete))
}

/// The signed-in person's workspaces.
#[utoipa::path(get, path = "/workspaces", tag = "workspaces", operation_id = "list_workspaces",
    responses((status = 200, body = [WorkspaceMembership]), Failures))]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
) -> Result<Json<Vec<WorkspaceMembership>>, Problem> {
    Ok(Json(workspace::list(&state.app, &caller.ctx).await?))
}

/// Make a workspace; the signed-in person owns it.
#[utoipa::path(post, path = "/workspaces", tag = "workspaces", operation_id = "create_workspace", request_body = NewWorkspace,
    responses((status = 201, body = Workspace), Failures))]
async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    Body(input): Body<NewWorkspace>,
) -> Result<(StatusCode, Json<Workspace>), Problem> {
    Ok((StatusCode::CREATED, Json(workspace::create(&state.app, &caller.ctx, input).await?)))
}

/// The request's workspace.
#[utoipa::path(get, path = "/workspace", tag = "workspaces", operation_id = "get_workspace", responses((status = 200, body = Workspace), Failures))]
async fn get(State(state): State<ApiState>, caller: Caller) -> Result<Json<Workspace>, Problem> {
    Ok(Json(workspace::get(&state.app, &caller.ctx).await?))
}

/// Change the request's workspace.
#[utoipa::path(patch, path = "/workspace", tag = "workspaces", operation_id = "update_workspace", request_body = WorkspacePatch,
    responses((status = 200, body = Workspace), Failures))]
async fn update(
    State(state): State<ApiState>,
    caller: Caller,
    Body(input): Body<WorkspacePatch>,
) -> Result<Json<Workspace>, Problem> {
    Ok(Json(workspace::update(&state.app, &caller.ctx, input).await?))
}

/// Delete the request's workspace with everything in it. Its name must be typed again.
#[utoipa::path(delete, path = "/workspace", tag = "workspaces", operation_id = "delete_workspace", request_body = DeleteInput,
    responses((status = 204, description = "Gone."), Failures))]
async fn delete(
    State(state): State<ApiState>,
    caller: Caller,
    Body(input): Body<DeleteInput>,
) -> Result<StatusCode, Problem> {
    workspace::delete(&state.app, &caller.ctx, &input).await?;
    Ok(StatusCode::NO_CONTENT)
}
