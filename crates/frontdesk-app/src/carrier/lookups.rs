//! What a vendor said of customers' numbers, kept in the store: a restart or another node asks, and pays, no second time.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use frontdesk_channel::twilio::{LookedUp, LookupMemory};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::WorkspaceId;
use frontdesk_domain::random::Random;
use frontdesk_domain::time::Clock;
use frontdesk_store::Store;
use frontdesk_store::number_lookup::{self, NumberLookup};

use crate::App;

/// How long an answer holds: numbers are given to others and given up, but seldom.
const HOLDS: Duration = Duration::from_hours(90 * 24);

/// The memory of a workspace.
pub(super) struct StoredLookups {
    store: Store,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    workspace: WorkspaceId,
}

impl std::fmt::Debug for StoredLookups {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredLookups").field("workspace", &self.workspace).finish_non_exhaustive()
    }
}

impl StoredLookups {
    pub(super) fn of(app: &App, workspace: WorkspaceId) -> Self {
        Self {
            store: app.store.clone(),
            clock: Arc::clone(&app.clock),
            random: Arc::clone(&app.random),
            workspace,
        }
    }

    async fn put(&self, number: &str, said: &LookedUp) -> frontdesk_store::Result<()> {
        let ctx = crate::system_context(self.workspace, "number-lookup", (&self.clock, &self.random));
        let tx = self.store.begin(&ctx).await?;
        let known = NumberLookup { valid: said.valid, reason: said.reason.clone() };
        let now = tx.now();
        number_lookup::put(&tx, tx.scope(), (number, &known), now, now.minus(HOLDS)).await?;
        tx.commit().await
    }
}

#[async_trait]
impl LookupMemory for StoredLookups {
    async fn recall(&self, number: &str) -> Option<LookedUp> {
        let scope = Scope::system(self.workspace);
        let since = self.clock.now().minus(HOLDS);
        let found = number_lookup::find(self.store.reader(), scope, number, since)
            .await
            .inspect_err(|error| tracing::warn!(%error, "what is known of a number could not be read"));
        found.ok().flatten().map(|known| LookedUp { valid: known.valid, reason: known.reason })
    }

    async fn remember(&self, number: &str, said: &LookedUp) {
        if let Err(error) = self.put(number, said).await {
            tracing::warn!(%error, "what was said of a number could not be kept; it will be asked again");
        }
    }
}
