//! Discord, where the team is told of things: a webhook that posts into one of its channels. Customers are not written to
//! this way, so there is no permit.

use std::time::Duration;

use frontdesk_domain::connection::{ConnectionCategory, VendorAuth, VendorManifest};
use frontdesk_http::{HttpClient, Target, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::answer::{asked_to_wait, not_answered, not_reached};
use crate::channel::ChannelError;
use crate::hook::words;
use crate::notifier::{Notices, notices_schema};

/// The vendor's constant name.
pub const VENDOR: &str = "discord";
/// Where webhooks are, unless the operator put a stand-in there.
const API: &str = "https://discord.com";
/// Most characters of an embed's title and words.
const MAX_TITLE: usize = 256;
const MAX_TEXT: usize = 4096;

/// Settings of a connection. Its secret is the webhook's address: who has it may post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiscordSettings {
    /// Where webhooks are.
    #[serde(default = "default_base_url")]
    pub base_url: String,
    /// Of what it is told.
    #[serde(default)]
    pub notices: Notices,
}

impl Default for DiscordSettings {
    fn default() -> Self {
        Self { base_url: default_base_url(), notices: Notices::default() }
    }
}

fn default_base_url() -> String {
    API.to_owned()
}

/// What the vendor says about itself.
pub fn manifest() -> VendorManifest {
    VendorManifest {
        id: VENDOR.to_owned(),
        name: "Discord".to_owned(),
        category: ConnectionCategory::Notifier,
        settings_schema: json!({
            "type": "object", "additionalProperties": false,
            "properties": {
                "base_url": {"type": "string", "format": "uri", "maxLength": 500, "title": "Address of the API",
                    "default": default_base_url()},
                "notices": notices_schema(),
            },
        }),
        auth: VendorAuth::ApiKey,
        hook: None,
        docs: "https://support.discord.com/hc/en-us/articles/228383668-Intro-to-Webhooks".to_owned(),
    }
}

/// Posts into one Discord channel.
pub struct DiscordNotifier {
    http: HttpClient,
    target: Target,
    url: SecretString,
}

impl std::fmt::Debug for DiscordNotifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DiscordNotifier").finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Limited {
    retry_after: f64,
}

#[derive(Deserialize)]
struct Hook {
    #[serde(default)]
    name: Option<String>,
}

impl DiscordNotifier {
    /// A notifier that posts to this webhook's address. Does not connect yet.
    ///
    /// # Errors
    /// [`ChannelError::Refused`] when the address is none of a webhook at Discord.
    pub fn new(
        settings: &DiscordSettings,
        webhook: &SecretString,
        http: HttpClient,
        target: Target,
    ) -> Result<Self, ChannelError> {
        let refused =
            |reason: &str| ChannelError::Refused { vendor: VENDOR, code: None, reason: reason.to_owned() };
        let wrong = || {
            refused(
                "a webhook's address looks like https://discord.com/api/webhooks/123/abc; copy it from Discord",
            )
        };
        let given = Url::parse(webhook.expose_secret().trim()).map_err(|_| wrong())?;
        let base = Url::parse(&settings.base_url)
            .map_err(|_| refused("the address of the API is no web address"))?;
        // Older addresses name an older host, which is the same.
        let is_there = given.origin() == base.origin()
            || given.origin().ascii_serialization() == "https://discordapp.com";
        let mut parts =
            given.path_segments().ok_or_else(wrong)?.skip_while(|part| *part != "webhooks").skip(1);
        let (id, token) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        if !is_there || !is_id || token.is_empty() || !token.bytes().all(is_token) {
            return Err(wrong());
        }
        let base = settings.base_url.trim_end_matches('/');
        Ok(Self { http, target, url: SecretString::from(format!("{base}/api/v10/webhooks/{id}/{token}")) })
    }

    /// Posts a notification with a link to where it can be dealt with. Nobody is mentioned by it, whatever the words are.
    ///
    /// # Errors
    /// What the vendor said; [`ChannelError::Uncertain`] when it may have posted it.
    pub async fn notify(&self, title: &str, text: &str, url: Option<&str>) -> Result<(), ChannelError> {
        let title: String = words(title).chars().take(MAX_TITLE).collect();
        let mut embed = Map::new();
        embed.insert("title".to_owned(), json!(title));
        embed.insert("description".to_owned(), json!(text.chars().take(MAX_TEXT).collect::<String>()));
        if let Some(url) = url {
            embed.insert("url".to_owned(), json!(url));
        }
        let body =
            json!({"content": title, "embeds": [Value::Object(embed)], "allowed_mentions": {"parse": []}});
        // With `wait` the vendor answers once it is posted.
        let call = self
            .http
            .post(self.target, self.url.expose_secret())
            .label("discord.notify")
            .query("wait", "true");
        let response =
            call.retries(0).json(&body).send().await.map_err(|error| not_answered(VENDOR, &error))?;
        if response.is_success() {
            return Ok(());
        }
        let status = response.status.as_u16();
        let reason = || format!("status {status}: {}", words(&self.hidden(&response.text())));
        Err(match status {
            429 => {
                let seconds = response.json::<Limited>().ok().map(|limited| limited.retry_after);
                let own =
                    seconds.filter(|seconds| (0.0..=86_400.0).contains(seconds)).map(Duration::from_secs_f64);
                let after = own.or_else(|| asked_to_wait(&response, self.http.clock().now()));
                ChannelError::Limited { vendor: VENDOR, after }
            }
            401 | 403 | 404 => ChannelError::Refused { vendor: VENDOR, code: None, reason: gone() },
            400..=499 => ChannelError::Refused { vendor: VENDOR, code: None, reason: reason() },
            _ => ChannelError::Uncertain { vendor: VENDOR, reason: reason() },
        })
    }

    /// Checks the webhook without posting anything; says in plain words what was seen.
    ///
    /// # Errors
    /// What the vendor said.
    pub async fn check(&self) -> Result<String, ChannelError> {
        let call = self.http.get(self.target, self.url.expose_secret()).label("discord.check");
        let response = call.send().await.map_err(|error| not_reached(VENDOR, &error))?;
        match response.status.as_u16() {
            200..=299 => {
                let hook: Hook = response.json().map_err(|error| not_reached(VENDOR, &error))?;
                Ok(format!("The webhook is there: {}.", hook.name.as_deref().unwrap_or("it has no name")))
            }
            401 | 403 | 404 => Err(ChannelError::Refused { vendor: VENDOR, code: None, reason: gone() }),
            429 => Err(ChannelError::Limited {
                vendor: VENDOR,
                after: asked_to_wait(&response, self.http.clock().now()),
            }),
            status => Err(ChannelError::Unavailable { vendor: VENDOR, reason: format!("status {status}") }),
        }
    }

    /// Words of the vendor's without the address, which would let anyone post.
    fn hidden(&self, said: &str) -> String {
        let token = self.url.expose_secret().rsplit('/').next().unwrap_or_default();
        if token.is_empty() { said.to_owned() } else { said.replace(token, "[token]") }
    }
}

fn gone() -> String {
    "Discord does not know this webhook any more; make a new one in the channel's settings and store its address in the \
     connection"
        .to_owned()
}
