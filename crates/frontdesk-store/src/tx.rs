//! The unit of work: rows, events, jobs and audit entries that become true together.

use std::sync::Arc;
use std::sync::Mutex;

use frontdesk_domain::context::{Context, Scope};
use frontdesk_domain::event::{Event, LoggedEvent};
use frontdesk_domain::id::{AuditId, JobId, WorkspaceId};
use frontdesk_domain::random::Random;
use frontdesk_domain::time::Timestamp;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement,
    TransactionTrait,
};
use serde_json::Value;

use crate::closing::Closing;
use crate::commit::{Announcement, Announcer, Committed, Turnstile};
use crate::connect::{Store, Writer};
use crate::{Result, StoreError, event, job};

/// Something queries run on: the store's reader or a [`Tx`].
pub trait Db: ConnectionTrait {}
impl<T: ConnectionTrait> Db for T {}

/// A job to enqueue with a unit of work.
#[derive(Debug, Clone, PartialEq)]
pub struct JobRequest {
    /// The job's constant name.
    pub name: &'static str,
    /// Its data: ids, never contents.
    pub payload: Value,
    /// Not before this instant; now when absent.
    pub run_at: Option<Timestamp>,
    /// While a job of this name and key is waiting or running in the workspace, another is not added.
    pub unique_key: Option<String>,
    /// How often it is tried before it is dead.
    pub max_attempts: u16,
}

impl JobRequest {
    /// A job to run now, tried ten times.
    pub const fn new(name: &'static str, payload: Value) -> Self {
        Self { name, payload, run_at: None, unique_key: None, max_attempts: 10 }
    }

    /// Not before this instant.
    pub const fn at(mut self, run_at: Timestamp) -> Self {
        self.run_at = Some(run_at);
        self
    }

    /// At most one waiting or running with this key.
    pub fn unique(mut self, key: impl Into<String>) -> Self {
        self.unique_key = Some(key.into());
        self
    }

    /// Tried this often before it is dead.
    pub const fn attempts(mut self, max: u16) -> Self {
        self.max_attempts = max;
        self
    }
}

/// A unit of work. Rolled back when dropped; nothing is announced that was not committed. Do not begin another one
/// while this one lives, and do no network inside: SQLite has one writer.
#[derive(Debug)]
pub struct Tx {
    connection: TxConnection,
    announcer: Announcer,
    actor_kind: &'static str,
    actor: String,
    ip: Option<String>,
    request_id: String,
    now: Timestamp,
    random: Arc<dyn Random>,
    scope: Scope,
    pending: Mutex<Pending>,
}

#[derive(Debug)]
enum TxConnection {
    Sqlite(Turnstile),
    Postgres(DatabaseTransaction),
}

#[derive(Debug, Default)]
pub(crate) struct Pending {
    pub(crate) events: Vec<(WorkspaceId, Timestamp, Event)>,
    pub(crate) jobs: Vec<(WorkspaceId, JobId, JobRequest)>,
    audit: Vec<event::NewAudit>,
}

impl Store {
    /// Begins a unit of work for the context's actor and workspace.
    pub async fn begin(&self, ctx: &Context) -> Result<Tx> {
        let connection = match &self.inner.writer {
            Writer::Sqlite(writer) => TxConnection::Sqlite(writer.enter().await?),
            Writer::Postgres(pool) => TxConnection::Postgres(pool.begin().await?),
        };
        Ok(Tx {
            connection,
            announcer: self.inner.announcer.clone(),
            actor_kind: ctx.actor.kind(),
            actor: ctx.actor.subject(),
            ip: ctx.ip.clone(),
            request_id: ctx.request_id.clone(),
            now: ctx.now(),
            random: Arc::clone(&ctx.random),
            scope: ctx.scope(),
            pending: Mutex::default(),
        })
    }
}

impl Tx {
    /// The workspace's scope.
    pub const fn scope(&self) -> Scope {
        self.scope
    }

    /// Goes on in another workspace (sign-up makes one while it runs).
    pub const fn enter(&mut self, workspace: WorkspaceId) {
        self.scope = Scope::system(workspace);
    }

    /// Goes on at another instant: what follows happened then. For writing down a history after it happened; the log
    /// keeps the order in which things are told.
    pub const fn at(&mut self, now: Timestamp) {
        self.now = now;
    }

