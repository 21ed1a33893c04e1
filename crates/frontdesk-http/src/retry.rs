//! When to try again, and how long to wait first.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// Retries of requests that may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetrySettings {
    /// Retries after the first attempt.
    pub retries: u32,
    /// Wait before the first retry; doubles each time, with full jitter above half of it.
    pub first_wait: Duration,
    /// Longest wait of our own choosing.
    pub max_wait: Duration,
    /// Longest `Retry-After` that is waited for; a longer one ends the call with the answer as it is.
    pub max_retry_after: Duration,
}

impl Default for RetrySettings {
    fn default() -> Self {
        Self {
            retries: 2,
            first_wait: Duration::from_millis(200),
            max_wait: Duration::from_secs(5),
            max_retry_after: Duration::from_secs(10),
        }
    }
}

impl RetrySettings {
    /// How long to wait before retry number `retry` (from 0); `random` is any random number.
    pub fn wait(&self, retry: u32, random: u64) -> Duration {
        let doubled =
            self.first_wait.saturating_mul(1_u32.checked_shl(retry).unwrap_or(u32::MAX)).min(self.max_wait);
        let half = doubled / 2;
        let share = (random >> 11) as f64 / (1_u64 << 53) as f64;
        half + half.mul_f64(share)
    }
}

/// Whether an answer with this status may be better next time.
pub(crate) fn is_transient_status(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502 | 503 | 504 | 529)
}

/// `Retry-After` in milliseconds from `now`: seconds or an HTTP date (RFC 9110 §10.2.3); also `retry-after-ms`, which
/// some model vendors send.
pub fn parse_retry_after(headers: &HeaderMap, now: jiff::Timestamp) -> Option<u64> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(millis) = text("retry-after-ms").and_then(|value| value.parse::<u64>().ok()) {
        return Some(millis);
    }
    let value = text(RETRY_AFTER.as_str())?;
    if let Ok(seconds) = value.parse::<f64>() {
        return (seconds.is_finite() && seconds >= 0.0).then_some((seconds * 1000.0) as u64);
    }
    let date = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    Some(u64::try_from(date.as_millisecond().saturating_sub(now.as_millisecond())).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_with_jitter_and_stay_bounded() {
        let settings = RetrySettings::default();
        assert_eq!(settings.wait(0, 0), Duration::from_millis(100));
        assert!(settings.wait(0, u64::MAX) <= Duration::from_millis(200));
        assert_eq!(settings.wait(1, 0), Duration::from_millis(200));
        assert!(settings.wait(40, u64::MAX) <= settings.max_wait);
    }

    #[test]
    fn retry_after_is_read_as_seconds_milliseconds_or_date() {
        let now: jiff::Timestamp = "1994-11-06T08:49:30Z".parse().unwrap();
        let read = |name: &'static str, value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            parse_retry_after(&headers, now)
        };
        assert_eq!(read("retry-after", "7"), Some(7000));
        assert_eq!(read("retry-after", "0.5"), Some(500));
        assert_eq!(read("retry-after-ms", "250"), Some(250));
        assert_eq!(read("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT"), Some(7000));
        assert_eq!(read("retry-after", "Sun, 06 Nov 1994 08:49:00 GMT"), Some(0));
        assert_eq!(read("retry-after", "-1"), None);
        assert_eq!(read("retry-after", "soon"), None);
    }
}
