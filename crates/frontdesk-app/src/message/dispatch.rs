//! Sending what is in the outbox, at most once.
//!
//! A message is claimed in the unit of work in which the gate allows it: its row says `sending`, durably, before the
//! vendor hears of it. After the vendor's answer it is settled. A process that dies in between, or an answer that is
//! lost, leaves it `sending`, and the next try finds out what happened the way the vendor allows ([`Once`]): it repeats the
//! message under the same id, asks the vendor for its list, waits for the vendor's own word, or gives up: then the message
//! is in doubt, is never sent again by itself, and a person decides.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_channel::{ChannelError, Once, Outbound, SentMessage};
use frontdesk_domain::compliance::{Purpose, Verdict};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{MessageId, WorkspaceId};
use frontdesk_domain::outbox::{OutboxMessage, Status};
use frontdesk_domain::permit::Permit;
use frontdesk_domain::time::Timestamp;
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::outbox::{Change, Stored};
use frontdesk_store::{StoreError, Tx, mail_bounce, outbox};

use super::queue::announce;
use crate::carrier::{self, Carrier};
use crate::compliance::{self, Refusal, Sending};
use crate::jobs::failure;
use crate::{App, notice};

/// The job's constant name.
pub const JOB: &str = "message.dispatch";

/// Tries after the first, while the vendor is not to be reached.
const RETRIES: u32 = 3;
/// Between two tries.
const PAUSE: Duration = Duration::from_mins(1);
/// A vendor that asks to wait and does not say how long.
const SLOW_DOWN: Duration = Duration::from_secs(15);
/// How long after a try a vendor's list may still lack what it took.
const LISTED_AFTER: Duration = Duration::from_mins(1);
/// How long a vendor's own word is waited for.
const REPORTED_WITHIN: Duration = Duration::from_mins(10);
/// Between two looks for it.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// Sends a message, or finds out what became of it.
pub async fn run(app: &Arc<App>, job: &ClaimedJob) -> Result<(), Failure> {
    let id = job.payload.get("message").and_then(|id| id.as_str()).unwrap_or_default();
    let id: MessageId = id.parse().map_err(|error| Failure::Permanent(format!("{error}")))?;
    dispatch(app, job.workspace, id).await
}

