//! Mail that comes in: from the bytes of a message (RFC 5322, MIME) to what a person wrote, whom it answers and whether
//! it may be answered at all.
//!
//! Reading is forgiving, since what arrives is what the world sends, and bounded in everything: bytes, parts, depth,
//! headers, recipients, attachments. Nothing is opened: no archive, no message inside the message. The parts:
//! [`mod@parse`] puts a mail together from its headers and its MIME tree, [`reply`] tells new words from quoted ones,
//! [`automatic`] knows what no person wrote, [`thread`] finds the conversation. Where mail comes from is in files of
//! their own: a mailbox ([`imap`]), a vendor's call ([`resend`]). To add a vendor, give it a file that ends in [`parse`].

pub mod automatic;
mod decode;
mod fields;
mod html;
pub mod imap;
mod imap_stream;
mod markers;
mod mime;
pub mod parse;
pub mod reply;
mod report;
pub mod resend;
pub mod thread;

use frontdesk_domain::outbox::Media;
use frontdesk_domain::time::Timestamp;

pub use automatic::{Automatic, Bounce, Complaint, Desk, WhyNot, is_ours, loop_token, may_answer};
pub use imap::{
    Batch, FetchedMail, ImapCursor, ImapError, ImapInbox, ImapSecurity, ImapSettings,
    manifest as imap_manifest,
};
pub use parse::parse;
pub use resend::{Received, ResendInbox, received};
pub use thread::{ReplyKey, SentId, read_reply_address, sent_ids, sign_reply_address};

use crate::channel::InboundMessage;

/// How much of a mail is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest mail, in bytes; a larger one is refused.
    pub bytes: usize,
    /// Most characters of words.
    pub text: usize,
    /// Most attachments.
    pub attachments: usize,
    /// Most bytes of all attachments together.
    pub attachment_bytes: usize,
    /// Most MIME parts; later ones are left.
    pub parts: usize,
    /// Deepest nesting of MIME parts; deeper ones are left.
    pub depth: usize,
    /// Most addresses of one header.
    pub recipients: usize,
    /// Most ids of `References`; the newest are kept.
    pub references: usize,
}

impl Default for Limits {
    /// What large mail services accept: 25 MB.
    fn default() -> Self {
        Self {
            bytes: 25 * 1024 * 1024,
            text: 100_000,
            attachments: 20,
            attachment_bytes: 20 * 1024 * 1024,
            parts: 300,
            depth: 12,
            recipients: 100,
            references: 50,
        }
    }
}

/// Why a mail is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// It is larger than is accepted.
    #[error("the mail has {size} bytes, more than the {limit} that are accepted")]
    TooLarge {
        /// Its bytes.
        size: usize,
        /// [`Limits::bytes`].
        limit: usize,
    },
    /// There is nothing in it.
    #[error("the mail is empty")]
    Empty,
}

/// Somebody's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailAddress {
    /// The name that stands with it.
    pub name: Option<String>,
    /// The address in lower case.
    pub address: String,
}

/// A file that came along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, without folders; made up when it came without.
    pub name: String,
    /// Its media type; of calendar files with their method, such as `text/calendar; method=REPLY`.
    pub media_type: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// What the mail's HTML calls it (`cid:`), of pictures shown in it.
    pub content_id: Option<String>,
}

/// Something of the mail that was not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// What: a file's name.
    pub name: String,
    /// Why, in plain words.
    pub why: &'static str,
}

/// A mail that was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IncomingMail {
    /// Its Message-ID without angle brackets.
    pub message_id: Option<String>,
    /// The Message-ID it answers.
    pub in_reply_to: Option<String>,
    /// The Message-IDs of its thread, oldest first.
    pub references: Vec<String>,
    /// Who it says wrote it. Anybody can write anything here.
    pub from: Option<MailAddress>,
    /// To whom.
    pub to: Vec<MailAddress>,
    /// To whom as well.
    pub cc: Vec<MailAddress>,
    /// Addresses that it was really delivered to, where servers noted them.
    pub delivered_to: Vec<MailAddress>,
    /// Where answers should go, when not to the writer.
    pub reply_to: Option<MailAddress>,
    /// The subject, one line.
    pub subject: String,
    /// When it was written, when it says so credibly.
    pub date: Option<Timestamp>,
    /// The new words.
    pub text: String,
    /// The other words: what it quotes, signatures.
    pub quoted: String,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// What was not kept.
    pub skipped: Vec<Skipped>,
    /// Its words are encrypted and cannot be read here.
    pub encrypted: bool,
    /// Set when no person wrote it to us.
    pub automatic: Option<Automatic>,
    /// It came through a mailing list.
    pub list: bool,
    /// The token of the desk that sent it, when one did; see [`is_ours`].
    pub loop_token: Option<String>,
    /// Its bytes' hash, which names it when it has no Message-ID.
    pub digest: String,
}

impl IncomingMail {
    /// What names the mail for good: its Message-ID, or its bytes' hash.
    pub fn vendor_id(&self) -> String {
        self.message_id.clone().unwrap_or_else(|| format!("sha256:{}", self.digest))
    }

    /// Who is answered.
    pub fn answer_to(&self) -> Option<&MailAddress> {
        self.reply_to.as_ref().or(self.from.as_ref())
    }

    /// Every address it went to.
    pub fn recipients(&self) -> impl Iterator<Item = &MailAddress> {
        self.delivered_to.iter().chain(&self.to).chain(&self.cc)
    }

    /// The mail as a customer's message. `to` is the business's address it came to; `media` are its attachments where
    /// the caller put them. `None` when it names nobody who could be answered.
    pub fn inbound(&self, to: &str, media: Vec<Media>) -> Option<InboundMessage> {
        // Forms on web sites write in their own name and put the person into Reply-To.
        let writer = self.answer_to()?;
        let name = writer.name.clone().or_else(|| self.from.as_ref().and_then(|from| from.name.clone()));
        Some(InboundMessage {
            vendor_id: self.vendor_id(),
            from: writer.address.clone(),
            to: to.to_owned(),
            name,
            text: self.text.clone(),
            choice: None,
            media,
            reply_to: self.in_reply_to.clone().or_else(|| self.references.last().cloned()),
            vendor_handled_opt_out: false,
            at: self.date,
        })
    }
}
