//! Files that came with a customer's message: fetched with the account's token, bounded, and only of kinds that are
//! harmless to keep.

use frontdesk_http::HttpError;

use super::send::TwilioChannel;
use crate::media::{MediaError, MediaFile};

/// Largest file, in bytes: WhatsApp's limit at the vendor; that of MMS is 5 MB.
const MAX_BYTES: usize = 16 * 1024 * 1024;
/// Kinds of files that are taken, besides pictures, sound and film. Nothing a browser would run.
const TYPES: [&str; 12] = [
    "application/pdf",
    "application/vcard",
    "application/msword",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel",
    "text/plain",
    "text/csv",
    "text/vcard",
    "text/x-vcard",
    "text/directory",
    "text/calendar",
];

/// Whether files of this kind are taken.
pub fn is_taken(media_type: &str) -> bool {
    let family = media_type.split('/').next().unwrap_or_default();
    // SVG is a picture that can hold programs.
    (matches!(family, "image" | "audio" | "video") && media_type != "image/svg+xml")
        || TYPES.contains(&media_type)
}

impl TwilioChannel {
    /// Fetches a file that came with a customer's message, of at most `most` bytes.
    ///
    /// # Errors
    /// When its address is not this account's, it is too large or of a kind that is not taken, or the vendor does not
    /// give it.
    pub async fn media(&self, address: &str, most: usize) -> Result<MediaFile, MediaError> {
        let client = self.client();
        // The token goes along, so the address must be the vendor's, and this account's.
        if !address.starts_with(&client.url("Messages/")) || address.contains("..") {
            return Err(MediaError::Address(address.chars().take(200).collect()));
        }
        let limit = most.min(MAX_BYTES);
        // The vendor sends on to where it keeps the file, without the token.
        let call = client.get("twilio.media", address.to_owned()).redirects(3).max_body(limit);
        let response = call.send().await.map_err(|error| match error {
            HttpError::TooLarge { limit, .. } => MediaError::TooLarge { limit },
            other => MediaError::Unavailable(other.to_string()),
        })?;
        let response = client.judge(response, false)?;
        let media_type = response.content_type();
        if !is_taken(&media_type) {
            return Err(MediaError::Type(media_type));
        }
        Ok(MediaFile { media_type, content: response.body })
    }
}

#[cfg(test)]
mod tests {
    use super::is_taken;

    #[test]
    fn what_a_browser_would_run_is_not_taken() {
        for good in ["image/jpeg", "audio/ogg", "video/mp4", "application/pdf", "text/x-vcard"] {
            assert!(is_taken(good), "{good}");
        }
        for bad in ["text/html", "image/svg+xml", "application/javascript", "application/octet-stream", ""] {
            assert!(!is_taken(bad), "{bad}");
        }
    }
}
