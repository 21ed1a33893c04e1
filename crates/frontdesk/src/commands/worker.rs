//! `frontdesk worker`: jobs only, beside servers that run none.

use std::process::ExitCode;

use super::asked_to_stop;
use crate::compose::{self, Background};
use crate::config::{Config, ConfigArgs};
use crate::telemetry;

pub async fn run(config: &ConfigArgs) -> anyhow::Result<ExitCode> {
    let mut config = Config::read(config)?;
    config.worker = true;
    let telemetry = telemetry::start(&config)?;
    let store = compose::store(&config).await?;
    store.migrate().await?;
    let app = compose::app(&config, store)?;
    let background = Background::start(&config, &app)?;
    tracing::info!(database = compose::shown(&config), "running jobs");
    asked_to_stop().await;
    tracing::info!("stopping");
    background.stop().await;
    app.store.close().await;
    telemetry.finish();
    Ok(ExitCode::SUCCESS)
}
