//! Probes and metrics, for machines.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::json;

use crate::state::ApiState;

/// The routes.
pub fn routes() -> Router<ApiState> {
    Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
        .route("/metrics", get(metrics))
}

/// The process runs.
async fn live() -> impl IntoResponse {
    axum::Json(json!({ "status": "ok" }))
}

/// The process can answer: its database does.
async fn ready(State(state): State<ApiState>) -> impl IntoResponse {
    match state.app.store.ping().await {
        Ok(()) => (StatusCode::OK, axum::Json(json!({ "status": "ok", "database": "ok" }))),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            let body = json!({ "status": "unavailable", "database": "the database does not answer" });
            (StatusCode::SERVICE_UNAVAILABLE, axum::Json(body))
        }
    }
}

/// What the process has counted, in Prometheus's text form.
async fn metrics(State(state): State<ApiState>) -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4")],
        state.metrics.map(|metrics| metrics.render()).unwrap_or_default(),
    )
}
