//! Workflows, who is in them, and the tasks they leave.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use frontdesk_app::task::{self, TaskDone};
use frontdesk_app::webhook::sign::{self, WebhookSecret};
use frontdesk_app::workflow::desk::{
    self, Entered, NewEnrolments, PendingWork, WorkflowDraft, WorkflowSwitch,
};
use frontdesk_app::workflow::preview::{self, WorkflowPreview, WorkflowTrial};
use frontdesk_app::workflow::recipe::{self, Recipe};
use frontdesk_app::workflow::view::{self, EnrolmentHistory, Funnel};
use frontdesk_domain::id::{ContactId, EnrolmentId, TaskId, WorkflowId};
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::workflow::{Enrolment, EnrolmentState, Task, Workflow, WorkflowSettings};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Caller, Params, Segments, check_limit};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(recipes))
        .routes(routes!(secret))
        .routes(routes!(renew_secret))
        .routes(routes!(switch))
        .routes(routes!(try_out))
        .routes(routes!(get, put, delete))
        .routes(routes!(pending))
        .routes(routes!(funnel))
        .routes(routes!(enrolments, enrol))
        .routes(routes!(history))
        .routes(routes!(stop))
        .routes(routes!(of_contact))
        .routes(routes!(tasks))
        .routes(routes!(set_done))
}

/// Which enrolments are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EnrolmentParams {
    /// In this state.
    state: Option<EnrolmentState>,
    /// Before this step now.
    #[param(max_length = 30)]
    step: Option<String>,
    /// Where the previous page ended; opaque.
    #[param(max_length = 400)]
    cursor: Option<String>,
    /// How many rows, 1 to 250; 50 when absent.
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

/// Which tasks are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TaskParams {
    /// Those that are done; open ones when absent.
    done: Option<bool>,
    /// About this contact.
    contact_id: Option<ContactId>,
    /// Where the previous page ended; opaque.
    #[param(max_length = 400)]
    cursor: Option<String>,
    /// How many rows, 1 to 250; 50 when absent.
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

/// Every workflow, newest first.
#[utoipa::path(get, path = "/workflows", tag = "workflows", operation_id = "list_workflows",
    responses((status = 200, body = Vec<Workflow>), Failures))]
async fn list(State(state): State<ApiState>, caller: Caller) -> Result<Json<Vec<Workflow>>, Problem> {
    Ok(Json(desk::list(&state.app, &caller.ctx).await?))
}

/// What the calls of the webhook step are signed with (Standard Webhooks).
#[utoipa::path(get, path = "/workflows/webhook-secret", tag = "workflows", operation_id = "get_webhook_secret",
    responses((status = 200, body = WebhookSecret), Failures))]
async fn secret(State(state): State<ApiState>, caller: Caller) -> Result<Json<WebhookSecret>, Problem> {
    Ok(Json(sign::show(&state.app, &caller.ctx).await?))
}

/// Make a new secret; the old one signs nothing from now on.
#[utoipa::path(post, path = "/workflows/webhook-secret/renew", tag = "workflows",
    operation_id = "renew_webhook_secret", responses((status = 200, body = WebhookSecret), Failures))]
async fn renew_secret(State(state): State<ApiState>, caller: Caller) -> Result<Json<WebhookSecret>, Problem> {
    Ok(Json(sign::renew(&state.app, &caller.ctx).await?))
}

/// Make a workflow; it does nothing until it is started.
#[utoipa::path(post, path = "/workflows", tag = "workflows", operation_id = "create_workflow",
    request_body = WorkflowSettings, responses((status = 201, body = Workflow), Failures))]
async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    Body(settings): Body<WorkflowSettings>,
) -> Result<(StatusCode, Json<Workflow>), Problem> {
    Ok((StatusCode::CREATED, Json(desk::create(&state.app, &caller.ctx, settings).await?)))
}

/// Workflows to begin with, in the language of the business.
#[utoipa::path(get, path = "/workflows/recipes", tag = "workflows", operation_id = "list_workflow_recipes",
    responses((status = 200, body = Vec<Recipe>), Failures))]
async fn recipes(State(state): State<ApiState>, caller: Caller) -> Result<Json<Vec<Recipe>>, Problem> {
    Ok(Json(recipe::list(&state.app, &caller.ctx).await?))
}

/// Start or pause workflows. Waiting messages of a paused one are called off and written again when it goes on.
#[utoipa::path(post, path = "/workflows/state", tag = "workflows", operation_id = "switch_workflows",
    request_body = WorkflowSwitch, responses((status = 200, body = Vec<Workflow>), Failures))]
async fn switch(
    State(state): State<ApiState>,
    caller: Caller,
    Body(to): Body<WorkflowSwitch>,
) -> Result<Json<Vec<Workflow>>, Problem> {
    Ok(Json(desk::switch(&state.app, &caller.ctx, to).await?))
}

/// What the next ten contacts would get.
#[utoipa::path(post, path = "/workflows/preview", tag = "workflows", operation_id = "preview_workflow",
    request_body = WorkflowTrial, responses((status = 200, body = WorkflowPreview), Failures))]
async fn try_out(
    State(state): State<ApiState>,
    caller: Caller,
    Body(trial): Body<WorkflowTrial>,
) -> Result<Json<WorkflowPreview>, Problem> {
    Ok(Json(preview::preview(&state.app, &caller.ctx, trial).await?))
}

/// One workflow.
#[utoipa::path(get, path = "/workflows/{id}", tag = "workflows", operation_id = "get_workflow",
    params(("id" = WorkflowId, Path)), responses((status = 200, body = Workflow), Failures))]
