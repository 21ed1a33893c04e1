//! Vendors' clients, built once for as long as their connections stay the same: what a client has learned, such as numbers
//! that exist, is kept, and secrets are not opened for every message.
//!
//! Connections are read with every message, so a change holds at once, on every node.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use frontdesk_channel::Channel as Client;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::ConnectionId;
use frontdesk_store::connection::SealedConnection;

use super::build;
use crate::{App, connection};

/// The most clients that are kept.
const MOST: usize = 2_000;

/// Clients of connections. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Carriers(Arc<Mutex<HashMap<ConnectionId, Built>>>);

struct Built {
    from: SealedConnection,
    client: Arc<dyn Client>,
}

impl std::fmt::Debug for Built {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Built").field("connection", &self.from.connection.id).finish_non_exhaustive()
    }
}

impl Carriers {
    /// The client of a connection; `None` when its secret cannot be opened, which is logged, and in plain words why there
    /// is none for its settings.
    pub(super) fn of(
        &self,
        app: &App,
        scope: Scope,
        sealed: &SealedConnection,
    ) -> Option<Result<Arc<dyn Client>, String>> {
        let id = sealed.connection.id;
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(built) = known.get(&id).filter(|built| built.from == *sealed) {
            return Some(Ok(Arc::clone(&built.client)));
        }
        drop(known);
        let usable = connection::open(app, scope, sealed.clone())
            .inspect_err(|error| tracing::error!(%error, connection = %id, "a connection is unusable"))
            .ok()?;
        let client = match build(app, scope, &usable) {
            Ok(client) => Arc::<dyn Client>::from(client),
            Err(why) => return Some(Err(why)),
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST && !known.contains_key(&id) {
            known.clear();
        }
        known.insert(id, Built { from: sealed.clone(), client: Arc::clone(&client) });
        Some(Ok(client))
    }
}
