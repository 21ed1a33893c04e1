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
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::{MessageId, WorkspaceId};
use frontdesk_domain::message_settings::RetryPolicy;
use frontdesk_domain::outbox::{OutboxMessage, Status};
use frontdesk_domain::permit::Permit;
use frontdesk_domain::time::Timestamp;
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::outbox::{Change, Stored};
use frontdesk_store::{StoreError, Tx, channel_template, mail_bounce, message_settings, outbox};

use super::queue::announce;
use super::{about, files};
use crate::App;
use crate::carrier::{self, Carrier};
use crate::compliance::{self, Refusal, Sending};
use crate::jobs::failure;

/// The job's constant name.
pub const JOB: &str = "message.dispatch";

/// Between two questions to a vendor that cannot be asked what it did.
const ASK_AGAIN: Duration = Duration::from_mins(1);
/// A vendor that asks to wait and does not say how long.
const SLOW_DOWN: Duration = Duration::from_secs(15);
/// How long after a try a vendor's list may still lack what it took: the permit's life, the longest request, and a while.
const LISTED_AFTER: Duration = Duration::from_mins(2);
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
            Err(why) => return fail_unsent(app, workspace, &seen, &why).await,
        };
    if seen.message.status == Status::Sending && !settle_lost(app, workspace, &seen, &carrier).await? {
        return Ok(());
    }
    let seen = if seen.message.status == Status::Sending {
        match outbox::find(app.store.reader(), scope, id).await.map_err(retry)? {
            Some(again) => again,
            None => return Ok(()),
        }
    } else {
        seen
    };
    let Some((tried, permit)) = claim(app, workspace, seen, &carrier).await? else { return Ok(()) };
    let sent = match complete(app, scope, outbound(app, &tried.message, &carrier), &carrier).await {
        Ok(outbound) => carrier.send(app, scope, permit, (&tried, &outbound)).await,
        Err(error) => {
            let vendor = "a file or template of the message";
            Err(ChannelError::Unavailable { vendor, reason: error.to_string() })
        }
    };
    metrics::counter!("frontdesk_messages_dispatched_total", "channel" => tried.message.channel.as_str(),
        "outcome" => if sent.is_ok() { "sent" } else { "failed" })
    .increment(1);
    settle(app, workspace, &tried, sent).await
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
        template_id: None,
        callback: carrier.callback(app, message.id),
    }
}

/// With what its vendor needs to send it: links to its files, the vendor's id of its template.
async fn complete(
    app: &App,
    scope: Scope,
    mut outbound: Outbound,
    carrier: &Carrier,
) -> crate::Result<Outbound> {
    if let (Some(template), Some(connection)) = (&outbound.content.template, carrier.connection) {
        let named = (template.name.as_str(), template.language.as_str());
        let known = channel_template::find(app.store.reader(), scope, connection, named).await?;
        outbound.template_id = known.and_then(|known| known.vendor_id);
    }
    files::linked(app, scope.workspace(), outbound).await
}

/// Takes the message as it was read, in one unit of work with the decision that allows it. `None` when it is not to be
/// sent now.
async fn claim(
    app: &App,
    workspace: WorkspaceId,
    known: Stored,
    carrier: &Carrier,
) -> Result<Option<(Stored, Permit)>, Failure> {
    let tx = app.store.begin(&app.system(workspace, JOB)).await.map_err(retry)?;
    let message = &known.message;
    let id = message.id;
    if message.status != Status::Queued || message.send_at > tx.now() {
        return Ok(None);
    }
    // A person may have changed it meanwhile: nothing of that must be overlooked, so it is looked at again.
    let changed = || later(tx.now(), "it was changed while it was looked at");
    let change = || Change::of(tx.scope(), id, tx.now()).from(&[Status::Queued]).unchanged(message);
    if let Some(why) = about::outdated(&tx, known.about.as_deref()).await.map_err(|error| failure(&error))? {
        let change = change().status(Status::Cancelled).reason(Some(why), None);
        if !change.apply(&tx).await.map_err(retry)? {
            return Err(changed());
        }
        announce(&tx, message, Status::Cancelled);
        tx.commit().await.map_err(retry)?;
        return Ok(None);
    }
    let mut facts =
        compliance::facts_of(app, &tx, tx.scope(), message).await.map_err(|error| failure(&error))?;
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
            let Some(answer) = refused(&tx, &known, refusal).await? else { return Err(changed()) };
            tx.commit().await.map_err(retry)?;
            return answer.map(|()| None);
        }
    };
    let from = message.from.clone().or_else(|| carrier.own.clone());
    let at = tx.now();
    let claimed = change()
        .status(Status::Sending)
        .reason(None, None)
        .verdict(&Verdict::Allow)
        .map_err(retry)?
        .tried(carrier.connection, from.as_deref(), at)
        .apply(&tx)
        .await
        .map_err(retry)?;
    if !claimed {
        return Err(changed());
    }
    announce(&tx, message, Status::Sending);
    tx.commit().await.map_err(retry)?;
    let message = OutboxMessage {
        attempts: message.attempts + 1,
        connection_id: carrier.connection,
        from,
        ..known.message
    };
    Ok(Some((Stored { message, about: known.about, tried_at: Some(at) }, permit)))
}

