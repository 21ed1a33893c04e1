//! What the operator wants: defaults, then `frontdesk.toml`, then `FRONTDESK_*`, then flags; the later wins.
//!
//! Every option is a field of [`Config`]; nested ones are written `FRONTDESK_SMTP__HOST` in the environment. Unknown
//! names are refused, so that a typing mistake never passes for a setting.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use frontdesk_api::limit::LimitSettings;
use frontdesk_app::calendar::{Registration, Registrations};
use frontdesk_channel::SmtpSettings;
use serde::{Deserialize, Serialize};

use crate::clock::SystemClock;

/// The file that is read when no other is named.
const FILE: &str = "frontdesk.toml";

/// The whole configuration.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where files live: the embedded database, the key ring, the mail outbox.
    pub data_dir: PathBuf,
    /// `sqlite:PATH` or `postgres://...`; the embedded database in `data_dir` when absent.
    pub database_url: Option<String>,
    /// Most database connections.
    pub database_connections: u32,
    /// The address people reach this installation under; `http://` and the listening address when absent.
    pub public_url: Option<String>,
    /// Whether strangers may sign up.
    pub open_signup: bool,
    /// The key ring as text; a file in `data_dir`, made on first start, when absent.
    pub key_ring: Option<String>,
    /// `on`, or `off` for load and fuzz tests.
    pub rate_limits: Switch,
    /// How often each kind of route may be called; see [`LimitConfig`].
    pub limits: LimitConfig,
    /// Proxies of ours in front that add to `X-Forwarded-For`.
    pub trusted_proxies: u8,
    /// The server that carries account mail; without one, mail is written to `data_dir/outbox`.
    pub smtp: Option<SmtpConfig>,
    /// A sentence-transformers directory (all-MiniLM-L6-v2 layout); words alone decide when absent.
    pub embeddings_dir: Option<PathBuf>,
    /// Calendar vendors that ask for consent, by their ids; see [`CalendarConfig`].
    pub calendars: BTreeMap<String, CalendarConfig>,
    /// Private hosts that user-supplied addresses (crawls, model servers) may reach.
    pub allow_private_hosts: Vec<String>,
    /// Whether this process runs jobs.
    pub worker: bool,
    /// Jobs at once.
    pub worker_concurrency: usize,
    /// What is logged, such as `info` or `frontdesk=debug`.
    pub log: String,
    /// `text` or `json`.
    pub log_format: LogFormat,
    /// For fault runs: a clock that goes faster, such as `20@2026-11-21T19:00:00Z`; see [`SystemClock`].
    pub clock: SystemClock,
    /// Where traces go (OTLP over HTTP), such as `http://localhost:4318`; nowhere when absent.
    pub otlp_endpoint: Option<String>,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// Calls per window of each kind of route; absent ones keep their default, 0 switches one off.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitConfig {
    /// Sign-ins per 15 minutes and address.
    pub sign_in: Option<u32>,
    /// New chat sessions per minute and address.
    pub chat_session: Option<u32>,
    /// Chat messages per minute and session.
    pub chat: Option<u32>,
    /// Calls of a model per minute and caller.
    pub ai: Option<u32>,
    /// Changes per minute and caller.
    pub mutation: Option<u32>,
    /// Reads per minute and program.
    pub api: Option<u32>,
    /// Reads per minute and person in the dashboard.
    pub dashboard: Option<u32>,
    /// Provider webhooks per minute and webhook.
    pub webhook: Option<u32>,
    /// Anything else per minute and address.
    pub other: Option<u32>,
}

/// The server that carries account mail.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SmtpConfig {
    /// Server, security and sender.
    #[serde(flatten)]
    pub settings: SmtpSettings,
    /// The password.
    #[serde(default, skip_serializing)]
    pub password: Option<String>,
}

/// What the operator registered with a calendar vendor. Addresses are the vendor's own where they are absent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarConfig {
    /// The OAuth client's id; Calendly needs none, as people bring a token of their own.
    #[serde(default)]
    pub client_id: String,
    /// Its secret.
    #[serde(default, skip_serializing)]
    pub client_secret: String,
    /// The API's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// The consent page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_url: Option<String>,
    /// Where codes become tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_url: Option<String>,
    /// Where tokens are given back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoke_url: Option<String>,
    /// Microsoft's tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// Zoho's data centre.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_center: Option<String>,
}

