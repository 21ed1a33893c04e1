//! Requests to the vendor: who asks, and what an answer or its absence means. Paths and fields are their callers'.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use frontdesk_domain::time::Timestamp;
use frontdesk_http::{Call, HttpClient, HttpError, Method, Response, Target};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::VENDOR;
use super::error::{Fate, explain};
use super::settings::TwilioSettings;
use crate::answer::{asked_to_wait, not_answered, not_reached};
use crate::channel::ChannelError;
use crate::hook::words;

/// An account and the token that opens it.
#[derive(Clone)]
pub(super) struct TwilioClient {
    http: HttpClient,
    target: Target,
    base_url: String,
    lookup_url: String,
    pricing_url: String,
    content_url: String,
    account_sid: String,
    token: SecretString,
}

impl std::fmt::Debug for TwilioClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TwilioClient")
            .field("base_url", &self.base_url)
            .field("account_sid", &self.account_sid)
            .finish_non_exhaustive()
    }
}

/// What the vendor says when it refuses.
#[derive(Debug, Default, Deserialize)]
struct Refusal {
    #[serde(default)]
    code: Option<u32>,
    #[serde(default)]
    message: String,
}

impl TwilioClient {
    pub(super) fn new(
        settings: &TwilioSettings,
        token: SecretString,
        http: HttpClient,
        target: Target,
    ) -> Result<Self, ChannelError> {
        settings.check_account()?;
        if token.expose_secret().trim().is_empty() {
            let reason = "the auth token is missing; copy it from Twilio's console".to_owned();
            return Err(ChannelError::Refused { vendor: VENDOR, code: None, reason });
        }
        Ok(Self {
            http,
            target,
            base_url: settings.base_url.trim_end_matches('/').to_owned(),
            lookup_url: settings.lookup_url.trim_end_matches('/').to_owned(),
            pricing_url: settings.effective_pricing_url().trim_end_matches('/').to_owned(),
            content_url: settings.effective_content_url().trim_end_matches('/').to_owned(),
            account_sid: settings.account_sid.clone(),
            token,
        })
    }

