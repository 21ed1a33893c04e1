//! The HTTP and WebSocket front door: routes, extractors, OpenAPI, the embedded dashboard and widget.
//!
//! Nothing is decided here: a handler reads the request, calls one use case of `frontdesk-app` and words the answer.
//! `routes/mod.rs` is the table of contents; to add an endpoint, add a handler in its resource's file and a line
//! there.

mod cookie;
pub mod extract;
pub mod limit;
pub mod metrics;
pub mod openapi;
pub mod problem;
mod reference;
pub mod request_id;
pub mod routes;
pub mod security;
mod sight;
pub mod socket;
pub mod state;

pub use limit::LimitSettings;
pub use routes::{document, router};
pub use state::{ApiSettings, ApiState};