/// The vendors a registration may be for.
const CALENDARS: [&str; 4] = ["google_calendar", "microsoft_calendar", "zoho_calendar", CALENDLY];
/// Where things are brought over from once, without a consent.
const CALENDLY: &str = "calendly";

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data_dir: PathBuf::from("data"),
            database_url: None,
            database_connections: 8,
            public_url: None,
            open_signup: true,
            key_ring: None,
            rate_limits: Switch::On,
            limits: LimitConfig::default(),
            trusted_proxies: 0,
            smtp: None,
            embeddings_dir: None,
            calendars: BTreeMap::new(),
            allow_private_hosts: Vec::new(),
            worker: true,
            worker_concurrency: 16,
            log: "info,sea_orm_migration=warn".to_owned(),
            log_format: LogFormat::Text,
            clock: SystemClock::default(),
            otlp_endpoint: None,
        }
    }
}

/// Options every command takes.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ConfigArgs {
    /// The configuration file [default: frontdesk.toml, if there is one]
    #[arg(long, global = true, env = "FRONTDESK_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where files live [default: data]
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// sqlite:PATH or postgres://... [default: the embedded database in the data directory]
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// What is logged, such as info or frontdesk=debug [default: info]
    #[arg(long, global = true, value_name = "FILTER")]
    pub log: Option<String>,
    /// How logs are written
    #[arg(long, global = true, value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
}

impl Config {
    /// Reads everything the operator said.
    pub fn read(args: &ConfigArgs) -> anyhow::Result<Self> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        figment = match &args.config {
            Some(file) if !file.exists() => {
                anyhow::bail!("the configuration file {} does not exist", file.display())
            }
            Some(file) => figment.merge(Toml::file_exact(file)),
            None if Path::new(FILE).exists() => figment.merge(Toml::file_exact(FILE)),
            None => figment,
        };
        // FRONTDESK_CONFIG names the file and FRONTDESK_BIN belongs to tests.
        let env = Env::prefixed("FRONTDESK_").ignore(&["config", "bin", "chromium"]).split("__");
        let mut config: Self = figment.merge(env).extract().context("the configuration cannot be used")?;
        if let Some(dir) = &args.data_dir {
            config.data_dir.clone_from(dir);
        }
        if let Some(url) = &args.database_url {
            config.database_url = Some(url.clone());
        }
        if let Some(log) = &args.log {
            config.log.clone_from(log);
        }
        if let Some(format) = args.log_format {
            config.log_format = format;
        }
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        if let Some(url) = &self.public_url {
            anyhow::ensure!(
                (url.starts_with("https://") || url.starts_with("http://")) && !url.ends_with('/'),
                "public_url must be an address such as https://desk.example.com, without a slash at the end; it is {url}"
            );
        }
        for (vendor, registered) in &self.calendars {
            anyhow::ensure!(
                CALENDARS.contains(&vendor.as_str()),
                "calendars.{vendor} is no calendar vendor; there are {}",
                CALENDARS.join(", ")
            );
            anyhow::ensure!(
                vendor == CALENDLY || !registered.client_id.is_empty(),
                "calendars.{vendor}.client_id is missing"
            );
        }
        anyhow::ensure!(self.worker_concurrency > 0, "worker_concurrency must be at least 1");
        Ok(())
    }

    /// Where the database is.
    pub fn database(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}?mode=rwc", self.file("frontdesk.db").display()))
    }

    /// A file in the data directory.
    pub fn file(&self, name: impl AsRef<Path>) -> PathBuf {
        self.data_dir.join(name)
    }

    /// The address people reach this installation under, without a slash at the end.
    pub fn address(&self) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.listen))
    }

    /// The operator's registrations with calendar vendors.
    pub fn calendars(&self) -> Registrations {
        let registered = self.calendars.iter().map(|(vendor, registered)| {
            let registration = Registration {
                // The secret is not part of the settings: it is never written out.
                settings: serde_json::to_value(registered).unwrap_or_default(),
                client_secret: registered.client_secret.clone().into(),
            };
            (vendor.clone(), registration)
        });
        registered.collect()
    }

    /// How often each kind of route may be called.
    pub fn limits(&self) -> LimitSettings {
        if self.rate_limits == Switch::Off {
            return LimitSettings::OFF;
        }
        let (wanted, default) = (self.limits, LimitSettings::default());
        LimitSettings {
            sign_in: wanted.sign_in.unwrap_or(default.sign_in),
            chat_session: wanted.chat_session.unwrap_or(default.chat_session),
            chat: wanted.chat.unwrap_or(default.chat),
            ai: wanted.ai.unwrap_or(default.ai),
            mutation: wanted.mutation.unwrap_or(default.mutation),
            api: wanted.api.unwrap_or(default.api),
            dashboard: wanted.dashboard.unwrap_or(default.dashboard),
            webhook: wanted.webhook.unwrap_or(default.webhook),
            other: wanted.other.unwrap_or(default.other),
        }
    }
}
