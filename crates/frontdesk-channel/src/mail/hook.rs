//! What Resend tells of letters it took: its calls, signed as Svix signs them, and what they say.
//!
//! By the vendor's published descriptions of webhooks and of checking their signatures. To hear another vendor, give it
//! such a file and have it end in a [`MailReport`].

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use frontdesk_domain::id::MessageId;
use frontdesk_domain::time::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha256;

/// Where the vendor calls, under the installation's address.
pub(super) const PATH: &str = "/api/v1/hooks/mail/resend/{connection}";
/// The tag that carries a letter's own id there and back.
pub(super) const TAG: &str = "frontdesk_message";
/// How far a call's time may be from ours, in seconds, either way: what Svix's own libraries allow.
const TOLERANCE: i64 = 5 * 60;
/// Most signatures of one call: one per secret that is valid while it is being changed.
const MAX_SIGNATURES: usize = 8;
/// Shortest key that is one, in bytes.
const MIN_KEY: usize = 16;
/// Most characters of a server's words that are kept.
const MAX_WORDS: usize = 300;

/// Why a call is not believed or not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HookError {
    /// The secret is none.
    #[error("is no signing secret of a webhook: it begins with `whsec_`, base64 follows")]
    Secret,
    /// A header is missing, the call is too old, or nobody who knows the secret signed it.
    #[error("the call is not signed with this webhook's secret, or too long ago")]
    Signature,
    /// It is signed and makes no sense.
    #[error("the call cannot be read: {0}")]
    Body(String),
}

/// What proves who calls: three headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HookSignature<'a> {
    /// `svix-id`.
    pub id: &'a str,
    /// `svix-timestamp`, in seconds.
    pub timestamp: &'a str,
    /// `svix-signature`: one or more, apart by spaces.
    pub signatures: &'a str,
}

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailFate {
    /// It came back.
    Bounced {
        /// Whether every other letter to this address will, too.
        permanent: bool,
        /// What the receiving server said.
        reason: String,
    },
    /// Its reader reported it as unwanted.
    Complained,
    /// The receiving server took it.
    Delivered,
    /// The receiving server asks to wait; the vendor goes on trying.
    Delayed,
}

/// What a vendor tells of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailReport {
    /// The vendor's id of the letter.
    pub vendor_id: String,
    /// Our own, if it went along.
    pub message: Option<MessageId>,
    /// Whom it is about.
    pub to: Vec<String>,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub fate: MailFate,
}

/// The key of a signing secret.
fn key(secret: &str) -> Result<Vec<u8>, HookError> {
    let secret = secret.trim();
    let encoded = secret.strip_prefix("whsec_").ok_or(HookError::Secret)?;
    let key = STANDARD.decode(encoded).map_err(|_| HookError::Secret)?;
    if key.len() < MIN_KEY { Err(HookError::Secret) } else { Ok(key) }
}

/// Checks that a text is a signing secret.
///
/// # Errors
/// [`HookError::Secret`] when it is not.
pub fn check_secret(secret: &str) -> Result<(), HookError> {
    key(secret).map(drop)
}

/// Checks that the vendor made a call, not long ago. Signatures are compared in constant time.
///
/// # Errors
/// [`HookError::Signature`] when it did not, [`HookError::Secret`] when the secret is none.
pub fn verify(
    secret: &SecretString,
    signed: HookSignature<'_>,
    body: &[u8],
    now: Timestamp,
) -> Result<(), HookError> {
    let key = key(secret.expose_secret())?;
    let sent: i64 = signed.timestamp.parse().map_err(|_| HookError::Signature)?;
    if now.as_millis().div_euclid(1_000).abs_diff(sent) > TOLERANCE.unsigned_abs() || signed.id.is_empty() {
        return Err(HookError::Signature);
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| HookError::Secret)?;
    mac.update(format!("{}.{}.", signed.id, signed.timestamp).as_bytes());
    mac.update(body);
    let is_ours = signed
        .signatures
        .split(' ')
        .take(MAX_SIGNATURES)
        .filter_map(|one| STANDARD.decode(one.strip_prefix("v1,")?).ok())
        .any(|one| mac.clone().verify_slice(&one).is_ok());
    if is_ours { Ok(()) } else { Err(HookError::Signature) }
}

#[derive(Deserialize)]
struct Call {
    #[serde(rename = "type")]
    kind: String,
    created_at: Timestamp,
    data: Value,
}

#[derive(Deserialize)]
struct Data {
    email_id: String,
    #[serde(default)]
    to: Vec<String>,
    #[serde(default)]
    tags: Value,
    #[serde(default)]
    bounce: Option<Bounce>,
}

#[derive(Deserialize)]
struct Bounce {
    #[serde(default)]
    message: String,
    #[serde(default, rename = "type")]
    kind: String,
}

