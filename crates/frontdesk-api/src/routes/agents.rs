//! Agents: drafts, versions, the sandbox.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use frontdesk_app::agent::{self, AgentChange, NewAgent, Publication, Rollback, ToolInfo};
use frontdesk_app::conversation::sandbox::{self, Sandbox, SandboxMessage, SandboxReply};
use frontdesk_domain::agent::{Agent, AgentVersion, SettingChange};
use frontdesk_domain::id::{AgentId, ConversationId};
use frontdesk_domain::page::Page;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Caller, PageParams, Params, Segments};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(list_tools))
        .routes(routes!(get, update, delete))
        .routes(routes!(clone))
        .routes(routes!(publish))
        .routes(routes!(roll_back))
        .routes(routes!(versions))
        .routes(routes!(version))
        .routes(routes!(diff))
        .routes(routes!(open_sandbox))
        .routes(routes!(say))
        .routes(routes!(close_sandbox))
}

/// Which agents are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// Archived ones too.
    #[serde(default)]
    archived: bool,
}

/// The workspace's agents, oldest first.
#[utoipa::path(get, path = "/agents", tag = "agents", operation_id = "list_agents", params(ListParams),
    responses((status = 200, body = Vec<Agent>), Failures))]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<ListParams>,
) -> Result<Json<Vec<Agent>>, Problem> {
    Ok(Json(agent::list(&state.app, &caller.ctx, params.archived).await?))
}

/// Make an agent. It answers once it is published.
#[utoipa::path(post, path = "/agents", tag = "agents", operation_id = "create_agent", request_body = NewAgent,
    responses((status = 201, body = Agent), Failures))]
async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    Body(new): Body<NewAgent>,
) -> Result<(StatusCode, Json<Agent>), Problem> {
    Ok((StatusCode::CREATED, Json(agent::create(&state.app, &caller.ctx, new).await?)))
}

/// Every tool an agent may be given.
#[utoipa::path(get, path = "/agents/tools", tag = "agents", operation_id = "list_tools",
    responses((status = 200, body = Vec<ToolInfo>), Failures))]
async fn list_tools(caller: Caller) -> Result<Json<Vec<ToolInfo>>, Problem> {
    Ok(Json(agent::list_tools(&caller.ctx)?))
}

/// One agent with its draft.
#[utoipa::path(get, path = "/agents/{id}", tag = "agents", operation_id = "get_agent",
    params(("id" = AgentId, Path)), responses((status = 200, body = Agent), Failures))]
async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<AgentId>,
) -> Result<Json<Agent>, Problem> {
    Ok(Json(agent::get(&state.app, &caller.ctx, id).await?))
}

/// Change an agent's name, state or draft.
#[utoipa::path(patch, path = "/agents/{id}", tag = "agents", operation_id = "update_agent",
    params(("id" = AgentId, Path)), request_body = AgentChange, responses((status = 200, body = Agent), Failures))]
async fn update(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<AgentId>,
    Body(change): Body<AgentChange>,
) -> Result<Json<Agent>, Problem> {
    Ok(Json(agent::update(&state.app, &caller.ctx, id, change).await?))
}

/// Delete an agent with its versions. Conversations keep their text.
#[utoipa::path(delete, path = "/agents/{id}", tag = "agents", operation_id = "delete_agent",
    params(("id" = AgentId, Path)), responses((status = 204, description = "Deleted."), Failures))]
async fn delete(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<AgentId>,
) -> Result<StatusCode, Problem> {
    agent::delete(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make an unpublished copy.
#[utoipa::path(post, path = "/agents/{id}/clone", tag = "agents", operation_id = "clone_agent",
    params(("id" = AgentId, Path)), responses((status = 201, body = Agent), Failures))]
async fn clone(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<AgentId>,
) -> Result<(StatusCode, Json<Agent>), Problem> {
    Ok((StatusCode::CREATED, Json(agent::clone(&state.app, &caller.ctx, id).await?)))
}

/// Freeze the draft into the next version, which answers from now on.
#[utoipa::path(post, path = "/agents/{id}/publish", tag = "agents", operation_id = "publish_agent",
    params(("id" = AgentId, Path)), request_body = Publication,
    responses((status = 201, body = AgentVersion), Failures))]
async fn publish(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<AgentId>,
    Body(publication): Body<Publication>,
) -> Result<(StatusCode, Json<AgentVersion>), Problem> {
    Ok((StatusCode::CREATED, Json(agent::publish(&state.app, &caller.ctx, id, publication).await?)))
}

