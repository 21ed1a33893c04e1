//! Who watches what right now: conversations in widgets, workspaces in dashboards, turns being written.
//!
//! One task hears what was committed and hands it to the watchers it concerns, so that a thousand open widgets cost
//! nothing while others talk. A signal only says that something changed; watchers read the database, which is the
//! truth, so nothing is missed when a signal is lost. What is shown but not kept (typing, words being written) goes to
//! watchers directly.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ConversationId, TurnId, WorkspaceId};
use frontdesk_store::{Committed, Ephemeral, Store};
use serde::{Deserialize, Serialize};
use tokio::sync::{broadcast, watch};

/// Signals kept for a slow watcher; one that falls further behind reads the database.
const CONVERSATION_SIGNALS: usize = 32;
const WORKSPACE_SIGNALS: usize = 256;

/// Something shown but not kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Passing {
    /// More words of a reply.
    Delta {
        /// Where.
        conversation_id: ConversationId,
        /// The reply's turn.
        turn_id: TurnId,
        /// The words.
        text: String,
        /// They are the first of the reply; who missed them shows none and waits for the message.
        first: bool,
    },
    /// A reply that was being written will not come.
    Aborted {
        /// Where.
        conversation_id: ConversationId,
        /// The reply's turn.
        turn_id: TurnId,
    },
    /// Somebody is writing.
    Typing {
        /// Where.
        conversation_id: ConversationId,
        /// Their name; the customer's when absent.
        name: Option<String>,
    },
}

impl Passing {
    const fn conversation(&self) -> ConversationId {
        match self {
            Self::Delta { conversation_id, .. }
            | Self::Aborted { conversation_id, .. }
            | Self::Typing { conversation_id, .. } => *conversation_id,
        }
    }
}

/// What a watcher of one conversation hears.
#[derive(Debug, Clone)]
pub enum ConversationSignal {
    /// Messages, floor or state changed.
    Changed,
    /// Something shown but not kept.
    Passing(Arc<Passing>),
}

/// What a watcher of a workspace hears.
#[derive(Debug, Clone)]
pub enum WorkspaceSignal {
    /// Events were committed; with a gap in their numbers, read the log.
    Committed(Arc<Committed>),
    /// Something shown but not kept.
    Passing(Arc<Passing>),
}

/// Who watches what. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Live {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    conversations: Channels<ConversationId, ConversationSignal>,
    workspaces: Channels<WorkspaceId, WorkspaceSignal>,
    turns: Mutex<HashMap<ConversationId, Running>>,
}

/// A turn being written on this node.
#[derive(Debug)]
struct Running {
    /// Turns waiting for their turn, the running one included.
    holders: usize,
    lock: Arc<tokio::sync::Mutex<()>>,
    /// Told when the floor changes hands.
    floor: watch::Sender<u64>,
}

/// One channel per thing watched, while it is watched.
type Channels<K, S> = Mutex<HashMap<K, broadcast::Sender<S>>>;

/// A watcher's ear; forgets the channel when the last one is dropped.
#[derive(Debug)]
pub struct Watch<K: Copy + Eq + Hash, S: Clone> {
    receiver: broadcast::Receiver<S>,
    key: K,
    table: fn(&Inner) -> &Channels<K, S>,
    inner: Arc<Inner>,
}

impl<K: Copy + Eq + Hash, S: Clone> Watch<K, S> {
    /// The next signal; `None` when some were lost and the database should be read.
    pub async fn next(&mut self) -> Option<S> {
        self.receiver.recv().await.ok()
    }
}

impl<K: Copy + Eq + Hash, S: Clone> Drop for Watch<K, S> {
    fn drop(&mut self) {
        let mut table = lock((self.table)(&self.inner));
        // This receiver still counts.
        if table.get(&self.key).is_some_and(|sender| sender.receiver_count() <= 1) {
            table.remove(&self.key);
        }
    }
}

