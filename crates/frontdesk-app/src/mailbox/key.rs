//! What signs a workspace's mail and links: the addresses that answers go to, the links that end a mailing or lead to a
//! file, and the header by which our own mail is known when it comes back. One secret for each workspace, made when it is needed first.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use frontdesk_channel::mail_in::{self, ReplyKey};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{FileId, MessageId, WorkspaceId};
use frontdesk_domain::time::Timestamp;
use frontdesk_store::mail_key;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use uuid::Uuid;

use crate::secret::Column;
use crate::{App, AppError, Result};

/// Bytes of the secret.
const LENGTH: usize = 32;
/// Bytes of a link's signature: 80 bits, which nobody guesses over HTTP.
const SIGNATURE: usize = 10;

/// What a link in a message is for: one is never taken for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// Ends mailings to whoever got the message.
    Unsubscribe,
    /// The picture that tells that it was opened.
    Opened,
}

impl Link {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Unsubscribe => b"frontdesk unsubscribe v1\0",
            Self::Opened => b"frontdesk opened v1\0",
        }
    }
}

/// A workspace's secret for its mail.
#[derive(Debug, Clone)]
pub(crate) struct MailKey {
    workspace: WorkspaceId,
    secret: SecretString,
}

/// The workspace's key; made when there is none yet.
pub(crate) async fn of(app: &App, workspace: WorkspaceId) -> Result<MailKey> {
    let scope = Scope::system(workspace);
    let sealed = match mail_key::find(app.store.reader(), scope).await? {
        Some(sealed) => sealed,
        None => make(app, workspace).await?,
    };
    Ok(MailKey { workspace, secret: app.vault.unseal(workspace, Column::MailKey, &sealed)? })
}

async fn make(app: &App, workspace: WorkspaceId) -> Result<String> {
    let mut bytes = [0_u8; LENGTH];
    app.random.fill(&mut bytes);
    let sealed = app.vault.seal(workspace, Column::MailKey, &STANDARD.encode(bytes), app.random.as_ref())?;
    let tx = app.store.begin(&app.system(workspace, "mail-key")).await?;
    mail_key::insert(&tx, tx.scope(), &sealed).await?;
    // Another process may have been faster; its key is the one.
    let kept = mail_key::find(&tx, tx.scope()).await?;
    tx.commit().await?;
    kept.ok_or_else(|| AppError::Internal("a mail key that was stored is not there".to_owned()))
}

impl MailKey {
    fn bytes(&self) -> &[u8] {
        self.secret.expose_secret().as_bytes()
    }

    /// What signs the addresses that answers go to.
    pub(crate) fn reply(&self) -> ReplyKey {
        ReplyKey::new(self.bytes(), self.workspace)
    }

    /// What our mail carries, so that it is known when it comes back.
    pub(crate) fn loop_token(&self) -> String {
        mail_in::loop_token(self.bytes())
    }

    fn signature(&self, link: Link, message: MessageId) -> Option<Hmac<Sha256>> {
        let mac = Hmac::<Sha256>::new_from_slice(self.bytes()).ok()?;
        let mac = mac.chain_update(link.label()).chain_update(self.workspace.uuid().as_bytes());
        Some(mac.chain_update(message.uuid().as_bytes()))
    }

    /// The token of a link in a message.
    pub(crate) fn token(&self, link: Link, message: MessageId) -> Option<String> {
        let mut bytes = self.workspace.uuid().as_bytes().to_vec();
        bytes.extend(message.uuid().as_bytes());
        bytes.extend(self.signature(link, message)?.finalize().into_bytes().iter().take(SIGNATURE));
        Some(URL_SAFE_NO_PAD.encode(bytes))
    }

    fn file_signature(&self, file: FileId, until: Timestamp) -> Option<Hmac<Sha256>> {
        let mac = Hmac::<Sha256>::new_from_slice(self.bytes()).ok()?;
        let mac = mac.chain_update(b"frontdesk file v1\0").chain_update(self.workspace.uuid().as_bytes());
        Some(mac.chain_update(file.uuid().as_bytes()).chain_update(until.as_millis().to_be_bytes()))
    }

