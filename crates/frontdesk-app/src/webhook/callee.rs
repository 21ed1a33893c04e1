//! Connections that vendors call, with what their calls are verified by.
//!
//! A vendor calls for every message and every report, so with the embedded database what a connection says is remembered
//! until something in the installation's settings changes. There this process makes every change, and the news of one is
//! out before whoever made it hears that it is done. With PostgreSQL other nodes make changes too, and each call reads.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use frontdesk_domain::connection::Connection;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ConnectionId, WorkspaceId};
use frontdesk_store::{Backend, Committed, connection};
use secrecy::SecretString;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::TryRecvError;

use crate::secret::Column;
use crate::{App, Result};

/// Most connections that are remembered; all are forgotten when there are more.
const MOST: usize = 1_000;

/// A connection that is called.
#[derive(Debug)]
pub(super) struct Callee {
    pub(super) workspace: WorkspaceId,
    pub(super) connection: Connection,
    pub(super) secret: Option<SecretString>,
    pub(super) hook_secret: Option<SecretString>,
}

/// Connections that were called lately. Clones share everything.
#[derive(Debug, Clone, Default)]
pub struct Callees(Arc<Mutex<Option<Known>>>);

#[derive(Debug)]
struct Known {
    news: Receiver<Arc<Committed>>,
    by_id: HashMap<ConnectionId, Arc<Callee>>,
    /// How often everything was forgotten: what was read before the last time may be outdated.
    forgotten: u64,
}

/// The connection with this id, whoever's it is.
pub(super) async fn find(app: &App, id: ConnectionId) -> Result<Option<Arc<Callee>>> {
    if app.store.backend() == Backend::Postgres {
        return read(app, id).await;
    }
    let forgotten = {
        let mut known = app.callees.lock();
        let known = known.get_or_insert_with(|| Known::new(app));
        known.catch_up();
        if let Some(callee) = known.by_id.get(&id) {
            return Ok(Some(Arc::clone(callee)));
        }
        known.forgotten
    };
    let found = read(app, id).await?;
    if let (Some(callee), Some(known)) = (&found, app.callees.lock().as_mut()) {
        known.catch_up();
        if known.forgotten == forgotten {
            known.remember(id, Arc::clone(callee));
        }
    }
    Ok(found)
}

async fn read(app: &App, id: ConnectionId) -> Result<Option<Arc<Callee>>> {
    let Some((workspace, sealed)) = connection::find_everywhere(app.store.reader(), id).await? else {
        return Ok(None);
    };
    let open = |column, secret: Option<&String>| {
        secret.map(|secret| app.vault.unseal(workspace, column, secret)).transpose()
    };
    Ok(Some(Arc::new(Callee {
        workspace,
        secret: open(Column::ConnectionSecret, sealed.secret.as_ref())?,
        hook_secret: open(Column::HookSecret, sealed.hook_secret.as_ref())?,
        connection: sealed.connection,
    })))
}

impl Callees {
    fn lock(&self) -> MutexGuard<'_, Option<Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn new(app: &App) -> Self {
        Self { news: app.store.committed(), by_id: HashMap::new(), forgotten: 0 }
    }

    /// Forgets everything when settings of any workspace changed since the last look.
    fn catch_up(&mut self) {
        let mut changed = false;
        loop {
            match self.news.try_recv() {
                Ok(news) => {
                    changed |= news.events.iter().any(|logged| logged.event == Event::WorkspaceUpdated);
                }
                Err(TryRecvError::Lagged(_)) => changed = true,
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        if changed {
            self.by_id.clear();
            self.forgotten += 1;
        }
    }

    fn remember(&mut self, id: ConnectionId, callee: Arc<Callee>) {
        if self.by_id.len() >= MOST {
            self.by_id.clear();
        }
        self.by_id.insert(id, callee);
    }
}
