//! Calendar vendors: one state of calendars and events, a router per vendor that speaks its protocol, and faults.
//!
//! What a person does in their own calendar (add, move, decline, delete) is a method of [`CalendarSim`]; what a client
//! does comes over HTTP. To add a vendor: a file here with a `router`, and a line in [`crate::serve`].

pub mod google;
mod state;
mod token;

pub use state::{Blocks, CalendarSim, Event, Fault, Series};

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Answers instead of the vendor when a fault is due.
async fn fault(sim: &CalendarSim) -> Option<Response> {
    match sim.next_fault()? {
        Fault::Status { status, retry_after, body } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = (status, body).into_response();
            response
                .headers_mut()
                .insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
            if let Some(seconds) = retry_after {
                response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
            }
            Some(response)
        }
        Fault::Stall => std::future::pending().await,
        Fault::Garbage => Some("<html>Bad gateway</html>".into_response()),
    }
}

/// Whether the call carries the token that is good now.
fn knows(sim: &CalendarSim, headers: &HeaderMap, scheme: &str) -> bool {
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    sent.and_then(|value| value.strip_prefix(scheme)?.strip_prefix(' '))
        .is_some_and(|token| sim.accepts(token))
}
