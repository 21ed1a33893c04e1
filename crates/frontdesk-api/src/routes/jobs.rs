//! The queue: what waits, what failed, and what to do about it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use frontdesk_app::queue::{self, JobCounts, JobState, QueueJob};
use frontdesk_domain::id::JobId;
use frontdesk_domain::page::{Page, PageRequest};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Caller, Params, Segments, check_limit};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(counts))
        .routes(routes!(get, discard))
        .routes(routes!(retry))
}

/// Which jobs are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// In this state; those that were given up when absent.
    #[param(inline)]
    state: Option<JobState>,
    /// Of this kind, such as `message.dispatch`.
    #[param(max_length = 100)]
    kind: Option<String>,
    /// Where the previous page ended; opaque.
    #[param(max_length = 100)]
    cursor: Option<String>,
    /// How many rows, 1 to 250; 50 when absent.
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

/// Jobs in a state: those that are due first, those that were given up newest first.
#[utoipa::path(get, path = "/jobs", tag = "jobs", operation_id = "list_jobs", params(ListParams),
    responses((status = 200, body = Page<QueueJob>), Failures))]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<ListParams>,
) -> Result<Json<Page<QueueJob>>, Problem> {
    check_limit(params.limit)?;
    let wanted = params.state.unwrap_or(JobState::Dead);
    let page = PageRequest { cursor: params.cursor, limit: params.limit };
    Ok(Json(queue::list(&state.app, &caller.ctx, wanted, params.kind.as_deref(), &page).await?))
}

/// How many jobs are in each state.
#[utoipa::path(get, path = "/jobs/counts", tag = "jobs", operation_id = "count_jobs",
    responses((status = 200, body = JobCounts), Failures))]
async fn counts(State(state): State<ApiState>, caller: Caller) -> Result<Json<JobCounts>, Problem> {
    Ok(Json(queue::counts(&state.app, &caller.ctx).await?))
}

/// One job.
#[utoipa::path(get, path = "/jobs/{id}", tag = "jobs", operation_id = "get_job", params(("id" = JobId, Path)),
    responses((status = 200, body = QueueJob), Failures))]
async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<JobId>,
) -> Result<Json<QueueJob>, Problem> {
    Ok(Json(queue::get(&state.app, &caller.ctx, id).await?))
}

/// Try a job again that was given up, with all its tries.
#[utoipa::path(post, path = "/jobs/{id}/retry", tag = "jobs", operation_id = "retry_job", params(("id" = JobId, Path)),
    responses((status = 200, body = QueueJob), Failures))]
async fn retry(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<JobId>,
) -> Result<Json<QueueJob>, Problem> {
    Ok(Json(queue::retry(&state.app, &caller.ctx, id).await?))
}

/// Throw a job away that was given up: what it was to do is not done.
#[utoipa::path(delete, path = "/jobs/{id}", tag = "jobs", operation_id = "discard_job", params(("id" = JobId, Path)),
    responses((status = 204, description = "Thrown away."), Failures))]
async fn discard(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<JobId>,
) -> Result<StatusCode, Problem> {
    queue::discard(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
