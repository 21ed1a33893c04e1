//! What the vendor tells: its calls, how they are signed, and what they say.
//!
//! By the vendor's pages on webhook security and on the parameters of messaging webhooks, and compared with its own
//! Python package in the tests. A call is signed over the address the vendor was told, so the address has to be made from
//! the installation's public address, not from what a proxy passed on.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use frontdesk_domain::id::MessageId;
use frontdesk_domain::outbox::{Media, Status};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::error::{Fate, explain, status};
use super::settings::{TwilioKind, is_sid};
use crate::channel::{Inbound, InboundMessage, Report, Stopped};
use crate::hook::{HookError, words as line};

/// What the vendor wants to hear: no words of ours go back on this way.
pub const EMPTY_ANSWER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response></Response>";
/// The media type of [`EMPTY_ANSWER`].
pub const EMPTY_ANSWER_TYPE: &str = "text/xml";
/// The query parameter of a callback's address that names the message.
pub const MESSAGE_PARAMETER: &str = "message";

/// Most fields of a call, and largest body that is read, in bytes.
const MAX_FIELDS: usize = 256;
const MAX_BODY: usize = 64 * 1024;
/// Most characters of a customer's words: the vendor's own limit, with room.
const MAX_TEXT: usize = 8_000;
/// Most files of a message.
const MAX_MEDIA: usize = 10;

/// What proves who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed<'a> {
    /// The address that was called, as the vendor knows it, with its query.
    pub url: &'a str,
    /// The header `X-Twilio-Signature`.
    pub signature: &'a str,
    /// The header `X-Twilio-Webhooks-Signature-Settings`, which names the way of signing where it is not the usual.
    pub settings: Option<&'a str>,
}

/// The fields of a form, decoded, in their order.
pub type Fields = Vec<(String, String)>;

/// The fields of a call's body.
///
/// # Errors
/// [`HookError::Body`] when there is more than any call of the vendor's holds.
pub fn fields(body: &[u8]) -> Result<Fields, HookError> {
    if body.len() > MAX_BODY {
        return Err(HookError::Body(format!("it is longer than {MAX_BODY} bytes")));
    }
    let fields: Fields = form_urlencoded::parse(body)
        .take(MAX_FIELDS + 1)
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
    if fields.len() > MAX_FIELDS {
        return Err(HookError::Body(format!("it has more than {MAX_FIELDS} fields")));
    }
    Ok(fields)
}

/// Checks that the vendor made a call with these fields. Signatures are compared in constant time.
///
/// # Errors
/// [`HookError::Signature`] when it did not.
pub fn verify(
    token: &SecretString,
    signed: Signed<'_>,
    fields: &[(String, String)],
) -> Result<(), HookError> {
    let mut sorted: Vec<&(String, String)> = fields.iter().collect();
    sorted.sort();
    // A field that comes twice with the same value is signed once.
    sorted.dedup();
    let tail: String = sorted.into_iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]).collect();
    is_signed(token, signed, &tail)
}

/// Checks that the vendor made a call with this body, which is not a form: the address holds the body's hash, and the
/// signature covers the address.
///
/// # Errors
/// [`HookError::Signature`] when it did not.
pub fn verify_body(token: &SecretString, signed: Signed<'_>, body: &[u8]) -> Result<(), HookError> {
    let query = signed.url.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let claimed = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "bodySHA256");
    let claimed = claimed.ok_or(HookError::Signature)?.1;
    let hash = Sha256::digest(body).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    // Both are known to the caller; there is no secret in this comparison.
    if *claimed != hash {
        return Err(HookError::Signature);
    }
    is_signed(token, signed, "")
}

/// The vendor signs the address now with, now without the port that goes without saying, so both are tried, as its own
/// packages do.
fn is_signed(token: &SecretString, signed: Signed<'_>, tail: &str) -> Result<(), HookError> {
    let claimed = STANDARD.decode(signed.signature.trim()).map_err(|_| HookError::Signature)?;
    let key = token.expose_secret().trim().as_bytes();
    let mut is_ours = false;
    for url in both_ports(signed.url) {
        let text = format!("{url}{tail}");
        is_ours |= match algorithm(signed.settings) {
            "HMAC_SHA1" => Hmac::<Sha1>::new_from_slice(key)
                .is_ok_and(|mac| mac.chain_update(&text).verify_slice(&claimed).is_ok()),
            "HMAC_SHA256" => Hmac::<Sha256>::new_from_slice(key)
                .is_ok_and(|mac| mac.chain_update(&text).verify_slice(&claimed).is_ok()),
            _ => false,
        };
    }
    if is_ours && !key.is_empty() { Ok(()) } else { Err(HookError::Signature) }
}

