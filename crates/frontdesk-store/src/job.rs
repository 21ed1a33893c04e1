//! The job table: what is to be done, when, and how it went.
//!
//! A job row exists while the job waits, runs or is dead; finished jobs are deleted. What a job means, retry and
//! fairness live in `frontdesk-queue`.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{JobId, WorkspaceId};
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait as _,
    Set, Statement, UpdateMany,
};
use serde_json::Value;
use uuid::Uuid;

use crate::entity::job::Column;
use crate::tx::{Db, JobRequest};
use crate::{Result, StoreError, dialect, entity};

/// The conditions of the partial indexes, in their very words: SQLite cannot see that a parameter would fulfil them.
const READY: &str = "state = 'ready'";
const RUNNING: &str = "state = 'running'";
const DEAD: &str = "state = 'dead'";

fn row(now: Timestamp, (workspace, id, job): &(WorkspaceId, JobId, JobRequest)) -> entity::job::ActiveModel {
    entity::job::ActiveModel {
        id: Set(id.uuid()),
        workspace_id: Set(workspace.uuid()),
        name: Set(job.name.to_owned()),
        payload: Set(job.payload.to_string()),
        state: Set("ready".to_owned()),
        run_at: Set(job.run_at.unwrap_or(now).as_millis()),
        attempts: Set(0),
        max_attempts: Set(i32::from(job.max_attempts)),
        unique_key: Set(job.unique_key.clone()),
        lease_until: Set(None),
        last_error: Set(None),
        created_at: Set(now.as_millis()),
    }
}

fn insert(rows: Vec<entity::job::ActiveModel>) -> sea_orm::InsertMany<entity::job::ActiveModel> {
    entity::job::Entity::insert_many(rows).on_conflict(OnConflict::new().do_nothing().to_owned())
}

/// Stores new jobs; one whose unique key is taken is left out.
pub(crate) async fn insert_all(
    db: &impl Db,
    now: Timestamp,
    jobs: &[(WorkspaceId, JobId, JobRequest)],
) -> Result<()> {
    for rows in dialect::batches(jobs.iter().map(|job| row(now, job))) {
        insert(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

/// The statement that stores a few jobs; `None` when there are none.
pub(crate) fn insert_statement(
    backend: DbBackend,
    now: Timestamp,
    jobs: &[(WorkspaceId, JobId, JobRequest)],
) -> Option<Statement> {
    let rows = jobs.iter().map(|job| row(now, job)).collect();
    (!jobs.is_empty()).then(|| insert(rows).build(backend))
}

/// A job that was claimed.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimedJob {
    /// Its id.
    pub id: JobId,
    /// The workspace it works for.
    pub workspace: WorkspaceId,
    /// Its constant name.
    pub name: String,
    /// Its data.
    pub payload: Value,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// How many tries it has.
    pub max_attempts: u32,
}

/// A job as people see it in the queue's lists.
#[derive(Debug, Clone, PartialEq)]
pub struct JobRow {
    /// Its id.
    pub id: JobId,
    /// Its constant name.
    pub name: String,
    /// Its data.
    pub payload: Value,
    /// `ready`, `running` or `dead`.
    pub state: String,
    /// When it runs next.
    pub run_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// How many tries it has.
    pub max_attempts: u32,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When it was enqueued.
    pub created_at: Timestamp,
}

/// Workspaces with a job that is due, after `after` in id order, wrapping around. System work.
///
/// A loose index scan: its cost grows with the number of workspaces, not with the backlog.
pub async fn workspaces_due_everywhere(
    db: &impl Db,
    now: Timestamp,
    after: WorkspaceId,
    limit: usize,
) -> Result<Vec<WorkspaceId>> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(
        backend,
        "WITH RECURSIVE w(id) AS (\
           SELECT (SELECT workspace_id FROM job WHERE state = 'ready' ORDER BY workspace_id LIMIT 1) \
           UNION ALL \
           SELECT (SELECT j.workspace_id FROM job j WHERE j.state = 'ready' AND j.workspace_id > w.id \
                   ORDER BY j.workspace_id LIMIT 1) FROM w WHERE w.id IS NOT NULL) \
         SELECT id FROM w WHERE id IS NOT NULL \
           AND EXISTS (SELECT 1 FROM job d WHERE d.state = 'ready' AND d.workspace_id = w.id AND d.run_at <= ?)",
    );
    let rows =
        db.query_all_raw(Statement::from_sql_and_values(backend, sql, [now.as_millis().into()])).await?;
    let mut due = rows
        .into_iter()
        .map(|row| Ok(WorkspaceId::from_uuid(row.try_get_by_index::<Uuid>(0)?)))
        .collect::<Result<Vec<_>>>()?;
    let turn = due.iter().position(|workspace| *workspace > after).unwrap_or(0);
    due.rotate_left(turn);
    due.truncate(limit);
    Ok(due)
}

/// Claims due jobs of one workspace, oldest first; each is leased until `lease_until`.
pub async fn claim(
    db: &impl Db,
    scope: Scope,
    now: Timestamp,
    lease_until: Timestamp,
    limit: usize,
) -> Result<Vec<ClaimedJob>> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(
        backend,
        &format!(
            "UPDATE job SET state = 'running', attempts = attempts + 1, lease_until = ? WHERE id IN (\
               SELECT id FROM job WHERE workspace_id = ? AND state = 'ready' AND run_at <= ? \
               ORDER BY run_at, id LIMIT ?{}) RETURNING id, name, payload, attempts, max_attempts, run_at",
            dialect::skip_locked(backend)
        ),
    );
    let values = [
        lease_until.as_millis().into(),
        scope.workspace().uuid().into(),
        now.as_millis().into(),
        (limit as i64).into(),
    ];
    let rows = db.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    let mut claimed = rows
        .into_iter()
        .map(|row| {
            let job = ClaimedJob {
                id: JobId::from_uuid(row.try_get_by_index::<Uuid>(0)?),
                workspace: scope.workspace(),
                name: row.try_get_by_index(1)?,
                payload: parse(&row.try_get_by_index::<String>(2)?)?,
                attempt: row.try_get_by_index::<i32>(3)?.unsigned_abs(),
                max_attempts: row.try_get_by_index::<i32>(4)?.unsigned_abs(),
            };
            Ok((row.try_get_by_index::<i64>(5)?, job))
        })
        .collect::<Result<Vec<_>>>()?;
    // RETURNING promises no order.
    claimed.sort_by_key(|(run_at, job)| (*run_at, job.id));
    Ok(claimed.into_iter().map(|(_, job)| job).collect())
}

