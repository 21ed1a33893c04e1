//! WhatsApp, by the vendor's own Cloud API (Graph API), checked against its published OpenAPI description.
//!
//! - [`client`](self): sending, receipts, the state of the number; `body` is what a message looks like on the wire.
//! - [`template`]: what the vendor must approve before it may open a conversation.
//! - [`media`]: fetching what a customer sent.
//! - [`hook`]: the vendor's calls.
//! - [`error`]: the vendor's codes in plain words.
//!
//! A customer's address is their number in E.164 or, when they have taken a username and so hide it, the vendor's id of
//! them for this business, such as `US.13491208655302741918` ([`is_user_id`]).
//!
//! Whether a customer may be written to freely (24 hours after their last message) is for the compliance gate to judge;
//! the vendor takes a message outside the window and reports its failure later.

mod body;
mod client;
pub mod error;
pub mod hook;
pub mod media;
pub mod template;

use frontdesk_domain::connection::{ConnectionCategory, VendorAuth, VendorManifest};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub use client::WhatsappChannel;
pub use template::{NewTemplate, TemplateButton, WhatsappTemplate};

/// The channel's name, as permits state it.
pub const WHATSAPP: &str = frontdesk_domain::conversation::Channel::Whatsapp.as_str();
/// The vendor's id in the list of vendors.
pub const VENDOR: &str = "whatsapp";

/// Settings of a connection. Its secret is the access token; its hook secret the app's secret, which signs the calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhatsappSettings {
    /// The vendor's id of the business's number.
    pub phone_number_id: String,
    /// The vendor's id of the WhatsApp Business account, which owns the templates.
    pub business_account_id: String,
    /// What the vendor says once to prove that the webhook was meant for it; made up by the owner.
    pub verify_token: String,
    /// The API's address.
    #[serde(default = "default_base_url")]
    pub base_url: String,
    /// The API's version.
    #[serde(default = "default_version")]
    pub version: String,
}

/// Whether an address is the vendor's id of a customer for one business (a "business-scoped user ID"): a country, a dot,
/// then up to 128 letters and digits; of several businesses under one roof with `ENT.` between.
pub fn is_user_id(address: &str) -> bool {
    let Some((country, rest)) = address.split_once('.') else { return false };
    let id = rest.strip_prefix("ENT.").unwrap_or(rest);
    country.len() == 2
        && country.bytes().all(|byte| byte.is_ascii_uppercase())
        && (1..=128).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn default_base_url() -> String {
    "https://graph.facebook.com".to_owned()
}

fn default_version() -> String {
    "v23.0".to_owned()
}

/// What the vendor says about itself.
pub fn manifest() -> VendorManifest {
    let id = |title: &str, example: &str| json!({"type": "string", "pattern": "^[0-9]{1,32}$", "title": title, "examples": [example]});
    VendorManifest {
        id: VENDOR.to_owned(),
        name: "WhatsApp".to_owned(),
        category: ConnectionCategory::Whatsapp,
        settings_schema: json!({
            "type": "object", "additionalProperties": false,
            "required": ["phone_number_id", "business_account_id", "verify_token"],
            "properties": {
                "phone_number_id": id("Phone number ID", "106540352242922"),
                "business_account_id": id("WhatsApp Business account ID", "102290129340398"),
                "verify_token": {"type": "string", "minLength": 8, "maxLength": 200, "title": "Verify token",
                    "description": "Any words you make up; enter the same in Meta's webhook form.",
                    "examples": ["front desk of riverside dental"]},
                "base_url": {"type": "string", "format": "uri", "maxLength": 500, "title": "Address of the API",
                    "default": default_base_url()},
                "version": {"type": "string", "pattern": "^v[0-9]{1,3}\\.[0-9]{1,2}$", "title": "Version of the API",
                    "default": default_version()},
            },
        }),
        auth: VendorAuth::ApiKey,
        hook: Some(hook::PATH.to_owned()),
        docs: "https://developers.facebook.com/docs/whatsapp/cloud-api/get-started".to_owned(),
    }
}
