//! The engine: what is due is done, one step of one contact at a time.
//!
//! A step's deed and the move to the next place are one unit of work, which names the place it starts from: a step is done
//! once, whatever dies in between and however many nodes run. What a model writes is written before.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_domain::compliance::Verdict;
use frontdesk_domain::contact::{Contact, ContactStatus};
use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::{ConversationState, Floor};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ContactId, MessageId, TaskId, WorkspaceId};
use frontdesk_domain::message::Author;
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workflow::{
    Action, EndReason, EnrolmentState, Goal, LogEntry, Step, StepOutcome, Task, Test, WorkflowSettings,
    WorkflowState, path,
};
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::contact::Filter;
use frontdesk_store::workflow::enrolment::{self, Place, Stored};
use frontdesk_store::workflow::{self, log};
use frontdesk_store::{JobRequest, Tx, booking, contact, task};
use serde_json::json;

use super::enter::{ENTER_JOB, place_at};
use super::send::{self, Ready};
use super::{hook, write};
use crate::jobs::failure;
use crate::message::about::About;
use crate::message::compose::{self, Writer};
use crate::template::render::render_text;
use crate::{App, AppError, Result};

/// The job that looks every minute for workspaces with something to do.
pub const TICK_JOB: &str = "workflow.tick";
/// The job that does what is due in a workspace.
pub const ADVANCE_JOB: &str = "workflow.advance";
/// Contacts looked at in one go.
const BATCH: u64 = 200;
/// How long one job goes on before it lets others have their turn.
const TURN: Duration = Duration::from_secs(20);
/// When a step that went wrong on our side is tried again.
const AGAIN: Duration = Duration::from_mins(5);
const DAY: Duration = Duration::from_hours(24);

/// Has every workspace looked after that has something to do in workflows. Says how many.
pub async fn tick(app: &App) -> Result<usize> {
    let db = app.store.reader();
    let entering = workflow::workspaces_active_everywhere(db, ["contact_added", "date"]).await?;
    let due = enrolment::workspaces_due_everywhere(db, app.clock.now()).await?;
    let jobs = [(ENTER_JOB, entering), (ADVANCE_JOB, due)];
    let mut count = 0;
    for (name, workspaces) in jobs {
        for workspace in workspaces {
            let tx = app.store.begin(&app.system(workspace, TICK_JOB)).await?;
            tx.enqueue(JobRequest::new(name, json!({})).unique("all").attempts(20));
            tx.commit().await?;
            count += 1;
        }
    }
    Ok(count)
}

/// Does what is due in a workspace.
pub async fn run(app: &Arc<App>, job: &ClaimedJob) -> std::result::Result<(), Failure> {
    Box::pin(due(app, job.workspace)).await.map(drop).map_err(|error| failure(&error))
}

/// Does what is due in a workspace, until nothing is or its turn is over. Says how many steps it did.
pub async fn due(app: &App, workspace: WorkspaceId) -> Result<usize> {
    let began = app.clock.now();
    let scope = Scope::system(workspace);
    let mut count = 0;
    loop {
        let due = enrolment::list_due(app.store.reader(), scope, app.clock.now(), BATCH).await?;
        if due.is_empty() || app.clock.now().since(began) > TURN {
            return Ok(count);
        }
        for one in &due {
            if let Err(error) = Box::pin(advance(app, workspace, one)).await {
                put_off(app, workspace, one, &error).await?;
            }
            count += 1;
        }
    }
}

/// A step that failed is tried again later, so that it holds up nobody else.
async fn put_off(app: &App, workspace: WorkspaceId, stored: &Stored, error: &AppError) -> Result<()> {
    tracing::error!(%error, enrolment = %stored.enrolment.id, "a step of a workflow failed");
    let tx = app.store.begin(&app.system(workspace, ADVANCE_JOB)).await?;
    let it = &stored.enrolment;
    let Some(step) = it.step.clone() else { return Ok(()) };
    let again = Place { version: stored.version, step, due_at: tx.now().plus(AGAIN), tries: it.tries };
    enrolment::advance(&tx, tx.scope(), stored, &again).await?;
    Ok(tx.commit().await?)
}

