//! The public booking page: one built file with the first answer inside it, so that one round trip shows the first times;
//! and `book.js`, which puts that page on another web site.
//!
//! The page's script and styles are part of the file; its policy, made with it, lets exactly those through. Which times
//! are free, and everything else the page asks, is the business of `/api/v1/public/booking`.

use std::borrow::Cow;

use axum::Router;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use frontdesk_app::booking::offer;
use frontdesk_app::booking::public::{self, PageAsk};
use frontdesk_app::{AppError, Result};
use rust_embed::RustEmbed;
use serde::Serialize;
use serde_json::json;
use tower_http::compression::CompressionLayer;

use super::pages::{SHORT, serve};
use crate::state::ApiState;

#[derive(RustEmbed)]
#[folder = "../../web/booking/dist"]
struct Built;

/// Where the first answer goes.
const PLACE: &str = "<!--initial-->";
/// Where the name goes.
const TITLE: &str = "<title>Frontdesk</title>";
/// When the page was not built: nothing runs, and it may be framed all the same.
const BARE_POLICY: &str = "default-src 'none'; frame-ancestors *";

/// The routes.
pub fn routes() -> Router<ApiState> {
    Router::new()
        .route(
            "/book.js",
            get(|request: Request| async move { serve(Built::get("book.js"), SHORT, &request) }),
        )
        .route("/book/{workspace}", get(business))
        .route("/book/{workspace}/{type}", get(booking_type))
        .route("/book/manage/{token}", get(manage))
        .route("/book/offer/{token}", get(offered))
        .layer(CompressionLayer::new())
}

async fn business(State(state): State<ApiState>, Path(workspace): Path<String>) -> Response {
    let found = public::business(&state.app, &workspace).await;
    answer(found, ("business", "business"), |found| found.business.name.clone())
}

async fn booking_type(
    State(state): State<ApiState>,
    Path((workspace, kind)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let found = public::page(&state.app, &workspace, &kind, &wanted(query.as_deref())).await;
    answer(found, ("type", "page"), |found| format!("{} – {}", found.kind.name, found.business.name))
}

async fn manage(State(state): State<ApiState>, Path(token): Path<String>) -> Response {
    let found = async {
        let (ctx, stored) = public::open(&state.app, &token).await?;
        public::describe(&state.app, &ctx, &stored).await
    };
    unlisted(answer(found.await, ("manage", "booking"), |found| found.business.name.clone()))
}

async fn offered(State(state): State<ApiState>, Path(token): Path<String>) -> Response {
    let found = offer::public_offer(&state.app, &token).await;
    unlisted(answer(found, ("offer", "offer"), |found| found.business.name.clone()))
}

/// An address that is somebody's own is no business of search engines.
fn unlisted(mut response: Response) -> Response {
    let robots = HeaderName::from_static("x-robots-tag");
    response.headers_mut().insert(robots, HeaderValue::from_static("noindex"));
    response
}

/// What the address asks for beforehand. What cannot be read is not asked for: a link somebody made by hand still opens.
fn wanted(query: Option<&str>) -> PageAsk {
    let mut ask = PageAsk::default();
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        match name.as_ref() {
            "duration" => ask.duration = value.parse().ok().filter(|minutes| (1..=1440).contains(minutes)),
            "staff" => ask.staff = value.parse().ok(),
            _ => {}
        }
    }
    ask
}

/// The page with what was found. What is not there is a page, too; any other failure leaves the asking to the page, which
/// says what went wrong and tries again.
fn answer<T: Serialize>(
    found: Result<T>,
    (kind, name): (&str, &str),
    title: impl Fn(&T) -> String,
) -> Response {
    match found {
        Ok(found) => page(Some(&First {
            status: StatusCode::OK,
            title: title(&found),
            data: json!({ "kind": kind, name: found }).to_string(),
        })),
        Err(AppError::NotFound(_)) => page(Some(&First {
            status: StatusCode::NOT_FOUND,
            title: "Frontdesk".to_owned(),
            data: json!({ "kind": "missing" }).to_string(),
        })),
        Err(_) => page(None),
    }
}

/// The first answer, as the page's script reads it.
struct First {
    status: StatusCode,
    /// JSON.
    data: String,
    /// The page's name, for tabs and previews of links.
    title: String,
}

/// The page, with the first answer in it where there is one; the page asks by itself where there is none.
fn page(first: Option<&First>) -> Response {
    let built = Built::get("index.html").map(|file| file.data).unwrap_or_default();
    let mut text = String::from_utf8_lossy(&built);
    if let Some(first) = first {
        // JSON in a script element may hold anything but what ends the element.
        let data = first.data.replace('<', "\\u003c");
        let data = format!("<script type=\"application/json\" id=\"initial\">{data}</script>");
        let title = format!("<title>{}</title>", escape(&first.title));
        text = Cow::Owned(text.replacen(PLACE, &data, 1).replacen(TITLE, &title, 1));
    }
    let policy = Built::get("policy.txt")
        .and_then(|file| HeaderValue::from_bytes(&file.data).ok())
        .unwrap_or(HeaderValue::from_static(BARE_POLICY));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, policy),
        // Times are free now or not at all, and some addresses are secrets.
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (first.map_or(StatusCode::OK, |first| first.status), headers, text.into_owned()).into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn body(response: Response) -> String {
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn a_name_cannot_end_the_element_it_stands_in() {
        let evil = "</script></title><script>alert(1)</script>";
        let first = First {
            status: StatusCode::OK,
            data: serde_json::json!({ "name": evil }).to_string(),
            title: evil.to_owned(),
        };
        let text = body(page(Some(&first))).await;
        assert!(!text.contains("<script>alert"), "{text}");
    }

    #[tokio::test]
    async fn any_site_may_frame_the_page_and_only_its_own_script_runs() {
        let response = page(None);
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors *"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
    }
}
