//! Making writes durable and announcing them.
//!
//! SQLite has one writer. Units of work that arrive while another is running share one outer transaction, each in a
//! savepoint of its own, and are committed, and made durable, together: many units cost one disk flush, and none is
//! acknowledged before it. A unit that fails rolls back to its savepoint alone. Events are announced in the order of
//! their commit. On PostgreSQL units commit side by side, so an announcement may overtake an earlier one of the same
//! workspace: a receiver that sees a gap reads the log.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use frontdesk_domain::event::LoggedEvent;
use frontdesk_domain::id::WorkspaceId;
use sea_orm::{ConnectionTrait, DatabaseConnection};
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, broadcast, oneshot};

use crate::closing::Closing;
use crate::{Result, StoreError};

/// The most units that share one outer transaction; bounds how long the first one waits.
const GROUP: usize = 64;

/// Events that were committed together.
#[derive(Debug, Clone)]
pub struct Committed {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The number of the last event.
    pub last_seq: u64,
    /// The events, in order; empty when another node committed them, then read them from the log.
    pub events: Vec<LoggedEvent>,
}

/// Something shown but not kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ephemeral {
    /// The workspace it may be shown in.
    pub workspace: WorkspaceId,
    /// What to show, as the live socket and the widget understand it.
    pub body: serde_json::Value,
}

/// What a unit of work announces once it is durable.
#[derive(Debug, Default)]
pub(crate) struct Announcement {
    pub(crate) committed: Option<Committed>,
    pub(crate) jobs: bool,
}

/// Tells the process, and with PostgreSQL every node, what was committed.
#[derive(Debug, Clone)]
pub(crate) struct Announcer {
    committed: broadcast::Sender<Arc<Committed>>,
    ephemeral: broadcast::Sender<Arc<Ephemeral>>,
    jobs_ready: Arc<Notify>,
    /// Tells this node's own notifications from others'.
    node: Arc<str>,
}

const CHANNEL: &str = "frontdesk";
/// PostgreSQL refuses notifications of 8000 bytes and more.
const MAX_NOTIFICATION: usize = 7_900;

#[derive(Serialize, Deserialize)]
enum Notification {
    Committed { node: String, workspace: WorkspaceId, last_seq: u64, jobs: bool },
    Jobs { node: String },
    Ephemeral { node: String, ephemeral: Ephemeral },
}

impl Announcer {
    pub(crate) fn new() -> Self {
        Self {
            committed: broadcast::channel(4096).0,
            ephemeral: broadcast::channel(4096).0,
            jobs_ready: Arc::new(Notify::new()),
            node: uuid::Uuid::new_v4().simple().to_string().into(),
        }
    }

    pub(crate) fn committed(&self) -> broadcast::Receiver<Arc<Committed>> {
        self.committed.subscribe()
    }

    pub(crate) fn ephemeral(&self) -> broadcast::Receiver<Arc<Ephemeral>> {
        self.ephemeral.subscribe()
    }

    pub(crate) fn jobs_ready(&self) -> Arc<Notify> {
        Arc::clone(&self.jobs_ready)
    }

    /// Tells this process. Nobody listening is fine.
    pub(crate) fn publish(&self, announcement: Announcement) {
        if let Some(committed) = announcement.committed {
            let _ = self.committed.send(Arc::new(committed));
        }
        if announcement.jobs {
            self.jobs_ready.notify_waiters();
            self.jobs_ready.notify_one();
        }
    }

    /// Tells the other nodes, as part of the transaction: PostgreSQL delivers at commit.
    pub(crate) async fn notify_nodes(
        &self,
        tx: &impl ConnectionTrait,
        announcement: &Announcement,
    ) -> Result<()> {
        let node = self.node.to_string();
        let notification = match (&announcement.committed, announcement.jobs) {
            (Some(committed), jobs) => Notification::Committed {
                node,
                workspace: committed.workspace,
                last_seq: committed.last_seq,
                jobs,
            },
            (None, true) => Notification::Jobs { node },
            (None, false) => return Ok(()),
        };
        self.notify(tx, &notification).await
    }

