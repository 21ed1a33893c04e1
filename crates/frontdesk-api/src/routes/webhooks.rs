//! Calls of messaging vendors. Whether they are believed is the use case's to say; they are answered once what they tell
//! is durable.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use frontdesk_app::webhook::{self, Answer, Call};

use crate::problem::Problem;
use crate::state::ApiState;

/// Most bytes of a call: a raw mail of 25 MB is the largest that comes this way, encoded once more.
const MOST: usize = 40 * 1024 * 1024;

/// The routes. They speak the vendors' protocols, not ours, and are no part of the API's description.
pub fn routes() -> Router<ApiState> {
    Router::new()
        .route("/webhooks/{vendor}/{connection}", get(receive).post(receive))
        .layer(DefaultBodyLimit::max(MOST))
}

async fn receive(
    State(state): State<ApiState>,
    method: Method,
    Path((vendor, connection)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let call = Call {
        vendor: &vendor,
        connection: &connection,
        asks: method == Method::GET,
        query: query.as_deref().unwrap_or_default(),
        headers: &headers,
        body: &body,
    };
    Ok(match webhook::receive(&state.app, call).await? {
        Answer::Thanks => StatusCode::OK.into_response(),
        Answer::Document(kind, text) => {
            ([(header::CONTENT_TYPE, HeaderValue::from_static(kind))], text).into_response()
        }
    })
}
