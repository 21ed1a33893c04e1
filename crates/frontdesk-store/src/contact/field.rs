//! Custom fields of contacts: what they are called and hold, and their values as they can be searched.
//!
//! A contact's `fields` are the truth; the rows here follow them in the same unit of work. A text is kept in lower case, a
//! number as it is, a date as the milliseconds of its midnight in UTC, yes as 1 and no as 0.

use std::collections::BTreeMap;

use frontdesk_domain::contact::Contact;
use frontdesk_domain::contact_list::{CustomField, day_of};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ContactId, FieldId};
use frontdesk_domain::time::Timestamp;
use sea_orm::{QueryResult, Statement, Value};

use crate::column::{from_json, from_word, to_json, to_word};
use crate::tx::Db;
use crate::{Result, StoreError, dialect};

const TABLE: &str = "contact_field";
/// How much of a text can be searched, in characters.
const SEARCHED: usize = 100;

/// A value as it is searched: its text or its number.
#[derive(Debug, Clone, PartialEq)]
pub enum Searched {
    /// In lower case, cut to 100 characters.
    Text(String),
    /// Also dates, yes and no.
    Number(f64),
}

/// A field's value as it is searched; `None` for an empty one. A text that is a day, as `2026-11-21`, is a date.
pub fn searched(value: &serde_json::Value) -> Option<Searched> {
    match value {
        serde_json::Value::String(text) => Some(day_of(text).map_or_else(
            || Searched::Text(text.to_lowercase().chars().take(SEARCHED).collect()),
            |at| Searched::Number(at.as_millis() as f64),
        )),
        serde_json::Value::Number(number) => number.as_f64().map(Searched::Number),
        serde_json::Value::Bool(yes) => Some(Searched::Number(f64::from(u8::from(*yes)))),
        _ => None,
    }
}

pub(super) fn key_of(key: &str) -> String {
    key.to_lowercase()
}

/// A row of a value: contact, key, workspace, text, number.
pub(super) fn value_rows(
    scope: Scope,
    contact: ContactId,
    fields: &BTreeMap<String, serde_json::Value>,
) -> Vec<[Value; 5]> {
    let mut rows: BTreeMap<String, [Value; 5]> = BTreeMap::new();
    for (key, value) in fields {
        let (text, number) = match searched(value) {
            Some(Searched::Text(text)) => (Some(text), None),
            Some(Searched::Number(number)) => (None, Some(number)),
            None => continue,
        };
        let key = key_of(key);
        let row = [
            contact.uuid().into(),
            key.clone().into(),
            scope.workspace().uuid().into(),
            text.into(),
            number.into(),
        ];
        rows.insert(key, row);
    }
    rows.into_values().collect()
}

pub(super) async fn insert_values(db: &impl Db, rows: &[[Value; 5]]) -> Result<()> {
    let start = "INSERT INTO contact_field_value (contact_id, field_key, workspace_id, text_key, number_value) VALUES ";
    super::import::insert_rows(db, start, "", rows).await
}

/// Makes the rows follow the contact's fields.
pub(super) async fn put_values(db: &impl Db, scope: Scope, contact: &Contact) -> Result<()> {
    delete_values(db, contact.id).await?;
    insert_values(db, &value_rows(scope, contact.id, &contact.fields)).await
}

pub(super) async fn delete_values(db: &impl Db, contact: ContactId) -> Result<()> {
    run(db, "DELETE FROM contact_field_value WHERE contact_id = ?", [contact.uuid().into()]).await.map(drop)
}

pub(crate) async fn run(db: &impl Db, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<u64> {
    let backend = db.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, dialect::sql(backend, sql), values);
    Ok(db.execute_raw(statement).await?.rows_affected())
}

pub(crate) async fn rows(
    db: &impl Db,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<QueryResult>> {
    let backend = db.get_database_backend();
    Ok(db.query_all_raw(Statement::from_sql_and_values(backend, dialect::sql(backend, sql), values)).await?)
}

fn read(row: &QueryResult) -> Result<CustomField> {
    Ok(CustomField {
        id: FieldId::from_uuid(row.try_get_by_index(0)?),
        key: row.try_get_by_index(1)?,
        label: row.try_get_by_index(2)?,
        kind: from_word(TABLE, &row.try_get_by_index::<String>(3)?)?,
        options: from_json(TABLE, &row.try_get_by_index::<String>(4)?)?,
        created_at: Timestamp::from_millis(row.try_get_by_index(5)?),
    })
}

/// The workspace's custom fields, by label.
pub async fn list(db: &impl Db, scope: Scope) -> Result<Vec<CustomField>> {
    let sql = "SELECT id, name, label, kind, options, created_at FROM contact_field WHERE workspace_id = ? \
               ORDER BY label, id LIMIT 500";
    rows(db, sql, [scope.workspace().uuid().into()]).await?.iter().map(read).collect()
}

/// The custom field, which must be in the workspace.
pub async fn get(db: &impl Db, scope: Scope, id: FieldId) -> Result<CustomField> {
    let sql = "SELECT id, name, label, kind, options, created_at FROM contact_field WHERE workspace_id = ? AND id = ?";
    let found = rows(db, sql, [scope.workspace().uuid().into(), id.uuid().into()]).await?;
    found.first().map(read).transpose()?.ok_or(StoreError::NotFound("custom field"))
}

/// Stores a new custom field.
///
/// # Errors
/// [`StoreError::Duplicate`] when its key is taken, whatever the case.
pub async fn insert(db: &impl Db, scope: Scope, field: &CustomField) -> Result<()> {
    let values: [Value; 8] = [
        field.id.uuid().into(),
        scope.workspace().uuid().into(),
        key_of(&field.key).into(),
        field.key.clone().into(),
        field.label.clone().into(),
        to_word(TABLE, &field.kind)?.into(),
        to_json(TABLE, &field.options)?.into(),
        field.created_at.as_millis().into(),
    ];
    let sql = "INSERT INTO contact_field (id, workspace_id, field_key, name, label, kind, options, created_at) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    run(db, sql, values).await.map(drop)
}

/// Changes a custom field's label and options.
pub async fn update(db: &impl Db, scope: Scope, field: &CustomField) -> Result<()> {
    let sql = "UPDATE contact_field SET label = ?, options = ? WHERE workspace_id = ? AND id = ?";
    let values: [Value; 4] = [
        field.label.clone().into(),
        to_json(TABLE, &field.options)?.into(),
        scope.workspace().uuid().into(),
        field.id.uuid().into(),
    ];
    if run(db, sql, values).await? == 0 { Err(StoreError::NotFound("custom field")) } else { Ok(()) }
}

/// Forgets a custom field; the values in contacts stay.
pub async fn delete(db: &impl Db, scope: Scope, id: FieldId) -> Result<()> {
    let sql = "DELETE FROM contact_field WHERE workspace_id = ? AND id = ?";
    let gone = run(db, sql, [scope.workspace().uuid().into(), id.uuid().into()]).await?;
    if gone == 0 { Err(StoreError::NotFound("custom field")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_searched_by_their_type() {
        assert_eq!(searched(&json!("Gold PLAN")), Some(Searched::Text("gold plan".to_owned())));
        assert_eq!(searched(&json!(12.5)), Some(Searched::Number(12.5)));
        assert_eq!(searched(&json!(true)), Some(Searched::Number(1.0)));
        assert_eq!(searched(&json!("1970-01-02")), Some(Searched::Number(86_400_000.0)));
        assert_eq!(searched(&json!("1970-13-02")), Some(Searched::Text("1970-13-02".to_owned())));
        assert_eq!(searched(&json!(null)), None);
    }
}
