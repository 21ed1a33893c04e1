//! A mailbox of any mail server, read over IMAP (RFC 9051 and RFC 3501) with TLS from the start or by STARTTLS.
//!
//! Mails are taken by their UIDs, in order, in bounded batches. Nothing is ever deleted or moved, and a mail is marked as
//! seen only when the caller says that it is stored; dying in between means hearing it again, which its Message-ID makes
//! harmless. Where the server offers it, new mail is waited for (IDLE, RFC 2177).

use std::net::IpAddr;
use std::time::Duration;

use async_imap::error::Error as LibraryError;
use async_imap::extensions::idle::IdleResponse;
use async_imap::{Client, Session};
use frontdesk_domain::connection::{ConnectionCategory, VendorAuth, VendorManifest};
use frontdesk_domain::time::Timestamp;
use futures_util::{Stream, StreamExt};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::time::timeout;

use super::Limits;
use super::imap_stream::{Budget, ImapStream, connect};

/// Longest wait for the server at each step.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Longest wait for one whole mail.
const MAIL_TIMEOUT: Duration = Duration::from_mins(3);
/// Longest waiting for news at a stretch; servers cut off after 29 minutes (RFC 2177).
const MAX_IDLE: Duration = Duration::from_mins(15);
/// Most mails of a batch.
const BATCH: usize = 20;
/// Most bytes that an answer without a mail in it may have.
const ANSWER: usize = 4 * 1024 * 1024;
/// Most characters of a server's words that are kept.
const MAX_WORDS: usize = 200;
const DAY: Duration = Duration::from_hours(24);

/// How the connection is protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImapSecurity {
    /// TLS from the start, usually port 993.
    #[default]
    Tls,
    /// Begins in the clear and turns to TLS before anything is said, usually port 143.
    Starttls,
    /// None; for a server on the same machine.
    None,
}

/// Where the mailbox is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImapSettings {
    /// The server's name.
    pub host: String,
    /// Its port; the usual one of the security when absent.
    #[serde(default)]
    pub port: Option<u16>,
    /// How the connection is protected.
    #[serde(default)]
    pub security: ImapSecurity,
    /// Who signs in.
    pub username: String,
    /// The folder that is read.
    #[serde(default = "default_folder")]
    pub folder: String,
    /// Seconds between looks where the server does not tell by itself.
    #[serde(default = "default_poll")]
    pub poll_seconds: u32,
    /// The mailbox's address, which answers go to, when the user name is none.
    #[serde(default)]
    pub address: Option<String>,
    /// Whether the server takes mail for `desk+anything@example.com` in the mailbox of `desk@example.com`.
    #[serde(default = "default_plus")]
    pub plus_addresses: bool,
}

const fn default_plus() -> bool {
    true
}

fn default_folder() -> String {
    "INBOX".to_owned()
}

const fn default_poll() -> u32 {
    60
}

impl ImapSettings {
    /// The mailbox's address, as far as it is known.
    pub fn own_address(&self) -> Option<&str> {
        let given = self.address.as_deref().map(str::trim).filter(|it| !it.is_empty());
        given.or_else(|| Some(self.username.trim()).filter(|it| it.contains('@')))
    }

    /// The port that is used.
    pub const fn effective_port(&self) -> u16 {
        match (self.port, self.security) {
            (Some(port), _) => port,
            (None, ImapSecurity::Tls) => 993,
            (None, ImapSecurity::Starttls | ImapSecurity::None) => 143,
        }
    }
}

/// What the vendor says about itself.
pub fn manifest() -> VendorManifest {
    VendorManifest {
        id: "imap".to_owned(),
        name: "Mailbox (IMAP)".to_owned(),
        category: ConnectionCategory::MailInbox,
        settings_schema: json!({
            "type": "object", "additionalProperties": false, "required": ["host", "username"],
            "properties": {
                "host": {"type": "string", "minLength": 1, "maxLength": 253, "title": "Server",
                    "examples": ["imap.example.com"]},
                "port": {"type": ["integer", "null"], "minimum": 1, "maximum": 65535, "title": "Port"},
                "security": {"enum": ["tls", "starttls", "none"], "default": "tls", "title": "Protection"},
                "username": {"type": "string", "minLength": 1, "maxLength": 254, "title": "User name",
                    "examples": ["desk@example.com"]},
                "folder": {"type": "string", "minLength": 1, "maxLength": 200, "title": "Folder",
                    "default": default_folder()},
                "address": {"type": ["string", "null"], "maxLength": 254, "title": "Address of the mailbox, if the user name is none",
                    "examples": ["desk@example.com"]},
                "plus_addresses": {"type": "boolean", "default": default_plus(),
                    "title": "Mail for desk+anything@example.com comes to this mailbox, too (most services); answers then \
                     surely find their conversation"},
                "poll_seconds": {"type": "integer", "minimum": 60, "maximum": 3600, "default": default_poll(),
                    "title": "Seconds between looks"},
            },
        }),
        auth: VendorAuth::OptionalPassword,
        hook: None,
        docs: "https://www.rfc-editor.org/rfc/rfc9051".to_owned(),
    }
}