/// Writes down what the gate said when it did not allow a message now; `None` when the message was changed meanwhile.
async fn refused(tx: &Tx, known: &Stored, refusal: Refusal) -> Result<Option<Result<(), Failure>>, Failure> {
    let message = &known.message;
    let change = Change::of(tx.scope(), message.id, tx.now()).from(&[Status::Queued]).unchanged(message);
    match refusal {
        Refusal::Later { until, rule } => {
            let verdict = Verdict::Defer { until, rule: rule.clone() };
            let change = change.send_at(until).verdict(&verdict).map_err(retry)?;
            if !change.apply(tx).await.map_err(retry)? {
                return Ok(None);
            }
            announce(tx, message, Status::Queued);
            Ok(Some(Err(later(until, format!("not before {until} ({rule})")))))
        }
        Refusal::Never { rule, reason } => {
            let verdict = Verdict::Deny { rule: rule.clone(), reason: reason.clone() };
            let change = change.status(Status::Failed).reason(Some(&reason), Some(&rule));
            if !change.verdict(&verdict).map_err(retry)?.apply(tx).await.map_err(retry)? {
                return Ok(None);
            }
            moved(tx, known, (Status::Failed, Some(&reason)), false).await?;
            Ok(Some(Ok(())))
        }
    }
}

/// Tells everyone, and what the message is about, where it is now.
async fn moved(tx: &Tx, known: &Stored, now: (Status, Option<&str>), came_back: bool) -> Result<(), Failure> {
    about::moved(tx, known, now, came_back).await.map_err(|error| failure(&error))?;
    announce(tx, &known.message, now.0);
    Ok(())
}