    /// The token of the link by which a vendor fetches a file, until an instant.
    pub(crate) fn file_token(&self, file: FileId, until: Timestamp) -> Option<String> {
        let mut bytes = self.workspace.uuid().as_bytes().to_vec();
        bytes.extend(file.uuid().as_bytes());
        bytes.extend(until.as_millis().to_be_bytes());
        bytes.extend(self.file_signature(file, until)?.finalize().into_bytes().iter().take(SIGNATURE));
        Some(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Whether this key signed the token of a file.
    pub(crate) fn signed_file(&self, token: &FileToken) -> bool {
        token.workspace == self.workspace
            && self
                .file_signature(token.file, token.until)
                .is_some_and(|mac| mac.verify_truncated_left(&token.signature).is_ok())
    }

    /// Whether this key signed the token, for a link of this kind.
    pub(crate) fn signed(&self, link: Link, token: &Token) -> bool {
        token.workspace == self.workspace
            && self
                .signature(link, token.message)
                .is_some_and(|mac| mac.verify_truncated_left(&token.signature).is_ok())
    }
}

/// A link's token, as it claims to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The message whose reader follows the link.
    pub message: MessageId,
    signature: Vec<u8>,
}

/// The token of a link to a file, as it claims to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileToken {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The file.
    pub file: FileId,
    /// Until when it holds.
    pub until: Timestamp,
    signature: Vec<u8>,
}

impl FileToken {
    /// Reads a token; whether it is to be believed [`MailKey::signed_file`] says.
    pub(crate) fn read(token: &str) -> Option<Self> {
        if token.len() > 100 {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (workspace, rest) = bytes.split_at_checked(16)?;
        let (file, rest) = rest.split_at_checked(16)?;
        let (until, signature) = rest.split_first_chunk::<8>()?;
        (signature.len() == SIGNATURE).then_some(())?;
        Some(Self {
            workspace: WorkspaceId::from_uuid(Uuid::from_slice(workspace).ok()?),
            file: FileId::from_uuid(Uuid::from_slice(file).ok()?),
            until: Timestamp::from_millis(i64::from_be_bytes(*until)),
            signature: signature.to_vec(),
        })
    }
}

/// Reads a token; whether it is to be believed [`MailKey::signed`] says.
pub(crate) fn read(token: &str) -> Option<Token> {
    if token.len() > 100 {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (workspace, rest) = bytes.split_at_checked(16)?;
    let (message, signature) = rest.split_at_checked(16)?;
    (signature.len() == SIGNATURE).then_some(())?;
    Some(Token {
        workspace: WorkspaceId::from_uuid(Uuid::from_slice(workspace).ok()?),
        message: MessageId::from_uuid(Uuid::from_slice(message).ok()?),
        signature: signature.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use frontdesk_domain::random::SeededRandom;

    use super::*;

    #[test]
    fn a_link_to_a_file_is_believed_only_for_that_file_and_that_long() {
        let (now, random) = (Timestamp::from_millis(1_774_000_000_000), SeededRandom::new(2));
        let key = MailKey { workspace: WorkspaceId::new(now, &random), secret: SecretString::from("one") };
        let file = FileId::new(now, &random);
        let token = FileToken::read(&key.file_token(file, now).unwrap()).unwrap();
        assert_eq!((token.file, token.until), (file, now));
        assert!(key.signed_file(&token));
        let later = Timestamp::from_millis(1_775_000_000_000);
        assert!(!key.signed_file(&FileToken { until: later, ..token.clone() }));
        assert!(!key.signed_file(&FileToken { file: FileId::new(now, &random), ..token }));
        // A link of another kind is none.
        let other = key.token(Link::Unsubscribe, MessageId::new(now, &random)).unwrap();
        assert!(FileToken::read(&other).is_none());
    }

    #[test]
    fn a_link_is_believed_only_as_it_was_signed() {
        let (now, random) = (Timestamp::from_millis(1_774_000_000_000), SeededRandom::new(1));
        let (workspace, message) = (WorkspaceId::new(now, &random), MessageId::new(now, &random));
        let key = MailKey { workspace, secret: SecretString::from("one") };
        let token = key.token(Link::Unsubscribe, message).unwrap();
        let known = read(&token).unwrap();
        assert_eq!((known.workspace, known.message), (workspace, message));
        assert!(key.signed(Link::Unsubscribe, &known));
        let other = MailKey { workspace, secret: SecretString::from("two") };
        assert!(!other.signed(Link::Unsubscribe, &known));
        let elsewhere = Token { message: MessageId::new(now, &random), ..known };
        assert!(!key.signed(Link::Unsubscribe, &elsewhere));
        for wrong in ["", "abc", &token[1..], &format!("{token}A")] {
            assert!(read(wrong).is_none_or(|it| !key.signed(Link::Unsubscribe, &it)), "{wrong}");
        }
    }
}
