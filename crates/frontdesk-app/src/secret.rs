//! Secrets at rest: sealed with XChaCha20-Poly1305 under a key from the key ring.
//!
//! A sealed secret is `x1:<key id>:<base64 of nonce and ciphertext>`. The workspace and the column are authenticated
//! with it, so a row cannot be moved to another workspace or another use. The key ring is a text file, one
//! `<key id> <base64 key>` per line, newest first; new secrets are sealed with the first, old ones are opened with the
//! key they name. To store another kind of secret, add its column to [`Column`] and its rows to [`rotate`].

use std::fmt;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};
use frontdesk_domain::context::{Context, Scope};
use frontdesk_domain::id::WorkspaceId;
use frontdesk_domain::random::Random;
use frontdesk_store::connection::{self, SecretKind};
use frontdesk_store::workspace_key::{self, KeyKind};
use secrecy::SecretString;

use crate::{App, AppError};

/// Where a secret lives; part of what is authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The secret of a connection.
    ConnectionSecret,
    /// What a vendor signs its calls with.
    HookSecret,
    /// A key that every workspace has one of.
    Key(KeyKind),
    /// A token on its way into an account mail.
    MailToken,
    /// What proves that who comes back from a consent page is who asked; lives for minutes.
    ConsentVerifier,
    /// Where a page of addresses ended, for those who do not see them.
    Cursor,
}

impl Column {
    const fn name(self) -> &'static str {
        match self {
            Self::ConnectionSecret => "connection.secret",
            Self::HookSecret => "connection.hook_secret",
            Self::Key(KeyKind::Mail) => "mail_key.sealed",
            Self::Key(KeyKind::Webhook) => "webhook_key.sealed",
            Self::MailToken => "job.account_mail",
            Self::ConsentVerifier => "calendar_consent.verifier",
            Self::Cursor => "cursor",
        }
    }
}

/// What goes wrong with secrets.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The key ring cannot be read or written.
    #[error("key ring {path}: {reason}")]
    Ring {
        /// The file.
        path: String,
        /// What happened.
        reason: String,
    },
    /// The secret names a key that is not in the ring.
    #[error(
        "the key `{0}` is not in the key ring; restore the ring that was in use when the secret was stored"
    )]
    UnknownKey(String),
    /// Not a sealed secret, or one that was changed or moved.
    #[error("a stored secret cannot be opened: it was damaged or moved")]
    Damaged,
}

impl From<SecretError> for AppError {
    fn from(error: SecretError) -> Self {
        Self::Internal(error.to_string())
    }
}

#[derive(Clone)]
struct RingKey {
    id: String,
    cipher: XChaCha20Poly1305,
}

/// Seals and opens secrets. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    keys: Arc<RwLock<Vec<RingKey>>>,
    /// The ring's file; absent when the ring came from configuration.
    path: Option<PathBuf>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("path", &self.path).finish_non_exhaustive()
    }
}

const VERSION: &str = "x1";
const NONCE: usize = 24;

