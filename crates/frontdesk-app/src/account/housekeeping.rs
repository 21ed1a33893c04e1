//! Forgetting what has lapsed: sign-ins, tokens, password resets, one-time codes and rate windows.

use std::time::Duration;

use frontdesk_domain::id::WorkspaceId;
use frontdesk_store::{identity, login, rate_window};

use crate::{App, Result};

/// The job's constant name; runs by the clock.
pub const FORGET_JOB: &str = "account.forget_lapsed";

/// How long lapsed rows are kept, for whoever looks into what happened.
const KEPT: Duration = Duration::from_hours(24);

/// Removes what lapsed a day ago.
pub async fn forget_lapsed(app: &App) -> Result<()> {
    let ctx = app.system(WorkspaceId::INSTALLATION, FORGET_JOB);
    let tx = app.store.begin(&ctx).await?;
    login::forget_ended_everywhere(&tx, tx.now().minus(KEPT)).await?;
    rate_window::forget_closed(&tx, tx.now()).await?;
    identity::forget_lapsed_everywhere(&tx, tx.now().minus(KEPT)).await?;
    tx.commit().await?;
    Ok(())
}
