//! Rate limits: how often one caller may do one kind of thing in a window.
//!
//! Counted in memory. On PostgreSQL, where several nodes serve, a node adds what it counted to the shared count and
//! reads what the others added: for every request while requests are rare, and at most every [`SYNC_EVERY`] per caller
//! while they are many. A limit can thus be overshot only by what nodes let through within that time.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use frontdesk_domain::time::Timestamp;
use frontdesk_store::{Backend, rate_window};

use crate::{App, token};

/// How old a node's knowledge of the shared count may be.
const SYNC_EVERY: Duration = Duration::from_millis(250);
/// Windows kept in memory; beyond that the closed ones are forgotten, then all.
const MAX_WINDOWS: usize = 100_000;

/// How often something may happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Times.
    pub limit: u32,
    /// Within this.
    pub window: Duration,
}

/// What a caller has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Whether it may happen now.
    pub allowed: bool,
    /// Times in a window.
    pub limit: u32,
    /// Times left in this window.
    pub remaining: u32,
    /// Seconds until the next window.
    pub reset_secs: u64,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    ends_at: Timestamp,
    /// What is shared already, by all nodes.
    shared: u32,
    /// What this node counted since.
    pending: u32,
    synced_at: Timestamp,
}

/// Counts callers.
#[derive(Debug, Default)]
pub struct Limiter(Mutex<HashMap<String, Window>>);

impl Limiter {
    /// Counts one more for the caller and says whether it may happen. A database that does not answer limits nobody
    /// more than this node's own count does.
    pub async fn count(&self, app: &App, caller: &str, quota: Quota) -> Allowance {
        let now = app.clock.now();
        let mut window = self.add(caller, quota, now);
        let is_open = window.shared.saturating_add(window.pending) <= quota.limit;
        let is_due = now.since(window.synced_at) >= SYNC_EVERY
            || window.pending.saturating_mul(10) >= quota.limit.min(10);
        if app.store.backend() == Backend::Postgres && is_open && is_due {
            window = self.share(app, caller, window, now).await;
        }
        let used = window.shared.saturating_add(window.pending);
        Allowance {
            allowed: used <= quota.limit,
            limit: quota.limit,
            remaining: quota.limit.saturating_sub(used),
            reset_secs: window.ends_at.since(now).as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX),
        }
    }

    fn add(&self, caller: &str, quota: Quota, now: Timestamp) -> Window {
        let mut windows = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if windows.len() >= MAX_WINDOWS && !windows.contains_key(caller) {
            windows.retain(|_, window| window.ends_at > now);
            if windows.len() >= MAX_WINDOWS {
                windows.clear();
            }
        }
        let fresh = Window {
            ends_at: now.plus(quota.window),
            shared: 0,
            pending: 0,
            synced_at: Timestamp::default(),
        };
        let window = windows.entry(caller.to_owned()).or_insert(fresh);
        if window.ends_at <= now {
            *window = fresh;
        }
        window.pending = window.pending.saturating_add(1);
        *window
    }

    async fn share(&self, app: &App, caller: &str, window: Window, now: Timestamp) -> Window {
        let key = token::hash(&format!("limit:{caller}"));
        let added = rate_window::add(app.store.reader(), &key, window.pending, now, window.ends_at).await;
        let mut windows = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Some(known) = windows.get_mut(caller) else { return window };
        match added {
            Ok(shared) => {
                known.shared = shared.count;
                known.ends_at = shared.ends_at;
                known.pending = known.pending.saturating_sub(window.pending);
            }
            Err(error) => tracing::warn!(%error, "sharing a rate limit"),
        }
        known.synced_at = now;
        *known
    }
}
