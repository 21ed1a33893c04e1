//! The vendor's error codes: what each means for a message, in plain words.
//!
//! From the vendor's page "Cloud API error codes". The same codes come in answers and, for messages it had taken, in its
//! calls. A code that is not here is judged by the answer's status.

use std::time::Duration;

use frontdesk_domain::time::Timestamp;
use frontdesk_http::Response;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::VENDOR;
use crate::answer::asked_to_wait;
use crate::channel::ChannelError;
use crate::hook::words;

/// What a code means for the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// It will not be taken; another attempt changes nothing.
    Refused,
    /// Nothing sent to this address will arrive.
    Dead,
    /// The customer stopped messages of this kind.
    OptedOut,
    /// Too many at once; later it may be taken.
    Limited,
    /// The vendor cannot now; later it may.
    Unavailable,
    /// The vendor does not know itself.
    Unclear,
}

/// How long to wait between two messages to one customer after [131056]: the vendor allows one in six seconds.
const PAIR_WAIT: Duration = Duration::from_secs(6);

/// The code of a customer who stopped marketing messages.
pub const STOPPED_MARKETING: i64 = 131_050;
/// The code of words outside the 24-hour window.
pub const WINDOW_CLOSED: i64 = 131_047;

/// What a code means, and in plain words what happened and what to do.
#[expect(clippy::too_many_lines, reason = "a table")]
pub fn meaning(code: i64) -> Option<(Meaning, &'static str)> {
    use Meaning::{Dead, Limited, OptedOut, Refused, Unavailable, Unclear};
    Some(match code {
        0 | 190 => (
            Refused,
            "the access token is not valid or has expired; make a new permanent one in Meta's Business settings and \
             store it in the connection",
        ),
        1 | 131_000 => (Unclear, "WhatsApp failed without saying why"),
        2 | 131_016 => (Unavailable, "WhatsApp is not available for the moment"),
        3 | 10 | 131_005 | 200..=299 => (
            Refused,
            "the access token lacks a permission; it needs whatsapp_business_messaging and \
             whatsapp_business_management for this account",
        ),
        4 | 80_007 | 130_429 => {
            (Limited, "more messages were sent than WhatsApp takes from this account at once")
        }
        33 => (Refused, "the business's number no longer exists at WhatsApp; check the phone number ID"),
        100 | 131_008 | 131_009 => (
            Refused,
            "WhatsApp found a part of the request missing or wrong; check the IDs in the connection and the message",
        ),
        368 => (
            Refused,
            "WhatsApp has blocked the business account for breaking its rules; see Account quality in Meta's \
             Business settings",
        ),
        130_472 => (
            Refused,
            "WhatsApp keeps marketing messages from this customer for an experiment of its own; it may be sent when \
             they write first",
        ),
        130_497 => (Refused, "WhatsApp does not let this business write to customers in that country"),
        131_021 => (Refused, "a number cannot write to itself"),
        131_026 => (
            Dead,
            "WhatsApp cannot deliver to this number: it may not be on WhatsApp, or its owner has an old version or \
             has not accepted the newest terms",
        ),
        131_030 => (
            Refused,
            "the business's number is a test number and this customer is not on its list of allowed recipients; add \
             them in Meta's app dashboard, or use a real number",
        ),
        131_031 => (
            Refused,
            "WhatsApp has locked the business account; see Account quality in Meta's Business settings",
        ),
        131_037 => (Refused, "the display name of the business's number is not approved yet"),
        131_042 => {
            (Refused, "the business account has a payment problem; see Billing in Meta's Business settings")
        }
        131_045 | 133_010 => (
            Refused,
            "the business's number is not registered with the Cloud API; register it in Meta's WhatsApp manager",
        ),
        WINDOW_CLOSED => (
            Refused,
            "the customer has not written for 24 hours, so only an approved template may be sent; choose one and \
             send again",
        ),
        131_048 => (
            Limited,
            "too many earlier messages of this number were blocked or reported, so WhatsApp limits it for a while",
        ),
        131_049 => (
            Refused,
            "WhatsApp chose not to deliver this marketing message: the customer has had enough of them for now; wait \
             at least a day",
        ),
        STOPPED_MARKETING => {
            (OptedOut, "the customer stopped marketing messages of this business in WhatsApp")
        }
        131_051 => (Refused, "WhatsApp does not carry messages of this kind"),
        131_052 => (Refused, "WhatsApp could not fetch the file that came"),
        131_053 => (
            Refused,
            "WhatsApp could not take the file: its address must be public and its type and size allowed",
        ),
        131_056 => (Limited, "too many messages went to this customer in a short time"),
        131_057 => (Unavailable, "the business account is being maintained by WhatsApp"),
        132_000 => (
            Refused,
            "the template has another number of places than there are words to fill them; sync the templates and \
             fill each place",
        ),
        132_001 => (
            Refused,
            "there is no approved template of this name in this language; sync the templates and check its state",
        ),
        132_005 => (Refused, "the template with its words filled in is too long; shorten them"),
        132_007 => {
            (Refused, "the template breaks WhatsApp's rules on content; see its state in the templates")
        }
        132_012 | 132_018 => (Refused, "the words for the template's places are not of the kind it expects"),
        132_015 => (
            Refused,
            "WhatsApp has paused the template because customers disliked it; change it, or wait and use another",
        ),
        132_016 => (Refused, "WhatsApp has disabled the template for good; make another"),
        132_068 | 132_069 => (Refused, "the form in the template is blocked or limited by WhatsApp"),
        133_004 => (Unavailable, "WhatsApp's registration of numbers is not available for the moment"),
        135_000 => (Unclear, "WhatsApp could not take the message and does not say why"),
        _ => return None,
    })
}

