//! What a use case can answer instead of a result. Front doors map it once (`frontdesk-api/src/problem.rs`).

use frontdesk_domain::access::Permission;
use frontdesk_domain::availability::Slot;
use frontdesk_domain::context::Forbidden;
use frontdesk_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

/// One field that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Which, as a JSON pointer such as `/email`.
    pub field: String,
    /// What is wrong with it, in words that follow its name.
    pub message: String,
}

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Some fields were refused; each says why.
    #[error("invalid input: {}", .0.iter().map(|e| format!("{} {}", e.field, e.message)).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<FieldError>),
    /// No such thing, or not in this workspace: the two look the same on purpose.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// It contradicts what is there; the text says what to do.
    #[error("{0}")]
    Conflict(String),
    /// Somebody else has the time now; these were free a moment ago.
    #[error("that time was just taken; choose another one")]
    Taken(Vec<Slot>),
    /// Somebody else was faster; the same again may find another one who is free.
    #[error("that time was just taken; choose another one")]
    Raced,
    /// Nobody is signed in, or the credentials are wrong; the text is safe to show.
    #[error("{0}")]
    Unauthenticated(String),
    /// The actor lacks a permission.
    #[error("permission `{}` is missing", .0.as_str())]
    Forbidden(Permission),
    /// The actor may never do this, whatever their permissions; the text says why.
    #[error("{0}")]
    Refused(String),
    /// Too often; try again after this many seconds.
    #[error("too many attempts; try again in {retry_after_secs} seconds")]
    RateLimited {
        /// Seconds to wait.
        retry_after_secs: u64,
    },
    /// More than is accepted; the text names the limit.
    #[error("{0}")]
    TooLarge(String),
    /// Something outside did not answer; trying again may help.
    #[error("{0}")]
    Unavailable(String),
    /// Our fault. The cause is logged and never shown.
    #[error("internal error: {0}")]
    Internal(String),
}

impl AppError {
    /// One refused field.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), message: message.into() }])
    }
}

impl From<Forbidden> for AppError {
    fn from(forbidden: Forbidden) -> Self {
        Self::Forbidden(forbidden.0)
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound(what) => Self::NotFound(what),
            StoreError::Stale(what) => {
                Self::Conflict(format!("the {what} was changed by someone else; reload it and try again"))
            }
            StoreError::Taken => Self::Raced,
            StoreError::Duplicate(what) => Self::Conflict(format!("already taken: {what}")),
            busy if busy.is_overload() => {
                Self::Unavailable("too much is asked at once; try again in a moment".to_owned())
            }
            other => Self::Internal(other.to_string()),
        }
    }
}
