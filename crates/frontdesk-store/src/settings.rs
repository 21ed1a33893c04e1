//! Settings of a workspace that are read and written as a whole: a table of their own with one row each, JSON, and
//! defaults until somebody changes them.
//!
//! To add some: a table like `booking_settings` in a migration, and a module with its name and type, such as
//! [`crate::booking_settings`].

use frontdesk_domain::context::Scope;
use sea_orm::Statement;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::column::{from_json, to_json};
use crate::tx::Db;
use crate::{Result, dialect};

/// The workspace's settings of a table.
pub(crate) async fn get<T: DeserializeOwned + Default>(
    db: &impl Db,
    scope: Scope,
    table: &'static str,
) -> Result<T> {
    let backend = db.get_database_backend();
    let text = format!("SELECT settings FROM {table} WHERE workspace_id = ?");
    let values = [scope.workspace().uuid().into()];
    let statement = Statement::from_sql_and_values(backend, dialect::sql(backend, &text), values);
    match db.query_one_raw(statement).await? {
        Some(row) => from_json(table, &row.try_get_by_index::<String>(0)?),
        None => Ok(T::default()),
    }
}

/// Replaces them.
pub(crate) async fn put<T: Serialize + Sync>(
    db: &impl Db,
    scope: Scope,
    table: &'static str,
    settings: &T,
) -> Result<()> {
    let backend = db.get_database_backend();
    let text = format!(
        "INSERT INTO {table} (workspace_id, settings) VALUES (?, ?) \
         ON CONFLICT (workspace_id) DO UPDATE SET settings = excluded.settings"
    );
    let values = [scope.workspace().uuid().into(), to_json(table, settings)?.into()];
    db.execute_raw(Statement::from_sql_and_values(backend, dialect::sql(backend, &text), values)).await?;
    Ok(())
}
