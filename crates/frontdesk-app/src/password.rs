//! Passwords: argon2id (RFC 9106), off the async threads, a bounded number at once.
//!
//! Hashing is meant to be slow and hungry, so a flood of sign-ins waits in line here rather than take the machine.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use frontdesk_domain::random::Random;
use tokio::sync::Semaphore;

use crate::error::AppError;

/// Fewest characters of a new password (NIST SP 800-63B asks for at least 8).
pub const MIN_CHARS: usize = 10;
/// Most bytes of a password, so that hashing one is bounded.
pub const MAX_BYTES: usize = 1024;

/// Longest wait for a turn; whoever waits longer is told so, rather than pile up.
const PATIENCE: Duration = Duration::from_secs(15);

/// How hard hashing is.
#[derive(Debug, Clone, Copy)]
pub struct PasswordSettings {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Hashes at once; the rest wait.
    pub concurrency: usize,
}

impl Default for PasswordSettings {
    /// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, concurrency: 2 }
    }
}

/// Hashes and checks passwords. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Passwords(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    argon2: Argon2<'static>,
    turn: Semaphore,
    /// A hash that no password has: checked when the account is unknown, so that both answers take the same time.
    decoy: String,
}

impl Passwords {
    /// With these settings; the decoy's salt and password come from `random`.
    ///
    /// # Errors
    /// When the settings are out of argon2's bounds.
    pub fn new(settings: PasswordSettings, random: &dyn Random) -> Result<Self, AppError> {
        let params = Params::new(settings.memory_kib, settings.passes, 1, None)
            .map_err(|error| AppError::Internal(format!("password settings: {error}")))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut unknown = [0_u8; 32];
        random.fill(&mut unknown);
        let decoy = hash(&argon2, &unknown, random_salt(random))?;
        Ok(Self(Arc::new(Inner { argon2, turn: Semaphore::new(settings.concurrency.max(1)), decoy })))
    }

    /// The PHC string of a password.
    pub async fn hash(&self, password: &str, random: &dyn Random) -> Result<String, AppError> {
        let salt = random_salt(random);
        let password = password.to_owned();
        self.in_turn(move |inner| hash(&inner.argon2, password.as_bytes(), salt)).await?
    }

    /// Whether the password belongs to the hash. Without a hash the answer is no, and takes as long.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, AppError> {
        if password.len() > MAX_BYTES {
            return Ok(false);
        }
        let known = hash.map(str::to_owned);
        let password = password.to_owned();
        self.in_turn(move |inner| {
            let stored = known.as_deref().unwrap_or(&inner.decoy);
            let parsed = PasswordHash::new(stored)
                .map_err(|error| AppError::Internal(format!("stored password hash: {error}")))?;
            let matches = inner.argon2.verify_password(password.as_bytes(), &parsed).is_ok();
            Ok(matches && known.is_some())
        })
        .await?
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> T + Send + 'static,
    ) -> Result<T, AppError> {
        let busy = || AppError::Unavailable("many people are signing in; try again in a moment".to_owned());
        let turn = tokio::time::timeout(PATIENCE, self.0.turn.acquire()).await.map_err(|_| busy())?;
        let _turn = turn.map_err(|_| busy())?;
        let inner = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || work(&inner))
            .await
            .map_err(|error| AppError::Internal(format!("hashing a password: {error}")))
    }
}

fn random_salt(random: &dyn Random) -> [u8; 16] {
    let mut salt = [0_u8; 16];
    random.fill(&mut salt);
    salt
}

fn hash(argon2: &Argon2<'_>, password: &[u8], salt: [u8; 16]) -> Result<String, AppError> {
    let hashed: PasswordHash = argon2
        .hash_password_with_salt(password, &salt)
        .map_err(|error| AppError::Internal(format!("hashing a password: {error}")))?;
    Ok(hashed.to_string())
}

/// Why a new password is not good enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Shorter than [`MIN_CHARS`].
    #[error("is too short: at least {MIN_CHARS} characters")]
    TooShort,
    /// Longer than [`MAX_BYTES`].
    #[error("is too long: at most {MAX_BYTES} bytes")]
    TooLong,
    /// Among the first that anyone tries.
    #[error("is among the first that anyone would try; choose another")]
    Common,
    /// The address itself.
    #[error("must not be your e-mail address")]
    Email,
}

/// Passwords of ten characters and more that head every list of leaked ones.
const COMMON: &[&str] = &[
    "1234567890",
    "12345678910",
    "qwertyuiop",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "password12",
    "password123",
    "password1234",
    "passw0rd123",
    "iloveyou123",
    "qwerty12345",
    "qwerty123456",
    "welcome123",
    "administrator",
    "letmein123",
    "abcdefghij",
    "abc1234567",
    "0123456789",
    "9876543210",
    "changeme123",
];

/// A new password: long enough and not among the first that anyone tries (NIST SP 800-63B §5.1.1.2). No rules on
/// kinds of characters: they make passwords worse.
pub fn check(password: &str, email: &str) -> Result<String, WeakPassword> {
    let lowered = password.to_lowercase();
    if password.len() > MAX_BYTES {
        Err(WeakPassword::TooLong)
    } else if password.chars().count() < MIN_CHARS {
        Err(WeakPassword::TooShort)
    } else if lowered == email {
        Err(WeakPassword::Email)
    } else if COMMON.contains(&lowered.as_str()) || is_one_character(&lowered) {
        Err(WeakPassword::Common)
    } else {
        Ok(password.to_owned())
    }
}

fn is_one_character(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| chars.all(|c| c == first))
}

#[cfg(test)]
mod tests {
    use frontdesk_domain::random::SeededRandom;

    use super::*;

    fn quick() -> Passwords {
        let settings = PasswordSettings { memory_kib: 64, passes: 1, concurrency: 1 };
        Passwords::new(settings, &SeededRandom::new(1)).unwrap()
    }

    #[tokio::test]
    async fn a_password_is_known_again_and_another_is_not() {
        let passwords = quick();
        let hash = passwords.hash("correct horse", &SeededRandom::new(2)).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
        assert!(passwords.verify("correct horse", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("correct horsf", Some(&hash)).await.unwrap());
    }

    #[tokio::test]
    async fn an_unknown_account_is_never_let_in() {
        assert!(!quick().verify("anything", None).await.unwrap());
    }

    #[test]
    fn weak_passwords_are_refused() {
        assert_eq!(check("short", ""), Err(WeakPassword::TooShort));
        assert_eq!(check("Password123", ""), Err(WeakPassword::Common));
        assert_eq!(check("aaaaaaaaaaaa", ""), Err(WeakPassword::Common));
        assert_eq!(check("ana@example.com", "ana@example.com"), Err(WeakPassword::Email));
        assert_eq!(check(&"x1".repeat(600), ""), Err(WeakPassword::TooLong));
        assert!(check("correct horse battery", "ana@example.com").is_ok());
    }
}