/// A code's plain words, with what the vendor adds.
pub(super) fn plain(code: i64, said: &str) -> String {
    let said = words(said);
    match meaning(code) {
        Some((_, plain)) if said.is_empty() => plain.to_owned(),
        Some((_, plain)) => format!("{plain} (WhatsApp: {said})"),
        None if said.is_empty() => format!("WhatsApp gives error {code}"),
        None => format!("WhatsApp: {said}"),
    }
}

#[derive(Deserialize)]
struct Answer {
    error: Said,
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    code: i64,
    #[serde(default)]
    message: String,
    #[serde(default)]
    error_user_msg: String,
    #[serde(default)]
    error_data: Data,
}

#[derive(Default, Deserialize)]
struct Data {
    #[serde(default)]
    details: String,
}

/// What an answer that is no success means. `sends` when the request handed over a message: then an answer that does
/// not say whether it was taken leaves that open.
/// `token` appears in no error, whatever the vendor repeats.
pub(super) fn of_answer(
    response: &Response,
    token: &SecretString,
    sends: bool,
    now: Timestamp,
) -> ChannelError {
    let token = token.expose_secret();
    let hidden = |said: &str| if token.is_empty() { said.to_owned() } else { said.replace(token, "[token]") };
    let status = response.status.as_u16();
    let after = asked_to_wait(response, now);
    let open = |reason: String| {
        if sends {
            ChannelError::Uncertain { vendor: VENDOR, reason }
        } else {
            ChannelError::Unavailable { vendor: VENDOR, reason }
        }
    };
    let Ok(Answer { error }) = response.json::<Answer>() else {
        let reason = format!("status {status}: {}", words(&hidden(&response.text())));
        return match status {
            429 => ChannelError::Limited { vendor: VENDOR, after },
            400..=499 => ChannelError::Refused { vendor: VENDOR, code: None, reason },
            _ => open(reason),
        };
    };
    let said = [&error.error_data.details, &error.error_user_msg, &error.message];
    let said = said.into_iter().find(|text| !text.is_empty()).map_or("", String::as_str);
    let reason = plain(error.code, &hidden(said));
    match meaning(error.code).map(|(meaning, _)| meaning) {
        Some(Meaning::Dead) => ChannelError::Bounced { vendor: VENDOR, reason },
        Some(Meaning::OptedOut) => ChannelError::OptedOut { vendor: VENDOR },
        Some(Meaning::Limited) => {
            let own = (error.code == 131_056).then_some(PAIR_WAIT);
            ChannelError::Limited { vendor: VENDOR, after: after.or(own) }
        }
        Some(Meaning::Unavailable) => ChannelError::Unavailable { vendor: VENDOR, reason },
        Some(Meaning::Unclear) => open(reason),
        None if status == 429 => ChannelError::Limited { vendor: VENDOR, after },
        None if status >= 500 => open(reason),
        Some(Meaning::Refused) | None => {
            ChannelError::Refused { vendor: VENDOR, code: Some(error.code.to_string()), reason }
        }
    }
}
