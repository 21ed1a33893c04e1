//! Mail kept in a folder as `.eml` files, for installations without a mail server and for tests.

use std::path::PathBuf;

use async_trait::async_trait;
use frontdesk_domain::permit::Permit;
use frontdesk_domain::time::Timestamp;
use lettre::message::Mailbox;

use super::letter::{self, Letter, Post, redeem};
use super::{Mail, MailError, Mailer, mailbox, message};
use crate::channel::{ChannelError, SentMessage};

/// Writes each mail to a file instead of sending it.
#[derive(Debug)]
pub struct FileMailer {
    folder: PathBuf,
    from: Mailbox,
}

impl FileMailer {
    /// Writes into this folder, which is made when the first mail comes.
    ///
    /// # Errors
    /// When `from` is not an address.
    pub fn new(folder: PathBuf, from: &str) -> Result<Self, MailError> {
        Ok(Self { folder, from: mailbox(from)? })
    }

    async fn write(&self, mail: &Mail, bytes: Vec<u8>) -> Result<(), MailError> {
        let name: String = mail.id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let stem = format!("{}-{name}", mail.date.as_millis());
        let unfinished = self.folder.join(format!(".{stem}.part"));
        let finished = self.folder.join(format!("{stem}.eml"));
        let failed =
            |error: std::io::Error| MailError::Unavailable(format!("{}: {error}", finished.display()));
        tokio::fs::create_dir_all(&self.folder).await.map_err(failed)?;
        // Whoever watches the folder sees whole mails only.
        tokio::fs::write(&unfinished, bytes).await.map_err(failed)?;
        tokio::fs::rename(&unfinished, &finished).await.map_err(failed)?;
        tracing::warn!(file = %finished.display(), "no mail server is configured; the mail was written to a file");
        Ok(())
    }
}

#[async_trait]
impl Post for FileMailer {
    /// A letter written again replaces its file.
    fn sends_once(&self) -> bool {
        true
    }

    async fn post(
        &self,
        permit: Permit,
        letter: &Letter,
        now: Timestamp,
    ) -> Result<SentMessage, ChannelError> {
        redeem(permit, letter, now)?;
        let refused = |error| letter::explain("file", error);
        let bytes = letter::message(&self.from, letter).map_err(refused)?.formatted();
        self.write(&letter.mail, bytes).await.map_err(refused)?;
        Ok(SentMessage { vendor_id: None })
    }

    async fn ready(&self) -> Result<String, ChannelError> {
        self.check().await.map_err(|error| letter::explain("file", error))?;
        Ok(format!("Letters become {}.", self.destination()))
    }
}

#[async_trait]
impl Mailer for FileMailer {
    fn destination(&self) -> String {
        format!("files in {}", self.folder.display())
    }

    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let bytes = message(&self.from, mail)?.formatted();
        self.write(mail, bytes).await
    }

    async fn check(&self) -> Result<(), MailError> {
        tokio::fs::create_dir_all(&self.folder)
            .await
            .map_err(|error| MailError::Unavailable(format!("{}: {error}", self.folder.display())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(to: &str) -> Mail {
        Mail {
            id: "job_1".to_owned(),
            date: Timestamp::from_millis(1_774_000_000_000),
            to: to.to_owned(),
            subject: "Grüße\r\nBcc: eve@example.com".to_owned(),
            text: "Hello".to_owned(),
            html: "<p>Hello</p>".to_owned(),
        }
    }

    #[tokio::test]
    async fn a_mail_is_a_file_and_its_subject_smuggles_no_header() {
        let folder = tempfile::tempdir().unwrap();
        let mailer = FileMailer::new(folder.path().join("outbox"), "Desk <desk@example.com>").unwrap();
        mailer.send(&mail("ana@example.com")).await.unwrap();
        let path = folder.path().join("outbox/1774000000000-job_1.eml");
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.contains("To: ana@example.com"), "{text}");
        assert!(text.contains("Message-ID: <job_1@example.com>"), "{text}");
        assert!(!text.lines().any(|line| line.starts_with("Bcc:")), "{text}");
    }

    #[tokio::test]
    async fn a_wrong_address_is_refused_for_good() {
        let folder = tempfile::tempdir().unwrap();
        let mailer = FileMailer::new(folder.path().to_owned(), "desk@example.com").unwrap();
        assert!(matches!(mailer.send(&mail("nobody")).await, Err(MailError::Refused(_))));
    }
}
