//! Actions on many contacts at once.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use frontdesk_app::contact::bulk::{self, NewBulk};
use frontdesk_domain::contact_import::Bulk;
use frontdesk_domain::id::BulkId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::contact_imports::send_csv;
use crate::extract::{Body, Caller, Segments};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list, start))
        .routes(routes!(get))
        .routes(routes!(cancel))
        .routes(routes!(undo))
        .routes(routes!(file))
}

/// The newest actions on many contacts.
#[utoipa::path(get, path = "/contact-bulks", tag = "contacts", operation_id = "list_contact_bulks",
    responses((status = 200, body = Vec<Bulk>), Failures))]
async fn list(State(state): State<ApiState>, caller: Caller) -> Result<Json<Vec<Bulk>>, Problem> {
    Ok(Json(bulk::list_all(&state.app, &caller.ctx).await?))
}

/// Tag, untag, set the status of, erase or export many contacts: those named, or all that match a filter. It is done in the
/// background: watch its state.
#[utoipa::path(post, path = "/contact-bulks", tag = "contacts", operation_id = "start_contact_bulk",
    request_body = NewBulk, responses((status = 201, body = Bulk), Failures))]
async fn start(
    State(state): State<ApiState>,
    caller: Caller,
    Body(new): Body<NewBulk, { 256 * 1024 }>,
) -> Result<(StatusCode, Json<Bulk>), Problem> {
    Ok((StatusCode::CREATED, Json(bulk::start(&state.app, &caller.ctx, new).await?)))
}

/// An action, as far as it has come.
#[utoipa::path(get, path = "/contact-bulks/{id}", tag = "contacts", operation_id = "get_contact_bulk",
    params(("id" = BulkId, Path)), responses((status = 200, body = Bulk), Failures))]
async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BulkId>,
) -> Result<Json<Bulk>, Problem> {
    Ok(Json(bulk::get(&state.app, &caller.ctx, id).await?))
}

/// Stop an action. What was done stays.
#[utoipa::path(post, path = "/contact-bulks/{id}/cancel", tag = "contacts", operation_id = "cancel_contact_bulk",
    params(("id" = BulkId, Path)), responses((status = 200, body = Bulk), Failures))]
async fn cancel(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BulkId>,
) -> Result<Json<Bulk>, Problem> {
    Ok(Json(bulk::cancel(&state.app, &caller.ctx, id).await?))
}

/// Take an action back: tags and states as they were, where nobody changed them since.
#[utoipa::path(post, path = "/contact-bulks/{id}/undo", tag = "contacts", operation_id = "undo_contact_bulk",
    params(("id" = BulkId, Path)), responses((status = 200, body = Bulk), Failures))]
async fn undo(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BulkId>,
) -> Result<Json<Bulk>, Problem> {
    Ok(Json(bulk::undo(&state.app, &caller.ctx, id).await?))
}

/// The file of an export that is done, as CSV.
#[utoipa::path(get, path = "/contact-bulks/{id}/file", tag = "contacts", operation_id = "get_contact_bulk_file",
    params(("id" = BulkId, Path)),
    responses((status = 200, description = "The contacts.", body = String, content_type = "text/csv"), Failures))]
async fn file(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BulkId>,
) -> Result<Response, Problem> {
    send_csv("contacts.csv", &bulk::file(&state.app, &caller.ctx, id).await?).await
}
