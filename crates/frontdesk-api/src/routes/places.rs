//! Places of the business.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use frontdesk_app::schedule::things;
use frontdesk_domain::id::PlaceId;
use frontdesk_domain::schedule::{Place, PlaceSettings};
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
#[utoipa::path(get, path = "/places", tag = "places", operation_id = "list_places",
    responses((status = 200, body = Vec<Place>), Failures))]
async fn list(State(state): State<ApiState>, caller: Caller) -> Result<Json<Vec<Place>>, Problem> {
    Ok(Json(things::list_place(&state.app, &caller.ctx).await?))
}

/// Add a place.
#[utoipa::path(post, path = "/places", tag = "places", operation_id = "create_place",
    request_body = PlaceSettings, responses((status = 201, body = Place), Failures))]
async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    Body(new): Body<PlaceSettings>,
) -> Result<(StatusCode, Json<Place>), Problem> {
    Ok((StatusCode::CREATED, Json(things::create_place(&state.app, &caller.ctx, new).await?)))
}

/// One place.
#[utoipa::path(get, path = "/places/{id}", tag = "places", operation_id = "get_place",
    params(("id" = PlaceId, Path)), responses((status = 200, body = Place), Failures))]
async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<PlaceId>,
) -> Result<Json<Place>, Problem> {
    Ok(Json(things::get_place(&state.app, &caller.ctx, id).await?))
}

/// Replace a place's settings.
#[utoipa::path(put, path = "/places/{id}", tag = "places", operation_id = "update_place",
    params(("id" = PlaceId, Path)), request_body = PlaceSettings, responses((status = 200, body = Place), Failures))]
async fn update(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<PlaceId>,
    Body(settings): Body<PlaceSettings>,
) -> Result<Json<Place>, Problem> {
    Ok(Json(things::update_place(&state.app, &caller.ctx, id, settings).await?))
}

/// Delete a place that nothing needs any more.
#[utoipa::path(delete, path = "/places/{id}", tag = "places", operation_id = "delete_place",
    params(("id" = PlaceId, Path)), responses((status = 204, description = "Deleted."), Failures))]
async fn delete(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<PlaceId>,
) -> Result<StatusCode, Problem> {
    things::delete_place(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
