//! `frontdesk sim`: simulators of language models and a mail server, for demos, sandboxes and tests.

use std::net::SocketAddr;
use std::process::ExitCode;

use frontdesk_sim::SimSettings;

use super::{asked_to_stop, print};

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
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let settings =
        SimSettings { openai: args.openai, anthropic: args.anthropic, smtp: args.smtp, mail: args.mail };
    let running = frontdesk_sim::serve(&settings).await?;
    for (name, address) in running.addresses() {
        print(&format!("{name:<26}{address}"));
    }
    asked_to_stop().await;
    drop(running);
    Ok(ExitCode::SUCCESS)
}