/// The way of signing: `key=...,algorithm=HMAC_SHA256` where calls are signed with a key of their own.
fn algorithm(settings: Option<&str>) -> &str {
    settings
        .into_iter()
        .flat_map(|settings| settings.split(','))
        .filter_map(|part| part.split_once('='))
        .find_map(|(name, value)| {
            (name.trim() == "algorithm" && !value.trim().is_empty()).then_some(value.trim())
        })
        .unwrap_or("HMAC_SHA1")
}

/// An address without its port, and with it.
fn both_ports(url: &str) -> [String; 2] {
    let same = || [url.to_owned(), url.to_owned()];
    let Some((scheme, rest)) = url.split_once("://") else { return same() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    // The colon of a port stands behind a name or behind the bracket of an IPv6 address, and behind whoever signs in.
    let host_at = authority.rfind('@').map_or(0, |at| at + 1);
    let host = authority.get(host_at..).unwrap_or_default();
    let from = host.rfind(']').unwrap_or(0);
    let port = host.get(from..).and_then(|tail| tail.rfind(':')).map(|colon| host_at + from + colon);
    if let Some(bare) = port.and_then(|colon| authority.get(..colon)) {
        [format!("{scheme}://{bare}{path}"), url.to_owned()]
    } else {
        let port = if scheme.eq_ignore_ascii_case("https") { 443 } else { 80 };
        [url.to_owned(), format!("{scheme}://{authority}:{port}{path}")]
    }
}

/// Which of the vendor's channels a call is about.
pub fn kind(fields: &[(String, String)]) -> TwilioKind {
    let address = get(fields, "From").or_else(|| get(fields, "To")).unwrap_or_default();
    TwilioKind::bare(address).0
}

/// Reads a call that was verified: a customer's message, or what became of one of ours, which is `message` when the
/// callback's address names it ([`MESSAGE_PARAMETER`]). Nothing when it tells what nobody here wants to know.
///
/// # Errors
/// [`HookError::Body`] when it is not in the vendor's form.
pub fn read(fields: &[(String, String)], message: Option<MessageId>) -> Result<Vec<Inbound>, HookError> {
    let vendor_id =
        get(fields, "MessageSid").or_else(|| get(fields, "SmsSid")).or_else(|| get(fields, "SmsMessageSid"));
    let vendor_id = vendor_id
        .filter(|sid| is_sid(sid, "SM") || is_sid(sid, "MM"))
        .ok_or_else(|| HookError::Body("it names no message".to_owned()))?
        .to_owned();
    let word = get(fields, "MessageStatus").or_else(|| get(fields, "SmsStatus")).unwrap_or("received");
    if matches!(word, "received" | "receiving") {
        return Ok(vec![Inbound::Message(Box::new(inbound(vendor_id, fields)?))]);
    }
    let Some(status) = status(word) else { return Ok(Vec::new()) };
    Ok(vec![Inbound::Report(report(vendor_id, status, fields, message))])
}

fn report(
    vendor_id: String,
    status: Status,
    fields: &[(String, String)],
    message: Option<MessageId>,
) -> Report {
    let is_failure = matches!(status, Status::Failed | Status::Undelivered);
    let code = get(fields, "ErrorCode").filter(|code| is_failure && *code != "0");
    let words =
        get(fields, "ErrorMessage").or_else(|| get(fields, "ChannelStatusMessage")).unwrap_or_default();
    let words = line(words);
    let known = code.and_then(|code| code.parse().ok()).map(|code| explain(code, &words));
    let (fate, reason) = match known {
        Some((fate, reason)) => (Some(fate), Some(reason)),
        None if !is_failure => (None, None),
        None if words.is_empty() => (None, Some("Twilio gives no reason".to_owned())),
        None => (None, Some(words)),
    };
    Report {
        vendor_id,
        message,
        status,
        code: code.map(line),
        reason,
        dead_address: fate == Some(Fate::Dead),
        stopped: (fate == Some(Fate::OptedOut)).then_some(Stopped::Everything),
        at: None,
    }
}

fn inbound(vendor_id: String, fields: &[(String, String)]) -> Result<InboundMessage, HookError> {
    let address = |name: &str| {
        let address =
            get(fields, name).map(|address| TwilioKind::bare(address.trim()).1).filter(|it| !it.is_empty());
        address.map(line).ok_or_else(|| HookError::Body(format!("it has no {name}")))
    };
    let choice = get(fields, "ButtonPayload").or_else(|| get(fields, "ListId")).map(line);
    Ok(InboundMessage {
        vendor_id,
        from: address("From")?,
        to: address("To")?,
        name: get(fields, "ProfileName").map(line).filter(|name| !name.is_empty()),
        text: text(fields),
        choice,
        media: media(fields),
        reply_to: get(fields, "OriginalRepliedMessageSid").map(line),
        vendor_handled_opt_out: get(fields, "OptOutType").is_some(),
        at: None,
    })
}

/// The customer's words; of a tapped answer what stood on it, of a place where it is.
fn text(fields: &[(String, String)]) -> String {
    let body = get(fields, "Body").unwrap_or_default();
    let tapped = get(fields, "ButtonText").or_else(|| get(fields, "ListTitle")).unwrap_or_default();
    let said = if body.trim().is_empty() { tapped } else { body };
    let text: String = said.chars().filter(|letter| *letter != '\0').take(MAX_TEXT).collect();
    let (Some(latitude), Some(longitude)) = (get(fields, "Latitude"), get(fields, "Longitude")) else {
        return text;
    };
    let names: Vec<String> =
        ["Label", "Address"].into_iter().filter_map(|name| get(fields, name)).map(line).collect();
    let place = format!("{} ({}, {})", names.join(", "), line(latitude), line(longitude));
    format!("{}\n{}", text.trim(), place.trim()).trim().to_owned()
}

fn media(fields: &[(String, String)]) -> Vec<Media> {
    let count: usize = get(fields, "NumMedia").and_then(|count| count.parse().ok()).unwrap_or(0);
    let one = |at: usize| {
        let url = get(fields, &format!("MediaUrl{at}"))?;
        let media_type = get(fields, &format!("MediaContentType{at}")).unwrap_or("application/octet-stream");
        Some(Media { url: url.chars().take(2_000).collect(), media_type: line(media_type), name: None })
    };
    (0..count.min(MAX_MEDIA)).filter_map(one).collect()
}

fn get<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the vendor's own documentation.
    const URL: &str = "https://example.com/myapp";
    const SID: &str = "SM0123456789abcdef0123456789abcdef";

    fn form(text: &str) -> Fields {
        fields(text.as_bytes()).unwrap()
    }

    fn signed(url: &str) -> Signed<'_> {
        Signed { url, signature: "", settings: None }
    }

    #[test]
    fn the_vendor_s_own_example_is_believed_and_nothing_near_it() {
        let token = SecretString::from("12345");
        let good = form(
            "CallSid=CA1234567890ABCDE&Caller=%2B12349013030&Digits=1234&From=%2B12349013030&To=%2B18005551212",
        );
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        let call = Signed { signature: "0/KCTR6DLpKmkAf8muzZqo1nDgQ=", ..signed(url) };
        assert_eq!(verify(&token, call, &good), Ok(()));
        let with_port = Signed { url: "https://mycompany.com:443/myapp.php?foo=1&bar=2", ..call };
        assert_eq!(verify(&token, with_port, &good), Ok(()));
        let mut reversed = good.clone();
        reversed.reverse();
        reversed.push(("To".into(), "+18005551212".into()));
        assert_eq!(verify(&token, call, &reversed), Ok(()));
        for (token, call, fields) in [
            ("12346", call, good.clone()),
            ("", call, good.clone()),
            ("12345", Signed { url: "https://mycompany.com/myapp.php?foo=1&bar=3", ..call }, good.clone()),
            ("12345", Signed { signature: "1/KCTR6DLpKmkAf8muzZqo1nDgQ=", ..call }, good.clone()),
            ("12345", Signed { signature: "", ..call }, good.clone()),
            ("12345", Signed { settings: Some("algorithm=HMAC_SHA256"), ..call }, good.clone()),
            ("12345", Signed { settings: Some("algorithm=NONE"), ..call }, good.clone()),
            ("12345", call, form("Digits=1234")),
        ] {
            assert_eq!(verify(&SecretString::from(token), call, &fields), Err(HookError::Signature));
        }
    }

    #[test]
    fn ports_go_and_come() {
        let both = |url: &str| both_ports(url);
        assert_eq!(both("https://a.example/x?y"), ["https://a.example/x?y", "https://a.example:443/x?y"]);
        assert_eq!(both("http://a.example:80?y"), ["http://a.example?y", "http://a.example:80?y"]);
        assert_eq!(both("http://[::1]/x:1"), ["http://[::1]/x:1", "http://[::1]:80/x:1"]);
        assert_eq!(both("http://[::1]:8080/x"), ["http://[::1]/x", "http://[::1]:8080/x"]);
        assert_eq!(both("https://u:p@a.example/x")[1], "https://u:p@a.example:443/x");
        assert_eq!(both("nonsense"), ["nonsense", "nonsense"]);
    }

    #[test]
    fn a_message_is_read_with_all_that_comes_along() {
        let fields = form(&format!(
            "MessageSid={SID}&SmsStatus=received&Latitude=1.5&Longitude=-2&Label=Home&From=whatsapp%3A%2B15551230009&To=whatsapp%3A%2B15551230001&Body=&NumMedia=2\
             &MediaUrl0=https%3A%2F%2Fapi.example%2F1&MediaContentType0=image%2Fjpeg&ProfileName=Ana+Ruiz\
             &ButtonPayload=yes&ButtonText=Yes%2C+please&OriginalRepliedMessageSid=SM1"
        ));
        assert_eq!(kind(&fields), TwilioKind::Whatsapp);
        let read = read(&fields, None).unwrap();
        let [Inbound::Message(message)] = &read[..] else { panic!("{read:?}") };
        assert_eq!((message.from.as_str(), message.to.as_str()), ("+15551230009", "+15551230001"));
        assert_eq!(message.text, "Yes, please\nHome (1.5, -2)");
        assert_eq!(message.choice.as_deref(), Some("yes"));
        assert_eq!(message.name.as_deref(), Some("Ana Ruiz"));
        assert_eq!(message.reply_to.as_deref(), Some("SM1"));
        assert_eq!(message.media.len(), 1);
        assert!(!message.vendor_handled_opt_out);
    }

    #[test]
    fn a_stop_the_vendor_has_answered_says_so() {
        let fields = form(&format!(
            "MessageSid={SID}&From=%2B15551230009&To=%2B15551230001&Body=STOP&OptOutType=STOP"
        ));
        let read = read(&fields, None).unwrap();
        assert!(
            matches!(&read[..], [Inbound::Message(message)] if message.vendor_handled_opt_out && message.text == "STOP")
        );
    }

    #[test]
    fn reports_say_where_a_message_is_and_why() {
        let report = |rest: &str| {
            let fields = form(&format!("MessageSid={SID}&{rest}"));
            match read(&fields, None).unwrap().pop() {
                Some(Inbound::Report(report)) => Some(report),
                Some(other) => panic!("{other:?}"),
                None => None,
            }
        };
        for (word, status) in [
            ("queued", Status::Sent),
            ("sent", Status::Sent),
            ("delivered", Status::Delivered),
            ("read", Status::Read),
            ("undelivered", Status::Undelivered),
            ("failed", Status::Failed),
        ] {
            assert_eq!(report(&format!("MessageStatus={word}&SmsStatus={word}")).unwrap().status, status);
        }
        assert_eq!(report("MessageStatus=something_new"), None);
        let dead = report("MessageStatus=undelivered&ErrorCode=30005").unwrap();
        assert!(dead.dead_address && dead.code.as_deref() == Some("30005"));
        let late = report("MessageStatus=undelivered&ErrorCode=30003").unwrap();
        assert!(!late.dead_address && late.reason.unwrap().contains("switched off"));
        assert_eq!(report("MessageStatus=failed").unwrap().reason.as_deref(), Some("Twilio gives no reason"));
    }

    #[test]
    fn what_is_not_in_the_vendor_s_form_is_refused() {
        for broken in ["", "MessageSid=1&From=1&To=2", &format!("MessageSid={SID}&To=%2B15551230001&Body=x")]
        {
            assert!(matches!(read(&form(broken), None), Err(HookError::Body(_))), "{broken}");
        }
        assert!(fields(&vec![b'a'; MAX_BODY + 1]).is_err());
        assert!(fields("a=1&".repeat(MAX_FIELDS + 1).as_bytes()).is_err());
    }

    #[test]
    fn a_body_that_is_no_form_is_covered_by_its_hash() {
        let token = SecretString::from("12345");
        let hash = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
        let url = format!("https://mycompany.com/myapp.php?foo=1&bar=2&bodySHA256={hash}");
        let call = Signed { signature: "a9nBmqA0ju/hNViExpshrM61xv4=", ..signed(&url) };
        let body = b"{\"property\": \"value\", \"boolean\": true}";
        assert_eq!(verify_body(&token, call, body), Ok(()));
        assert_eq!(verify_body(&token, call, b"{}"), Err(HookError::Signature));
        assert_eq!(verify_body(&token, Signed { url: URL, ..call }, body), Err(HookError::Signature));
    }
}
