//! The files of messages for the vendors that fetch them: by a signed link that lapses, without signing in. They are what
//! the business sends to its customers; nothing of them runs in a browser.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use frontdesk_app::message::files;

use crate::problem::Problem;
use crate::state::ApiState;

/// The routes. They are for vendors and no part of the API's description.
pub fn routes() -> Router<ApiState> {
    Router::new().route("/files/{token}", get(fetch))
}

async fn fetch(State(state): State<ApiState>, Path(token): Path<String>) -> Result<Response, Problem> {
    let found = files::open(&state.app, &token).await?;
    let media_type = HeaderValue::from_str(&found.file.media_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((headers, found.bytes).into_response())
}
