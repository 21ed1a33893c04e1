//! The figures of the home page, each in one statement over an index.

use frontdesk_domain::context::Scope;
use frontdesk_domain::time::Timestamp;
use sea_orm::{Statement, Value};

use crate::tx::Db;
use crate::{Result, StoreError, dialect};

/// What happened since an instant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Since {
    /// Conversations that started, the sandbox aside.
    pub conversations: u64,
    /// Of these, ones in which the customer wrote.
    pub asked: u64,
    /// Of those, ones in which no person was needed: none wrote, none holds the floor, none is waited for.
    pub answered_by_ai: u64,
}

/// Conversations since an instant.
pub async fn conversations_since(db: &impl Db, scope: Scope, from: Timestamp) -> Result<Since> {
    let backend = db.get_database_backend();
    // Nothing started later than its newest message, and that is what the index is by.
    let sql = dialect::sql(
        backend,
        "SELECT count(*), COUNT(CASE WHEN customer_seq > 0 THEN 1 END), \
           COUNT(CASE WHEN customer_seq > 0 AND floor = 'ai' AND waiting_since IS NULL AND NOT EXISTS (\
             SELECT 1 FROM message m WHERE m.conversation_id = conversation.id AND m.author = 'person') THEN 1 END) \
         FROM conversation WHERE workspace_id = ? AND last_message_at >= ? AND created_at >= ? \
           AND channel <> 'sandbox'",
    );
    let values = [scope.workspace().uuid().into(), from.as_millis().into(), from.as_millis().into()];
    let row = one(db, Statement::from_sql_and_values(backend, sql, values)).await?;
    let count = |n| Ok::<_, StoreError>(row.try_get_by_index::<i64>(n)?.unsigned_abs());
    Ok(Since { conversations: count(0)?, asked: count(1)?, answered_by_ai: count(2)? })
}

/// Messages that customers saw or wrote since an instant, the sandbox aside.
pub async fn messages_since(db: &impl Db, scope: Scope, from: Timestamp) -> Result<u64> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(
        backend,
        "SELECT count(*) FROM message m JOIN conversation c ON c.id = m.conversation_id \
         WHERE m.workspace_id = ? AND m.created_at >= ? AND m.author IN ('customer', 'ai', 'person') \
           AND c.channel <> 'sandbox'",
    );
    let values = [scope.workspace().uuid().into(), from.as_millis().into()];
    let row = one(db, Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(row.try_get_by_index::<i64>(0)?.unsigned_abs())
}

/// How many conversations started and leads were captured between each two neighbouring instants.
pub async fn counts_between(db: &impl Db, scope: Scope, bounds: &[Timestamp]) -> Result<Vec<(u64, u64)>> {
    let conversations = count_between(
        db,
        scope,
        bounds,
        "conversation WHERE workspace_id = ? AND last_message_at >= ? AND channel <> 'sandbox'",
    )
    .await?;
    let leads = count_between(db, scope, bounds, "lead WHERE workspace_id = ? AND created_at >= ?").await?;
    Ok(conversations.into_iter().zip(leads).collect())
}

async fn count_between(db: &impl Db, scope: Scope, bounds: &[Timestamp], rows: &str) -> Result<Vec<u64>> {
    let backend = db.get_database_backend();
    let mut columns = Vec::new();
    let mut values: Vec<Value> = Vec::new();
    for pair in bounds.windows(2) {
        columns.push("COUNT(CASE WHEN created_at >= ? AND created_at < ? THEN 1 END)");
        values.extend(pair.iter().map(|bound| Value::from(bound.as_millis())));
    }
    let Some(first) = bounds.first().filter(|_| !columns.is_empty()) else { return Ok(Vec::new()) };
    values.extend([scope.workspace().uuid().into(), first.as_millis().into()]);
    let sql = dialect::sql(backend, &format!("SELECT {} FROM {rows}", columns.join(", ")));
    let row = one(db, Statement::from_sql_and_values(backend, sql, values)).await?;
    (0..columns.len()).map(|n| Ok(row.try_get_by_index::<i64>(n)?.unsigned_abs())).collect()
}

async fn one(db: &impl Db, statement: Statement) -> Result<sea_orm::QueryResult> {
    db.query_one_raw(statement).await?.ok_or(StoreError::NotFound("count"))
}