/// A watcher of one conversation.
pub type ConversationWatch = Watch<ConversationId, ConversationSignal>;
/// A watcher of a workspace.
pub type WorkspaceWatch = Watch<WorkspaceId, WorkspaceSignal>;

/// The right to write the next reply in a conversation on this node.
#[derive(Debug)]
pub struct TurnPermit {
    inner: Arc<Inner>,
    conversation: ConversationId,
    guard: Option<tokio::sync::OwnedMutexGuard<()>>,
    floor: watch::Receiver<u64>,
}

impl TurnPermit {
    /// Returns once the floor is held under an epoch beyond this one.
    pub async fn floor_lost(&mut self, epoch: impl Fn() -> u64) {
        loop {
            if *self.floor.borrow_and_update() > epoch() {
                return;
            }
            if self.floor.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}

impl Drop for TurnPermit {
    fn drop(&mut self) {
        self.guard = None;
        let mut turns = lock(&self.inner.turns);
        if let Some(running) = turns.get_mut(&self.conversation) {
            running.holders -= 1;
            if running.holders == 0 {
                turns.remove(&self.conversation);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Live {
    /// Watches one conversation.
    pub fn watch_conversation(&self, id: ConversationId) -> ConversationWatch {
        let receiver = lock(&self.inner.conversations)
            .entry(id)
            .or_insert_with(|| broadcast::channel(CONVERSATION_SIGNALS).0)
            .subscribe();
        Watch { receiver, key: id, table: |inner| &inner.conversations, inner: Arc::clone(&self.inner) }
    }

    /// Watches a workspace.
    pub fn watch_workspace(&self, id: WorkspaceId) -> WorkspaceWatch {
        let receiver = lock(&self.inner.workspaces)
            .entry(id)
            .or_insert_with(|| broadcast::channel(WORKSPACE_SIGNALS).0)
            .subscribe();
        Watch { receiver, key: id, table: |inner| &inner.workspaces, inner: Arc::clone(&self.inner) }
    }

    /// Waits until no other turn of this node writes in the conversation.
    pub async fn turn(&self, conversation: ConversationId) -> TurnPermit {
        let (turn_lock, floor) = {
            let mut turns = lock(&self.inner.turns);
            let running = turns.entry(conversation).or_insert_with(|| Running {
                holders: 0,
                lock: Arc::default(),
                // Raised by what is announced from here on; whoever holds the permit reads the row itself.
                floor: watch::channel(0).0,
            });
            running.holders += 1;
            (Arc::clone(&running.lock), running.floor.subscribe())
        };
        let mut permit = TurnPermit { inner: Arc::clone(&self.inner), conversation, guard: None, floor };
        permit.guard = Some(turn_lock.lock_owned().await);
        permit
    }

    /// Shows something on this node and, when there are others, on them.
    pub async fn show(&self, store: &Store, workspace: WorkspaceId, passing: Passing) {
        let passing = Arc::new(passing);
        self.pass(workspace, &passing);
        if store.backend() == frontdesk_store::Backend::Postgres
            && let Ok(body) = serde_json::to_value(passing.as_ref())
        {
            store.announce(&Ephemeral { workspace, body }).await;
        }
    }

    fn pass(&self, workspace: WorkspaceId, passing: &Arc<Passing>) {
        if let Some(sender) = lock(&self.inner.conversations).get(&passing.conversation()) {
            let _ = sender.send(ConversationSignal::Passing(Arc::clone(passing)));
        }
        if let Some(sender) = lock(&self.inner.workspaces).get(&workspace) {
            let _ = sender.send(WorkspaceSignal::Passing(Arc::clone(passing)));
        }
    }

    fn committed(&self, committed: &Arc<Committed>) {
        for logged in &committed.events {
            self.concern(&logged.event);
        }
        if let Some(sender) = lock(&self.inner.workspaces).get(&committed.workspace) {
            let _ = sender.send(WorkspaceSignal::Committed(Arc::clone(committed)));
        }
    }

    /// Tells the watchers of the conversation an event is about.
    fn concern(&self, event: &Event) {
        let id = match event {
            Event::FloorChanged { conversation_id, epoch, .. } => {
                if let Some(running) = lock(&self.inner.turns).get(conversation_id) {
                    running.floor.send_if_modified(|known| {
                        let newer = *epoch > *known;
                        *known = (*known).max(*epoch);
                        newer
                    });
                }
                conversation_id
            }
            Event::MessageCreated { conversation_id, .. }
            | Event::ConversationStateChanged { conversation_id, .. } => conversation_id,
            _ => return,
        };
        if let Some(sender) = lock(&self.inner.conversations).get(id) {
            let _ = sender.send(ConversationSignal::Changed);
        }
    }

    /// Wakes every watcher: signals were lost, so each reads the database.
    fn wake_all(&self) {
        for sender in lock(&self.inner.conversations).values() {
            let _ = sender.send(ConversationSignal::Changed);
        }
    }

    /// Hears the store and tells watchers, for as long as the process lives.
    pub async fn run(self, store: Store) {
        let mut committed = store.committed();
        let mut ephemeral = store.ephemeral();
        loop {
            tokio::select! {
                heard = committed.recv() => match heard {
                    Ok(batch) if batch.events.is_empty() && batch.last_seq > 0 => {
                        self.committed_elsewhere(&store, &batch).await;
                    }
                    Ok(batch) => self.committed(&batch),
                    Err(broadcast::error::RecvError::Lagged(lost)) => {
                        tracing::warn!(lost, "watchers fell behind; waking them all");
                        self.wake_all();
                    }
                    Err(broadcast::error::RecvError::Closed) => return,
                },
                Ok(heard) = ephemeral.recv() => {
                    if let Ok(passing) = serde_json::from_value::<Passing>(heard.body.clone()) {
                        self.pass(heard.workspace, &Arc::new(passing));
                    }
                }
            }
        }
    }

    /// Reads from the log what another node committed, as far as anyone here may care.
    async fn committed_elsewhere(&self, store: &Store, batch: &Arc<Committed>) {
        let scope = frontdesk_domain::context::Scope::system(batch.workspace);
        let newest = frontdesk_store::event::list_newest(store.reader(), scope, &[], 64).await;
        match newest {
            Ok(events) => events.iter().for_each(|logged| self.concern(&logged.event)),
            Err(error) => {
                tracing::warn!(%error, "reading what another node committed");
                self.wake_all();
            }
        }
        if let Some(sender) = lock(&self.inner.workspaces).get(&batch.workspace) {
            let _ = sender.send(WorkspaceSignal::Committed(Arc::clone(batch)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use frontdesk_domain::random::SeededRandom;
    use frontdesk_domain::time::Timestamp;

    fn conversation() -> ConversationId {
        ConversationId::new(Timestamp::from_millis(1), &SeededRandom::new(1))
    }

    #[tokio::test]
    async fn a_watcher_that_leaves_is_forgotten() {
        let live = Live::default();
        let first = live.watch_conversation(conversation());
        let second = live.watch_conversation(conversation());
        drop(first);
        assert_eq!(lock(&live.inner.conversations).len(), 1);
        drop(second);
        assert!(lock(&live.inner.conversations).is_empty());
    }

    #[tokio::test]
    async fn a_takeover_reaches_the_turn_being_written() {
        let live = Live::default();
        let mut permit = live.turn(conversation()).await;
        live.concern(&Event::FloorChanged {
            conversation_id: conversation(),
            floor: frontdesk_domain::conversation::Floor::Nobody,
            epoch: 4,
        });
        permit.floor_lost(|| 3).await;
        drop(permit);
        assert!(lock(&live.inner.turns).is_empty());
    }

    #[tokio::test]
    async fn one_turn_at_a_time_writes_in_a_conversation() {
        let live = Live::default();
        let first = live.turn(conversation()).await;
        let waiting = tokio::spawn({
            let live = live.clone();
            async move { live.turn(conversation()).await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(first);
        drop(waiting.await.unwrap());
        assert!(lock(&live.inner.turns).is_empty());
    }
}