/// What a step does, and where it leads.
struct Deed {
    outcome: StepOutcome,
    text: String,
    message: Option<MessageId>,
    next: Next,
}

enum Next {
    /// The step after it, counted from this instant.
    On(Timestamp),
    /// The same step again, then.
    Again(Timestamp),
    /// This step, or the end.
    To(Option<String>),
    /// The end.
    End(EnrolmentState, EndReason),
}

impl Deed {
    fn done(text: impl Into<String>, now: Timestamp) -> Self {
        Self { outcome: StepOutcome::Done, text: text.into(), message: None, next: Next::On(now) }
    }
}

/// Does the step a contact is at.
async fn advance(app: &App, workspace: WorkspaceId, stored: &Stored) -> Result<()> {
    let scope = Scope::system(workspace);
    let db = app.store.reader();
    let it = &stored.enrolment;
    let Some(flow) = workflow::find(db, scope, it.workflow_id).await? else { return Ok(()) };
    if flow.workflow.state != WorkflowState::Active {
        return Ok(());
    }
    let settings = &flow.workflow.settings;
    let at = it.step.as_deref().unwrap_or_default();
    let step = if let Some(step) = path::find(&settings.steps, at) {
        Some(step)
    } else {
        let was = workflow::steps_of(db, scope, it.workflow_id, stored.version).await?;
        path::resume(&was, &settings.steps, at)
    };
    let known = contact::find(db, scope, it.contact_id).await?;
    // A message is made ready before the unit of work: a model may take its time.
    let ready = match (step.and_then(path::message), &known) {
        (Some(message), Some(known)) if !over(app, scope, settings, known, stored).await? => {
            let wanted = wanted(step, it.tries);
            if wanted {
                Some(send::ready(app, scope, settings, message, known, app.clock.now()).await?)
            } else {
                None
            }
        }
        _ => None,
    };
    let tx = app.store.begin(&app.system(workspace, ADVANCE_JOB)).await?;
    let known = contact::find(&tx, scope, it.contact_id).await?;
    if let Some(reason) = exit(&tx, settings, known.as_ref(), stored).await? {
        let state =
            if is_goal(settings.goal, reason) { EnrolmentState::Won } else { EnrolmentState::Stopped };
        enrolment::end(&tx, scope, it.id, (state, reason), tx.now()).await?;
        tx.emit(Event::WorkflowUpdated { workflow_id: it.workflow_id });
        return Ok(tx.commit().await?);
    }
    let (Some(step), Some(known)) = (step, known) else {
        enrolment::end(&tx, scope, it.id, (EnrolmentState::Finished, EndReason::Finished), tx.now()).await?;
        tx.emit(Event::WorkflowUpdated { workflow_id: it.workflow_id });
        return Ok(tx.commit().await?);
    };
    // Claimed before anything is done: of two nodes one goes on. A step that was put in is done at once.
    let claim =
        Place { version: flow.workflow.version, step: step.id.clone(), due_at: tx.now(), tries: it.tries };
    if !enrolment::advance(&tx, scope, stored, &claim).await? {
        return Ok(());
    }
    let deed = act(app, &tx, (settings, stored), step, &known, ready).await?;
    finish(&tx, &flow.workflow.settings.steps, stored, &claim, step, deed).await?;
    tx.emit(Event::WorkflowUpdated { workflow_id: it.workflow_id });
    Ok(tx.commit().await?)
}

/// Whether this step sends something this time.
fn wanted(step: Option<&Step>, tries: u32) -> bool {
    match step.map(|step| &step.action) {
        Some(Action::FollowUp { times, .. }) => tries < *times,
        _ => true,
    }
}

