//! Contacts on their way through workflows. A change names the place it starts from, so that of two nodes that move the
//! same contact one wins.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ContactId, ConversationId, EnrolmentId, WorkflowId, WorkspaceId};
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workflow::{EndReason, Enrolment, EnrolmentState};
use sea_orm::{QueryResult, Value};

use crate::column::{from_json, from_word, to_json, to_word};
use crate::contact::field::{rows, run};
use crate::contact::import::insert_rows;
use crate::tx::Db;
use crate::{Result, StoreError};

const TABLE: &str = "enrolment";
const COLUMNS: &str = "e.id, e.workflow_id, e.contact_id, e.version, e.state, e.step, e.due_at, e.tries, e.entered_at, e.ended_at, \
    e.reason, e.qualification, COALESCE(c.name, ''), COALESCE(w.name, '')";
/// The workflow's name is in its settings; the table of names is small and joined last.
const FROM: &str = "enrolment e LEFT JOIN contact c ON c.id = e.contact_id \
    LEFT JOIN (SELECT id, settings AS name FROM workflow) w ON w.id = e.workflow_id";

/// An enrolment with the version of the workflow its place is in.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// The enrolment.
    pub enrolment: Enrolment,
    /// The version.
    pub version: u32,
}

/// What an enrolment is moved from and to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The version of the workflow.
    pub version: u32,
    /// The step that comes next.
    pub step: String,
    /// When.
    pub due_at: Timestamp,
    /// How often it was done already.
    pub tries: u32,
}

fn name_of(settings: &str) -> String {
    #[derive(serde::Deserialize)]
    struct Named {
        name: String,
    }
    serde_json::from_str::<Named>(settings).map(|named| named.name).unwrap_or_default()
}

fn read(row: &QueryResult) -> Result<Stored> {
    let at = |n: usize| -> Result<Option<Timestamp>> {
        Ok(row.try_get_by_index::<Option<i64>>(n)?.map(Timestamp::from_millis))
    };
    let text = |n: usize| -> Result<Option<String>> { Ok(row.try_get_by_index::<Option<String>>(n)?) };
    Ok(Stored {
        version: row.try_get_by_index::<i32>(3)?.unsigned_abs(),
        enrolment: Enrolment {
            id: EnrolmentId::from_uuid(row.try_get_by_index(0)?),
            workflow_id: WorkflowId::from_uuid(row.try_get_by_index(1)?),
            workflow_name: name_of(&row.try_get_by_index::<String>(13)?),
            contact_id: ContactId::from_uuid(row.try_get_by_index(2)?),
            contact_name: row.try_get_by_index(12)?,
            state: from_word(TABLE, &row.try_get_by_index::<String>(4)?)?,
            step: text(5)?,
            due_at: at(6)?,
            tries: row.try_get_by_index::<i32>(7)?.unsigned_abs(),
            entered_at: Timestamp::from_millis(row.try_get_by_index(8)?),
            ended_at: at(9)?,
            reason: text(10)?.map(|word| from_word(TABLE, &word)).transpose()?,
            qualification: text(11)?.map(|text| from_json(TABLE, &text)).transpose()?,
        },
    })
}

/// Puts contacts into a workflow; who is in it already stays where they are. Says how many are new.
pub async fn insert_all(
    db: &impl Db,
    scope: Scope,
    workflow: WorkflowId,
    place: &Place,
    new: &[(EnrolmentId, ContactId)],
    now: Timestamp,
) -> Result<u64> {
    let before = count(db, scope, workflow).await?;
    let all: Vec<[Value; 10]> = new
        .iter()
        .map(|(id, contact)| {
            [
                id.uuid().into(),
                scope.workspace().uuid().into(),
                workflow.uuid().into(),
                contact.uuid().into(),
                place.version.cast_signed().into(),
                "active".into(),
                place.step.clone().into(),
                place.due_at.as_millis().into(),
                place.tries.cast_signed().into(),
                now.as_millis().into(),
            ]
        })
        .collect();
    let start = "INSERT INTO enrolment (id, workspace_id, workflow_id, contact_id, version, state, step, due_at, tries, \
        entered_at) VALUES ";
    insert_rows(db, start, " ON CONFLICT DO NOTHING", &all).await?;
    Ok(count(db, scope, workflow).await?.saturating_sub(before))
}

