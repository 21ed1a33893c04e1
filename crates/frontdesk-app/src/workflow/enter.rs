//! Who enters a workflow, and when.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use frontdesk_domain::contact::Contact;
use frontdesk_domain::contact_list::{FieldComparison, FieldTest};
use frontdesk_domain::context::Scope;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ContactId, EnrolmentId};
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workflow::{Action, Step, Trigger, WorkflowState, check};
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::contact::Filter;
use frontdesk_store::workflow::enrolment::{self, Place};
use frontdesk_store::workflow::{self, Stored};
use frontdesk_store::{Tx, contact, workspace};
use jiff::civil::Date;

use crate::contact::list;
use crate::jobs::failure;
use crate::{App, Result};

/// The job that looks for contacts that enter by being added or by a date.
pub const ENTER_JOB: &str = "workflow.enter";
/// Contacts that enter in one unit of work.
const BATCH: u32 = 500;
/// How long a contact may take from getting its id to being stored; ids tell the order they were made in, not the order
/// they became visible in.
const LATE: Duration = Duration::from_mins(2);
/// Most days that are made up for after everything stood still.
const MISSED_DAYS: i32 = 7;
const DAY: Duration = Duration::from_hours(24);

/// Where a contact is that begins with this step now.
pub(super) fn place_at(version: u32, step: &Step, from: Timestamp) -> Place {
    let wait = match &step.action {
        Action::Wait { minutes } => Duration::from_secs(u64::from(*minutes) * 60),
        _ => Duration::ZERO,
    };
    Place { version, step: step.id.clone(), due_at: from.plus(wait), tries: 0 }
}

/// Puts contacts into a workflow, but for those it is closed to: who is in it, was in it, or opted out. Says how many
/// entered.
pub(crate) async fn put(tx: &Tx, flow: &Stored, contacts: &[Contact]) -> Result<u64> {
    let scope = tx.scope();
    let it = &flow.workflow;
    let Some(first) = it.settings.steps.first() else { return Ok(0) };
    let ids: Vec<ContactId> = contacts.iter().filter(|it| !it.opted_out).map(|it| it.id).collect();
    let since = it.settings.again_after_days.map(|days| tx.now().minus(DAY * days));
    let known: BTreeSet<ContactId> =
        enrolment::known(tx, scope, it.id, &ids, since).await?.into_iter().collect();
    let new: Vec<(EnrolmentId, ContactId)> = ids
        .into_iter()
        .filter(|id| !known.contains(id))
        .map(|id| (EnrolmentId::new(tx.now(), tx.random()), id))
        .collect();
    if new.is_empty() {
        return Ok(0);
    }
    let place = place_at(it.version, first, tx.now());
    let count = enrolment::insert_all(tx, scope, it.id, &place, &new, tx.now()).await?;
    if count > 0 {
        tx.emit(Event::WorkflowUpdated { workflow_id: it.id });
    }
    Ok(count)
}

/// The first id, or the last, of all that are made in this millisecond.
pub(crate) fn id_at(at: Timestamp) -> ContactId {
    let millis = u128::from(at.as_millis().max(0).unsigned_abs());
    ContactId::from_uuid(uuid::Uuid::from_u128(millis << 80))
}

/// Whether a workflow is for this contact.
pub(super) async fn is_for(tx: &Tx, flow: &Stored, id: ContactId) -> Result<Option<Contact>> {
    let filter = list::check_in(tx, tx.scope(), tx.now(), &flow.workflow.settings.filter).await?;
    let before = ContactId::from_uuid(uuid::Uuid::from_u128(id.uuid().as_u128().saturating_sub(1)));
    Ok(contact::list::walk(tx, tx.scope(), &filter, Some(before), id, 1).await?.pop())
}

/// Looks for everybody who enters a workflow of the workspace by now.
pub async fn run(app: &Arc<App>, job: &ClaimedJob) -> std::result::Result<(), Failure> {
    let scope = Scope::system(job.workspace);
    let found = async {
        for flow in workflow::list_active(app.store.reader(), scope, "contact_added").await? {
            added(app, job, &flow).await?;
        }
        for flow in workflow::list_active(app.store.reader(), scope, "date").await? {
            dated(app, job, &flow).await?;
        }
        Ok(())
    };
    found.await.map_err(|error: crate::AppError| failure(&error))
}