/// Why a mailbox cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImapError {
    /// It will not be, now or later: wrong user name or password, no such folder.
    #[error("the mail server refuses: {0}")]
    Refused(String),
    /// The server did not answer or broke off; trying again may help.
    #[error("the mail server is not available: {0}")]
    Unavailable(String),
}

/// How far a mailbox was read. The caller keeps it with the mails it stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImapCursor {
    /// The numbering that `last_uid` is of.
    pub uid_validity: u32,
    /// The last mail that was taken.
    pub last_uid: u32,
}

/// A mail of the mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedMail {
    /// Its number.
    pub uid: u32,
    /// Its bytes, for [`parse`](super::parse()).
    pub bytes: Vec<u8>,
    /// When it came to the mailbox.
    pub received_at: Option<Timestamp>,
}

/// What is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Mails, oldest first.
    pub mails: Vec<FetchedMail>,
    /// Mails that are larger than is accepted, with their sizes in bytes; they stay where they are.
    pub too_large: Vec<(u32, u32)>,
    /// How far the mailbox is read once these are stored.
    pub cursor: ImapCursor,
    /// There is more already.
    pub more: bool,
    /// The server has numbered its mails anew since the last look.
    pub renumbered: bool,
}

/// An open mailbox.
#[derive(Debug)]
pub struct ImapInbox {
    session: Option<Session<ImapStream>>,
    budget: Budget,
    folder: String,
    poll: Duration,
    has_idle: bool,
}

impl ImapInbox {
    /// Connects and signs in. `address` is where the server's name leads, when that was looked up and checked before;
    /// TLS still wants the name proved. `roots` are certificates of a company's own authority (PEM).
    ///
    /// # Errors
    /// What the server said, in plain words.
    pub async fn open(
        settings: &ImapSettings,
        password: Option<&SecretString>,
        address: Option<IpAddr>,
        roots: &[String],
    ) -> Result<Self, ImapError> {
        let password = password.ok_or_else(|| ImapError::Refused("it needs a password".to_owned()))?;
        let (client, budget) = connect(settings, address, roots).await?;
        let mut session = step(login(client, &settings.username, password)).await?;
        let capabilities = step(run(session.capabilities())).await?;
        Ok(Self {
            session: Some(session),
            budget,
            folder: settings.folder.clone(),
            poll: Duration::from_secs(u64::from(settings.poll_seconds.max(1))),
            has_idle: capabilities.has_str("IDLE"),
        })
    }

    /// Whether the server tells by itself when mail comes.
    pub const fn has_idle(&self) -> bool {
        self.has_idle
    }

    /// Looks at the folder without changing anything; says in plain words what was seen.
    ///
    /// # Errors
    /// When there is no such folder, or no answer.
    pub async fn check(&mut self) -> Result<String, ImapError> {
        let folder = self.folder.clone();
        let mailbox = step(run(self.session()?.examine(&folder))).await?;
        let news = if self.has_idle { "tells when mail comes" } else { "is looked at every now and then" };
        Ok(format!("The folder {folder} has {} mails and {news}.", mailbox.exists))
    }

