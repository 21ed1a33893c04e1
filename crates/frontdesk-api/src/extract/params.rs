//! Query parameters and path segments.

use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use frontdesk_domain::page::{MAX_PAGE, PageRequest};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use super::body::{explain, pointer};
use crate::problem::Problem;

/// The most characters of parameters that mean the same wherever they occur; the OpenAPI document says the same.
const LONGEST: &[(&str, usize)] = &[
    ("cursor", 400),
    ("q", 200),
    ("tag", 40),
    ("key", 100),
    ("locale", 35),
    ("target", 64),
    ("actor", 64),
    ("action", 64),
];

/// Query parameters; one that does not fit is a 422 that names it.
#[derive(Debug, Clone, Copy)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes());
        if pairs.clone().any(|(_, value)| value.contains('\0')) {
            return Err(Problem::malformed("the query contains a control character"));
        }
        check_lengths(pairs)?;
        let read = serde_urlencoded::Deserializer::new(pairs);
        serde_path_to_error::deserialize(read).map(Self).map_err(|error| {
            let place = pointer(error.path());
            Problem::validation(vec![explain(&place, &error.into_inner().to_string())])
        })
    }
}

fn check_lengths(pairs: form_urlencoded::Parse<'_>) -> Result<(), Problem> {
    for (name, value) in pairs {
        let longest = LONGEST.iter().find(|(known, _)| *known == name);
        if let Some((_, most)) = longest.filter(|(_, most)| value.chars().count() > *most) {
            let message = format!("is too long: at most {most} characters");
            return Err(frontdesk_app::AppError::invalid(format!("/{name}"), message).into());
        }
    }
    Ok(())
}

/// Which part of a list is wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    /// Where the previous page ended; opaque.
    #[param(max_length = 400)]
    pub cursor: Option<String>,
    /// How many rows, 1 to 250; 50 when absent.
    #[param(minimum = 1, maximum = 250)]
    pub limit: Option<u32>,
}

impl PageParams {
    /// The request, within bounds.
    pub fn page(self) -> Result<PageRequest, Problem> {
        check_limit(self.limit)?;
        Ok(PageRequest { cursor: self.cursor, limit: self.limit })
    }
}

/// Refuses a page size out of bounds.
pub(crate) fn check_limit(limit: Option<u32>) -> Result<(), Problem> {
    if limit.is_none_or(|limit| (1..=MAX_PAGE).contains(&limit)) {
        return Ok(());
    }
    Err(frontdesk_app::AppError::invalid("/limit", format!("must be between 1 and {MAX_PAGE}")).into())
}

/// Refuses a number after which nothing can come: the log counts in 64 bits with a sign.
pub(crate) fn check_after(after: Option<u64>) -> Result<(), Problem> {
    if after.is_none_or(|after| i64::try_from(after).is_ok()) {
        return Ok(());
    }
    Err(frontdesk_app::AppError::invalid("/after", format!("must be at most {}", i64::MAX)).into())
}

/// Typed segments of the path. What is not an id cannot exist, so it is a 404.
#[derive(Debug, Clone, Copy)]
pub struct Segments<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Segments<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(value)) => Ok(Self(value)),
            Err(_) => Err(Problem::new(
                StatusCode::NOT_FOUND,
                "not-found",
                "Not found",
                "there is nothing at this address",
            )),
        }
    }
}
