//! The waiting list, for the team.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use frontdesk_app::booking::{self, NewWaiting, WaitingQuery, offer};
use frontdesk_domain::booking::WaitingEntry;
use frontdesk_domain::id::WaitingId;
use frontdesk_domain::page::Page;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Caller, Params, Segments, check_limit};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list, join)).routes(routes!(leave)).routes(routes!(offer_slot))
}

/// Who waits for a slot, who came first first.
#[utoipa::path(get, path = "/waiting-list", tag = "bookings", operation_id = "list_waiting", params(WaitingQuery),
    responses((status = 200, body = Page<WaitingEntry>), Failures))]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Params(query): Params<WaitingQuery>,
) -> Result<Json<Page<WaitingEntry>>, Problem> {
    check_limit(query.limit)?;
    Ok(Json(booking::list_waiting(&state.app, &caller.ctx, &query).await?))
}

/// Put somebody on the waiting list. Whoever waits for the type already gets the new times.
#[utoipa::path(post, path = "/waiting-list", tag = "bookings", operation_id = "join_waiting_list",
    request_body = NewWaiting, responses((status = 201, body = WaitingEntry), Failures))]
async fn join(
    State(state): State<ApiState>,
    caller: Caller,
    Body(new): Body<NewWaiting>,
) -> Result<(StatusCode, Json<WaitingEntry>), Problem> {
    let entry = booking::join(&state.app, &caller.ctx, new.type_id, &new.wish, "team").await?;
    Ok((StatusCode::CREATED, Json(entry)))
}

/// Take somebody off the waiting list; a time on offer to them goes to the next.
#[utoipa::path(delete, path = "/waiting-list/{id}", tag = "bookings", operation_id = "leave_waiting_list",
    params(("id" = WaitingId, Path)), responses((status = 204, description = "They do not wait any more."), Failures))]
async fn leave(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<WaitingId>,
) -> Result<StatusCode, Problem> {
    booking::leave(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A slot to offer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OfferSlot {
    /// As availability gave it.
    #[schema(max_length = 64)]
    slot: String,
}

/// Offer somebody a slot by hand, out of turn; it is kept for them as any offer.
#[utoipa::path(post, path = "/waiting-list/{id}/offer", tag = "bookings", operation_id = "offer_slot",
    params(("id" = WaitingId, Path)), request_body = OfferSlot,
    responses((status = 200, body = WaitingEntry), Failures))]
async fn offer_slot(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<WaitingId>,
    Body(wanted): Body<OfferSlot>,
) -> Result<Json<WaitingEntry>, Problem> {
    Ok(Json(offer::offer_slot(&state.app, &caller.ctx, id, &wanted.slot).await?))
}
