//! Fetching a file a customer sent: its id leads to an address that is good for five minutes, which gives the bytes to
//! the bearer of the access token alone.
//!
//! The address comes from the vendor's answer; all the same the token is only shown to hosts of the vendor, or to the
//! host of the API when the operator has put another there.

use frontdesk_http::{HttpError, Method, Response, Target, Url};
use secrecy::ExposeSecret;
use serde::Deserialize;

use super::WhatsappChannel;
use crate::media::{MediaError, MediaFile};

/// How the address of a file begins; its id follows.
pub const SCHEME: &str = "whatsapp-media:";
/// Hosts of the vendor that hold files, each with all under it.
const HOSTS: [&str; 4] = ["fbsbx.com", "fbcdn.net", "whatsapp.net", "facebook.com"];
const KB: usize = 1024;
const MB: usize = 1024 * KB;

#[derive(Deserialize)]
struct Found {
    url: String,
    mime_type: String,
}

/// Most bytes of a file of this type, by the vendor's page "Supported media types"; `None` for types it does not carry.
fn limit_of(media_type: &str) -> Option<usize> {
    match media_type.split('/').next()? {
        "image" if media_type == "image/webp" => Some(500 * KB),
        "image" => Some(5 * MB),
        "audio" | "video" => Some(16 * MB),
        "text" | "application" => Some(100 * MB),
        _ => None,
    }
}

fn bare(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

impl WhatsappChannel {
    /// The file at an address that a customer's message named, of at most `most` bytes.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub async fn media(&self, address: &str, most: usize) -> Result<MediaFile, MediaError> {
        let id = address.strip_prefix(SCHEME).unwrap_or_default();
        if !is_media_id(id) {
            return Err(MediaError::Address(address.chars().take(100).collect()));
        }
        let found: Found = self.ask(self.call(Method::GET, id, "whatsapp.media")).await?;
        let media_type = bare(&found.mime_type);
        let allowed = limit_of(&media_type).ok_or_else(|| MediaError::Type(media_type.clone()))?;
        let limit = allowed.min(most);
        let (url, target) = self.may_hold(&found.url)?;
        let call = self.http.get(target, &url).label("whatsapp.media").bearer(self.token.expose_secret());
        let response = call.redirects(0).max_body(limit).send().await.map_err(|error| match error {
            HttpError::TooLarge { limit, .. } => MediaError::TooLarge { limit },
            error => MediaError::Unavailable(error.to_string()),
        })?;
        checked(&response, media_type)
    }

    /// The address when the vendor holds files there, and whether the operator or the vendor chose it.
    fn may_hold(&self, address: &str) -> Result<(String, Target), MediaError> {
        let elsewhere = || MediaError::Elsewhere(address.chars().take(60).collect());
        let url = Url::parse(address).map_err(|_| elsewhere())?;
        let is_api = Url::parse(&self.base_url).is_ok_and(|base| base.origin() == url.origin());
        if is_api {
            return Ok((url.to_string(), self.target));
        }
        if is_vendors(&url) {
            return Ok((url.to_string(), Target::Public));
        }
        Err(MediaError::Elsewhere(url.host_str().unwrap_or_default().to_owned()))
    }
}

/// Whether the vendor itself holds what is there.
fn is_vendors(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let is_under =
        |known: &&str| host == *known || host.strip_suffix(*known).is_some_and(|rest| rest.ends_with('.'));
    url.scheme() == "https" && HOSTS.iter().any(is_under)
}

/// Whether a text can be the vendor's id of a file.
pub(super) fn is_media_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit())
}

fn checked(response: &Response, media_type: String) -> Result<MediaFile, MediaError> {
    if !response.is_success() {
        return Err(MediaError::Unavailable(format!("status {}", response.status.as_u16())));
    }
    let came = response.content_type();
    // The vendor's store answers some files as plain bytes.
    if !came.is_empty() && came != media_type && came != "application/octet-stream" {
        return Err(MediaError::Type(format!("{came} instead of {media_type}")));
    }
    Ok(MediaFile { media_type, content: response.body.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_of_the_vendor_are_the_vendor_s() {
        let is_vendors = |address: &str| is_vendors(&Url::parse(address).unwrap());
        assert!(is_vendors("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1"));
        assert!(is_vendors("https://mmg.whatsapp.net/d/f/1"));
        assert!(!is_vendors("http://lookaside.fbsbx.com/x"));
        assert!(!is_vendors("https://evilfbsbx.com/x"));
        assert!(!is_vendors("https://fbsbx.com.evil.example/x"));
    }
}
