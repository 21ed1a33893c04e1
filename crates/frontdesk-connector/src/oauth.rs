//! Consent: OAuth 2 authorization codes with PKCE, refresh and revocation (RFC 6749, 7636, 7009).
//!
//! It stores nothing. Who calls keeps the [`Consent`] of a started consent until the person comes back, keeps the
//! [`Tokens`], refreshes them ahead of time, and lets only one node do so: some vendors replace the refresh token with
//! each use. To add a vendor: a line in [`Provider::of`].

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use frontdesk_domain::random::Random;
use frontdesk_domain::time::Timestamp;
use frontdesk_http::{HttpClient, HttpError, Response, Target, Url, parse_retry_after};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::calendar::{calendly, google, graph, zoho};

/// Life of an access token whose answer does not say: the shortest of our vendors'.
const DEFAULT_LIFE: u64 = 3600;
/// Most bytes of a token answer.
const MOST_BODY: usize = 64 * 1024;

/// Where a vendor asks for consent, and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    auth_url: String,
    token_url: String,
    /// Microsoft has none: the person withdraws consent in the account's pages.
    revoke_url: Option<String>,
    scopes: &'static [&'static str],
    /// Between scopes: a space (RFC 6749), at Zoho a comma.
    between: &'static str,
    /// What the vendor wants on the consent page beside the standard.
    extra: &'static [(&'static str, &'static str)],
    client_id: String,
}

/// A consent that was asked for. Kept sealed until the person comes back.
#[derive(Debug, Clone)]
pub struct Consent {
    /// Where to send the person.
    pub url: String,
    /// Comes back with the person; whoever comes with another one is refused.
    pub state: String,
    /// Proves that who exchanges the code is who asked for it.
    pub verifier: SecretString,
}

/// Access to an account.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// For calls.
    pub access: SecretString,
    /// For the next refresh. Some vendors give none.
    pub refresh: Option<SecretString>,
    /// When the access token ends. Refresh some minutes ahead.
    pub expires_at: Timestamp,
    /// What was granted, in the vendor's words; it may be less than was asked for.
    pub scope: String,
}

/// Why there are no tokens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OAuthError {
    /// The code or the refresh token is no longer good: the person has to connect again.
    #[error("access was withdrawn or has expired: {0}")]
    Withdrawn(String),
    /// Asking again will not help; most often the client's id, secret or return address.
    #[error("vendor refuses the request: {0}")]
    Rejected(String),
    /// No usable answer now; ask again later.
    #[error("vendor does not answer: {text}")]
    Unavailable {
        /// What was seen.
        text: String,
        /// How long the vendor asks to wait.
        retry_after: Option<Duration>,
    },
    /// The vendor has no consent pages, or the settings name none.
    #[error("{0}")]
    Settings(String),
}

#[derive(Default, Deserialize)]
struct Settings {
    client_id: Option<String>,
    auth_url: Option<String>,
    token_url: Option<String>,
    revoke_url: Option<String>,
    tenant: Option<String>,
    data_center: Option<String>,
}

impl Provider {
    /// The provider of a vendor with these settings.
    pub fn of(vendor: &str, settings: &Value) -> Result<Self, OAuthError> {
        let settings =
            Settings::deserialize(settings).map_err(|error| OAuthError::Settings(error.to_string()))?;
        let client_id = settings
            .client_id
            .clone()
            .filter(|id| !id.is_empty())
            .ok_or_else(|| OAuthError::Settings("the settings name no client_id".to_owned()))?;
        let (auth, token, revoke, scopes, between, extra): (_, _, _, &[&str], _, &[(&str, &str)]) =
            match vendor {
                google::ID => (
                    "https://accounts.google.com/o/oauth2/v2/auth".to_owned(),
                    "https://oauth2.googleapis.com/token".to_owned(),
                    Some("https://oauth2.googleapis.com/revoke".to_owned()),
                    &[
                        "https://www.googleapis.com/auth/calendar.events",
                        "https://www.googleapis.com/auth/calendar.calendarlist.readonly",
                    ],
                    " ",
                    // Without both Google gives a refresh token only the first time a person consents.
                    &[("access_type", "offline"), ("prompt", "consent")],
                ),
                graph::ID => {
                    let login = format!(
                        "https://login.microsoftonline.com/{}/oauth2/v2.0",
                        plain(settings.tenant.as_deref().unwrap_or("common"))?
                    );
                    let scopes = &["offline_access", "Calendars.ReadWrite"];
                    (format!("{login}/authorize"), format!("{login}/token"), None, scopes, " ", &[])
                }
                zoho::ID => {
                    let accounts = format!(
                        "https://accounts.zoho.{}/oauth/v2",
                        plain(settings.data_center.as_deref().unwrap_or("com"))?
                    );
                    (
                        format!("{accounts}/auth"),
                        format!("{accounts}/token"),
                        Some(format!("{accounts}/token/revoke")),
                        &["ZohoCalendar.calendar.READ", "ZohoCalendar.event.ALL"],
                        ",",
                        &[("access_type", "offline"), ("prompt", "consent")],
                    )
                }
                calendly::ID => (
                    "https://auth.calendly.com/oauth/authorize".to_owned(),
                    "https://auth.calendly.com/oauth/token".to_owned(),
                    Some("https://auth.calendly.com/oauth/revoke".to_owned()),
                    &[],
                    " ",
                    &[],
                ),
                other => return Err(OAuthError::Settings(format!("{other} does not ask for consent"))),
            };
        Ok(Self {
            auth_url: settings.auth_url.unwrap_or(auth),
            token_url: settings.token_url.unwrap_or(token),
            revoke_url: settings.revoke_url.or(revoke),
            scopes,
            between,
            extra,
            client_id,
        })
    }

