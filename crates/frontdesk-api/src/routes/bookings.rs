//! Appointments: made, moved, called off, and what became of them.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use frontdesk_app::booking::{self, BookingPatch, BookingQuery, Cancel, Door, Move, NewBooking, NewNote};
use frontdesk_domain::booking::{Booking, BookingChange, BookingNote, BookingSource, CancelledBy};
use frontdesk_domain::id::{BookingId, BookingNoteId};
use frontdesk_domain::page::Page;
use serde::Serialize;
use utoipa::ToSchema;
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
        .routes(routes!(get, edit))
        .routes(routes!(reschedule))
        .routes(routes!(cancel))
        .routes(routes!(confirm))
        .routes(routes!(complete))
        .routes(routes!(no_show))
        .routes(routes!(reopen))
        .routes(routes!(history))
        .routes(routes!(notes, add_note))
        .routes(routes!(delete_note))
        .routes(routes!(links))
}

/// The key under which the request may be repeated.
pub(super) fn request_key(headers: &HeaderMap) -> Option<String> {
    headers.get("idempotency-key").map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// Appointments, by their start.
#[utoipa::path(get, path = "/bookings", tag = "bookings", operation_id = "list_bookings", params(BookingQuery),
    responses((status = 200, body = Page<Booking>), Failures))]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Params(query): Params<BookingQuery>,
) -> Result<Json<Page<Booking>>, Problem> {
    check_limit(query.limit)?;
    Ok(Json(booking::list(&state.app, &caller.ctx, &query).await?))
}

/// Make an appointment, of a slot, a hold, or a type at a start. With an `Idempotency-Key` header the same request gives
/// the same appointment.
#[utoipa::path(post, path = "/bookings", tag = "bookings", operation_id = "create_booking", request_body = NewBooking,
    params(("idempotency-key" = Option<String>, Header, description = "1 to 200 printable ASCII characters.", max_length = 200)),
    responses((status = 201, body = Booking), Failures))]
async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    headers: HeaderMap,
    Body(new): Body<NewBooking>,
) -> Result<(StatusCode, Json<Booking>), Problem> {
    let source = if caller.ctx.user().is_some() { BookingSource::Dashboard } else { BookingSource::Api };
    let door = Door { request_key: request_key(&headers), ..Door::default() };
    let made = booking::create(&state.app, &caller.ctx, &new, source, &door).await?;
    Ok((StatusCode::CREATED, Json(made.booking)))
}

/// One appointment.
#[utoipa::path(get, path = "/bookings/{id}", tag = "bookings", operation_id = "get_booking",
    params(("id" = BookingId, Path)), responses((status = 200, body = Booking), Failures))]
async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BookingId>,
) -> Result<Json<Booking>, Problem> {
    Ok(Json(booking::get(&state.app, &caller.ctx, id).await?))
}

/// Correct who an appointment is for and what they answered. Nobody is told.
#[utoipa::path(patch, path = "/bookings/{id}", tag = "bookings", operation_id = "edit_booking",
    params(("id" = BookingId, Path)), request_body = BookingPatch, responses((status = 200, body = Booking), Failures))]
async fn edit(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BookingId>,
    Body(patch): Body<BookingPatch>,
) -> Result<Json<Booking>, Problem> {
    Ok(Json(booking::edit(&state.app, &caller.ctx, id, &patch).await?))
}

/// Move an appointment to another time or to somebody else.
#[utoipa::path(post, path = "/bookings/{id}/reschedule", tag = "bookings", operation_id = "reschedule_booking",
    params(("id" = BookingId, Path)), request_body = Move, responses((status = 200, body = Booking), Failures))]
async fn reschedule(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BookingId>,
    Body(to): Body<Move>,
) -> Result<Json<Booking>, Problem> {
    Ok(Json(booking::reschedule(&state.app, &caller.ctx, id, &to).await?))
}

/// Call an appointment off; its time becomes free.
#[utoipa::path(post, path = "/bookings/{id}/cancel", tag = "bookings", operation_id = "cancel_booking",
    params(("id" = BookingId, Path)), request_body = Cancel, responses((status = 200, body = Booking), Failures))]
async fn cancel(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BookingId>,
    Body(why): Body<Cancel>,
) -> Result<Json<Booking>, Problem> {
    Ok(Json(booking::cancel(&state.app, &caller.ctx, id, &why, CancelledBy::Business).await?))
}

