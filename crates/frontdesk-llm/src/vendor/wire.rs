//! What all chat vendors share: opening an event stream, reading errors, and decoding events into deltas.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use eventsource_stream::Eventsource;
use frontdesk_http::{Call, HttpError, StatusCode, parse_retry_after};
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::Access;
use crate::chat::{ChatDelta, ChatError, ChatStream, EndReason};

/// Longest answer that is read, in bytes on the wire.
const MAX_ANSWER: usize = 16 * 1024 * 1024;

/// Longest line of an event stream, in bytes; the event parser looks at an unfinished line again and again.
const MAX_LINE: usize = 1024 * 1024;

/// Bytes of an error answer that are read.
const MAX_ERROR: usize = 16 * 1024;

/// Most time until the headers and between two pieces; the fallback chain has its own, shorter deadlines.
const PATIENCE: Duration = Duration::from_mins(2);

/// A started answer.
pub(super) enum Opened {
    /// Server-sent events: name and data.
    Events(BoxStream<'static, Result<(String, String), ChatError>>),
    /// One JSON document, from servers that do not stream.
    Whole(Value),
}

/// Turns a vendor's events into deltas.
pub(super) trait Decoder: Send + 'static {
    /// The deltas of one event. `End` must be the last of all.
    fn event(&mut self, name: &str, data: &str) -> Result<Vec<ChatDelta>, ChatError>;
    /// The deltas of the stream's end, when it came before `End`.
    fn close(&mut self) -> Result<Vec<ChatDelta>, ChatError>;
}

/// Sends the request and judges the status.
pub(super) async fn open(call: Call, access: &Access) -> Result<Opened, ChatError> {
    let call = call.timeout(PATIENCE).idle_timeout(PATIENCE).max_body(MAX_ANSWER).without_breaker();
    let streaming = call.stream().await.map_err(|error| unreachable_vendor(&error))?;
    let status = streaming.status;
    if !status.is_success() {
        let retry_after_ms = parse_retry_after(&streaming.headers, access.http.clock().now().to_jiff());
        let body = streaming.read_up_to(MAX_ERROR).await;
        return Err(refused(status, &body, retry_after_ms, access.secret.as_ref()));
    }
    let host = streaming.url.host_str().unwrap_or_default().to_owned();
    match streaming.content_type().as_str() {
        "application/json" => {
            let body = streaming.read_up_to(MAX_ANSWER).await;
            let value =
                serde_json::from_slice(&body).map_err(|error| ChatError::Garbage(error.to_string()))?;
            Ok(Opened::Whole(value))
        }
        "text/html" => Err(ChatError::Garbage("a web page instead of an answer; is base_url right?".into())),
        _ => {
            let events = with_bounded_lines(streaming.body, host).eventsource().map(|event| match event {
                Ok(event) => Ok((event.event, event.data)),
                Err(eventsource_stream::EventStreamError::Transport(error)) => {
                    Err(unreachable_vendor(&error))
                }
                Err(error) => Err(ChatError::Garbage(error.to_string())),
            });
            Ok(Opened::Events(events.boxed()))
        }
    }
}

/// Decodes events until `End`, the first error, or the end of the stream.
pub(super) fn decode(
    events: BoxStream<'static, Result<(String, String), ChatError>>,
    decoder: impl Decoder,
) -> ChatStream {
    struct Reading<D> {
        events: Option<BoxStream<'static, Result<(String, String), ChatError>>>,
        decoder: D,
        ready: VecDeque<Result<ChatDelta, ChatError>>,
    }
    let start = Reading { events: Some(events), decoder, ready: VecDeque::new() };
    futures_util::stream::unfold(start, |mut reading| async move {
        loop {
            if let Some(next) = reading.ready.pop_front() {
                if matches!(next, Err(_) | Ok(ChatDelta::End(_))) {
                    reading.events = None;
                    reading.ready.clear();
                }
                return Some((next, reading));
            }
            let decoded = match reading.events.as_mut()?.next().await {
                Some(Ok((name, data))) => reading.decoder.event(&name, &data),
                Some(Err(error)) => Err(error),
                None => {
                    reading.events = None;
                    reading.decoder.close()
                }
            };
            match decoded {
                Ok(deltas) => reading.ready.extend(deltas.into_iter().map(Ok)),
                Err(error) => reading.ready.push_back(Err(error)),
            }
        }
    })
    .boxed()
}

/// Ends the stream with an error at a line that is too long.
fn with_bounded_lines(
    body: BoxStream<'static, Result<Bytes, HttpError>>,
    host: String,
) -> impl Stream<Item = Result<Bytes, HttpError>> + Send + 'static {
    let mut line = 0;
    body.map(move |piece| {
        let piece = piece?;
        line = match piece.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => piece.len() - end - 1,
            None => line + piece.len(),
        };
        if line > MAX_LINE {
            return Err(HttpError::TooLarge { host: host.clone(), limit: MAX_LINE });
        }
        Ok(piece)
    })
}