async fn count(db: &impl Db, scope: Scope, workflow: WorkflowId) -> Result<u64> {
    let sql = "SELECT count(*) FROM enrolment WHERE workflow_id = ? AND workspace_id = ?";
    let found = rows(db, sql, [workflow.uuid().into(), scope.workspace().uuid().into()]).await?;
    Ok(found.first().map(|row| row.try_get_by_index::<i64>(0)).transpose()?.unwrap_or(0).unsigned_abs())
}

/// Of these contacts, those that were in the workflow, at or after `since` when given.
pub async fn known(
    db: &impl Db,
    scope: Scope,
    workflow: WorkflowId,
    contacts: &[ContactId],
    since: Option<Timestamp>,
) -> Result<Vec<ContactId>> {
    if contacts.is_empty() {
        return Ok(Vec::new());
    }
    let marks = vec!["?"; contacts.len()].join(", ");
    let sql = format!(
        "SELECT DISTINCT contact_id FROM enrolment WHERE contact_id IN ({marks}) AND workflow_id = ? AND workspace_id = ? \
         AND (state = 'active' OR entered_at >= ?)"
    );
    let mut values: Vec<Value> = contacts.iter().map(|contact| contact.uuid().into()).collect();
    values.push(workflow.uuid().into());
    values.push(scope.workspace().uuid().into());
    values.push(since.map_or(0, Timestamp::as_millis).into());
    let found = rows(db, &sql, values).await?;
    found.iter().map(|row| Ok(ContactId::from_uuid(row.try_get_by_index(0)?))).collect()
}

/// Workspaces where somebody is due in an active workflow. System work.
pub async fn workspaces_due_everywhere(db: &impl Db, now: Timestamp) -> Result<Vec<WorkspaceId>> {
    let sql = "SELECT DISTINCT e.workspace_id FROM enrolment e JOIN workflow w ON w.id = e.workflow_id AND w.state = 'active' \
               WHERE e.state = 'active' AND e.due_at <= ? LIMIT 10000";
    let found = rows(db, sql, [now.as_millis().into()]).await?;
    found.iter().map(|row| Ok(WorkspaceId::from_uuid(row.try_get_by_index(0)?))).collect()
}

/// Who is due in active workflows, longest first.
pub async fn list_due(db: &impl Db, scope: Scope, now: Timestamp, limit: u64) -> Result<Vec<Stored>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM {FROM} WHERE e.workspace_id = ? AND e.state = 'active' AND e.due_at <= ? AND EXISTS \
         (SELECT 1 FROM workflow a WHERE a.id = e.workflow_id AND a.state = 'active') ORDER BY e.due_at, e.id LIMIT ?"
    );
    let values: [Value; 3] =
        [scope.workspace().uuid().into(), now.as_millis().into(), limit.cast_signed().into()];
    rows(db, &sql, values).await?.iter().map(read).collect()
}

/// Who comes next in a workflow.
pub async fn list_next(db: &impl Db, scope: Scope, workflow: WorkflowId, limit: u64) -> Result<Vec<Stored>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM {FROM} WHERE e.workflow_id = ? AND e.state = 'active' AND e.workspace_id = ? \
         ORDER BY e.due_at, e.id LIMIT ?"
    );
    let values: [Value; 3] =
        [workflow.uuid().into(), scope.workspace().uuid().into(), limit.cast_signed().into()];
    rows(db, &sql, values).await?.iter().map(read).collect()
}

/// The enrolment, if it is in the workspace.
pub async fn find(db: &impl Db, scope: Scope, id: EnrolmentId) -> Result<Option<Stored>> {
    let sql = format!("SELECT {COLUMNS} FROM {FROM} WHERE e.id = ? AND e.workspace_id = ?");
    let found = rows(db, &sql, [id.uuid().into(), scope.workspace().uuid().into()]).await?;
    found.first().map(read).transpose()
}

/// The enrolment, which must be in the workspace.
pub async fn get(db: &impl Db, scope: Scope, id: EnrolmentId) -> Result<Stored> {
    find(db, scope, id).await?.ok_or(StoreError::NotFound("enrolment"))
}

/// Which enrolments of a workflow are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// In this state.
    pub state: Option<EnrolmentState>,
    /// Before this step.
    pub step: Option<String>,
}

