//! Values as columns hold them: structured values as JSON text, enums as their wire word.

use sea_orm::{ColumnTrait, ColumnType, DbBackend, EntityTrait, Iterable, Statement};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
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

/// Rows of a table that are changed, and read as they are then, in one trip to the database and at once, see
/// [`dialect::in_one_row`]. `which` picks the same rows before the change and after it.
pub(crate) async fn change_rows<E>(
    db: &impl Db,
    set: (&str, Vec<sea_orm::Value>),
    which: (&str, Vec<sea_orm::Value>),
) -> Result<Vec<E::Model>>
where
    E: EntityTrait,
    E::Model: DeserializeOwned,
{
    let (backend, entity) = (db.get_database_backend(), E::default());
    let (table, columns) = (entity.table_name(), columns_of::<E>(backend));
    let ((set, mut values), (which, which_values)) = (set, which);
    values.extend(which_values.iter().cloned());
    let update = format!("UPDATE {table} SET {set} WHERE {which}");
    let sql = if backend == DbBackend::Postgres {
        let read = dialect::in_one_row(backend, &columns, "SELECT * FROM changed");
        format!("WITH changed AS ({update} RETURNING *) {read}")
    } else {
        values.extend(which_values);
        let query = format!("SELECT * FROM {table} WHERE {which}");
        format!("{update}; {}", dialect::in_one_row(backend, &columns, &query))
    };
    let statement = Statement::from_sql_and_values(backend, dialect::sql(backend, &sql), values);
    let rows = db.query_all_raw(statement).await?;
    let text: String = rows.first().ok_or(StoreError::NotFound("changed rows"))?.try_get_by_index(0)?;
    from_json("changed rows", &text)
}

/// All columns, in the order of the model's fields, as JSON can hold them.
fn columns_of<E: EntityTrait>(backend: DbBackend) -> String {
    let columns = E::Column::iter().map(|column| {
        let name = sea_orm::IdenStatic::as_str(&column);
        match column.def().get_column_type() {
            ColumnType::Uuid => dialect::uuid_text(backend, name),
            _ => name.to_owned(),
        }
    });
    columns.collect::<Vec<_>>().join(", ")
}

/// A truth value as JSON from a database has it: SQLite has numbers.
pub(crate) fn flag<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Flag {
        Is(bool),
        Number(i64),
    }
    Ok(match Flag::deserialize(from)? {
        Flag::Is(is) => is,
        Flag::Number(number) => number != 0,
    })
}
