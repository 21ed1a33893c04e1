//! One request: what is sent, its limits, and the loop of attempts and redirects.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, USER_AGENT,
};
use reqwest::{Method, StatusCode, Url};
use serde::Serialize;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument;

use crate::address::NoPublicAddress;
use crate::response::host_of;
use crate::retry::is_transient_status;
use crate::{BreakerPermit, HttpClient, HttpError, Outcome, Response, Streaming, Target, parse_retry_after};

/// A file or field of a multipart body.
#[derive(Debug, Clone)]
pub struct Part {
    /// The field's name.
    pub name: String,
    /// The file name, for files.
    pub file_name: Option<String>,
    /// The media type, when it matters.
    pub content_type: Option<String>,
    /// The content.
    pub content: Bytes,
}

#[derive(Debug, Clone)]
enum Body {
    Empty,
    Bytes(Bytes),
    Multipart(Vec<Part>),
}

#[derive(Debug, Clone)]
enum BreakerChoice {
    /// By host for trusted targets; none for public ones, where every user's host would be a key.
    Default,
    Key(String),
    None,
}

/// A request being put together. Finish with [`Call::send`] or [`Call::stream`].
#[must_use = "a call does nothing until it is sent"]
pub struct Call {
    client: HttpClient,
    method: Method,
    target: Target,
    url: Result<Url, HttpError>,
    headers: HeaderMap,
    body: Body,
    label: &'static str,
    attempt_timeout: Duration,
    total_timeout: Duration,
    idle_timeout: Duration,
    max_body: usize,
    retries: u32,
    redirects: usize,
    idempotent: bool,
    breaker: BreakerChoice,
}

impl Call {
    pub(crate) fn new(client: HttpClient, method: Method, target: Target, url: &str) -> Self {
        let settings = &client.0.settings;
        let idempotent =
            matches!(method, Method::GET | Method::HEAD | Method::PUT | Method::DELETE | Method::OPTIONS);
        let redirects = match target {
            Target::Public if idempotent => 5,
            _ => 0,
        };
        Self {
            method,
            target,
            url: Url::parse(url).map_err(|error| HttpError::Invalid(format!("address: {error}"))),
            headers: HeaderMap::new(),
            body: Body::Empty,
            label: "http",
            attempt_timeout: settings.attempt_timeout,
            total_timeout: settings.total_timeout,
            idle_timeout: settings.idle_timeout,
            max_body: settings.max_body,
            retries: settings.retry.retries,
            redirects,
            idempotent,
            breaker: BreakerChoice::Default,
            client,
        }
    }

    /// A name for logs and traces, such as `twilio.send`; the URL itself is never logged, it may hold a token.
    pub fn label(mut self, label: &'static str) -> Self {
        self.label = label;
        self
    }

    /// Sets a header.
    pub fn header(self, name: &str, value: &str) -> Self {
        self.put_header(name, value, false)
    }

    /// Sets a header that must never be logged.
    pub fn secret_header(self, name: &str, value: &str) -> Self {
        self.put_header(name, value, true)
    }

    /// `Authorization: Bearer`.
    pub fn bearer(self, token: &str) -> Self {
        self.put_header(AUTHORIZATION.as_str(), &format!("Bearer {token}"), true)
    }

