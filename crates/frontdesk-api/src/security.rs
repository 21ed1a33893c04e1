//! Security headers, and who may call from another web site.
//!
//! The dashboard's routes answer no other site: there are no CORS headers on them. The routes of the widget and of public
//! booking answer any site
//! without credentials; whether the site may use the key is decided where the key is known
//! (`frontdesk_app::key::allowed_origin`).

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::state::ApiState;

/// What pages of ours may load. Styles are set by scripts at run time, which browsers count as inline.
const CSP: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                   font-src 'self' data:; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'self'; \
                   form-action 'self'; frame-ancestors 'none'";
/// The demo business's page may be framed by ourselves, beside the dashboard.
const DEMO_CSP: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                        img-src 'self' data:; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'self'; \
                        form-action 'self'; frame-ancestors 'self'";
const HSTS: &str = "max-age=31536000; includeSubDomains";

const WIDGET_API: &str = "/api/v1/widget/";
/// What the picker in a widget calls from the business's own site.
const BOOKING_API: &str = "/api/v1/public/booking/";

/// Adds the headers to every response; one that a handler set stays.
pub async fn headers(State(state): State<ApiState>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let is_https = state.settings.is_https;
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    let is_demo = path == "/demo" || path.starts_with("/demo/");
    // Other sites embed the booking page; its own policy says so, and says what it may load.
    let is_framed = path.starts_with("/book/");
    let is_embedded = path.starts_with("/widget")
        || path.starts_with(WIDGET_API)
        || path.starts_with(BOOKING_API)
        || is_framed
        || path == "/book.js";
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::CONTENT_SECURITY_POLICY, if is_demo { DEMO_CSP } else { CSP });
    if !is_framed {
        set(header::X_FRAME_OPTIONS, if is_demo { "SAMEORIGIN" } else { "DENY" });
    }
    set(header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(self), payment=()",
    );
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(
        HeaderName::from_static("cross-origin-resource-policy"),
        if is_embedded { "cross-origin" } else { "same-origin" },
    );
    if is_https {
        set(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    if path.starts_with("/api/") {
        set(header::CACHE_CONTROL, "no-store");
    }
    response
}

/// Lets other sites' pages call the routes of widget and booking page: no cookies, only what a widget sends.
pub async fn widget_cors(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_api = path.starts_with(WIDGET_API) || path.starts_with(BOOKING_API);
    if !is_api && !path.starts_with("/widget") {
        return next.run(request).await;
    }
    let origin = request.headers().get(header::ORIGIN).cloned();
    let is_preflight = is_api
        && request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response =
        if is_preflight { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    if let Some(origin) = origin {
        allow(response.headers_mut(), origin, is_preflight);
    }
    response
}

fn allow(headers: &mut HeaderMap, origin: HeaderValue, is_preflight: bool) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset"),
    );
    if is_preflight {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, DELETE"));
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("authorization, content-type, idempotency-key"),
        );
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200"));
    }
}
