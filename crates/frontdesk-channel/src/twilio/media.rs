//! Files that came with a customer's message: fetched with the account's token, bounded, and only of kinds that are
//! harmless to keep.

use bytes::Bytes;

use super::VENDOR;
use super::client::TwilioClient;
use crate::channel::ChannelError;

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

/// A file that was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaFile {
    /// Its media type, by the vendor.
    pub media_type: String,
    /// What it holds.
    pub content: Bytes,
}

/// Whether files of this kind are taken.
pub fn is_taken(media_type: &str) -> bool {
    let family = media_type.split('/').next().unwrap_or_default();
    // SVG is a picture that can hold programs.
    (matches!(family, "image" | "audio" | "video") && media_type != "image/svg+xml")
        || TYPES.contains(&media_type)
}

/// Fetches a file by the address the vendor gave.
pub(super) async fn fetch(client: &TwilioClient, url: &str) -> Result<MediaFile, ChannelError> {
    let refuse = |reason: String| Err(ChannelError::Refused { vendor: VENDOR, code: None, reason });
    // The token goes along, so the address must be the vendor's, and this account's.
    if !url.starts_with(&client.url("Messages/")) || url.contains("..") {
        return refuse("the file's address is not one of this Twilio account".to_owned());
    }
    // The vendor sends on to where it keeps the file, without the token.
    let call = client.get("twilio.media", url.to_owned()).redirects(3).max_body(MAX_BYTES);
    let response = client.answer(call).await?;
    let media_type = response.content_type();
    if !is_taken(&media_type) {
        return refuse(format!("files of the kind {media_type:?} are not taken"));
    }
    Ok(MediaFile { media_type, content: response.body })
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
