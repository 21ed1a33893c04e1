//! Why a request gave no response. A response with an error status is not an error here; the caller judges it.

/// Why a request gave no response.
#[derive(Debug, Clone, thiserror::Error)]
pub enum HttpError {
    /// The URL, a header or the body could not be used; nothing was sent.
    #[error("invalid request: {0}")]
    Invalid(String),
    /// The URL leads somewhere user-supplied URLs may not go; nothing was sent there.
    #[error("address of {host} is not allowed: {reason}")]
    Blocked {
        /// The host as written.
        host: String,
        /// Which rule refused it.
        reason: String,
    },
    /// The vendor failed repeatedly and is not asked again yet.
    #[error("{key} is paused after repeated failures, next attempt in {retry_in_ms} ms")]
    BreakerOpen {
        /// The breaker's key.
        key: String,
        /// Milliseconds until the next attempt is let through.
        retry_in_ms: u64,
    },
    /// No answer, or not all of it, in time.
    #[error("{host} gave no complete answer within {after_ms} ms")]
    TimedOut {
        /// The host.
        host: String,
        /// The limit that passed, in milliseconds.
        after_ms: u64,
    },
    /// No connection: name, network or TLS.
    #[error("cannot connect to {host}: {reason}")]
    Connect {
        /// The host.
        host: String,
        /// What the network said.
        reason: String,
    },
    /// The connection broke after it was made.
    #[error("connection to {host} broke: {reason}")]
    Broken {
        /// The host.
        host: String,
        /// What the network said.
        reason: String,
    },
    /// The body is larger than the caller allows; the rest was not read.
    #[error("answer of {host} is larger than {limit} bytes")]
    TooLarge {
        /// The host.
        host: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// More redirects than the caller allows.
    #[error("{host} redirects more than {limit} times")]
    TooManyRedirects {
        /// The host that redirected last.
        host: String,
        /// The limit.
        limit: usize,
    },
    /// The body is not what it should be.
    #[error("answer of {host} cannot be read: {reason}")]
    Unreadable {
        /// The host.
        host: String,
        /// What was wrong.
        reason: String,
    },
    /// The client could not be built from its settings.
    #[error("cannot set up the HTTP client: {0}")]
    Setup(String),
}

impl HttpError {
    /// Whether the same request may succeed later.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::BreakerOpen { .. } | Self::TimedOut { .. } | Self::Connect { .. } | Self::Broken { .. }
        )
    }
}
