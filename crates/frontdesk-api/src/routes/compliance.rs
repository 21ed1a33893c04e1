//! Compliance: who must not be written to, who agreed to what, the rules, and what is on record.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use frontdesk_app::compliance::desk::{
    self, Check, Checked, ConsentEntry, Evidence, NewConsent, NewSuppressions, RulesInUse, Suppressed,
    SuppressedAddress, Unsuppress,
};
use frontdesk_domain::compliance::settings::RuleSettings;
use frontdesk_domain::id::ContactId;
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
    OpenApiRouter::new()
        .routes(routes!(suppressions, suppress))
        .routes(routes!(unsuppress))
        .routes(routes!(rules, put_settings))
        .routes(routes!(check))
        .routes(routes!(consents, add_consent))
        .routes(routes!(evidence))
}

/// Which addresses are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// On this list; on any when absent.
    #[param(max_length = 60)]
    list: Option<String>,
    /// How the address begins.
    #[param(max_length = 254)]
    q: Option<String>,
    /// Where the previous page ended; opaque.
    #[param(max_length = 400)]
    cursor: Option<String>,
    /// How many rows, 1 to 250; 50 when absent.
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

/// Addresses that must not be written to.
#[utoipa::path(get, path = "/compliance/suppressions", tag = "compliance", operation_id = "list_suppressions",
    params(ListParams), responses((status = 200, body = Page<SuppressedAddress>), Failures))]
async fn suppressions(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<ListParams>,
) -> Result<Json<Page<SuppressedAddress>>, Problem> {
    check_limit(params.limit)?;
    let page = PageRequest { cursor: params.cursor, limit: params.limit };
    let which = (params.list.as_deref(), params.q.as_deref());
    Ok(Json(desk::suppressions(&state.app, &caller.ctx, which, &page).await?))
}

/// Put addresses on a list of those not to be written to.
#[utoipa::path(post, path = "/compliance/suppressions", tag = "compliance", operation_id = "add_suppressions",
    request_body = NewSuppressions, responses((status = 201, body = Suppressed), Failures))]
async fn suppress(
    State(state): State<ApiState>,
    caller: Caller,
    Body(new): Body<NewSuppressions>,
) -> Result<(StatusCode, Json<Suppressed>), Problem> {
    Ok((StatusCode::CREATED, Json(desk::suppress(&state.app, &caller.ctx, new).await?)))
}

/// Take an address off a list, with a reason for the record.
#[utoipa::path(post, path = "/compliance/suppressions/remove", tag = "compliance", operation_id = "remove_suppression",
    request_body = Unsuppress, responses((status = 204), Failures))]
async fn unsuppress(
    State(state): State<ApiState>,
    caller: Caller,
    Body(gone): Body<Unsuppress>,
) -> Result<StatusCode, Problem> {
    desk::unsuppress(&state.app, &caller.ctx, &gone).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The rules in use: every pack as shipped, and the business's changes.
#[utoipa::path(get, path = "/compliance/rules", tag = "compliance", operation_id = "get_compliance_rules",
    responses((status = 200, body = RulesInUse), Failures))]
async fn rules(State(state): State<ApiState>, caller: Caller) -> Result<Json<RulesInUse>, Problem> {
    Ok(Json(desk::rules_in_use(&state.app, &caller.ctx).await?))
}

/// Change the rules of the business. Tightening is free; loosening law needs to be said, with a reason.
#[utoipa::path(put, path = "/compliance/rules", tag = "compliance", operation_id = "put_compliance_rules",
    request_body = RuleSettings, responses((status = 200, body = RuleSettings), Failures))]
async fn put_settings(
    State(state): State<ApiState>,
    caller: Caller,
    Body(settings): Body<RuleSettings>,
) -> Result<Json<RuleSettings>, Problem> {
    Ok(Json(desk::put_settings(&state.app, &caller.ctx, settings).await?))
}

/// What the gate would say about a message to a contact, and every rule it looked at.
#[utoipa::path(post, path = "/contacts/{id}/compliance", tag = "compliance", operation_id = "check_compliance",
    params(("id" = ContactId, Path)), request_body = Check, responses((status = 200, body = Checked), Failures))]
async fn check(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ContactId>,
    Body(wanted): Body<Check>,
) -> Result<Json<Checked>, Problem> {
    Ok(Json(desk::check(&state.app, &caller.ctx, id, &wanted).await?))
}

/// What a contact agreed to, newest first.
#[utoipa::path(get, path = "/contacts/{id}/consents", tag = "compliance", operation_id = "list_consents",
    params(("id" = ContactId, Path)), responses((status = 200, body = Vec<ConsentEntry>), Failures))]
async fn consents(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ContactId>,
) -> Result<Json<Vec<ConsentEntry>>, Problem> {
    Ok(Json(desk::consents(&state.app, &caller.ctx, id).await?))
}

/// Write down what a contact agreed to.
#[utoipa::path(post, path = "/contacts/{id}/consents", tag = "compliance", operation_id = "add_consent",
    params(("id" = ContactId, Path)), request_body = NewConsent,
    responses((status = 201, body = ConsentEntry), Failures))]
async fn add_consent(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ContactId>,
    Body(new): Body<NewConsent>,
) -> Result<(StatusCode, Json<ConsentEntry>), Problem> {
    Ok((StatusCode::CREATED, Json(desk::add_consent(&state.app, &caller.ctx, id, new).await?)))
}

/// Everything on record about whether and why a contact was written to.
#[utoipa::path(get, path = "/contacts/{id}/evidence", tag = "compliance", operation_id = "get_evidence",
    params(("id" = ContactId, Path)), responses((status = 200, body = Evidence), Failures))]
async fn evidence(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ContactId>,
) -> Result<Json<Evidence>, Problem> {
    Ok(Json(desk::evidence(&state.app, &caller.ctx, id).await?))
}