    /// The instant the unit began; the same for everything in it, unless [`Self::at`] said otherwise.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// How many events this unit will append to the logs of all workspaces.
    pub fn emitted(&self) -> u64 {
        let mut count = 0;
        self.with_pending(|pending| count = pending.events.len() as u64);
        count
    }

    /// Randomness for new ids.
    pub fn random(&self) -> &dyn Random {
        self.random.as_ref()
    }

    /// Appends an event to the workspace's log.
    pub fn emit(&self, event: Event) {
        self.with_pending(|pending| pending.events.push((self.scope.workspace(), self.now, event)));
    }

    /// Enqueues a job.
    pub fn enqueue(&self, job: JobRequest) -> JobId {
        let id = JobId::new(self.now, self.random());
        self.with_pending(|pending| pending.jobs.push((self.scope.workspace(), id, job)));
        id
    }

    /// Records what was done or viewed, such as `("contact.update", Some("cont_..."), {"fields": ["name"]})`. Details
    /// never hold secrets.
    pub fn audit(&self, action: &'static str, target: Option<String>, detail: Value) {
        let entry = event::NewAudit {
            id: AuditId::new(self.now, self.random()),
            at: self.now,
            workspace: self.scope.workspace(),
            action,
            target,
            detail,
        };
        self.with_pending(|pending| pending.audit.push(entry));
    }

    fn with_pending(&self, change: impl FnOnce(&mut Pending)) {
        change(&mut self.pending.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }

    /// Makes everything true and durable, then announces it.
    pub async fn commit(self) -> Result<()> {
        let mut pending = Pending::default();
        self.with_pending(|taken| pending = std::mem::take(taken));
        let closing = match &self.connection {
            TxConnection::Sqlite(_) => Closing::of(self.now, &mut pending)?,
            TxConnection::Postgres(_) => None,
        };
        let jobs = !pending.jobs.is_empty();
        job::insert_all(&self, self.now, &pending.jobs).await?;
        let source = event::AuditSource {
            actor_kind: self.actor_kind,
            actor: &self.actor,
            ip: self.ip.as_deref(),
            request_id: &self.request_id,
        };
        event::insert_audit(&self, &source, pending.audit).await?;
        // Last, because it locks the workspace's counter until commit.
        let logged = event::append(&self, pending.events).await?;
        let mut announcements: Vec<Announcement> = logged
            .into_iter()
            .map(|(workspace, events)| Announcement {
                committed: Some(committed(workspace, events)),
                jobs: false,
            })
            .collect();
        if jobs {
            announcements.push(Announcement { committed: None, jobs: true });
        }
        let Self { connection, announcer, .. } = self;
        match connection {
            TxConnection::Sqlite(turnstile) => turnstile.commit(announcements, closing).await,
            TxConnection::Postgres(transaction) => {
                for announcement in &announcements {
                    announcer.notify_nodes(&transaction, announcement).await?;
                }
                // Not in this task: a caller that stops waiting must not leave a commit unannounced.
                let committing = tokio::spawn(async move {
                    transaction.commit().await?;
                    for announcement in announcements {
                        announcer.publish(announcement);
                    }
                    Ok(())
                });
                committing.await.map_err(|error| StoreError::Commit(error.to_string()))?
            }
        }
    }
}

fn committed(workspace: WorkspaceId, events: Vec<LoggedEvent>) -> Committed {
    Committed { workspace, last_seq: events.last().map_or(0, |event| event.seq), events }
}

#[async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        match &self.connection {
            TxConnection::Sqlite(_) => DbBackend::Sqlite,
            TxConnection::Postgres(_) => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> std::result::Result<ExecResult, DbErr> {
        match &self.connection {
            TxConnection::Sqlite(turnstile) => turnstile.connection().execute_raw(statement).await,
            TxConnection::Postgres(transaction) => transaction.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> std::result::Result<ExecResult, DbErr> {
        match &self.connection {
            TxConnection::Sqlite(turnstile) => turnstile.connection().execute_unprepared(sql).await,
            TxConnection::Postgres(transaction) => transaction.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> std::result::Result<Option<QueryResult>, DbErr> {
        match &self.connection {
            TxConnection::Sqlite(turnstile) => turnstile.connection().query_one_raw(statement).await,
            TxConnection::Postgres(transaction) => transaction.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> std::result::Result<Vec<QueryResult>, DbErr> {
        match &self.connection {
            TxConnection::Sqlite(turnstile) => turnstile.connection().query_all_raw(statement).await,
            TxConnection::Postgres(transaction) => transaction.query_all_raw(statement).await,
        }
    }
}
