//! Conversations nobody writes in any more end by themselves.

use std::time::Duration;

use frontdesk_domain::time::Timestamp;
use frontdesk_store::conversation;

use super::floor;
use crate::{App, Result};

/// The job that ends idle conversations.
pub const IDLE_JOB: &str = "conversation.end_idle";
/// Without a message for this long, a conversation the agent holds is over. One with people or waiting for them is
/// theirs to close.
const IDLE: Duration = Duration::from_hours(24);
/// Conversations ended per run; the next run goes on.
const BATCH: u64 = 500;

/// Ends idle conversations; says how many.
pub async fn end_idle(app: &App) -> Result<usize> {
    let before: Timestamp = app.clock.now().minus(IDLE);
    let idle = conversation::list_idle_everywhere(app.store.reader(), before, BATCH).await?;
    for (workspace, id) in &idle {
        floor::end(app, &app.system(*workspace, "idle"), *id).await?;
    }
    Ok(idle.len())
}
