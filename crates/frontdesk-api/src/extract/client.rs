//! The circumstances of a request: from where, by what, under which id.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header;
use axum::http::request::Parts;

use crate::problem::REQUEST_ID;
use crate::state::ApiState;

/// The circumstances of a request.
#[derive(Debug, Clone)]
pub struct Client {
    /// The network address; absent in process.
    pub ip: Option<String>,
    /// The browser or program.
    pub agent: Option<String>,
    /// The request's id.
    pub request_id: String,
}

impl FromRequestParts<ApiState> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Infallible> {
        Ok(Self::of(parts, state))
    }
}

impl Client {
    pub(super) fn of(parts: &Parts, state: &ApiState) -> Self {
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Self {
            ip: client_ip(parts, state),
            agent: agent.map(|agent| agent.chars().take(200).collect()),
            request_id: REQUEST_ID.try_with(Clone::clone).unwrap_or_default(),
        }
    }
}

/// The caller's network address: the peer's, or behind proxies the one that the outermost trusted proxy saw. What
/// stands further left in `X-Forwarded-For` is the caller's own claim and counts for nothing.
pub fn client_ip(parts: &Parts, state: &ApiState) -> Option<String> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let hops = usize::from(state.settings.trusted_proxies);
    if hops == 0 {
        return peer.map(canonical);
    }
    let forwarded: Vec<&str> = parts
        .headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    let seen = forwarded.len().checked_sub(hops).and_then(|at| forwarded.get(at));
    seen.and_then(|text| text.parse().ok()).or(peer).map(canonical)
}

/// One form per address; IPv6 callers own a /64, so that is what is counted.
fn canonical(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{}/64", std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_form() {
        assert_eq!(canonical("::ffff:192.0.2.7".parse().unwrap()), "192.0.2.7");
        assert_eq!(canonical("2001:db8:1:2:3:4:5:6".parse().unwrap()), "2001:db8:1:2::/64");
    }
}
