//! Segments and custom fields: how contacts are sorted into groups.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use frontdesk_app::contact::field::{self, CustomFieldPatch, NewCustomField};
use frontdesk_app::contact::segment::{self, NewSegment, SegmentCount};
use frontdesk_domain::contact_list::{CustomField, Segment};
use frontdesk_domain::id::{FieldId, SegmentId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Caller, Segments};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list_fields, create_field))
        .routes(routes!(update_field, delete_field))
        .routes(routes!(list_segments, create_segment))
        .routes(routes!(update_segment, delete_segment))
        .routes(routes!(count_segment))
}

/// The custom fields of contacts, by label.
#[utoipa::path(get, path = "/contact-fields", tag = "contacts", operation_id = "list_contact_fields",
    responses((status = 200, body = Vec<CustomField>), Failures))]
async fn list_fields(
    State(state): State<ApiState>,
    caller: Caller,
) -> Result<Json<Vec<CustomField>>, Problem> {
    Ok(Json(field::list(&state.app, &caller.ctx).await?))
}

/// Make a custom field. What it holds cannot be changed later.
#[utoipa::path(post, path = "/contact-fields", tag = "contacts", operation_id = "create_contact_field",
    request_body = NewCustomField, responses((status = 201, body = CustomField), Failures))]
async fn create_field(
    State(state): State<ApiState>,
    caller: Caller,
    Body(new): Body<NewCustomField>,
) -> Result<(StatusCode, Json<CustomField>), Problem> {
    Ok((StatusCode::CREATED, Json(field::create(&state.app, &caller.ctx, new).await?)))
}

/// Change what a custom field is called and what can be chosen.
#[utoipa::path(patch, path = "/contact-fields/{id}", tag = "contacts", operation_id = "update_contact_field",
    params(("id" = FieldId, Path)), request_body = CustomFieldPatch,
    responses((status = 200, body = CustomField), Failures))]
async fn update_field(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<FieldId>,
    Body(patch): Body<CustomFieldPatch>,
) -> Result<Json<CustomField>, Problem> {
    Ok(Json(field::update(&state.app, &caller.ctx, id, patch).await?))
}

/// Forget a custom field. What contacts have under its key stays.
#[utoipa::path(delete, path = "/contact-fields/{id}", tag = "contacts", operation_id = "delete_contact_field",
    params(("id" = FieldId, Path)), responses((status = 204, description = "Forgotten."), Failures))]
async fn delete_field(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<FieldId>,
) -> Result<StatusCode, Problem> {
    field::delete(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The segments you see: the team's and your own, by name.
#[utoipa::path(get, path = "/segments", tag = "contacts", operation_id = "list_segments",
    responses((status = 200, body = Vec<Segment>), Failures))]
async fn list_segments(State(state): State<ApiState>, caller: Caller) -> Result<Json<Vec<Segment>>, Problem> {
    Ok(Json(segment::list_all(&state.app, &caller.ctx).await?))
}

/// Keep a filter under a name.
#[utoipa::path(post, path = "/segments", tag = "contacts", operation_id = "create_segment",
    request_body = NewSegment, responses((status = 201, body = Segment), Failures))]
async fn create_segment(
    State(state): State<ApiState>,
    caller: Caller,
    Body(new): Body<NewSegment>,
) -> Result<(StatusCode, Json<Segment>), Problem> {
    Ok((StatusCode::CREATED, Json(segment::create(&state.app, &caller.ctx, new).await?)))
}

/// Change a segment's name, filter and who sees it.
#[utoipa::path(put, path = "/segments/{id}", tag = "contacts", operation_id = "update_segment",
    params(("id" = SegmentId, Path)), request_body = NewSegment,
    responses((status = 200, body = Segment), Failures))]
async fn update_segment(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<SegmentId>,
    Body(new): Body<NewSegment>,
) -> Result<Json<Segment>, Problem> {
    Ok(Json(segment::update(&state.app, &caller.ctx, id, new).await?))
}

/// Delete a segment; its contacts stay.
#[utoipa::path(delete, path = "/segments/{id}", tag = "contacts", operation_id = "delete_segment",
    params(("id" = SegmentId, Path)), responses((status = 204, description = "Deleted."), Failures))]
async fn delete_segment(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<SegmentId>,
) -> Result<StatusCode, Problem> {
    segment::delete(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How many contacts are in a segment now.
#[utoipa::path(get, path = "/segments/{id}/count", tag = "contacts", operation_id = "count_segment",
    params(("id" = SegmentId, Path)), responses((status = 200, body = SegmentCount), Failures))]
async fn count_segment(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<SegmentId>,
) -> Result<Json<SegmentCount>, Problem> {
    Ok(Json(segment::count(&state.app, &caller.ctx, id).await?))
}