async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<WorkflowId>,
) -> Result<Json<Workflow>, Problem> {
    Ok(Json(desk::get(&state.app, &caller.ctx, id).await?))
}

/// Save a workflow; contacts in it keep their place and what they wait for.
#[utoipa::path(put, path = "/workflows/{id}", tag = "workflows", operation_id = "put_workflow",
    params(("id" = WorkflowId, Path)), request_body = WorkflowDraft,
    responses((status = 200, body = Workflow), Failures))]
async fn put(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<WorkflowId>,
    Body(draft): Body<WorkflowDraft>,
) -> Result<Json<Workflow>, Problem> {
    Ok(Json(desk::put(&state.app, &caller.ctx, id, draft).await?))
}

/// Delete a workflow with everybody's place in it; the messages it sent stay.
#[utoipa::path(delete, path = "/workflows/{id}", tag = "workflows", operation_id = "delete_workflow",
    params(("id" = WorkflowId, Path)), responses((status = 204), Failures))]
async fn delete(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<WorkflowId>,
) -> Result<StatusCode, Problem> {
    desk::delete(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is under way in a workflow: to be known before it is paused or deleted.
#[utoipa::path(get, path = "/workflows/{id}/pending", tag = "workflows", operation_id = "get_workflow_pending",
    params(("id" = WorkflowId, Path)), responses((status = 200, body = PendingWork), Failures))]
async fn pending(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<WorkflowId>,
) -> Result<Json<PendingWork>, Problem> {
    Ok(Json(desk::pending(&state.app, &caller.ctx, id).await?))
}

/// How contacts get through a workflow.
#[utoipa::path(get, path = "/workflows/{id}/funnel", tag = "workflows", operation_id = "get_workflow_funnel",
    params(("id" = WorkflowId, Path)), responses((status = 200, body = Funnel), Failures))]
async fn funnel(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<WorkflowId>,
) -> Result<Json<Funnel>, Problem> {
    Ok(Json(view::funnel(&state.app, &caller.ctx, id).await?))
}

/// Who is and was in a workflow, newest first.
#[utoipa::path(get, path = "/workflows/{id}/enrolments", tag = "workflows", operation_id = "list_enrolments",
    params(("id" = WorkflowId, Path), EnrolmentParams),
    responses((status = 200, body = Page<Enrolment>), Failures))]
async fn enrolments(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<WorkflowId>,
    Params(params): Params<EnrolmentParams>,
) -> Result<Json<Page<Enrolment>>, Problem> {
    check_limit(params.limit)?;
    let page = PageRequest { cursor: params.cursor, limit: params.limit };
    let which = (params.state, params.step);
    Ok(Json(view::enrolments(&state.app, &caller.ctx, id, which, &page).await?))
}

/// Put contacts into a workflow.
#[utoipa::path(post, path = "/workflows/{id}/enrolments", tag = "workflows", operation_id = "add_enrolments",
    params(("id" = WorkflowId, Path)), request_body = NewEnrolments,
    responses((status = 200, body = Entered), Failures))]
async fn enrol(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<WorkflowId>,
    Body(new): Body<NewEnrolments>,
) -> Result<Json<Entered>, Problem> {
    Ok(Json(desk::enrol(&state.app, &caller.ctx, id, new).await?))
}

/// One contact's way through a workflow, with what was done.
#[utoipa::path(get, path = "/enrolments/{id}", tag = "workflows", operation_id = "get_enrolment",
    params(("id" = EnrolmentId, Path)), responses((status = 200, body = EnrolmentHistory), Failures))]
async fn history(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<EnrolmentId>,
) -> Result<Json<EnrolmentHistory>, Problem> {
    Ok(Json(view::history(&state.app, &caller.ctx, id).await?))
}

/// End a workflow for one contact.
#[utoipa::path(post, path = "/enrolments/{id}/stop", tag = "workflows", operation_id = "stop_enrolment",
    params(("id" = EnrolmentId, Path)), responses((status = 200, body = Enrolment), Failures))]
async fn stop(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<EnrolmentId>,
) -> Result<Json<Enrolment>, Problem> {
    Ok(Json(desk::stop(&state.app, &caller.ctx, id).await?))
}

/// The workflows a contact is and was in, newest first.
#[utoipa::path(get, path = "/contacts/{id}/enrolments", tag = "workflows", operation_id = "list_contact_enrolments",
    params(("id" = ContactId, Path)), responses((status = 200, body = Vec<Enrolment>), Failures))]
async fn of_contact(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ContactId>,
) -> Result<Json<Vec<Enrolment>>, Problem> {
    Ok(Json(view::of_contact(&state.app, &caller.ctx, id).await?))
}

/// Tasks: open ones, the one due first first, or those that are done.
#[utoipa::path(get, path = "/tasks", tag = "workflows", operation_id = "list_tasks",
    params(TaskParams), responses((status = 200, body = Page<Task>), Failures))]
async fn tasks(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<TaskParams>,
) -> Result<Json<Page<Task>>, Problem> {
    check_limit(params.limit)?;
    let page = PageRequest { cursor: params.cursor, limit: params.limit };
    let done = params.done.unwrap_or_default();
    Ok(Json(task::list(&state.app, &caller.ctx, done, params.contact_id, &page).await?))
}

/// Mark a task as done, or take that back.
#[utoipa::path(post, path = "/tasks/{id}/done", tag = "workflows", operation_id = "set_task_done",
    params(("id" = TaskId, Path)), request_body = TaskDone, responses((status = 200, body = Task), Failures))]
async fn set_done(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<TaskId>,
    Body(to): Body<TaskDone>,
) -> Result<Json<Task>, Problem> {
    Ok(Json(task::set_done(&state.app, &caller.ctx, id, to).await?))
}
