//! Short links of messages: what follows them is led on to where they were made for, and nowhere else. And the picture in a mail
//! that tells that it was opened.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use frontdesk_app::AppError;
use frontdesk_app::mailbox::opened;
use frontdesk_app::message::short_link::{self, Follow, Target};

use crate::problem::Problem;
use crate::state::ApiState;

/// The route. It is for browsers and no part of the API's description.
pub fn routes() -> Router<ApiState> {
    Router::new().route("/l/{code}", get(follow)).route("/o/{token}", get(open))
}

async fn follow(
    State(state): State<ApiState>,
    method: Method,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Ok(unseen(match short_link::follow(&state.app, asked(&code, &method, &headers)).await? {
        Target::To(url) => {
            let location = HeaderValue::from_str(&url).map_err(|_| AppError::NotFound("link"))?;
            (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
        }
        Target::Lapsed => {
            (StatusCode::GONE, "This link has lapsed. Ask whoever sent it for a new one.").into_response()
        }
    }))
}

/// Always the picture: whoever looks at a mail sees nothing of what is counted.
async fn open(
    State(state): State<ApiState>,
    method: Method,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    if let Err(error) = opened::hear(&state.app, asked(&token, &method, &headers)).await {
        tracing::warn!(%error, "that a mail was opened could not be noted");
    }
    let kind = HeaderValue::from_static("image/gif");
    unseen(([(header::CONTENT_TYPE, kind)], opened::PIXEL).into_response())
}

/// Who asks, and how.
fn asked<'a>(code: &'a str, method: &Method, headers: &'a HeaderMap) -> Follow<'a> {
    let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let ahead = ["purpose", "sec-purpose", "x-purpose", "x-moz"]
        .iter()
        .filter_map(|name| value(name))
        .any(|said| ["prefetch", "preview", "prerender"].iter().any(|word| said.contains(word)));
    Follow { code, head: *method == Method::HEAD, agent: value("user-agent").unwrap_or_default(), ahead }
}

/// Kept and listed by nobody.
fn unseen(mut answer: Response) -> Response {
    let own = answer.headers_mut();
    own.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    own.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    own.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    answer
}
