//! The audit log.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use frontdesk_app::audit::{self, AuditQuery};
use frontdesk_domain::audit::AuditEntry;
use frontdesk_domain::page::Page;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Caller, Params, check_limit};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(export))
}

/// Who did or viewed what, newest first.
#[utoipa::path(get, path = "/audit", tag = "audit", operation_id = "list_audit", params(AuditQuery),
    responses((status = 200, body = Page<AuditEntry>), Failures))]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Params(query): Params<AuditQuery>,
) -> Result<Json<Page<AuditEntry>>, Problem> {
    check_limit(query.limit)?;
    Ok(Json(audit::list(&state.app, &caller.ctx, &query).await?))
}

/// The same as CSV, all of it. The export is recorded too.
#[utoipa::path(get, path = "/audit/export", tag = "audit", operation_id = "export_audit", params(AuditQuery),
    responses((status = 200, body = String, content_type = "text/csv"), Failures))]
async fn export(
    State(state): State<ApiState>,
    caller: Caller,
    Params(query): Params<AuditQuery>,
) -> Result<Response, Problem> {
    check_limit(query.limit)?;
    let pieces = audit::export(&state.app, &caller.ctx, query).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}
