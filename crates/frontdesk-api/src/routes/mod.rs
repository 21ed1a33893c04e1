//! The table of contents of the API: every route, by resource.

use axum::http::StatusCode;
use axum::{Router, middleware};
use frontdesk_app::FieldError;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::openapi::{Failures, SecuritySchemes, flatten};
use crate::problem::Problem;
use crate::state::ApiState;
use crate::{limit, request_id, security};

mod agents;
mod audit;
mod auth;
mod availability;
mod booking_pages;
mod booking_settings;
mod booking_types;
mod booking_views;
mod bookings;
mod calendars;
mod canned_replies;
mod channel_templates;
mod compliance;
mod connections;
mod contact_bulks;
mod contact_imports;
mod contact_segments;
mod contacts;
mod conversations;
mod health;
mod home;
mod hooks;
mod jobs;
mod keys;
mod knowledge;
mod leads;
mod message_files;
mod message_settings;
mod messages;
mod numbers;
mod pages;
mod personas;
mod places;
mod public_booking;
mod resources;
mod search;
mod short_links;
mod staff;
mod team;
mod templates;
mod unsubscribe;
mod waiting_list;
mod webhooks;
mod widget;
mod widget_keys;
mod workflows;
mod workspaces;

pub(crate) use widget::origin as page_origin;

/// What the OpenAPI document says about itself.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Frontdesk",
        description = "The API of Frontdesk, an AI front desk. Errors are RFC 9457 problem+json.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(Problem, FieldError)),
    modifiers(&SecuritySchemes, &Failures),
    security(("bearer" = []), ("cookie" = []))
)]
struct ApiDoc;

/// Every API route with its documentation.
fn api() -> OpenApiRouter<ApiState> {
    let v1 = OpenApiRouter::new()
        .merge(auth::routes())
        .merge(workspaces::routes())
        .merge(team::routes())
        .merge(keys::routes())
        .merge(widget_keys::routes())
        .merge(connections::routes())
        .merge(numbers::routes())
        .merge(audit::routes())
        .merge(jobs::routes())
        .merge(agents::routes())
        .merge(personas::routes())
        .merge(knowledge::routes())
        .merge(conversations::routes())
        .merge(canned_replies::routes())
        .merge(messages::routes())
        .merge(message_settings::routes())
        .merge(channel_templates::routes())
        .merge(compliance::routes())
        .merge(workflows::routes())
        .merge(contacts::routes())
        .merge(contact_bulks::routes())
        .merge(contact_imports::routes())
        .merge(contact_segments::routes())
        .merge(leads::routes())
        .merge(booking_types::routes())
        .merge(staff::routes())
        .merge(resources::routes())
        .merge(places::routes())
        .merge(booking_settings::routes())
        .merge(availability::routes())
        .merge(bookings::routes())
        .merge(booking_views::routes())
        .merge(waiting_list::routes())
        .merge(calendars::routes())
        .merge(hooks::routes())
        .merge(public_booking::routes())
        .merge(home::routes())
        .merge(search::routes())
        .merge(templates::routes())
        .merge(widget::routes())
        .route("/live", axum::routing::get(crate::socket::live::open));
    OpenApiRouter::with_openapi(ApiDoc::openapi()).nest("/api/v1", v1)
}

/// The OpenAPI 3.1 document.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = api().split_for_parts().1;
    flatten(&mut document);
    document
}

/// The whole front door. Layers run from the last to the first: a request gets its id, then the headers its answer
/// will carry, then its place in the count of its caller.
pub fn router(state: ApiState) -> Router {
    let (router, _document) = api().split_for_parts();
    router
        .merge(health::routes())
        .merge(webhooks::routes())
        .merge(unsubscribe::routes())
        .merge(message_files::routes())
        .merge(short_links::routes())
        .merge(booking_pages::routes())
        .merge(pages::routes(state.settings.demo))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn(crate::sight::layer))
        .layer(middleware::from_fn_with_state(state.clone(), limit::layer))
        .layer(middleware::from_fn(security::widget_cors))
        .layer(middleware::from_fn_with_state(state.clone(), security::headers))
        .layer(middleware::from_fn_with_state(state.clone(), request_id::layer))
        .with_state(state)
}

async fn method_not_allowed() -> Problem {
    let detail = "this address exists, but not for this method";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "Method not allowed", detail)
}
