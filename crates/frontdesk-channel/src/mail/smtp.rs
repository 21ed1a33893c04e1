//! Mail over SMTP (RFC 5321), with TLS from the start (RFC 8314) or by STARTTLS (RFC 3207).

use std::net::IpAddr;
use std::time::Duration;

use async_trait::async_trait;
use frontdesk_domain::connection::{ConnectionCategory, VendorAuth, VendorManifest};
use frontdesk_domain::permit::Permit;
use frontdesk_domain::time::Timestamp;
use lettre::message::Mailbox;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::{SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::letter::{self, Letter, Post, redeem};
use super::{Mail, MailError, Mailer, mailbox, message};
use crate::channel::{ChannelError, SentMessage};

/// Longest wait for the server at each step.
const TIMEOUT: Duration = Duration::from_secs(20);

/// How the connection is protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpSecurity {
    /// TLS from the start, usually port 465.
    Tls,
    /// Begins in the clear and turns to TLS before anything is said, usually port 587.
    #[default]
    Starttls,
    /// None; for a server on the same machine.
    None,
}

/// Where the mail server is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpSettings {
    /// The server's name.
    pub host: String,
    /// Its port; the usual one of the security when absent.
    #[serde(default)]
    pub port: Option<u16>,
    /// How the connection is protected.
    #[serde(default)]
    pub security: SmtpSecurity,
    /// Who signs in; nobody when absent.
    #[serde(default)]
    pub username: Option<String>,
    /// The sender, such as `Front desk <desk@example.com>`.
    pub from: String,
}

impl SmtpSettings {
    /// The port that is used.
    pub const fn effective_port(&self) -> u16 {
        match (self.port, self.security) {
            (Some(port), _) => port,
            (None, SmtpSecurity::Tls) => SUBMISSIONS_PORT,
            (None, SmtpSecurity::Starttls) => SUBMISSION_PORT,
            (None, SmtpSecurity::None) => SMTP_PORT,
        }
    }
}

/// What the vendor says about itself.
pub fn manifest() -> VendorManifest {
    VendorManifest {
        id: "smtp".to_owned(),
        name: "Mail server (SMTP)".to_owned(),
        category: ConnectionCategory::Mail,
        settings_schema: json!({
            "type": "object", "additionalProperties": false, "required": ["host", "from"],
            "properties": {
                "host": {"type": "string", "minLength": 1, "maxLength": 253, "title": "Server",
                    "examples": ["smtp.example.com"]},
                "port": {"type": ["integer", "null"], "minimum": 1, "maximum": 65535, "title": "Port"},
                "security": {"enum": ["tls", "starttls", "none"], "default": "starttls", "title": "Protection"},
                "username": {"type": ["string", "null"], "maxLength": 254, "title": "User name"},
                "from": {"type": "string", "minLength": 3, "maxLength": 320, "title": "Sender",
                    "examples": ["Front desk <desk@example.com>"]},
            },
        }),
        auth: VendorAuth::OptionalPassword,
        hook: None,
        docs: "https://www.rfc-editor.org/rfc/rfc6409".to_owned(),
    }
}

/// Sends mail through a server.
#[derive(Debug)]
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    destination: String,
}

impl SmtpMailer {
    /// A mailer for this server. Does not connect yet.
    ///
    /// # Errors
    /// When the sender is not an address or the server's name cannot be used with TLS.
    pub fn new(settings: &SmtpSettings, password: Option<&SecretString>) -> Result<Self, MailError> {
        Self::pinned(settings, password, None)
    }