    async fn notify(&self, db: &impl ConnectionTrait, notification: &Notification) -> Result<()> {
        let payload =
            serde_json::to_string(notification).map_err(|e| StoreError::damaged("notification", e))?;
        if payload.len() > MAX_NOTIFICATION {
            return Ok(());
        }
        db.execute_raw(sea_orm::Statement::from_sql_and_values(
            db.get_database_backend(),
            "SELECT pg_notify($1, $2)",
            [CHANNEL.into(), payload.into()],
        ))
        .await?;
        Ok(())
    }

    /// Shows something on the other nodes.
    pub(crate) async fn announce(&self, ephemeral: &Ephemeral, pool: &DatabaseConnection) {
        let notification =
            Notification::Ephemeral { node: self.node.to_string(), ephemeral: ephemeral.clone() };
        if let Err(error) = self.notify(pool, &notification).await {
            tracing::debug!(%error, "telling other nodes");
        }
    }

    /// Hears what other nodes commit, for as long as the process lives; reconnects by itself.
    pub(crate) async fn listen(&self, pool: &DatabaseConnection) -> Result<()> {
        let mut listener =
            sea_orm::sqlx::postgres::PgListener::connect_with(pool.get_postgres_connection_pool())
                .await
                .map_err(|e| StoreError::Commit(format!("listening for other nodes: {e}")))?;
        listener
            .listen(CHANNEL)
            .await
            .map_err(|e| StoreError::Commit(format!("listening for other nodes: {e}")))?;
        let announcer = self.clone();
        let pool = pool.clone();
        tokio::spawn(async move {
            loop {
                match listener.try_recv().await {
                    Ok(Some(message)) => announcer.hear(message.payload()),
                    // Nobody repeats what was said while the line was down.
                    Ok(None) => announcer.catch_up(&pool).await,
                    Err(sea_orm::sqlx::Error::PoolClosed) => return,
                    Err(error) => {
                        tracing::warn!(%error, "listening for other nodes; trying again");
                        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                    }
                }
            }
        });
        Ok(())
    }

    /// Has everyone look at the log and the queue again.
    async fn catch_up(&self, pool: &DatabaseConnection) {
        match crate::event::last_seqs_everywhere(pool).await {
            Ok(logs) => {
                for (workspace, last_seq) in logs {
                    let committed = Some(Committed { workspace, last_seq, events: Vec::new() });
                    self.publish(Announcement { committed, jobs: false });
                }
            }
            Err(error) => tracing::warn!(%error, "catching up with other nodes"),
        }
        self.publish(Announcement { committed: None, jobs: true });
    }

    fn hear(&self, payload: &str) {
        match serde_json::from_str(payload) {
            Ok(Notification::Committed { node, workspace, last_seq, jobs }) if *node != *self.node => {
                let committed = Some(Committed { workspace, last_seq, events: Vec::new() });
                self.publish(Announcement { committed, jobs });
            }
            Ok(Notification::Jobs { node }) if *node != *self.node => {
                self.publish(Announcement { committed: None, jobs: true });
            }
            Ok(Notification::Ephemeral { node, ephemeral }) if *node != *self.node => {
                let _ = self.ephemeral.send(Arc::new(ephemeral));
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "a node said something unreadable"),
        }
    }
}

/// SQLite's one writer, with group commit.
#[derive(Debug)]
pub(crate) struct SqliteWriter {
    connection: DatabaseConnection,
    group: Arc<Mutex<Group>>,
    waiting: AtomicUsize,
    announcer: Announcer,
    closed: AtomicBool,
    /// Something was committed since the log was last moved into the database.
    dirty: AtomicBool,
}

