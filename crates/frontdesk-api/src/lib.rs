//! The HTTP and WebSocket front door: routes, extractors, OpenAPI, the embedded dashboard and widget.
//!
//! Nothing is decided here: a handler reads the request, calls one use case of `frontdesk-app` and words the answer.
//! `routes/mod.rs` is the table of contents; to add an endpoint, add a handler in its resource's file and a line
//! there.

pub mod extract;
pub mod problem;
pub mod routes;
pub mod state;

pub use routes::{openapi, router};
pub use state::ApiState;