/// Enrolments of a workflow, newest first.
pub async fn list(
    db: &impl Db,
    scope: Scope,
    workflow: WorkflowId,
    wanted: &Wanted,
    after: Option<EnrolmentId>,
    page: &PageRequest,
) -> Result<Page<Stored>> {
    let mut sql = format!("SELECT {COLUMNS} FROM {FROM} WHERE e.workflow_id = ? AND e.workspace_id = ?");
    let mut values: Vec<Value> = vec![workflow.uuid().into(), scope.workspace().uuid().into()];
    if let Some(state) = wanted.state {
        sql.push_str(" AND e.state = ?");
        values.push(to_word(TABLE, &state)?.into());
    }
    if let Some(step) = &wanted.step {
        sql.push_str(" AND e.step = ? AND e.state = 'active'");
        values.push(step.clone().into());
    }
    if let Some(after) = after {
        sql.push_str(" AND e.id < ?");
        values.push(after.uuid().into());
    }
    sql.push_str(" ORDER BY e.id DESC LIMIT ?");
    values.push((i64::from(page.size()) + 1).into());
    let items = rows(db, &sql, values).await?.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(items, page.size(), |last| last.enrolment.id.to_string()))
}

/// What a contact is and was in, newest first, at most 100.
pub async fn list_of_contact(db: &impl Db, scope: Scope, contact: ContactId) -> Result<Vec<Stored>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM {FROM} WHERE e.contact_id = ? AND e.workspace_id = ? ORDER BY e.id DESC LIMIT 100"
    );
    let values: [Value; 2] = [contact.uuid().into(), scope.workspace().uuid().into()];
    rows(db, &sql, values).await?.iter().map(read).collect()
}

/// What a contact is in now.
pub async fn list_active_of_contact(db: &impl Db, scope: Scope, contact: ContactId) -> Result<Vec<Stored>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM {FROM} WHERE e.contact_id = ? AND e.workspace_id = ? AND e.state = 'active' LIMIT 200"
    );
    let values: [Value; 2] = [contact.uuid().into(), scope.workspace().uuid().into()];
    rows(db, &sql, values).await?.iter().map(read).collect()
}

/// Moves an enrolment from where it was read; false when somebody else moved it.
pub async fn advance(db: &impl Db, scope: Scope, from: &Stored, to: &Place) -> Result<bool> {
    let sql = "UPDATE enrolment SET version = ?, step = ?, due_at = ?, tries = ? \
               WHERE id = ? AND workspace_id = ? AND state = 'active' AND step = ? AND tries = ? AND due_at = ?";
    let it = &from.enrolment;
    let values: [Value; 9] = [
        to.version.cast_signed().into(),
        to.step.clone().into(),
        to.due_at.as_millis().into(),
        to.tries.cast_signed().into(),
        it.id.uuid().into(),
        scope.workspace().uuid().into(),
        it.step.clone().into(),
        it.tries.cast_signed().into(),
        it.due_at.map(Timestamp::as_millis).into(),
    ];
    Ok(run(db, sql, values).await? > 0)
}

/// Ends an enrolment that goes on; false when it had ended.
pub async fn end(
    db: &impl Db,
    scope: Scope,
    id: EnrolmentId,
    how: (EnrolmentState, EndReason),
    now: Timestamp,
) -> Result<bool> {
    let sql = "UPDATE enrolment SET state = ?, reason = ?, ended_at = ?, due_at = NULL \
               WHERE id = ? AND workspace_id = ? AND state = 'active'";
    let values: [Value; 5] = [
        to_word(TABLE, &how.0)?.into(),
        to_word(TABLE, &how.1)?.into(),
        now.as_millis().into(),
        id.uuid().into(),
        scope.workspace().uuid().into(),
    ];
    Ok(run(db, sql, values).await? > 0)
}

/// Keeps how a contact fits.
pub async fn set_qualification(db: &impl Db, scope: Scope, it: &Enrolment) -> Result<()> {
    let text = it.qualification.as_ref().map(|found| to_json(TABLE, found)).transpose()?;
    let sql = "UPDATE enrolment SET qualification = ? WHERE id = ? AND workspace_id = ?";
    run(db, sql, [text.into(), it.id.uuid().into(), scope.workspace().uuid().into()]).await.map(drop)
}

/// How many ended for each reason, and how many go on.
pub async fn count_by_reason(
    db: &impl Db,
    scope: Scope,
    workflow: WorkflowId,
) -> Result<Vec<(Option<EndReason>, u64)>> {
    let sql =
        "SELECT reason, count(*) FROM enrolment WHERE workflow_id = ? AND workspace_id = ? GROUP BY reason";
    let found = rows(db, sql, [workflow.uuid().into(), scope.workspace().uuid().into()]).await?;
    found
        .iter()
        .map(|row| {
            let reason: Option<String> = row.try_get_by_index(0)?;
            let reason = reason.map(|word| from_word(TABLE, &word)).transpose()?;
            Ok((reason, row.try_get_by_index::<i64>(1)?.unsigned_abs()))
        })
        .collect()
}

