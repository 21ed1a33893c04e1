//! Workflows, as they are now and as they were when contacts entered.

pub mod enrolment;
pub mod log;

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ContactId, WorkflowId, WorkspaceId};
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workflow::{Step, Trigger, Workflow, WorkflowState};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::column::{from_json, from_word, to_json, to_word};
use crate::contact::field::{rows, run};
use crate::tx::Db;
use crate::{Result, StoreError};

const TABLE: &str = "workflow";
const COLUMNS: &str = "w.id, w.state, w.version, w.settings, w.seen_to, w.seen_day, w.created_at, w.updated_at, \
    (SELECT count(*) FROM enrolment e WHERE e.workflow_id = w.id AND e.state = 'active'), \
    (SELECT count(*) FROM enrolment e WHERE e.workflow_id = w.id), \
    (SELECT count(*) FROM enrolment e WHERE e.workflow_id = w.id AND e.state = 'won')";

/// A workflow with what only the engine needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// The workflow.
    pub workflow: Workflow,
    /// Contacts up to this one have been looked at.
    pub seen_to: Option<ContactId>,
    /// The last day, `2026-11-21`, whose dates were looked at.
    pub seen_day: Option<String>,
}

fn read(row: &QueryResult) -> Result<Stored> {
    let count = |n: usize| -> Result<u64> { Ok(row.try_get_by_index::<i64>(n)?.unsigned_abs()) };
    Ok(Stored {
        workflow: Workflow {
            id: WorkflowId::from_uuid(row.try_get_by_index(0)?),
            state: from_word(TABLE, &row.try_get_by_index::<String>(1)?)?,
            version: row.try_get_by_index::<i32>(2)?.unsigned_abs(),
            settings: from_json(TABLE, &row.try_get_by_index::<String>(3)?)?,
            active: count(8)?,
            entered: count(9)?,
            won: count(10)?,
            created_at: Timestamp::from_millis(row.try_get_by_index(6)?),
            updated_at: Timestamp::from_millis(row.try_get_by_index(7)?),
        },
        seen_to: row.try_get_by_index::<Option<Uuid>>(4)?.map(ContactId::from_uuid),
        seen_day: row.try_get_by_index(5)?,
    })
}

/// The word of a trigger's kind, by which active workflows are found.
pub const fn kind(trigger: &Trigger) -> &'static str {
    match trigger {
        Trigger::ContactAdded => "contact_added",
        Trigger::ConversationEnded { .. } => "conversation_ended",
        Trigger::Booking { .. } => "booking",
        Trigger::Date { .. } => "date",
        Trigger::Manual => "manual",
    }
}

/// All workflows of the workspace, newest first, at most 200.
pub async fn list(db: &impl Db, scope: Scope) -> Result<Vec<Stored>> {
    let sql =
        format!("SELECT {COLUMNS} FROM workflow w WHERE w.workspace_id = ? ORDER BY w.id DESC LIMIT 200");
    rows(db, &sql, [scope.workspace().uuid().into()]).await?.iter().map(read).collect()
}

/// Whether the workspace has workflows at all.
pub async fn any(db: &impl Db, scope: Scope) -> Result<bool> {
    let sql = "SELECT 1 FROM workflow WHERE workspace_id = ? LIMIT 1";
    Ok(!rows(db, sql, [scope.workspace().uuid().into()]).await?.is_empty())
}

/// The active workflows of the workspace with this kind of trigger.
pub async fn list_active(db: &impl Db, scope: Scope, kind: &str) -> Result<Vec<Stored>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM workflow w WHERE w.workspace_id = ? AND w.state = 'active' AND w.trigger_kind = ? \
         ORDER BY w.id LIMIT 200"
    );
    rows(db, &sql, [scope.workspace().uuid().into(), kind.into()]).await?.iter().map(read).collect()
}

/// Workspaces with an active workflow whose trigger is of one of two kinds. System work.
pub async fn workspaces_active_everywhere(db: &impl Db, kinds: [&str; 2]) -> Result<Vec<WorkspaceId>> {
    let sql = "SELECT DISTINCT workspace_id FROM workflow WHERE state = 'active' AND trigger_kind IN (?, ?) LIMIT 10000";
    let found = rows(db, sql, kinds.map(Value::from)).await?;
    found.iter().map(|row| Ok(WorkspaceId::from_uuid(row.try_get_by_index(0)?))).collect()
}

/// The workflow, if it is in the workspace.
pub async fn find(db: &impl Db, scope: Scope, id: WorkflowId) -> Result<Option<Stored>> {
    let sql = format!("SELECT {COLUMNS} FROM workflow w WHERE w.workspace_id = ? AND w.id = ?");
    let found = rows(db, &sql, [scope.workspace().uuid().into(), id.uuid().into()]).await?;
    found.first().map(read).transpose()
}

