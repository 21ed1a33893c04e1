//! Frontdesk: an AI front desk in one binary.
//!
//! `config` reads what the operator wants, `compose` builds everything from it, and `commands/` has one file per
//! command. This crate is the only one that reads the environment and the wall clock.

mod clock;
mod commands;
mod compose;
mod config;
mod lines;
mod telemetry;

use clap::Parser;

#[tokio::main]
async fn main() -> std::process::ExitCode {
    // Every TLS client of the process uses this provider; a second call finds it installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cli = commands::Cli::parse();
    match commands::run(cli).await {
        Ok(code) => code,
        Err(error) => {
            commands::print_error(&error);
            std::process::ExitCode::FAILURE
        }
    }
}