/// Removes a job that is done. Doing so in the unit of work of what it did makes that exactly once. Says whether the
/// job was still there.
pub async fn complete(db: &impl Db, scope: Scope, id: JobId) -> Result<bool> {
    let done = scoped(scope, id, entity::job::Entity::delete_many()).exec(db).await?;
    Ok(done.rows_affected > 0)
}

/// Puts a job back, to run again at `run_at`; unless it was taken from this worker meanwhile.
pub async fn retry(db: &impl Db, job: &ClaimedJob, run_at: Timestamp, error: &str) -> Result<()> {
    let query = failed(job, error)
        .col_expr(Column::State, Expr::value("ready"))
        .col_expr(Column::RunAt, Expr::value(run_at.as_millis()));
    query.exec(db).await?;
    Ok(())
}

/// Declares a job dead; a person may read, edit and retry it. Unless it was taken from this worker meanwhile.
pub async fn bury(db: &impl Db, job: &ClaimedJob, error: &str) -> Result<()> {
    failed(job, error).col_expr(Column::State, Expr::value("dead")).exec(db).await?;
    Ok(())
}

/// Gives a claimed job back untried (graceful shutdown).
pub async fn release(db: &impl Db, scope: Scope, id: JobId, now: Timestamp) -> Result<()> {
    let query = entity::job::Entity::update_many()
        .col_expr(Column::State, Expr::value("ready"))
        .col_expr(Column::RunAt, Expr::value(now.as_millis()))
        .col_expr(Column::LeaseUntil, Expr::value(Option::<i64>::None))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1))
        .filter(Column::State.eq("running"));
    scoped(scope, id, query).exec(db).await?;
    Ok(())
}

/// Keeps a running job's lease.
pub async fn renew(db: &impl Db, scope: Scope, id: JobId, lease_until: Timestamp) -> Result<()> {
    let query = entity::job::Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(lease_until.as_millis()))
        .filter(Column::State.eq("running"));
    scoped(scope, id, query).exec(db).await?;
    Ok(())
}

/// Gives jobs whose worker died back to the queue, or buries those out of tries. System work. Says how many.
pub async fn expire_leases_everywhere(db: &impl Db, now: Timestamp) -> Result<u64> {
    const LOST: &str = "the worker stopped before the job was done";
    let lost = || {
        entity::job::Entity::update_many()
            .col_expr(Column::LeaseUntil, Expr::value(Option::<i64>::None))
            .col_expr(Column::LastError, Expr::value(LOST))
            .filter(Expr::cust(RUNNING))
            .filter(Column::LeaseUntil.lt(now.as_millis()))
    };
    let out_of_tries = Expr::col(Column::Attempts).gte(Expr::col(Column::MaxAttempts));
    let buried = lost().col_expr(Column::State, Expr::value("dead")).filter(out_of_tries).exec(db).await?;
    let returned = lost().col_expr(Column::State, Expr::value("ready")).exec(db).await?;
    Ok(buried.rows_affected + returned.rows_affected)
}

