//! Saved filters of contacts.

use frontdesk_domain::contact_list::Segment;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{SegmentId, UserId};
use frontdesk_domain::time::Timestamp;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use super::field::{rows, run};
use crate::column::{from_json, to_json};
use crate::tx::Db;
use crate::{Result, StoreError};

const TABLE: &str = "contact_segment";
const COLUMNS: &str = "id, name, filter, shared, owner, created_at";

fn read(row: &QueryResult) -> Result<Segment> {
    Ok(Segment {
        id: SegmentId::from_uuid(row.try_get_by_index(0)?),
        name: row.try_get_by_index(1)?,
        filter: from_json(TABLE, &row.try_get_by_index::<String>(2)?)?,
        shared: row.try_get_by_index(3)?,
        owner: row.try_get_by_index::<Option<Uuid>>(4)?.map(UserId::from_uuid),
        created_at: Timestamp::from_millis(row.try_get_by_index(5)?),
    })
}

/// The segments that somebody sees: shared ones and their own, by name; at most 500.
pub async fn list(db: &impl Db, scope: Scope, user: Option<UserId>) -> Result<Vec<Segment>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM contact_segment WHERE workspace_id = ? AND (shared OR owner = ?) ORDER BY name, id LIMIT 500"
    );
    let values = [scope.workspace().uuid().into(), user.map(UserId::uuid).into()];
    rows(db, &sql, values).await?.iter().map(read).collect()
}

/// The segment, which must be in the workspace.
pub async fn get(db: &impl Db, scope: Scope, id: SegmentId) -> Result<Segment> {
    let sql = format!("SELECT {COLUMNS} FROM contact_segment WHERE workspace_id = ? AND id = ?");
    let found = rows(db, &sql, [scope.workspace().uuid().into(), id.uuid().into()]).await?;
    found.first().map(read).transpose()?.ok_or(StoreError::NotFound("segment"))
}

/// Stores a segment, or replaces the one with its id.
pub async fn put(db: &impl Db, scope: Scope, segment: &Segment) -> Result<()> {
    let values: [Value; 7] = [
        segment.id.uuid().into(),
        scope.workspace().uuid().into(),
        segment.name.clone().into(),
        to_json(TABLE, &segment.filter)?.into(),
        segment.shared.into(),
        segment.owner.map(UserId::uuid).into(),
        segment.created_at.as_millis().into(),
    ];
    let sql = "INSERT INTO contact_segment (id, workspace_id, name, filter, shared, owner, created_at) \
               VALUES (?, ?, ?, ?, ?, ?, ?) \
               ON CONFLICT (id) DO UPDATE SET name = excluded.name, filter = excluded.filter, shared = excluded.shared";
    run(db, sql, values).await.map(drop)
}

/// Deletes a segment; the contacts stay.
pub async fn delete(db: &impl Db, scope: Scope, id: SegmentId) -> Result<()> {
    let sql = "DELETE FROM contact_segment WHERE workspace_id = ? AND id = ?";
    let gone = run(db, sql, [scope.workspace().uuid().into(), id.uuid().into()]).await?;
    if gone == 0 { Err(StoreError::NotFound("segment")) } else { Ok(()) }
}
