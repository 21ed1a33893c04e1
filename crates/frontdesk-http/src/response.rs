//! What came back: whole ([`Response`]) or in pieces ([`Streaming`]).

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{StatusCode, Url};
use serde::de::DeserializeOwned;

use crate::HttpError;

/// A whole answer.
#[derive(Debug, Clone)]
pub struct Response {
    /// Where it came from, after redirects.
    pub url: Url,
    /// The status; error statuses are answers too.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, at most as long as the call allowed.
    pub body: Bytes,
}

impl Response {
    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, HttpError> {
        serde_json::from_slice(&self.body)
            .map_err(|error| HttpError::Unreadable { host: host_of(&self.url), reason: error.to_string() })
    }

    /// The body as text; bytes that are not UTF-8 become the replacement character.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// `Content-Type` without parameters, lower case; empty when absent.
    pub fn content_type(&self) -> String {
        media_type(&self.headers)
    }

    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        self.status.is_success()
    }
}

/// An answer whose body is still arriving. Dropping it closes the connection.
pub struct Streaming {
    /// Where it comes from, after redirects.
    pub url: Url,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The pieces; ends after the first error. Bounded in size and in time between pieces.
    pub body: BoxStream<'static, Result<Bytes, HttpError>>,
}

impl Streaming {
    /// `Content-Type` without parameters, lower case; empty when absent.
    pub fn content_type(&self) -> String {
        media_type(&self.headers)
    }

    /// Reads the rest, at most `limit` bytes; longer bodies are cut, which is enough for error texts.
    pub async fn read_up_to(mut self, limit: usize) -> Bytes {
        let mut read = BytesMut::new();
        while let Some(Ok(piece)) = self.body.next().await {
            let room = limit.saturating_sub(read.len());
            read.extend_from_slice(piece.get(..room).unwrap_or(&piece));
            if read.len() >= limit {
                break;
            }
        }
        read.freeze()
    }
}

fn media_type(headers: &HeaderMap) -> String {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|value| value.trim().to_ascii_lowercase())
        .unwrap_or_default()
}

pub(crate) fn host_of(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}
