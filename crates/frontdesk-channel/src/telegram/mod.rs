//! Telegram, by the vendor's own Bot API, checked against a machine-readable copy of its description.
//!
//! A bot cannot write first: a customer opens the chat. Their address is the chat's id. The vendor neither knows a
//! repeated message nor tells what becomes of one, so a message whose answer was lost stays in doubt for a person.
//!
//! - [`client`](self): sending, files, the webhook.
//! - [`hook`]: the vendor's calls.

mod client;
pub mod hook;

use frontdesk_domain::connection::{ConnectionCategory, VendorAuth, VendorManifest};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub use client::TelegramChannel;

/// The channel's name, as permits state it.
pub const TELEGRAM: &str = frontdesk_domain::conversation::Channel::Telegram.as_str();
/// The vendor's constant name.
pub const VENDOR: &str = "telegram";

/// Settings of a connection. Its secret is the bot's token; its hook secret is what the vendor sends along with its calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelegramSettings {
    /// The API's address.
    #[serde(default = "default_base_url")]
    pub base_url: String,
}

impl Default for TelegramSettings {
    fn default() -> Self {
        Self { base_url: default_base_url() }
    }
}

fn default_base_url() -> String {
    "https://api.telegram.org".to_owned()
}

/// What the vendor says about itself.
pub fn manifest() -> VendorManifest {
    VendorManifest {
        id: VENDOR.to_owned(),
        name: "Telegram".to_owned(),
        category: ConnectionCategory::Telegram,
        settings_schema: json!({
            "type": "object", "additionalProperties": false,
            "properties": {
                "base_url": {"type": "string", "format": "uri", "maxLength": 500, "title": "Address of the API",
                    "default": default_base_url()},
            },
        }),
        auth: VendorAuth::ApiKey,
        hook: Some(hook::PATH.to_owned()),
        docs: "https://core.telegram.org/bots/features#botfather".to_owned(),
    }
}

/// The vendor's id of a message: unique within its chat only, so the chat stands before it.
fn vendor_id(chat: i64, message: i64) -> String {
    format!("{chat}:{message}")
}
