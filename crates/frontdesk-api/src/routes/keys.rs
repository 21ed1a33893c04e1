//! API keys for programs.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use frontdesk_app::key::{self, CreatedApiKey, NewApiKey};
use frontdesk_domain::apikey::ApiKey;
use frontdesk_domain::id::ApiKeyId;
use frontdesk_domain::page::Page;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Caller, PageParams, Params, Segments};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(revoke))
}

/// API keys, revoked ones included.
#[utoipa::path(get, path = "/keys", tag = "keys", operation_id = "list_keys", params(PageParams),
    responses((status = 200, body = Page<ApiKey>), Failures))]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<PageParams>,
) -> Result<Json<Page<ApiKey>>, Problem> {
    Ok(Json(key::list(&state.app, &caller.ctx, &params.page()?).await?))
}

/// Make an API key. The secret is in this answer and nowhere else.
#[utoipa::path(post, path = "/keys", tag = "keys", operation_id = "create_key", request_body = NewApiKey,
    responses((status = 201, body = CreatedApiKey), Failures))]
async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    Body(input): Body<NewApiKey>,
) -> Result<(StatusCode, Json<CreatedApiKey>), Problem> {
    Ok((StatusCode::CREATED, Json(key::create(&state.app, &caller.ctx, input).await?)))
}

/// Revoke an API key: it stops working at once.
#[utoipa::path(delete, path = "/keys/{id}", tag = "keys", operation_id = "revoke_key", params(("id" = ApiKeyId, Path)),
    responses((status = 204, description = "Revoked."), Failures))]
async fn revoke(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ApiKeyId>,
) -> Result<StatusCode, Problem> {
    key::revoke(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