/// Confirm a pending appointment.
#[utoipa::path(post, path = "/bookings/{id}/confirm", tag = "bookings", operation_id = "confirm_booking",
    params(("id" = BookingId, Path)), responses((status = 200, body = Booking), Failures))]
async fn confirm(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BookingId>,
) -> Result<Json<Booking>, Problem> {
    Ok(Json(booking::confirm(&state.app, &caller.ctx, id).await?))
}

/// Note that an appointment took place.
#[utoipa::path(post, path = "/bookings/{id}/complete", tag = "bookings", operation_id = "complete_booking",
    params(("id" = BookingId, Path)), responses((status = 200, body = Booking), Failures))]
async fn complete(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BookingId>,
) -> Result<Json<Booking>, Problem> {
    Ok(Json(booking::complete(&state.app, &caller.ctx, id).await?))
}

/// Note that the customer did not come.
#[utoipa::path(post, path = "/bookings/{id}/no-show", tag = "bookings", operation_id = "no_show_booking",
    params(("id" = BookingId, Path)), responses((status = 200, body = Booking), Failures))]
async fn no_show(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BookingId>,
) -> Result<Json<Booking>, Problem> {
    Ok(Json(booking::no_show(&state.app, &caller.ctx, id).await?))
}

/// Take a mistaken completed or no-show back.
#[utoipa::path(post, path = "/bookings/{id}/reopen", tag = "bookings", operation_id = "reopen_booking",
    params(("id" = BookingId, Path)), responses((status = 200, body = Booking), Failures))]
async fn reopen(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BookingId>,
) -> Result<Json<Booking>, Problem> {
    Ok(Json(booking::reopen(&state.app, &caller.ctx, id).await?))
}

/// What happened to an appointment, oldest first.
#[utoipa::path(get, path = "/bookings/{id}/history", tag = "bookings", operation_id = "list_booking_history",
    params(("id" = BookingId, Path)), responses((status = 200, body = Vec<BookingChange>), Failures))]
async fn history(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BookingId>,
) -> Result<Json<Vec<BookingChange>>, Problem> {
    Ok(Json(booking::history(&state.app, &caller.ctx, id).await?))
}

/// The team's notes on an appointment, oldest first.
#[utoipa::path(get, path = "/bookings/{id}/notes", tag = "bookings", operation_id = "list_booking_notes",
    params(("id" = BookingId, Path)), responses((status = 200, body = Vec<BookingNote>), Failures))]
async fn notes(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BookingId>,
) -> Result<Json<Vec<BookingNote>>, Problem> {
    Ok(Json(booking::notes(&state.app, &caller.ctx, id).await?))
}

/// Keep a note on an appointment; customers never see it.
#[utoipa::path(post, path = "/bookings/{id}/notes", tag = "bookings", operation_id = "create_booking_note",
    params(("id" = BookingId, Path)), request_body = NewNote,
    responses((status = 201, body = BookingNote), Failures))]
async fn add_note(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BookingId>,
    Body(new): Body<NewNote>,
) -> Result<(StatusCode, Json<BookingNote>), Problem> {
    Ok((StatusCode::CREATED, Json(booking::add_note(&state.app, &caller.ctx, id, &new).await?)))
}

/// Delete a note.
#[utoipa::path(delete, path = "/bookings/{id}/notes/{booking_note}", tag = "bookings", operation_id = "delete_booking_note",
    params(("id" = BookingId, Path), ("booking_note" = BookingNoteId, Path)),
    responses((status = 204, description = "Deleted."), Failures))]
async fn delete_note(
    State(state): State<ApiState>,
    caller: Caller,
    Segments((id, note)): Segments<(BookingId, BookingNoteId)>,
) -> Result<StatusCode, Problem> {
    booking::delete_note(&state.app, &caller.ctx, id, note).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Addresses that belong to an appointment.
#[derive(Debug, Serialize, ToSchema)]
struct Links {
    /// Where its customer sees, moves and cancels it.
    manage_url: String,
}

/// The customer's link of an appointment. Whoever has it can move and cancel the appointment.
#[utoipa::path(get, path = "/bookings/{id}/links", tag = "bookings", operation_id = "get_booking_links",
    params(("id" = BookingId, Path)), responses((status = 200, body = Links), Failures))]
async fn links(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BookingId>,
) -> Result<Json<Links>, Problem> {
    Ok(Json(Links { manage_url: booking::link(&state.app, &caller.ctx, id).await? }))
}
