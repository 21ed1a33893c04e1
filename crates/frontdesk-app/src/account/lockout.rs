//! Lock-out: five wrong passwords for one account from one address lock that pair for the rest of 15 minutes.
//!
//! An attempt is counted before the password is looked at, so a hundred at once get five tries too. The count is in
//! the database and holds across nodes. Counting account and address together means that a stranger elsewhere cannot
//! lock the owner out.

use std::time::Duration;

use frontdesk_domain::context::Context;
use frontdesk_store::rate_window;

use crate::{App, AppError, Result, token};

/// Wrong passwords allowed in a window.
pub const MAX_FAILURES: u32 = 5;
/// The window.
pub const WINDOW: Duration = Duration::from_mins(15);

fn key(ctx: &Context, email: &str) -> String {
    // Hashed, so that the table does not become a list of addresses people tried.
    token::hash(&format!("login:{email}:{}", ctx.ip.as_deref().unwrap_or("-")))
}

/// Counts an attempt; refuses when there were too many.
pub async fn count(app: &App, ctx: &Context, email: &str) -> Result<()> {
    let now = ctx.now();
    let tx = app.store.begin(ctx).await?;
    let window = rate_window::add(&tx, &key(ctx, email), 1, now, now.plus(WINDOW)).await?;
    tx.commit().await?;
    if window.count <= MAX_FAILURES {
        return Ok(());
    }
    let wait = window.ends_at.since(now);
    Err(AppError::RateLimited { retry_after_secs: wait.as_secs().max(1) })
}

/// Forgets the attempts after the right password.
pub async fn forgive(db: &impl frontdesk_store::Db, ctx: &Context, email: &str) -> Result<()> {
    Ok(rate_window::clear(db, &key(ctx, email)).await?)
}