/// A stream of what is already there.
pub(super) fn ready(deltas: Vec<ChatDelta>) -> ChatStream {
    futures_util::stream::iter(deltas.into_iter().map(Ok)).boxed()
}

/// The error for an event of the stream that reports one.
pub(super) fn error_event(error: &Value) -> ChatError {
    let kind =
        ["type", "code"].iter().filter_map(|key| error.get(*key).and_then(Value::as_str)).collect::<String>();
    if kind.contains("rate_limit") {
        return ChatError::RateLimited { retry_after_ms: None };
    }
    ChatError::Unavailable(message_of(error).unwrap_or_else(|| "unexplained error".into()))
}

/// Reads arguments that a server wrote as an object instead of text.
pub(super) fn arguments_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Why the model stopped, once the texts say whether it called tools.
pub(super) fn end_reason(vendor_reason: &str, called_tools: bool) -> EndReason {
    match vendor_reason {
        "content_filter" | "refusal" => EndReason::Refused,
        _ if called_tools => EndReason::ToolCalls,
        "length" | "max_tokens" | "model_context_window_exceeded" => EndReason::Length,
        _ => EndReason::Stop,
    }
}

fn refused(
    status: StatusCode,
    body: &[u8],
    retry_after_ms: Option<u64>,
    secret: Option<&SecretString>,
) -> ChatError {
    let parsed: Option<Value> = serde_json::from_slice(body).ok();
    let error = parsed.as_ref().map(|value| value.get("error").unwrap_or(value));
    let message = error.and_then(message_of).unwrap_or_else(|| "no explanation".into());
    let message = match secret.map(ExposeSecret::expose_secret).filter(|secret| !secret.is_empty()) {
        Some(secret) => message.replace(secret, "[key]"),
        None => message,
    };
    let code = error.and_then(|error| error.get("code")).and_then(Value::as_str);
    let text = format!("HTTP {}: {message}", status.as_u16());
    match status.as_u16() {
        // An empty account answers 429 too, but waiting does not fill it.
        429 if code == Some("insufficient_quota") => ChatError::Rejected(text),
        429 => ChatError::RateLimited { retry_after_ms },
        408 | 409 | 425 | 500.. => ChatError::Unavailable(text),
        _ => ChatError::Rejected(text),
    }
}

/// The message of an error object, in the shapes servers use; at most 300 characters.
fn message_of(error: &Value) -> Option<String> {
    let text = error.as_str().or_else(|| {
        ["message", "detail", "error"].iter().find_map(|key| error.get(*key).and_then(Value::as_str))
    })?;
    Some(text.chars().take(300).collect())
}

fn unreachable_vendor(error: &HttpError) -> ChatError {
    match error {
        HttpError::Invalid(_) | HttpError::Blocked { .. } | HttpError::Setup(_) => {
            ChatError::Rejected(error.to_string())
        }
        HttpError::TooLarge { .. } | HttpError::Unreadable { .. } => ChatError::Garbage(error.to_string()),
        _ => ChatError::Unavailable(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_endless_line_ends_the_stream() {
        let piece = || Ok(Bytes::from(vec![b'x'; 64 * 1024]));
        let endless = futures_util::stream::repeat_with(piece).boxed();
        let mut events = with_bounded_lines(endless, "h".into()).eventsource();
        let first = events.next().await.unwrap();
        assert!(matches!(
            first,
            Err(eventsource_stream::EventStreamError::Transport(HttpError::TooLarge { limit: MAX_LINE, .. }))
        ));
    }

    #[test]
    fn refusals_are_sorted_by_whether_waiting_helps_and_never_repeat_the_key() {
        let secret = SecretString::from("sk-123");
        let judge = |status: u16, body: &str| {
            let status = StatusCode::from_u16(status).unwrap();
            refused(status, body.as_bytes(), Some(5), Some(&secret))
        };
        let quota = judge(429, r#"{"error": {"code": "insufficient_quota", "message": "pay"}}"#);
        assert!(matches!(&quota, ChatError::Rejected(text) if text == "HTTP 429: pay"), "{quota}");
        assert!(matches!(judge(429, "slow down"), ChatError::RateLimited { retry_after_ms: Some(5) }));
        assert!(matches!(judge(503, "<html>"), ChatError::Unavailable(_)));
        let wrong = judge(401, r#"{"error": "bad key sk-123"}"#);
        assert!(matches!(&wrong, ChatError::Rejected(text) if text == "HTTP 401: bad key [key]"), "{wrong}");
        assert!(
            matches!(judge(404, r#"{"detail": "Not Found"}"#), ChatError::Rejected(text) if text.ends_with("Not Found"))
        );
    }
}
