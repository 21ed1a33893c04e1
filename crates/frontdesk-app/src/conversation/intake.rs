//! Customers' messages on their way into the database.
//!
//! SQLite has one writer, and a unit of work costs it by the statement more than by the row. So messages that come while
//! others are being stored wait together and are stored together; one that comes alone waits for nobody. PostgreSQL has
//! many writers, and there each message is a unit of its own. A message is acknowledged when it is durable, and should a
//! group fail, each of it is tried alone: one that cannot be stored holds up no other.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use frontdesk_channel::InboundMessage;
use frontdesk_store::Backend;
use tokio::sync::oneshot::{self, error::TryRecvError};

use super::hear::{Line, hear};
use crate::{App, Result};

/// Most messages that are stored together; bounds how long the first of them waits.
const MOST: usize = 32;

/// Messages that wait for their turn. Clones share everything.
#[derive(Debug, Clone, Default)]
pub struct Intake {
    waiting: Arc<Mutex<VecDeque<Waiting>>>,
    /// Held by whoever stores messages, for itself and for others.
    turn: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug)]
struct Waiting {
    on: Line,
    said: Arc<InboundMessage>,
    done: oneshot::Sender<Result<()>>,
}

/// Takes in a customer's message. The same one twice changes nothing.
pub(crate) async fn take_in(app: &App, on: Line, said: InboundMessage) -> Result<()> {
    if app.store.backend() == Backend::Postgres {
        return hear(app, on, &[&said]).await;
    }
    let said = Arc::new(said);
    let (done, mut told) = oneshot::channel();
    app.intake.waiting().push_back(Waiting { on, said: Arc::clone(&said), done });
    let outcome = tokio::select! {
        biased;
        outcome = &mut told => outcome.ok(),
        turn = app.intake.turn.lock() => {
            let outcome = store_until(app, &mut told).await;
            drop(turn);
            outcome
        }
    };
    match outcome {
        Some(outcome) => outcome,
        // Whoever was storing it was called off; what was stored after all is not stored twice.
        None => hear(app, on, &[&said]).await,
    }
}

/// Stores what waits, the oldest first, until this message's own outcome is there.
async fn store_until(app: &App, told: &mut oneshot::Receiver<Result<()>>) -> Option<Result<()>> {
    loop {
        match told.try_recv() {
            Ok(outcome) => return Some(outcome),
            Err(TryRecvError::Closed) => return None,
            Err(TryRecvError::Empty) => store(app, app.intake.next()).await,
        }
    }
}

/// Stores messages of one line together, or each alone should that fail.
async fn store(app: &App, together: Vec<Waiting>) {
    let Some(on) = together.first().map(|first| first.on) else { return };
    let said: Vec<&InboundMessage> = together.iter().map(|waiting| &*waiting.said).collect();
    let outcome = hear(app, on, &said).await;
    if let Err(error) = &outcome
        && together.len() > 1
    {
        tracing::warn!(%error, messages = together.len(), "messages are stored one by one");
        for waiting in together {
            let _ = waiting.done.send(hear(app, on, &[&waiting.said]).await);
        }
        return;
    }
    let mut outcome = Some(outcome);
    for waiting in together {
        // Only a single message has failed.
        let _ = waiting.done.send(outcome.take().unwrap_or(Ok(())));
    }
}

impl Intake {
    fn waiting(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the oldest message out, and with it the next ones of the same line.
    fn next(&self) -> Vec<Waiting> {
        let mut waiting = self.waiting();
        let Some(on) = waiting.front().map(|first| first.on) else { return Vec::new() };
        let mut together = Vec::new();
        let mut left = VecDeque::new();
        while let Some(next) = waiting.pop_front() {
            // Whose caller hung up was not acknowledged, and is brought again.
            if next.done.is_closed() {
                continue;
            }
            if next.on == on && together.len() < MOST {
                together.push(next);
            } else {
                left.push_back(next);
            }
        }
        *waiting = left;
        together
    }
}
