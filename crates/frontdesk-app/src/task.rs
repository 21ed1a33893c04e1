//! Tasks: what a person is to do about a contact, left by workflows.

use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ContactId, TaskId};
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::workflow::Task;
use frontdesk_store::{contact, task};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::validate::cursor;
use crate::{App, Result};

/// Whether a task is done.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskDone {
    /// True when it is, false to take that back.
    pub done: bool,
}

/// Open tasks, the one due first first; or done ones, newest first.
pub async fn list(
    app: &App,
    ctx: &Context,
    done: bool,
    contact_id: Option<ContactId>,
    page: &PageRequest,
) -> Result<Page<Task>> {
    ctx.require(Permission::WorkflowsRead)?;
    let (db, scope) = (app.store.reader(), ctx.scope());
    let of = match contact_id {
        Some(id) => Some(contact::get(db, scope, id).await?.id),
        None => None,
    };
    let after: Option<TaskId> = cursor(page)?;
    Ok(task::list(db, scope, done, of, after, page).await?)
}

/// Marks a task as done, or takes that back.
pub async fn set_done(app: &App, ctx: &Context, id: TaskId, to: TaskDone) -> Result<Task> {
    ctx.require(Permission::ContactsWrite)?;
    let tx = app.store.begin(ctx).await?;
    task::get(&tx, tx.scope(), id).await?;
    let by = to.done.then(|| (tx.now(), ctx.user()));
    task::set_done(&tx, tx.scope(), id, by).await?;
    tx.emit(Event::TaskUpdated { task_id: id });
    tx.audit("task.done", Some(id.to_string()), json!({ "done": to.done }));
    tx.commit().await?;
    Ok(task::get(app.store.reader(), ctx.scope(), id).await?)
}
