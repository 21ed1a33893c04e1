//! Reading mailboxes: found due by a schedule, read by a job each, one at a time.
//!
//! A mail is taken in before the place up to which the mailbox is read moves on, so dying in between means hearing a mail
//! twice, which its Message-ID makes harmless. When the server numbers its mails anew, everything that came in the last days
//! is read once more. A look that fails is made again later and later, and the connection says so.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use frontdesk_channel::mail_in::{Batch, ImapCursor, ImapInbox, ImapSettings, Limits, parse};
use frontdesk_domain::connection::{ConnectionCategory, ConnectionTest};
use frontdesk_domain::context::Scope;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ConnectionId, WorkspaceId};
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::mail_inbox::{self, Inbox};
use frontdesk_store::{JobRequest, StoreError, connection as stored};
use serde_json::{Value, json};

use crate::connection::{UsableConnection, open, public_address};
use crate::conversation::hear_mail::{Arrival, hear_mail};
use crate::jobs::failure;
use crate::{App, Result, carrier};

/// The job that reads one mailbox.
pub(crate) const LOOK_JOB: &str = "mail.look";
/// The job that finds mailboxes that are due.
pub(crate) const POLL_JOB: &str = "mail.poll";

/// Mailboxes found due in one go.
const FOUND: u64 = 500;
/// Most batches of one look; what is left is read at once by the next.
const BATCHES: usize = 10;
/// The longest between two looks at a mailbox that cannot be read.
const LONGEST_WAIT: Duration = Duration::from_hours(1);
/// How far back mails are read once more when the server has numbered them anew: a day more than servers' zones differ.
const LOOK_BACK: Duration = Duration::from_hours(48);
/// How wrong a server's clock may be. Mails that were there before the mailbox was connected stay what they are, however they
/// come to be numbered.
const SKEW: Duration = Duration::from_hours(1);
/// After so many looks that failed at one mail it is left unseen where it is.
const PATIENCE: u32 = 5;

/// Has every mailbox read whose time has come; says how many.
pub async fn poll(app: &App) -> Result<usize> {
    let due = mail_inbox::due_everywhere(app.store.reader(), app.clock.now(), FOUND).await?;
    let mut of_workspace: BTreeMap<WorkspaceId, Vec<ConnectionId>> = BTreeMap::new();
    for (workspace, id) in due {
        of_workspace.entry(workspace).or_default().push(id);
    }
    let mut count = 0;
    for (workspace, ids) in of_workspace {
        let tx = app.store.begin(&app.system(workspace, "mail-poll")).await?;
        for id in ids {
            let job = JobRequest::new(LOOK_JOB, json!({ "connection": id }));
            tx.enqueue(job.unique(id.to_string()).attempts(20));
            count += 1;
        }
        tx.commit().await?;
    }
    Ok(count)
}

/// Signs in and looks at the folder, without changing anything; in plain words what was seen.
pub(crate) async fn check(app: &App, usable: &UsableConnection) -> Result<String, String> {
    let (settings, mut inbox) = connect(app, usable).await?;
    let seen = inbox.check().await.map_err(|error| error.to_string());
    inbox.close().await;
    let seen = seen?;
    Ok(match settings.own_address() {
        Some(_) => seen,
        None => format!("{seen} Its address is not known: enter it, so that answers come back here."),
    })
}

async fn connect(app: &App, usable: &UsableConnection) -> Result<(ImapSettings, ImapInbox), String> {
    let settings: ImapSettings = carrier::settings(&usable.connection)?;
    let address = public_address(app, &settings.host, settings.effective_port()).await?;
    let inbox = ImapInbox::open(&settings, usable.secret.as_ref(), Some(address), &[]).await;
    Ok((settings, inbox.map_err(|error| error.to_string())?))
}

/// Reads a mailbox. What goes wrong at the server's is noted and tried again in its time; it fails no job.
pub(crate) async fn run(app: &Arc<App>, job: &ClaimedJob) -> Result<(), Failure> {
    let id = job.payload.get("connection").and_then(Value::as_str).unwrap_or_default();
    let id: ConnectionId = id.parse().map_err(|error| Failure::Permanent(format!("{error}")))?;
    let scope = Scope::system(job.workspace);
    let failed = |error: StoreError| failure(&error.into());
    let Some(sealed) = stored::find(app.store.reader(), scope, id).await.map_err(failed)? else {
        return Ok(());
    };
    if sealed.connection.category != ConnectionCategory::MailInbox || !sealed.connection.enabled {
        return Ok(());
    }
    let known = mail_inbox::find(app.store.reader(), scope, id).await.map_err(failed)?;
    let now = app.clock.now();
    let mut inbox = known.unwrap_or(Inbox {
        connection_id: id,
        cursor: None,
        began_at: now,
        looked_at: None,
        next_at: now,
        failures: 0,
        trouble: None,
    });
    let outcome = match open(app, scope, sealed) {
        Ok(usable) => read(app, job.workspace, &usable, &mut inbox).await,
        Err(error) => Err(error.to_string()),
    };
    settle(app, job.workspace, inbox, outcome).await.map_err(|error| failure(&error))
}

/// What a look came to.
struct Looked {
    /// Seconds until the next one.
    pause: Duration,
}

/// Takes what is new; the place up to which it is read moves on in `inbox`.
async fn read(
    app: &App,
    workspace: WorkspaceId,
    usable: &UsableConnection,
    inbox: &mut Inbox,
) -> Result<Looked, String> {
    let (settings, mut mailbox) = connect(app, usable).await?;
    let taken = take_all(app, workspace, usable, (&mut mailbox, inbox)).await;
    mailbox.close().await;
    let more = taken?;
    let pause = if more { Duration::ZERO } else { Duration::from_secs(u64::from(settings.poll_seconds)) };
    Ok(Looked { pause })
}

