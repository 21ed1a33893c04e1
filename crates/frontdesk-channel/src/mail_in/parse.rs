//! A mail from its bytes.

use frontdesk_domain::time::Timestamp;
use sha2::{Digest, Sha256};

use super::fields::{self, Fields};
use super::mime::{self, Body};
use super::{IncomingMail, Limits, ParseError, Skipped, automatic, html, reply};

/// Years that a mail may say it is from.
const YEARS: std::ops::RangeInclusive<u16> = 1990..=2100;
/// Longest plain part that only says to look at the other one.
const MAX_EXCUSE: usize = 250;

/// Reads a mail.
///
/// # Errors
/// When it is larger than is accepted, or empty. Everything else is read as far as it makes sense.
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<IncomingMail, ParseError> {
    if bytes.len() > limits.bytes {
        return Err(ParseError::TooLarge { size: bytes.len(), limit: limits.bytes });
    }
    if bytes.trim_ascii().is_empty() {
        return Err(ParseError::Empty);
    }
    let (head, body) = fields::split(bytes);
    let charset = Fields::read(head, None)
        .kind("content-type")
        .and_then(|kind| kind.attribute("charset").map(str::to_owned));
    let fields = Fields::read(head, charset.as_deref());
    let found = mime::walk(&fields, body, limits);
    let mut mail = envelope(&fields, limits);
    mail.digest = digest(bytes);
    (mail.attachments, mail.skipped, mail.encrypted) = (found.attachments, found.skipped, found.encrypted);
    let whole = words(&found.bodies, limits, &mut mail.skipped);
    let parted = reply::split(&whole, &mail.subject);
    (mail.text, mail.quoted) = (parted.text, parted.quoted);
    let is_answer = |kind: &str| kind.starts_with("text/calendar; method=") && !kind.ends_with("REQUEST");
    let only_calendar =
        mail.text.is_empty() && mail.attachments.iter().any(|file| is_answer(&file.media_type));
    mail.automatic = automatic::kind(&fields, &mail, found.report.as_ref(), only_calendar);
    Ok(mail)
}

/// Everything above the words.
fn envelope(fields: &Fields, limits: &Limits) -> IncomingMail {
    let one = |name: &str| fields.addresses(name, 1).into_iter().next();
    let many = |name: &str| fields.addresses(name, limits.recipients);
    let mut references = fields.ids("references");
    let surplus = references.len().saturating_sub(limits.references);
    references.drain(..surplus);
    let mut delivered_to = many("delivered-to");
    delivered_to.extend(many("x-original-to"));
    delivered_to.extend(many("envelope-to"));
    delivered_to.truncate(limits.recipients);
    let date = fields.date().filter(|date| YEARS.contains(&date.year));
    IncomingMail {
        message_id: fields.ids("message-id").into_iter().next(),
        in_reply_to: fields.ids("in-reply-to").into_iter().next(),
        references,
        from: one("from").or_else(|| one("sender")),
        to: many("to"),
        cc: many("cc"),
        delivered_to,
        reply_to: one("reply-to"),
        subject: fields.text("subject").unwrap_or_default(),
        date: date.map(|date| Timestamp::from_millis(date.to_timestamp().saturating_mul(1_000))),
        list: fields.has("list-id") || fields.has("list-post"),
        loop_token: fields.raw("x-frontdesk-loop"),
        ..IncomingMail::default()
    }
}

/// The words of all pieces, quotations marked.
fn words(bodies: &[Body], limits: &Limits, skipped: &mut Vec<Skipped>) -> String {
    let mut whole = String::new();
    for body in bodies {
        let plain = body.plain.as_deref().filter(|text| !is_excuse(text, body.html.is_some()));
        let piece = match (plain, &body.html) {
            (Some(text), _) => html::without_signs(text),
            (None, Some(html)) => html::text(html, limits.text),
            (None, None) => continue,
        };
        if !whole.is_empty() {
            whole.push('\n');
        }
        whole.push_str(&piece);
    }
    if let Some((at, _)) = whole.char_indices().nth(limits.text) {
        whole.truncate(at);
        skipped.push(Skipped { name: "the end of the text".to_owned(), why: "the text is too long" });
    }
    whole
}

/// Whether a plain part says nothing but that there is another.
fn is_excuse(text: &str, has_html: bool) -> bool {
    let text = text.trim();
    let says_so = || {
        let lower = text.to_lowercase();
        lower.contains("html")
            && ["view", "support", "display", "anzeige", "afficher", "ver ", "client", "mail"]
                .iter()
                .any(|it| lower.contains(it))
    };
    text.is_empty() || has_html && text.len() <= MAX_EXCUSE && !text.contains('>') && says_so()
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(16).fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}
