//! Publishable keys for widgets.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use frontdesk_app::key::{self, NewWidgetKey, WidgetKeyPatch};
use frontdesk_domain::apikey::WidgetKey;
use frontdesk_domain::id::WidgetKeyId;
use frontdesk_domain::page::Page;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Caller, PageParams, Params, Segments};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(update, revoke))
}

/// Widget keys, revoked ones included.
#[utoipa::path(get, path = "/widget-keys", tag = "widget-keys", operation_id = "list_widget_keys",
    params(PageParams), responses((status = 200, body = Page<WidgetKey>), Failures))]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<PageParams>,
) -> Result<Json<Page<WidgetKey>>, Problem> {
    Ok(Json(key::list_widget(&state.app, &caller.ctx, &params.page()?).await?))
}

/// Make a widget key.
#[utoipa::path(post, path = "/widget-keys", tag = "widget-keys", operation_id = "create_widget_key",
    request_body = NewWidgetKey, responses((status = 201, body = WidgetKey), Failures))]
async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    Body(input): Body<NewWidgetKey>,
) -> Result<(StatusCode, Json<WidgetKey>), Problem> {
    Ok((StatusCode::CREATED, Json(key::create_widget(&state.app, &caller.ctx, input).await?)))
}

/// Change a widget key.
#[utoipa::path(patch, path = "/widget-keys/{id}", tag = "widget-keys", operation_id = "update_widget_key",
    params(("id" = WidgetKeyId, Path)), request_body = WidgetKeyPatch,
    responses((status = 200, body = WidgetKey), Failures))]
async fn update(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<WidgetKeyId>,
    Body(input): Body<WidgetKeyPatch>,
) -> Result<Json<WidgetKey>, Problem> {
    Ok(Json(key::update_widget(&state.app, &caller.ctx, id, input).await?))
}

/// Revoke a widget key: widgets with it stop at once.
#[utoipa::path(delete, path = "/widget-keys/{id}", tag = "widget-keys", operation_id = "revoke_widget_key",
    params(("id" = WidgetKeyId, Path)), responses((status = 204, description = "Revoked."), Failures))]
async fn revoke(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<WidgetKeyId>,
) -> Result<StatusCode, Problem> {
    key::revoke_widget(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
