//! Tokens that open something: random text that is shown once, and the hash that is kept.
//!
//! A token holds 256 random bits, so a plain hash is enough at rest: there is nothing to guess. Passwords are another
//! matter, see `password.rs`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use frontdesk_domain::random::Random;
use sha2::{Digest, Sha256};

/// Opens the API for minutes.
pub const ACCESS: &str = "fd_at_";
/// Gives the next pair of tokens, once.
pub const REFRESH: &str = "fd_rt_";
/// A program's key.
pub const API_KEY: &str = "fd_sk_";
/// Resets a password, once.
pub const RESET: &str = "fd_pr_";
/// Joins a team, once.
pub const INVITATION: &str = "fd_in_";
/// A widget's publishable key; no secret.
pub const WIDGET_KEY: &str = "pk_";

/// A new token: the prefix and 256 random bits.
pub fn generate(prefix: &str, random: &dyn Random) -> String {
    let mut bytes = [0_u8; 32];
    random.fill(&mut bytes);
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// A new public identifier: the prefix and 120 random bits; short enough for a snippet.
pub fn generate_short(prefix: &str, random: &dyn Random) -> String {
    let mut bytes = [0_u8; 15];
    random.fill(&mut bytes);
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// What is kept of a token: SHA-256 as 64 hexadecimal digits.
pub fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use frontdesk_domain::random::SeededRandom;

    use super::*;

    #[test]
    fn a_token_names_its_use_and_its_hash_is_sha_256() {
        let token = generate(ACCESS, &SeededRandom::new(1));
        assert!(token.starts_with("fd_at_") && token.len() == 6 + 43, "{token}");
        // FIPS 180-2, appendix B.1.
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
