//! Settings of the client, with defaults that suit vendor APIs.

use std::time::Duration;

use crate::{BreakerSettings, RetrySettings};

/// Settings of [`crate::HttpClient`].
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// `User-Agent` of every request.
    pub user_agent: String,
    /// Most time to look a name up, connect and finish TLS.
    pub connect_timeout: Duration,
    /// Most time for one attempt, body included.
    pub attempt_timeout: Duration,
    /// Most time for a call with all its retries.
    pub total_timeout: Duration,
    /// Most time between two pieces of a streamed body.
    pub idle_timeout: Duration,
    /// Most bytes of a body, unless the call says otherwise.
    pub max_body: usize,
    /// Retries of requests that may be repeated.
    pub retry: RetrySettings,
    /// Breakers of vendors.
    pub breaker: BreakerSettings,
    /// Hosts (`name`, `name:port`, `ip` or `ip:port`) that user-supplied URLs may reach although they are private.
    pub allow_private_hosts: Vec<String>,
    /// More root certificates, as PEM text, beside the bundled Mozilla ones; for companies with their own authority.
    pub extra_roots_pem: Vec<String>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            user_agent: concat!("Frontdesk/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(5),
            attempt_timeout: Duration::from_secs(15),
            total_timeout: Duration::from_secs(40),
            idle_timeout: Duration::from_mins(1),
            max_body: 2 * 1024 * 1024,
            retry: RetrySettings::default(),
            breaker: BreakerSettings::default(),
            allow_private_hosts: Vec::new(),
            extra_roots_pem: Vec::new(),
        }
    }
}
