//! Claims due jobs fairly, runs them, and deals with their failures.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_domain::access::Grants;
use frontdesk_domain::context::{Actor, Context, Scope};
use frontdesk_domain::id::WorkspaceId;
use frontdesk_domain::random::Random;
use frontdesk_domain::time::{Clock, Timestamp};
use frontdesk_store::job::{self, ClaimedJob};
use frontdesk_store::{JobRequest, Store, StoreError};
use futures_util::FutureExt;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing::Instrument;

use crate::{Failure, Registry, backoff};

/// How a runner works.
#[derive(Debug, Clone)]
pub struct RunnerSettings {
    /// Jobs at once on this node.
    pub concurrency: usize,
    /// Jobs claimed from one workspace before the next one's turn, while others wait.
    pub turn: usize,
    /// How long a job may run before another node may take it; renewed at half time while it runs.
    pub lease: Duration,
    /// The longest pause between looks at the queue.
    pub idle: Duration,
    /// How long running jobs get to finish at shutdown.
    pub drain: Duration,
    /// How many seconds of the clock pass in one of the machine's: 1, but for tests with a clock that goes faster.
    pub pace: u32,
}

impl Default for RunnerSettings {
    fn default() -> Self {
        Self {
            concurrency: 16,
            turn: 2,
            lease: Duration::from_mins(1),
            idle: Duration::from_secs(5),
            drain: Duration::from_secs(20),
            pace: 1,
        }
    }
}

/// Runs jobs on this node.
#[derive(Debug)]
pub struct Runner {
    store: Store,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    registry: Registry,
    settings: RunnerSettings,
}

