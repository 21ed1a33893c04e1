//! The demo's phone lines: simulated carriers in this process, connected to the demo business like real ones. Messages
//! travel over HTTP both ways, through the same clients, signatures and webhooks.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use axum::extract::Request;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use frontdesk_app::App;
use frontdesk_app::demo::{self, Line};
use frontdesk_domain::random::{Random, SecureRandom};
use frontdesk_domain::time::Clock;
use frontdesk_http::{HttpClient, HttpSettings};
use frontdesk_sim::twilio::{TwilioAccount, TwilioSim};
use frontdesk_sim::whatsapp::{WhatsappAccount, WhatsappSim};
use frontdesk_sim::{Running, spawn_on, twilio, whatsapp};
use serde_json::json;
use tower::ServiceExt as _;

use crate::config::Config;

/// The demo's number for text messages: fictional, of the range kept for such.
const NUMBER: &str = "+19735550142";
/// What the demo's owner would have made up for Meta's form.
const VERIFY_TOKEN: &str = "the demo of brightsmile dental";

/// The simulated carriers.
pub struct Lines {
    twilio: TwilioSim,
    whatsapp: WhatsappSim,
    sms: Running,
    chat: Running,
}

impl Lines {
    /// Starts the carriers and lets the product reach them, and nothing else on this machine.
    pub async fn start(config: &mut Config) -> anyhow::Result<Self> {
        let clock: Arc<dyn Clock> = Arc::new(config.clock);
        let random: Arc<dyn Random> = Arc::new(SecureRandom);
        let http = HttpClient::new(HttpSettings::default(), clock, random)?;
        let twilio = TwilioSim::new(TwilioAccount::default(), http.clone());
        let whatsapp = WhatsappSim::new(WhatsappAccount::default(), http);
        let here = || SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let sms = spawn_on(here(), twilio::router(twilio.clone())).await.context("the demo's phone line")?;
        twilio.set_base_url(&sms.url);
        let chat =
            spawn_on(here(), whatsapp::router(whatsapp.clone())).await.context("the demo's WhatsApp")?;
        config.allow_private_hosts.extend([sms.address.to_string(), chat.address.to_string()]);
        Ok(Self { twilio, whatsapp, sms, chat })
    }

    /// Connects the demo business to them.
    pub async fn connect(&self, app: &App) -> anyhow::Result<()> {
        let account = TwilioAccount::default();
        let line = Line {
            vendor: "twilio",
            name: "Demo phone line (simulated)",
            settings: json!({ "account_sid": account.sid, "numbers": [NUMBER], "base_url": self.sms.url,
                "lookup_url": self.sms.url }),
            secret: account.token,
            hook_secret: None,
        };
        let hook = demo::connect(app, line).await?;
        self.twilio.add_number(NUMBER, "Brightsmile Dental", &hook);
        let account = WhatsappAccount::default();
        let line = Line {
            vendor: "whatsapp",
            name: "Demo WhatsApp (simulated)",
            settings: json!({ "phone_number_id": account.phone_number_id,
                "business_account_id": account.business_account_id, "verify_token": VERIFY_TOKEN,
                "base_url": self.chat.url }),
            secret: account.token,
            hook_secret: Some(account.app_secret),
        };
        self.whatsapp.set_webhook(demo::connect(app, line).await?);
        Ok(())
    }

    /// The customers' phones, for the demo's page: `/demo/sim/{sms,whatsapp}/...` is the carrier's `/__sim/...`.
    pub fn phones(&self) -> Router {
        Router::new()
            .route(
                "/demo/sim/sms/{*rest}",
                any(forward(twilio::router(self.twilio.clone()), "/demo/sim/sms")),
            )
            .route(
                "/demo/sim/whatsapp/{*rest}",
                any(forward(whatsapp::router(self.whatsapp.clone()), "/demo/sim/whatsapp")),
            )
    }
}

/// Asks a carrier's own routes for phones; nothing else of it can be reached so.
fn forward(
    carrier: Router,
    from: &'static str,
) -> impl Fn(Request) -> futures_util::future::BoxFuture<'static, Response> + Clone + Send + Sync + 'static {
    move |mut request| {
        let carrier = carrier.clone();
        Box::pin(async move {
            let asked = request.uri().path_and_query().map_or("", |it| it.as_str());
            let rest = asked.strip_prefix(from).unwrap_or_default();
            let Ok(uri) = format!("/__sim{rest}").parse::<Uri>() else {
                return StatusCode::NOT_FOUND.into_response();
            };
            *request.uri_mut() = uri;
            // The outer route's parameters are not the carrier's.
            request.extensions_mut().clear();
            match carrier.oneshot(request).await {
                Ok(answer) => answer,
                Err(never) => match never {},
            }
        })
    }
}
