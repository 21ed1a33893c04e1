//! Where the team is told of things: a chat of theirs. Customers are not written to this way, so there is no permit.
//!
//! To add a place: a variant of [`Notifier`], its settings with [`Notices`] among them, and its manifest.

use frontdesk_domain::connection::{ConnectionCategory, VendorAuth, VendorManifest};
use frontdesk_http::{HttpClient, Target};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::channel::ChannelError;
use crate::discord::{self, DiscordNotifier, DiscordSettings};
use crate::telegram::{TelegramChannel, TelegramSettings};

/// The constant name of Telegram as a place to tell the team.
pub const TELEGRAM_TEAM: &str = "telegram_team";

/// Of what a place is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Notices {
    /// A new lead.
    pub leads: bool,
    /// A customer asks for a person.
    pub handoffs: bool,
    /// An appointment is made, moved or called off.
    pub bookings: bool,
    /// A message failed, could not be brought, or is in doubt.
    pub messages: bool,
}

impl Default for Notices {
    fn default() -> Self {
        Self { leads: true, handoffs: true, bookings: true, messages: true }
    }
}

/// The schema of [`Notices`], for the settings of a place.
pub(crate) fn notices_schema() -> Value {
    let switch = |title: &str| json!({ "type": "boolean", "default": true, "title": title });
    json!({
        "type": "object", "additionalProperties": false, "title": "What is told there",
        "properties": {
            "leads": switch("New leads"),
            "handoffs": switch("Somebody asks for a person"),
            "bookings": switch("Appointments made, moved or called off"),
            "messages": switch("Messages that failed or are in doubt"),
        },
    })
}

/// Settings of a Telegram chat of the team's. The secret is the bot's token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelegramTeamSettings {
    /// The chat: a number, below zero for a group.
    pub chat_id: String,
    /// The API's address.
    #[serde(default = "telegram_base")]
    pub base_url: String,
    /// Of what it is told.
    #[serde(default)]
    pub notices: Notices,
}

fn telegram_base() -> String {
    TelegramSettings::default().base_url
}

/// What Telegram says about itself as a place to tell the team.
pub fn telegram_manifest() -> VendorManifest {
    VendorManifest {
        id: TELEGRAM_TEAM.to_owned(),
        name: "Telegram (team chat)".to_owned(),
        category: ConnectionCategory::Notifier,
        settings_schema: json!({
            "type": "object", "additionalProperties": false, "required": ["chat_id"],
            "properties": {
                "chat_id": {"type": "string", "pattern": "^-?[0-9]{1,20}$", "maxLength": 21, "title": "Id of the chat",
                    "description": "A number, below zero for a group. The bot has to be in the group.",
                    "examples": ["-1001234567890"]},
                "base_url": {"type": "string", "format": "uri", "maxLength": 500, "title": "Address of the API",
                    "default": telegram_base()},
                "notices": notices_schema(),
            },
        }),
        auth: VendorAuth::ApiKey,
        hook: None,
        docs: "https://core.telegram.org/bots/features#botfather".to_owned(),
    }
}

/// A chat of the team's.
#[derive(Debug)]
pub enum Notifier {
    /// A channel on Discord.
    Discord(DiscordNotifier),
    /// A chat on Telegram.
    Telegram(TelegramChannel, i64),
}

impl Notifier {
    /// The place that a connection's settings and secret lead to. Does not connect yet.
    ///
    /// # Errors
    /// [`ChannelError::Refused`] when they lead nowhere.
    pub fn new(
        vendor: &str,
        settings: &Value,
        secret: SecretString,
        http: HttpClient,
        target: Target,
    ) -> Result<Self, ChannelError> {
        let unreadable = |vendor: &'static str, error: &serde_json::Error| ChannelError::Refused {
            vendor,
            code: None,
            reason: format!("its settings cannot be read: {error}"),
        };
        if vendor == discord::VENDOR {
            let settings = DiscordSettings::deserialize(settings)
                .map_err(|error| unreadable(discord::VENDOR, &error))?;
            return DiscordNotifier::new(&settings, &secret, http, target).map(Self::Discord);
        }
        let settings =
            TelegramTeamSettings::deserialize(settings).map_err(|error| unreadable(TELEGRAM_TEAM, &error))?;
        let chat = settings.chat_id.parse().map_err(|_| ChannelError::Refused {
            vendor: TELEGRAM_TEAM,
            code: None,
            reason: "the id of the chat is not a number".to_owned(),
        })?;
        let settings = TelegramSettings { base_url: settings.base_url };
        Ok(Self::Telegram(TelegramChannel::new(&settings, secret, http, target)?, chat))
    }

    /// Says something there, with a link to where it can be dealt with.
    ///
    /// # Errors
    /// What the vendor said; [`ChannelError::Uncertain`] when it may have been said.
    pub async fn notify(&self, title: &str, text: &str, url: &str) -> Result<(), ChannelError> {
        match self {
            Self::Discord(discord) => discord.notify(title, text, Some(url)).await,
            Self::Telegram(telegram, chat) => telegram.tell(*chat, &format!("{title}\n{text}\n{url}")).await,
        }
    }
}

/// Of what a connected place is told; `None` when its settings cannot be read.
pub fn notices(vendor: &str, settings: &Value) -> Option<Notices> {
    if vendor == discord::VENDOR {
        DiscordSettings::deserialize(settings).ok().map(|settings| settings.notices)
    } else {
        TelegramTeamSettings::deserialize(settings).ok().map(|settings| settings.notices)
    }
}