/// Takes mails batch by batch; says whether there are more.
async fn take_all(
    app: &App,
    workspace: WorkspaceId,
    usable: &UsableConnection,
    (mailbox, inbox): (&mut ImapInbox, &mut Inbox),
) -> Result<bool, String> {
    let limits = Limits::default();
    let since = inbox.looked_at.unwrap_or(inbox.began_at).minus(LOOK_BACK);
    for _ in 0..BATCHES {
        let cursor = inbox.cursor.map(|(uid_validity, last_uid)| ImapCursor { uid_validity, last_uid });
        let batch = mailbox.fetch(cursor, since, &limits).await.map_err(|error| error.to_string())?;
        for (uid, size) in &batch.too_large {
            tracing::warn!(uid, size, connection = %usable.connection.id, "a mail is too large and stays unread");
        }
        let stored = take(app, workspace, usable, &batch, inbox).await?;
        // That they are marked is for people who look into the mailbox, too; it is not what counts.
        if let Err(error) = mailbox.mark_seen(&stored).await {
            tracing::warn!(%error, connection = %usable.connection.id, "mails could not be marked as seen");
        }
        inbox.cursor = Some((batch.cursor.uid_validity, batch.cursor.last_uid));
        let tx = begin(app, workspace).await?;
        mail_inbox::put(&tx, tx.scope(), inbox).await.map_err(|error| error.to_string())?;
        tx.commit().await.map_err(|error| error.to_string())?;
        if !batch.more {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn begin(app: &App, workspace: WorkspaceId) -> Result<frontdesk_store::Tx, String> {
    app.store.begin(&app.system(workspace, LOOK_JOB)).await.map_err(|error| error.to_string())
}

/// Takes the mails of a batch in; gives the numbers of those that were.
async fn take(
    app: &App,
    workspace: WorkspaceId,
    usable: &UsableConnection,
    batch: &Batch,
    inbox: &Inbox,
) -> Result<Vec<u32>, String> {
    let limits = Limits::default();
    let mut stored = Vec::with_capacity(batch.mails.len());
    for fetched in &batch.mails {
        if fetched.received_at.is_some_and(|at| at.plus(SKEW) < inbox.began_at) {
            continue;
        }
        let mail = match parse(&fetched.bytes, &limits) {
            Ok(mail) => mail,
            Err(error) => {
                tracing::warn!(%error, uid = fetched.uid, "a mail cannot be read and stays unread");
                continue;
            }
        };
        let arrival = Arrival { connection: &usable.connection, mail: &mail };
        match hear_mail(app, workspace, arrival).await {
            Ok(()) => stored.push(fetched.uid),
            // One mail that cannot be stored must not keep all others from coming.
            Err(error) if inbox.failures >= PATIENCE => {
                tracing::error!(%error, uid = fetched.uid, "a mail could not be taken in and stays unread");
            }
            Err(error) => return Err(format!("a mail could not be taken in: {error}")),
        }
    }
    Ok(stored)
}

/// Writes down how a look went and when the next one is due; the connection shows it when that is news.
async fn settle(
    app: &App,
    workspace: WorkspaceId,
    mut inbox: Inbox,
    outcome: Result<Looked, String>,
) -> Result<()> {
    let now = app.clock.now();
    let before = (inbox.trouble.take(), inbox.looked_at.is_some());
    let test = |ok, message: String| ConnectionTest { ok, message, latency_ms: 0, at: now };
    let news = match outcome {
        Ok(looked) => {
            inbox.failures = 0;
            inbox.looked_at = Some(now);
            inbox.next_at = now.plus(looked.pause);
            let is_news = before.0.is_some() || !before.1;
            is_news.then(|| test(true, "The mailbox is being read.".to_owned()))
        }
        Err(why) => {
            inbox.failures = inbox.failures.saturating_add(1);
            inbox.next_at = now.plus(wait(inbox.failures));
            inbox.trouble = Some(why.clone());
            tracing::warn!(why, connection = %inbox.connection_id, failures = inbox.failures, "a mailbox cannot be read");
            let is_news = before.0.as_deref() != Some(why.as_str());
            let words = format!("The mailbox cannot be read: {why}. It is tried again by itself.");
            is_news.then(|| test(false, words.chars().take(500).collect()))
        }
    };
    metrics::counter!("frontdesk_mailbox_looks_total", "outcome" => if inbox.failures == 0 { "read" } else { "failed" })
        .increment(1);
    let tx = app.store.begin(&app.system(workspace, LOOK_JOB)).await?;
    // It may have been removed while it was read.
    if stored::find(&tx, tx.scope(), inbox.connection_id).await?.is_none() {
        return Ok(());
    }
    mail_inbox::put(&tx, tx.scope(), &inbox).await?;
    if let Some(test) = news {
        stored::set_test(&tx, tx.scope(), inbox.connection_id, &test).await?;
        tx.emit(Event::WorkspaceUpdated);
    }
    Ok(tx.commit().await?)
}

/// How long to wait after so many failures in a row.
fn wait(failures: u32) -> Duration {
    Duration::from_mins(1).saturating_mul(1 << failures.saturating_sub(1).min(6)).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_that_fails_is_looked_at_less_and_less_often() {
        let minutes: Vec<u64> = (1..=9).map(|failures| wait(failures).as_secs() / 60).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }
}
