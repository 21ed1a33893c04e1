//! Booking without signing in: the public page, the widget's picker, and the link in a confirmation.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use frontdesk_app::booking::offer::{self, PublicOffer};
use frontdesk_app::booking::public::{self, PageAsk, PublicBooking, PublicBookingPage, PublicBusinessPage};
use frontdesk_app::booking::{self, Cancel, Door, Found, Joined, NewBooking, NewHold, WaitingWish};
use frontdesk_app::conversation::start;
use frontdesk_app::notice;
use frontdesk_domain::booking::{BookingSource, Hold};
use frontdesk_domain::icalendar::Method;
use frontdesk_domain::id::{ConversationId, WorkspaceId};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::bookings::request_key;
use crate::extract::{Body, Client, Credentials, Params, Segments};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(business))
        .routes(routes!(page))
        .routes(routes!(hold))
        .routes(routes!(book))
        .routes(routes!(extend))
        .routes(routes!(release))
        .routes(routes!(manage))
        .routes(routes!(calendar_file))
        .routes(routes!(slots))
        .routes(routes!(reschedule))
        .routes(routes!(cancel))
        .routes(routes!(wait))
        .routes(routes!(offered))
        .routes(routes!(accept))
        .routes(routes!(decline))
}

/// A business and what can be booked there.
#[utoipa::path(get, path = "/public/booking/{workspace}", tag = "public-booking", operation_id = "get_public_business",
    params(("workspace" = String, Path)), responses((status = 200, body = PublicBusinessPage), Failures), security(()))]
async fn business(
    State(state): State<ApiState>,
    Segments(slug): Segments<String>,
) -> Result<Json<PublicBusinessPage>, Problem> {
    Ok(Json(public::business(&state.app, &slug).await?))
}

/// A booking type with its free times.
#[utoipa::path(get, path = "/public/booking/{workspace}/{type}", tag = "public-booking",
    operation_id = "get_public_booking_type", params(("workspace" = String, Path), ("type" = String, Path), PageAsk),
    responses((status = 200, body = PublicBookingPage), Failures), security(()))]
async fn page(
    State(state): State<ApiState>,
    Segments((slug, kind)): Segments<(String, String)>,
    Params(ask): Params<PageAsk>,
) -> Result<Json<PublicBookingPage>, Problem> {
    Ok(Json(public::page(&state.app, &slug, &kind, &ask).await?))
}

/// Keep a free time for a few minutes.
#[utoipa::path(post, path = "/public/booking/{workspace}/{type}/holds", tag = "public-booking",
    operation_id = "hold_slot", params(("workspace" = String, Path), ("type" = String, Path)),
    request_body = NewHold, responses((status = 201, body = Hold), Failures), security(()))]
async fn hold(
    State(state): State<ApiState>,
    Segments((slug, kind)): Segments<(String, String)>,
    client: Client,
    Body(new): Body<NewHold>,
) -> Result<(StatusCode, Json<Hold>), Problem> {
    let (ctx, _) = public::enter(&state.app, &slug).await?;
    let kind = public::kind_of(&state.app, ctx.scope(), &kind).await?;
    let holder = client.ip.unwrap_or_default();
    let held = booking::hold(&state.app, &ctx, &new, kind.id, &holder).await?;
    Ok((StatusCode::CREATED, Json(held)))
}

/// Keep it longer, an hour in all at most.
#[utoipa::path(post, path = "/public/booking/holds/{token}/extend", tag = "public-booking",
    operation_id = "extend_hold", params(("token" = String, Path)),
    responses((status = 200, body = Hold), Failures), security(()))]
async fn extend(
    State(state): State<ApiState>,
    Segments(token): Segments<String>,
) -> Result<Json<Hold>, Problem> {
    Ok(Json(booking::extend(&state.app, &token).await?))
}

/// Give it back.
#[utoipa::path(delete, path = "/public/booking/holds/{token}", tag = "public-booking", operation_id = "release_hold",
    params(("token" = String, Path)), responses((status = 204, description = "It is free again."), Failures),
    security(()))]
async fn release(
    State(state): State<ApiState>,
    Segments(token): Segments<String>,
) -> Result<StatusCode, Problem> {
    booking::release(&state.app, &token).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Book what is held.
#[utoipa::path(post, path = "/public/booking/{workspace}/{type}/bookings", tag = "public-booking",
    operation_id = "book_publicly", request_body = PublicNewBooking,
    params(("workspace" = String, Path), ("type" = String, Path),
        ("idempotency-key" = Option<String>, Header, description = "1 to 200 printable ASCII characters.", max_length = 200)),
    responses((status = 201, body = PublicBooking), Failures), security(()))]
