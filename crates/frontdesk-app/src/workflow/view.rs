//! Who is where in a workflow, and how it does.

use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::id::{ContactId, EnrolmentId, WorkflowId};
use frontdesk_domain::outbox::Status;
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::workflow::{EndReason, Enrolment, EnrolmentState, LogEntry, StepOutcome};
use frontdesk_store::contact;
use frontdesk_store::workflow::enrolment::{self, Wanted};
use frontdesk_store::workflow::{self, log};
use serde::Serialize;
use utoipa::ToSchema;

use crate::validate::cursor;
use crate::{App, AppError, Result};

/// How contacts get through a workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Funnel {
    /// How many have entered.
    pub entered: u64,
    /// How many are in it now.
    pub active: u64,
    /// How many reached what it is for.
    pub won: u64,
    /// Each step, in order; steps that were taken out are left out.
    pub steps: Vec<StepCount>,
    /// Why it ended, and for how many.
    pub ended: Vec<ReasonCount>,
    /// What became of its messages.
    pub messages: Vec<StatusCount>,
}

/// How one step did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StepCount {
    /// The step, by its name.
    pub step: String,
    /// How many wait before it now.
    pub waiting: u64,
    /// For how many it was done.
    pub done: u64,
    /// For how many it was left out.
    pub skipped: u64,
    /// For how many what it asked was not true.
    pub otherwise: u64,
    /// For how many it went wrong.
    pub failed: u64,
}

/// For how many it ended for a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReasonCount {
    /// The reason.
    pub reason: EndReason,
    /// How many.
    pub count: u64,
}

/// How many messages are in a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StatusCount {
    /// The state.
    pub status: Status,
    /// How many.
    pub count: u64,
}

/// An enrolment with what was done.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EnrolmentHistory {
    /// The enrolment.
    pub enrolment: Enrolment,
    /// What was done, oldest first.
    pub log: Vec<LogEntry>,
}

/// How a workflow does.
pub async fn funnel(app: &App, ctx: &Context, id: WorkflowId) -> Result<Funnel> {
    ctx.require(Permission::WorkflowsRead)?;
    let (db, scope) = (app.store.reader(), ctx.scope());
    let flow = workflow::get(db, scope, id).await?.workflow;
    let waiting = enrolment::count_by_step(db, scope, id).await?;
    let done = log::count(db, scope, id).await?;
    let of = |step: &str, outcome: StepOutcome| {
        done.iter()
            .filter(|(name, found, _)| name == step && *found == outcome)
            .map(|(.., count)| count)
            .sum()
    };
    let steps = flow.settings.steps.iter().map(|step| StepCount {
        waiting: waiting.iter().filter(|(name, _)| *name == step.id).map(|(_, count)| count).sum(),
        done: of(&step.id, StepOutcome::Done),
        skipped: of(&step.id, StepOutcome::Skipped),
        otherwise: of(&step.id, StepOutcome::Otherwise),
        failed: of(&step.id, StepOutcome::Failed),
        step: step.id.clone(),
    });
    let steps = steps.collect();
    let reasons = enrolment::count_by_reason(db, scope, id).await?;
    let ended = EndReason::ALL.into_iter().filter_map(|reason| {
        let (_, count) = reasons.iter().find(|(found, _)| *found == Some(reason))?;
        Some(ReasonCount { reason, count: *count })
    });
    let messages = log::count_messages(db, scope, id).await?;
    Ok(Funnel {
        entered: flow.entered,
        active: flow.active,
        won: flow.won,
        steps,
        ended: ended.collect(),
        messages: messages.into_iter().map(|(status, count)| StatusCount { status, count }).collect(),
    })
}

/// Who is and was in a workflow, newest first.
pub async fn enrolments(
    app: &App,
    ctx: &Context,
    id: WorkflowId,
    (state, step): (Option<EnrolmentState>, Option<String>),
    page: &PageRequest,
) -> Result<Page<Enrolment>> {
    ctx.require(Permission::WorkflowsRead)?;
    if step.as_ref().is_some_and(|step| step.len() > 30) {
        return Err(AppError::invalid("/step", "is no step's name"));
    }
    let (db, scope) = (app.store.reader(), ctx.scope());
    workflow::get(db, scope, id).await?;
    let after: Option<EnrolmentId> = cursor(page)?;
    let found = enrolment::list(db, scope, id, &Wanted { state, step }, after, page).await?;
    Ok(found.map(|stored| stored.enrolment))
}

/// One enrolment with what was done.
pub async fn history(app: &App, ctx: &Context, id: EnrolmentId) -> Result<EnrolmentHistory> {
    ctx.require(Permission::WorkflowsRead)?;
    let (db, scope) = (app.store.reader(), ctx.scope());
    let enrolment = enrolment::get(db, scope, id).await?.enrolment;
    Ok(EnrolmentHistory { enrolment, log: log::list(db, scope, id).await? })
}

/// What a contact is and was in, newest first.
pub async fn of_contact(app: &App, ctx: &Context, id: ContactId) -> Result<Vec<Enrolment>> {
    ctx.require(Permission::WorkflowsRead)?;
    let (db, scope) = (app.store.reader(), ctx.scope());
    let known = contact::get(db, scope, id).await?;
    let found = enrolment::list_of_contact(db, scope, known.id).await?;
    Ok(found.into_iter().map(|stored| stored.enrolment).collect())
}