impl Vault {
    /// With the ring in this file, which is made, readable by its owner alone, when it is missing.
    pub fn open(path: &Path, random: &dyn Random) -> Result<Self, SecretError> {
        let failed = |error: std::io::Error| ring_error(path, error.to_string());
        let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        match made {
            Ok(mut file) => {
                file.write_all(new_line(random).as_bytes()).map_err(failed)?;
                file.sync_all().map_err(failed)?;
                tracing::info!(path = %path.display(), "made a new key ring; back it up apart from the database");
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => warn_if_open(path),
            Err(error) => return Err(failed(error)),
        }
        let vault = Self { keys: Arc::default(), path: Some(path.to_owned()) };
        vault.reload()?;
        Ok(vault)
    }

    /// With a ring from configuration, in the form of the file.
    pub fn from_text(text: &str) -> Result<Self, SecretError> {
        Ok(Self { keys: Arc::new(RwLock::new(parse(Path::new("(configuration)"), text)?)), path: None })
    }

    fn reload(&self) -> Result<(), SecretError> {
        let Some(path) = &self.path else { return Ok(()) };
        let text = std::fs::read_to_string(path).map_err(|error| ring_error(path, error.to_string()))?;
        let keys = parse(path, &text)?;
        *self.keys.write().unwrap_or_else(std::sync::PoisonError::into_inner) = keys;
        Ok(())
    }

    fn current(&self) -> Result<RingKey, SecretError> {
        let keys = self.keys.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        keys.first().cloned().ok_or_else(|| SecretError::UnknownKey("(none)".to_owned()))
    }

    fn find(&self, id: &str) -> Option<RingKey> {
        let keys = self.keys.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        keys.iter().find(|key| key.id == id).cloned()
    }

    /// What every secret sealed with the newest key starts with.
    pub fn current_prefix(&self) -> Result<String, SecretError> {
        Ok(format!("{VERSION}:{}:", self.current()?.id))
    }

    /// Seals a secret for one workspace and use.
    pub fn seal(
        &self,
        workspace: WorkspaceId,
        column: Column,
        secret: &str,
        random: &dyn Random,
    ) -> Result<String, SecretError> {
        // Another process may have added a key. Sealing is rare, so the file is read each time.
        self.reload()?;
        let key = self.current()?;
        let mut nonce = [0_u8; NONCE];
        random.fill(&mut nonce);
        let payload = Payload { msg: secret.as_bytes(), aad: &associated(workspace, column) };
        let sealed = key.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| SecretError::Damaged)?;
        let mut bytes = nonce.to_vec();
        bytes.extend_from_slice(&sealed);
        Ok(format!("{VERSION}:{}:{}", key.id, STANDARD.encode(bytes)))
    }

    /// Opens a sealed secret of this workspace and use.
    pub fn unseal(
        &self,
        workspace: WorkspaceId,
        column: Column,
        sealed: &str,
    ) -> Result<SecretString, SecretError> {
        let mut parts = sealed.splitn(3, ':');
        let (Some(VERSION), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(SecretError::Damaged);
        };
        let key = if let Some(key) = self.find(id) {
            key
        } else {
            self.reload()?;
            self.find(id).ok_or_else(|| SecretError::UnknownKey(id.to_owned()))?
        };
        let bytes = STANDARD.decode(encoded).map_err(|_| SecretError::Damaged)?;
        let (nonce, ciphertext) = bytes.split_first_chunk::<NONCE>().ok_or(SecretError::Damaged)?;
        let payload = Payload { msg: ciphertext, aad: &associated(workspace, column) };
        let opened = key.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| SecretError::Damaged)?;
        String::from_utf8(opened).map(SecretString::from).map_err(|_| SecretError::Damaged)
    }

    /// Puts a new key first in the ring's file; the others stay, to open what they sealed.
    pub fn add_key(&self, random: &dyn Random) -> Result<(), SecretError> {
        let Some(path) = &self.path else {
            return Err(ring_error(
                Path::new("(configuration)"),
                "the key ring comes from configuration; put a new key in front of it there and run this again"
                    .to_owned(),
            ));
        };
        let failed = |error: std::io::Error| ring_error(path, error.to_string());
        let old = std::fs::read_to_string(path).map_err(failed)?;
        let unfinished = path.with_extension("new");
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&unfinished)
            .map_err(failed)?;
        file.write_all(format!("{}{old}", new_line(random)).as_bytes()).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        std::fs::rename(&unfinished, path).map_err(failed)?;
        self.reload()
    }
}

fn ring_error(path: &Path, reason: String) -> SecretError {
    SecretError::Ring { path: path.display().to_string(), reason }
}

fn warn_if_open(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let open = std::fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0);
    if open {
        tracing::warn!(path = %path.display(), "others on this machine can read the key ring; set its mode to 0600");
    }
}

fn new_line(random: &dyn Random) -> String {
    let mut key = [0_u8; 32];
    random.fill(&mut key);
    let mut id = [0_u8; 4];
    random.fill(&mut id);
    format!("k{} {}\n", crate::token::hex(&id), STANDARD.encode(key))
}

