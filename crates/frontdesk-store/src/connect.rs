//! Opening the database: SQLite with one writer and a pool of readers, or PostgreSQL with one pool.

use std::path::Path;
use std::sync::{Arc, Weak};
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbBackend};
use tokio::sync::{Notify, broadcast};

use crate::commit::{Announcer, Committed, Ephemeral, SqliteWriter};
use crate::{Result, StoreError};

/// Which database stands behind the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// Embedded; one node.
    Sqlite,
    /// A server; any number of nodes.
    Postgres,
}

/// Where the database is and how many connections it may use.
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// `sqlite:PATH` or `postgres://...`.
    pub url: String,
    /// Most connections for reading (SQLite) or in all (PostgreSQL).
    pub connections: u32,
}

impl StoreSettings {
    /// The embedded database in this file.
    pub fn sqlite(path: &Path) -> Self {
        Self { url: format!("sqlite:{}?mode=rwc", path.display()), connections: 8 }
    }
}

/// The database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) backend: Backend,
    pub(crate) reader: DatabaseConnection,
    pub(crate) writer: Writer,
    pub(crate) announcer: Announcer,
}

#[derive(Debug)]
pub(crate) enum Writer {
    Sqlite(Arc<SqliteWriter>),
    Postgres(DatabaseConnection),
}

impl Store {
    /// Opens the database; it is created when it is a SQLite file that does not exist. Does not migrate.
    ///
    /// # Errors
    /// When the address is unusable or the database cannot be reached.
    pub async fn connect(settings: &StoreSettings) -> Result<Self> {
        let announcer = Announcer::new();
        if settings.url.starts_with("sqlite:") {
            let writer = Database::connect(sqlite_options(&settings.url, 1, WRITER_CACHE)).await?;
            let reader =
                Database::connect(sqlite_options(&settings.url, settings.connections, READER_CACHE)).await?;
            let writer = Arc::new(SqliteWriter::new(writer, announcer.clone()));
            tokio::spawn(checkpoint(Arc::downgrade(&writer), reader.clone()));
            let inner = Inner { backend: Backend::Sqlite, reader, writer: Writer::Sqlite(writer), announcer };
            return Ok(Self { inner: Arc::new(inner) });
        }
        if !settings.url.starts_with("postgres:") && !settings.url.starts_with("postgresql:") {
            return Err(StoreError::Database(sea_orm::DbErr::Custom(
                "database address must start with sqlite: or postgres:".to_owned(),
            )));
        }
        let mut options = ConnectOptions::new(settings.url.clone());
        options
            // One listens, one may hold the lock of a migration.
            .max_connections(settings.connections.max(4))
            .acquire_timeout(Duration::from_secs(10))
            .sqlx_logging(false)
            .test_before_acquire(false);
        let pool = Database::connect(options).await?;
        announcer.listen(&pool).await?;
        let inner = Inner {
            backend: Backend::Postgres,
            reader: pool.clone(),
            writer: Writer::Postgres(pool),
            announcer,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        self.inner.backend
    }

    /// For reading committed rows outside a unit of work.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.inner.reader
    }

    /// Committed events of every workspace, as they happen; a receiver that lags reads the log instead.
    pub fn committed(&self) -> broadcast::Receiver<Arc<Committed>> {
        self.inner.announcer.committed()
    }

    /// What other nodes show but do not keep (typing, words being written).
    pub fn ephemeral(&self) -> broadcast::Receiver<Arc<Ephemeral>> {
        self.inner.announcer.ephemeral()
    }

    /// Shows something that is not kept on the other nodes, if there can be any. Best effort.
    pub async fn announce(&self, ephemeral: &Ephemeral) {
        if let Writer::Postgres(pool) = &self.inner.writer {
            self.inner.announcer.announce(ephemeral, pool).await;
        }
    }

    /// Wakes when a job may have become ready.
    pub fn jobs_ready(&self) -> Arc<Notify> {
        self.inner.announcer.jobs_ready()
    }

    /// Answers when the database does.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.inner.reader.ping().await?)
    }

    /// Brings the schema up to date.
    pub async fn migrate(&self) -> Result<()> {
        crate::migration::up(self).await
    }

    /// Runs the next migration only; a database brought up so must equal one made at once.
    pub async fn migrate_one(&self) -> Result<()> {
        crate::migration::up_one(self).await
    }

    /// Names of migrations that have not run yet.
    pub async fn pending_migrations(&self) -> Result<Vec<String>> {
        crate::migration::pending(self).await
    }

    pub(crate) fn write_connection(&self) -> &DatabaseConnection {
        match &self.inner.writer {
            Writer::Sqlite(writer) => writer.connection(),
            Writer::Postgres(pool) => pool,
        }
    }

    /// Closes all connections after the writes under way.
    pub async fn close(&self) {
        if let Writer::Sqlite(writer) = &self.inner.writer {
            writer.close().await;
        }
        // `close` takes the connection by value, and clones share the pool.
        if let Err(error) = self.inner.reader.clone().close().await {
            tracing::warn!(%error, "closing the database");
        }
    }
}

/// What a connection remembers of the database, in KiB as SQLite counts it. A file of contacts that is read in touches more
/// pages than a question.
const WRITER_CACHE: &str = "-32000";
const READER_CACHE: &str = "-8000";
/// The pages of the log at which a commit itself moves them into the database, should nobody else have: 64 MiB.
const LONGEST_LOG: &str = "16384";
/// How often somebody else does.
const CHECKPOINT: Duration = Duration::from_secs(1);

/// Moves what was committed from the log into the database, beside the writer: no commit waits for it. Ends with the writer.
async fn checkpoint(writer: Weak<SqliteWriter>, reader: DatabaseConnection) {
    loop {
        tokio::time::sleep(CHECKPOINT).await;
        let Some(writer) = writer.upgrade() else { return };
        if writer.is_closed() {
            return;
        }
        if writer.take_dirty()
            && let Err(error) = reader.execute_unprepared("PRAGMA wal_checkpoint(PASSIVE)").await
        {
            tracing::debug!(%error, "moving the log into the database");
        }
    }
}

fn sqlite_options(url: &str, connections: u32, cache: &'static str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .idle_timeout(None)
        .max_lifetime(None)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(move |options| {
            options
                .journal_mode(SqliteJournalMode::Wal)
                // An acknowledged write survives loss of power; group commit pays for it.
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(10))
                .foreign_keys(true)
                .statement_cache_capacity(512)
                .pragma("cache_size", cache)
                .pragma("wal_autocheckpoint", LONGEST_LOG)
                .pragma("temp_store", "MEMORY")
        });
    options
}

impl From<DbBackend> for Backend {
    fn from(backend: DbBackend) -> Self {
        match backend {
            DbBackend::Postgres => Self::Postgres,
            _ => Self::Sqlite,
        }
    }
}
