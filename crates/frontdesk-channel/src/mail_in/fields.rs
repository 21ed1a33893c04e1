//! Header fields: the few that are wanted, each cut to a length, of any number that came.

use std::borrow::Cow;

use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, Address, ContentType, DateTime, HeaderValue};

use super::{MailAddress, decode};

/// Most bytes of one field.
const MAX_FIELD: usize = 16 * 1024;
/// Most fields of one name.
const MAX_SAME: usize = 8;
/// Longest Message-ID; RFC 5322 lines end at 998.
const MAX_ID: usize = 250;
/// Longest address (RFC 5321 §4.5.3.1).
const MAX_ADDRESS: usize = 320;
/// Most characters of a name or subject.
const MAX_LINE: usize = 500;

/// Fields anybody here reads; all others are passed over.
const WANTED: &[&str] = &[
    "authentication-results",
    "auto-submitted",
    "cc",
    "content-disposition",
    "content-id",
    "content-transfer-encoding",
    "content-type",
    "date",
    "delivered-to",
    "envelope-to",
    "feedback-id",
    "from",
    "in-reply-to",
    "list-id",
    "list-post",
    "list-unsubscribe",
    "message-id",
    "precedence",
    "references",
    "reply-to",
    "return-path",
    "sender",
    "subject",
    "to",
    "x-auto-response-suppress",
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-failed-recipients",
    "x-frontdesk-loop",
    "x-loop",
    "x-original-to",
];

/// The wanted fields of a header.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<(&'static str, Vec<u8>)>);

/// Where the header ends and the body begins. Without anything like a header all is body.
pub(super) fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut start = 0;
    while matches!(bytes.get(start), Some(b'\n' | b'\r')) {
        start += 1;
    }
    let whole = bytes.get(start..).unwrap_or_default();
    let mut at = 0;
    let mut is_first = true;
    for line in whole.split_inclusive(|byte| *byte == b'\n') {
        // A line of blanks continues a field, as odd as it is (RFC 5322 §4.2).
        if matches!(line, b"\n" | b"\r\n") {
            return whole
                .split_at_checked(at)
                .map_or((whole, &[]), |(head, rest)| (head, rest.get(line.len()..).unwrap_or_default()));
        }
        if is_first && !begins_field(line) && !line.starts_with(b"From ") && !line.starts_with(b">From ") {
            return (&[], bytes);
        }
        is_first = false;
        at += line.len();
    }
    (whole, &[])
}

fn name(line: &[u8]) -> Option<&[u8]> {
    let colon = line.iter().take(100).position(|byte| *byte == b':')?;
    let name = line.get(..colon)?.trim_ascii_end();
    (!name.is_empty() && name.iter().all(u8::is_ascii_graphic)).then_some(name)
}

fn begins_field(line: &[u8]) -> bool {
    name(line).is_some()
}

impl Fields {
    /// Reads a header. `fallback` is the character set of bytes that are no UTF-8.
    pub(super) fn read(head: &[u8], fallback: Option<&str>) -> Self {
        let mut fields: Vec<(&'static str, Vec<u8>)> = Vec::new();
        let mut is_open = false;
        for line in head.split_inclusive(|byte| *byte == b'\n') {
            if matches!(line.first(), Some(b' ' | b'\t')) {
                if let Some((_, value)) = fields.last_mut().filter(|_| is_open)
                    && value.len() + line.len() <= MAX_FIELD
                {
                    value.extend_from_slice(line);
                }
                continue;
            }
            is_open = false;
            let Some(found) = name(line) else { continue };
            let Some(wanted) = WANTED.iter().find(|it| it.as_bytes().eq_ignore_ascii_case(found)) else {
                continue;
            };
            if fields.iter().filter(|(name, _)| name == wanted).count() >= MAX_SAME {
                continue;
            }
            let value = line.splitn(2, |byte| *byte == b':').nth(1).unwrap_or_default();
            fields.push((wanted, value.get(..value.len().min(MAX_FIELD)).unwrap_or_default().to_vec()));
            is_open = true;
        }
        for (_, value) in &mut fields {
            if std::str::from_utf8(value).is_err() {
                *value = decode::charset(value, fallback).into_bytes();
            }
            while value.last().is_some_and(u8::is_ascii_whitespace) {
                value.pop();
            }
            value.push(b'\n');
        }
        Self(fields)
    }

    /// The fields of a name, empty ones too.
    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.0.iter().filter(move |(known, _)| *known == name).map(|(_, value)| value.as_slice())
    }

    /// The first that says something.
    fn first(&self, name: &str) -> Option<&[u8]> {
        self.0
            .iter()
            .find(|(known, value)| *known == name && !value.trim_ascii().is_empty())
            .map(|(_, value)| value.as_slice())
    }

    /// Whether there is such a field.
    pub(super) fn has(&self, name: &str) -> bool {
        self.first(name).is_some()
    }

    /// The first field of that name as it stands, unfolded.
    pub(super) fn raw(&self, name: &str) -> Option<String> {
        self.first(name).map(|value| line(&String::from_utf8_lossy(value)))
    }

