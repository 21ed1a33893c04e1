//! A configured vendor: settings that may be shown and a secret that may not.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::ConnectionId;
use crate::time::Timestamp;

/// What a vendor is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionCategory {
    /// A language model.
    Model,
    /// An embedding model.
    Embedding,
    /// Outgoing mail.
    Mail,
    /// A calendar account; connected and disconnected with its calendars.
    Calendar,
    /// Text messages.
    Sms,
    /// WhatsApp.
    Whatsapp,
    /// Incoming mail.
    MailInbox,
    /// Telegram.
    Telegram,
    /// Where the team is told of things, such as a Discord channel.
    Notifier,
}

/// A configured vendor. Its secret is stored encrypted and never returned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// The vendor, such as `openai`.
    pub vendor: String,
    /// What it is for.
    pub category: ConnectionCategory,
    /// Its name in lists.
    pub name: String,
    /// Settings by the vendor's schema; never secrets.
    #[schema(value_type = Object)]
    pub settings: serde_json::Value,
    /// Whether a secret is stored.
    pub has_secret: bool,
    /// Whether what the vendor signs its calls with is stored.
    pub has_hook_secret: bool,
    /// Whether it may be used.
    pub enabled: bool,
    /// How the last test went: absent when never tested.
    pub last_test: Option<ConnectionTest>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// How a vendor knows who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VendorAuth {
    /// It does not ask.
    None,
    /// By a secret key.
    ApiKey,
    /// By a secret key, where the server wants one.
    OptionalApiKey,
    /// By a password, where the server wants one.
    OptionalPassword,
}

/// What a vendor says about itself; forms, checks and docs are made from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct VendorManifest {
    /// Its constant name, such as `openai`.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// What it is for.
    pub category: ConnectionCategory,
    /// JSON Schema (2020-12) of its settings.
    #[schema(value_type = Object)]
    pub settings_schema: serde_json::Value,
    /// How it knows who calls.
    pub auth: VendorAuth,
    /// Where it tells what became of things, under the installation's address, with `{connection}` for the
    /// connection's id; such calls are signed with the connection's `hook_secret`.
    pub hook: Option<String>,
    /// Where its own documentation is.
    pub docs: String,
}

/// How a test of a connection went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConnectionTest {
    /// Whether it worked.
    pub ok: bool,
    /// What was seen, in plain words.
    pub message: String,
    /// How long it took, in milliseconds.
    pub latency_ms: u32,
    /// When.
    pub at: Timestamp,
}
