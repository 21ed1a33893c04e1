//! What happens because something happened: durable subscribers of the event log.
//!
//! A subscriber names the kinds of events it wants and turns each into jobs, in the unit of work that moves its place in
//! the log: once per event, whatever dies in between and however many nodes run. Work with the outside world is the
//! job's. To add one: a file with a `pub const SUBSCRIBER`, and a line in [`ALL`].

mod booking_calendar;
mod booking_mail;
mod team_chat;
mod team_mail;
mod waiting_list;
mod workflows;

use std::sync::Arc;
use std::time::Duration;

use frontdesk_domain::context::Scope;
use frontdesk_domain::event::LoggedEvent;
use frontdesk_domain::id::WorkspaceId;
use frontdesk_store::{Committed, Tx, event};
use futures_util::future::BoxFuture;
use tokio::sync::{broadcast, watch};

use crate::{App, Result};

/// Every subscriber.
pub const ALL: &[Subscriber] = &[
    team_mail::SUBSCRIBER,
    team_chat::SUBSCRIBER,
    booking_mail::SUBSCRIBER,
    booking_calendar::SUBSCRIBER,
    waiting_list::SUBSCRIBER,
    workflows::SUBSCRIBER,
];

/// Events handled in one unit of work.
const BATCH: u64 = 200;
/// How often places are looked over without being told: what a lost message would have said is found then.
const ROUND: Duration = Duration::from_secs(30);

/// Turns events into jobs.
#[derive(Debug, Clone, Copy)]
pub struct Subscriber {
    /// Its constant name, which its place in the log is kept under.
    pub name: &'static str,
    /// The kinds of events it wants.
    pub kinds: &'static [&'static str],
    /// Handles one event, in the unit of work that moves the place beyond it. Database only.
    pub handle: for<'a> fn(&'a Tx, &'a LoggedEvent) -> BoxFuture<'a, Result<()>>,
}

/// Serves all subscribers until `stop` turns true. One per worker process.
pub async fn run(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    // Before looking, so that nothing committed in between goes unheard.
    let mut committed = app.store.committed();
    catch_up_or_complain(&app).await;
    let mut round = tokio::time::interval(ROUND);
    round.tick().await;
    while !*stop.borrow() {
        tokio::select! {
            news = committed.recv() => match news {
                Ok(news) => hear(&app, &news).await,
                Err(broadcast::error::RecvError::Lagged(_)) => catch_up_or_complain(&app).await,
                Err(broadcast::error::RecvError::Closed) => return,
            },
            _ = round.tick() => catch_up_or_complain(&app).await,
            _ = stop.changed() => {}
        }
    }
}

async fn hear(app: &App, news: &Committed) {
    for subscriber in ALL {
        // News of another node does not say what it is about.
        let wanted = news.events.is_empty()
            || news.events.iter().any(|logged| subscriber.kinds.contains(&logged.event.kind()));
        if !wanted {
            continue;
        }
        if let Err(error) = serve(app, subscriber, news.workspace).await {
            // The place did not move; the next round tries again.
            tracing::error!(%error, subscriber = subscriber.name, "handling events");
        }
    }
}

async fn catch_up_or_complain(app: &App) {
    if let Err(error) = catch_up(app).await {
        tracing::error!(%error, "catching up with events");
    }
}

/// Handles everything subscribers have not seen yet. Says how many events it handled.
pub async fn catch_up(app: &App) -> Result<usize> {
    let mut count = 0;
    for subscriber in ALL {
        for (workspace, _) in event::behind_everywhere(app.store.reader(), subscriber.name).await? {
            count += serve(app, subscriber, workspace).await?;
        }
    }
    Ok(count)
}

/// Handles what a subscriber has not seen yet of one workspace.
async fn serve(app: &App, subscriber: &Subscriber, workspace: WorkspaceId) -> Result<usize> {
    let (db, scope) = (app.store.reader(), Scope::system(workspace));
    let mut count = 0;
    loop {
        let from = event::place(db, scope, subscriber.name).await?;
        let last = event::last_seq(db, scope).await?;
        if last <= from {
            return Ok(count);
        }
        let mut events = event::list_between(db, scope, subscriber.kinds, from, last, BATCH).await?;
        let full = events.len() as u64 == BATCH;
        let to = if full { events.last().map_or(last, |logged| logged.seq) } else { last };
        let tx = app.store.begin(&app.system(workspace, subscriber.name)).await?;
        if !event::advance_from(&tx, scope, subscriber.name, from, to).await? {
            // Another node was faster; what it left is looked at anew.
            drop(tx);
            continue;
        }
        for logged in &events {
            (subscriber.handle)(&tx, logged).await?;
        }
        tx.commit().await?;
        count += events.len();
        events.clear();
        if !full {
            return Ok(count);
        }
    }
}