/// How a message is tried again. Mail is, for as long as mail servers do, whatever the workspace chose for the rest.
async fn policy(tx: &Tx, channel: Channel) -> Result<RetryPolicy, StoreError> {
    match channel {
        Channel::Email => Ok(RetryPolicy::Exponential),
        _ => Ok(message_settings::get(tx, tx.scope()).await?.retry),
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

fn fate(
    message: &OutboxMessage,
    sent: Result<SentMessage, ChannelError>,
    policy: RetryPolicy,
    now: Timestamp,
) -> Fate {
    // What a vendor says may repeat the address; the record does not keep it twice.
    let said = |error: &ChannelError| error.to_string().replace(&message.to, "the customer's address");
    match sent {
        Ok(sent) => Fate::Sent(sent),
        Err(ChannelError::Limited { vendor, after }) => {
            Fate::Again(now.plus(after.unwrap_or(SLOW_DOWN)), format!("{vendor} asks to wait"))
        }
        Err(error @ ChannelError::Permit(_)) => Fate::Again(now, error.to_string()),
        Err(error @ ChannelError::Unavailable { .. }) => match policy.pause_after(message.attempts) {
            Some(pause) => Fate::Again(now.plus(pause), said(&error)),
            None => Fate::Failed(format!("{}; it was tried {} times", said(&error), message.attempts), None),
        },
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
    tried: &Stored,
    sent: Result<SentMessage, ChannelError>,
) -> Result<(), Failure> {
    let message = &tried.message;
    let tx = app.store.begin(&app.system(workspace, JOB)).await.map_err(retry)?;
    let scope = tx.scope();
    about::hold(&tx, tried.about.as_deref()).await.map_err(|error| failure(&error))?;
    let came_back = matches!(sent, Err(ChannelError::Bounced { .. }));
    match &sent {
        Err(ChannelError::Bounced { .. }) => {
            mail_bounce::bounced(&tx, scope, &message.to, tx.now()).await.map_err(retry)?;
        }
        Err(ChannelError::OptedOut { .. }) => {
            let by = "the vendor reports that they opted out";
            compliance::opt_out_address(&tx, &message.to, message.contact_id, by)
                .await
                .map_err(|error| failure(&error))?;
        }
        _ => {}
    }
    let waits = matches!(sent, Err(ChannelError::Limited { .. } | ChannelError::Permit(_)));
    let change = Change::of(scope, message.id, tx.now());
    let mine = |change: Change| change.from(&[Status::Sending]).of_try(tried.tried_at);
    let policy = match &sent {
        Err(ChannelError::Unavailable { .. }) => policy(&tx, message.channel).await.map_err(retry)?,
        _ => RetryPolicy::default(),
    };
    let mut why = None;
    let (status, answer) = match fate(message, sent, policy, tx.now()) {
        Fate::Sent(sent) => {
            let change = change.vendor_id(sent.vendor_id.as_deref()).reached(Status::Sent, tx.now());
            let first = change.clone().from(&[Status::Sending]).status(Status::Sent).reason(None, None);
            let moved = first.apply(&tx).await.map_err(retry)?;
            if !moved {
                // News of it came before this answer; then only its vendor's id is missing.
                change.apply(&tx).await.map_err(retry)?;
            }
            if let (true, Some(contact)) = (message.purpose != Purpose::Reply, message.contact_id) {
                crate::contact::status::written_to(&tx, contact).await.map_err(|error| failure(&error))?;
            }
            (moved.then_some(Status::Sent), Ok(()))
        }
        Fate::Again(at, reason) => {
            let mut change = mine(change).status(Status::Queued).send_at(at);
            change = change.reason(Some(&reason), None);
            if waits {
                // Waiting as asked is no try.
                change = change.retracted();
            }
            let moved = change.apply(&tx).await.map_err(retry)?;
            (moved.then_some(Status::Queued), Err(later(at, reason)))
        }
        Fate::Failed(reason, code) => {
            let change = mine(change).status(Status::Failed);
            let moved = change.reason(Some(&reason), code.as_deref()).apply(&tx).await.map_err(retry)?;
            why = Some(reason);
            (moved.then_some(Status::Failed), Ok(()))
        }
        Fate::Lost(reason) => {
            let change = mine(change).reason(Some(&reason), None);
            change.apply(&tx).await.map_err(retry)?;
            (None, Err(later(tx.now().plus(LOOK_AGAIN), reason)))
        }
    };
    if let Some(status) = status {
        moved(&tx, tried, (status, why.as_deref()), came_back).await?;
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
        Once::Keyed => back(app, workspace, seen).await,
        Once::Listed => {
            let outbound = outbound(app, message, carrier);
            let found = carrier.client.find(&outbound, tried_at).await;
            match found {
                Ok(Some(sent)) => settle(app, workspace, seen, Ok(sent)).await.map(|()| false),
                // Not yet listed, or never taken.
                Ok(None) if now < tried_at.plus(LISTED_AFTER) => {
                    Err(later(tried_at.plus(LISTED_AFTER), "waiting for the vendor's list"))
                }
                Ok(None) => back(app, workspace, seen).await,
                Err(error) => {
                    let settings = message_settings::get(app.store.reader(), Scope::system(workspace)).await;
                    if now < tried_at.plus(settings.map_err(retry)?.retry.patience()) {
                        return Err(later(
                            now.plus(ASK_AGAIN),
                            format!("the vendor cannot be asked: {error}"),
                        ));
                    }
                    doubt(app, workspace, seen).await.map(|()| false)
                }
            }
        }
        Once::Reported if now < tried_at.plus(REPORTED_WITHIN) => {
            Err(later(now.plus(LOOK_AGAIN), "waiting for the vendor's word"))
        }
        Once::Reported | Once::Never => doubt(app, workspace, seen).await.map(|()| false),
    }
}

/// Queues a message again that was certainly not taken.
async fn back(app: &App, workspace: WorkspaceId, tried: &Stored) -> Result<bool, Failure> {
    let tx = app.store.begin(&app.system(workspace, JOB)).await.map_err(retry)?;
    let change = Change::of(tx.scope(), tried.message.id, tx.now()).from(&[Status::Sending]);
    let change = change.of_try(tried.tried_at).status(Status::Queued);
    let moved = change.send_at(tx.now()).apply(&tx).await.map_err(retry)?;
    tx.commit().await.map_err(retry)?;
    Ok(moved)
}

/// Leaves a message to a person.
async fn doubt(app: &App, workspace: WorkspaceId, tried: &Stored) -> Result<(), Failure> {
    let tx = app.store.begin(&app.system(workspace, JOB)).await.map_err(retry)?;
    about::hold(&tx, tried.about.as_deref()).await.map_err(|error| failure(&error))?;
    let why = "the connection broke while it was being sent: it may or may not have arrived. Ask the customer, or look \
        at the vendor's own log, then send it again or leave it";
    let change = Change::of(tx.scope(), tried.message.id, tx.now()).from(&[Status::Sending]);
    let change = change.of_try(tried.tried_at).status(Status::InDoubt).reason(Some(why), None);
    if change.apply(&tx).await.map_err(retry)? {
        moved(&tx, tried, (Status::InDoubt, Some(why)), false).await?;
    }
    tx.commit().await.map_err(retry)
}

/// Ends a message that cannot leave at all.
async fn fail_unsent(app: &App, workspace: WorkspaceId, seen: &Stored, why: &str) -> Result<(), Failure> {
    let id = seen.message.id;
    let tx = app.store.begin(&app.system(workspace, JOB)).await.map_err(retry)?;
    about::hold(&tx, seen.about.as_deref()).await.map_err(|error| failure(&error))?;
    let known = outbox::get_for_update(&tx, tx.scope(), id).await.map_err(retry)?;
    let change = Change::of(tx.scope(), id, tx.now()).from(&[Status::Queued]).status(Status::Failed);
    if change.reason(Some(why), None).apply(&tx).await.map_err(retry)? {
        moved(&tx, &known, (Status::Failed, Some(why)), false).await?;
    }
    tx.commit().await.map_err(retry)
}
