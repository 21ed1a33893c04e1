//! What the vendors' clients share: credentials on a call, verdicts on an answer, settings, times.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use frontdesk_domain::time::Timestamp;
use frontdesk_http::{Call, HttpClient, HttpError, Method, Response, Target, Url, parse_retry_after};
use jiff::civil;
use jiff::tz::TimeZone;
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{BuildError, CalendarError};

/// Waited when a vendor says "slow down" and not for how long.
const DEFAULT_WAIT: Duration = Duration::from_mins(1);
/// Most characters of a vendor's words in an error.
const MOST_TEXT: usize = 300;
/// Most bytes of an answer.
pub const MOST_BODY: usize = 16 * 1024 * 1024;

/// Where a client sends and as whom.
#[derive(Clone)]
pub struct Access {
    /// The HTTP client.
    pub http: HttpClient,
    /// Who chose the base URL: the operator, or a user whose URL may not reach private addresses.
    pub target: Target,
    /// As whom.
    pub credential: Credential,
}

/// Proof of who asks.
#[derive(Clone)]
pub enum Credential {
    /// An OAuth 2 access token.
    Bearer(SecretString),
    /// User and password; for CalDAV, best an app password.
    Basic {
        /// User name.
        user: String,
        /// Password.
        password: SecretString,
    },
}

impl Access {
    /// A call with the credential.
    pub fn call(&self, method: Method, url: &str) -> Call {
        let call = self.http.call(method, self.target, url).max_body(MOST_BODY);
        match &self.credential {
            Credential::Bearer(token) => call.bearer(token.expose_secret()),
            Credential::Basic { user, password } => {
                let pair = STANDARD.encode(format!("{user}:{}", password.expose_secret()));
                call.secret_header("authorization", &format!("Basic {pair}"))
            }
        }
    }

    /// A call with the token in a scheme of the vendor's own.
    pub fn call_as(&self, scheme: &str, method: Method, url: &str) -> Call {
        match &self.credential {
            Credential::Bearer(token) => self
                .http
                .call(method, self.target, url)
                .max_body(MOST_BODY)
                .secret_header("authorization", &format!("{scheme} {}", token.expose_secret())),
            Credential::Basic { .. } => self.call(method, url),
        }
    }

    /// Sends it and gives the answer, whatever its status.
    pub async fn send(&self, call: Call) -> Result<Response, CalendarError> {
        call.send().await.map_err(CalendarError::from)
    }

    /// Sends it and gives the answer if it is a success.
    pub async fn ask(&self, call: Call) -> Result<Response, CalendarError> {
        let response = self.send(call).await?;
        self.judge(response)
    }

    /// The answer if it is a success, else what it means.
    pub fn judge(&self, response: Response) -> Result<Response, CalendarError> {
        if response.is_success() {
            return Ok(response);
        }
        let wait = parse_retry_after(&response.headers, self.http.clock().now().to_jiff())
            .map(Duration::from_millis);
        Err(match response.status.as_u16() {
            401 => CalendarError::Unauthorized,
            404 | 410 => CalendarError::NotFound,
            409 | 412 => CalendarError::Conflict,
            429 => CalendarError::RateLimited { retry_after: wait.unwrap_or(DEFAULT_WAIT) },
            503 if wait.is_some() => CalendarError::RateLimited { retry_after: wait.unwrap_or(DEFAULT_WAIT) },
            408 | 425 | 500.. => CalendarError::Unavailable { text: words(&response) },
            _ => CalendarError::Rejected { text: words(&response) },
        })
    }

    /// How long a refused answer asks to wait.
    pub fn wait(&self, response: &Response) -> Duration {
        parse_retry_after(&response.headers, self.http.clock().now().to_jiff())
            .map_or(DEFAULT_WAIT, Duration::from_millis)
    }
}

impl From<HttpError> for CalendarError {
    fn from(error: HttpError) -> Self {
        let text = error.to_string();
        match error {
            HttpError::Unreadable { .. } => Self::Unavailable { text },
            transient if transient.is_transient() => Self::Unavailable { text },
            _ => Self::Rejected { text },
        }
    }
}

/// The vendor's words, from JSON where it is, with the status.
pub fn words(response: &Response) -> String {
    let said = serde_json::from_slice::<Value>(&response.body).ok().and_then(|body| {
        [
            "/error/message",
            "/error/0/message",
            "/error/0/description",
            "/message",
            "/error_description",
            "/error",
        ]
        .iter()
        .find_map(|path| body.pointer(path)?.as_str().map(str::to_owned))
    });
    let status = response.status.as_u16();
    let text = said.map_or_else(|| format!("status {status}"), |said| format!("{said} (status {status})"));
    text.chars().filter(|character| !character.is_control()).take(MOST_TEXT).collect()
}

/// The vendor's settings.
pub fn read<T: DeserializeOwned>(vendor: &'static str, settings: &Value) -> Result<T, BuildError> {
    T::deserialize(settings).map_err(|error| BuildError::Settings { vendor, reason: error.to_string() })
}

/// Refuses a base URL that could not be used.
pub fn base_url(vendor: &'static str, url: &str) -> Result<Url, BuildError> {
    let bad = |reason: String| BuildError::Settings { vendor, reason };
    let parsed = Url::parse(url).map_err(|error| bad(format!("base_url: {error}")))?;
    if !matches!(parsed.scheme(), "http" | "https") || parsed.query().is_some() || parsed.fragment().is_some()
    {
        return Err(bad("base_url must be an http or https address without query".to_owned()));
    }
    Ok(parsed)
}

/// An address below the base, each segment escaped.
pub fn below(base: &Url, segments: &[&str]) -> String {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url.into()
}

/// Refuses a link to another server: the token must not follow it.
pub fn same_origin(base: &Url, link: &str) -> Result<String, CalendarError> {
    match Url::parse(link) {
        Ok(url) if url.origin() == base.origin() => Ok(url.into()),
        _ => Err(CalendarError::Unavailable { text: "the answer links to another server".to_owned() }),
    }
}

/// An RFC 3339 instant.
pub fn instant(text: &str) -> Result<Timestamp, CalendarError> {
    text.parse::<jiff::Timestamp>().map(Timestamp::from).map_err(|_| unreadable("time", text))
}

/// RFC 3339 in UTC, in whole seconds.
pub fn rfc3339(at: Timestamp) -> String {
    at.to_jiff().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// `20260302T180000Z`, as iCalendar and Zoho write instants.
pub fn basic(at: Timestamp) -> String {
    at.to_jiff().strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// The zone, or UTC when its name is unknown.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// The instant a zone's clock shows this time; a skipped time is read as if the clock had not moved (RFC 5545 §3.3.5).
pub fn local(at: civil::DateTime, zone: &TimeZone) -> Timestamp {
    zone.to_ambiguous_timestamp(at).compatible().map(Timestamp::from).unwrap_or_default()
}

/// The first instant of a day in a zone.
pub fn midnight(date: &str, zone: &TimeZone) -> Result<Timestamp, CalendarError> {
    let date: civil::Date = date.parse().map_err(|_| unreadable("date", date))?;
    Ok(local(date.at(0, 0, 0, 0), zone))
}

/// An answer that is not what it should be.
pub fn unreadable(what: &str, text: &str) -> CalendarError {
    let text: String = text.chars().take(60).collect();
    CalendarError::Unavailable { text: format!("unreadable {what} {text:?} in the answer") }
}

/// Sets a field of a body.
pub fn set(body: &mut Value, name: &str, value: Value) {
    if let Some(fields) = body.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}
