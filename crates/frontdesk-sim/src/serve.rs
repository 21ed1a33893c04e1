//! All simulators at once, for `frontdesk sim`.

use std::net::{Ipv4Addr, SocketAddr};

use frontdesk_http::HttpClient;

use crate::mail::{self, MailSim, RunningMail};
use crate::model::ModelSim;
use crate::twilio::{self, TwilioAccount, TwilioSim};
use crate::whatsapp::{self, WhatsappAccount, WhatsappSim};
use crate::{Running, anthropic, openai, spawn_on};

/// Where the simulators listen. Port 0 picks a free one.
#[derive(Debug, Clone)]
pub struct SimSettings {
    /// OpenAI-compatible models.
    pub openai: SocketAddr,
    /// Anthropic models.
    pub anthropic: SocketAddr,
    /// Mail: SMTP.
    pub smtp: SocketAddr,
    /// Mail: what arrived, over HTTP.
    pub mail: SocketAddr,
    /// Twilio.
    pub twilio: SocketAddr,
    /// WhatsApp.
    pub whatsapp: SocketAddr,
    /// Where the vendors reach the product, when that is not where its addresses say.
    pub reach: Option<String>,
}

impl Default for SimSettings {
    fn default() -> Self {
        let at = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Self {
            openai: at(9101),
            anthropic: at(9102),
            smtp: at(9125),
            mail: at(9126),
            twilio: at(9103),
            whatsapp: at(9104),
            reach: None,
        }
    }
}

/// The listening simulators; they stop when dropped.
#[derive(Debug)]
pub struct RunningSims {
    /// OpenAI-compatible models; the API is under `/v1`.
    pub openai: Running,
    /// Anthropic models.
    pub anthropic: Running,
    /// Mail.
    pub mail: RunningMail,
    /// Twilio.
    pub twilio: Running,
    /// WhatsApp.
    pub whatsapp: Running,
}

impl RunningSims {
    /// Name and address of each, for printing.
    pub fn addresses(&self) -> Vec<(&'static str, String)> {
        vec![
            ("OpenAI-compatible model", format!("{}/v1", self.openai.url)),
            ("Anthropic model", self.anthropic.url.clone()),
            ("Twilio", self.twilio.url.clone()),
            ("WhatsApp", self.whatsapp.url.clone()),
            ("SMTP", self.mail.smtp.url.clone()),
            ("Mail that arrived", format!("{}/__sim/mail", self.mail.web.url)),
        ]
    }
}

/// Starts all simulators; the vendors call the product through `http`, and go by its clock.
///
/// # Errors
/// When one of the addresses is taken.
pub async fn serve(settings: &SimSettings, http: &HttpClient) -> std::io::Result<RunningSims> {
    let sms = TwilioSim::new(TwilioAccount::default(), http.clone());
    sms.set_conduct(twilio::Conduct { reach: settings.reach.clone(), ..twilio::Conduct::default() });
    let chat = WhatsappSim::new(WhatsappAccount::default(), http.clone());
    chat.set_conduct(whatsapp::Conduct { reach: settings.reach.clone(), ..whatsapp::Conduct::default() });
    let twilio = spawn_on(settings.twilio, twilio::router(sms.clone())).await?;
    sms.set_base_url(&twilio.url);
    Ok(RunningSims {
        twilio,
        whatsapp: spawn_on(settings.whatsapp, whatsapp::router(chat)).await?,
        openai: spawn_on(settings.openai, openai::router(ModelSim::default())).await?,
        anthropic: spawn_on(settings.anthropic, anthropic::router(ModelSim::default())).await?,
        mail: mail::spawn_on(settings.smtp, settings.mail, MailSim::default()).await?,
    })
}
