//! What a letter carries besides its words: whose mail it answers, how to be taken off the list, that a machine wrote it,
//! files.

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, MessageBuilder, SinglePart};

use super::MailError;
use crate::mail_in::automatic::LOOP_HEADER;

/// Most ids of `References`: the first, which began the thread, and the newest.
const MAX_REFERENCES: usize = 20;
/// Longest value of a header here.
const MAX_VALUE: usize = 2_000;

/// What a letter carries besides its words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LetterExtra {
    /// The Message-ID it answers, without brackets.
    pub in_reply_to: Option<String>,
    /// The Message-IDs of its thread, oldest first.
    pub references: Vec<String>,
    /// How its reader stops such letters; marketing must have it.
    pub unsubscribe: Option<Unsubscribe>,
    /// Set when no person wrote it.
    pub automatic: Option<AutoSubmitted>,
    /// This installation's [`loop_token`](crate::mail_in::loop_token).
    pub loop_token: Option<String>,
    /// Files.
    pub files: Vec<LetterFile>,
}

/// How the reader of a letter stops such letters (RFC 2369, RFC 8058).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsubscribe {
    /// Where a POST of `List-Unsubscribe=One-Click` takes the reader off, without signing in. Mail programs show their
    /// button only for `https`.
    pub url: String,
    /// An address that does the same by mail.
    pub mailto: Option<String>,
}

/// What kind of machine's letter it is (RFC 3834 §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AutoSubmitted {
    /// An answer to somebody's mail.
    Replied,
    /// Anything else, such as a reminder.
    Generated,
}

/// A file that goes along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterFile {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl LetterExtra {
    /// The headers, by their names. No value can begin another header.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = Vec::new();
        let mut put = |name, value: String| {
            if !value.is_empty() && value.len() <= MAX_VALUE {
                headers.push((name, value));
            }
        };
        put("In-Reply-To", self.in_reply_to.as_deref().and_then(bracketed).unwrap_or_default());
        let surplus = self.references.len().saturating_sub(MAX_REFERENCES);
        let kept = self.references.iter().take(1).chain(self.references.iter().skip(surplus.max(1)));
        put("References", kept.filter_map(|id| bracketed(id)).collect::<Vec<_>>().join(" "));
        if let Some(unsubscribe) = &self.unsubscribe {
            let url = address(&unsubscribe.url);
            let mailto = unsubscribe.mailto.as_deref().and_then(|it| address(&format!("mailto:{it}")));
            put(
                "List-Unsubscribe",
                [&url, &mailto].into_iter().flatten().cloned().collect::<Vec<_>>().join(", "),
            );
            if url.is_some_and(|url| url.starts_with("<https://")) {
                put("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned());
            }
        }
        match self.automatic {
            Some(AutoSubmitted::Replied) => put("Auto-Submitted", "auto-replied".to_owned()),
            Some(AutoSubmitted::Generated) => put("Auto-Submitted", "auto-generated".to_owned()),
            None => {}
        }
        if self.automatic.is_some() {
            // Exchange heeds this and not RFC 3834.
            put("X-Auto-Response-Suppress", "OOF, AutoReply".to_owned());
        }
        put(LOOP_HEADER, self.loop_token.as_deref().and_then(plain).unwrap_or_default());
        headers
    }

    /// Writes the headers of a mail.
    pub(super) fn write(&self, mut builder: MessageBuilder) -> Result<MessageBuilder, MailError> {
        for (name, value) in self.headers() {
            let name = HeaderName::new_from_ascii(name.to_owned())
                .map_err(|error| MailError::Refused(format!("the header {name}: {error}")))?;
            builder = builder.raw_header(HeaderValue::new(name, value));
        }
        Ok(builder)
    }

    /// The files as parts of a mail.
    pub(super) fn parts(&self) -> Result<Vec<SinglePart>, MailError> {
        let part = |file: &LetterFile| {
            let kind = ContentType::parse(&file.media_type)
                .or_else(|_| ContentType::parse("application/octet-stream"))
                .map_err(|error| MailError::Refused(format!("the type `{}`: {error}", file.media_type)))?;
            Ok(Attachment::new(file.name.clone()).body(file.bytes.clone(), kind))
        };
        self.files.iter().map(part).collect()
    }
}

/// Visible ASCII alone.
fn plain(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())).then(|| text.to_owned())
}

fn bracketed(id: &str) -> Option<String> {
    let id = plain(id.trim().trim_matches(['<', '>']))?;
    (id.contains('@') && !id.contains(['<', '>'])).then(|| format!("<{id}>"))
}

fn address(url: &str) -> Option<String> {
    plain(url).filter(|url| !url.contains(['<', '>', ','])).map(|url| format!("<{url}>"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_smuggles_a_header() {
        let extra = LetterExtra {
            in_reply_to: Some("a@b>\r\nBcc: eve@example.com".to_owned()),
            references: vec!["no id".to_owned(), "c@d".to_owned(), "e@f\nX: y".to_owned()],
            unsubscribe: Some(Unsubscribe {
                url: "https://a.example/u>, <https://evil.example".to_owned(),
                mailto: None,
            }),
            loop_token: Some("a b".to_owned()),
            ..LetterExtra::default()
        };
        assert_eq!(extra.headers(), [("References", "<c@d>".to_owned())]);
    }

    #[test]
    fn long_threads_keep_their_beginning_and_their_end() {
        let references: Vec<String> = (0..100).map(|at| format!("{at}@a.example")).collect();
        let extra = LetterExtra { references, ..LetterExtra::default() };
        let [(_, value)] = &extra.headers()[..] else { panic!("one header") };
        assert!(
            value.starts_with("<0@a.example> <80@a.example>") && value.ends_with("<99@a.example>"),
            "{value}"
        );
    }

    #[test]
    fn one_click_needs_https() {
        let unsubscribe =
            |url: &str| Unsubscribe { url: url.to_owned(), mailto: Some("u@a.example".to_owned()) };
        let names = |url| {
            let extra = LetterExtra { unsubscribe: Some(unsubscribe(url)), ..LetterExtra::default() };
            extra.headers()
        };
        assert_eq!(
            names("https://a.example/u/1"),
            [
                ("List-Unsubscribe", "<https://a.example/u/1>, <mailto:u@a.example>".to_owned()),
                ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned())
            ]
        );
        assert_eq!(names("http://localhost/u/1").len(), 1);
    }
}