/// Publish an old version again, under a new number; the draft becomes the same.
#[utoipa::path(post, path = "/agents/{id}/rollback", tag = "agents", operation_id = "roll_back_agent",
    params(("id" = AgentId, Path)), request_body = Rollback,
    responses((status = 201, body = AgentVersion), Failures))]
async fn roll_back(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<AgentId>,
    Body(to): Body<Rollback>,
) -> Result<(StatusCode, Json<AgentVersion>), Problem> {
    Ok((StatusCode::CREATED, Json(agent::roll_back(&state.app, &caller.ctx, id, to).await?)))
}

/// An agent's versions, newest first.
#[utoipa::path(get, path = "/agents/{id}/versions", tag = "agents", operation_id = "list_agent_versions",
    params(("id" = AgentId, Path), PageParams), responses((status = 200, body = Page<AgentVersion>), Failures))]
async fn versions(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<AgentId>,
    Params(params): Params<PageParams>,
) -> Result<Json<Page<AgentVersion>>, Problem> {
    Ok(Json(agent::versions(&state.app, &caller.ctx, id, &params.page()?).await?))
}

/// One version.
#[utoipa::path(get, path = "/agents/{id}/versions/{number}", tag = "agents", operation_id = "get_agent_version",
    params(("id" = AgentId, Path), ("number" = u32, Path)),
    responses((status = 200, body = AgentVersion), Failures))]
async fn version(
    State(state): State<ApiState>,
    caller: Caller,
    Segments((id, number)): Segments<(AgentId, u32)>,
) -> Result<Json<AgentVersion>, Problem> {
    Ok(Json(agent::version(&state.app, &caller.ctx, id, number).await?))
}

/// What to compare.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DiffParams {
    /// A version's number, or `draft`.
    #[param(max_length = 20)]
    from: String,
    /// A version's number, or `draft`.
    #[param(max_length = 20)]
    to: String,
}

/// What differs between two versions, or a version and the draft.
#[utoipa::path(get, path = "/agents/{id}/diff", tag = "agents", operation_id = "diff_agent",
    params(("id" = AgentId, Path), DiffParams), responses((status = 200, body = Vec<SettingChange>), Failures))]
async fn diff(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<AgentId>,
    Params(params): Params<DiffParams>,
) -> Result<Json<Vec<SettingChange>>, Problem> {
    let (from, to) = (params.from.parse()?, params.to.parse()?);
    Ok(Json(agent::diff(&state.app, &caller.ctx, id, from, to).await?))
}

/// Open a rehearsal with the draft. Nothing leaves it.
#[utoipa::path(post, path = "/agents/{id}/sandbox", tag = "agents", operation_id = "open_sandbox",
    params(("id" = AgentId, Path)), responses((status = 201, body = Sandbox), Failures))]
async fn open_sandbox(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<AgentId>,
) -> Result<(StatusCode, Json<Sandbox>), Problem> {
    Ok((StatusCode::CREATED, Json(sandbox::open(&state.app, &caller.ctx, id).await?)))
}

/// Say something to the draft and wait for its answer.
#[utoipa::path(post, path = "/agents/{id}/sandbox/{conversation}/messages", tag = "agents",
    operation_id = "say_in_sandbox", params(("id" = AgentId, Path), ("conversation" = ConversationId, Path)),
    request_body = SandboxMessage, responses((status = 200, body = SandboxReply), Failures))]
async fn say(
    State(state): State<ApiState>,
    caller: Caller,
    Segments((id, conversation)): Segments<(AgentId, ConversationId)>,
    Body(said): Body<SandboxMessage>,
) -> Result<Json<SandboxReply>, Problem> {
    Ok(Json(sandbox::say(&state.app, &caller.ctx, id, conversation, said).await?))
}

/// Throw a rehearsal away.
#[utoipa::path(delete, path = "/agents/{id}/sandbox/{conversation}", tag = "agents", operation_id = "close_sandbox",
    params(("id" = AgentId, Path), ("conversation" = ConversationId, Path)),
    responses((status = 204, description = "Gone."), Failures))]
async fn close_sandbox(
    State(state): State<ApiState>,
    caller: Caller,
    Segments((id, conversation)): Segments<(AgentId, ConversationId)>,
) -> Result<StatusCode, Problem> {
    sandbox::close(&state.app, &caller.ctx, id, conversation).await?;
    Ok(StatusCode::NO_CONTENT)
}