async fn dispatch(app: &App, workspace: WorkspaceId, id: MessageId) -> Result<(), Failure> {
    let scope = Scope::system(workspace);
    let Some(seen) = outbox::find(app.store.reader(), scope, id).await.map_err(retry)? else { return Ok(()) };
    let now = app.clock.now();
    match seen.message.status {
        Status::Queued if seen.message.send_at > now => {
            return Err(later(seen.message.send_at, "not due yet"));
        }
        Status::Queued | Status::Sending => {}
        _ => return Ok(()),
    }
    let wanted = (seen.message.channel, seen.message.connection_id);
    let carrier =
        match carrier::choose(app, scope, wanted.0, wanted.1).await.map_err(|error| failure(&error))? {
            Ok(carrier) => carrier,
            Err(why) => return fail_unsent(app, workspace, id, &why).await,
        };
    if seen.message.status == Status::Sending && !settle_lost(app, workspace, &seen, &carrier).await? {
        return Ok(());
    }
    let Some((message, permit)) = claim(app, workspace, id, &carrier).await? else { return Ok(()) };
    let outbound = outbound(app, &message, &carrier);
    let sent = carrier.client.send(permit, &outbound, app.clock.now()).await;
    metrics::counter!("frontdesk_messages_dispatched_total", "channel" => message.channel.as_str(),
        "outcome" => if sent.is_ok() { "sent" } else { "failed" })
    .increment(1);
    settle(app, workspace, &message, sent).await
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn retry(error: StoreError) -> Failure {
    Failure::Retry(error.to_string())
}

fn later(at: Timestamp, reason: impl Into<String>) -> Failure {
    Failure::RetryAt { reason: reason.into(), at }
}

fn outbound(app: &App, message: &OutboxMessage, carrier: &Carrier) -> Outbound {
    Outbound {
        message: message.id,
        from: message.from.clone(),
        address: message.to.clone(),
        content: message.content.clone(),
        callback: carrier.callback(app, message.id),
    }
}

/// Takes the message, in one unit of work with the decision that allows it. `None` when it is not to be sent now.
async fn claim(
    app: &App,
    workspace: WorkspaceId,
    id: MessageId,
    carrier: &Carrier,
) -> Result<Option<(OutboxMessage, Permit)>, Failure> {
    let tx = app.store.begin(&app.system(workspace, JOB)).await.map_err(retry)?;
    let known = match outbox::get_for_update(&tx, tx.scope(), id).await {
        Ok(known) => known,
        Err(StoreError::NotFound(_)) => return Ok(None),
        Err(error) => return Err(retry(error)),
    };
    let message = &known.message;
    if message.status != Status::Queued || message.send_at > tx.now() {
        return Ok(None);
    }
    let change = || Change::of(tx.scope(), id, tx.now()).from(&[Status::Queued]);
    if let Some(why) = notice::outdated(&tx, known.about.as_deref()).await.map_err(|error| failure(&error))? {
        change().status(Status::Cancelled).reason(Some(why), None).apply(&tx).await.map_err(retry)?;
        announce(&tx, message, Status::Cancelled);
        tx.commit().await.map_err(retry)?;
        return Ok(None);
    }
    let mut facts = compliance::facts_of(&tx, tx.scope(), message).await.map_err(|error| failure(&error))?;
    facts.now = Some(tx.now());
    let sending = Sending {
        message: id,
        contact: message.contact_id,
        channel: carrier.client.name(),
        address: message.to.clone(),
        purpose: message.purpose,
    };
    let permit = match compliance::permit(&tx, sending, facts).await.map_err(|error| failure(&error))? {
        Ok(permit) => permit,
        Err(refusal) => {
            let answer = refused(&tx, message, refusal).await?;
            tx.commit().await.map_err(retry)?;
            return answer.map(|()| None);
        }
    };
    let from = message.from.clone().or_else(|| carrier.own.clone());
    let claimed = change()
        .status(Status::Sending)
        .reason(None, None)
        .verdict(&Verdict::Allow)
        .map_err(retry)?
        .tried(carrier.connection, from.as_deref(), tx.now())
        .apply(&tx)
        .await
        .map_err(retry)?;
    if !claimed {
        return Ok(None);
    }
    announce(&tx, message, Status::Sending);
    tx.commit().await.map_err(retry)?;
    let tried = OutboxMessage {
        attempts: message.attempts + 1,
        connection_id: carrier.connection,
        from,
        ..known.message
    };
    Ok(Some((tried, permit)))
}

/// Writes down what the gate said when it did not allow a message now.
async fn refused(tx: &Tx, message: &OutboxMessage, refusal: Refusal) -> Result<Result<(), Failure>, Failure> {
    let change = Change::of(tx.scope(), message.id, tx.now()).from(&[Status::Queued]);
    match refusal {
        Refusal::Later { until, rule } => {
            let verdict = Verdict::Defer { until, rule: rule.clone() };
            let change = change.send_at(until).verdict(&verdict).map_err(retry)?;
            change.apply(tx).await.map_err(retry)?;
            announce(tx, message, Status::Queued);
            Ok(Err(later(until, format!("not before {until} ({rule})"))))
        }
        Refusal::Never { rule, reason } => {
            let verdict = Verdict::Deny { rule: rule.clone(), reason: reason.clone() };
            let change = change.status(Status::Failed).reason(Some(&reason), Some(&rule));
            change.verdict(&verdict).map_err(retry)?.apply(tx).await.map_err(retry)?;
            announce(tx, message, Status::Failed);
            Ok(Ok(()))
        }
    }
}

/// What a message that was handed over becomes.
enum Fate {
    Sent(SentMessage),
    /// Certainly not taken; it is tried again.
    Again(Timestamp, String),
    /// It will not leave.
    Failed(String, Option<String>),
    /// Nobody knows yet.
    Lost(String),
}

fn fate(message: &OutboxMessage, sent: Result<SentMessage, ChannelError>, now: Timestamp) -> Fate {
    // What a vendor says may repeat the address; the record does not keep it twice.
    let said = |error: &ChannelError| error.to_string().replace(&message.to, "the customer's address");
    match sent {
        Ok(sent) => Fate::Sent(sent),
        Err(ChannelError::Limited { vendor, after }) => {
            Fate::Again(now.plus(after.unwrap_or(SLOW_DOWN)), format!("{vendor} asks to wait"))
        }
        Err(error @ ChannelError::Permit(_)) => Fate::Again(now, error.to_string()),
        Err(error @ ChannelError::Unavailable { .. }) if message.attempts <= RETRIES => {
            Fate::Again(now.plus(PAUSE), said(&error))
        }
        Err(error @ ChannelError::Unavailable { .. }) => {
            Fate::Failed(format!("{}; it was tried {} times", said(&error), message.attempts), None)
        }
        Err(error @ ChannelError::Uncertain { .. }) => Fate::Lost(said(&error)),
        Err(ChannelError::Refused { code, reason, .. }) => {
            Fate::Failed(reason.replace(&message.to, "the customer's address"), code)
        }
        Err(error @ (ChannelError::Bounced { .. } | ChannelError::OptedOut { .. })) => {
            Fate::Failed(said(&error), None)
        }
    }
}

async fn settle(
    app: &App,
    workspace: WorkspaceId,
    message: &OutboxMessage,
    sent: Result<SentMessage, ChannelError>,
) -> Result<(), Failure> {
    let tx = app.store.begin(&app.system(workspace, JOB)).await.map_err(retry)?;
    let scope = tx.scope();
    match &sent {
        Err(ChannelError::Bounced { .. }) => {
            mail_bounce::bounced(&tx, scope, &message.to, tx.now()).await.map_err(retry)?;
        }
        Err(ChannelError::OptedOut { vendor }) => {
            let by = format!("{vendor} reports that they opted out");
            compliance::opt_out_address(&tx, &message.to, message.contact_id, &by)
                .await
                .map_err(|error| failure(&error))?;
        }
        _ => {}
    }
    let waits = matches!(sent, Err(ChannelError::Limited { .. } | ChannelError::Permit(_)));
    let change = Change::of(scope, message.id, tx.now());
    let (status, answer) = match fate(message, sent, tx.now()) {
        Fate::Sent(sent) => {
            // News of it may have come before this answer; then only its vendor's id is missing.
            let id = sent.vendor_id.as_deref();
            change.clone().vendor_id(id).reached(Status::Sent, tx.now()).apply(&tx).await.map_err(retry)?;
            let moved = change.from(&[Status::Sending]).status(Status::Sent).reason(None, None);
            let moved = moved.apply(&tx).await.map_err(retry)?;
            if let (true, Some(contact)) = (message.purpose != Purpose::Reply, message.contact_id) {
                crate::contact::status::written_to(&tx, contact).await.map_err(|error| failure(&error))?;
            }
            (moved.then_some(Status::Sent), Ok(()))
        }
        Fate::Again(at, reason) => {
            let mut change = change.from(&[Status::Sending]).status(Status::Queued).send_at(at);
            change = change.reason(Some(&reason), None);
            if waits {
                // Waiting as asked is no try.
                change = change.retracted();
            }
            let moved = change.apply(&tx).await.map_err(retry)?;
            (moved.then_some(Status::Queued), Err(later(at, reason)))
        }
        Fate::Failed(reason, code) => {
            let change = change.from(&[Status::Sending]).status(Status::Failed);
            let moved = change.reason(Some(&reason), code.as_deref()).apply(&tx).await.map_err(retry)?;
            (moved.then_some(Status::Failed), Ok(()))
        }
        Fate::Lost(reason) => {
            let change = change.from(&[Status::Sending]).reason(Some(&reason), None);
            change.apply(&tx).await.map_err(retry)?;
            (None, Err(later(tx.now().plus(LOOK_AGAIN), reason)))
        }
    };
    if let Some(status) = status {
        announce(&tx, message, status);
    }
    tx.commit().await.map_err(retry)?;
    answer
}

/// Finds out what became of a message whose try was cut off. True when it was certainly not taken, or may be repeated
/// without harm: then it is queued again and goes on.
async fn settle_lost(
    app: &App,
    workspace: WorkspaceId,
    seen: &Stored,
    carrier: &Carrier,
) -> Result<bool, Failure> {
    let message = &seen.message;
    let tried_at = seen.tried_at.unwrap_or(message.updated_at);
    let now = app.clock.now();
    match carrier.client.once() {
        Once::Keyed => back(app, workspace, message).await,
        Once::Listed => {
            let outbound = outbound(app, message, carrier);
            let found = carrier.client.find(&outbound, tried_at).await;
            match found {
                Ok(Some(sent)) => settle(app, workspace, message, Ok(sent)).await.map(|()| false),
                // Not yet listed, or never taken.
                Ok(None) if now < tried_at.plus(LISTED_AFTER) => {
                    Err(later(tried_at.plus(LISTED_AFTER), "waiting for the vendor's list"))
                }
                Ok(None) => back(app, workspace, message).await,
                Err(error) if now < tried_at.plus(REPORTED_WITHIN * 6) => {
                    Err(later(now.plus(PAUSE), format!("the vendor cannot be asked: {error}")))
                }
                Err(_) => doubt(app, workspace, message).await.map(|()| false),
            }
        }
        Once::Reported if now < tried_at.plus(REPORTED_WITHIN) => {
            Err(later(now.plus(LOOK_AGAIN), "waiting for the vendor's word"))
        }
        Once::Reported | Once::Never => doubt(app, workspace, message).await.map(|()| false),
    }
}

/// Queues a message again that was certainly not taken.
async fn back(app: &App, workspace: WorkspaceId, message: &OutboxMessage) -> Result<bool, Failure> {
    let tx = app.store.begin(&app.system(workspace, JOB)).await.map_err(retry)?;
    let change = Change::of(tx.scope(), message.id, tx.now()).from(&[Status::Sending]).status(Status::Queued);
    let moved = change.send_at(tx.now()).apply(&tx).await.map_err(retry)?;
    tx.commit().await.map_err(retry)?;
    Ok(moved)
}

/// Leaves a message to a person.
async fn doubt(app: &App, workspace: WorkspaceId, message: &OutboxMessage) -> Result<(), Failure> {
    let tx = app.store.begin(&app.system(workspace, JOB)).await.map_err(retry)?;
    let why = "the connection broke while it was being sent: it may or may not have arrived. Ask the customer, or look \
        at the vendor's own log, then send it again or leave it";
    let change = Change::of(tx.scope(), message.id, tx.now()).from(&[Status::Sending]);
    let moved = change.status(Status::InDoubt).reason(Some(why), None).apply(&tx).await.map_err(retry)?;
    if moved {
        announce(&tx, message, Status::InDoubt);
    }
    tx.commit().await.map_err(retry)
}

/// Ends a message that cannot leave at all.
async fn fail_unsent(app: &App, workspace: WorkspaceId, id: MessageId, why: &str) -> Result<(), Failure> {
    let tx = app.store.begin(&app.system(workspace, JOB)).await.map_err(retry)?;
    let known = outbox::get_for_update(&tx, tx.scope(), id).await.map_err(retry)?;
    let change = Change::of(tx.scope(), id, tx.now()).from(&[Status::Queued]).status(Status::Failed);
    if change.reason(Some(why), None).apply(&tx).await.map_err(retry)? {
        announce(&tx, &known.message, Status::Failed);
    }
    tx.commit().await.map_err(retry)
}
