//! Who a request says it is from, proven once per request and kept with it.
//!
//! A browser shows the access cookie; a program shows `Authorization: Bearer` with an API key or an access token. A
//! cookie travels with any request a browser is tricked into, so with it a request that changes something must also
//! come from our own pages: it carries `X-Frontdesk-Request`, which a cross-site page cannot add, and neither `Origin`
//! nor `Sec-Fetch-Site` says otherwise.

use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum_extra::extract::CookieJar;
use frontdesk_app::account::{self, SignedIn};
use frontdesk_app::key;
use frontdesk_domain::context::Context;

use super::client::Client;
use crate::problem::Problem;
use crate::state::ApiState;

/// The cookie that opens the API.
pub const ACCESS_COOKIE: &str = "fd_access";
/// The cookie that gives the next pair of tokens; sent to `/api/v1/auth` alone.
pub const REFRESH_COOKIE: &str = "fd_refresh";

/// Credentials of a request, not yet checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// None.
    None,
    /// `Authorization: Bearer`.
    Bearer(String),
    /// The access cookie.
    Cookie(String),
}

impl Credentials {
    /// Those of a request. A header counts more than a cookie.
    pub fn of(headers: &HeaderMap) -> Self {
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            let token = value.to_str().ok().and_then(|text| {
                let (scheme, token) = text.split_once(' ')?;
                scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
            });
            return Self::Bearer(token.unwrap_or_default());
        }
        match CookieJar::from_headers(headers).get(ACCESS_COOKIE) {
            Some(cookie) => Self::Cookie(cookie.value().to_owned()),
            None => Self::None,
        }
    }
}

/// Who a request is from.
#[derive(Debug, Clone)]
pub enum Identity {
    /// Nobody showed anything.
    Nobody,
    /// Something was shown that does not hold.
    Refused,
    /// A person.
    Person(SignedIn),
    /// A program; the context of its key.
    Program(Box<Context>),
}

/// Who the request is from; proven on the first call, kept for the next.
pub(crate) async fn identify(parts: &mut Parts, state: &ApiState) -> Result<Identity, Problem> {
    if let Some(known) = parts.extensions.get::<Identity>() {
        return Ok(known.clone());
    }
    let identity = prove(parts, state).await?;
    parts.extensions.insert(identity.clone());
    Ok(identity)
}

async fn prove(parts: &Parts, state: &ApiState) -> Result<Identity, Problem> {
    let token = match Credentials::of(&parts.headers) {
        Credentials::None => return Ok(Identity::Nobody),
        Credentials::Bearer(token) | Credentials::Cookie(token) => token,
    };
    let client = Client::of(parts, state);
    let stranger = account::stranger(&state.app, client.request_id, client.ip);
    if let Some(ctx) = key::authenticate(&state.app, &stranger, &token).await? {
        return Ok(Identity::Program(Box::new(ctx)));
    }
    let signed_in = account::authenticate(&state.app, &token).await?;
    Ok(signed_in.map_or(Identity::Refused, Identity::Person))
}

fn refused(detail: &str) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed", detail)
}

/// Refuses a request that could be another site's doing: one that changes something or opens a WebSocket with cookies.
pub fn guard_cookies(parts: &Parts, state: &ApiState) -> Result<(), Problem> {
    let headers = &parts.headers;
    let upgrades = headers.get(header::UPGRADE).is_some();
    let is_safe = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    if is_safe && !upgrades {
        return Ok(());
    }
    if !is_ours(headers, state) {
        return Err(refused("this request came from another web site"));
    }
    if upgrades && headers.get(header::ORIGIN).is_none() {
        return Err(refused("a WebSocket with cookies needs an Origin header"));
    }
    if !upgrades && !headers.contains_key("x-frontdesk-request") {
        return Err(refused(
            "requests with cookies that change something need the header X-Frontdesk-Request: 1",
        ));
    }
    Ok(())
}

/// Whether nothing in the headers says that another site sent the request.
pub(super) fn is_ours(headers: &HeaderMap, state: &ApiState) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    if text("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return false;
    }
    let Some(origin) = text("origin") else { return true };
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    // Browsers do not let a page choose Host, so an origin of the same authority is us under whatever name.
    origin.eq_ignore_ascii_case(&state.app.settings.public_url)
        || authority
            .is_some_and(|authority| text("host").is_some_and(|host| host.eq_ignore_ascii_case(authority)))
}
