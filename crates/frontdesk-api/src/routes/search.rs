//! Search over everything, for the command palette.

use axum::Json;
use axum::extract::State;
use frontdesk_app::search::{self, SearchResults};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Caller, Params};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(find))
}

/// What to search for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SearchParams {
    /// Part of a name, address, number, message or title.
    #[param(min_length = 1, max_length = 200)]
    q: String,
}

/// The first few contacts, conversations, knowledge sources and agents whose text contains `q`.
#[utoipa::path(get, path = "/search", tag = "search", operation_id = "search",
    params(SearchParams), responses((status = 200, body = SearchResults), Failures))]
async fn find(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<SearchParams>,
) -> Result<Json<SearchResults>, Problem> {
    Ok(Json(search::search(&state.app, &caller.ctx, &params.q).await?))
}