    /// Starts a consent; `redirect` is the address registered with the vendor.
    pub fn consent(&self, redirect: &str, random: &dyn Random) -> Result<Consent, OAuthError> {
        let (state, verifier) = (secret(random), secret(random));
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        let mut url =
            Url::parse(&self.auth_url).map_err(|error| OAuthError::Settings(format!("auth_url: {error}")))?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", redirect)
            .append_pair("scope", &self.scopes.join(self.between))
            .append_pair("state", &state)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256")
            .extend_pairs(self.extra);
        Ok(Consent { url: url.into(), state, verifier: verifier.into() })
    }

    /// Tokens for the code the person came back with.
    pub async fn exchange(
        &self,
        http: &HttpClient,
        client_secret: &SecretString,
        code: &str,
        redirect: &str,
        verifier: &SecretString,
    ) -> Result<Tokens, OAuthError> {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect),
            ("code_verifier", verifier.expose_secret()),
        ];
        self.tokens(http, client_secret, &fields, None).await
    }

    /// New tokens; the refresh token is kept when the answer has none.
    pub async fn refresh(
        &self,
        http: &HttpClient,
        client_secret: &SecretString,
        refresh: &SecretString,
    ) -> Result<Tokens, OAuthError> {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh.expose_secret())];
        self.tokens(http, client_secret, &fields, Some(refresh)).await
    }

    /// Gives the access back; a token that is no good any more is given back. False when the vendor has no way to do
    /// so and the person must do it in the account's pages.
    pub async fn revoke(
        &self,
        http: &HttpClient,
        client_secret: &SecretString,
        token: &SecretString,
    ) -> Result<bool, OAuthError> {
        let Some(url) = &self.revoke_url else { return Ok(false) };
        let fields = [
            ("token", token.expose_secret()),
            ("client_id", self.client_id.as_str()),
            ("client_secret", client_secret.expose_secret()),
        ];
        let call = http.post(Target::Trusted, url).label("oauth.revoke").idempotent().max_body(MOST_BODY);
        let response = call.form(&fields).send().await.map_err(|error| unsent(&error))?;
        match response.status.as_u16() {
            // RFC 7009 §2.2: an unknown token is answered with 200; Google answers 400.
            200..=299 | 400 => Ok(true),
            _ => Err(refused(http, &response)),
        }
    }

    async fn tokens(
        &self,
        http: &HttpClient,
        client_secret: &SecretString,
        fields: &[(&str, &str)],
        kept: Option<&SecretString>,
    ) -> Result<Tokens, OAuthError> {
        let asked_at = http.clock().now();
        let mut form = fields.to_vec();
        form.push(("client_id", &self.client_id));
        // A public client has no secret.
        if !client_secret.expose_secret().is_empty() {
            form.push(("client_secret", client_secret.expose_secret()));
        }
        let call = http
            .post(Target::Trusted, &self.token_url)
            .label("oauth.token")
            .header("accept", "application/json")
            .max_body(MOST_BODY);
        let response = call.form(&form).send().await.map_err(|error| unsent(&error))?;
        let answer: Option<Answer> = serde_json::from_slice(&response.body).ok();
        // Zoho tells errors with status 200.
        let granted = answer
            .filter(|_| response.is_success())
            .and_then(|answer| Some((answer.access_token.clone()?, answer)));
        let Some((access, answer)) = granted else { return Err(refused(http, &response)) };
        let life = answer.expires_in.unwrap_or(DEFAULT_LIFE);
        Ok(Tokens {
            access: access.into(),
            refresh: answer.refresh_token.map(SecretString::from).or_else(|| kept.cloned()),
            expires_at: asked_at.plus(Duration::from_secs(life)),
            scope: answer.scope.unwrap_or_default(),
        })
    }
}

