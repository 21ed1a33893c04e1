//! The dashboard's cookies. Scripts cannot read them; the refresh token is sent to the sign-in routes alone.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use axum_extra::extract::CookieJar;
use frontdesk_app::account::Tokens;
use frontdesk_domain::time::Timestamp;

use crate::extract::{ACCESS_COOKIE, REFRESH_COOKIE};
use crate::state::ApiState;

/// Remembers for minutes which consent at a vendor this browser asked for.
pub const CONSENT: &str = "fd_consent";

const ACCESS_PATH: &str = "/";
const REFRESH_PATH: &str = "/api/v1/auth";
const CONSENT_PATH: &str = "/api/v1/calendars/callback";

/// Sets both cookies.
pub fn set(headers: &mut HeaderMap, state: &ApiState, tokens: &Tokens) {
    let now = state.app.clock.now();
    put(headers, state, ACCESS_COOKIE, &tokens.access, tokens.access_expires_at.since(now));
    put(headers, state, REFRESH_COOKIE, &tokens.refresh, tokens.refresh_expires_at.since(now));
}

/// Clears both cookies.
pub fn clear(headers: &mut HeaderMap, state: &ApiState) {
    put(headers, state, ACCESS_COOKIE, "", Duration::ZERO);
    put(headers, state, REFRESH_COOKIE, "", Duration::ZERO);
}

/// A cookie of the request.
pub fn get(headers: &HeaderMap, name: &str) -> Option<String> {
    CookieJar::from_headers(headers).get(name).map(|cookie| cookie.value().to_owned())
}

/// Seconds until then, as tokens' answers tell them.
pub fn lifetime(state: &ApiState, until: Timestamp) -> u64 {
    until.since(state.app.clock.now()).as_secs()
}

/// Sets a cookie; an empty one is cleared.
pub fn put(headers: &mut HeaderMap, state: &ApiState, name: &str, value: &str, lifetime: Duration) {
    let (path, same_site) = match name {
        REFRESH_COOKIE => (REFRESH_PATH, "Strict"),
        // The vendor's page sends the browser back, so it is a visit from another site.
        CONSENT => (CONSENT_PATH, "Lax"),
        _ => (ACCESS_PATH, "Lax"),
    };
    let secure = if state.settings.is_https { "; Secure" } else { "" };
    let text = format!(
        "{name}={value}; Path={path}; Max-Age={}; HttpOnly; SameSite={same_site}{secure}",
        lifetime.as_secs()
    );
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.append(header::SET_COOKIE, value);
    }
}