/// Writes down what was done and moves on.
async fn finish(
    tx: &Tx,
    steps: &[Step],
    stored: &Stored,
    claim: &Place,
    step: &Step,
    deed: Deed,
) -> Result<()> {
    let it = &stored.enrolment;
    let scope = tx.scope();
    let entry = LogEntry {
        at: tx.now(),
        step: step.id.clone(),
        outcome: deed.outcome,
        text: deed.text,
        message_id: deed.message,
    };
    let id = frontdesk_domain::id::uuid_v7(tx.now(), tx.random());
    log::insert(tx, scope, (it.id, it.workflow_id), id, &entry).await?;
    let next = match deed.next {
        Next::On(from) => path::after(steps, &step.id).map(|next| place_at(claim.version, next, from)),
        Next::To(id) => {
            let next = id.as_deref().and_then(|id| path::find(steps, id));
            next.map(|next| place_at(claim.version, next, tx.now()))
        }
        Next::Again(at) => Some(Place { due_at: at, tries: it.tries + 1, ..claim.clone() }),
        Next::End(state, reason) => {
            enrolment::end(tx, scope, it.id, (state, reason), tx.now()).await?;
            return Ok(());
        }
    };
    let mut here = stored.clone();
    here.enrolment.step = Some(claim.step.clone());
    here.enrolment.due_at = Some(claim.due_at);
    if let Some(next) = next {
        enrolment::advance(tx, scope, &here, &next).await?;
    } else {
        let how = (EnrolmentState::Finished, EndReason::Finished);
        enrolment::end(tx, scope, it.id, how, tx.now()).await?;
    }
    Ok(())
}

/// Whether it will be ended anyway, so that no message needs writing.
async fn over(
    app: &App,
    scope: Scope,
    settings: &WorkflowSettings,
    known: &Contact,
    stored: &Stored,
) -> Result<bool> {
    let it = &stored.enrolment;
    Ok(known.opted_out
        || (settings.stop_on_reply
            && enrolment::heard_since(app.store.reader(), scope, it.contact_id, it.entered_at).await?))
}

/// Why a contact is to leave now; the news of it may not have been worked through yet.
async fn exit(
    tx: &Tx,
    settings: &WorkflowSettings,
    known: Option<&Contact>,
    stored: &Stored,
) -> Result<Option<EndReason>> {
    let it = &stored.enrolment;
    let Some(known) = known else { return Ok(Some(EndReason::ContactGone)) };
    if known.opted_out {
        return Ok(Some(EndReason::OptedOut));
    }
    if settings.stop_on_reply && enrolment::heard_since(tx, tx.scope(), it.contact_id, it.entered_at).await? {
        return Ok(Some(EndReason::Replied));
    }
    if settings.stop_on_booking && booked_since(tx, it.contact_id, it.entered_at).await? {
        return Ok(Some(EndReason::Booked));
    }
    Ok(None)
}

/// Whether leaving for this reason is what the workflow is for.
pub(super) fn is_goal(goal: Goal, reason: EndReason) -> bool {
    matches!(
        (goal, reason),
        (Goal::Reply, EndReason::Replied)
            | (Goal::Booking, EndReason::Booked)
            | (Goal::Qualified, EndReason::Qualified)
    )
}

/// Whether a contact has an appointment ahead that was made since.
async fn booked_since(tx: &Tx, contact: ContactId, since: Timestamp) -> Result<bool> {
    let coming = booking::coming_of_contact(tx, tx.scope(), contact, tx.now(), 10).await?;
    Ok(coming.iter().any(|stored| stored.booking.created_at > since))
}

