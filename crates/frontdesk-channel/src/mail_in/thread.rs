//! Which conversation a mail belongs to: by the signed address it went to, or by the ids of our mails that it answers.
//! Never by its subject.
//!
//! Neither says who wrote it. Both are known to everybody who got or saw our mail, so a mail from somebody who is no
//! part of the conversation is somebody else joining it; the caller decides what that may do.

use frontdesk_domain::id::{ConversationId, MessageId, WorkspaceId};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use super::IncomingMail;

/// Bytes of the signature: 80 bits, which nobody guesses by mail.
const SIGNATURE: usize = 10;
/// Characters of a token.
const TOKEN: usize = 42;
/// Longest local part (RFC 5321 §4.5.3.1.1).
const MAX_LOCAL: usize = 64;
/// Lower case alone: mail systems change the case of local parts.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// Most ids that are looked at.
const MAX_IDS: usize = 60;

/// What signs the addresses of one workspace.
#[derive(Clone)]
pub struct ReplyKey(Hmac<Sha256>);

impl std::fmt::Debug for ReplyKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReplyKey")
    }
}

impl ReplyKey {
    /// The key of a workspace under an installation's secret.
    pub fn new(secret: &[u8], workspace: WorkspaceId) -> Self {
        // Any length is a key to HMAC; a failure could only make a key that nobody has.
        let mac = Hmac::<Sha256>::new_from_slice(secret).unwrap_or_else(|_| Hmac::new(&[0; 64].into()));
        Self(mac.chain_update(b"frontdesk reply address v1\0").chain_update(workspace.uuid().as_bytes()))
    }

    fn sign(&self, conversation: &[u8]) -> Hmac<Sha256> {
        self.0.clone().chain_update(conversation)
    }
}

/// The address that answers to a conversation go to: `base` with a token behind its local part. `None` when `base` is no
/// address or leaves no room for one.
pub fn sign_reply_address(key: &ReplyKey, base: &str, conversation: ConversationId) -> Option<String> {
    let (local, domain) = base.trim().rsplit_once('@')?;
    if local.is_empty() || domain.is_empty() || local.len() + 1 + TOKEN > MAX_LOCAL {
        return None;
    }
    let mut bytes = conversation.uuid().as_bytes().to_vec();
    bytes.extend(key.sign(conversation.uuid().as_bytes()).finalize().into_bytes().iter().take(SIGNATURE));
    Some(format!("{local}+{}@{domain}", encode(&bytes)))
}

/// The conversation of an address, when this key signed it. Upper and lower case are the same.
pub fn read_reply_address(key: &ReplyKey, address: &str) -> Option<ConversationId> {
    let (local, _) = address.trim().trim_matches(['<', '>']).rsplit_once('@')?;
    let (_, token) = local.rsplit_once('+')?;
    let bytes = decode(token)?;
    let (id, signature) = bytes.split_at_checked(16)?;
    key.sign(id).verify_truncated_left(signature).ok()?;
    Some(ConversationId::from_uuid(Uuid::from_slice(id).ok()?))
}

/// The conversation that one of a mail's recipients names.
pub fn conversation(key: &ReplyKey, mail: &IncomingMail) -> Option<ConversationId> {
    mail.recipients().find_map(|to| read_reply_address(key, &to.address))
}

/// The id of a mail that a message of a conversation leaves as; before its `@`.
pub fn mail_id(message: MessageId) -> String {
    message.to_string()
}

/// A mail that is answered, by its Message-ID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentId {
    /// The whole id, without brackets.
    pub whole: String,
    /// What is before its `@`: the [`Mail::id`](crate::mail::Mail::id), if it was ours.
    pub mail: String,
    /// The message it names, when it has the form of [`mail_id`].
    pub message: Option<MessageId>,
}

/// The mails that a mail answers, nearest first. Which of them are ours the caller looks up.
pub fn sent_ids(mail: &IncomingMail) -> Vec<SentId> {
    let mut found: Vec<SentId> = Vec::new();
    for whole in mail.in_reply_to.iter().chain(mail.references.iter().rev()).take(MAX_IDS) {
        let id = whole.split('@').next().unwrap_or_default();
        if !found.iter().any(|known| known.whole == *whole) {
            let message = id.to_ascii_lowercase().parse().ok();
            found.push(SentId { whole: whole.clone(), mail: id.to_owned(), message });
        }
    }
    found
}

