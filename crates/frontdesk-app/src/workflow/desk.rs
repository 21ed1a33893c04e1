//! What people do with workflows: write, start, pause, delete them, and put contacts in.

use std::collections::BTreeSet;

use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ContactId, EnrolmentId, WorkflowId};
use frontdesk_domain::outbox::Status;
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workflow::{
    Action, EndReason, Enrolment, EnrolmentState, Trigger, Workflow, WorkflowSettings, WorkflowState, check,
    path,
};
use frontdesk_store::outbox::Change;
use frontdesk_store::workflow::enrolment;
use frontdesk_store::workflow::{self, Stored, log};
use frontdesk_store::{Tx, contact, outbox};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::enter;
use crate::contact::list;
use crate::message::queue::announce;
use crate::template::render::{Values, render_text};
use crate::validate::Validator;
use crate::{App, AppError, Result};

/// Most workflows of a workspace.
const MAX_WORKFLOWS: usize = 200;
/// Most contacts that are put in by name at once.
const MAX_NAMED: usize = 1_000;
/// Messages that are called off in one unit of work.
const BATCH: u64 = 200;

/// A workflow's settings as they are to be saved.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkflowDraft {
    /// The settings.
    pub settings: WorkflowSettings,
    /// The version they were made from, so that nobody overwrites what somebody else saved meanwhile.
    #[schema(minimum = 1)]
    pub version: u32,
}

/// Workflows to start or pause.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkflowSwitch {
    /// Which.
    #[schema(min_items = 1, max_items = 200)]
    pub ids: Vec<WorkflowId>,
    /// `active` or `paused`.
    pub state: WorkflowState,
}

/// What is under way in a workflow, to be known before it is paused or deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PendingWork {
    /// Contacts in it now.
    pub active: u64,
    /// Messages that are written and wait to leave. Pausing calls them off; they are written again when it goes on.
    pub waiting_messages: u64,
    /// When the next contact is due.
    pub next_due_at: Option<Timestamp>,
}

/// Contacts to put in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEnrolments {
    /// Who.
    #[schema(min_items = 1, max_items = 1000)]
    pub contact_ids: Vec<ContactId>,
}

/// How many were put in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Entered {
    /// Who entered.
    pub entered: u64,
    /// Who did not: opted out, in it already, or in it before.
    pub left_out: u64,
}

/// Every workflow, newest first.
pub async fn list(app: &App, ctx: &Context) -> Result<Vec<Workflow>> {
    ctx.require(Permission::WorkflowsRead)?;
    let all = workflow::list(app.store.reader(), ctx.scope()).await?;
    Ok(all.into_iter().map(|stored| stored.workflow).collect())
}

/// One workflow.
pub async fn get(app: &App, ctx: &Context, id: WorkflowId) -> Result<Workflow> {
    ctx.require(Permission::WorkflowsRead)?;
    Ok(workflow::get(app.store.reader(), ctx.scope(), id).await?.workflow)
}

/// Checks settings: their shape, the words' variables, and the filter.
pub(super) async fn checked(app: &App, ctx: &Context, settings: &WorkflowSettings, at: &str) -> Result<()> {
    let mut check = Validator::new();
    for (place, why) in check::flaws(settings) {
        check.refuse(&format!("{at}{place}"), why);
    }
    for (n, step) in settings.steps.iter().enumerate() {
        let mut words = |place: &str, words: &str| {
            for (says, values) in samples() {
                if let Err(flaw) = render_text(words, &values) {
                    let says = if says.is_empty() { String::new() } else { format!(" {says}") };
                    check.refuse(&format!("{at}/steps/{n}/action/{place}"), format!("{flaw}{says}"));
                    return;
                }
            }
        };
        if let Some(message) = path::message(step) {
            let place = match &message.words {
                frontdesk_domain::workflow::Words::Text { .. } => "message/words/text",
                frontdesk_domain::workflow::Words::Ai { .. } => "message/words/fallback",
            };
            words(place, message.words.template());
            for variable in message.whatsapp_template.iter().flat_map(|template| &template.variables) {
                words("message/whatsapp_template", variable);
            }
        }
        if let Action::Task { title, .. } = &step.action {
            words("title", title);
        }
        if let Action::Webhook { url } = &step.action
            && let Err(error) = app.http.check_public(url)
        {
            check.refuse(&format!("{at}/steps/{n}/action/url"), error.to_string());
        }
    }
    check.finish()?;
    list::check(app, ctx, &settings.filter).await.map(drop)
}