    /// Adds a query parameter.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        if let Ok(url) = &mut self.url {
            url.query_pairs_mut().append_pair(name, value);
        }
        self
    }

    /// A JSON body.
    pub fn json(self, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(bytes) => self.body("application/json", bytes),
            Err(error) => self.invalid(format!("body: {error}")),
        }
    }

    /// A form body.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        // A scratch URL is the form encoder at hand (WHATWG application/x-www-form-urlencoded).
        let encoded = Url::parse_with_params("http://form/", fields)
            .map(|url| url.query().unwrap_or_default().to_owned());
        match encoded {
            Ok(text) => self.body("application/x-www-form-urlencoded", text),
            Err(error) => self.invalid(format!("form: {error}")),
        }
    }

    /// A body of any media type.
    pub fn body(mut self, content_type: &str, content: impl Into<Bytes>) -> Self {
        self.body = Body::Bytes(content.into());
        self.put_header(CONTENT_TYPE.as_str(), content_type, false)
    }

    /// A `multipart/form-data` body.
    pub fn multipart(mut self, parts: Vec<Part>) -> Self {
        self.body = Body::Multipart(parts);
        self
    }

    /// Most time for one attempt; also raises the total to at least this.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.attempt_timeout = limit;
        self.total_timeout = self.total_timeout.max(limit);
        self
    }

    /// Most time for all attempts together.
    pub fn total_timeout(mut self, limit: Duration) -> Self {
        self.total_timeout = limit;
        self
    }

    /// Most time between two pieces of a streamed body.
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.idle_timeout = limit;
        self
    }

    /// Most bytes of the answer's body.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Retries after the first attempt.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// The request may be repeated: the vendor recognises it by an idempotency key, or repeating it does no harm.
    pub fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// Follows up to this many redirects. A hop to another origin carries no header of the caller and may only lead
    /// to a public address.
    pub fn redirects(mut self, limit: usize) -> Self {
        self.redirects = limit;
        self
    }

    /// Uses the breaker of this key instead of the host's.
    pub fn breaker(mut self, key: impl Into<String>) -> Self {
        self.breaker = BreakerChoice::Key(key.into());
        self
    }

    /// Uses no breaker; for callers that judge content themselves.
    pub fn without_breaker(mut self) -> Self {
        self.breaker = BreakerChoice::None;
        self
    }

    /// Sends it and reads the whole answer.
    pub async fn send(self) -> Result<Response, HttpError> {
        let span = self.span();
        self.attempts().instrument(span).await
    }

    /// Sends it once, without retry, and returns as soon as the headers are there.
    pub async fn stream(self) -> Result<Streaming, HttpError> {
        let span = self.span();
        async {
            let permit = self.acquire()?;
            let deadline = Instant::now() + self.attempt_timeout;
            let result = self.headers_of(deadline, self.attempt_timeout).await;
            self.judge(permit, result.as_ref().map(reqwest::Response::status));
            let response = result?;
            Ok(self.streaming(response))
        }
        .instrument(span)
        .await
    }

    async fn attempts(&self) -> Result<Response, HttpError> {
        let total_deadline = Instant::now() + self.total_timeout;
        let mut retry = 0;
        loop {
            let permit = self.acquire()?;
            let deadline = total_deadline.min(Instant::now() + self.attempt_timeout);
            let result = self.whole(deadline).await;
            self.judge(permit, result.as_ref().map(|response| response.status));
            let Some(wait) = self.wait_before_retry(&result, retry) else {
                return result;
            };
            if retry >= self.retries || Instant::now() + wait >= total_deadline {
                return result;
            }
            tracing::debug!(retry = retry + 1, wait_ms = wait.as_millis() as u64, "request is tried again");
            tokio::time::sleep(wait).await;
            retry += 1;
        }
    }

    /// How long to wait before trying again; nothing when trying again is wrong.
    fn wait_before_retry(&self, result: &Result<Response, HttpError>, retry: u32) -> Option<Duration> {
        let settings = &self.client.0.settings.retry;
        let own = settings.wait(retry, self.client.0.random.next_u64());
        match result {
            // No connection: nothing was sent, so even a POST may be repeated.
            Err(HttpError::Connect { .. }) => Some(own),
            Err(HttpError::TimedOut { .. } | HttpError::Broken { .. }) if self.idempotent => Some(own),
            Ok(response) if self.idempotent && is_transient_status(response.status) => {
                let now = self.client.0.clock.now().to_jiff();
                match parse_retry_after(&response.headers, now).map(Duration::from_millis) {
                    Some(asked) if asked > settings.max_retry_after => None,
                    Some(asked) => Some(asked.max(own)),
                    None => Some(own),
                }
            }
            _ => None,
        }
    }

    async fn whole(&self, deadline: Instant) -> Result<Response, HttpError> {
        let limit = self.attempt_timeout;
        let mut response = self.headers_of(deadline, limit).await?;
        let host = host_of(response.url());
        let too_large = || HttpError::TooLarge { host: host.clone(), limit: self.max_body };
        if response.content_length().is_some_and(|length| length > self.max_body as u64) {
            return Err(too_large());
        }
        let mut body = BytesMut::new();
        loop {
            let piece = timeout_at(deadline, response.chunk())
                .await
                .map_err(|_| timed_out(&host, limit))?
                .map_err(|error| explain(&error, &host, limit))?;
            let Some(piece) = piece else { break };
            if body.len() + piece.len() > self.max_body {
                return Err(too_large());
            }
            body.extend_from_slice(&piece);
        }
        Ok(Response {
            url: response.url().clone(),
            status: response.status(),
            headers: response.headers().clone(),
            body: body.freeze(),
        })
    }

    /// Sends and follows redirects until there are headers to return.
    async fn headers_of(&self, deadline: Instant, limit: Duration) -> Result<reqwest::Response, HttpError> {
        let mut hop = Hop {
            target: self.target,
            method: self.method.clone(),
            url: self.url.clone()?,
            headers: self.headers.clone(),
            body: self.body.clone(),
        };
        let mut followed = 0;
        loop {
            let host = host_of(&hop.url);
            if hop.target == Target::Public {
                self.client.0.access.check(&hop.url)?;
            }
            let pending = self.request(&hop)?.send();
            let response = timeout_at(deadline, pending)
                .await
                .map_err(|_| timed_out(&host, limit))?
                .map_err(|error| explain(&error, &host, limit))?;
            let Some(next) = redirect_of(&response, self.redirects)? else {
                return Ok(response);
            };
            if followed == self.redirects {
                return Err(HttpError::TooManyRedirects { host, limit: self.redirects });
            }
            followed += 1;
            hop = hop.follow(next, response.status());
        }
    }

    fn request(&self, hop: &Hop) -> Result<reqwest::RequestBuilder, HttpError> {
        let pool = match hop.target {
            Target::Trusted => &self.client.0.trusted,
            Target::Public => &self.client.0.public,
        };
        let request = pool.request(hop.method.clone(), hop.url.clone()).headers(hop.headers.clone());
        Ok(match &hop.body {
            Body::Empty => request,
            Body::Bytes(bytes) => request.body(bytes.clone()),
            Body::Multipart(parts) => request.multipart(multipart(parts)?),
        })
    }

    fn streaming(&self, response: reqwest::Response) -> Streaming {
        let (url, status, headers) = (response.url().clone(), response.status(), response.headers().clone());
        let host = host_of(&url);
        let (idle, limit) = (self.idle_timeout, self.max_body);
        let start = Some((Box::pin(response.bytes_stream()), 0_usize));
        let body = futures_util::stream::unfold(start, move |state| {
            let host = host.clone();
            async move {
                let (mut pieces, read) = state?;
                let next = tokio::time::timeout(idle, pieces.next()).await;
                match next {
                    Err(_) => Some((Err(timed_out(&host, idle)), None)),
                    Ok(None) => None,
                    Ok(Some(Err(error))) => Some((Err(explain(&error, &host, idle)), None)),
                    Ok(Some(Ok(piece))) if read + piece.len() > limit => {
                        Some((Err(HttpError::TooLarge { host, limit }), None))
                    }
                    Ok(Some(Ok(piece))) => {
                        let read = read + piece.len();
                        Some((Ok(piece), Some((pieces, read))))
                    }
                }
            }
        });
        Streaming { url, status, headers, body: body.boxed() }
    }

    fn acquire(&self) -> Result<Option<BreakerPermit>, HttpError> {
        let key = match (&self.breaker, self.target) {
            (BreakerChoice::None, _) | (BreakerChoice::Default, Target::Public) => return Ok(None),
            (BreakerChoice::Key(key), _) => key.clone(),
            (BreakerChoice::Default, Target::Trusted) => {
                let url = self.url.as_ref().map_err(Clone::clone)?;
                format!("{}:{}", host_of(url), url.port_or_known_default().unwrap_or(0))
            }
        };
        match self.client.0.breakers.get(&key).acquire(self.client.now_ms()) {
            Ok(permit) => Ok(Some(permit)),
            Err(open) => Err(HttpError::BreakerOpen { key, retry_in_ms: open.retry_in_ms }),
        }
    }

    fn judge(&self, permit: Option<BreakerPermit>, status: Result<StatusCode, &HttpError>) {
        let outcome = match status {
            Ok(status) if status.is_server_error() => Outcome::Failure,
            Ok(status) if status == StatusCode::TOO_MANY_REQUESTS => Outcome::Neutral,
            Ok(_) => Outcome::Success,
            Err(error) if error.is_transient() => Outcome::Failure,
            Err(_) => Outcome::Neutral,
        };
        match status {
            Ok(status) => tracing::debug!(status = status.as_u16(), "answered"),
            Err(error) => tracing::debug!(%error, "not answered"),
        }
        if let Some(permit) = permit {
            permit.record(outcome, self.client.now_ms());
        }
    }

    fn span(&self) -> tracing::Span {
        let host = self.url.as_ref().map(host_of).unwrap_or_default();
        tracing::debug_span!("http.request", label = self.label, method = %self.method, host)
    }

    fn put_header(mut self, name: &str, value: &str, secret: bool) -> Self {
        let Ok(header) = HeaderName::try_from(name) else {
            return self.invalid(format!("header name {name:?}"));
        };
        let Ok(mut value) = HeaderValue::try_from(value) else {
            return self.invalid(format!("value of header {name} has characters a header cannot carry"));
        };
        value.set_sensitive(secret);
        self.headers.insert(header, value);
        self
    }

    fn invalid(mut self, reason: String) -> Self {
        if self.url.is_ok() {
            self.url = Err(HttpError::Invalid(reason));
        }
        self
    }
}

