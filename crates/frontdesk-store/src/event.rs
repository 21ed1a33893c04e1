//! The event log, subscribers' places in it, and the audit log.

use frontdesk_domain::audit::AuditEntry;
use frontdesk_domain::context::Scope;
use frontdesk_domain::event::{Event, LoggedEvent};
use frontdesk_domain::id::{AuditId, WorkspaceId};
use frontdesk_domain::time::Timestamp;
use sea_orm::{EntityTrait, Set, Statement};
use serde_json::Value;
use uuid::Uuid;

use crate::tx::Db;
use crate::{Result, StoreError, dialect, entity};

/// An audit entry before it is stored.
#[derive(Debug)]
pub(crate) struct NewAudit {
    pub(crate) id: AuditId,
    pub(crate) at: Timestamp,
    pub(crate) workspace: WorkspaceId,
    pub(crate) action: &'static str,
    pub(crate) target: Option<String>,
    pub(crate) detail: Value,
}

/// Who acts, as every entry of a unit of work records it.
#[derive(Debug)]
pub(crate) struct AuditSource<'a> {
    pub(crate) actor_kind: &'a str,
    pub(crate) actor: &'a str,
    pub(crate) ip: Option<&'a str>,
    pub(crate) request_id: &'a str,
}

/// Numbers and stores events; returns them by workspace in order.
pub(crate) async fn append(
    db: &impl Db,
    events: Vec<(WorkspaceId, Timestamp, Event)>,
) -> Result<Vec<(WorkspaceId, Vec<LoggedEvent>)>> {
    let mut by_workspace: Vec<(WorkspaceId, Vec<(Timestamp, Event)>)> = Vec::new();
    for (workspace, at, event) in events {
        match by_workspace.iter_mut().find(|(known, _)| *known == workspace) {
            Some((_, list)) => list.push((at, event)),
            None => by_workspace.push((workspace, vec![(at, event)])),
        }
    }
    // Always in the same order, so that two units cannot wait for each other.
    by_workspace.sort_by_key(|(workspace, _)| *workspace);
    let mut logged = Vec::with_capacity(by_workspace.len());
    for (workspace, events) in by_workspace {
        let last = reserve(db, workspace, events.len()).await?;
        let first = last - events.len() as u64 + 1;
        let events: Vec<LoggedEvent> =
            (first..).zip(events).map(|(seq, (at, event))| LoggedEvent { seq, at, event }).collect();
        insert(db, workspace, &events).await?;
        logged.push((workspace, events));
    }
    Ok(logged)
}

/// Takes the next numbers of a workspace's log, as many as the second value says; answers with the last of them.
pub(crate) const RESERVE: &str = "INSERT INTO event_log (workspace_id, seq) VALUES (?, ?) \
     ON CONFLICT (workspace_id) DO UPDATE SET seq = event_log.seq + excluded.seq RETURNING seq";

/// Takes the next numbers of a workspace's log; returns the last of them.
async fn reserve(db: &impl Db, workspace: WorkspaceId, count: usize) -> Result<u64> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(backend, RESERVE);
    let values = [workspace.uuid().into(), (count as i64).into()];
    let row = db
        .query_one_raw(Statement::from_sql_and_values(backend, sql, values))
        .await?
        .ok_or(StoreError::NotFound("event log"))?;
    Ok(row.try_get_by_index::<i64>(0)?.unsigned_abs())
}

