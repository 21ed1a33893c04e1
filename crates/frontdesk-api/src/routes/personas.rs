//! Personas: how agents sound.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use frontdesk_app::agent::persona::{self, NewPersona};
use frontdesk_domain::id::PersonaId;
use frontdesk_domain::persona::Persona;
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

/// The workspace's personas, oldest first.
#[utoipa::path(get, path = "/personas", tag = "personas", operation_id = "list_personas",
    responses((status = 200, body = Vec<Persona>), Failures))]
async fn list(State(state): State<ApiState>, caller: Caller) -> Result<Json<Vec<Persona>>, Problem> {
    Ok(Json(persona::list(&state.app, &caller.ctx).await?))
}

/// Make a persona.
#[utoipa::path(post, path = "/personas", tag = "personas", operation_id = "create_persona",
    request_body = NewPersona, responses((status = 201, body = Persona), Failures))]
async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    Body(new): Body<NewPersona>,
) -> Result<(StatusCode, Json<Persona>), Problem> {
    Ok((StatusCode::CREATED, Json(persona::create(&state.app, &caller.ctx, new).await?)))
}

/// One persona.
#[utoipa::path(get, path = "/personas/{id}", tag = "personas", operation_id = "get_persona",
    params(("id" = PersonaId, Path)), responses((status = 200, body = Persona), Failures))]
async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<PersonaId>,
) -> Result<Json<Persona>, Problem> {
    Ok(Json(persona::get(&state.app, &caller.ctx, id).await?))
}

/// Change a persona. Agents sound so from their next publication on.
#[utoipa::path(patch, path = "/personas/{id}", tag = "personas", operation_id = "update_persona",
    params(("id" = PersonaId, Path)), request_body = NewPersona,
    responses((status = 200, body = Persona), Failures))]
async fn update(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<PersonaId>,
    Body(change): Body<NewPersona>,
) -> Result<Json<Persona>, Problem> {
    Ok(Json(persona::update(&state.app, &caller.ctx, id, change).await?))
}

/// Delete a persona no draft uses.
#[utoipa::path(delete, path = "/personas/{id}", tag = "personas", operation_id = "delete_persona",
    params(("id" = PersonaId, Path)), responses((status = 204, description = "Deleted."), Failures))]
async fn delete(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<PersonaId>,
) -> Result<StatusCode, Problem> {
    persona::delete(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
