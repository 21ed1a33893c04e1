//! Tasks: what a person is to do about a contact.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ContactId, TaskId, UserId, WorkflowId};
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workflow::Task;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::contact::field::{rows, run};
use crate::tx::Db;
use crate::{Result, StoreError};

const COLUMNS: &str = "t.id, t.contact_id, COALESCE(c.name, ''), t.title, t.due_at, t.workflow_id, t.created_at, t.done_at, t.done_by";
const FROM: &str = "task t LEFT JOIN contact c ON c.id = t.contact_id";

fn read(row: &QueryResult) -> Result<Task> {
    Ok(Task {
        id: TaskId::from_uuid(row.try_get_by_index(0)?),
        contact_id: ContactId::from_uuid(row.try_get_by_index(1)?),
        contact_name: row.try_get_by_index(2)?,
        title: row.try_get_by_index(3)?,
        due_at: Timestamp::from_millis(row.try_get_by_index(4)?),
        workflow_id: row.try_get_by_index::<Option<Uuid>>(5)?.map(WorkflowId::from_uuid),
        created_at: Timestamp::from_millis(row.try_get_by_index(6)?),
        done_at: row.try_get_by_index::<Option<i64>>(7)?.map(Timestamp::from_millis),
        done_by: row.try_get_by_index::<Option<Uuid>>(8)?.map(UserId::from_uuid),
    })
}

/// Stores a new task.
pub async fn insert(db: &impl Db, scope: Scope, task: &Task) -> Result<()> {
    let sql = "INSERT INTO task (id, workspace_id, contact_id, title, due_at, workflow_id, created_at, done_at, done_by) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let values: [Value; 9] = [
        task.id.uuid().into(),
        scope.workspace().uuid().into(),
        task.contact_id.uuid().into(),
        task.title.clone().into(),
        task.due_at.as_millis().into(),
        task.workflow_id.map(WorkflowId::uuid).into(),
        task.created_at.as_millis().into(),
        task.done_at.map(Timestamp::as_millis).into(),
        task.done_by.map(UserId::uuid).into(),
    ];
    run(db, sql, values).await.map(drop)
}

/// The task, which must be in the workspace.
pub async fn get(db: &impl Db, scope: Scope, id: TaskId) -> Result<Task> {
    let sql = format!("SELECT {COLUMNS} FROM {FROM} WHERE t.id = ? AND t.workspace_id = ?");
    let found = rows(db, &sql, [id.uuid().into(), scope.workspace().uuid().into()]).await?;
    found.first().map(read).transpose()?.ok_or(StoreError::NotFound("task"))
}

/// Tasks, the one that is due first first; done ones newest first.
pub async fn list(
    db: &impl Db,
    scope: Scope,
    done: bool,
    contact: Option<ContactId>,
    after: Option<TaskId>,
    page: &PageRequest,
) -> Result<Page<Task>> {
    let which = if done { "IS NOT NULL" } else { "IS NULL" };
    let mut sql = format!("SELECT {COLUMNS} FROM {FROM} WHERE t.workspace_id = ? AND t.done_at {which}");
    let mut values: Vec<Value> = vec![scope.workspace().uuid().into()];
    if let Some(contact) = contact {
        sql.push_str(" AND t.contact_id = ?");
        values.push(contact.uuid().into());
    }
    if let Some(after) = after {
        let last = get(db, scope, after).await?;
        let (way, at) = if done {
            ("(t.id < ?)", None)
        } else {
            ("(t.due_at > ? OR (t.due_at = ? AND t.id > ?))", Some(last.due_at.as_millis()))
        };
        sql.push_str(" AND ");
        sql.push_str(way);
        values.extend(at.into_iter().flat_map(|at| [Value::from(at), Value::from(at)]));
        values.push(after.uuid().into());
    }
    sql.push_str(if done { " ORDER BY t.id DESC LIMIT ?" } else { " ORDER BY t.due_at, t.id LIMIT ?" });
    values.push((i64::from(page.size()) + 1).into());
    let items = rows(db, &sql, values).await?.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(items, page.size(), |last| last.id.to_string()))
}

/// Marks a task as done, or as not done.
pub async fn set_done(
    db: &impl Db,
    scope: Scope,
    id: TaskId,
    by: Option<(Timestamp, Option<UserId>)>,
) -> Result<()> {
    let sql = "UPDATE task SET done_at = ?, done_by = ? WHERE id = ? AND workspace_id = ?";
    let values: [Value; 4] = [
        by.map(|(at, _)| at.as_millis()).into(),
        by.and_then(|(_, user)| user).map(UserId::uuid).into(),
        id.uuid().into(),
        scope.workspace().uuid().into(),
    ];
    run(db, sql, values).await.map(drop)
}
