//! A store of a test's own, on either database, with a clock that stands still and replayable randomness.

use std::sync::Arc;

use frontdesk_domain::access::Grants;
use frontdesk_domain::context::{Actor, Context, Scope};
use frontdesk_domain::id::WorkspaceId;
use frontdesk_domain::random::SeededRandom;
use frontdesk_domain::time::{Clock, FixedClock, Timestamp};
use frontdesk_store::{Store, StoreSettings};
use tempfile::TempDir;

use crate::postgres::TestDatabase;

/// Wednesday 2026-03-18, 13:30 UTC: where test clocks start.
pub const START: Timestamp = Timestamp::from_millis(1_773_840_600_000);

/// A store on a database of this test alone.
#[derive(Debug)]
pub struct TestStore {
    /// The store, migrated.
    pub store: Store,
    /// Stands at [`START`] until moved.
    pub clock: Arc<FixedClock>,
    /// Replays the same ids in every run.
    pub random: Arc<SeededRandom>,
    /// A workspace to work in.
    pub workspace: WorkspaceId,
    settings: StoreSettings,
    // Last, so that it outlives the store.
    place: Place,
}

#[derive(Debug)]
enum Place {
    Sqlite(#[expect(dead_code, reason = "removes the folder when dropped")] TempDir),
    Postgres(#[expect(dead_code, reason = "drops the database when dropped")] TestDatabase),
}

impl TestStore {
    /// On a SQLite file in a folder of its own.
    pub async fn sqlite() -> Self {
        let store = Self::sqlite_empty().await;
        store.store.migrate().await.expect("migrating SQLite");
        store
    }

    /// On a SQLite file without any table.
    pub async fn sqlite_empty() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let settings = StoreSettings::sqlite(&folder.path().join("frontdesk.db"));
        Self::open(settings, Place::Sqlite(folder)).await
    }

    /// On a PostgreSQL database copied from the migrated template.
    pub async fn postgres() -> Self {
        let database = TestDatabase::create().await.expect("a PostgreSQL database");
        Self::open(StoreSettings { url: database.url(), connections: 12 }, Place::Postgres(database)).await
    }

    /// On a PostgreSQL database without any table.
    pub async fn postgres_empty() -> Self {
        let database = TestDatabase::create_empty().await.expect("a PostgreSQL database");
        Self::open(StoreSettings { url: database.url(), connections: 12 }, Place::Postgres(database)).await
    }

    async fn open(settings: StoreSettings, place: Place) -> Self {
        let store = Store::connect(&settings).await.expect("opening the test database");
        let random = Arc::new(SeededRandom::new(1));
        let workspace = WorkspaceId::new(START, random.as_ref());
        Self { store, clock: Arc::new(FixedClock::new(START)), random, workspace, settings, place }
    }

    /// Whether PostgreSQL stands behind it.
    pub const fn is_postgres(&self) -> bool {
        matches!(self.place, Place::Postgres(_))
    }

    /// Another store on the same database, as another process would open it.
    pub async fn another(&self) -> Store {
        Store::connect(&self.settings).await.expect("opening the test database again")
    }

    /// The current instant.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The scope of [`Self::workspace`].
    pub const fn scope(&self) -> Scope {
        Scope::system(self.workspace)
    }

    /// A context with every permission in [`Self::workspace`].
    pub fn context(&self) -> Context {
        self.context_in(self.workspace)
    }

    /// A context with every permission in a workspace.
    pub fn context_in(&self, workspace: WorkspaceId) -> Context {
        Context {
            workspace,
            actor: Actor::System("test"),
            grants: Grants::System,
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            random: Arc::clone(&self.random) as Arc<dyn frontdesk_domain::random::Random>,
            request_id: "test".to_owned(),
            ip: None,
        }
    }

    /// The id of one more workspace.
    pub fn another_workspace(&self) -> WorkspaceId {
        WorkspaceId::new(self.now(), self.random.as_ref())
    }
}

/// Runs an async test body to its end, on a runtime of two threads.
pub fn block_on<F: Future>(body: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a test runtime").block_on(body)
}

/// The same tests on both databases: each `async fn name(t: TestStore)` becomes `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! on_both {
    ($($(#[$about:meta])* async fn $name:ident($store:ident: TestStore) $body:block)+) => {$(
        $(#[$about])*
        mod $name {
            use super::*;

            async fn check($store: $crate::TestStore) $body

            #[test]
            fn sqlite() {
                $crate::block_on(async { check($crate::TestStore::sqlite().await).await });
            }

            #[test]
            fn postgres() {
                $crate::block_on(async { check($crate::TestStore::postgres().await).await });
            }
        }
    )+};
}