/// The outer transaction in progress.
#[derive(Debug, Default)]
pub(crate) struct Group {
    /// `BEGIN` has run.
    open: bool,
    /// `BEGIN` was sent and nobody waited for its answer: it may or may not have run.
    doubtful: bool,
    /// A unit was dropped without commit; its savepoint is still there.
    dangling: bool,
    /// The savepoint of the next unit is there, and nothing was written under it.
    ready: bool,
    /// Finished units waiting for the outer commit.
    finished: Vec<Finished>,
}

#[derive(Debug)]
struct Finished {
    announcements: Vec<Announcement>,
    done: oneshot::Sender<std::result::Result<(), String>>,
}

/// The right to write, held by one unit of work.
#[derive(Debug)]
pub(crate) struct Turnstile {
    writer: Arc<SqliteWriter>,
    group: Option<OwnedMutexGuard<Group>>,
}

/// Counts a waiter, and makes sure that one which gives up leaves no open group behind.
struct Waiting<'a>(&'a Arc<SqliteWriter>, bool);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
        if !self.1 {
            SqliteWriter::flush_later(self.0);
        }
    }
}

impl SqliteWriter {
    pub(crate) fn new(connection: DatabaseConnection, announcer: Announcer) -> Self {
        Self {
            connection,
            group: Arc::new(Mutex::new(Group::default())),
            waiting: AtomicUsize::new(0),
            announcer,
            closed: AtomicBool::new(false),
            dirty: AtomicBool::new(false),
        }
    }

    /// Whether anything was committed since this was last asked.
    pub(crate) fn take_dirty(&self) -> bool {
        self.dirty.swap(false, Ordering::Relaxed)
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    pub(crate) const fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// Waits for the turn of one unit of work and opens its savepoint.
    pub(crate) async fn enter(self: &Arc<Self>) -> Result<Turnstile> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let mut waiting = Waiting(self, false);
        let group = Arc::clone(&self.group).lock_owned().await;
        waiting.1 = true;
        drop(waiting);
        // From here on any way out, error or cancellation, ends in a flush through the turnstile's drop.
        let mut turnstile = Turnstile { writer: Arc::clone(self), group: None };
        let group = turnstile.group.insert(group);
        if self.is_closed() {
            return Err(StoreError::Commit("the database is closed".to_owned()));
        }
        self.settle(group).await?;
        if group.ready {
            group.ready = false;
        } else if group.open {
            self.connection.execute_unprepared("SAVEPOINT unit").await?;
        } else {
            if group.doubtful {
                // A unit that was given up while it began; nothing was written under it.
                let _ = self.connection.execute_unprepared("ROLLBACK").await;
            }
            group.doubtful = true;
            // One trip to the connection's thread: each costs about as much as the statement itself.
            self.connection.execute_unprepared("BEGIN IMMEDIATE; SAVEPOINT unit").await?;
            group.doubtful = false;
            group.open = true;
        }
        group.dangling = true;
        Ok(turnstile)
    }

    /// Rolls back what a dropped unit left.
    async fn settle(&self, group: &mut Group) -> Result<()> {
        if group.dangling {
            self.connection.execute_unprepared("ROLLBACK TO unit").await?;
            self.connection.execute_unprepared("RELEASE unit").await?;
            group.dangling = false;
        }
        Ok(())
    }

    /// Whether nobody is about to join a group of so many.
    fn is_last(&self, units: usize) -> bool {
        units >= GROUP || self.waiting.load(Ordering::SeqCst) == 0
    }

    /// Commits the outer transaction, without a unit that was dropped.
    async fn flush(&self, group: &mut Group) {
        if !group.open {
            return;
        }
        if let Err(error) = self.settle(group).await {
            tracing::error!(%error, "rolling a dropped unit back");
        }
        let sql = if group.ready { "RELEASE unit; COMMIT" } else { "COMMIT" };
        self.commit(group, sql).await;
    }