/// The workflow, which must be in the workspace.
pub async fn get(db: &impl Db, scope: Scope, id: WorkflowId) -> Result<Stored> {
    find(db, scope, id).await?.ok_or(StoreError::NotFound("workflow"))
}

/// Stores a new workflow, or how it is now, and keeps the steps of this version.
pub async fn put(db: &impl Db, scope: Scope, stored: &Stored) -> Result<()> {
    let it = &stored.workflow;
    let workspace: Value = scope.workspace().uuid().into();
    let values: [Value; 10] = [
        it.id.uuid().into(),
        workspace.clone(),
        to_word(TABLE, &it.state)?.into(),
        it.version.cast_signed().into(),
        kind(&it.settings.trigger).into(),
        to_json(TABLE, &it.settings)?.into(),
        stored.seen_to.map(ContactId::uuid).into(),
        stored.seen_day.clone().into(),
        it.created_at.as_millis().into(),
        it.updated_at.as_millis().into(),
    ];
    let sql = "INSERT INTO workflow (id, workspace_id, state, version, trigger_kind, settings, seen_to, seen_day, created_at, \
                 updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
               ON CONFLICT (id) DO UPDATE SET state = excluded.state, version = excluded.version, \
                 trigger_kind = excluded.trigger_kind, settings = excluded.settings, seen_to = excluded.seen_to, \
                 seen_day = excluded.seen_day, updated_at = excluded.updated_at";
    run(db, sql, values).await?;
    let sql = "INSERT INTO workflow_version (workflow_id, version, workspace_id, steps) VALUES (?, ?, ?, ?) \
               ON CONFLICT (workflow_id, version) DO NOTHING";
    let steps = to_json(TABLE, &it.settings.steps)?;
    let values: [Value; 4] = [it.id.uuid().into(), it.version.cast_signed().into(), workspace, steps.into()];
    run(db, sql, values).await.map(drop)
}

/// Sets whether it runs, from another state; says whether it was in one.
pub async fn set_state(
    db: &impl Db,
    scope: Scope,
    id: WorkflowId,
    state: WorkflowState,
    now: Timestamp,
) -> Result<bool> {
    let word = to_word(TABLE, &state)?;
    let sql =
        "UPDATE workflow SET state = ?, updated_at = ? WHERE id = ? AND workspace_id = ? AND state <> ?";
    let values: [Value; 5] = [
        word.clone().into(),
        now.as_millis().into(),
        id.uuid().into(),
        scope.workspace().uuid().into(),
        word.into(),
    ];
    Ok(run(db, sql, values).await? > 0)
}

/// Notes how far contacts were looked at.
pub async fn set_seen(
    db: &impl Db,
    scope: Scope,
    id: WorkflowId,
    to: Option<ContactId>,
    day: Option<&str>,
) -> Result<()> {
    let sql = "UPDATE workflow SET seen_to = COALESCE(?, seen_to), seen_day = COALESCE(?, seen_day) \
               WHERE id = ? AND workspace_id = ?";
    let values: [Value; 4] = [
        to.map(ContactId::uuid).into(),
        day.map(str::to_owned).into(),
        id.uuid().into(),
        scope.workspace().uuid().into(),
    ];
    run(db, sql, values).await.map(drop)
}

/// The steps as they were in a version.
pub async fn steps_of(db: &impl Db, scope: Scope, id: WorkflowId, version: u32) -> Result<Vec<Step>> {
    let sql = "SELECT steps FROM workflow_version WHERE workflow_id = ? AND version = ? AND workspace_id = ?";
    let values: [Value; 3] =
        [id.uuid().into(), version.cast_signed().into(), scope.workspace().uuid().into()];
    let found = rows(db, sql, values).await?;
    let Some(row) = found.first() else { return Ok(Vec::new()) };
    from_json(TABLE, &row.try_get_by_index::<String>(0)?)
}

/// Deletes a workflow with everything that was done in it; the messages it sent stay.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not in the workspace.
pub async fn delete(db: &impl Db, scope: Scope, id: WorkflowId) -> Result<()> {
    let values = || -> [Value; 2] { [id.uuid().into(), scope.workspace().uuid().into()] };
    for table in ["enrolment_log", "enrolment", "workflow_version"] {
        run(db, &format!("DELETE FROM {table} WHERE workflow_id = ? AND workspace_id = ?"), values()).await?;
    }
    let gone = run(db, "DELETE FROM workflow WHERE id = ? AND workspace_id = ?", values()).await?;
    if gone == 0 { Err(StoreError::NotFound("workflow")) } else { Ok(()) }
}
