//! Calls of vendors: a calendar changed, a mail came back. Whether they are believed is the use case's to say.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use frontdesk_app::calendar::{self, Heard};
use frontdesk_app::message;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;

use crate::problem::Problem;
use crate::state::ApiState;

/// Most bytes of a call.
const MOST: usize = 64 * 1024;

/// The routes. They speak the vendors' protocols, not ours, and are no part of the API's description.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .route("/hooks/calendar/{vendor}", axum::routing::post(calendar).layer(DefaultBodyLimit::max(MOST)))
        .route(
            "/hooks/mail/{vendor}/{connection}",
            axum::routing::post(mail).layer(DefaultBodyLimit::max(MOST)),
        )
}

#[derive(Deserialize)]
struct Handshake {
    #[serde(rename = "validationToken")]
    validation: Option<String>,
}

async fn calendar(
    State(state): State<ApiState>,
    Path(vendor): Path<String>,
    Query(handshake): Query<Handshake>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let validation = handshake.validation.as_deref();
    Ok(match calendar::hear(&state.app, &vendor, &headers, validation, &body).await? {
        Heard::Echo(text) => {
            let plain = [(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"))];
            (plain, text).into_response()
        }
        Heard::Thanks => StatusCode::ACCEPTED.into_response(),
    })
}

async fn mail(
    State(state): State<ApiState>,
    Path((vendor, connection)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    message::hear_mail_vendor(&state.app, &vendor, &connection, &headers, &body).await?;
    Ok(StatusCode::OK)
}