async fn book(
    State(state): State<ApiState>,
    Segments((slug, _kind)): Segments<(String, String)>,
    headers: HeaderMap,
    Body(new): Body<PublicNewBooking>,
) -> Result<(StatusCode, Json<PublicBooking>), Problem> {
    let (ctx, _) = public::enter(&state.app, &slug).await?;
    let conversation_id = conversation(&state, &headers, ctx.workspace).await;
    let source = if conversation_id.is_some() { BookingSource::Widget } else { BookingSource::Page };
    let door = Door { conversation_id, request_key: request_key(&headers) };
    let input = NewBooking {
        hold: Some(new.hold),
        name: Some(new.name),
        email: new.email,
        phone: new.phone,
        zone: Some(new.zone),
        language: new.language,
        answers: new.answers,
        message: new.message,
        ..NewBooking::default()
    };
    let made = booking::create(&state.app, &ctx, &input, source, &door).await?;
    Ok((StatusCode::CREATED, Json(public::describe(&state.app, &ctx, &made).await?)))
}

/// The conversation whose visitor books with the picker in the widget. A session that is over, or another business's, keeps
/// nobody from booking.
async fn conversation(
    state: &ApiState,
    headers: &HeaderMap,
    workspace: WorkspaceId,
) -> Option<ConversationId> {
    let Credentials::Bearer(token) = Credentials::of(headers) else { return None };
    let visitor = start::attach(&state.app, &token, super::page_origin(headers)).await.ok()?;
    (visitor.workspace == workspace).then_some(visitor.conversation)
}

/// Who books what is held.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PublicNewBooking {
    /// The hold's token.
    #[schema(max_length = 100)]
    hold: String,
    /// Their name.
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    /// Their e-mail address.
    #[schema(max_length = 254)]
    email: Option<String>,
    /// Their phone number.
    #[schema(max_length = 64)]
    phone: Option<String>,
    /// Their IANA zone.
    #[schema(max_length = 64)]
    zone: String,
    /// The language to write to them in; the business's when absent.
    language: Option<frontdesk_domain::locale::Language>,
    /// Answers to the type's questions, by key.
    #[serde(default)]
    answers: std::collections::BTreeMap<String, String>,
    /// What they add.
    #[serde(default)]
    #[schema(max_length = 2000)]
    message: String,
}

/// The booking a link opens.
#[utoipa::path(get, path = "/public/booking/manage/{token}", tag = "public-booking", operation_id = "get_public_booking",
    params(("token" = String, Path)), responses((status = 200, body = PublicBooking), Failures), security(()))]
async fn manage(
    State(state): State<ApiState>,
    Segments(token): Segments<String>,
) -> Result<Json<PublicBooking>, Problem> {
    let (ctx, stored) = public::open(&state.app, &token).await?;
    Ok(Json(public::describe(&state.app, &ctx, &stored).await?))
}

/// It as a file for the customer's own calendar.
#[utoipa::path(get, path = "/public/booking/manage/{token}/calendar.ics", tag = "public-booking",
    operation_id = "get_public_calendar_file", params(("token" = String, Path)),
    responses((status = 200, body = String, content_type = "text/calendar"), Failures), security(()))]
async fn calendar_file(
    State(state): State<ApiState>,
    Segments(token): Segments<String>,
) -> Result<Response, Problem> {
    let (ctx, stored) = public::open(&state.app, &token).await?;
    let file = notice::read_calendar_file(&state.app, &ctx, stored.booking.id, Method::Publish).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"appointment.ics\""),
    ];
    Ok((headers, file).into_response())
}

/// Free times for moving it.
#[utoipa::path(get, path = "/public/booking/manage/{token}/slots", tag = "public-booking",
    operation_id = "list_slots_to_move", params(("token" = String, Path), PageAsk),
    responses((status = 200, body = Found), Failures), security(()))]
async fn slots(
    State(state): State<ApiState>,
    Segments(token): Segments<String>,
    Params(ask): Params<PageAsk>,
) -> Result<Json<Found>, Problem> {
    Ok(Json(public::slots_to_move(&state.app, &token, &ask).await?))
}

/// Where it shall move.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MoveTo {
    /// A slot as availability gave it.
    #[schema(max_length = 64)]
    slot: String,
}