/// Reads a call that was verified; `None` when it tells of something that nobody here wants to know.
///
/// # Errors
/// [`HookError::Body`] when it is not in the vendor's form.
pub fn read(body: &[u8]) -> Result<Option<MailReport>, HookError> {
    let broken = |error: serde_json::Error| HookError::Body(error.to_string());
    let call: Call = serde_json::from_slice(body).map_err(broken)?;
    let kind = call.kind.as_str();
    if !matches!(kind, "email.bounced" | "email.complained" | "email.delivered" | "email.delivery_delayed") {
        return Ok(None);
    }
    let data: Data = serde_json::from_value(call.data).map_err(broken)?;
    let fate = match kind {
        "email.bounced" => {
            // Without a word on how lasting it is, it is not held against the address.
            let bounce = data.bounce.unwrap_or(Bounce { message: String::new(), kind: String::new() });
            MailFate::Bounced {
                permanent: bounce.kind.eq_ignore_ascii_case("permanent"),
                reason: words(&bounce.message),
            }
        }
        "email.complained" => MailFate::Complained,
        "email.delivered" => MailFate::Delivered,
        _ => MailFate::Delayed,
    };
    Ok(Some(MailReport {
        vendor_id: data.email_id,
        message: message_of(&data.tags),
        to: data.to,
        at: call.created_at,
        fate,
    }))
}

/// One line, not endless.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_WORDS).collect()
}

/// Tags come as an object or as a list of names and values; the vendor describes both.
fn message_of(tags: &Value) -> Option<MessageId> {
    let value = match tags {
        Value::Object(named) => named.get(TAG),
        Value::Array(list) => list
            .iter()
            .find(|tag| tag.get("name").and_then(Value::as_str) == Some(TAG))
            .and_then(|tag| tag.get("value")),
        _ => None,
    };
    value.and_then(Value::as_str)?.parse().ok().map(MessageId::from_uuid)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The example that the vendor's own libraries are tested with.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const GOOD: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    const SENT: i64 = 1_614_265_330;

    fn check(signatures: &str, body: &[u8], late: i64) -> Result<(), HookError> {
        let signed =
            HookSignature { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: "1614265330", signatures };
        let now = Timestamp::from_millis((SENT + late) * 1_000);
        verify(&SecretString::from(SECRET), signed, body, now)
    }

    #[test]
    fn the_vendor_s_own_example_is_believed_and_nothing_near_it() {
        assert_eq!(check(GOOD, BODY, 0), Ok(()));
        let several = format!("v1,AAAA v2,{} {GOOD}", &GOOD[3..]);
        assert_eq!(check(&several, BODY, 300), Ok(()));
        assert_eq!(check(GOOD, BODY, -300), Ok(()));
        for (signatures, body, late) in [
            (GOOD, BODY, 301),
            (GOOD, BODY, -301),
            (GOOD, b"{\"test\": 2432232315}".as_slice(), 0),
            (&GOOD[3..], BODY, 0),
            ("", BODY, 0),
            ("v1,", BODY, 0),
            ("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA=", BODY, 0),
        ] {
            assert_eq!(check(signatures, body, late), Err(HookError::Signature), "{signatures} {late}");
        }
    }

    #[test]
    fn a_key_of_the_api_is_no_signing_secret() {
        assert_eq!(check_secret(SECRET), Ok(()));
        for wrong in ["", "re_123", "whsec_", "whsec_AAAA", "whsec_not base64 at all!", &SECRET[6..]] {
            assert_eq!(check_secret(wrong), Err(HookError::Secret), "{wrong}");
        }
    }

    #[test]
    fn both_forms_of_tags_are_read_and_news_of_other_kinds_is_left() {
        let id = uuid();
        let call = |kind: &str, tags: Value| {
            json!({"type": kind, "created_at": "2024-11-22T23:41:12.126Z", "data": {
                "email_id": "56761188", "to": ["a@example.com"], "tags": tags,
                "bounce": {"type": "Permanent", "subType": "General", "message": "gone\n for good"},
            }})
            .to_string()
        };
        for tags in [json!({TAG: id}), json!([{"name": "x", "value": "y"}, {"name": TAG, "value": id}])] {
            let report = read(call("email.bounced", tags).as_bytes()).unwrap().unwrap();
            assert_eq!(report.message.map(|it| it.uuid().to_string()), Some(id.clone()));
            let gone = MailFate::Bounced { permanent: true, reason: "gone for good".to_owned() };
            assert_eq!(report.fate, gone);
            assert_eq!(report.at.as_millis(), 1_732_318_872_126);
        }
        assert_eq!(read(call("email.opened", Value::Null).as_bytes()), Ok(None));
        assert!(matches!(read(b"[]"), Err(HookError::Body(_))));
    }

    fn uuid() -> String {
        "0195a000-0000-7000-8000-000000000001".to_owned()
    }
}
