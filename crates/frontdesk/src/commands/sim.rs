//! `frontdesk sim`: simulators of language models, a mail server, Twilio and WhatsApp, for demos, sandboxes and tests.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use frontdesk_domain::random::SecureRandom;
use frontdesk_http::{HttpClient, HttpSettings};
use frontdesk_sim::SimSettings;

use super::{asked_to_stop, print};
use crate::clock::SystemClock;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where the OpenAI-compatible model listens
    #[arg(long, default_value = "127.0.0.1:9101", value_name = "ADDR")]
    openai: SocketAddr,
    /// Where the Anthropic model listens
    #[arg(long, default_value = "127.0.0.1:9102", value_name = "ADDR")]
    anthropic: SocketAddr,
    /// Where the mail server listens
    #[arg(long, default_value = "127.0.0.1:9125", value_name = "ADDR")]
    smtp: SocketAddr,
    /// Where mail that arrived is shown
    #[arg(long, default_value = "127.0.0.1:9126", value_name = "ADDR")]
    mail: SocketAddr,
    /// Where Twilio listens
    #[arg(long, default_value = "127.0.0.1:9103", value_name = "ADDR")]
    twilio: SocketAddr,
    /// Where WhatsApp listens
    #[arg(long, default_value = "127.0.0.1:9104", value_name = "ADDR")]
    whatsapp: SocketAddr,
    /// Where Twilio and WhatsApp reach the product, when that is not its public address
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// A clock that goes faster, as the product was given it, such as 20@2026-11-21T19:00:00Z
    #[arg(long, value_name = "CLOCK")]
    clock: Option<SystemClock>,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let settings = SimSettings {
        openai: args.openai,
        anthropic: args.anthropic,
        smtp: args.smtp,
        mail: args.mail,
        twilio: args.twilio,
        whatsapp: args.whatsapp,
        reach: args.public_url,
    };
    let clock = Arc::new(args.clock.unwrap_or_default());
    let http = HttpClient::new(HttpSettings::default(), clock, Arc::new(SecureRandom))?;
    let running = frontdesk_sim::serve(&settings, &http).await?;
    for (name, address) in running.addresses() {
        print(&format!("{name:<26}{address}"));
    }
    asked_to_stop().await;
    drop(running);
    Ok(ExitCode::SUCCESS)
}