/// Contacts that were added since it was looked last.
async fn added(app: &App, job: &ClaimedJob, flow: &Stored) -> Result<()> {
    let ctx = app.system(job.workspace, ENTER_JOB);
    let it = &flow.workflow;
    let filter = list::check(app, &ctx, &it.settings.filter).await?;
    let filter = Filter { not_in: Some(it.id), ..filter };
    let now = ctx.now();
    let mut after = flow.seen_to;
    let until = id_at(now.plus(Duration::from_millis(1)));
    loop {
        let found =
            contact::list::walk(app.store.reader(), ctx.scope(), &filter, after, until, BATCH).await?;
        let last = found.last().map(|last| last.id);
        let full = found.len() == BATCH as usize;
        let tx = app.store.begin(&ctx).await?;
        if !is_active(&tx, flow).await? {
            return Ok(());
        }
        put(&tx, flow, &found).await?;
        if !full {
            let settled = id_at(now.minus(LATE));
            if flow.seen_to.is_none_or(|seen| seen < settled) {
                workflow::set_seen(&tx, ctx.scope(), it.id, Some(settled), None).await?;
            }
        }
        tx.commit().await?;
        if !full {
            return Ok(());
        }
        after = last;
    }
}

async fn is_active(tx: &Tx, flow: &Stored) -> Result<bool> {
    let now = workflow::find(tx, tx.scope(), flow.workflow.id).await?;
    Ok(now.is_some_and(|now| now.workflow.state == WorkflowState::Active))
}

/// Contacts whose date has come.
async fn dated(app: &App, job: &ClaimedJob, flow: &Stored) -> Result<()> {
    let Trigger::Date { field, days, at } = &flow.workflow.settings.trigger else { return Ok(()) };
    let ctx = app.system(job.workspace, ENTER_JOB);
    let home = workspace::get(app.store.reader(), ctx.scope()).await?;
    let Ok(local) = ctx.now().to_jiff().in_tz(&home.zone) else { return Ok(()) };
    let minutes = u32::from(local.hour().unsigned_abs()) * 60 + u32::from(local.minute().unsigned_abs());
    let today = local.date();
    let begun = check::clock(at).is_some_and(|at| minutes >= at);
    let last = if begun { today } else { today.saturating_sub(jiff::Span::new().days(1)) };
    for day in due_days(flow.seen_day.as_deref(), last) {
        let date = day.saturating_sub(jiff::Span::new().days(*days));
        let test = FieldTest {
            key: field.clone(),
            test: FieldComparison::Is,
            value: Some(serde_json::Value::String(date.to_string())),
        };
        let mut wanted = flow.workflow.settings.filter.clone();
        wanted.fields.push(test);
        let filter = list::check(app, &ctx, &wanted).await?;
        let until = id_at(ctx.now().plus(Duration::from_millis(1)));
        let mut after = None;
        loop {
            let found =
                contact::list::walk(app.store.reader(), ctx.scope(), &filter, after, until, BATCH).await?;
            let full = found.len() == BATCH as usize;
            after = found.last().map(|last| last.id);
            let tx = app.store.begin(&ctx).await?;
            if !is_active(&tx, flow).await? {
                return Ok(());
            }
            put(&tx, flow, &found).await?;
            if !full {
                let day = day.to_string();
                workflow::set_seen(&tx, ctx.scope(), flow.workflow.id, None, Some(&day)).await?;
            }
            tx.commit().await?;
            if !full {
                break;
            }
        }
    }
    Ok(())
}

/// The days that were not looked at yet, up to this one.
fn due_days(seen: Option<&str>, last: Date) -> Vec<Date> {
    let seen: Option<Date> = seen.and_then(|day| day.parse().ok());
    let first = last.saturating_sub(jiff::Span::new().days(MISSED_DAYS - 1));
    let mut day = match seen {
        Some(seen) => seen.saturating_add(jiff::Span::new().days(1)).max(first),
        None => last,
    };
    let mut days = Vec::new();
    while day <= last {
        days.push(day);
        day = day.saturating_add(jiff::Span::new().days(1));
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_on_which_nothing_ran_is_made_up_for() {
        let last: Date = "2026-11-21".parse().unwrap();
        let days = |seen| due_days(seen, last).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(days(Some("2026-11-21")), [""; 0]);
        assert_eq!(days(Some("2026-11-18")), ["2026-11-19", "2026-11-20", "2026-11-21"]);
        assert_eq!(days(None), ["2026-11-21"], "the past of a new workflow is the past");
        assert_eq!(days(Some("2026-01-01")).len(), 7);
    }
}
