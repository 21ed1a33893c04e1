//! Home: what needs you, what happened, how the week went.

use axum::Json;
use axum::extract::State;
use frontdesk_app::home::{self, Home};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::Caller;
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(get))
}

/// Everything on the home page. Days are the business's; leads are left out for callers who may not read them.
#[utoipa::path(get, path = "/home", tag = "home", operation_id = "get_home",
    responses((status = 200, body = Home), Failures))]
async fn get(State(state): State<ApiState>, caller: Caller) -> Result<Json<Home>, Problem> {
    Ok(Json(home::get(&state.app, &caller.ctx).await?))
}