/// When the next waiting job is due. System work.
pub async fn next_due_everywhere(db: &impl Db) -> Result<Option<Timestamp>> {
    let row = entity::job::Entity::find()
        .filter(Expr::cust(READY))
        .order_by_asc(Column::RunAt)
        .limit(1)
        .one(db)
        .await?;
    Ok(row.map(|row| Timestamp::from_millis(row.run_at)))
}

/// How many jobs are in each state. System work.
pub async fn counts_everywhere(db: &impl Db) -> Result<Vec<(String, u64)>> {
    let backend = db.get_database_backend();
    let rows = db
        .query_all_raw(Statement::from_string(backend, "SELECT state, count(*) FROM job GROUP BY state"))
        .await?;
    rows.into_iter()
        .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index::<i64>(1)?.unsigned_abs())))
        .collect()
}

/// Where a job is, as people see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Not tried yet.
    Waiting,
    /// Being run.
    Running,
    /// Failed, and to be tried again.
    Retrying,
    /// Given up.
    Dead,
}

impl Shown {
    /// The partial index's condition, and the rest.
    const fn condition(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Waiting => (READY, Some("attempts = 0")),
            Self::Running => (RUNNING, None),
            Self::Retrying => (READY, Some("attempts > 0")),
            Self::Dead => (DEAD, None),
        }
    }
}

/// Jobs of a workspace that are in this state: those that are due first, the dead newest first.
pub async fn list(
    db: &impl Db,
    scope: Scope,
    shown: Shown,
    name: Option<&str>,
    page: &PageRequest,
) -> Result<Page<JobRow>> {
    let (state, more) = shown.condition();
    let mut query = entity::job::Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Expr::cust(state));
    if let Some(more) = more {
        query = query.filter(Expr::cust(more));
    }
    if let Some(name) = name {
        query = query.filter(Column::Name.eq(name));
    }
    let after = page.cursor.as_deref().and_then(|cursor| {
        let (at, id) = cursor.split_once('.')?;
        Some((at.parse::<i64>().ok()?, Uuid::try_parse(id).ok()?))
    });
    let newest_first = shown == Shown::Dead;
    if let Some((at, id)) = after {
        query = query.filter(if newest_first {
            Condition::all().add(Column::Id.lt(id))
        } else {
            Condition::any()
                .add(Column::RunAt.gt(at))
                .add(Condition::all().add(Column::RunAt.eq(at)).add(Column::Id.gt(id)))
        });
    }
    query = if newest_first {
        query.order_by_desc(Column::Id)
    } else {
        query.order_by_asc(Column::RunAt).order_by_asc(Column::Id)
    };
    let rows = query.limit(u64::from(page.size()) + 1).all(db).await?;
    let rows = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(rows, page.size(), |row| format!("{}.{}", row.run_at.as_millis(), row.id.uuid().simple())))
}

/// How many jobs of a workspace are in this state; counts no further than `most`.
pub async fn count(db: &impl Db, scope: Scope, shown: Shown, most: u64) -> Result<u64> {
    let (state, more) = shown.condition();
    let backend = db.get_database_backend();
    let more = more.map(|more| format!(" AND {more}")).unwrap_or_default();
    let text = format!(
        "SELECT count(*) FROM (SELECT 1 FROM job WHERE workspace_id = ? AND {state}{more} LIMIT ?) AS some"
    );
    let values = [scope.workspace().uuid().into(), (most as i64).into()];
    let statement = Statement::from_sql_and_values(backend, dialect::sql(backend, &text), values);
    let row = db.query_one_raw(statement).await?.ok_or(StoreError::NotFound("job"))?;
    Ok(row.try_get_by_index::<i64>(0)?.unsigned_abs())
}

/// The job with this id.
pub async fn find(db: &impl Db, scope: Scope, id: JobId) -> Result<Option<JobRow>> {
    let query = entity::job::Entity::find().filter(Column::Id.eq(id.uuid()));
    query.filter(Column::WorkspaceId.eq(scope.workspace().uuid())).one(db).await?.map(read).transpose()
}

/// Throws a dead job away; false when there is none of this id.
pub async fn discard(db: &impl Db, scope: Scope, id: JobId) -> Result<bool> {
    let query = entity::job::Entity::delete_many().filter(Expr::cust(DEAD));
    Ok(scoped(scope, id, query).exec(db).await?.rows_affected > 0)
}

