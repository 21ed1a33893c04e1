//! What a database's schema is, in lines that can be compared.

use sea_orm::{ConnectionTrait, Statement};

use crate::TestStore;

/// Every table's columns and every index, sorted; as the database itself words them.
pub async fn describe(t: &TestStore) -> Vec<String> {
    let sql = if t.is_postgres() {
        "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || \
           COALESCE(column_default, '') AS line \
         FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'seaql_migrations' \
         UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'seaql_migrations' \
         UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint \
         WHERE connamespace = 'public'::regnamespace ORDER BY line"
    } else {
        "SELECT name || ': ' || COALESCE(sql, '') AS line FROM sqlite_master \
         WHERE tbl_name NOT IN ('seaql_migrations', 'sqlite_sequence') ORDER BY line"
    };
    lines(t, sql).await
}

/// Every table's columns with whether they may be absent, in words that both databases share.
pub async fn columns(t: &TestStore) -> Vec<String> {
    let sql = if t.is_postgres() {
        "SELECT table_name || '.' || column_name || ' ' || (CASE is_nullable WHEN 'YES' THEN 'optional' ELSE 'required' \
           END) AS line \
         FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'seaql_migrations' ORDER BY line"
    } else {
        "SELECT m.name || '.' || c.name || ' ' || (CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN 'required' ELSE \
           'optional' END) AS line \
         FROM sqlite_master m JOIN pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND m.name NOT IN ('seaql_migrations', 'sqlite_sequence') ORDER BY line"
    };
    lines(t, sql).await
}

/// The names of all indexes that were given a name, sorted.
pub async fn indexes(t: &TestStore) -> Vec<String> {
    let sql = if t.is_postgres() {
        "SELECT indexname AS line FROM pg_indexes \
         WHERE schemaname = 'public' AND indexname NOT LIKE '%\\_pkey' ORDER BY line"
    } else {
        "SELECT name AS line FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_autoindex%' ORDER BY line"
    };
    lines(t, sql).await
}

async fn lines(t: &TestStore, sql: &str) -> Vec<String> {
    let db = t.store.reader();
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await;
    let rows = rows.expect("a description of the schema");
    let mut lines: Vec<String> =
        rows.into_iter().map(|row| row.try_get_by_index(0).expect("a line")).collect();
    lines.sort();
    lines
}