/// Does a step, in the unit of work that moves on.
async fn act(
    app: &App,
    tx: &Tx,
    (settings, stored): (&WorkflowSettings, &Stored),
    step: &Step,
    known: &Contact,
    ready: Option<std::result::Result<Ready, String>>,
) -> Result<Deed> {
    let now = tx.now();
    Ok(match &step.action {
        Action::Wait { .. } => Deed::done("waited", now),
        Action::Send { .. } => say(app, tx, stored, known, ready).await?,
        Action::FollowUp { times, every_minutes, .. } => {
            let every = Duration::from_secs(u64::from(*every_minutes) * 60);
            let is_last = path::after(&settings.steps, &step.id).is_none();
            follow_up(app, tx, stored, known, (*times, every, is_last), ready).await?
        }
        Action::Condition { test, otherwise } => {
            if holds(tx, stored, known, test).await? {
                Deed::done("it is so", now)
            } else {
                Deed {
                    outcome: StepOutcome::Otherwise,
                    text: "it is not so".to_owned(),
                    message: None,
                    next: Next::To(otherwise.clone()),
                }
            }
        }
        Action::Tag { add, remove } => {
            tag(tx, known, add, remove).await?;
            Deed::done("tags were set", now)
        }
        Action::SetStatus { status } => {
            set_status(tx, known.id, *status).await?;
            Deed::done(format!("the status is {} now", status.word()), now)
        }
        Action::Task { title, due_in_days } => {
            let home = frontdesk_store::workspace::get(tx, tx.scope()).await?;
            let title =
                render_text(title, &send::values(app, &home, known)).unwrap_or_else(|_| title.clone());
            let new = Task {
                id: TaskId::new(now, tx.random()),
                contact_id: known.id,
                contact_name: known.name.clone(),
                title: title.chars().take(200).collect(),
                due_at: now.plus(DAY * *due_in_days),
                workflow_id: Some(stored.enrolment.workflow_id),
                created_at: now,
                done_at: None,
                done_by: None,
            };
            task::insert(tx, tx.scope(), &new).await?;
            tx.emit(Event::TaskUpdated { task_id: new.id });
            Deed::done(format!("a task was left: {}", new.title), now)
        }
        Action::Webhook { url } => {
            hook::enqueue(tx, stored, step, settings, known, url);
            Deed::done("the other system is told", now)
        }
        Action::End => Deed {
            next: Next::End(EnrolmentState::Finished, EndReason::Finished),
            ..Deed::done("the end was reached", now)
        },
    })
}

/// Sends a message that was made ready.
async fn say(
    app: &App,
    tx: &Tx,
    stored: &Stored,
    known: &Contact,
    ready: Option<std::result::Result<Ready, String>>,
) -> Result<Deed> {
    let now = tx.now();
    let skipped = |why: String| Deed {
        outcome: StepOutcome::Skipped,
        text: format!("not sent: {why}"),
        message: None,
        next: Next::On(now),
    };
    let ready = match ready {
        Some(Ok(ready)) => ready,
        Some(Err(why)) => return Ok(skipped(why)),
        None => return Ok(skipped("there was nothing to say".to_owned())),
    };
    let talk = compose::talk(app, tx, ready.channel, &ready.prepared).await?;
    if talk.floor != Floor::Ai && talk.state == ConversationState::Open {
        return Ok(skipped("a team member is talking with them".to_owned()));
    }
    let writer = Writer {
        author: Author::Ai,
        user: None,
        name: None,
        client_id: None,
        about: Some(About::Workflow { enrolment: stored.enrolment.id }.to_json()?),
    };
    let queued = compose::put(app, tx, &talk, ready.channel, &ready.prepared, writer).await?;
    let mut seen = contact::get_for_update(tx, tx.scope(), known.id).await?;
    if seen.status == ContactStatus::Pending {
        seen.status = ContactStatus::Contacted;
        seen.updated_at = now;
        contact::update(tx, tx.scope(), &seen).await?;
        tx.emit(Event::ContactUpdated { contact_id: seen.id });
    }
    // What comes after counts from when it leaves, not from when it was written at night.
    let (text, from) = match &ready.verdict {
        Verdict::Defer { until, .. } => {
            (format!("a {} waits until {until}", send::name(ready.channel)), (*until).max(now))
        }
        _ => (format!("a {} was written", send::name(ready.channel)), now),
    };
    Ok(Deed { outcome: StepOutcome::Done, text, message: Some(queued.id), next: Next::On(from) })
}

