//! What people open in a browser: the dashboard, the widget's scripts, the API's reference, the demo business.
//!
//! Files are part of the binary. Names with a hash in them never change and are kept by browsers for ever; all others
//! are asked for again each time and answered with "not modified" when they are the same.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};
use tower_http::compression::CompressionLayer;

use crate::problem::Problem;
use crate::state::ApiState;

#[derive(RustEmbed)]
#[folder = "../../web/dashboard/dist"]
struct Dashboard;

#[derive(RustEmbed)]
#[folder = "../../web/widget/dist"]
struct Widget;

#[derive(RustEmbed)]
#[folder = "src/demo"]
struct Demo;

const FOREVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";
/// The widget's loader is on every page of a customer's site; a few minutes of age are harmless.
pub(super) const SHORT: &str = "public, max-age=300";

/// The routes.
pub fn routes(demo: bool) -> Router<ApiState> {
    let mut router = Router::new()
        .route("/openapi.json", get(openapi))
        .route("/docs", get(reference))
        .route("/widget.js", get(|request: Request| async move { widget("widget.js", &request) }))
        .route("/widget-panel.js", get(|request: Request| async move { widget("widget-panel.js", &request) }))
        .route(
            "/widget-booking.js",
            get(|request: Request| async move { widget("widget-booking.js", &request) }),
        );
    if demo {
        router = router.route("/demo", get(demo_page)).route("/demo/{*file}", get(demo_page));
    }
    router.fallback(dashboard).layer(CompressionLayer::new())
}

async fn openapi() -> impl IntoResponse {
    axum::Json(super::document())
}

/// A readable reference made from the OpenAPI document, without any script.
async fn reference() -> Html<String> {
    Html(crate::reference::render(&super::document()))
}

fn widget(name: &str, request: &Request) -> Response {
    let cache =
        if request.uri().query().is_some_and(|query| query.starts_with("v=")) { FOREVER } else { SHORT };
    serve(Widget::get(name), cache, request)
}

async fn demo_page(request: Request) -> Response {
    let name = request.uri().path().trim_start_matches("/demo").trim_start_matches('/').to_owned();
    let name = match name.as_str() {
        "" => "index.html",
        "phone" => "phone.html",
        file => file,
    };
    serve(Demo::get(name), ASK_AGAIN, &request)
}

/// The dashboard, or nothing at all under the API's addresses. Its pages are made in the browser, so every address that
/// is not a file opens it.
async fn dashboard(State(_state): State<ApiState>, request: Request) -> Response {
    let path = request.uri().path();
    let is_page = matches!(*request.method(), Method::GET | Method::HEAD);
    if !is_page || ["/api/", "/webhooks/", "/health/"].iter().any(|start| path.starts_with(start)) {
        return nothing_here().into_response();
    }
    let name = path.trim_start_matches('/');
    if let Some(file) = Dashboard::get(name).filter(|_| !name.is_empty()) {
        let cache = if name.starts_with("assets/") { FOREVER } else { ASK_AGAIN };
        return serve(Some(file), cache, &request);
    }
    // A missing script must not be answered with a page.
    if name.starts_with("assets/") {
        return nothing_here().into_response();
    }
    serve(Dashboard::get("index.html"), ASK_AGAIN, &request)
}

fn nothing_here() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not-found", "Not found", "there is nothing at this address")
}

pub(super) fn serve(file: Option<EmbeddedFile>, cache: &'static str, request: &Request) -> Response {
    let Some(file) = file else { return nothing_here().into_response() };
    let hash =
        file.metadata.sha256_hash().iter().take(8).fold(0_u64, |hash, byte| hash << 8 | u64::from(*byte));
    let Ok(tag) = HeaderValue::from_str(&format!("\"{hash:016x}\"")) else {
        return nothing_here().into_response();
    };
    let mut kind = file.metadata.mimetype().replace("application/javascript", "text/javascript");
    if kind.starts_with("text/") {
        kind.push_str("; charset=utf-8");
    }
    let Ok(kind) = HeaderValue::from_str(&kind) else { return nothing_here().into_response() };
    let headers = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
        (header::CONTENT_TYPE, kind),
    ];
    // A proxy that compresses marks the tag as weak.
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.trim_start_matches("W/") == tag.to_str().unwrap_or_default()) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, file.data).into_response()
}
