//! Replies kept ready for reuse.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use frontdesk_app::conversation::canned::{self, NewCannedReply};
use frontdesk_domain::conversation::CannedReply;
use frontdesk_domain::id::CannedReplyId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Caller, Segments};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(update, delete))
}

/// Every canned reply, by shortcut.
#[utoipa::path(get, path = "/canned-replies", tag = "canned replies", operation_id = "list_canned_replies",
    responses((status = 200, body = Vec<CannedReply>), Failures))]
async fn list(State(state): State<ApiState>, caller: Caller) -> Result<Json<Vec<CannedReply>>, Problem> {
    Ok(Json(canned::list(&state.app, &caller.ctx).await?))
}

/// Keep a reply for reuse.
#[utoipa::path(post, path = "/canned-replies", tag = "canned replies", operation_id = "create_canned_reply",
    request_body = NewCannedReply, responses((status = 201, body = CannedReply), Failures))]
async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    Body(new): Body<NewCannedReply>,
) -> Result<(StatusCode, Json<CannedReply>), Problem> {
    Ok((StatusCode::CREATED, Json(canned::create(&state.app, &caller.ctx, new).await?)))
}

/// Change a canned reply.
#[utoipa::path(patch, path = "/canned-replies/{id}", tag = "canned replies", operation_id = "update_canned_reply",
    params(("id" = CannedReplyId, Path)), request_body = NewCannedReply,
    responses((status = 200, body = CannedReply), Failures))]
async fn update(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<CannedReplyId>,
    Body(changed): Body<NewCannedReply>,
) -> Result<Json<CannedReply>, Problem> {
    Ok(Json(canned::update(&state.app, &caller.ctx, id, changed).await?))
}

/// Delete a canned reply.
#[utoipa::path(delete, path = "/canned-replies/{id}", tag = "canned replies", operation_id = "delete_canned_reply",
    params(("id" = CannedReplyId, Path)), responses((status = 204, description = "Deleted."), Failures))]
async fn delete(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<CannedReplyId>,
) -> Result<StatusCode, Problem> {
    canned::delete(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
