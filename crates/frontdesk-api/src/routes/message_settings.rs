//! How messages are handled in a workspace, and how they fared.

use axum::Json;
use axum::extract::State;
use frontdesk_app::message::figures::{self, MessageFigures};
use frontdesk_app::message::settings;
use frontdesk_domain::message_settings::MessageSettings;
use frontdesk_domain::time::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Caller, Params};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(get, put)).routes(routes!(figures))
}

/// How messages are handled.
#[utoipa::path(get, path = "/message-settings", tag = "messages", operation_id = "get_message_settings",
    responses((status = 200, body = MessageSettings), Failures))]
async fn get(State(state): State<ApiState>, caller: Caller) -> Result<Json<MessageSettings>, Problem> {
    Ok(Json(settings::get(&state.app, &caller.ctx).await?))
}

/// Change how messages are handled; what is absent goes back to how it is by default.
#[utoipa::path(put, path = "/message-settings", tag = "messages", operation_id = "put_message_settings",
    request_body = MessageSettings, responses((status = 200, body = MessageSettings), Failures))]
async fn put(
    State(state): State<ApiState>,
    caller: Caller,
    Body(new): Body<MessageSettings>,
) -> Result<Json<MessageSettings>, Problem> {
    Ok(Json(settings::put(&state.app, &caller.ctx, new).await?))
}

/// Over which time.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RangeParams {
    /// Messages queued from this instant on.
    from: Timestamp,
    /// And before this one; at most 100 days later.
    to: Timestamp,
}

/// Messages by channel and template over a time: sent, delivered, read, failed, answered, and clicks on their links.
#[utoipa::path(get, path = "/messages/figures", tag = "messages", operation_id = "get_message_figures",
    params(RangeParams), responses((status = 200, body = MessageFigures), Failures))]
async fn figures(
    State(state): State<ApiState>,
    caller: Caller,
    Params(range): Params<RangeParams>,
) -> Result<Json<MessageFigures>, Problem> {
    Ok(Json(figures::figures(&state.app, &caller.ctx, range.from, range.to).await?))
}
