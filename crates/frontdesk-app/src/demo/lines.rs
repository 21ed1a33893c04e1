//! The demo's simulated vendors, connected as an owner would connect real ones.

use frontdesk_domain::connection::Connection;
use frontdesk_domain::context::Scope;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::ConnectionId;
use frontdesk_store::connection::{self, SealedConnection};
use serde_json::Value;

use super::find;
use crate::connection::find_vendor;
use crate::secret::Column;
use crate::{App, AppError, Result};

/// A vendor to connect.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its constant name.
    pub vendor: &'static str,
    /// The connection's name in lists.
    pub name: &'static str,
    /// Its settings.
    pub settings: Value,
    /// Its key.
    pub secret: String,
    /// What it signs its calls with, where that is another secret.
    pub hook_secret: Option<String>,
}

/// Connects a vendor, or brings its connection up to date: a simulator listens elsewhere at each start. Gives the address
/// the vendor calls.
pub async fn connect(app: &App, line: Line) -> Result<String> {
    let workspace = find(app).await?.ok_or(AppError::NotFound("demo"))?;
    let vendor = find_vendor(line.vendor).ok_or(AppError::NotFound("vendor"))?;
    let scope = Scope::system(workspace);
    let seal = |column, secret: &str| app.vault.seal(workspace, column, secret, app.random.as_ref());
    let secret = Some(seal(Column::ConnectionSecret, &line.secret)?);
    let hook_secret = line.hook_secret.map(|secret| seal(Column::HookSecret, &secret)).transpose()?;
    let tx = app.store.begin(&app.system(workspace, "demo")).await?;
    let known = connection::list_enabled(&tx, scope, vendor.category).await?;
    let known = known.into_iter().find(|known| known.connection.name == line.name);
    let id =
        known.as_ref().map_or_else(|| ConnectionId::new(tx.now(), tx.random()), |known| known.connection.id);
    let made = SealedConnection {
        connection: Connection {
            id,
            vendor: vendor.id,
            category: vendor.category,
            name: line.name.to_owned(),
            settings: line.settings,
            has_secret: true,
            has_hook_secret: hook_secret.is_some(),
            enabled: true,
            last_test: None,
            created_at: known.as_ref().map_or(tx.now(), |known| known.connection.created_at),
            updated_at: tx.now(),
        },
        secret,
        hook_secret,
    };
    if known.is_some() {
        connection::update(&tx, scope, &made).await?;
    } else {
        connection::insert(&tx, scope, &made).await?;
    }
    tx.emit(Event::WorkspaceUpdated);
    tx.commit().await?;
    Ok(format!("{}/webhooks/{}/{id}", app.settings.public_url, line.vendor))
}
