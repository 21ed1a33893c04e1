//! Where a request may go: the guard against server-side request forgery.
//!
//! A URL that a user supplied is checked twice: the URL itself (scheme, userinfo, literal addresses in any spelling; the
//! `url` crate has already turned `0x7f.1` and `2130706433` into dotted form) and every address its name resolves to,
//! at the moment of connecting, so that a name cannot be rebound between check and use. Every redirect is checked anew.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::HttpError;

/// Who chose the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// The operator of this installation: a vendor's API, a simulator, a server in the same network.
    Trusted,
    /// A user: a web page to read, a webhook to call. Reaches public addresses only.
    Public,
}

/// Which private hosts user-supplied URLs may reach, if any.
#[derive(Debug, Clone, Default)]
pub struct PublicAccess {
    /// Lower-case host and, when given, port.
    allowed: Arc<[(String, Option<u16>)]>,
}

impl PublicAccess {
    /// From `name`, `name:port`, `ip`, `ip:port` or `[ipv6]:port`.
    pub fn new(hosts: &[String]) -> Self {
        Self { allowed: hosts.iter().map(|entry| split_host_port(entry)).collect() }
    }

    /// Refuses a URL that may not be asked; names still have to pass the resolver.
    pub fn check(&self, url: &Url) -> Result<(), HttpError> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let blocked = |reason: &str| HttpError::Blocked { host: host.clone(), reason: reason.to_owned() };
        if !matches!(url.scheme(), "http" | "https") {
            return Err(blocked("only http and https addresses are allowed"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(blocked("the address contains a user name or password"));
        }
        if host.is_empty() {
            return Err(blocked("the address names no host"));
        }
        let name = bare(&host);
        let port = url.port_or_known_default();
        if self.allowed.iter().any(|(entry, _)| *entry == name) {
            let port_allowed = self
                .allowed
                .iter()
                .any(|(entry, wanted)| *entry == name && (wanted.is_none() || *wanted == port));
            return if port_allowed { Ok(()) } else { Err(blocked("this port of the host is not allowed")) };
        }
        match name.parse::<IpAddr>() {
            Ok(address) if !is_public_ip(address) => Err(blocked("it is a private or reserved address")),
            _ => Ok(()),
        }
    }

    fn allows_name(&self, name: &str) -> bool {
        let name = bare(name);
        self.allowed.iter().any(|(entry, _)| *entry == name)
    }
}

/// Lower case, without brackets or the root's trailing dot.
fn bare(host: &str) -> String {
    host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.').to_ascii_lowercase()
}

fn split_host_port(entry: &str) -> (String, Option<u16>) {
    let entry = entry.trim();
    if entry.parse::<IpAddr>().is_ok() {
        return (bare(entry), None);
    }
    match entry.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => (bare(host), port.parse().ok()),
        _ => (bare(entry), None),
    }
}

/// Whether an address is on the public internet: not private, loopback, link-local (cloud metadata), carrier NAT,
/// documentation, benchmark, multicast or reserved, and no IPv6 form that embeds such an IPv4 address.
///
/// Source: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890 and its updates).
pub fn is_public_ip(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224.., _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(v4) = address.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    let bits = address.to_bits();
    let [first, second, ..] = address.segments();
    match (first, second) {
        // NAT64: the last 32 bits are the IPv4 address that is really reached (RFC 6052).
        (0x64, 0xff9b) => {
            bits >> 32 == 0x0064_ff9b_u128 << 64 && is_public_v4(Ipv4Addr::from_bits(bits as u32))
        }
        // 6to4 carries the IPv4 address after the first 16 bits (RFC 3056).
        (0x2002, _) => is_public_v4(Ipv4Addr::from_bits((bits >> 80) as u32)),
        // Teredo, benchmarking, ORCHID and other protocol assignments (2001::/23), and documentation.
        (0x2001, 0x0000..=0x01ff | 0x0db8) | (0x3fff, 0x0000..=0x0fff) => false,
        // Only 2000::/3 is assigned as global unicast.
        _ => first & 0xe000 == 0x2000,
    }
}

/// A name that leads to no public address.
#[derive(Debug)]
pub(crate) struct NoPublicAddress(pub String);

impl fmt::Display for NoPublicAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} leads to a private or reserved address", self.0)
    }
}

impl std::error::Error for NoPublicAddress {}

/// Resolves names and keeps public addresses only.
pub(crate) struct PublicResolver(pub PublicAccess);

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let access = self.0.clone();
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let kept: Vec<SocketAddr> = if access.allows_name(&host) {
                found
            } else {
                found.into_iter().filter(|address| is_public_ip(address.ip())).collect()
            };
            if kept.is_empty() {
                return Err(NoPublicAddress(host).into());
            }
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str) -> Result<(), HttpError> {
        PublicAccess::default().check(&Url::parse(url).unwrap())
    }

    #[test]
    fn user_supplied_urls_cannot_reach_private_addresses_in_any_spelling() {
        for url in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://0/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0x7f000001/",
            "http://0177.0.0.1/",
            "http://017700000001/",
            "http://127.0.0.1./",
            "http://１２７.0.0.1/",
            "http://10.0.0.8/",
            "http://100.64.0.1/",
            "http://169.254.169.254/latest/meta-data/",
            "http://172.31.255.1/",
            "http://192.168.1.1/",
            "http://198.18.0.1/",
            "http://224.0.0.1/",
            "http://255.255.255.255/",
            "http://[::1]/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[::127.0.0.1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[64:ff9b:1::1]/",
            "http://[2002:7f00:1::]/",
            "http://[2001::1]/",
            "http://[2001:db8::1]/",
            "http://[fc00::1]/",
            "http://[fd00:ec2::254]/",
            "http://[fe80::1]/",
            "http://[ff02::1]/",
            "file:///etc/passwd",
            "ftp://example.com/",
            "gopher://example.com/",
            "http://user:pass@example.com/",
            "http://user@93.184.216.34/",
        ] {
            assert!(matches!(check(url), Err(HttpError::Blocked { .. })), "{url} was let through");
        }
    }

    #[test]
    fn public_addresses_pass() {
        for url in [
            "https://example.com/a?b=c",
            "http://93.184.216.34:8080/",
            "http://172.32.0.1/",
            "http://100.128.0.1/",
            "http://[2606:4700:4700::1111]/",
            "http://[64:ff9b::808:808]/",
        ] {
            assert!(check(url).is_ok(), "{url} was refused");
        }
    }

    #[test]
    fn an_allowed_private_host_is_allowed_on_its_port_only() {
        let access = PublicAccess::new(&["127.0.0.1:9000".into(), "Intranet".into(), "[::1]:80".into()]);
        let verdict = |url: &str| access.check(&Url::parse(url).unwrap()).is_ok();
        assert!(verdict("http://127.0.0.1:9000/x"));
        assert!(!verdict("http://127.0.0.1:9001/x"));
        assert!(verdict("http://intranet:1234/"));
        assert!(verdict("http://[::1]/"));
        assert!(!verdict("http://[::1]:81/"));
        assert!(access.allows_name("INTRANET."));
        assert!(!access.allows_name("other"));
    }
}
