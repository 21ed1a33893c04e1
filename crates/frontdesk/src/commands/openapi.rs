//! `frontdesk openapi`: prints the OpenAPI document.

use std::process::ExitCode;

use super::print;

pub fn run() -> anyhow::Result<ExitCode> {
    print(&frontdesk_api::document().to_pretty_json()?);
    Ok(ExitCode::SUCCESS)
}