    /// Takes what is new since `cursor`, at most 20 mails. Without one nothing that is there already: the mailbox is read
    /// from now on. When the server has renumbered its mails, all that came since the day of `since` are taken, those that
    /// were taken before as well: their Message-IDs tell.
    ///
    /// # Errors
    /// What the server said, in plain words.
    pub async fn fetch(
        &mut self,
        cursor: Option<ImapCursor>,
        since: Timestamp,
        limits: &Limits,
    ) -> Result<Batch, ImapError> {
        self.budget.allow(ANSWER);
        let folder = self.folder.clone();
        let mailbox = step(run(self.session()?.select(&folder))).await?;
        let uid_validity = mailbox.uid_validity.unwrap_or_default();
        let newest = match mailbox.uid_next {
            Some(next) => next.saturating_sub(1),
            None => self.sizes("*").await?.last().map_or(0, |(uid, _)| *uid),
        };
        let Some(cursor) = cursor else {
            let cursor = ImapCursor { uid_validity, last_uid: newest };
            return Ok(Batch {
                mails: Vec::new(),
                too_large: Vec::new(),
                cursor,
                more: false,
                renumbered: false,
            });
        };
        let is_same = cursor.uid_validity == uid_validity;
        let after = if is_same { cursor.last_uid } else { 0 };
        let query = if is_same {
            format!("UID {}:*", after.saturating_add(1))
        } else {
            // A day of a server's own zone.
            format!("SINCE {}", since.minus(DAY).to_jiff().strftime("%d-%b-%Y"))
        };
        let found = step(run(self.session()?.uid_search(&query))).await?;
        // `n:*` gives the last mail even when its number is smaller (RFC 3501 §6.4.8).
        let mut uids: Vec<u32> = found.into_iter().filter(|uid| *uid > after).collect();
        uids.sort_unstable();
        let end = ImapCursor { uid_validity, last_uid: newest.max(after) };
        let batch = self.take(&uids, end, limits).await?;
        Ok(Batch { renumbered: !is_same, ..batch })
    }

    async fn take(&mut self, uids: &[u32], end: ImapCursor, limits: &Limits) -> Result<Batch, ImapError> {
        let mut batch =
            Batch { mails: Vec::new(), too_large: Vec::new(), cursor: end, more: false, renumbered: false };
        let first: Vec<u32> = uids.iter().copied().take(BATCH).collect();
        if first.is_empty() {
            return Ok(batch);
        }
        let mut sizes = self.sizes(&set(&first)).await?;
        sizes.retain(|(uid, _)| first.contains(uid));
        sizes.sort_unstable();
        let (mut bytes, mut last) = (0_usize, first.last().copied().unwrap_or_default());
        for (uid, size) in sizes {
            if size as usize > limits.bytes {
                batch.too_large.push((uid, size));
                continue;
            }
            if bytes > limits.bytes {
                batch.more = true;
                break;
            }
            if let Some(mail) = self.mail(uid, size as usize).await? {
                bytes += mail.bytes.len();
                batch.mails.push(mail);
            }
            last = uid;
        }
        batch.more |= uids.len() > first.len();
        if batch.more {
            batch.cursor.last_uid = last;
        }
        Ok(batch)
    }

    /// Numbers and sizes.
    async fn sizes(&mut self, set: &str) -> Result<Vec<(u32, u32)>, ImapError> {
        self.budget.allow(ANSWER);
        let session = self.session()?;
        let fetched = async {
            let stream = session.uid_fetch(set, "(UID RFC822.SIZE)").await.map_err(explain)?;
            collect(stream, |fetch| Some((fetch.uid?, fetch.size.unwrap_or_default()))).await
        };
        step(fetched).await
    }

    /// One mail; `None` when somebody deleted it a moment ago.
    async fn mail(&mut self, uid: u32, size: usize) -> Result<Option<FetchedMail>, ImapError> {
        self.budget.allow(ANSWER + size * 2);
        let session = self.session()?;
        let fetched = async {
            let what = "(UID INTERNALDATE BODY.PEEK[])";
            let stream = session.uid_fetch(uid.to_string(), what).await.map_err(explain)?;
            collect(stream, |fetch| {
                let received_at =
                    fetch.internal_date().map(|at| Timestamp::from_millis(at.timestamp_millis()));
                Some(FetchedMail { uid: fetch.uid?, bytes: fetch.body()?.to_vec(), received_at })
            })
            .await
        };
        let all = timeout(MAIL_TIMEOUT, fetched).await.map_err(|_| late())??;
        Ok(all.into_iter().find(|mail| mail.uid == uid))
    }

