//! Mail, through two doors. A [`Mailer`] carries account and team mail to people who sign in. A [`Post`] carries letters to
//! customers, each with its permit.

mod channel;
mod extra;
mod file;
pub mod hook;
mod letter;
mod resend;
mod smtp;

use async_trait::async_trait;
use frontdesk_domain::time::Timestamp;
use lettre::Message;
use lettre::message::{Mailbox, MessageBuilder, MultiPart};

pub use channel::{MailChannel, MailDress, html};
pub use extra::{AutoSubmitted, LetterExtra, LetterFile, Unsubscribe};
pub use file::FileMailer;
pub use letter::{CalendarPart, EMAIL, Letter, Post, redeem};
pub use resend::{ResendPost, ResendSettings, manifest as resend_manifest};
pub use smtp::{SmtpMailer, SmtpSecurity, SmtpSettings, manifest as smtp_manifest};

/// One mail, rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Names the mail for good; a mail sent twice keeps it, so that mail programs can tell.
    pub id: String,
    /// When it was written.
    pub date: Timestamp,
    /// The recipient's address.
    pub to: String,
    /// The subject, one line.
    pub subject: String,
    /// The words.
    pub text: String,
    /// The same words as HTML.
    pub html: String,
}

/// Why a mail did not leave.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// It will not be taken, now or later: a wrong address, a refused recipient, refused credentials.
    #[error("the mail was refused: {0}")]
    Refused(String),
    /// The server did not answer or asked to wait; trying again may help.
    #[error("the mail server is not available: {0}")]
    Unavailable(String),
}

/// Carries account and team mail.
#[async_trait]
pub trait Mailer: Post {
    /// Where mail goes, for logs and `doctor`; never a password.
    fn destination(&self) -> String;

    /// Sends one mail.
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;

    /// Checks that mail could be sent, without sending any.
    async fn check(&self) -> Result<(), MailError>;
}

/// The mail in the form it travels in.
fn message(from: &Mailbox, mail: &Mail) -> Result<Message, MailError> {
    envelope(from.clone(), mail)?
        .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
        .map_err(|error| MailError::Refused(format!("writing the mail: {error}")))
}

/// Everything above the words.
fn envelope(from: Mailbox, mail: &Mail) -> Result<MessageBuilder, MailError> {
    let to: Mailbox =
        mail.to.parse().map_err(|error| MailError::Refused(format!("the address {}: {error}", mail.to)))?;
    let date = std::time::UNIX_EPOCH
        + std::time::Duration::from_millis(u64::try_from(mail.date.as_millis()).unwrap_or_default());
    Ok(Message::builder()
        .to(to)
        .date(date)
        .message_id(Some(format!("<{}@{}>", mail.id, from.email.domain())))
        .from(from)
        .subject(mail.subject.clone()))
}

fn mailbox(from: &str) -> Result<Mailbox, MailError> {
    from.parse().map_err(|error| MailError::Refused(format!("the sender `{from}`: {error}")))
}
