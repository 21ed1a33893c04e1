//! Keys that every workspace has one of for each use, sealed: what it signs its mail and links with, and its calls to
//! other systems. To add a use, add its table to a migration and to [`KeyKind`].

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::WorkspaceId;
use sea_orm::{DbBackend, Statement, Value};
use uuid::Uuid;

use crate::tx::Db;
use crate::{Result, dialect};

/// What a key signs. Each has a table of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// Addresses and links in mail and messages.
    Mail,
    /// Calls of workflows to other systems.
    Webhook,
}

impl KeyKind {
    const fn table(self) -> &'static str {
        match self {
            Self::Mail => "mail_key",
            Self::Webhook => "webhook_key",
        }
    }

    /// A statement about this kind's table, named `{key}` in the text.
    fn statement<const N: usize>(self, backend: DbBackend, text: &str, values: [Value; N]) -> Statement {
        let sql = dialect::sql(backend, &text.replace("{key}", self.table()));
        Statement::from_sql_and_values(backend, sql, values)
    }
}

/// The workspace's, sealed, once it has one.
pub async fn find(db: &impl Db, scope: Scope, kind: KeyKind) -> Result<Option<String>> {
    let text = "SELECT sealed FROM {key} WHERE workspace_id = ?";
    let statement = kind.statement(db.get_database_backend(), text, [scope.workspace().uuid().into()]);
    let row = db.query_one_raw(statement).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

/// Gives the workspace one unless it has one.
pub async fn insert(db: &impl Db, scope: Scope, kind: KeyKind, sealed: &str) -> Result<()> {
    let text = "INSERT INTO {key} (workspace_id, sealed) VALUES (?, ?) ON CONFLICT (workspace_id) DO NOTHING";
    let values = [scope.workspace().uuid().into(), sealed.into()];
    db.execute_raw(kind.statement(db.get_database_backend(), text, values)).await?;
    Ok(())
}

/// Gives the workspace one in place of the one it may have.
pub async fn put(db: &impl Db, scope: Scope, kind: KeyKind, sealed: &str) -> Result<()> {
    let text = "INSERT INTO {key} (workspace_id, sealed) VALUES (?, ?) \
                ON CONFLICT (workspace_id) DO UPDATE SET sealed = excluded.sealed";
    let values = [scope.workspace().uuid().into(), sealed.into()];
    db.execute_raw(kind.statement(db.get_database_backend(), text, values)).await?;
    Ok(())
}

/// Sealed keys of all workspaces that do not start with a prefix, after a workspace, in order. For key rotation.
pub async fn everywhere(
    db: &impl Db,
    kind: KeyKind,
    not_prefix: &str,
    after: Option<WorkspaceId>,
    limit: u32,
) -> Result<Vec<(WorkspaceId, String)>> {
    let text = "SELECT workspace_id, sealed FROM {key} WHERE sealed NOT LIKE ? AND workspace_id > ? \
                ORDER BY workspace_id LIMIT ?";
    let after = after.map_or(Uuid::nil(), WorkspaceId::uuid);
    let values = [format!("{not_prefix}%").into(), after.into(), i64::from(limit).into()];
    let rows = db.query_all_raw(kind.statement(db.get_database_backend(), text, values)).await?;
    rows.into_iter()
        .map(|row| Ok((WorkspaceId::from_uuid(row.try_get_by_index(0)?), row.try_get_by_index(1)?)))
        .collect()
}

/// Replaces a sealed key unless it changed meanwhile; false when it did.
pub async fn reseal(db: &impl Db, scope: Scope, kind: KeyKind, old: &str, new: &str) -> Result<bool> {
    let text = "UPDATE {key} SET sealed = ? WHERE workspace_id = ? AND sealed = ?";
    let values = [new.into(), scope.workspace().uuid().into(), old.into()];
    let done = db.execute_raw(kind.statement(db.get_database_backend(), text, values)).await?;
    Ok(done.rows_affected() == 1)
}
