//! What it means for a message that a vendor's answer did not come, or says to wait. Only for vendors that do not know a
//! repeated message: with those that do, trying again is always harmless.

use std::time::Duration;

use frontdesk_domain::time::Timestamp;
use frontdesk_http::{HttpError, Response, parse_retry_after};

use crate::channel::ChannelError;

/// What no answer to the request that hands over a message means: before a connection stands nothing was sent, after
/// that nobody can tell.
pub(crate) fn not_answered(vendor: &'static str, error: &HttpError) -> ChannelError {
    let reason = error.to_string();
    match error {
        HttpError::Connect { .. } | HttpError::BreakerOpen { .. } | HttpError::Setup(_) => {
            ChannelError::Unavailable { vendor, reason }
        }
        HttpError::Invalid(_) | HttpError::Blocked { .. } => {
            ChannelError::Refused { vendor, code: None, reason }
        }
        HttpError::TimedOut { .. }
        | HttpError::Broken { .. }
        | HttpError::TooLarge { .. }
        | HttpError::TooManyRedirects { .. }
        | HttpError::Unreadable { .. } => ChannelError::Uncertain { vendor, reason },
    }
}

/// What no answer to a request that sends nothing means: ask again later.
pub(crate) fn not_reached(vendor: &'static str, error: &HttpError) -> ChannelError {
    ChannelError::Unavailable { vendor, reason: error.to_string() }
}

/// How long the vendor asks to wait (`Retry-After`).
pub(crate) fn asked_to_wait(response: &Response, now: Timestamp) -> Option<Duration> {
    parse_retry_after(&response.headers, now.to_jiff()).map(Duration::from_millis)
}