impl Runner {
    /// A runner of these jobs.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        registry: Registry,
        settings: RunnerSettings,
    ) -> Self {
        Self { store, clock, random, registry, settings }
    }

    fn context(&self, workspace: WorkspaceId) -> Context {
        Context {
            workspace,
            actor: Actor::System("queue"),
            grants: Grants::System,
            clock: Arc::clone(&self.clock),
            random: Arc::clone(&self.random),
            request_id: "queue".to_owned(),
            ip: None,
        }
    }

    /// Runs jobs until `stop` turns true, then lets running jobs finish and gives the rest back.
    pub async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        if let Err(error) = self.plan_schedules().await {
            tracing::error!(%error, "planning schedules");
        }
        let ready = self.store.jobs_ready();
        let mut running: JoinSet<()> = JoinSet::new();
        let mut last = WorkspaceId::INSTALLATION;
        while !*stop.borrow() {
            // Registered before looking, so that a job committed in between wakes us.
            let woken = ready.notified();
            let free = self.settings.concurrency.saturating_sub(running.len());
            let claimed = match self.look(free, &mut last).await {
                Ok(claimed) => claimed,
                Err(error) => {
                    tracing::error!(%error, "looking for jobs");
                    Vec::new()
                }
            };
            let found = !claimed.is_empty();
            for job in claimed {
                let runner = Arc::clone(&self);
                running.spawn(async move { runner.perform(job).await });
            }
            if found && running.len() < self.settings.concurrency {
                while running.try_join_next().is_some() {}
                continue;
            }
            let pause = self.pause().await;
            tokio::select! {
                () = woken, if running.len() < self.settings.concurrency => {}
                Some(_) = running.join_next(), if !running.is_empty() => {}
                () = tokio::time::sleep(pause) => {}
                _ = stop.changed() => {}
            }
        }
        self.drain(running).await;
    }

    async fn drain(&self, mut running: JoinSet<()>) {
        let finish = async { while running.join_next().await.is_some() {} };
        if tokio::time::timeout(self.settings.drain, finish).await.is_err() {
            // Their leases lapse and another worker takes them.
            tracing::warn!(jobs = running.len(), "jobs still running at shutdown are left to their leases");
            running.abort_all();
        }
    }

    /// Until the next job is due, at most the idle pause.
    async fn pause(&self) -> Duration {
        let due = job::next_due_everywhere(self.store.reader()).await.ok().flatten();
        let idle = self.settings.idle / self.settings.pace.max(1);
        due.map_or(idle, |due| due.since(self.clock.now()) / self.settings.pace.max(1))
            .clamp(Duration::from_millis(5), idle.max(Duration::from_millis(5)))
    }

    /// One look at the queue: lapsed leases, schedules, then claims in turn.
    async fn look(&self, free: usize, last: &mut WorkspaceId) -> Result<Vec<ClaimedJob>, StoreError> {
        let now = self.clock.now();
        self.run_schedules(now).await?;
        if free == 0 {
            return Ok(Vec::new());
        }
        self.expire_leases(now).await?;
        let due = job::workspaces_due_everywhere(self.store.reader(), now, *last, free).await?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let ctx = self.context(WorkspaceId::INSTALLATION);
        let tx = self.store.begin(&ctx).await?;
        let mut claimed = Vec::new();
        let lease_until = now.plus(self.settings.lease);
        // What nobody else waits for is not left lying: each look costs as much as many jobs.
        let turn = if due.len() == 1 { free } else { self.settings.turn };
        for workspace in due {
            let want = turn.min(free - claimed.len());
            if want == 0 {
                break;
            }
            claimed.extend(job::claim(&tx, Scope::system(workspace), now, lease_until, want).await?);
            *last = workspace;
        }
        tx.commit().await?;
        Ok(claimed)
    }

    async fn expire_leases(&self, now: Timestamp) -> Result<(), StoreError> {
        if !job::any_lapsed_everywhere(self.store.reader(), now).await? {
            return Ok(());
        }
        let tx = self.store.begin(&self.context(WorkspaceId::INSTALLATION)).await?;
        let count = job::expire_leases_everywhere(&tx, now).await?;
        tx.commit().await?;
        tracing::warn!(count, "took back jobs whose worker stopped");
        Ok(())
    }

    /// Makes sure every schedule is in the database; [`Self::run`] does so first.
    pub async fn plan_schedules(&self) -> Result<(), StoreError> {
        if self.registry.schedules().is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let tx = self.store.begin(&self.context(WorkspaceId::INSTALLATION)).await?;
        for schedule in self.registry.schedules() {
            job::put_schedule(&tx, schedule.name, schedule.expression(), schedule.next_after(now)).await?;
        }
        tx.commit().await
    }

    async fn run_schedules(&self, now: Timestamp) -> Result<(), StoreError> {
        for (name, _, due) in job::schedules_due(self.store.reader(), now).await? {
            let Some(schedule) = self.registry.schedules().iter().find(|schedule| schedule.name == name)
            else {
                continue;
            };
            let tx = self.store.begin(&self.context(WorkspaceId::INSTALLATION)).await?;
            if job::advance_schedule(&tx, &name, due, schedule.next_after(now)).await? {
                tx.enqueue(
                    JobRequest::new(schedule.name, serde_json::json!({ "due": due })).unique(schedule.name),
                );
                tx.commit().await?;
            }
        }
        Ok(())
    }

    /// Runs one claimed job to its end and records how it went.
    async fn perform(&self, claimed: ClaimedJob) {
        let span =
            tracing::info_span!("job", name = %claimed.name, id = %claimed.id, attempt = claimed.attempt);
        async {
            let outcome = self.attempt(&claimed).await;
            let label = match &outcome {
                Ok(()) => "done",
                Err(Failure::Permanent(_)) => "dead",
                Err(_) => "retry",
            };
            metrics::counter!("frontdesk_jobs_total", "job" => claimed.name.clone(), "outcome" => label)
                .increment(1);
            if let Err(error) = self.record(&claimed, outcome).await {
                // The lease lapses and the job runs again; it is idempotent.
                tracing::error!(%error, "recording how a job went");
            }
        }
        .instrument(span)
        .await;
    }

    async fn attempt(&self, claimed: &ClaimedJob) -> Result<(), Failure> {
        let Some(handler) = self.registry.find(&claimed.name) else {
            return Err(Failure::Permanent(format!("no handler for job `{}` in this version", claimed.name)));
        };
        let work = std::panic::AssertUnwindSafe(handler.run(claimed)).catch_unwind();
        let renewal = self.keep_lease(claimed);
        tokio::select! {
            done = work => done.unwrap_or_else(|_| Err(Failure::Retry("the job panicked".to_owned()))),
            never = renewal => match never {},
        }
    }

    async fn keep_lease(&self, claimed: &ClaimedJob) -> std::convert::Infallible {
        loop {
            tokio::time::sleep(self.settings.lease / 2 / self.settings.pace.max(1)).await;
            let renewed = async {
                let tx = self.store.begin(&self.context(claimed.workspace)).await?;
                let until = self.clock.now().plus(self.settings.lease);
                job::renew(&tx, Scope::system(claimed.workspace), claimed.id, until).await?;
                tx.commit().await
            };
            if let Err(error) = renewed.await {
                tracing::warn!(%error, "renewing a job's lease");
            }
        }
    }

    async fn record(&self, claimed: &ClaimedJob, outcome: Result<(), Failure>) -> Result<(), StoreError> {
        let scope = Scope::system(claimed.workspace);
        let now = self.clock.now();
        let tx = self.store.begin(&self.context(claimed.workspace)).await?;
        match outcome {
            Ok(()) => {
                job::complete(&tx, scope, claimed.id).await?;
            }
            Err(Failure::Permanent(reason)) => {
                tracing::error!(reason, "job is dead");
                job::bury(&tx, claimed, &reason).await?;
            }
            Err(Failure::Retry(reason) | Failure::RetryAt { reason, .. })
                if claimed.attempt >= claimed.max_attempts =>
            {
                tracing::error!(reason, "job is dead after its last try");
                job::bury(&tx, claimed, &reason).await?;
            }
            Err(Failure::RetryAt { reason, at }) => {
                job::retry(&tx, claimed, at.max(now), &reason).await?;
            }
            Err(Failure::Retry(reason)) => {
                tracing::warn!(reason, "job failed; trying again later");
                let at = now.plus(backoff(claimed.attempt, self.random.as_ref()));
                job::retry(&tx, claimed, at, &reason).await?;
            }
        }
        tx.commit().await
    }

    /// Runs every job that is due, one after the other, until none is left; says how many ran. For tests and
    /// one-shot commands; a job that keeps retrying at once is bounded by its attempts.
    pub async fn run_due(&self) -> Result<usize, StoreError> {
        self.run_due_at_most(usize::MAX).await
    }

    /// As [`Self::run_due`], but claims no more once this many have run.
    pub async fn run_due_at_most(&self, limit: usize) -> Result<usize, StoreError> {
        let mut last = WorkspaceId::INSTALLATION;
        let mut count = 0;
        while count < limit {
            let claimed = self.look(self.settings.concurrency.min(limit - count), &mut last).await?;
            if claimed.is_empty() {
                break;
            }
            for job in claimed {
                count += 1;
                self.perform(job).await;
            }
        }
        Ok(count)
    }
}
