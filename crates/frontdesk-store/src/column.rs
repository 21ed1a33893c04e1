//! Values as columns hold them: structured values as JSON text, enums as their wire word.

use sea_orm::Statement;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::tx::Db;
use crate::{Result, StoreError, dialect};

/// A structured value as JSON text.
pub(crate) fn to_json<T: Serialize>(table: &'static str, value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::damaged(table, error))
}

/// A structured value from JSON text.
pub(crate) fn from_json<T: DeserializeOwned>(table: &'static str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| StoreError::damaged(table, error))
}

/// An enum without data as its wire word.
pub(crate) fn to_word<T: Serialize>(table: &'static str, value: &T) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => Ok(word),
        Ok(other) => Err(StoreError::damaged(table, format!("{other} is not a word"))),
        Err(error) => Err(StoreError::damaged(table, error)),
    }
}

/// An enum without data from its wire word.
pub(crate) fn from_word<T: DeserializeOwned>(table: &'static str, word: &str) -> Result<T> {
    serde_json::from_value(Value::String(word.to_owned())).map_err(|error| StoreError::damaged(table, error))
}

/// Many rows at once, each read as a tuple of `columns`: see [`dialect::in_one_row`]. In the query `?` stands for a value.
pub(crate) async fn rows_at_once<T: DeserializeOwned>(
    db: &impl Db,
    table: &'static str,
    columns: &str,
    query: &str,
    values: impl IntoIterator<Item = sea_orm::Value>,
) -> Result<Vec<T>> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(backend, &dialect::in_one_row(backend, columns, query));
    let row = db.query_one_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    let text: String = row.ok_or(StoreError::NotFound(table))?.try_get_by_index(0)?;
    from_json(table, &text)
}
