//! The workspace's event log, as the live socket reads it.

use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::event::LoggedEvent;
use frontdesk_store::event;

use crate::{App, Result};

/// How far the log reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// The number of the oldest event kept.
    pub first: u64,
    /// The number of the newest; 0 when there is none.
    pub last: u64,
}

/// How far the workspace's log reaches.
pub async fn reach(app: &App, ctx: &Context) -> Result<Reach> {
    ctx.require(Permission::ConversationsRead)?;
    let reader = app.store.reader();
    let last = event::last_seq(reader, ctx.scope()).await?;
    Ok(Reach { first: event::first_seq(reader, ctx.scope()).await?, last })
}

/// Events after a number, oldest first.
pub async fn after(app: &App, ctx: &Context, seq: u64, limit: u64) -> Result<Vec<LoggedEvent>> {
    ctx.require(Permission::ConversationsRead)?;
    Ok(event::list_after(app.store.reader(), ctx.scope(), seq, limit).await?)
}
