//! Templates that a channel's vendor must approve before a business may write first with them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use frontdesk_app::channel_template::{self, ChannelTemplates, NewChannelTemplate};
use frontdesk_domain::channel_template::ChannelTemplate;
use frontdesk_domain::id::ChannelTemplateId;
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
        .routes(routes!(sync))
        .routes(routes!(get, update, delete))
        .routes(routes!(submit))
}

/// The workspace's templates, and how they were last brought up to date.
#[utoipa::path(get, path = "/channel-templates", tag = "templates", operation_id = "list_channel_templates",
    responses((status = 200, body = ChannelTemplates), Failures))]
async fn list(State(state): State<ApiState>, caller: Caller) -> Result<Json<ChannelTemplates>, Problem> {
    Ok(Json(channel_template::list(&state.app, &caller.ctx).await?))
}

/// Write a template; with `submit` it is handed in for approval at once.
#[utoipa::path(post, path = "/channel-templates", tag = "templates", operation_id = "create_channel_template",
    request_body = NewChannelTemplate, responses((status = 201, body = ChannelTemplate), Failures))]
async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    Body(new): Body<NewChannelTemplate>,
) -> Result<(StatusCode, Json<ChannelTemplate>), Problem> {
    Ok((StatusCode::CREATED, Json(channel_template::create(&state.app, &caller.ctx, new).await?)))
}

/// Bring the templates of every connection up to date now.
#[utoipa::path(post, path = "/channel-templates/sync", tag = "templates", operation_id = "sync_channel_templates",
    responses((status = 200, body = ChannelTemplates), Failures))]
async fn sync(State(state): State<ApiState>, caller: Caller) -> Result<Json<ChannelTemplates>, Problem> {
    Ok(Json(channel_template::sync_now(&state.app, &caller.ctx).await?))
}

/// One template.
#[utoipa::path(get, path = "/channel-templates/{id}", tag = "templates", operation_id = "get_channel_template",
    params(("id" = ChannelTemplateId, Path)), responses((status = 200, body = ChannelTemplate), Failures))]
async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ChannelTemplateId>,
) -> Result<Json<ChannelTemplate>, Problem> {
    Ok(Json(channel_template::get(&state.app, &caller.ctx, id).await?))
}

/// Word a draft anew, all of it; with `submit` it is handed in for approval at once.
#[utoipa::path(put, path = "/channel-templates/{id}", tag = "templates", operation_id = "update_channel_template",
    params(("id" = ChannelTemplateId, Path)), request_body = NewChannelTemplate,
    responses((status = 200, body = ChannelTemplate), Failures))]
async fn update(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ChannelTemplateId>,
    Body(new): Body<NewChannelTemplate>,
) -> Result<Json<ChannelTemplate>, Problem> {
    Ok(Json(channel_template::update(&state.app, &caller.ctx, id, new).await?))
}

/// Hand a draft in for approval.
#[utoipa::path(post, path = "/channel-templates/{id}/submit", tag = "templates", operation_id = "submit_channel_template",
    params(("id" = ChannelTemplateId, Path)), responses((status = 200, body = ChannelTemplate), Failures))]
async fn submit(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ChannelTemplateId>,
) -> Result<Json<ChannelTemplate>, Problem> {
    Ok(Json(channel_template::submit(&state.app, &caller.ctx, id).await?))
}

/// Delete a template, at the vendor too unless it is a draft.
#[utoipa::path(delete, path = "/channel-templates/{id}", tag = "templates", operation_id = "delete_channel_template",
    params(("id" = ChannelTemplateId, Path)), responses((status = 204, description = "Deleted."), Failures))]
async fn delete(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ChannelTemplateId>,
) -> Result<StatusCode, Problem> {
    channel_template::delete(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
