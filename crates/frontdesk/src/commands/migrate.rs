//! `frontdesk migrate`: brings the schema up to date and says what it did.

use std::process::ExitCode;

use super::print;
use crate::compose;
use crate::config::{Config, ConfigArgs};

pub async fn run(config: &ConfigArgs) -> anyhow::Result<ExitCode> {
    let config = Config::read(config)?;
    let store = compose::store(&config).await?;
    let pending = store.pending_migrations().await?;
    store.migrate().await?;
    store.close().await;
    if pending.is_empty() {
        print("The database schema is up to date.");
    }
    for name in pending {
        print(&format!("Ran {name}."));
    }
    Ok(ExitCode::SUCCESS)
}