/// One request of a chain of redirects.
struct Hop {
    target: Target,
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Body,
}

impl Hop {
    /// The next request, per RFC 9110 §15.4: 303 always, 301 and 302 by custom, turn a POST into a GET.
    fn follow(mut self, next: Url, status: StatusCode) -> Self {
        let becomes_get = match status.as_u16() {
            303 => self.method != Method::HEAD,
            301 | 302 => self.method == Method::POST,
            _ => false,
        };
        if becomes_get {
            self.method = Method::GET;
            self.body = Body::Empty;
            self.headers.remove(CONTENT_TYPE);
        }
        if next.origin() != self.url.origin() {
            self.target = Target::Public;
            let mut kept = HeaderMap::new();
            for name in [ACCEPT, USER_AGENT, CONTENT_TYPE] {
                if let Some(value) = self.headers.get(&name) {
                    kept.insert(name, value.clone());
                }
            }
            self.headers = kept;
        }
        self.url = next;
        self
    }
}

/// Where a redirect leads; nothing for other answers or when redirects are not followed.
fn redirect_of(response: &reqwest::Response, limit: usize) -> Result<Option<Url>, HttpError> {
    let is_redirect = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let Some(location) = response.headers().get(LOCATION).filter(|_| is_redirect && limit > 0) else {
        return Ok(None);
    };
    let unreadable =
        |reason: &str| HttpError::Unreadable { host: host_of(response.url()), reason: reason.into() };
    let location = location.to_str().map_err(|_| unreadable("redirect address is not text"))?;
    response.url().join(location).map(Some).map_err(|_| unreadable("redirect address is not an address"))
}

