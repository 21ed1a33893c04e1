//! All simulators at once, for `frontdesk sim`.

use std::net::{Ipv4Addr, SocketAddr};

use crate::mail::{self, MailSim, RunningMail};
use crate::model::ModelSim;
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
}

impl Default for SimSettings {
    fn default() -> Self {
        let at = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Self { openai: at(9101), anthropic: at(9102), smtp: at(9125), mail: at(9126) }
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
}

impl RunningSims {
    /// Name and address of each, for printing.
    pub fn addresses(&self) -> Vec<(&'static str, String)> {
        vec![
            ("OpenAI-compatible model", format!("{}/v1", self.openai.url)),
            ("Anthropic model", self.anthropic.url.clone()),
            ("SMTP", self.mail.smtp.url.clone()),
            ("Mail that arrived", format!("{}/__sim/mail", self.mail.web.url)),
        ]
    }
}

/// Starts all simulators.
pub async fn serve(settings: &SimSettings) -> std::io::Result<RunningSims> {
    Ok(RunningSims {
        openai: spawn_on(settings.openai, openai::router(ModelSim::default())).await?,
        anthropic: spawn_on(settings.anthropic, anthropic::router(ModelSim::default())).await?,
        mail: mail::spawn_on(settings.smtp, settings.mail, MailSim::default()).await?,
    })
}
