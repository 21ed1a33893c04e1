//! What the steps of workflows did, contact by contact.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{EnrolmentId, MessageId, WorkflowId};
use frontdesk_domain::outbox::Status;
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workflow::{LogEntry, StepOutcome};
use sea_orm::Value;
use uuid::Uuid;

use crate::Result;
use crate::column::{from_word, to_word};
use crate::contact::field::{rows, run};
use crate::tx::Db;

const TABLE: &str = "enrolment_log";

/// Adds an entry.
pub async fn insert(
    db: &impl Db,
    scope: Scope,
    of: (EnrolmentId, WorkflowId),
    id: Uuid,
    entry: &LogEntry,
) -> Result<()> {
    let sql = "INSERT INTO enrolment_log (id, workspace_id, enrolment_id, workflow_id, at, step, outcome, said, message_id) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let values: [Value; 9] = [
        id.into(),
        scope.workspace().uuid().into(),
        of.0.uuid().into(),
        of.1.uuid().into(),
        entry.at.as_millis().into(),
        entry.step.clone().into(),
        to_word(TABLE, &entry.outcome)?.into(),
        entry.text.clone().into(),
        entry.message_id.map(MessageId::uuid).into(),
    ];
    run(db, sql, values).await.map(drop)
}

/// The entries of an enrolment, oldest first, at most 500.
pub async fn list(db: &impl Db, scope: Scope, enrolment: EnrolmentId) -> Result<Vec<LogEntry>> {
    let sql = "SELECT at, step, outcome, said, message_id FROM enrolment_log WHERE enrolment_id = ? AND workspace_id = ? \
               ORDER BY id LIMIT 500";
    let found = rows(db, sql, [enrolment.uuid().into(), scope.workspace().uuid().into()]).await?;
    found
        .iter()
        .map(|row| {
            Ok(LogEntry {
                at: Timestamp::from_millis(row.try_get_by_index(0)?),
                step: row.try_get_by_index(1)?,
                outcome: from_word(TABLE, &row.try_get_by_index::<String>(2)?)?,
                text: row.try_get_by_index(3)?,
                message_id: row.try_get_by_index::<Option<Uuid>>(4)?.map(MessageId::from_uuid),
            })
        })
        .collect()
}

/// How often each step came out how.
pub async fn count(
    db: &impl Db,
    scope: Scope,
    workflow: WorkflowId,
) -> Result<Vec<(String, StepOutcome, u64)>> {
    let sql = "SELECT step, outcome, count(DISTINCT enrolment_id) FROM enrolment_log WHERE workflow_id = ? AND workspace_id = ? \
               GROUP BY step, outcome";
    let found = rows(db, sql, [workflow.uuid().into(), scope.workspace().uuid().into()]).await?;
    found
        .iter()
        .map(|row| {
            let outcome = from_word(TABLE, &row.try_get_by_index::<String>(1)?)?;
            Ok((row.try_get_by_index(0)?, outcome, row.try_get_by_index::<i64>(2)?.unsigned_abs()))
        })
        .collect()
}

/// Messages of a workflow that wait to leave, with whose place they were sent from; at most `limit`.
pub async fn list_waiting(
    db: &impl Db,
    scope: Scope,
    workflow: WorkflowId,
    limit: u64,
) -> Result<Vec<(EnrolmentId, String, MessageId)>> {
    let sql = "SELECT l.enrolment_id, l.step, l.message_id FROM outbox o JOIN enrolment_log l ON l.message_id = o.id \
               WHERE o.workspace_id = ? AND o.status = 'queued' AND l.workflow_id = ? ORDER BY o.id LIMIT ?";
    let values: [Value; 3] =
        [scope.workspace().uuid().into(), workflow.uuid().into(), limit.cast_signed().into()];
    let found = rows(db, sql, values).await?;
    found
        .iter()
        .map(|row| {
            Ok((
                EnrolmentId::from_uuid(row.try_get_by_index(0)?),
                row.try_get_by_index(1)?,
                MessageId::from_uuid(row.try_get_by_index(2)?),
            ))
        })
        .collect()
}

/// How many messages of a workflow wait to leave.
pub async fn count_waiting(db: &impl Db, scope: Scope, workflow: WorkflowId) -> Result<u64> {
    let sql = "SELECT count(*) FROM outbox o JOIN enrolment_log l ON l.message_id = o.id \
               WHERE o.workspace_id = ? AND o.status = 'queued' AND l.workflow_id = ?";
    let found = rows(db, sql, [scope.workspace().uuid().into(), workflow.uuid().into()]).await?;
    Ok(found.first().map(|row| row.try_get_by_index::<i64>(0)).transpose()?.unwrap_or(0).unsigned_abs())
}

/// What became of the messages of a workflow.
pub async fn count_messages(db: &impl Db, scope: Scope, workflow: WorkflowId) -> Result<Vec<(Status, u64)>> {
    let sql = "SELECT o.status, count(*) FROM enrolment_log l JOIN outbox o ON o.id = l.message_id \
               WHERE l.workflow_id = ? AND l.workspace_id = ? GROUP BY o.status ORDER BY o.status";
    let found = rows(db, sql, [workflow.uuid().into(), scope.workspace().uuid().into()]).await?;
    found
        .iter()
        .map(|row| {
            let status = from_word(TABLE, &row.try_get_by_index::<String>(0)?)?;
            Ok((status, row.try_get_by_index::<i64>(1)?.unsigned_abs()))
        })
        .collect()
}