    /// The address of something of the account, such as `Messages.json`.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}/2010-04-01/Accounts/{}/{path}", self.base_url, self.account_sid)
    }

    /// The address of the account itself.
    pub(super) fn account_url(&self) -> String {
        format!("{}/2010-04-01/Accounts/{}.json", self.base_url, self.account_sid)
    }

    /// The address that tells about a number.
    pub(super) fn lookup_url(&self, number: &str) -> String {
        let number: String = form_urlencoded::byte_serialize(number.as_bytes()).collect();
        format!("{}/v2/PhoneNumbers/{number}", self.lookup_url)
    }

    /// The address that tells what numbers of a country cost.
    pub(super) fn pricing_url(&self, country: &str) -> String {
        format!("{}/v1/PhoneNumbers/Countries/{country}", self.pricing_url)
    }

    /// The address of something about templates, such as `Content`.
    pub(super) fn content_url(&self, path: &str) -> String {
        format!("{}/v1/{path}", self.content_url)
    }

    /// The address of the page that follows, as the vendor names it: a path.
    pub(super) fn page_url(&self, path: &str) -> Option<String> {
        // Only ever the same host: the token goes along.
        path.starts_with("/2010-04-01/").then(|| format!("{}{path}", self.base_url))
    }

    pub(super) fn get(&self, label: &'static str, url: String) -> Call {
        self.signed_in(self.http.get(self.target, url)).label(label)
    }

    /// A request that must never be repeated by itself: the vendor has no idempotency keys.
    pub(super) fn post(&self, label: &'static str, url: String) -> Call {
        self.signed_in(self.http.post(self.target, url)).label(label).retries(0)
    }

    pub(super) fn delete(&self, label: &'static str, url: String) -> Call {
        self.signed_in(self.http.call(Method::DELETE, self.target, url)).label(label)
    }

    /// The token, without what may have been copied along with it.
    fn token(&self) -> &str {
        self.token.expose_secret().trim()
    }

    fn signed_in(&self, call: Call) -> Call {
        let pair = STANDARD.encode(format!("{}:{}", self.account_sid, self.token()));
        call.secret_header("authorization", &format!("Basic {pair}"))
    }

    /// How far the vendor's clock is ahead of ours, in milliseconds, by the date of its answer.
    pub(super) fn skew(&self, response: &Response) -> Option<i64> {
        let date = response.headers.get("date")?.to_str().ok()?;
        Some(instant(date)?.as_millis().saturating_sub(self.http.clock().now().as_millis()))
    }

    /// An answer that is a success, for requests that change nothing when they are repeated.
    pub(super) async fn answer(&self, call: Call) -> Result<Response, ChannelError> {
        let response = call.send().await.map_err(|error| Self::lost(&error, false))?;
        self.judge(response, false)
    }

    /// An answer that is a success, for requests that must not be repeated blindly.
    pub(super) async fn answer_once(&self, call: Call) -> Result<Response, ChannelError> {
        let response = call.retries(0).send().await.map_err(|error| Self::lost(&error, true))?;
        self.judge(response, true)
    }

    /// What the answer's body says.
    pub(super) fn read<T: serde::de::DeserializeOwned>(
        response: &Response,
        once: bool,
    ) -> Result<T, ChannelError> {
        response.json().map_err(|error| Self::lost(&error, once))
    }

    /// The answer when it is a success, and what it means when it is not.
    pub(super) fn judge(&self, response: Response, once: bool) -> Result<Response, ChannelError> {
        let status = response.status.as_u16();
        if response.is_success() {
            return Ok(response);
        }
        let refusal: Refusal = response.json().unwrap_or_default();
        if status == 429 {
            return Err(self.limited(&response));
        }
        if let Some(code) = refusal.code.filter(|_| (400..500).contains(&status)) {
            return Err(self.refused(code, &refusal.message, &response));
        }
        let words = format!("status {status}: {}", self.words(&response.text()));
        match status {
            401 | 403 => {
                let reason = explain(20003, "").1;
                Err(ChannelError::Refused { vendor: VENDOR, code: Some(status.to_string()), reason })
            }
            // The vendor's front gave up on the request before anything read it.
            408 | 425 => Err(ChannelError::Unavailable { vendor: VENDOR, reason: words }),
            400..=499 => Err(ChannelError::Refused { vendor: VENDOR, code: None, reason: words }),
            _ if once => Err(ChannelError::Uncertain { vendor: VENDOR, reason: words }),
            _ => Err(ChannelError::Unavailable { vendor: VENDOR, reason: words }),
        }
    }

    fn limited(&self, response: &Response) -> ChannelError {
        let after = asked_to_wait(response, self.http.clock().now());
        ChannelError::Limited { vendor: VENDOR, after }
    }

    fn refused(&self, code: u32, message: &str, response: &Response) -> ChannelError {
        let (fate, reason) = explain(code, &self.words(message));
        match fate {
            Fate::OptedOut => ChannelError::OptedOut { vendor: VENDOR },
            Fate::Dead => ChannelError::Bounced { vendor: VENDOR, reason },
            Fate::Limited => self.limited(response),
            Fate::Retry => ChannelError::Unavailable { vendor: VENDOR, reason },
            Fate::Refused => ChannelError::Refused { vendor: VENDOR, code: Some(code.to_string()), reason },
        }
    }

    /// What the absence of an answer means.
    fn lost(error: &HttpError, once: bool) -> ChannelError {
        if once { not_answered(VENDOR, error) } else { not_reached(VENDOR, error) }
    }

    /// One line of somebody else's words: not endless, and never with the token in it.
    pub(super) fn words(&self, text: &str) -> String {
        words(&text.replace(self.token(), "[token]"))
    }
}

/// An instant as the vendor writes it: RFC 2822.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    let zoned = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(zoned.timestamp().into())
}
