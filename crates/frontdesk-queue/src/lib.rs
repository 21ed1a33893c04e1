//! The durable job runner: claim, run, retry, schedule, bury. It knows no job; the app registers [`Handler`]s.
//!
//! A job is a row (see `frontdesk_store::job`) that was enqueued in the unit of work it belongs to. It runs at least
//! once, so handlers are idempotent; deleting the row in the handler's own unit of work makes the effect exactly once.
//! Workspaces take turns, so one with a long backlog cannot starve another.

mod backoff;
mod runner;
mod schedule;

pub use backoff::backoff;
pub use frontdesk_store::job::ClaimedJob;
pub use runner::{Runner, RunnerSettings};
pub use schedule::{InvalidSchedule, Schedule};

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use frontdesk_domain::time::Timestamp;

/// Why a job did not get done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Trying again may help; the queue picks the time.
    #[error("{0}")]
    Retry(String),
    /// Trying again may help, but not before this instant (a provider said so).
    #[error("{reason}")]
    RetryAt {
        /// Why.
        reason: String,
        /// Not before.
        at: Timestamp,
    },
    /// Trying again cannot help; the job is buried at once.
    #[error("{0}")]
    Permanent(String),
}

/// Does one kind of job.
#[async_trait]
pub trait Handler: Send + Sync {
    /// Does the job; called again after a failure or when the worker died, so doing it twice must be harmless.
    async fn run(&self, job: &ClaimedJob) -> Result<(), Failure>;
}

/// Handlers by job name, and what runs by the clock.
#[derive(Default)]
pub struct Registry {
    handlers: HashMap<&'static str, Arc<dyn Handler>>,
    schedules: Vec<Schedule>,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registry")
            .field("jobs", &self.handlers.keys())
            .field("schedules", &self.schedules)
            .finish()
    }
}

impl Registry {
    /// Adds the handler of a job name; the last one given wins.
    pub fn handle(&mut self, name: &'static str, handler: Arc<dyn Handler>) {
        self.handlers.insert(name, handler);
    }

    /// Adds a schedule; its job belongs to the installation, not to a workspace.
    pub fn schedule(&mut self, schedule: Schedule) {
        self.schedules.push(schedule);
    }

    pub(crate) fn find(&self, name: &str) -> Option<Arc<dyn Handler>> {
        self.handlers.get(name).cloned()
    }

    pub(crate) fn schedules(&self) -> &[Schedule] {
        &self.schedules
    }
}