/// How many wait before each step.
pub async fn count_by_step(db: &impl Db, scope: Scope, workflow: WorkflowId) -> Result<Vec<(String, u64)>> {
    let sql = "SELECT step, count(*) FROM enrolment WHERE workflow_id = ? AND workspace_id = ? AND state = 'active' \
               AND step IS NOT NULL GROUP BY step";
    let found = rows(db, sql, [workflow.uuid().into(), scope.workspace().uuid().into()]).await?;
    found
        .iter()
        .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index::<i64>(1)?.unsigned_abs())))
        .collect()
}

/// Gives a merged contact's enrolments to the one that stays; what both are in goes on once.
pub async fn repoint_contact(db: &impl Db, scope: Scope, from: ContactId, to: ContactId) -> Result<()> {
    let sql = "UPDATE enrolment SET state = 'stopped', reason = 'contact_gone', due_at = NULL WHERE contact_id = ? \
               AND workspace_id = ? AND state = 'active' AND EXISTS (SELECT 1 FROM enrolment o WHERE o.contact_id = ? \
               AND o.workflow_id = enrolment.workflow_id AND o.state = 'active')";
    let (from, to): (Value, Value) = (from.uuid().into(), to.uuid().into());
    let workspace: Value = scope.workspace().uuid().into();
    run(db, sql, [from.clone(), workspace.clone(), to.clone()]).await?;
    for table in ["enrolment", "task"] {
        let sql = format!("UPDATE {table} SET contact_id = ? WHERE contact_id = ? AND workspace_id = ?");
        run(db, &sql, [to.clone(), from.clone(), workspace.clone()]).await?;
    }
    Ok(())
}

/// Whether a contact has written since.
pub async fn heard_since(db: &impl Db, scope: Scope, contact: ContactId, since: Timestamp) -> Result<bool> {
    let sql = "SELECT 1 FROM conversation c JOIN message m ON m.conversation_id = c.id WHERE c.workspace_id = ? \
               AND c.contact_id = ? AND m.author = 'customer' AND m.created_at > ? LIMIT 1";
    let values: [Value; 3] =
        [scope.workspace().uuid().into(), contact.uuid().into(), since.as_millis().into()];
    Ok(!rows(db, sql, values).await?.is_empty())
}

/// Puts a contact back before a step whose message was called off; one that had been through goes on again.
pub async fn rewind(db: &impl Db, scope: Scope, id: EnrolmentId, step: &str, now: Timestamp) -> Result<()> {
    let sql = "UPDATE enrolment SET tries = CASE WHEN step = ? AND tries > 0 THEN tries - 1 ELSE 0 END, step = ?, due_at = ?, \
               state = 'active', ended_at = NULL, reason = NULL \
               WHERE id = ? AND workspace_id = ? AND state IN ('active', 'finished')";
    let values: [Value; 5] =
        [step.into(), step.into(), now.as_millis().into(), id.uuid().into(), scope.workspace().uuid().into()];
    run(db, sql, values).await.map(drop)
}

/// The conversation a contact wrote or was written to in last.
pub async fn last_conversation(
    db: &impl Db,
    scope: Scope,
    contact: ContactId,
) -> Result<Option<ConversationId>> {
    let sql = "SELECT id FROM conversation WHERE workspace_id = ? AND contact_id = ? AND channel <> 'sandbox' \
               ORDER BY id DESC LIMIT 1";
    let found = rows(db, sql, [scope.workspace().uuid().into(), contact.uuid().into()]).await?;
    found.first().map(|row| Ok(ConversationId::from_uuid(row.try_get_by_index(0)?))).transpose()
}

/// Counts an enrolment that an answer ended as won after all.
pub async fn win(db: &impl Db, scope: Scope, id: EnrolmentId, reason: EndReason) -> Result<()> {
    let sql = "UPDATE enrolment SET state = 'won', reason = ? WHERE id = ? AND workspace_id = ? AND reason = 'replied'";
    let values: [Value; 3] =
        [to_word(TABLE, &reason)?.into(), id.uuid().into(), scope.workspace().uuid().into()];
    run(db, sql, values).await.map(drop)
}
