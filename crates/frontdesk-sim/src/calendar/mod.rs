//! Calendar vendors: one state of calendars and events, a router per vendor that speaks its protocol, and faults.
//!
//! What a person does in their own calendar (add, move, decline, delete) is a method of [`CalendarSim`]; what a client
//! does comes over HTTP. To add a vendor: a file here with a `router` and a `spawn`.

pub mod calendly;
pub mod google;
pub mod graph;
mod state;
mod token;
pub mod zoho;

pub use state::{Blocks, CalendarSim, Event, Fault, Series};

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What every call passes first: it is written down, may fail by plan, and needs the token that is good now.
async fn door(sim: CalendarSim, request: Request, next: Next, scheme: &str, refusal: Response) -> Response {
    sim.record(request.method().as_str(), &request.uri().to_string());
    let due = sim.next_fault();
    let lost = due == Some(Fault::Lost);
    if let Some(response) = answer(due).await {
        return response;
    }
    if !knows(&sim, request.headers(), scheme) {
        return refusal;
    }
    let response = next.run(request).await;
    if lost { StatusCode::BAD_GATEWAY.into_response() } else { response }
}

/// Answers instead of the vendor when a fault is due.
async fn fault(sim: &CalendarSim) -> Option<Response> {
    answer(sim.next_fault()).await
}

async fn answer(fault: Option<Fault>) -> Option<Response> {
    match fault? {
        Fault::Status { status, retry_after, body } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = (status, body).into_response();
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            if let Some(seconds) = retry_after {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            Some(response)
        }
        Fault::Stall => std::future::pending().await,
        Fault::Garbage => Some("<html>Bad gateway</html>".into_response()),
        Fault::Lost => None,
    }
}

/// Whether the call carries the token that is good now.
fn knows(sim: &CalendarSim, headers: &HeaderMap, scheme: &str) -> bool {
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    sent.and_then(|value| value.strip_prefix(scheme)?.strip_prefix(' '))
        .is_some_and(|token| sim.accepts(token))
}

/// Sets a field of an answer.
fn set(answer: &mut serde_json::Value, name: &str, value: serde_json::Value) {
    if let Some(fields) = answer.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}