fn parse(path: &Path, text: &str) -> Result<Vec<RingKey>, SecretError> {
    let mut keys = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let key = line.split_once(' ').and_then(|(id, encoded)| {
            let usable = !id.is_empty() && id.len() <= 32 && id.chars().all(|c| c.is_ascii_alphanumeric());
            let bytes: [u8; 32] = STANDARD.decode(encoded.trim()).ok()?.try_into().ok()?;
            usable.then(|| RingKey { id: id.to_owned(), cipher: XChaCha20Poly1305::new(&Key::from(bytes)) })
        });
        keys.push(key.ok_or_else(|| {
            ring_error(path, format!("line {} is not `<id> <base64 of 32 bytes>`", index + 1))
        })?);
    }
    if keys.is_empty() {
        return Err(ring_error(path, "holds no key".to_owned()));
    }
    Ok(keys)
}

fn associated(workspace: WorkspaceId, column: Column) -> Vec<u8> {
    format!("frontdesk:{}:{}", workspace.uuid().simple(), column.name()).into_bytes()
}

/// How a rotation went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rotation {
    /// Secrets sealed with the newest key now.
    pub resealed: u64,
    /// Secrets that no key of the ring opens; they stay as they are.
    pub unreadable: u64,
}

/// Secrets that are resealed in one unit of work.
const BATCH: u32 = 100;

/// Adds a key and reseals every secret with it, in batches. Interrupted, it goes on where it stopped when it is run
/// again; it is then not yet another key that is added, the one of the interrupted run is used.
pub async fn rotate(app: &App) -> crate::Result<Rotation> {
    let ctx = app.system(WorkspaceId::INSTALLATION, "rotate-key");
    let resumed = reseal_all(app, &ctx).await?;
    if resumed.resealed > 0 {
        return Ok(resumed);
    }
    app.vault.add_key(ctx.random.as_ref())?;
    reseal_all(app, &ctx).await
}

async fn reseal_all(app: &App, ctx: &Context) -> crate::Result<Rotation> {
    let mut rotation = Rotation::default();
    for kind in [SecretKind::Own, SecretKind::Hook] {
        reseal_kind(app, ctx, kind, &mut rotation).await?;
    }
    for kind in [KeyKind::Mail, KeyKind::Webhook] {
        reseal_keys(app, ctx, kind, &mut rotation).await?;
    }
    Ok(rotation)
}

/// Reseals the keys that every workspace has one of.
async fn reseal_keys(app: &App, ctx: &Context, kind: KeyKind, rotation: &mut Rotation) -> crate::Result<()> {
    let prefix = app.vault.current_prefix()?;
    let mut after = None;
    loop {
        let batch = workspace_key::everywhere(app.store.reader(), kind, &prefix, after, BATCH).await?;
        let Some((last, _)) = batch.last() else { return Ok(()) };
        after = Some(*last);
        let tx = app.store.begin(ctx).await?;
        for (workspace, sealed) in &batch {
            match reseal(app, ctx, (*workspace, Column::Key(kind)), sealed) {
                Ok(new) => {
                    if workspace_key::reseal(&tx, Scope::system(*workspace), kind, sealed, &new).await? {
                        rotation.resealed += 1;
                    }
                }
                Err(error) => {
                    tracing::error!(%error, %workspace, ?kind, "a key could not be resealed");
                    rotation.unreadable += 1;
                }
            }
        }
        tx.audit("secret.rotate", None, serde_json::json!({ "secrets": batch.len() }));
        tx.commit().await?;
    }
}

