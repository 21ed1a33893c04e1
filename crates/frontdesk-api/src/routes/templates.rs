//! Message templates, and what would be sent about a booking.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use frontdesk_app::notice::{self, NoticePreview};
use frontdesk_app::template::{self, Place, TemplateDraft, TemplatePreview, TemplateTest, TemplateText};
use frontdesk_domain::icalendar::Method;
use frontdesk_domain::id::BookingId;
use frontdesk_domain::locale::Language;
use frontdesk_domain::template::{
    Template, TemplateChannel, TemplateKind, TemplateVariable, TemplateVersion,
};
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
        .routes(routes!(list))
        .routes(routes!(get, put, reset))
        .routes(routes!(versions))
        .routes(routes!(preview))
        .routes(routes!(test))
        .routes(routes!(variables))
        .routes(routes!(notice_of_booking))
        .routes(routes!(calendar_file))
}

type At = Segments<(TemplateKind, TemplateChannel, Language)>;

const fn place((kind, channel, language): (TemplateKind, TemplateChannel, Language)) -> Place {
    Place { kind, channel, language }
}

/// Every template: the business's own text, or the shipped one.
#[utoipa::path(get, path = "/templates", tag = "templates", operation_id = "list_templates",
    responses((status = 200, body = Vec<Template>), Failures))]
async fn list(State(state): State<ApiState>, caller: Caller) -> Result<Json<Vec<Template>>, Problem> {
    Ok(Json(template::list(&state.app, &caller.ctx).await?))
}

/// One template.
#[utoipa::path(get, path = "/templates/{kind}/{channel}/{language}", tag = "templates", operation_id = "get_template",
    params(("kind" = TemplateKind, Path), ("channel" = TemplateChannel, Path), ("language" = Language, Path)),
    responses((status = 200, body = Template), Failures))]
async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(at): At,
) -> Result<Json<Template>, Problem> {
    Ok(Json(template::get(&state.app, &caller.ctx, place(at)).await?))
}

/// Save a text as the next version. Flaws in it are named with their line.
#[utoipa::path(put, path = "/templates/{kind}/{channel}/{language}", tag = "templates", operation_id = "put_template",
    params(("kind" = TemplateKind, Path), ("channel" = TemplateChannel, Path), ("language" = Language, Path)),
    request_body = TemplateText, responses((status = 200, body = Template), Failures))]
async fn put(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(at): At,
    Body(text): Body<TemplateText>,
) -> Result<Json<Template>, Problem> {
    Ok(Json(template::put(&state.app, &caller.ctx, place(at), text).await?))
}

/// Go back to the shipped text; what was saved stays among the versions.
#[utoipa::path(delete, path = "/templates/{kind}/{channel}/{language}", tag = "templates",
    operation_id = "reset_template",
    params(("kind" = TemplateKind, Path), ("channel" = TemplateChannel, Path), ("language" = Language, Path)),
    responses((status = 200, body = Template), Failures))]
async fn reset(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(at): At,
) -> Result<Json<Template>, Problem> {
    Ok(Json(template::reset(&state.app, &caller.ctx, place(at)).await?))
}

/// What was saved, newest first.
#[utoipa::path(get, path = "/templates/{kind}/{channel}/{language}/versions", tag = "templates",
    operation_id = "list_template_versions",
    params(("kind" = TemplateKind, Path), ("channel" = TemplateChannel, Path), ("language" = Language, Path)),
    responses((status = 200, body = Vec<TemplateVersion>), Failures))]
async fn versions(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(at): At,
) -> Result<Json<Vec<TemplateVersion>>, Problem> {
    Ok(Json(template::versions(&state.app, &caller.ctx, place(at)).await?))
}

/// Show a message as its reader would see it, with samples or with a booking's values.
#[utoipa::path(post, path = "/templates/preview", tag = "templates", operation_id = "preview_template",
    request_body = TemplateDraft, responses((status = 200, body = TemplatePreview), Failures))]
async fn preview(
    State(state): State<ApiState>,
    caller: Caller,
    Body(draft): Body<TemplateDraft>,
) -> Result<Json<TemplatePreview>, Problem> {
    Ok(Json(template::preview(&state.app, &caller.ctx, &draft).await?))
}

/// Send a message to the person who asks, to try it out.
#[utoipa::path(post, path = "/templates/test", tag = "templates", operation_id = "test_template",
    request_body = TemplateDraft, responses((status = 200, body = TemplateTest), Failures))]
async fn test(
    State(state): State<ApiState>,
    caller: Caller,
    Body(draft): Body<TemplateDraft>,
) -> Result<Json<TemplateTest>, Problem> {
    Ok(Json(template::test(&state.app, &caller.ctx, &draft).await?))
}

/// Which kind of message.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OfKind {
    /// The kind.
    kind: TemplateKind,
}

/// What a kind of message may say.
#[utoipa::path(get, path = "/templates/variables", tag = "templates", operation_id = "list_template_variables",
    params(OfKind), responses((status = 200, body = Vec<TemplateVariable>), Failures))]
async fn variables(
    caller: Caller,
    Params(of): Params<OfKind>,
) -> Result<Json<Vec<TemplateVariable>>, Problem> {
    Ok(Json(template::list_variables(&caller.ctx, of.kind)?))
}

/// Which message about the booking.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AboutBooking {
    /// The kind.
    kind: TemplateKind,
    /// The reason it would give.
    #[param(max_length = 1000)]
    reason: Option<String>,
}

/// What would be sent about an appointment.
#[utoipa::path(get, path = "/bookings/{id}/notice", tag = "bookings", operation_id = "preview_booking_notice",
    params(("id" = BookingId, Path), AboutBooking), responses((status = 200, body = NoticePreview), Failures))]
async fn notice_of_booking(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BookingId>,
    Params(about): Params<AboutBooking>,
) -> Result<Json<NoticePreview>, Problem> {
    let reason = about.reason.as_deref();
    Ok(Json(notice::preview(&state.app, &caller.ctx, id, about.kind, reason).await?))
}

/// An appointment as a calendar file.
#[utoipa::path(get, path = "/bookings/{id}/calendar.ics", tag = "bookings", operation_id = "get_booking_calendar_file",
    params(("id" = BookingId, Path)),
    responses((status = 200, body = String, content_type = "text/calendar"), Failures))]
async fn calendar_file(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<BookingId>,
) -> Result<Response, Problem> {
    let file = notice::read_calendar_file(&state.app, &caller.ctx, id, Method::Publish).await?;
    Ok(([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], file).into_response())
}