#[derive(Deserialize)]
struct Answer {
    access_token: Option<String>,
    refresh_token: Option<String>,
    expires_in: Option<u64>,
    scope: Option<String>,
}

/// 256 bits from a secure source, as RFC 7636 §4.1 wants a verifier.
fn secret(random: &dyn Random) -> String {
    let bytes: Vec<u8> = (0..4).flat_map(|_| random.next_u64().to_be_bytes()).collect();
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A part of a host or path from the settings must not be able to lead elsewhere.
fn plain(text: &str) -> Result<&str, OAuthError> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte)) {
        Ok(text)
    } else {
        Err(OAuthError::Settings(format!("{text:?} is no tenant or data centre")))
    }
}

fn unsent(error: &HttpError) -> OAuthError {
    let text = error.to_string();
    if error.is_transient() || matches!(error, HttpError::Unreadable { .. }) {
        OAuthError::Unavailable { text, retry_after: None }
    } else {
        OAuthError::Rejected(text)
    }
}

/// What an answer without tokens means (RFC 6749 §5.2).
fn refused(http: &HttpClient, response: &Response) -> OAuthError {
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let code = body.get("error").and_then(Value::as_str).unwrap_or_default().to_owned();
    let said = body.get("error_description").and_then(Value::as_str).unwrap_or_default();
    let text: String = format!("{code} {said} (status {})", response.status.as_u16())
        .chars()
        .filter(|character| !character.is_control())
        .take(300)
        .collect();
    match (code.as_str(), response.status.as_u16()) {
        ("invalid_grant" | "invalid_code" | "interaction_required" | "consent_required", _) => {
            OAuthError::Withdrawn(text)
        }
        (_, 408 | 429 | 500..) => OAuthError::Unavailable {
            text,
            retry_after: parse_retry_after(&response.headers, http.clock().now().to_jiff())
                .map(Duration::from_millis),
        },
        ("", 200..=299) => {
            OAuthError::Unavailable { text: "the answer holds no token".to_owned(), retry_after: None }
        }
        _ => OAuthError::Rejected(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use frontdesk_domain::random::SeededRandom;
    use serde_json::json;

    #[test]
    fn the_consent_page_gets_the_challenge_and_not_the_verifier() {
        let provider = Provider::of(google::ID, &json!({"client_id": "c 1"})).unwrap();
        let consent = provider.consent("https://desk.example/back", &SeededRandom::new(7)).unwrap();
        let url = Url::parse(&consent.url).unwrap();
        let field =
            |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        let verifier = consent.verifier.expose_secret();
        assert_eq!(field("state"), Some(consent.state.clone()));
        assert_eq!(
            field("code_challenge"),
            Some(URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())))
        );
        assert_eq!(field("access_type").as_deref(), Some("offline"));
        assert!((43..=128).contains(&verifier.len()));
        assert!(!consent.url.contains(verifier));
        assert_ne!(consent.state, verifier);
    }

    #[test]
    fn hosts_follow_tenant_and_data_centre_and_nothing_else() {
        let zoho_eu = Provider::of(zoho::ID, &json!({"client_id": "c", "data_center": "eu"})).unwrap();
        assert_eq!(zoho_eu.token_url, "https://accounts.zoho.eu/oauth/v2/token");
        let microsoft = Provider::of(graph::ID, &json!({"client_id": "c"})).unwrap();
        assert_eq!(microsoft.auth_url, "https://login.microsoftonline.com/common/oauth2/v2.0/authorize");
        assert!(
            Provider::of(zoho::ID, &json!({"client_id": "c", "data_center": "eu/@evil.example"})).is_err()
        );
        assert!(Provider::of("caldav", &json!({"client_id": "c"})).is_err());
        assert!(Provider::of(google::ID, &json!({})).is_err());
    }
}
