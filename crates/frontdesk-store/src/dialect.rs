//! The differences between SQLite and PostgreSQL, all of them.

use sea_orm::DbBackend;

/// What makes a claimed row invisible to other claimers: PostgreSQL skips locked rows; SQLite has one writer.
pub(crate) const fn skip_locked(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => " FOR UPDATE SKIP LOCKED",
        _ => "",
    }
}

/// The placeholder of the n-th parameter (from 1).
pub(crate) fn placeholder(backend: DbBackend, n: usize) -> String {
    match backend {
        DbBackend::Postgres => format!("${n}"),
        _ => "?".to_owned(),
    }
}

/// Rewrites `?` placeholders for the database; the text must not hold a `?` otherwise.
pub(crate) fn sql(backend: DbBackend, text: &str) -> String {
    if backend != DbBackend::Postgres {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 16);
    for (n, part) in text.split('?').enumerate() {
        if n > 0 {
            out.push_str(&placeholder(backend, n));
        }
        out.push_str(part);
    }
    out
}

/// The same text so many times, for a list of placeholders.
pub(crate) fn repeat(text: &str, separator: &str, times: usize) -> String {
    vec![text; times].join(separator)
}

/// All rows of a query in one, as a JSON array of arrays of its columns. SQLite's driver hands each row from its thread to
/// the asking task, which costs more than reading the row does.
pub(crate) fn in_one_row(backend: DbBackend, columns: &str, query: &str) -> String {
    format!("SELECT CAST({} AS text) FROM ({query}) AS everything", json_rows(backend, columns))
}

/// A row's columns as a JSON array.
pub(crate) fn json_row(backend: DbBackend, columns: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("json_build_array({columns})"),
        _ => format!("json_array({columns})"),
    }
}

/// All rows as a JSON array of arrays of their columns.
pub(crate) fn json_rows(backend: DbBackend, columns: &str) -> String {
    let row = json_row(backend, columns);
    match backend {
        DbBackend::Postgres => format!("COALESCE(json_agg({row}), '[]')"),
        _ => format!("json_group_array({row})"),
    }
}

/// An id's column as text, which any form of UUID parses from: JSON has no bytes.
pub(crate) fn uuid_text(backend: DbBackend, column: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("CAST({column} AS text)"),
        _ => format!("CASE WHEN {column} IS NULL THEN NULL ELSE hex({column}) END"),
    }
}

/// Rows in portions that one INSERT can hold: SQLite takes 32,766 parameters in a statement, PostgreSQL 65,535.
pub(crate) fn batches<T>(rows: impl IntoIterator<Item = T>) -> Vec<Vec<T>> {
    const ROWS: usize = 500;
    let mut rows = rows.into_iter();
    let mut batches = Vec::new();
    loop {
        let batch: Vec<T> = rows.by_ref().take(ROWS).collect();
        if batch.is_empty() {
            return batches;
        }
        batches.push(batch);
    }
}

/// An absent id in a column of a UNION: PostgreSQL gives a bare NULL the type text.
pub(crate) const fn no_uuid(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "CAST(NULL AS uuid)",
        _ => "NULL",
    }
}

/// What makes the database refuse two claims of one unit whose times overlap. A claim is at most three days long, so the
/// trigger need not look further back.
pub(crate) const fn no_overlap(backend: DbBackend) -> &'static [&'static str] {
    match backend {
        DbBackend::Postgres => &[
            "CREATE EXTENSION IF NOT EXISTS btree_gist",
            "ALTER TABLE booking_claim ADD CONSTRAINT booking_claim_free \
             EXCLUDE USING gist (unit WITH =, int8range(from_at, to_at) WITH &&)",
        ],
        _ => &[
            "CREATE INDEX booking_claim_free ON booking_claim (unit, from_at)",
            "CREATE TRIGGER booking_claim_free_insert BEFORE INSERT ON booking_claim WHEN EXISTS (\
             SELECT 1 FROM booking_claim c WHERE c.unit = NEW.unit AND c.from_at < NEW.to_at \
             AND c.from_at > NEW.from_at - 259200000 AND c.to_at > NEW.from_at) \
             BEGIN SELECT RAISE(ABORT, 'booking_claim_free'); END",
            "CREATE TRIGGER booking_claim_free_update BEFORE UPDATE ON booking_claim WHEN EXISTS (\
             SELECT 1 FROM booking_claim c WHERE c.unit = NEW.unit AND c.id <> NEW.id AND c.from_at < NEW.to_at \
             AND c.from_at > NEW.from_at - 259200000 AND c.to_at > NEW.from_at) \
             BEGIN SELECT RAISE(ABORT, 'booking_claim_free'); END",
        ],
    }
}

/// Makes units of work that book in one workspace take turns; SQLite has one writer anyway.
pub(crate) const fn take_turns(backend: DbBackend) -> Option<&'static str> {
    match backend {
        DbBackend::Postgres => Some("SELECT pg_advisory_xact_lock(hashtextextended($1, 7236271))"),
        _ => None,
    }
}

/// A case-insensitive LIKE. SQLite's LIKE already ignores ASCII case.
pub(crate) const fn ilike(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "ILIKE",
        _ => "LIKE",
    }
}

/// Names of the tables whose rows belong to a workspace: those with a column `workspace_id`.
pub(crate) const fn tables_of_workspaces(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => {
            "SELECT table_name::text FROM information_schema.columns \
             WHERE table_schema = current_schema() AND column_name = 'workspace_id' ORDER BY 1"
        }
        _ => {
            "SELECT t.name FROM sqlite_master t, pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND c.name = 'workspace_id' ORDER BY 1"
        }
    }
}

/// Names the index a query has to go by. PostgreSQL knows what its tables hold and chooses better by itself.
pub(crate) fn by_index(backend: DbBackend, index: &str) -> String {
    match backend {
        DbBackend::Postgres => String::new(),
        _ => format!("INDEXED BY {index}"),
    }
}

/// A text that comes after all that begin with this one.
pub(crate) fn beyond(text: &str) -> String {
    format!("{text}{}", char::MAX)
}

/// The pattern for "contains this text", with LIKE's own characters escaped by `\` (give `ESCAPE '\'`).
pub fn contains(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_for_postgres_only() {
        assert_eq!(sql(DbBackend::Postgres, "a = ? and b = ?"), "a = $1 and b = $2");
        assert_eq!(sql(DbBackend::Sqlite, "a = ?"), "a = ?");
    }

    #[test]
    fn a_search_text_cannot_smuggle_wildcards() {
        assert_eq!(contains("50%_\\"), "%50\\%\\_\\\\%");
    }
}