async fn insert(db: &impl Db, workspace: WorkspaceId, events: &[LoggedEvent]) -> Result<()> {
    let rows = events
        .iter()
        .map(|logged| {
            Ok(entity::event::ActiveModel {
                workspace_id: Set(workspace.uuid()),
                seq: Set(logged.seq as i64),
                at: Set(logged.at.as_millis()),
                kind: Set(logged.event.kind().to_owned()),
                payload: Set(
                    serde_json::to_string(&logged.event).map_err(|e| StoreError::damaged("event", e))?
                ),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    for rows in dialect::batches(rows) {
        entity::event::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

fn read(row: &entity::event::Model) -> Result<LoggedEvent> {
    Ok(LoggedEvent {
        seq: row.seq.unsigned_abs(),
        at: Timestamp::from_millis(row.at),
        event: serde_json::from_str(&row.payload).map_err(|e| StoreError::damaged("event", e))?,
    })
}

/// Events after `seq`, oldest first, at most `limit`.
pub async fn list_after(db: &impl Db, scope: Scope, seq: u64, limit: u64) -> Result<Vec<LoggedEvent>> {
    use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
    entity::event::Entity::find()
        .filter(entity::event::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(entity::event::Column::Seq.gt(seq as i64))
        .order_by_asc(entity::event::Column::Seq)
        .limit(limit)
        .all(db)
        .await?
        .iter()
        .map(read)
        .collect()
}

/// The newest events, newest first, at most `limit`; of these kinds when any are named.
pub async fn list_newest(db: &impl Db, scope: Scope, kinds: &[&str], limit: u64) -> Result<Vec<LoggedEvent>> {
    list_newest_after(db, scope, kinds, 0, limit).await
}

/// As [`list_newest`], but looks no further back than `seq`, so that rare kinds do not cost a walk through the log.
pub async fn list_newest_after(
    db: &impl Db,
    scope: Scope,
    kinds: &[&str],
    seq: u64,
    limit: u64,
) -> Result<Vec<LoggedEvent>> {
    use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
    let mut query =
        entity::event::Entity::find().filter(entity::event::Column::WorkspaceId.eq(scope.workspace().uuid()));
    query = query.filter(entity::event::Column::Seq.gt(seq as i64));
    if !kinds.is_empty() {
        query = query.filter(entity::event::Column::Kind.is_in(kinds.iter().copied()));
    }
    query.order_by_desc(entity::event::Column::Seq).limit(limit).all(db).await?.iter().map(read).collect()
}

/// The number of the last event; 0 when there is none.
pub async fn last_seq(db: &impl Db, scope: Scope) -> Result<u64> {
    let row = entity::event_log::Entity::find_by_id(scope.workspace().uuid()).one(db).await?;
    Ok(row.map_or(0, |row| row.seq.unsigned_abs()))
}

/// The number of the oldest event the log still keeps; 1 when nothing was ever removed.
pub async fn first_seq(db: &impl Db, scope: Scope) -> Result<u64> {
    use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
    let row = entity::event::Entity::find()
        .filter(entity::event::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .order_by_asc(entity::event::Column::Seq)
        .one(db)
        .await?;
    Ok(row.map_or(1, |row| row.seq.unsigned_abs()))
}

/// Workspaces whose log goes beyond the subscriber's place, with that place. System work.
pub async fn behind_everywhere(db: &impl Db, subscriber: &str) -> Result<Vec<(WorkspaceId, u64)>> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(
        backend,
        "SELECT l.workspace_id, COALESCE(c.seq, 0) FROM event_log l \
         LEFT JOIN event_cursor c ON c.workspace_id = l.workspace_id AND c.subscriber = ? \
         WHERE l.seq > COALESCE(c.seq, 0) LIMIT 1000",
    );
    let rows = db.query_all_raw(Statement::from_sql_and_values(backend, sql, [subscriber.into()])).await?;
    rows.into_iter()
        .map(|row| {
            let workspace = WorkspaceId::from_uuid(row.try_get_by_index::<Uuid>(0)?);
            Ok((workspace, row.try_get_by_index::<i64>(1)?.unsigned_abs()))
        })
        .collect()
}

/// Events of these kinds after `seq` and up to `last`, oldest first, at most `limit`.
pub async fn list_between(
    db: &impl Db,
    scope: Scope,
    kinds: &[&str],
    seq: u64,
    last: u64,
    limit: u64,
) -> Result<Vec<LoggedEvent>> {
    use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
    entity::event::Entity::find()
        .filter(entity::event::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(entity::event::Column::Seq.gt(seq as i64))
        .filter(entity::event::Column::Seq.lte(last as i64))
        .filter(entity::event::Column::Kind.is_in(kinds.iter().copied()))
        .order_by_asc(entity::event::Column::Seq)
        .limit(limit)
        .all(db)
        .await?
        .iter()
        .map(read)
        .collect()
}

/// The subscriber's place in a workspace's log: the last event it has seen to.
pub async fn place(db: &impl Db, scope: Scope, subscriber: &str) -> Result<u64> {
    let row = entity::event_cursor::Entity::find_by_id((subscriber.to_owned(), scope.workspace().uuid()))
        .one(db)
        .await?;
    Ok(row.map_or(0, |row| row.seq.unsigned_abs()))
}

/// Moves the subscriber's place from where it was read, in the unit of work of what it does; false when another node
/// moved it meanwhile, and then that unit must be dropped. Of two nodes one waits here for the other.
pub async fn advance_from(db: &impl Db, scope: Scope, subscriber: &str, from: u64, to: u64) -> Result<bool> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(
        backend,
        "INSERT INTO event_cursor (subscriber, workspace_id, seq) VALUES (?, ?, ?) \
         ON CONFLICT (subscriber, workspace_id) DO UPDATE SET seq = excluded.seq WHERE event_cursor.seq = ?",
    );
    let values =
        [subscriber.into(), scope.workspace().uuid().into(), (to as i64).into(), (from as i64).into()];
    let done = db.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(done.rows_affected() > 0)
}

/// The number of the last event of every workspace. System work.
pub async fn last_seqs_everywhere(db: &impl Db) -> Result<Vec<(WorkspaceId, u64)>> {
    let rows = entity::event_log::Entity::find().all(db).await?;
    Ok(rows
        .into_iter()
        .map(|row| (WorkspaceId::from_uuid(row.workspace_id), row.seq.unsigned_abs()))
        .collect())
}

/// Moves the subscriber's place forward, never back; in the same unit of work as what it did.
pub async fn advance(db: &impl Db, scope: Scope, subscriber: &str, seq: u64) -> Result<()> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(
        backend,
        "INSERT INTO event_cursor (subscriber, workspace_id, seq) VALUES (?, ?, ?) \
         ON CONFLICT (subscriber, workspace_id) DO UPDATE SET seq = excluded.seq \
         WHERE event_cursor.seq < excluded.seq",
    );
    let values = [subscriber.into(), scope.workspace().uuid().into(), (seq as i64).into()];
    db.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(())
}

pub(crate) async fn insert_audit(
    db: &impl Db,
    source: &AuditSource<'_>,
    entries: Vec<NewAudit>,
) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let rows = entries.into_iter().map(|entry| entity::audit::ActiveModel {
        id: Set(entry.id.uuid()),
        workspace_id: Set(entry.workspace.uuid()),
        at: Set(entry.at.as_millis()),
        actor_kind: Set(source.actor_kind.to_owned()),
        actor: Set(source.actor.to_owned()),
        action: Set(entry.action.to_owned()),
        target: Set(entry.target),
        detail: Set(entry.detail.to_string()),
        ip: Set(source.ip.map(str::to_owned)),
        request_id: Set(source.request_id.to_owned()),
    });
    for rows in dialect::batches(rows) {
        entity::audit::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

/// Which audit entries are wanted.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Of this actor id.
    pub actor: Option<String>,
    /// Whose action starts with this.
    pub action: Option<String>,
    /// Of this target id.
    pub target: Option<String>,
    /// At or after.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
    /// Older than the entry with this id.
    pub before: Option<AuditId>,
}

/// Audit entries, newest first, at most `limit`. Names of people are left to the caller.
pub async fn list_audit(
    db: &impl Db,
    scope: Scope,
    filter: &AuditFilter,
    limit: u64,
) -> Result<Vec<AuditEntry>> {
    use entity::audit::Column;
    use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
    let mut query = entity::audit::Entity::find().filter(Column::WorkspaceId.eq(scope.workspace().uuid()));
    if let Some(actor) = &filter.actor {
        query = query.filter(Column::Actor.eq(actor));
    }
    if let Some(action) = &filter.action {
        query = query.filter(Column::Action.starts_with(action));
    }
    if let Some(target) = &filter.target {
        query = query.filter(Column::Target.eq(target));
    }
    if let Some(from) = filter.from {
        query = query.filter(Column::At.gte(from.as_millis()));
    }
    if let Some(to) = filter.to {
        query = query.filter(Column::At.lt(to.as_millis()));
    }
    if let Some(before) = filter.before {
        query = query.filter(Column::Id.lt(before.uuid()));
    }
    let rows = query.order_by_desc(Column::Id).limit(limit).all(db).await?;
    rows.into_iter()
        .map(|row| {
            Ok(AuditEntry {
                id: AuditId::from_uuid(row.id),
                at: Timestamp::from_millis(row.at),
                actor_kind: row.actor_kind,
                actor: row.actor,
                actor_name: None,
                action: row.action,
                target: row.target,
                detail: serde_json::from_str(&row.detail).map_err(|e| StoreError::damaged("audit", e))?,
                ip: row.ip,
                request_id: row.request_id,
            })
        })
        .collect()
}
