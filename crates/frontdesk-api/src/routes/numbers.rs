//! The phone numbers of a connection's account at its vendor.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use frontdesk_app::number::{
    self, NumberPurchase, NumberQuery, OwnedPhoneNumber, PhoneNumberKind, PhoneNumberList, PhoneNumberOffers,
};
use frontdesk_domain::id::ConnectionId;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Caller, Params, Segments};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list, buy))
        .routes(routes!(search))
        .routes(routes!(configure))
        .routes(routes!(release))
}

/// Which numbers are looked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SearchParams {
    /// The country, two letters; the workspace's own when absent.
    #[param(max_length = 2)]
    country: Option<String>,
    /// `local` when absent.
    #[param(inline)]
    kind: Option<PhoneNumberKind>,
    /// Three digits, in the US and Canada.
    #[param(max_length = 3)]
    area_code: Option<String>,
    /// Digits that must occur; `*` stands for any one.
    #[param(max_length = 32)]
    contains: Option<String>,
    /// Sends and receives text messages; yes when absent.
    sms: Option<bool>,
    /// Sends and receives pictures.
    mms: Option<bool>,
    /// Takes calls.
    voice: Option<bool>,
    /// How many at most, 1 to 50; 20 when absent.
    #[param(minimum = 1, maximum = 50)]
    limit: Option<u32>,
}

/// How a number is released.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReleaseParams {
    /// Even when it is the only number the connection sends from.
    force: Option<bool>,
}

/// The numbers the account has, with where the messages of each are brought and whether the connection sends from it.
#[utoipa::path(get, path = "/connections/{id}/numbers", tag = "connections", operation_id = "list_phone_numbers",
    params(("id" = ConnectionId, Path)), responses((status = 200, body = PhoneNumberList), Failures))]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ConnectionId>,
) -> Result<Json<PhoneNumberList>, Problem> {
    Ok(Json(number::list(&state.app, &caller.ctx, id).await?))
}

/// Numbers that can be bought, and what they cost each month.
#[utoipa::path(get, path = "/connections/{id}/numbers/available", tag = "connections",
    operation_id = "search_phone_numbers", params(("id" = ConnectionId, Path), SearchParams),
    responses((status = 200, body = PhoneNumberOffers), Failures))]
async fn search(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ConnectionId>,
    Params(params): Params<SearchParams>,
) -> Result<Json<PhoneNumberOffers>, Problem> {
    let query = NumberQuery {
        country: params.country,
        kind: params.kind.unwrap_or_default(),
        area_code: params.area_code,
        contains: params.contains,
        sms: params.sms.unwrap_or(true),
        mms: params.mms.unwrap_or_default(),
        voice: params.voice.unwrap_or_default(),
        limit: params.limit,
    };
    Ok(Json(number::search(&state.app, &caller.ctx, id, &query).await?))
}

/// Buy a number, which costs money each month from now on. Its messages are brought here and the connection sends from it.
/// Asking again buys nothing again.
#[utoipa::path(post, path = "/connections/{id}/numbers", tag = "connections", operation_id = "buy_phone_number",
    params(("id" = ConnectionId, Path)), request_body = NumberPurchase,
    responses((status = 201, body = OwnedPhoneNumber), Failures))]
async fn buy(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ConnectionId>,
    Body(purchase): Body<NumberPurchase>,
) -> Result<(StatusCode, Json<OwnedPhoneNumber>), Problem> {
    Ok((StatusCode::CREATED, Json(number::buy(&state.app, &caller.ctx, id, &purchase).await?)))
}

/// Have a number's messages brought here, and send from it.
#[utoipa::path(post, path = "/connections/{id}/numbers/{number}/configure", tag = "connections",
    operation_id = "configure_phone_number",
    params(("id" = ConnectionId, Path), ("number" = String, Path, description = "The vendor's id of the number.")),
    responses((status = 200, body = OwnedPhoneNumber), Failures))]
async fn configure(
    State(state): State<ApiState>,
    caller: Caller,
    Segments((id, number)): Segments<(ConnectionId, String)>,
) -> Result<Json<OwnedPhoneNumber>, Problem> {
    Ok(Json(number::configure(&state.app, &caller.ctx, id, &number).await?))
}

/// Give a number back to the vendor, for good. Refused while it is the only one the connection sends from, unless forced.
#[utoipa::path(delete, path = "/connections/{id}/numbers/{number}", tag = "connections",
    operation_id = "release_phone_number",
    params(("id" = ConnectionId, Path), ("number" = String, Path, description = "The vendor's id of the number."),
        ReleaseParams),
    responses((status = 204, description = "Released."), Failures))]
async fn release(
    State(state): State<ApiState>,
    caller: Caller,
    Segments((id, number)): Segments<(ConnectionId, String)>,
    Params(params): Params<ReleaseParams>,
) -> Result<StatusCode, Problem> {
    number::release(&state.app, &caller.ctx, id, &number, params.force.unwrap_or_default()).await?;
    Ok(StatusCode::NO_CONTENT)
}