/// Values of a contact of whom everything is known.
fn samples() -> [(&'static str, Values); 1] {
    let known = [
        ("first_name", "Anna"),
        ("name", "Anna Berg"),
        ("company", "Berg Ltd"),
        ("business_name", "Riverside Dental"),
        ("booking_link", "https://desk.example/book/riverside"),
    ];
    [("", known.into_iter().map(|(name, value)| (name, value.to_owned())).collect())]
}

/// Makes a workflow; it does nothing until it is started.
pub async fn create(app: &App, ctx: &Context, settings: WorkflowSettings) -> Result<Workflow> {
    ctx.require(Permission::WorkflowsWrite)?;
    checked(app, ctx, &settings, "").await?;
    let tx = app.store.begin(ctx).await?;
    if workflow::list(&tx, tx.scope()).await?.len() >= MAX_WORKFLOWS {
        return Err(AppError::Conflict(format!("there are {MAX_WORKFLOWS} workflows; delete one first")));
    }
    let new = Workflow {
        id: WorkflowId::new(tx.now(), tx.random()),
        state: WorkflowState::Draft,
        version: 1,
        settings,
        active: 0,
        entered: 0,
        won: 0,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    let stored = Stored { workflow: new.clone(), seen_to: None, seen_day: None };
    workflow::put(&tx, tx.scope(), &stored).await?;
    done(tx, new.id, "workflow.create", json!({ "name": new.settings.name })).await?;
    Ok(new)
}

async fn done(tx: Tx, id: WorkflowId, action: &'static str, detail: serde_json::Value) -> Result<()> {
    tx.emit(Event::WorkflowUpdated { workflow_id: id });
    tx.audit(action, Some(id.to_string()), detail);
    Ok(tx.commit().await?)
}

/// Saves a workflow. Contacts in it keep their place and what they wait for; what comes after is as it is saved now.
///
/// # Errors
/// [`AppError::Conflict`] when somebody else saved it meanwhile.
pub async fn put(app: &App, ctx: &Context, id: WorkflowId, draft: WorkflowDraft) -> Result<Workflow> {
    ctx.require(Permission::WorkflowsWrite)?;
    checked(app, ctx, &draft.settings, "/settings").await?;
    let tx = app.store.begin(ctx).await?;
    let mut stored = workflow::get(&tx, tx.scope(), id).await?;
    if stored.workflow.version != draft.version {
        return Err(AppError::Conflict(
            "somebody else saved this workflow meanwhile; open it anew and repeat your changes".to_owned(),
        ));
    }
    // Another trigger begins anew: it reaches nobody who was there before.
    if kind_changed(&stored.workflow.settings.trigger, &draft.settings.trigger) {
        stored.seen_to = Some(enter::id_at(tx.now()));
        stored.seen_day = None;
    }
    stored.workflow.settings = draft.settings;
    stored.workflow.version += 1;
    stored.workflow.updated_at = tx.now();
    workflow::put(&tx, tx.scope(), &stored).await?;
    let detail = json!({ "version": stored.workflow.version });
    done(tx, id, "workflow.update", detail).await?;
    Ok(stored.workflow)
}

fn kind_changed(was: &Trigger, now: &Trigger) -> bool {
    let is_other = workflow::kind(was) != workflow::kind(now);
    let is_other_date = matches!((was, now), (Trigger::Date { .. }, Trigger::Date { .. })) && was != now;
    is_other || is_other_date
}

/// Deletes a workflow with everybody's place in it; waiting messages are called off.
pub async fn delete(app: &App, ctx: &Context, id: WorkflowId) -> Result<()> {
    ctx.require(Permission::WorkflowsWrite)?;
    workflow::get(app.store.reader(), ctx.scope(), id).await?;
    let tx = app.store.begin(ctx).await?;
    workflow::set_state(&tx, tx.scope(), id, WorkflowState::Paused, tx.now()).await?;
    tx.commit().await?;
    call_off(app, ctx, id, "its workflow was deleted").await?;
    let tx = app.store.begin(ctx).await?;
    workflow::delete(&tx, tx.scope(), id).await?;
    done(tx, id, "workflow.delete", json!({})).await
}

/// What is under way in a workflow.
pub async fn pending(app: &App, ctx: &Context, id: WorkflowId) -> Result<PendingWork> {
    ctx.require(Permission::WorkflowsRead)?;
    let (db, scope) = (app.store.reader(), ctx.scope());
    let found = workflow::get(db, scope, id).await?.workflow;
    let next = enrolment::list_next(db, scope, id, 1).await?;
    Ok(PendingWork {
        active: found.active,
        waiting_messages: log::count_waiting(db, scope, id).await?,
        next_due_at: next.first().and_then(|first| first.enrolment.due_at),
    })
}

/// Starts or pauses workflows. A paused one lets nobody in and moves nobody; its waiting messages are called off, and
/// their contacts stand before that step again. Contacts added meanwhile enter when it goes on.
///
/// # Errors
/// [`AppError::NotFound`] when one of them is not there; then none is switched.
pub async fn switch(app: &App, ctx: &Context, switch: WorkflowSwitch) -> Result<Vec<Workflow>> {
    ctx.require(Permission::WorkflowsWrite)?;
    if switch.state == WorkflowState::Draft {
        return Err(AppError::invalid("/state", "must be active or paused"));
    }
    if switch.ids.is_empty() || switch.ids.len() > MAX_WORKFLOWS {
        return Err(AppError::invalid("/ids", "must name 1 to 200 workflows"));
    }
    let ids: BTreeSet<WorkflowId> = switch.ids.iter().copied().collect();
    let tx = app.store.begin(ctx).await?;
    for id in &ids {
        let stored = workflow::get(&tx, tx.scope(), *id).await?;
        let was = stored.workflow.state;
        if was == switch.state {
            continue;
        }
        if was == WorkflowState::Draft && switch.state == WorkflowState::Paused {
            return Err(AppError::Conflict(format!(
                "\"{}\" was never started, so it cannot be paused",
                stored.workflow.settings.name
            )));
        }
        if was == WorkflowState::Draft {
            // Whoever was there before it was started stays out.
            workflow::set_seen(&tx, tx.scope(), *id, Some(enter::id_at(tx.now())), None).await?;
        }
        workflow::set_state(&tx, tx.scope(), *id, switch.state, tx.now()).await?;
        tx.emit(Event::WorkflowUpdated { workflow_id: *id });
        tx.audit("workflow.switch", Some(id.to_string()), json!({ "state": switch.state }));
    }
    tx.commit().await?;
    let mut all = Vec::new();
    for id in &ids {
        if switch.state == WorkflowState::Paused {
            call_off(app, ctx, *id, "its workflow was paused; it is written again when that goes on").await?;
        }
        all.push(workflow::get(app.store.reader(), ctx.scope(), *id).await?.workflow);
    }
    Ok(all)
}

/// Calls off the messages of a workflow that wait, and puts their contacts back before the step.
async fn call_off(app: &App, ctx: &Context, id: WorkflowId, why: &str) -> Result<()> {
    loop {
        let tx = app.store.begin(ctx).await?;
        let waiting = log::list_waiting(&tx, tx.scope(), id, BATCH).await?;
        for (enrolment, step, message) in &waiting {
            let known = outbox::get_for_update(&tx, tx.scope(), *message).await?.message;
            let change = Change::of(tx.scope(), *message, tx.now()).from(&[Status::Queued]);
            if change.status(Status::Cancelled).reason(Some(why), None).apply(&tx).await? {
                announce(&tx, &known, Status::Cancelled);
                enrolment::rewind(&tx, tx.scope(), *enrolment, step, tx.now()).await?;
            }
        }
        tx.commit().await?;
        if waiting.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            return Ok(());
        }
    }
}

/// Puts contacts in by name.
///
/// # Errors
/// [`AppError::Conflict`] when the workflow was never started.
pub async fn enrol(app: &App, ctx: &Context, id: WorkflowId, new: NewEnrolments) -> Result<Entered> {
    ctx.require(Permission::WorkflowsWrite)?;
    if new.contact_ids.is_empty() || new.contact_ids.len() > MAX_NAMED {
        return Err(AppError::invalid("/contact_ids", "must name 1 to 1,000 contacts"));
    }
    let tx = app.store.begin(ctx).await?;
    let ids: BTreeSet<uuid::Uuid> = new.contact_ids.iter().map(|id| id.uuid()).collect();
    let ids: Vec<uuid::Uuid> = ids.into_iter().collect();
    let found = contact::list::load(&tx, tx.scope(), &ids).await?;
    let entered = put_in(&tx, id, &found).await?;
    done(tx, id, "workflow.enrol", json!({ "entered": entered })).await?;
    Ok(Entered { entered, left_out: (ids.len() as u64).saturating_sub(entered) })
}

/// Whether the caller may put contacts into this workflow, and it was started.
pub(crate) async fn may_put_in(app: &App, ctx: &Context, id: WorkflowId) -> Result<()> {
    ctx.require(Permission::WorkflowsWrite)?;
    started(&workflow::get(app.store.reader(), ctx.scope(), id).await?)
}

fn started(flow: &Stored) -> Result<()> {
    if flow.workflow.state == WorkflowState::Draft {
        return Err(AppError::Conflict("start the workflow first; then contacts can be put in".to_owned()));
    }
    Ok(())
}

/// Puts contacts into a workflow that was started; says how many entered.
pub(crate) async fn put_in(
    tx: &Tx,
    id: WorkflowId,
    contacts: &[frontdesk_domain::contact::Contact],
) -> Result<u64> {
    let flow = workflow::get(tx, tx.scope(), id).await?;
    started(&flow)?;
    enter::put(tx, &flow, contacts).await
}

/// Ends a workflow for one contact.
///
/// # Errors
/// [`AppError::Conflict`] when it had ended.
pub async fn stop(app: &App, ctx: &Context, id: EnrolmentId) -> Result<Enrolment> {
    ctx.require(Permission::WorkflowsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let stored = enrolment::get(&tx, tx.scope(), id).await?;
    let how = (EnrolmentState::Stopped, EndReason::ByHand);
    if !enrolment::end(&tx, tx.scope(), id, how, tx.now()).await? {
        return Err(AppError::Conflict("this had ended already".to_owned()));
    }
    let detail = json!({ "contact": stored.enrolment.contact_id });
    done(tx, stored.enrolment.workflow_id, "workflow.stop", detail).await?;
    Ok(enrolment::get(app.store.reader(), ctx.scope(), id).await?.enrolment)
}