fn multipart(parts: &[Part]) -> Result<reqwest::multipart::Form, HttpError> {
    let mut form = reqwest::multipart::Form::new();
    for part in parts {
        let mut piece =
            reqwest::multipart::Part::stream_with_length(part.content.clone(), part.content.len() as u64);
        if let Some(file_name) = &part.file_name {
            piece = piece.file_name(file_name.clone());
        }
        if let Some(content_type) = &part.content_type {
            piece = piece.mime_str(content_type).map_err(|_| {
                HttpError::Invalid(format!("media type {content_type:?} of part {}", part.name))
            })?;
        }
        form = form.part(part.name.clone(), piece);
    }
    Ok(form)
}

fn timed_out(host: &str, limit: Duration) -> HttpError {
    HttpError::TimedOut { host: host.to_owned(), after_ms: limit.as_millis() as u64 }
}

/// Our error for the HTTP library's; its URL is left out, it may hold a secret.
fn explain(error: &reqwest::Error, host: &str, limit: Duration) -> HttpError {
    let mut causes: Vec<String> = Vec::new();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if let Some(blocked) = cause.downcast_ref::<NoPublicAddress>() {
            return HttpError::Blocked {
                host: blocked.0.clone(),
                reason: "the name leads to a private or reserved address".into(),
            };
        }
        causes.push(cause.to_string());
        source = cause.source();
    }
    let host = host.to_owned();
    let reason = causes.pop().unwrap_or_else(|| "no further reason".into());
    if error.is_builder() {
        return HttpError::Invalid(reason);
    }
    if error.is_connect() {
        return HttpError::Connect { host, reason };
    }
    if error.is_timeout() {
        return timed_out(&host, limit);
    }
    HttpError::Broken { host, reason }
}
