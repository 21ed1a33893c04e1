//! What a unit of work writes last on SQLite: its jobs and its events, in one trip to the connection's thread.
//!
//! Each trip costs about as much as the statement it carries, and a unit of work has at most a dozen statements. Units with
//! many jobs or events, or with events of several workspaces, write them the way PostgreSQL does.

use frontdesk_domain::event::{Event, LoggedEvent};
use frontdesk_domain::id::WorkspaceId;
use frontdesk_domain::time::Timestamp;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, Value};

use crate::commit::{Announcement, Committed};
use crate::event::RESERVE;
use crate::tx::Pending;
use crate::{Result, StoreError, job};

/// Most jobs, and most events, that close a unit in one trip: each number of them is a statement that is kept prepared.
const MOST: usize = 48;

/// The last words of a unit of work.
#[derive(Debug)]
pub(crate) struct Closing {
    sql: String,
    values: Vec<Value>,
    workspace: WorkspaceId,
    events: Vec<(Timestamp, Event)>,
    jobs: bool,
}

impl Closing {
    /// Takes the jobs and events out of what is pending, when they fit; `None` when they do not, or when there are none.
    pub(crate) fn of(now: Timestamp, pending: &mut Pending) -> Result<Option<Self>> {
        let Some((workspace, ..)) = pending.events.first() else { return Ok(None) };
        let workspace = *workspace;
        let fits = pending.jobs.len() <= MOST
            && pending.events.len() <= MOST
            && pending.events.iter().all(|(of, ..)| *of == workspace);
        if !fits {
            return Ok(None);
        }
        let jobs = std::mem::take(&mut pending.jobs);
        let events = std::mem::take(&mut pending.events);
        let (mut sql, mut values) = (String::new(), Vec::new());
        if let Some(insert) = job::insert_statement(DbBackend::Sqlite, now, &jobs) {
            sql = insert.sql + "; ";
            values = insert.values.map(|values| values.0).unwrap_or_default();
        }
        sql.push_str(RESERVE);
        sql.push_str("; INSERT INTO event (workspace_id, seq, at, kind, payload) VALUES ");
        values.extend([workspace.uuid().into(), (events.len() as i64).into()]);
        for (n, (_, at, event)) in events.iter().enumerate() {
            let comma = if n == 0 { "" } else { ", " };
            sql.push_str(comma);
            sql.push_str("(?, (SELECT seq FROM event_log WHERE workspace_id = ?) - ?, ?, ?, ?)");
            let payload = serde_json::to_string(event).map_err(|e| StoreError::damaged("event", e))?;
            let before_last = (events.len() - 1 - n) as i64;
            let row: [Value; 6] = [
                workspace.uuid().into(),
                workspace.uuid().into(),
                before_last.into(),
                at.as_millis().into(),
                event.kind().into(),
                payload.into(),
            ];
            values.extend(row);
        }
        let events = events.into_iter().map(|(_, at, event)| (at, event)).collect();
        Ok(Some(Self { sql, values, workspace, events, jobs: !jobs.is_empty() }))
    }

    /// Writes everything and then runs `end`; says what is to be announced once it is durable.
    pub(crate) async fn write(self, db: &DatabaseConnection, end: &str) -> Result<Vec<Announcement>> {
        let sql = format!("{}; {end}", self.sql);
        let rows =
            db.query_all_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, self.values)).await?;
        let last = rows.first().ok_or(StoreError::NotFound("event log"))?.try_get_by_index::<i64>(0)?;
        let last_seq = last.unsigned_abs();
        let first = last_seq - self.events.len() as u64 + 1;
        let events = (first..).zip(self.events).map(|(seq, (at, event))| LoggedEvent { seq, at, event });
        let committed = Committed { workspace: self.workspace, last_seq, events: events.collect() };
        let mut told = vec![Announcement { committed: Some(committed), jobs: false }];
        if self.jobs {
            told.push(Announcement { committed: None, jobs: true });
        }
        Ok(told)
    }
}
