//! One id per request: in its logs, its audit entries, its error body and the header `X-Request-Id`.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use crate::problem::REQUEST_ID;
use crate::state::ApiState;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Keeps the id a proxy gave, if it is a plain one, or makes one.
pub async fn layer(State(state): State<ApiState>, request: Request, next: Next) -> Response {
    let given = request.headers().get(HEADER).and_then(|value| value.to_str().ok());
    let is_plain = |id: &&str| {
        (8..=64).contains(&id.len())
            && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    let id = given
        .filter(is_plain)
        .map_or_else(|| format!("req_{:016x}", state.app.random.next_u64()), str::to_owned);
    let span = tracing::info_span!(
        "request",
        id,
        method = %request.method(),
        path = loggable(request.uri().path()),
        status = tracing::field::Empty
    );
    let shown = HeaderValue::from_str(&id);
    let answer = async {
        let response = next.run(request).await;
        tracing::Span::current().record("status", response.status().as_u16());
        tracing::debug!("answered");
        response
    };
    let mut response = REQUEST_ID.scope(id, answer.instrument(span)).await;
    if let Ok(shown) = shown {
        response.headers_mut().insert(HEADER, shown);
    }
    response
}

/// The path without the tokens that some links hold: a log opens nothing.
fn loggable(path: &str) -> String {
    let hide = |segment| if str::starts_with(segment, "fd_") { "fd_..." } else { segment };
    path.split('/').map(hide).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_in_a_path_is_not_logged() {
        assert_eq!(loggable("/api/v1/invitations/fd_in_abc/accept"), "/api/v1/invitations/fd_.../accept");
        assert_eq!(loggable("/api/v1/contacts"), "/api/v1/contacts");
    }
}
