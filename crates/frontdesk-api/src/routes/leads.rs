//! Leads: who wants something, and how to reach them.

use axum::Json;
use axum::extract::State;
use frontdesk_app::lead::{self, Ask, LeadPatch};
use frontdesk_domain::id::LeadId;
use frontdesk_domain::lead::{Lead, LeadStatus};
use frontdesk_domain::page::{Page, PageRequest};
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
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get, update))
}

/// What a list of leads asks for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// The status; any when absent.
    status: Option<LeadStatus>,
    /// Part of a name, e-mail address, phone number or need.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Where the previous page ended; opaque.
    #[param(max_length = 400)]
    cursor: Option<String>,
    /// How many rows, 1 to 250; 50 when absent.
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

/// Leads, newest first, with their number in all.
#[utoipa::path(get, path = "/leads", tag = "leads", operation_id = "list_leads",
    params(ListParams), responses((status = 200, body = Page<Lead>), Failures))]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<ListParams>,
) -> Result<Json<Page<Lead>>, Problem> {
    check_limit(params.limit)?;
    let ask = Ask { status: params.status, q: params.q };
    let page = PageRequest { cursor: params.cursor, limit: params.limit };
    Ok(Json(lead::list(&state.app, &caller.ctx, &ask, &page).await?))
}

/// One lead.
#[utoipa::path(get, path = "/leads/{id}", tag = "leads", operation_id = "get_lead",
    params(("id" = LeadId, Path)), responses((status = 200, body = Lead), Failures))]
async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<LeadId>,
) -> Result<Json<Lead>, Problem> {
    Ok(Json(lead::get(&state.app, &caller.ctx, id).await?))
}

/// Change a lead. Absent fields stay, a null assignee means nobody.
#[utoipa::path(patch, path = "/leads/{id}", tag = "leads", operation_id = "update_lead",
    params(("id" = LeadId, Path)), request_body = LeadPatch, responses((status = 200, body = Lead), Failures))]
async fn update(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<LeadId>,
    Body(patch): Body<LeadPatch>,
) -> Result<Json<Lead>, Problem> {
    Ok(Json(lead::update(&state.app, &caller.ctx, id, patch).await?))
}
