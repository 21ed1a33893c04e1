//! Letters: mail to customers. Each leaves only together with the permit that was minted for it.

use async_trait::async_trait;
use frontdesk_domain::icalendar::Method;
use frontdesk_domain::id::MessageId;
use frontdesk_domain::permit::Permit;
use frontdesk_domain::time::Timestamp;
use lettre::Message;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};

use super::extra::LetterExtra;
use super::{Mail, MailError};
use crate::channel::{ChannelError, SentMessage};

/// The channel's name, as permits state it.
pub const EMAIL: &str = "email";

/// One mail to a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The message the permit is for.
    pub message: MessageId,
    /// Recipient, subject and words.
    pub mail: Mail,
    /// The sender's name: the business. The address is the mail server's own.
    pub from_name: String,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// The invitation or cancellation that goes with it.
    pub calendar: Option<CalendarPart>,
    /// What else it carries.
    pub extra: LetterExtra,
}

/// An iCalendar file on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarPart {
    /// Its method, which mail programs want to know before reading.
    pub method: Method,
    /// The file.
    pub text: String,
}

impl CalendarPart {
    /// Its media type (RFC 6047 §2.4).
    pub fn content_type(&self) -> String {
        format!("text/calendar; method={}; charset=utf-8", self.method.as_str())
    }
}

/// Carries letters to customers.
#[async_trait]
pub trait Post: Send + Sync + std::fmt::Debug {
    /// Whether sending the same letter again, after nobody knows whether it left, reaches the customer once.
    fn sends_once(&self) -> bool {
        false
    }

    /// Sends one letter. The permit is used up whatever the outcome: trying again needs a new decision. An
    /// implementation begins with [`redeem`].
    async fn post(
        &self,
        permit: Permit,
        letter: &Letter,
        now: Timestamp,
    ) -> Result<SentMessage, ChannelError>;

    /// Checks that letters could leave, without sending any; says in plain words what was seen.
    async fn ready(&self) -> Result<String, ChannelError> {
        Ok("It takes letters.".to_owned())
    }
}

/// Uses the permit up for this letter.
///
/// # Errors
/// When it was given for something else or too long ago.
pub fn redeem(permit: Permit, letter: &Letter, now: Timestamp) -> Result<(), ChannelError> {
    permit.redeem(EMAIL, &letter.mail.to, letter.message, now)?;
    Ok(())
}

/// What a mailer said, in the words of channels.
pub(super) fn explain(vendor: &'static str, error: MailError) -> ChannelError {
    match error {
        MailError::Refused(reason) => ChannelError::Refused { vendor, code: None, reason },
        MailError::Unavailable(reason) => ChannelError::Unavailable { vendor, reason },
    }
}

/// The letter in the form it travels in.
pub(super) fn message(sender: &Mailbox, letter: &Letter) -> Result<Message, MailError> {
    let broken = |error: lettre::error::Error| MailError::Refused(format!("writing the mail: {error}"));
    let from = Mailbox::new(Some(letter.from_name.clone()), sender.email.clone());
    let mut builder = super::envelope(from, &letter.mail)?;
    if let Some(reply_to) = letter.reply_to.as_deref().and_then(|address| address.parse().ok()) {
        builder = builder.reply_to(Mailbox::new(Some(letter.from_name.clone()), reply_to));
    }
    let builder = letter.extra.write(builder)?;
    let words = MultiPart::alternative()
        .singlepart(SinglePart::plain(letter.mail.text.clone()))
        .singlepart(SinglePart::html(letter.mail.html.clone()));
    if letter.calendar.is_none() && letter.extra.files.is_empty() {
        return builder.multipart(words).map_err(broken);
    }
    let kind = |text: &str| {
        ContentType::parse(text).map_err(|error| MailError::Refused(format!("the type `{text}`: {error}")))
    };
    let mut mixed = MultiPart::mixed().build();
    if let Some(calendar) = &letter.calendar {
        // Once as what it is, for programs that act on it, and once as a file, for people who save it.
        let part = SinglePart::builder().header(kind(&calendar.content_type())?).body(calendar.text.clone());
        let file =
            Attachment::new("invite.ics".to_owned()).body(calendar.text.clone(), kind("application/ics")?);
        mixed = mixed.multipart(words.singlepart(part)).singlepart(file);
    } else {
        mixed = mixed.multipart(words);
    }
    for file in letter.extra.parts()? {
        mixed = mixed.singlepart(file);
    }
    builder.multipart(mixed).map_err(broken)
}
