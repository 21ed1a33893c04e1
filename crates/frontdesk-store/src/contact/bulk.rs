//! Actions on many contacts: how far each has come, and what contacts were before.

use frontdesk_domain::contact_import::Bulk;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{BulkId, ContactId, UserId};
use frontdesk_domain::time::Timestamp;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use super::field::{rows, run};
use super::import::insert_rows;
use crate::column::{from_json, from_word, to_json, to_word};
use crate::tx::Db;
use crate::{Result, StoreError};

const TABLE: &str = "contact_bulk";
const COLUMNS: &str = "id, action, selection, state, total, done, changed, next_after, file_bytes, error, owner, created_at, finished_at";

/// An action with what only its job needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// The action.
    pub bulk: Bulk,
    /// The last contact it went through.
    pub next_after: Option<ContactId>,
    /// How long its file was then.
    pub file_bytes: u64,
}

fn read(row: &QueryResult) -> Result<Stored> {
    let number = |n: usize| -> Result<u64> { Ok(row.try_get_by_index::<i64>(n)?.unsigned_abs()) };
    let bulk = Bulk {
        id: BulkId::from_uuid(row.try_get_by_index(0)?),
        action: from_json(TABLE, &row.try_get_by_index::<String>(1)?)?,
        selection: from_json(TABLE, &row.try_get_by_index::<String>(2)?)?,
        state: from_word(TABLE, &row.try_get_by_index::<String>(3)?)?,
        total: row.try_get_by_index::<Option<i64>>(4)?.map(i64::unsigned_abs),
        done: number(5)?,
        changed: number(6)?,
        error: row.try_get_by_index(9)?,
        owner: row.try_get_by_index::<Option<Uuid>>(10)?.map(UserId::from_uuid),
        created_at: Timestamp::from_millis(row.try_get_by_index(11)?),
        finished_at: row.try_get_by_index::<Option<i64>>(12)?.map(Timestamp::from_millis),
    };
    let next_after = row.try_get_by_index::<Option<Uuid>>(7)?.map(ContactId::from_uuid);
    Ok(Stored { bulk, next_after, file_bytes: number(8)? })
}

/// The newest actions, at most 50.
pub async fn newest(db: &impl Db, scope: Scope) -> Result<Vec<Stored>> {
    let sql = format!("SELECT {COLUMNS} FROM contact_bulk WHERE workspace_id = ? ORDER BY id DESC LIMIT 50");
    rows(db, &sql, [scope.workspace().uuid().into()]).await?.iter().map(read).collect()
}

/// The action, which must be in the workspace.
pub async fn get(db: &impl Db, scope: Scope, id: BulkId) -> Result<Stored> {
    let sql = format!("SELECT {COLUMNS} FROM contact_bulk WHERE workspace_id = ? AND id = ?");
    let found = rows(db, &sql, [scope.workspace().uuid().into(), id.uuid().into()]).await?;
    found.first().map(read).transpose()?.ok_or(StoreError::NotFound("bulk action"))
}

/// Stores an action, or how it stands now.
pub async fn put(db: &impl Db, scope: Scope, stored: &Stored) -> Result<()> {
    let it = &stored.bulk;
    let values: [Value; 14] = [
        it.id.uuid().into(),
        scope.workspace().uuid().into(),
        to_json(TABLE, &it.action)?.into(),
        to_json(TABLE, &it.selection)?.into(),
        to_word(TABLE, &it.state)?.into(),
        it.total.map(u64::cast_signed).into(),
        it.done.cast_signed().into(),
        it.changed.cast_signed().into(),
        stored.next_after.map(ContactId::uuid).into(),
        stored.file_bytes.cast_signed().into(),
        it.error.clone().into(),
        it.owner.map(UserId::uuid).into(),
        it.created_at.as_millis().into(),
        it.finished_at.map(Timestamp::as_millis).into(),
    ];
    let sql = "INSERT INTO contact_bulk (id, workspace_id, action, selection, state, total, done, changed, next_after, file_bytes, \
                 error, owner, created_at, finished_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
               ON CONFLICT (id) DO UPDATE SET state = excluded.state, total = excluded.total, done = excluded.done, \
                 changed = excluded.changed, next_after = excluded.next_after, file_bytes = excluded.file_bytes, \
                 error = excluded.error, finished_at = excluded.finished_at";
    run(db, sql, values).await.map(drop)
}

/// Keeps what contacts were before, as JSON.
pub async fn keep(db: &impl Db, scope: Scope, id: BulkId, before: &[(ContactId, String)]) -> Result<()> {
    let rows: Vec<[Value; 4]> = before
        .iter()
        .map(|(contact, before)| {
            [id.uuid().into(), contact.uuid().into(), scope.workspace().uuid().into(), before.clone().into()]
        })
        .collect();
    let start = "INSERT INTO contact_bulk_item (bulk_id, contact_id, workspace_id, before) VALUES ";
    insert_rows(db, start, " ON CONFLICT DO NOTHING", &rows).await
}

/// Takes some of what was kept, so that it can be put back.
pub async fn take(db: &impl Db, scope: Scope, id: BulkId, limit: u64) -> Result<Vec<(ContactId, String)>> {
    let sql = "SELECT contact_id, before FROM contact_bulk_item WHERE bulk_id = ? AND workspace_id = ? ORDER BY contact_id LIMIT ?";
    let values: [Value; 3] = [id.uuid().into(), scope.workspace().uuid().into(), limit.cast_signed().into()];
    let found = rows(db, sql, values).await?;
    let taken = found
        .iter()
        .map(|row| Ok((ContactId::from_uuid(row.try_get_by_index(0)?), row.try_get_by_index(1)?)))
        .collect::<Result<Vec<(ContactId, String)>>>()?;
    if let Some((last, _)) = taken.last() {
        let sql = "DELETE FROM contact_bulk_item WHERE bulk_id = ? AND workspace_id = ? AND contact_id <= ?";
        run(db, sql, [id.uuid().into(), scope.workspace().uuid().into(), last.uuid().into()]).await?;
    }
    Ok(taken)
}
