//! `frontdesk parse-worker`: reads one document from standard input. Started by Frontdesk itself, in a process that
//! can be killed; see `frontdesk_knowledge::worker`.

use std::process::ExitCode;

use frontdesk_knowledge::worker;

/// Answers the one request and ends.
pub fn run() -> anyhow::Result<ExitCode> {
    worker::serve(std::io::stdin().lock(), std::io::stdout().lock())?;
    Ok(ExitCode::SUCCESS)
}