    /// Marks mails as seen, once they are stored.
    ///
    /// # Errors
    /// What the server said, in plain words.
    pub async fn mark_seen(&mut self, uids: &[u32]) -> Result<(), ImapError> {
        if uids.is_empty() {
            return Ok(());
        }
        self.budget.allow(ANSWER);
        let session = self.session()?;
        let stored = async {
            let stream = session.uid_store(set(uids), "+FLAGS.SILENT (\\Seen)").await.map_err(explain)?;
            collect(stream, |_| Some(())).await
        };
        step(stored).await.map(drop)
    }

    /// Waits until something changed in the folder that was read last, or `limit` or the time between looks has passed;
    /// says whether something may have changed. Dropping it while it waits closes the mailbox.
    ///
    /// # Errors
    /// What the server said, in plain words.
    pub async fn wait(&mut self, limit: Duration) -> Result<bool, ImapError> {
        self.budget.allow(ANSWER);
        if !self.has_idle {
            // There is nothing to wait for but the time.
            let _ = timeout(limit.min(self.poll), std::future::pending::<()>()).await;
            step(run(self.session()?.noop())).await?;
            return Ok(true);
        }
        let Some(session) = self.session.take() else { return Err(closed()) };
        let mut idle = session.idle();
        step(run(idle.init())).await?;
        let answer = {
            let (news, _stop) = idle.wait_with_timeout(limit.min(MAX_IDLE));
            news.await.map_err(explain)?
        };
        self.session = Some(step(run(idle.done())).await?);
        Ok(!matches!(answer, IdleResponse::Timeout))
    }

    /// Signs out; whether the server minds does not matter any more.
    pub async fn close(mut self) {
        if let Some(session) = &mut self.session {
            let _ = timeout(TIMEOUT, session.logout()).await;
        }
    }

    fn session(&mut self) -> Result<&mut Session<ImapStream>, ImapError> {
        self.session.as_mut().ok_or_else(closed)
    }
}

async fn login(
    client: Client<ImapStream>,
    username: &str,
    password: &SecretString,
) -> Result<Session<ImapStream>, ImapError> {
    client.login(username, password.expose_secret()).await.map_err(|(error, _)| match explain(error) {
        ImapError::Refused(words) => ImapError::Refused(format!("the user name or password: {words}")),
        other @ ImapError::Unavailable(_) => other,
    })
}

async fn run<T>(work: impl Future<Output = Result<T, LibraryError>>) -> Result<T, ImapError> {
    work.await.map_err(explain)
}

/// One step, not for ever.
pub(super) async fn step<T>(work: impl Future<Output = Result<T, ImapError>>) -> Result<T, ImapError> {
    timeout(TIMEOUT, work).await.map_err(|_| late())?
}

async fn collect<T>(
    stream: impl Stream<Item = Result<async_imap::types::Fetch, LibraryError>>,
    read: impl Fn(&async_imap::types::Fetch) -> Option<T>,
) -> Result<Vec<T>, ImapError> {
    let mut stream = std::pin::pin!(stream);
    let mut found = Vec::new();
    while let Some(fetch) = stream.next().await {
        found.extend(read(&fetch.map_err(explain)?));
    }
    Ok(found)
}

/// A set of numbers (RFC 3501 §9).
fn set(uids: &[u32]) -> String {
    uids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

fn closed() -> ImapError {
    ImapError::Unavailable("the connection is closed".to_owned())
}

fn late() -> ImapError {
    ImapError::Unavailable("it did not answer in time".to_owned())
}

/// What went wrong, without what the server sent: that may be somebody's mail.
pub(super) fn explain(error: LibraryError) -> ImapError {
    match error {
        LibraryError::No(words) | LibraryError::Bad(words) => ImapError::Refused(said(&words)),
        LibraryError::Io(error) if error.kind() == std::io::ErrorKind::Other => {
            ImapError::Unavailable("its answer cannot be read, or is too long".to_owned())
        }
        LibraryError::Io(error) => ImapError::Unavailable(said(&error.to_string())),
        LibraryError::ConnectionLost => ImapError::Unavailable("it broke the connection".to_owned()),
        _ => ImapError::Unavailable("its answer cannot be read".to_owned()),
    }
}

/// The library shows its structures; the server's words stand in quotation marks after `info:`.
fn said(words: &str) -> String {
    let inner = words
        .split_once("info: Some(\"")
        .and_then(|(_, rest)| rest.split_once("\")"))
        .map(|(words, _)| words);
    inner.unwrap_or(words).chars().filter(|c| !c.is_control()).take(MAX_WORDS).collect()
}
