//! Runners over a test store, and handlers that note what they did.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use frontdesk_domain::id::WorkspaceId;
use frontdesk_queue::{ClaimedJob, Failure, Handler, Registry, Runner, RunnerSettings};
use frontdesk_store::{JobRequest, Store};
use frontdesk_testkit::TestStore;

/// How a run ends.
type Outcome = dyn Fn(&ClaimedJob) -> Result<(), Failure> + Send + Sync;

/// Notes every run and ends it as told.
pub struct Scripted {
    runs: Mutex<Vec<ClaimedJob>>,
    outcome: Box<Outcome>,
}

impl Scripted {
    pub fn new(outcome: impl Fn(&ClaimedJob) -> Result<(), Failure> + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { runs: Mutex::default(), outcome: Box::new(outcome) })
    }

    pub fn succeeding() -> Arc<Self> {
        Self::new(|_| Ok(()))
    }

    pub fn runs(&self) -> Vec<ClaimedJob> {
        self.runs.lock().unwrap().clone()
    }
}

#[async_trait]
impl Handler for Scripted {
    async fn run(&self, job: &ClaimedJob) -> Result<(), Failure> {
        self.runs.lock().unwrap().push(job.clone());
        (self.outcome)(job)
    }
}

pub fn registry(name: &'static str, handler: Arc<dyn Handler>) -> Registry {
    let mut registry = Registry::default();
    registry.handle(name, handler);
    registry
}

pub fn runner(t: &TestStore, registry: Registry) -> Runner {
    runner_on(t, t.store.clone(), registry, RunnerSettings::default())
}

pub fn runner_on(t: &TestStore, store: Store, registry: Registry, settings: RunnerSettings) -> Runner {
    let clock: Arc<dyn frontdesk_domain::time::Clock> = Arc::clone(&t.clock) as _;
    Runner::new(store, clock, Arc::clone(&t.random) as _, registry, settings)
}

pub async fn enqueue(t: &TestStore, workspace: WorkspaceId, jobs: impl IntoIterator<Item = JobRequest>) {
    let tx = t.store.begin(&t.context_in(workspace)).await.unwrap();
    for job in jobs {
        tx.enqueue(job);
    }
    tx.commit().await.unwrap();
}
