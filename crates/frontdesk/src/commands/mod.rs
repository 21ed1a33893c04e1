//! The commands, one file each. To add one: a file, a variant of [`Command`], a line in [`run`].

mod bench;
mod doctor;
mod knowledge_eval;
mod migrate;
mod openapi;
mod parse_worker;
mod rotate_key;
mod serve;
mod sim;
mod time;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::ConfigArgs;

/// An AI front desk in one binary.
#[derive(Debug, Parser)]
#[command(name = "frontdesk", version, about, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    config: ConfigArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API, the dashboard and the widget, and run jobs
    Serve(serve::Args),
    /// Run jobs only
    Worker,
    /// Bring the database schema up to date
    Migrate,
    /// Look at configuration, database and disk, and explain what is wrong
    Doctor,
    /// Print the OpenAPI document
    Openapi,
    /// Serve simulators of language models, mail, Twilio and WhatsApp
    Sim(sim::Args),
    /// Look after an installation
    #[command(subcommand)]
    Admin(Admin),
    /// Work with documents
    #[command(subcommand)]
    Knowledge(Knowledge),
    /// Read phrases about time and print what they mean
    Time(time::Args),
    /// Measure from the inside; `make bench` reads what it prints
    #[command(hide = true)]
    Bench(bench::Args),
    /// Read one document from standard input (started by Frontdesk itself)
    #[command(hide = true)]
    ParseWorker,
}

#[derive(Debug, Subcommand)]
enum Admin {
    /// Make a new encryption key and seal every secret with it again
    RotateKey,
}

#[derive(Debug, Subcommand)]
enum Knowledge {
    /// Measure how well questions find their documents
    Eval(knowledge_eval::Args),
}

/// Runs the command.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Serve(args) => serve::run(&cli.config, args).await,
        Command::Worker => worker::run(&cli.config).await,
        Command::Migrate => migrate::run(&cli.config).await,
        Command::Doctor => doctor::run(&cli.config).await,
        Command::Openapi => openapi::run(),
        Command::Sim(args) => sim::run(args).await,
        Command::Admin(Admin::RotateKey) => rotate_key::run(&cli.config).await,
        Command::Knowledge(Knowledge::Eval(args)) => knowledge_eval::run(args).await,
        Command::Time(args) => time::run(&args),
        Command::Bench(args) => bench::run(args).await,
        Command::ParseWorker => parse_worker::run(),
    }
}

/// Prints to standard output; a closed pipe is not an error.
pub(crate) fn print(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Prints why a command failed, the cause last.
pub fn print_error(error: &anyhow::Error) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "frontdesk: {error:#}");
}

/// Returns when the process is asked to stop (Ctrl-C or SIGTERM).
pub(crate) async fn asked_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
