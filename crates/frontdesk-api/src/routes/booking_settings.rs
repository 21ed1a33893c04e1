//! How bookings go in a workspace, and public holidays.

use axum::Json;
use axum::extract::State;
use frontdesk_app::schedule::settings;
use frontdesk_domain::holiday::{Holiday, HolidayCountry};
use frontdesk_domain::schedule::BookingSettings;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Caller, Params};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(get, put)).routes(routes!(holidays)).routes(routes!(countries))
}

/// The workspace's rules for bookings.
#[utoipa::path(get, path = "/booking-settings", tag = "booking-settings", operation_id = "get_booking_settings",
    responses((status = 200, body = BookingSettings), Failures))]
async fn get(State(state): State<ApiState>, caller: Caller) -> Result<Json<BookingSettings>, Problem> {
    Ok(Json(settings::get(&state.app, &caller.ctx).await?))
}

/// Replace them.
#[utoipa::path(put, path = "/booking-settings", tag = "booking-settings", operation_id = "put_booking_settings",
    request_body = BookingSettings, responses((status = 200, body = BookingSettings), Failures))]
async fn put(
    State(state): State<ApiState>,
    caller: Caller,
    Body(new): Body<BookingSettings>,
) -> Result<Json<BookingSettings>, Problem> {
    Ok(Json(settings::put(&state.app, &caller.ctx, new).await?))
}

/// Whose holidays, and when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct HolidayParams {
    /// ISO 3166-1 alpha-2.
    #[param(pattern = "^[A-Z]{2}$")]
    country: String,
    /// The year.
    #[param(minimum = 2000, maximum = 2100)]
    year: i16,
}

/// Public holidays of a country in a year.
#[utoipa::path(get, path = "/holidays", tag = "booking-settings", operation_id = "list_holidays",
    params(HolidayParams), responses((status = 200, body = Vec<Holiday>), Failures))]
async fn holidays(
    caller: Caller,
    Params(asked): Params<HolidayParams>,
) -> Result<Json<Vec<Holiday>>, Problem> {
    Ok(Json(settings::holidays(&caller.ctx, &asked.country, asked.year)?))
}

/// Countries whose public holidays are known.
#[utoipa::path(get, path = "/holidays/countries", tag = "booking-settings", operation_id = "list_holiday_countries",
    responses((status = 200, body = Vec<HolidayCountry>), Failures))]
async fn countries(caller: Caller) -> Result<Json<Vec<HolidayCountry>>, Problem> {
    Ok(Json(settings::countries(&caller.ctx)?))
}