fn read(row: entity::job::Model) -> Result<JobRow> {
    Ok(JobRow {
        id: JobId::from_uuid(row.id),
        name: row.name,
        payload: parse(&row.payload)?,
        state: row.state,
        run_at: Timestamp::from_millis(row.run_at),
        attempts: row.attempts.unsigned_abs(),
        max_attempts: row.max_attempts.unsigned_abs(),
        last_error: row.last_error,
        created_at: Timestamp::from_millis(row.created_at),
    })
}

/// Dead jobs, newest first.
pub async fn list_dead(db: &impl Db, scope: Scope, limit: u64) -> Result<Vec<JobRow>> {
    let rows = entity::job::Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Expr::cust(DEAD))
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// Gives a dead job all its tries again, with new data when some is given.
pub async fn revive(
    db: &impl Db,
    scope: Scope,
    id: JobId,
    now: Timestamp,
    payload: Option<&Value>,
) -> Result<()> {
    let mut query = entity::job::Entity::update_many()
        .col_expr(Column::State, Expr::value("ready"))
        .col_expr(Column::Attempts, Expr::value(0))
        .col_expr(Column::RunAt, Expr::value(now.as_millis()))
        .filter(Column::State.eq("dead"));
    if let Some(payload) = payload {
        query = query.col_expr(Column::Payload, Expr::value(payload.to_string()));
    }
    let changed = scoped(scope, id, query).exec(db).await?;
    if changed.rows_affected == 0 { Err(StoreError::NotFound("dead job")) } else { Ok(()) }
}

/// Makes sure a schedule exists with this expression; a changed expression starts from `next_at`.
pub async fn put_schedule(db: &impl Db, name: &str, expression: &str, next_at: Timestamp) -> Result<()> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(
        backend,
        "INSERT INTO schedule (name, expression, next_at) VALUES (?, ?, ?) \
         ON CONFLICT (name) DO UPDATE SET expression = excluded.expression, next_at = excluded.next_at \
         WHERE schedule.expression <> excluded.expression",
    );
    let values = [name.into(), expression.into(), next_at.as_millis().into()];
    db.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(())
}

/// Schedules that are due: name, expression, due instant.
pub async fn schedules_due(db: &impl Db, now: Timestamp) -> Result<Vec<(String, String, Timestamp)>> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(backend, "SELECT name, expression, next_at FROM schedule WHERE next_at <= ?");
    let rows =
        db.query_all_raw(Statement::from_sql_and_values(backend, sql, [now.as_millis().into()])).await?;
    rows.into_iter()
        .map(|row| {
            Ok((
                row.try_get_by_index(0)?,
                row.try_get_by_index(1)?,
                Timestamp::from_millis(row.try_get_by_index(2)?),
            ))
        })
        .collect()
}

/// Moves a schedule on from the instant it was due at; false when another node already has.
pub async fn advance_schedule(db: &impl Db, name: &str, due: Timestamp, next: Timestamp) -> Result<bool> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(backend, "UPDATE schedule SET next_at = ? WHERE name = ? AND next_at = ?");
    let values = [next.as_millis().into(), name.into(), due.as_millis().into()];
    let done = db.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(done.rows_affected() > 0)
}

/// The row of a claimed job, as long as this claim holds it, with its lease ended and the error noted.
fn failed(job: &ClaimedJob, error: &str) -> UpdateMany<entity::job::Entity> {
    let error: String = error.chars().take(2_000).collect();
    let query = entity::job::Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(Option::<i64>::None))
        .col_expr(Column::LastError, Expr::value(error))
        .filter(Column::State.eq("running"))
        .filter(Column::Attempts.eq(job.attempt as i32));
    scoped(Scope::system(job.workspace), job.id, query)
}

fn scoped<Q: QueryFilter>(scope: Scope, id: JobId, query: Q) -> Q {
    query.filter(Column::Id.eq(id.uuid())).filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
}

fn parse(text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|error| StoreError::damaged("job", error))
}

/// Whether a running job's lease has lapsed. System work; cheap, so that the queue writes only when it must.
pub async fn any_lapsed_everywhere(db: &impl Db, now: Timestamp) -> Result<bool> {
    let row = entity::job::Entity::find()
        .filter(Expr::cust(RUNNING))
        .filter(Column::LeaseUntil.lt(now.as_millis()))
        .limit(1)
        .one(db)
        .await?;
    Ok(row.is_some())
}

/// Removes a waiting or running job by its unique key; what it was to do has been done otherwise.
pub async fn complete_unique(db: &impl Db, scope: Scope, name: &str, unique_key: &str) -> Result<bool> {
    let done = entity::job::Entity::delete_many()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::Name.eq(name))
        .filter(Column::UniqueKey.eq(unique_key))
        .filter(Column::State.ne("dead"))
        .exec(db)
        .await?;
    Ok(done.rows_affected > 0)
}
