//! Errors as RFC 9457 problem+json: the one place where a failure becomes a response.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use frontdesk_app::{AppError, FieldError};
use frontdesk_domain::availability::Slot;
use serde::Serialize;
use utoipa::ToSchema;

/// An error body, RFC 9457.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Names the kind of error: `https://frontdesk.dev/problems/...`.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: Box<str>,
    /// The kind in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What happened and what to do, for a person.
    pub detail: String,
    /// Refused fields, one entry each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Times that are free instead, with `slot-taken`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Slot>>)]
    pub alternatives: Option<Box<[Slot]>>,
    /// Quote it when asking for help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<Box<str>>,
    /// Seconds to wait, with 429.
    #[serde(skip)]
    pub retry_after_secs: Option<u32>,
}

tokio::task_local! {
    /// The id of the request being answered.
    pub static REQUEST_ID: String;
}

impl Problem {
    /// A problem of this kind.
    pub fn new(status: StatusCode, slug: &str, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("https://frontdesk.dev/problems/{slug}").into(),
            title,
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            alternatives: None,
            request_id: REQUEST_ID.try_with(|id| id.as_str().into()).ok(),
            retry_after_secs: None,
        }
    }

    /// The body could not be read as JSON at all.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", "The request could not be read", detail)
    }

    /// Some fields were refused.
    pub fn validation(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [only] => format!("{} {}", only.field.trim_start_matches('/'), only.message),
            many => format!("{} fields need another look", many.len()),
        };
        let mut problem = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "validation",
            "Some values were not accepted",
            detail,
        );
        problem.errors = errors;
        problem
    }

    /// Nobody is signed in.
    pub fn unauthenticated(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", "Sign in first", detail)
    }

    /// Too many requests.
    pub fn rate_limited(retry_after_secs: u64) -> Self {
        let detail = format!("too many requests; try again in {retry_after_secs} seconds");
        let mut problem =
            Self::new(StatusCode::TOO_MANY_REQUESTS, "rate-limited", "Too many requests", detail);
        problem.retry_after_secs = Some(u32::try_from(retry_after_secs).unwrap_or(u32::MAX));
        problem
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        let text = error.to_string();
        match error {
            AppError::Invalid(errors) => Self::validation(errors),
            AppError::NotFound(what) => Self::new(
                StatusCode::NOT_FOUND,
                "not-found",
                "Not found",
                format!("this {what} does not exist or is not in your workspace"),
            ),
            AppError::Conflict(_) => {
                Self::new(StatusCode::CONFLICT, "conflict", "That does not fit what is there", text)
            }
            AppError::Raced => {
                Self::new(StatusCode::CONFLICT, "slot-taken", "That time was just taken", text)
            }
            AppError::Taken(alternatives) => Self {
                alternatives: Some(alternatives.into()),
                ..Self::new(StatusCode::CONFLICT, "slot-taken", "That time was just taken", text)
            },
            AppError::Unauthenticated(_) => Self::unauthenticated(text),
            AppError::Forbidden(_) | AppError::Refused(_) => {
                Self::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed", text)
            }
            AppError::RateLimited { retry_after_secs } => Self::rate_limited(retry_after_secs),
            AppError::TooLarge(_) => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Too large", text),
            AppError::Unavailable(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Not available right now", text)
            }
            AppError::Internal(_) => {
                tracing::error!(error = text, "use case failed");
                Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "internal",
                    "Something went wrong on our side",
                    "try again; if it keeps happening, tell your administrator the request id",
                )
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after_secs;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            // RFC 9110 §11.6.1 asks for it; browsers show no dialog for this scheme.
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
