//! The table of contents of the API: every route, by resource.

use axum::Router;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::state::ApiState;

/// What the OpenAPI document says about itself.
#[derive(OpenApi)]
#[openapi(info(
    title = "Frontdesk",
    description = "The API of Frontdesk, an AI front desk. Errors are RFC 9457 problem+json.",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct ApiDoc;

/// Every API route with its documentation.
fn api() -> OpenApiRouter<ApiState> {
    OpenApiRouter::with_openapi(ApiDoc::openapi())
}

/// The OpenAPI 3.1 document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    api().split_for_parts().1
}

/// The whole front door.
pub fn router(state: ApiState) -> Router {
    let (router, _document) = api().split_for_parts();
    router.with_state(state)
}