    /// Ends the outer transaction and tells everyone who waits for it.
    async fn commit(&self, group: &mut Group, sql: &str) {
        let outcome: Result<()> = if group.dangling {
            Err(StoreError::Commit("a dropped unit could not be rolled back".to_owned()))
        } else {
            self.connection.execute_unprepared(sql).await.map(drop).map_err(Into::into)
        };
        if let Err(error) = &outcome {
            tracing::error!(%error, units = group.finished.len(), "commit failed; rolling back");
            if let Err(error) = self.connection.execute_unprepared("ROLLBACK").await {
                tracing::error!(%error, "rollback failed");
            }
            group.dangling = false;
        }
        group.open = false;
        group.ready = false;
        self.dirty.store(true, Ordering::Relaxed);
        for unit in group.finished.drain(..) {
            let told = match &outcome {
                Ok(()) => {
                    unit.announcements.into_iter().for_each(|told| self.announcer.publish(told));
                    Ok(())
                }
                Err(error) => Err(error.to_string()),
            };
            let _ = unit.done.send(told);
        }
    }

    /// Flushes once nobody else is about to.
    fn flush_later(this: &Arc<Self>) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let writer = Arc::clone(this);
        runtime.spawn(async move {
            let mut group = writer.group.lock().await;
            if writer.waiting.load(Ordering::SeqCst) == 0 {
                writer.flush(&mut group).await;
            }
        });
    }

    /// Commits what is open and refuses new units.
    pub(crate) async fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        let mut group = self.group.lock().await;
        self.flush(&mut group).await;
        drop(group);
        if let Err(error) = self.connection.clone().close().await {
            tracing::warn!(%error, "closing the database");
        }
    }
}

impl Turnstile {
    pub(crate) fn connection(&self) -> &DatabaseConnection {
        &self.writer.connection
    }

    /// Finishes the unit with its last words and waits until it is durable.
    pub(crate) async fn commit(
        self,
        announcements: Vec<Announcement>,
        closing: Option<Closing>,
    ) -> Result<()> {
        let (done, told) = oneshot::channel();
        // Not in this task: a caller that stops waiting must not leave a half-run RELEASE or COMMIT behind.
        tokio::spawn(self.finish(Finished { announcements, done }, closing));
        match told.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(reason)) => Err(StoreError::Commit(reason)),
            Err(_) => Err(StoreError::Commit("the writer stopped".to_owned())),
        }
    }

    /// Adds the unit to its group, and commits the group unless another unit is about to join it.
    async fn finish(mut self, mut unit: Finished, closing: Option<Closing>) {
        let Some(group) = self.group.as_mut() else { return };
        let db = &self.writer.connection;
        let is_last = self.writer.is_last(group.finished.len() + 1);
        if is_last && closing.is_none() {
            group.finished.push(unit);
            group.dangling = false;
            self.writer.commit(group, "RELEASE unit; COMMIT").await;
            self.group = None;
            return;
        }
        // The trip that ends this unit opens the next one's savepoint.
        let end = if is_last { "RELEASE unit" } else { "RELEASE unit; SAVEPOINT unit" };
        let ended = match closing {
            Some(closing) => closing.write(db, end).await,
            None => db.execute_unprepared(end).await.map(|_| Vec::new()).map_err(Into::into),
        };
        match ended {
            Ok(more) => unit.announcements.extend(more),
            Err(error) => {
                let _ = unit.done.send(Err(error.to_string()));
                return;
            }
        }
        group.dangling = false;
        group.ready = !is_last;
        group.finished.push(unit);
        // Whoever waited may have given up meanwhile.
        if self.writer.is_last(group.finished.len()) {
            self.writer.flush(group).await;
        }
        self.group = None;
    }
}

impl Drop for Turnstile {
    fn drop(&mut self) {
        if self.group.take().is_some() {
            SqliteWriter::flush_later(&self.writer);
        }
    }
}