/// Move it.
#[utoipa::path(post, path = "/public/booking/manage/{token}/reschedule", tag = "public-booking",
    operation_id = "reschedule_by_link", params(("token" = String, Path)), request_body = MoveTo,
    responses((status = 200, body = PublicBooking), Failures), security(()))]
async fn reschedule(
    State(state): State<ApiState>,
    Segments(token): Segments<String>,
    Body(to): Body<MoveTo>,
) -> Result<Json<PublicBooking>, Problem> {
    Ok(Json(public::move_by_link(&state.app, &token, &to.slot).await?))
}

/// Call it off.
#[utoipa::path(post, path = "/public/booking/manage/{token}/cancel", tag = "public-booking",
    operation_id = "cancel_by_link", params(("token" = String, Path)), request_body = Cancel,
    responses((status = 200, body = PublicBooking), Failures), security(()))]
async fn cancel(
    State(state): State<ApiState>,
    Segments(token): Segments<String>,
    Body(why): Body<Cancel>,
) -> Result<Json<PublicBooking>, Problem> {
    Ok(Json(public::cancel_by_link(&state.app, &token, &why).await?))
}

/// Wait for a time to come free.
#[utoipa::path(post, path = "/public/booking/{workspace}/{type}/waiting-list", tag = "public-booking",
    operation_id = "wait_publicly", params(("workspace" = String, Path), ("type" = String, Path)),
    request_body = PublicWish, responses((status = 201, body = Joined), Failures), security(()))]
async fn wait(
    State(state): State<ApiState>,
    Segments((slug, kind)): Segments<(String, String)>,
    Body(wish): Body<PublicWish>,
) -> Result<(StatusCode, Json<Joined>), Problem> {
    let (ctx, _) = public::enter(&state.app, &slug).await?;
    let kind = public::kind_of(&state.app, ctx.scope(), &kind).await?;
    let wish = WaitingWish {
        contact_id: None,
        name: Some(wish.name),
        email: Some(wish.email),
        phone: wish.phone,
        from: wish.from,
        to: wish.to,
        staff_id: wish.staff_id,
        zone: Some(wish.zone),
        language: wish.language,
    };
    let entry = booking::join(&state.app, &ctx, kind.id, &wish, "page").await?;
    Ok((StatusCode::CREATED, Json(Joined { from: entry.from, to: entry.to })))
}

/// Who waits, and for which times.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PublicWish {
    /// Their name.
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    /// Their e-mail address, where offers go.
    #[schema(max_length = 254)]
    email: String,
    /// Their phone number.
    #[schema(max_length = 64)]
    phone: Option<String>,
    /// They can come from here
    from: frontdesk_domain::time::Timestamp,
    /// to here, exclusive; at most 366 days from now.
    to: frontdesk_domain::time::Timestamp,
    /// Only with this staff member.
    staff_id: Option<frontdesk_domain::id::StaffId>,
    /// Their IANA zone.
    #[schema(max_length = 64)]
    zone: String,
    /// The language to write to them in; the business's when absent.
    language: Option<frontdesk_domain::locale::Language>,
}

/// The freed time a link offers.
#[utoipa::path(get, path = "/public/booking/offers/{token}", tag = "public-booking", operation_id = "get_public_offer",
    params(("token" = String, Path)), responses((status = 200, body = PublicOffer), Failures), security(()))]
async fn offered(
    State(state): State<ApiState>,
    Segments(token): Segments<String>,
) -> Result<Json<PublicOffer>, Problem> {
    Ok(Json(offer::public_offer(&state.app, &token).await?))
}

/// Take it. Taking it twice gives the same booking.
#[utoipa::path(post, path = "/public/booking/offers/{token}/accept", tag = "public-booking",
    operation_id = "accept_offer", params(("token" = String, Path)),
    responses((status = 200, body = PublicBooking), Failures), security(()))]
async fn accept(
    State(state): State<ApiState>,
    Segments(token): Segments<String>,
) -> Result<Json<PublicBooking>, Problem> {
    Ok(Json(offer::accept(&state.app, &token).await?))
}

/// Leave it to the next who waits.
#[utoipa::path(post, path = "/public/booking/offers/{token}/decline", tag = "public-booking",
    operation_id = "decline_offer", params(("token" = String, Path)),
    responses((status = 204, description = "They go on waiting for other times."), Failures), security(()))]
async fn decline(
    State(state): State<ApiState>,
    Segments(token): Segments<String>,
) -> Result<StatusCode, Problem> {
    offer::decline(&state.app, &token).await?;
    Ok(StatusCode::NO_CONTENT)
}
