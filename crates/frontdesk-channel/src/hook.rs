//! What vendors' calls have in common: why one is not believed, comparing secrets without telling them by the time it
//! takes, words of theirs cut to size. Each vendor's folder reads its own calls.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Most characters of a vendor's words that are kept.
const MAX_WORDS: usize = 300;

/// Why a call is not believed or not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HookError {
    /// The proof is missing, or nobody who knows the secret made it.
    #[error("the call is not signed with this connection's secret")]
    Signature,
    /// It is signed and makes no sense.
    #[error("the call cannot be read: {0}")]
    Body(String),
}

impl From<serde_json::Error> for HookError {
    fn from(error: serde_json::Error) -> Self {
        Self::Body(error.to_string())
    }
}

/// Whether two secrets are the same. How long it takes tells nothing of where they differ; an empty one equals nothing.
pub fn same_secret(ours: &str, given: &str) -> bool {
    let digest = |text: &str| {
        Hmac::<Sha256>::new_from_slice(b"compare").map(|mac| mac.chain_update(text.as_bytes())).ok()
    };
    let (Some(ours_digest), Some(given_digest)) = (digest(ours), digest(given)) else { return false };
    !ours.is_empty() && ours_digest.verify(&given_digest.finalize().into_bytes()).is_ok()
}

/// One line, not endless.
pub fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_secret_is_the_same() {
        assert!(same_secret("a-secret", "a-secret"));
        assert!(!same_secret("a-secret", "a-secre"));
        assert!(!same_secret("a-secret", ""));
        assert!(!same_secret("", ""));
    }
}
