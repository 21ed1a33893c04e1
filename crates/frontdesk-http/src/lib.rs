//! The one outbound HTTP client.
//!
//! Everything Frontdesk sends over HTTP goes through [`HttpClient`]: it bounds time and size, retries what may be
//! retried, keeps a circuit breaker per vendor, traces each request without secrets, and keeps URLs that users supply
//! away from private networks ([`Target::Public`]). It knows no vendor. WebSocket, SMTP and object storage clients live
//! elsewhere but may borrow [`tls_config`] and [`is_public_ip`].

mod address;
mod breaker;
mod call;
mod client;
mod error;
mod response;
mod retry;
mod robots;
mod settings;
mod tls;

pub use address::{PublicAccess, Target, is_public_ip};
pub use breaker::{Breaker, BreakerOpen, BreakerPermit, BreakerSettings, BreakerState, Breakers, Outcome};
pub use call::{Call, Part};
pub use client::HttpClient;
pub use error::HttpError;
pub use reqwest::{Method, StatusCode, Url, header};
pub use response::{Response, Streaming};
pub use retry::{RetrySettings, parse_retry_after};
pub use robots::Robots;
pub use settings::HttpSettings;
pub use tls::tls_config;
