//! What signs a workspace's mail and links: the addresses that answers go to, the links that end a mailing or lead to a
//! file, and the header by which our own mail is known when it comes back.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use frontdesk_channel::mail_in::{self, ReplyKey};
use frontdesk_domain::id::WorkspaceId;
use frontdesk_domain::time::Timestamp;
use frontdesk_store::workspace_key::KeyKind;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use uuid::Uuid;

use crate::{App, Result, workspace_key};

/// Bytes of a link's signature: 80 bits, which nobody guesses over HTTP.
const SIGNATURE: usize = 10;

/// What a link is for: one is never taken for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// Ends mailings to whoever got the message.
    Unsubscribe,
    /// The picture that tells that it was opened.
    Opened,
    /// A file, until a vendor has fetched it.
    File,
}

impl Link {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Unsubscribe => b"frontdesk unsubscribe v1\0",
            Self::Opened => b"frontdesk opened v1\0",
            Self::File => b"frontdesk file v1\0",
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
    Ok(MailKey { workspace, secret: workspace_key::of(app, workspace, KeyKind::Mail).await? })
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

    fn signature(&self, link: Link, claim: &[u8]) -> Option<Hmac<Sha256>> {
        let mac = Hmac::<Sha256>::new_from_slice(self.bytes()).ok()?;
        Some(mac.chain_update(link.label()).chain_update(claim))
    }

    /// The token of a link about a message or a file; without `until` it holds for good.
    pub(crate) fn token(&self, link: Link, subject: Uuid, until: Option<Timestamp>) -> Option<String> {
        let mut bytes = claim(self.workspace, subject, until);
        let signature = self.signature(link, &bytes)?.finalize().into_bytes();
        bytes.extend(signature.iter().take(SIGNATURE));
        Some(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Whether this key signed the token, for a link of this kind.
    pub(crate) fn signed(&self, link: Link, token: &Token) -> bool {
        let claim = claim(token.workspace, token.subject, token.until);
        token.workspace == self.workspace
            && self
                .signature(link, &claim)
                .is_some_and(|mac| mac.verify_truncated_left(&token.signature).is_ok())
    }
}

/// What a link's token says, in bytes.
fn claim(workspace: WorkspaceId, subject: Uuid, until: Option<Timestamp>) -> Vec<u8> {
    let mut bytes = [*workspace.uuid().as_bytes(), *subject.as_bytes()].concat();
    bytes.extend(until.map(|until| until.as_millis().to_be_bytes()).into_iter().flatten());
    bytes
}

/// A link's token, as it claims to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The message or the file that the link is about.
    pub subject: Uuid,
    /// Until when it holds, where that has an end.
    pub until: Option<Timestamp>,
    signature: Vec<u8>,
}

/// Reads a token; whether it is to be believed [`MailKey::signed`] says.
pub(crate) fn read(token: &str) -> Option<Token> {
    if token.len() > 100 {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (claim, signature) = bytes.split_at_checked(bytes.len().checked_sub(SIGNATURE)?)?;
    let (workspace, rest) = claim.split_first_chunk::<16>()?;
    let (subject, until) = rest.split_first_chunk::<16>()?;
    let until = match until {
        [] => None,
        until => Some(Timestamp::from_millis(i64::from_be_bytes(until.try_into().ok()?))),
    };
    Some(Token {
        workspace: WorkspaceId::from_uuid(Uuid::from_bytes(*workspace)),
        subject: Uuid::from_bytes(*subject),
        until,
        signature: signature.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use frontdesk_domain::id::{FileId, MessageId};
    use frontdesk_domain::random::SeededRandom;

    use super::*;

    #[test]
    fn a_link_to_a_file_is_believed_only_for_that_file_and_that_long() {
        let (now, random) = (Timestamp::from_millis(1_774_000_000_000), SeededRandom::new(2));
        let key = MailKey { workspace: WorkspaceId::new(now, &random), secret: SecretString::from("one") };
        let file = FileId::new(now, &random).uuid();
        let token = read(&key.token(Link::File, file, Some(now)).unwrap()).unwrap();
        assert_eq!((token.subject, token.until), (file, Some(now)));
        assert!(key.signed(Link::File, &token));
        let later = Some(Timestamp::from_millis(1_775_000_000_000));
        assert!(!key.signed(Link::File, &Token { until: later, ..token.clone() }));
        assert!(!key.signed(Link::File, &Token { until: None, ..token.clone() }));
        assert!(
            !key.signed(Link::File, &Token { subject: FileId::new(now, &random).uuid(), ..token.clone() })
        );
        assert!(!key.signed(Link::Opened, &token));
    }

    #[test]
    fn a_link_is_believed_only_as_it_was_signed() {
        let (now, random) = (Timestamp::from_millis(1_774_000_000_000), SeededRandom::new(1));
        let (workspace, message) = (WorkspaceId::new(now, &random), MessageId::new(now, &random).uuid());
        let key = MailKey { workspace, secret: SecretString::from("one") };
        let token = key.token(Link::Unsubscribe, message, None).unwrap();
        let known = read(&token).unwrap();
        assert_eq!((known.workspace, known.subject, known.until), (workspace, message, None));
        assert!(key.signed(Link::Unsubscribe, &known));
        assert!(!key.signed(Link::Opened, &known));
        let other = MailKey { workspace, secret: SecretString::from("two") };
        assert!(!other.signed(Link::Unsubscribe, &known));
        let elsewhere = Token { subject: MessageId::new(now, &random).uuid(), ..known };
        assert!(!key.signed(Link::Unsubscribe, &elsewhere));
        for wrong in ["", "abc", &token[1..], &format!("{token}A")] {
            assert!(read(wrong).is_none_or(|it| !key.signed(Link::Unsubscribe, &it)), "{wrong}");
        }
    }
}