    /// The first field of that name, decoded (RFC 2047).
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match MessageStream::new(self.first(name)?).parse_unstructured() {
            HeaderValue::Text(text) => Some(line(&text)),
            _ => None,
        }
    }

    /// Addresses of all fields of that name.
    pub(super) fn addresses(&self, name: &str, limit: usize) -> Vec<MailAddress> {
        let mut found: Vec<MailAddress> = Vec::new();
        for value in self.all(name) {
            let HeaderValue::Address(list) = MessageStream::new(value).parse_address() else { continue };
            let all: Vec<Addr<'_>> = match list {
                Address::List(list) => list,
                Address::Group(groups) => groups.into_iter().flat_map(|group| group.addresses).collect(),
            };
            for one in all.iter().filter_map(address) {
                if found.len() >= limit {
                    return found;
                }
                found.push(one);
            }
        }
        found
    }

    /// Message-IDs of the first field of that name that has any, without their brackets.
    pub(super) fn ids(&self, name: &str) -> Vec<String> {
        self.all(name)
            .map(|value| ids(&String::from_utf8_lossy(value)))
            .find(|ids| !ids.is_empty())
            .unwrap_or_default()
    }

    /// When it was written.
    pub(super) fn date(&self) -> Option<DateTime> {
        self.all("date").find_map(|value| match MessageStream::new(value).parse_date() {
            HeaderValue::DateTime(date) if date.is_valid() => Some(date),
            _ => None,
        })
    }

    /// A media type or disposition with its parameters (RFC 2045, RFC 2231).
    pub(super) fn kind(&self, name: &str) -> Option<ContentType<'static>> {
        match MessageStream::new(self.first(name)?).parse_content_type() {
            HeaderValue::ContentType(kind) => Some(ContentType {
                c_type: Cow::Owned(kind.c_type.to_lowercase()),
                c_subtype: kind.c_subtype.map(|it| Cow::Owned(it.to_lowercase())),
                attributes: kind.attributes.map(|all| {
                    all.into_iter()
                        .map(|it| mail_parser::Attribute {
                            name: Cow::Owned(it.name.to_lowercase()),
                            value: Cow::Owned(it.value.into_owned()),
                        })
                        .collect()
                }),
            }),
            _ => None,
        }
    }
}

/// What stands between angle brackets; without any, words with an `@`.
pub(super) fn ids(text: &str) -> Vec<String> {
    let good = |id: &str| !id.is_empty() && id.len() <= MAX_ID && !id.contains(['<', '>']);
    let clean = |id: &str| id.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<String>();
    let bracketed =
        text.split('<').skip(1).filter_map(|piece| piece.split_once('>')).map(|(id, _)| clean(id));
    let found: Vec<String> = bracketed.filter(|id| good(id)).collect();
    if !found.is_empty() {
        return found;
    }
    let bare = text.split_whitespace().filter(|word| word.contains('@')).map(clean);
    bare.filter(|id| good(id)).collect()
}

/// One line without control characters, not endless.
pub(super) fn line(text: &str) -> String {
    let mut out = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        if out.len() > MAX_LINE * 4 {
            break;
        }
    }
    out.chars().take(MAX_LINE).collect()
}

fn address(found: &Addr<'_>) -> Option<MailAddress> {
    let address = normalised(found.address.as_deref()?)?;
    let name = found
        .name
        .as_deref()
        .map(line)
        .filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case(&address));
    Some(MailAddress { name, address })
}

/// An address in lower case, if it is one.
pub(super) fn normalised(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(['<', '>', '\'', '"']).trim_end_matches('.');
    let (local, domain) = text.rsplit_once('@')?;
    let is_address = !local.is_empty()
        && !domain.is_empty()
        && text.len() <= MAX_ADDRESS
        && !domain.contains(['@', ',', ';', '<', '>', '(', ')'])
        && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    is_address.then(|| text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(head: &str) -> Fields {
        Fields::read(head.as_bytes(), None)
    }

    #[test]
    fn the_first_field_that_says_something_counts() {
        let fields = read(
            "Subject:\r\nSUBJECT : =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n =?utf-8?b?IDI=?=\r\nSubject: no\r\nX-Junk: 1\r\n",
        );
        assert_eq!(fields.text("subject").unwrap(), "Grüße 2");
        assert!(!fields.has("x-junk"));
    }

    #[test]
    fn ids_are_found_among_other_words_and_without_brackets() {
        assert_eq!(ids("Your message of Monday <a@b> (c)\r\n <d\r\n @e>"), ["a@b", "d@e"]);
        assert_eq!(ids(" a@b c "), ["a@b"]);
        assert!(ids("<>").is_empty());
    }

    #[test]
    fn addresses_are_lower_case_and_of_any_form() {
        let fields = read(
            "To: =?utf-8?q?Ana_L=C3=B3pez?= <Ana@Example.COM>, team: bo@example.com, c@example.com;\r\nTo: \"Doe, J.\" <j@example.com>\r\n",
        );
        let found = fields.addresses("to", 10);
        let all: Vec<&str> = found.iter().map(|it| it.address.as_str()).collect();
        assert_eq!(all, ["ana@example.com", "bo@example.com", "c@example.com", "j@example.com"]);
        assert_eq!(found[0].name.as_deref(), Some("Ana López"));
        assert_eq!(normalised("nobody"), None);
        assert_eq!(normalised("a b@example.com"), None);
    }

    #[test]
    fn a_mail_without_header_is_all_body() {
        assert_eq!(
            split(b"just words here\nand more\n"),
            (b"".as_slice(), b"just words here\nand more\n".as_slice())
        );
        assert_eq!(split(b"\r\nA: b\r\n\r\nc"), (b"A: b\r\n".as_slice(), b"c".as_slice()));
        assert_eq!(split(b"A: b\n"), (b"A: b\n".as_slice(), b"".as_slice()));
    }
}