/// Base32 (RFC 4648 §6) in lower case, without padding.
fn encode(bytes: &[u8]) -> String {
    let mut out = String::new();
    let (mut held, mut bits) = (0_u32, 0_u32);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.extend(ALPHABET.get((held >> bits) as usize & 31).map(|byte| *byte as char));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        out.extend(ALPHABET.get((held << (5 - bits)) as usize & 31).map(|byte| *byte as char));
    }
    out
}

fn decode(text: &str) -> Option<Vec<u8>> {
    if text.len() != TOKEN {
        return None;
    }
    let mut out = Vec::with_capacity(26);
    let (mut held, mut bits) = (0_u32, 0_u32);
    for byte in text.bytes() {
        let five = ALPHABET.iter().position(|known| *known == byte.to_ascii_lowercase())?;
        held = held << 5 | five as u32;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    // One token is written in one way only.
    (held == 0).then_some(out)
}

#[cfg(test)]
mod tests {
    use frontdesk_domain::random::SeededRandom;
    use frontdesk_domain::time::Timestamp;

    use super::*;

    fn ids() -> (WorkspaceId, ConversationId) {
        let (now, random) = (Timestamp::from_millis(1_774_000_000_000), SeededRandom::new(1));
        (WorkspaceId::new(now, &random), ConversationId::new(now, &random))
    }

    #[test]
    fn an_address_names_its_conversation_in_any_case_and_only_to_its_workspace() {
        let (workspace, conversation) = ids();
        let key = ReplyKey::new(b"secret", workspace);
        let address = sign_reply_address(&key, "reply@in.example.com", conversation).unwrap();
        assert!(address.starts_with("reply+") && address.ends_with("@in.example.com"), "{address}");
        assert!(address.split('@').next().unwrap().len() <= MAX_LOCAL);
        assert_eq!(read_reply_address(&key, &address), Some(conversation));
        assert_eq!(read_reply_address(&key, &address.to_uppercase()), Some(conversation));
        let stranger = ReplyKey::new(b"secret", WorkspaceId::INSTALLATION);
        assert_eq!(read_reply_address(&stranger, &address), None);
        assert_eq!(read_reply_address(&ReplyKey::new(b"other", workspace), &address), None);
    }

    #[test]
    fn no_changed_letter_is_believed() {
        let (workspace, conversation) = ids();
        let key = ReplyKey::new(b"secret", workspace);
        let address = sign_reply_address(&key, "r@example.com", conversation).unwrap();
        let token = 2..2 + TOKEN;
        for at in token {
            for letter in ["a", "b", "z", "7", "1", "%"] {
                let mut forged = address.clone();
                forged.replace_range(at..=at, letter);
                let expected = (forged == address).then_some(conversation);
                assert_eq!(read_reply_address(&key, &forged), expected, "{forged}");
            }
        }
        for wrong in ["", "@", "r@example.com", "r+@example.com", "r+abc@example.com", &address[..20]] {
            assert_eq!(read_reply_address(&key, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_base_without_room_is_refused() {
        let (workspace, conversation) = ids();
        let key = ReplyKey::new(b"secret", workspace);
        assert!(sign_reply_address(&key, "appointments-office-1@example.com", conversation).is_some());
        assert_eq!(sign_reply_address(&key, "appointments-office-12@example.com", conversation), None);
        assert_eq!(sign_reply_address(&key, "nobody", conversation), None);
    }

    #[test]
    fn answered_ids_come_nearest_first_and_ours_are_recognised() {
        let (_, conversation) = ids();
        let message = MessageId::from_uuid(conversation.uuid());
        let ours = format!("{}@example.com", mail_id(message));
        let mail = IncomingMail {
            in_reply_to: Some(ours.to_uppercase()),
            references: vec!["first@a".to_owned(), "second@a".to_owned(), ours.to_uppercase()],
            ..IncomingMail::default()
        };
        let found = sent_ids(&mail);
        assert_eq!(
            found.iter().map(|it| it.mail.as_str()).collect::<Vec<_>>(),
            [&found[0].mail, "second", "first"]
        );
        assert_eq!(found[0].message, Some(message));
        assert_eq!(found[1].message, None);
    }
}
