//! `frontdesk admin rotate-key`: a new encryption key, and every secret sealed with it again.

use std::process::ExitCode;

use super::print;
use crate::compose;
use crate::config::{Config, ConfigArgs};

pub async fn run(config: &ConfigArgs) -> anyhow::Result<ExitCode> {
    let config = Config::read(config)?;
    anyhow::ensure!(
        config.key_ring.is_none(),
        "the key ring comes from the configuration; put a new key first in `key_ring`, restart, and run this again"
    );
    let store = compose::store(&config).await?;
    store.migrate().await?;
    let app = compose::app(&config, store)?;
    app.vault.add_key(app.random.as_ref())?;
    let rotation = frontdesk_app::secret::rotate(&app).await?;
    app.store.close().await;
    print(&format!("{} secrets are sealed with the new key.", rotation.resealed));
    if rotation.unreadable > 0 {
        print(&format!(
            "{} secrets could not be read with any key and stay as they are.",
            rotation.unreadable
        ));
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}