    /// A mailer that connects to this address and takes the settings' host for the name that TLS must prove. For
    /// servers that users name: the address was looked up and checked before, and the name is not looked up again.
    ///
    /// # Errors
    /// As [`SmtpMailer::new`].
    pub fn pinned(
        settings: &SmtpSettings,
        password: Option<&SecretString>,
        address: Option<IpAddr>,
    ) -> Result<Self, MailError> {
        let tls = || {
            TlsParameters::new(settings.host.clone())
                .map_err(|error| MailError::Refused(format!("the server `{}`: {error}", settings.host)))
        };
        let tls = match settings.security {
            SmtpSecurity::Tls => Tls::Wrapper(tls()?),
            SmtpSecurity::Starttls => Tls::Required(tls()?),
            SmtpSecurity::None => Tls::None,
        };
        let server = address.map_or_else(|| settings.host.clone(), |address| address.to_string());
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server)
            .tls(tls)
            .port(settings.effective_port())
            .timeout(Some(TIMEOUT));
        if let (Some(username), Some(password)) = (&settings.username, password) {
            builder =
                builder.credentials(Credentials::new(username.clone(), password.expose_secret().to_owned()));
        }
        Ok(Self {
            transport: builder.build(),
            from: mailbox(&settings.from)?,
            destination: format!("the mail server {}", settings.host),
        })
    }
}

#[async_trait]
impl Post for SmtpMailer {
    async fn post(
        &self,
        permit: Permit,
        letter: &Letter,
        now: Timestamp,
    ) -> Result<SentMessage, ChannelError> {
        redeem(permit, letter, now)?;
        let message = letter::message(&self.from, letter).map_err(|error| letter::explain("smtp", error))?;
        let sent = self.transport.send(message).await;
        sent.map(|_| SentMessage { vendor_id: None }).map_err(|error| match explain(&error) {
            MailError::Refused(reason) if is_no_mailbox(&error) => {
                ChannelError::Bounced { vendor: "smtp", reason }
            }
            MailError::Unavailable(reason) if may_have_left(&error) => {
                ChannelError::Uncertain { vendor: "smtp", reason }
            }
            other => letter::explain("smtp", other),
        })
    }

    async fn ready(&self) -> Result<String, ChannelError> {
        self.check().await.map_err(|error| letter::explain("smtp", error))?;
        Ok(format!("{} lets us in.", self.destination))
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    fn destination(&self) -> String {
        self.destination.clone()
    }

    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let message = message(&self.from, mail)?;
        self.transport.send(message).await.map(drop).map_err(|error| explain(&error))
    }

    async fn check(&self) -> Result<(), MailError> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => {
                Err(MailError::Unavailable("it answered, but not as a mail server should".to_owned()))
            }
            Err(error) => Err(explain(&error)),
        }
    }
}

/// Whether the connection broke after it stood: the server may have taken the letter and not have come to say so. An
/// answer of the server, or none to connecting, says that it did not.
fn may_have_left(error: &SmtpError) -> bool {
    let answered = error.is_transient() || error.is_permanent();
    let not_begun = error.is_client() || error.is_tls() || error.is_transport_shutdown();
    // The library tells a connection that never stood by its words alone.
    !answered && !not_begun && !error.to_string().starts_with("Connection error")
}

/// Whether the server refused because of the address, not because of us or of what the letter says. With an enhanced
/// code (RFC 3463) by that: bad mailbox, system, syntax or place, ambiguous, moved, no longer in use, or closed. Without
/// one by the codes that RFC 5321 §4.2.3 and RFC 7504 give to mailboxes.
fn is_no_mailbox(error: &SmtpError) -> bool {
    let Some(code) = error.status().filter(|_| error.is_permanent()).map(u16::from) else { return false };
    let said = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let first = said.split_whitespace().next().unwrap_or_default();
    let is_enhanced = {
        let parts: Vec<&str> = first.split('.').collect();
        parts.len() == 3 && parts.iter().all(|it| !it.is_empty() && it.bytes().all(|b| b.is_ascii_digit()))
    };
    if is_enhanced {
        return matches!(first, "5.1.1" | "5.1.2" | "5.1.3" | "5.1.4" | "5.1.6" | "5.1.10" | "5.2.1");
    }
    matches!(code, 550 | 551 | 553 | 556)
}

/// 5xx answers are final (RFC 5321 §4.2.1); everything else may pass.
fn explain(error: &SmtpError) -> MailError {
    let mut reason = error.to_string();
    if let Some(cause) = std::error::Error::source(error) {
        reason = format!("{reason}: {cause}");
    }
    if error.is_permanent() { MailError::Refused(reason) } else { MailError::Unavailable(reason) }
}
