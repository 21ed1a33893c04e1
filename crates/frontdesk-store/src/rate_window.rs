//! Counted windows: how often something happened since its window opened. Shared by every node, so lock-outs and, on
//! PostgreSQL, rate limits hold across nodes.

use frontdesk_domain::time::Timestamp;
use sea_orm::Statement;

use crate::tx::Db;
use crate::{Result, StoreError, dialect};

/// A window that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateWindow {
    /// How often it happened in it.
    pub count: u32,
    /// When it closes.
    pub ends_at: Timestamp,
}

/// Counts `count` more under the key; a window that has closed is opened anew and ends at `ends_at`.
pub async fn add(
    db: &impl Db,
    key: &str,
    count: u32,
    now: Timestamp,
    ends_at: Timestamp,
) -> Result<RateWindow> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(
        backend,
        "INSERT INTO rate_window (key, ends_at, count) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET \
         count = CASE WHEN rate_window.ends_at <= ? THEN excluded.count ELSE rate_window.count + excluded.count END, \
         ends_at = CASE WHEN rate_window.ends_at <= ? THEN excluded.ends_at ELSE rate_window.ends_at END \
         RETURNING count, ends_at",
    );
    let now = now.as_millis();
    let values = [
        key.into(),
        ends_at.as_millis().into(),
        (count.min(1_000_000) as i32).into(),
        now.into(),
        now.into(),
    ];
    let row = db
        .query_one_raw(Statement::from_sql_and_values(backend, sql, values))
        .await?
        .ok_or(StoreError::NotFound("rate window"))?;
    Ok(RateWindow {
        count: row.try_get_by_index::<i32>(0)?.unsigned_abs(),
        ends_at: Timestamp::from_millis(row.try_get_by_index::<i64>(1)?),
    })
}

/// The open window of the key.
pub async fn find(db: &impl Db, key: &str, now: Timestamp) -> Result<Option<RateWindow>> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(backend, "SELECT count, ends_at FROM rate_window WHERE key = ? AND ends_at > ?");
    let values = [key.into(), now.as_millis().into()];
    let row = db.query_one_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    row.map(|row| {
        Ok(RateWindow {
            count: row.try_get_by_index::<i32>(0)?.unsigned_abs(),
            ends_at: Timestamp::from_millis(row.try_get_by_index::<i64>(1)?),
        })
    })
    .transpose()
}

/// Forgets the key's window, such as after a successful sign-in.
pub async fn clear(db: &impl Db, key: &str) -> Result<()> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(backend, "DELETE FROM rate_window WHERE key = ?");
    db.execute_raw(Statement::from_sql_and_values(backend, sql, [key.into()])).await?;
    Ok(())
}

/// Forgets windows that have closed.
pub async fn forget_closed(db: &impl Db, now: Timestamp) -> Result<()> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(backend, "DELETE FROM rate_window WHERE ends_at <= ?");
    db.execute_raw(Statement::from_sql_and_values(backend, sql, [now.as_millis().into()])).await?;
    Ok(())
}