async fn reseal_kind(
    app: &App,
    ctx: &Context,
    kind: SecretKind,
    rotation: &mut Rotation,
) -> crate::Result<()> {
    let prefix = app.vault.current_prefix()?;
    let column = match kind {
        SecretKind::Own => Column::ConnectionSecret,
        SecretKind::Hook => Column::HookSecret,
    };
    let mut after = None;
    loop {
        let batch =
            connection::secrets_everywhere(app.store.reader(), kind, &prefix, after, BATCH.into()).await?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = Some(last.id);
        let tx = app.store.begin(ctx).await?;
        for stored in &batch {
            match reseal(app, ctx, (stored.workspace, column), &stored.sealed) {
                Ok(sealed) => {
                    let scope = Scope::system(stored.workspace);
                    if connection::reseal(&tx, scope, (stored.id, kind), &stored.sealed, &sealed).await? {
                        rotation.resealed += 1;
                    }
                }
                Err(error) => {
                    tracing::error!(%error, connection = %stored.id, "a secret could not be resealed");
                    rotation.unreadable += 1;
                }
            }
        }
        tx.audit("secret.rotate", None, serde_json::json!({ "secrets": batch.len() }));
        tx.commit().await?;
    }
}

fn reseal(
    app: &App,
    ctx: &Context,
    (workspace, column): (WorkspaceId, Column),
    sealed: &str,
) -> Result<String, SecretError> {
    use secrecy::ExposeSecret;
    let secret = app.vault.unseal(workspace, column, sealed)?;
    app.vault.seal(workspace, column, secret.expose_secret(), ctx.random.as_ref())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use frontdesk_domain::random::SeededRandom;
    use frontdesk_domain::time::Timestamp;
    use secrecy::ExposeSecret;

    use super::*;

    fn workspace(seed: u64) -> WorkspaceId {
        WorkspaceId::new(Timestamp::from_millis(1_774_000_000_000), &SeededRandom::new(seed))
    }

    #[test]
    fn the_ring_is_made_once_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let random = SeededRandom::new(1);
        let first = Vault::open(&path, &random).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let again = Vault::open(&path, &random).unwrap();
        assert_eq!(first.current_prefix().unwrap(), again.current_prefix().unwrap());
    }

    #[test]
    fn a_secret_opens_only_where_it_was_sealed() {
        let folder = tempfile::tempdir().unwrap();
        let random = SeededRandom::new(1);
        let vault = Vault::open(&folder.path().join("keys"), &random).unwrap();
        let sealed = vault.seal(workspace(1), Column::ConnectionSecret, "sk-123", &random).unwrap();
        assert!(!sealed.contains("sk-123"));
        let opened = vault.unseal(workspace(1), Column::ConnectionSecret, &sealed).unwrap();
        assert_eq!(opened.expose_secret(), "sk-123");
        assert!(matches!(
            vault.unseal(workspace(2), Column::ConnectionSecret, &sealed),
            Err(SecretError::Damaged)
        ));
        assert!(matches!(vault.unseal(workspace(1), Column::MailToken, &sealed), Err(SecretError::Damaged)));
        let mut changed = sealed.clone().into_bytes();
        let middle = changed.len() - 10;
        changed[middle] = if changed[middle] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(vault.unseal(workspace(1), Column::ConnectionSecret, &changed).is_err());
    }

    #[test]
    fn a_key_added_by_another_process_is_picked_up() {
        let folder = tempfile::tempdir().unwrap();
        let random = SeededRandom::new(1);
        let path = folder.path().join("keys");
        let (here, there) = (Vault::open(&path, &random).unwrap(), Vault::open(&path, &random).unwrap());
        let old = here.seal(workspace(1), Column::ConnectionSecret, "old", &random).unwrap();
        there.add_key(&random).unwrap();
        let new = there.seal(workspace(1), Column::ConnectionSecret, "new", &random).unwrap();
        for (sealed, secret) in [(&old, "old"), (&new, "new")] {
            let opened = here.unseal(workspace(1), Column::ConnectionSecret, sealed).unwrap();
            assert_eq!(opened.expose_secret(), secret);
        }
        let sealed = here.seal(workspace(1), Column::ConnectionSecret, "x", &random).unwrap();
        assert!(sealed.starts_with(&there.current_prefix().unwrap()));
    }

    #[test]
    fn a_damaged_ring_is_named_by_line() {
        let error = Vault::from_text("# comment\n\nk1 short\n").unwrap_err().to_string();
        assert!(error.contains("line 3"), "{error}");
    }
}