async fn follow_up(
    app: &App,
    tx: &Tx,
    stored: &Stored,
    known: &Contact,
    (times, every, is_last): (u32, Duration, bool),
    ready: Option<std::result::Result<Ready, String>>,
) -> Result<Deed> {
    if stored.enrolment.tries >= times {
        // Whoever could not be written to at all has left nothing unanswered.
        if known.status == ContactStatus::Contacted {
            set_status(tx, known.id, ContactStatus::Unresponsive).await?;
        }
        let done = Deed::done("they answered no follow-up", tx.now());
        let end = Next::End(EnrolmentState::Finished, EndReason::Unresponsive);
        return Ok(if is_last { Deed { next: end, ..done } } else { done });
    }
    let deed = say(app, tx, stored, known, ready).await?;
    let Next::On(from) = deed.next else { return Ok(deed) };
    if deed.message.is_some() {
        let mut seen = contact::get_for_update(tx, tx.scope(), known.id).await?;
        seen.follow_ups += 1;
        seen.updated_at = tx.now();
        contact::update(tx, tx.scope(), &seen).await?;
    }
    Ok(Deed { next: Next::Again(from.plus(every)), ..deed })
}

/// Whether something is true of a contact.
async fn holds(tx: &Tx, stored: &Stored, known: &Contact, test: &Test) -> Result<bool> {
    let it = &stored.enrolment;
    Ok(match test {
        Test::Replied => enrolment::heard_since(tx, tx.scope(), known.id, it.entered_at).await?,
        Test::Booked => !booking::coming_of_contact(tx, tx.scope(), known.id, tx.now(), 1).await?.is_empty(),
        Test::Qualified => {
            known.status == ContactStatus::Qualified
                || it.qualification.as_ref().is_some_and(|found| found.qualified)
        }
        Test::HasTag { name } => {
            known.tags.iter().any(|tag| tag.name.to_lowercase() == name.trim().to_lowercase())
        }
        Test::Status { statuses } => statuses.contains(&known.status),
        Test::Field { field } => {
            let wanted = frontdesk_domain::contact_list::ContactFilter {
                fields: vec![field.clone()],
                ..Default::default()
            };
            let filter: Filter = crate::contact::list::check_in(tx, tx.scope(), tx.now(), &wanted).await?;
            let before =
                ContactId::from_uuid(uuid::Uuid::from_u128(known.id.uuid().as_u128().saturating_sub(1)));
            !contact::list::walk(tx, tx.scope(), &filter, Some(before), known.id, 1).await?.is_empty()
        }
    })
}

async fn tag(
    tx: &Tx,
    known: &Contact,
    add: &[frontdesk_domain::contact::Tag],
    remove: &[String],
) -> Result<()> {
    let mut seen = contact::get_for_update(tx, tx.scope(), known.id).await?;
    let same = |one: &str, other: &str| one.trim().to_lowercase() == other.trim().to_lowercase();
    seen.tags.retain(|tag| !remove.iter().any(|name| same(name, &tag.name)));
    for tag in add {
        if !seen.tags.iter().any(|it| same(&it.name, &tag.name)) && seen.tags.len() < crate::contact::MAX_TAGS
        {
            seen.tags.push(tag.clone());
        }
    }
    seen.updated_at = tx.now();
    contact::update(tx, tx.scope(), &seen).await?;
    tx.emit(Event::ContactUpdated { contact_id: seen.id });
    Ok(())
}

pub(super) async fn set_status(tx: &Tx, id: ContactId, status: ContactStatus) -> Result<()> {
    let mut seen = contact::get_for_update(tx, tx.scope(), id).await?;
    if seen.status == status || seen.opted_out {
        return Ok(());
    }
    seen.status = status;
    seen.updated_at = tx.now();
    contact::update(tx, tx.scope(), &seen).await?;
    tx.emit(Event::ContactUpdated { contact_id: id });
    Ok(())
}

/// Whether a model could write for this workspace; without one the steps' own words are used.
pub async fn has_model(app: &App, scope: Scope) -> Result<bool> {
    Ok(write::model(app, scope).await?.is_some())
}
