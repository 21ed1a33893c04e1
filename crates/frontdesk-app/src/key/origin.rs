//! Origins (RFC 6454) that a widget key works on.

/// Not an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not an origin such as https://example.com, https://*.example.com or *")]
pub struct InvalidOrigin;

/// An origin as browsers send it, one with `*.` for any subdomain, or `*`; a path or a trailing slash is cut off.
pub fn check_origin(text: &str) -> Result<String, InvalidOrigin> {
    let text = text.trim().to_lowercase();
    if text == "*" {
        return Ok(text);
    }
    if text.len() > 300 {
        return Err(InvalidOrigin);
    }
    let (scheme, rest) = text.split_once("://").ok_or(InvalidOrigin)?;
    if !matches!(scheme, "http" | "https") {
        return Err(InvalidOrigin);
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !host.ends_with(':') && !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let default_port = if scheme == "https" { 443 } else { 80 };
    let port = match port {
        Some(port) => {
            Some(port.parse::<u16>().map_err(|_| InvalidOrigin)?).filter(|port| *port != default_port)
        }
        None => None,
    };
    if !is_host(host.strip_prefix("*.").unwrap_or(host)) {
        return Err(InvalidOrigin);
    }
    Ok(port.map_or_else(|| format!("{scheme}://{host}"), |port| format!("{scheme}://{host}:{port}")))
}

fn is_host(host: &str) -> bool {
    let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    if let Some(address) = bracketed {
        return address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    !host.is_empty()
        && host.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
        })
}

/// Whether a request from this origin may use a key with these origins.
pub fn allowed_origin(origins: &[String], origin: &str) -> bool {
    let Ok(origin) = check_origin(origin) else { return false };
    if origin == "*" {
        return false;
    }
    origins.iter().any(|allowed| {
        if allowed == "*" || *allowed == origin {
            return true;
        }
        let Some((scheme, domain)) = allowed.split_once("://*.") else { return false };
        origin
            .strip_prefix(scheme)
            .and_then(|rest| rest.strip_prefix("://"))
            .and_then(|host| host.strip_suffix(domain))
            .is_some_and(|subdomain| subdomain.len() > 1 && subdomain.ends_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_brought_into_the_form_browsers_send() {
        assert_eq!(check_origin("HTTPS://Example.com:443/shop?x#y").unwrap(), "https://example.com");
        assert_eq!(check_origin("http://localhost:8080").unwrap(), "http://localhost:8080");
        assert_eq!(check_origin("http://[::1]:8080/").unwrap(), "http://[::1]:8080");
        assert_eq!(check_origin("https://*.example.com").unwrap(), "https://*.example.com");
        for bad in [
            "example.com",
            "ftp://example.com",
            "https://",
            "https://a..b",
            "https://a b",
            "null",
            "https://u@h",
        ] {
            assert_eq!(check_origin(bad), Err(InvalidOrigin), "{bad}");
        }
    }

    #[test]
    fn a_key_works_on_its_origins_only() {
        let origins: Vec<String> =
            ["https://example.com", "https://*.shop.example"].map(str::to_owned).into();
        assert!(allowed_origin(&origins, "https://example.com"));
        assert!(allowed_origin(&origins, "https://eu.shop.example"));
        for other in [
            "http://example.com",
            "https://example.com.evil.test",
            "https://evilshop.example",
            "https://shop.example",
            "https://example.com:8443",
            "null",
            "",
            "*",
        ] {
            assert!(!allowed_origin(&origins, other), "{other}");
        }
        assert!(allowed_origin(&["*".to_owned()], "https://anything.example"));
        assert!(!allowed_origin(&[], "https://example.com"));
    }
}
