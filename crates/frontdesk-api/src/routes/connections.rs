//! Connections to vendors. Secrets go in and never come out.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use frontdesk_app::connection::{self, ConnectionPatch, NewConnection};
use frontdesk_domain::connection::{Connection, ConnectionTest, VendorManifest};
use frontdesk_domain::id::ConnectionId;
use frontdesk_domain::page::Page;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Caller, PageParams, Params, Segments};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(vendors))
        .routes(routes!(list, create))
        .routes(routes!(get, update, delete))
        .routes(routes!(test))
}

/// Vendors that can be connected, with the schema of their settings.
#[utoipa::path(get, path = "/connections/vendors", tag = "connections", operation_id = "list_vendors",
    responses((status = 200, body = [VendorManifest]), Failures))]
async fn vendors(caller: Caller) -> Result<Json<Vec<VendorManifest>>, Problem> {
    Ok(Json(connection::vendors(&caller.ctx)?))
}

/// The workspace's connections.
#[utoipa::path(get, path = "/connections", tag = "connections", operation_id = "list_connections",
    params(PageParams), responses((status = 200, body = Page<Connection>), Failures))]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<PageParams>,
) -> Result<Json<Page<Connection>>, Problem> {
    Ok(Json(connection::list(&state.app, &caller.ctx, &params.page()?).await?))
}

/// Connect a vendor.
#[utoipa::path(post, path = "/connections", tag = "connections", operation_id = "create_connection",
    request_body = NewConnection, responses((status = 201, body = Connection), Failures))]
async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    Body(input): Body<NewConnection>,
) -> Result<(StatusCode, Json<Connection>), Problem> {
    Ok((StatusCode::CREATED, Json(connection::create(&state.app, &caller.ctx, input).await?)))
}

/// One connection.
#[utoipa::path(get, path = "/connections/{id}", tag = "connections", operation_id = "get_connection",
    params(("id" = ConnectionId, Path)), responses((status = 200, body = Connection), Failures))]
async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ConnectionId>,
) -> Result<Json<Connection>, Problem> {
    Ok(Json(connection::get(&state.app, &caller.ctx, id).await?))
}

/// Change a connection.
#[utoipa::path(patch, path = "/connections/{id}", tag = "connections", operation_id = "update_connection",
    params(("id" = ConnectionId, Path)), request_body = ConnectionPatch,
    responses((status = 200, body = Connection), Failures))]
async fn update(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ConnectionId>,
    Body(input): Body<ConnectionPatch>,
) -> Result<Json<Connection>, Problem> {
    Ok(Json(connection::update(&state.app, &caller.ctx, id, input).await?))
}

/// Remove a connection with its secret.
#[utoipa::path(delete, path = "/connections/{id}", tag = "connections", operation_id = "delete_connection",
    params(("id" = ConnectionId, Path)), responses((status = 204, description = "Removed."), Failures))]
async fn delete(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ConnectionId>,
) -> Result<StatusCode, Problem> {
    connection::delete(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Try a connection against the vendor. A vendor that refuses is an answer with `ok: false`.
#[utoipa::path(post, path = "/connections/{id}/test", tag = "connections", operation_id = "test_connection",
    params(("id" = ConnectionId, Path)), responses((status = 200, body = ConnectionTest), Failures))]
async fn test(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ConnectionId>,
) -> Result<Json<ConnectionTest>, Problem> {
    Ok(Json(connection::test(&state.app, &caller.ctx, id).await?))
}
