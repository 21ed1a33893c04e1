//! Reports that mail systems write about other mail: what did not arrive (RFC 3464), what was read (RFC 8098), what was
//! complained about (RFC 5965). And bounces of systems that write none of these, as far as they say who and why.

use super::automatic::{Bounce, Complaint};
use super::fields::{self, Fields};

/// Most bytes of each piece.
const MAX_PIECE: usize = 64 * 1024;
/// Most characters of a server's words that are kept.
const MAX_REASON: usize = 300;

/// The pieces of a `multipart/report`.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// Its `report-type`.
    pub(super) kind: String,
    status: Vec<(String, String)>,
    feedback: Vec<(String, String)>,
    original_id: Option<String>,
    original_to: Option<String>,
}

/// Fields of a report, all groups in a row; names in lower case.
fn groups(bytes: &[u8]) -> Vec<(String, String)> {
    let text =
        String::from_utf8_lossy(bytes.get(..bytes.len().min(MAX_PIECE)).unwrap_or_default()).into_owned();
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = found.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            found.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
    }
    found
}

fn find<'a>(groups: &'a [(String, String)], name: &str) -> Option<&'a str> {
    groups.iter().find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str())
}

/// An address behind its type (`rfc822; ana@example.com`).
fn typed(value: &str) -> Option<String> {
    let address = value.split_once(';').map_or(value, |(_, address)| address);
    fields::normalised(address)
}

impl Report {
    pub(super) fn take_status(&mut self, bytes: &[u8]) {
        self.status.extend(groups(bytes));
    }

    pub(super) fn take_feedback(&mut self, bytes: &[u8]) {
        self.feedback.extend(groups(bytes));
    }

    /// The mail that the report is about, or its header.
    pub(super) fn take_original(&mut self, bytes: &[u8]) {
        let (head, _) = fields::split(bytes.get(..bytes.len().min(MAX_PIECE)).unwrap_or_default());
        let fields = Fields::read(head, None);
        self.original_id = fields.ids("message-id").into_iter().next();
        self.original_to = fields.addresses("to", 1).into_iter().next().map(|it| it.address);
    }

    /// What did not arrive, when that is what it says.
    pub(super) fn bounce(&self) -> Option<Bounce> {
        let action = find(&self.status, "action")?.to_lowercase();
        if !matches!(action.as_str(), "failed" | "delayed") {
            return None;
        }
        let status = find(&self.status, "status").and_then(enhanced);
        let diagnostic = find(&self.status, "diagnostic-code").unwrap_or_default();
        let status = status.filter(|it| !it.ends_with(".0.0")).or_else(|| enhanced(diagnostic));
        let vague = if action == "delayed" { "4.0.0" } else { "5.0.0" };
        let status = status.unwrap_or_else(|| vague.to_owned());
        let recipient = ["final-recipient", "original-recipient"]
            .iter()
            .find_map(|name| typed(find(&self.status, name)?))
            .or_else(|| self.original_to.clone());
        Some(Bounce {
            recipient,
            permanent: action == "failed" && status.starts_with('5'),
            status: Some(status),
            reason: words(diagnostic.split_once(';').map_or(diagnostic, |(_, words)| words)),
            original_message_id: self.original_id.clone(),
        })
    }

    /// Who complained about what.
    pub(super) fn complaint(&self) -> Option<Complaint> {
        let kind = find(&self.feedback, "feedback-type")?;
        let recipient = ["original-rcpt-to", "removal-recipient"]
            .iter()
            .find_map(|name| typed(find(&self.feedback, name)?));
        Some(Complaint {
            kind: words(kind).to_lowercase(),
            recipient: recipient.or_else(|| self.original_to.clone()),
            original_message_id: self.original_id.clone(),
        })
    }
}

/// The first enhanced status code (RFC 3463) in a text.
pub(super) fn enhanced(text: &str) -> Option<String> {
    text.split(|c: char| !(c.is_ascii_digit() || c == '.')).find_map(|word| {
        let parts: Vec<&str> = word.trim_matches('.').split('.').collect();
        let is_code = parts.len() == 3
            && matches!(parts.first(), Some(&("2" | "4" | "5")))
            && parts.iter().all(|it| (1..=3).contains(&it.len()));
        is_code.then(|| parts.join("."))
    })
}

/// One line, not endless.
fn words(text: &str) -> String {
    fields::line(text).chars().take(MAX_REASON).collect()
}

/// A bounce of a system that writes no report, from its words: who stands between angle brackets or in
/// `X-Failed-Recipients`, and the code of the answer.
pub(super) fn told_in_words(fields: &Fields, text: &str) -> Option<Bounce> {
    let head: String = text.chars().take(4_000).collect();
    let lower = head.to_lowercase();
    let says_so = fields.has("x-failed-recipients")
        || [
            "could not be delivered",
            "couldn't be delivered",
            "wasn't able to deliver",
            "was not delivered",
            "delivery has failed",
            "delivery failed",
            "delivery to the following recipient",
            "undeliverable",
            "undelivered mail",
            "permanent error",
            "konnte nicht zugestellt",
            "nicht zustellbar",
            "n'a pas pu être remis",
            "no se pudo entregar",
            "no se ha podido entregar",
            "non è stato possibile consegnare",
        ]
        .iter()
        .any(|sign| lower.contains(sign));
    if !says_so {
        return None;
    }
    let recipient = fields.addresses("x-failed-recipients", 1).into_iter().next().map(|it| it.address);
    let recipient = recipient.or_else(|| {
        let words = head.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | ',' | '(' | ')'));
        words.map(|word| word.trim_end_matches([':', '.', ';'])).find_map(fields::normalised)
    });
    let status = enhanced(&head);
    let line = head.lines().map(str::trim).find(|line| enhanced(line).is_some() || starts_with_code(line));
    let permanent = match &status {
        Some(status) => status.starts_with('5'),
        None => line.is_some_and(|line| line.contains("55")) || lower.contains("permanent"),
    };
    let original = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim()
            .eq_ignore_ascii_case("message-id")
            .then(|| fields::ids(value).into_iter().next())
            .flatten()
    });
    Some(Bounce {
        recipient,
        permanent,
        status,
        reason: words(line.unwrap_or_default()),
        original_message_id: original,
    })
}

fn starts_with_code(line: &str) -> bool {
    matches!(line.as_bytes(), [b'4' | b'5', a, b, b' ' | b'-', ..] if a.is_ascii_digit() && b.is_ascii_digit())
}
