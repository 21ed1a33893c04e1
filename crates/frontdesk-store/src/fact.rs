//! What is remembered of a contact across conversations.

use frontdesk_domain::contact::{Fact, Memory};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ContactId, ConversationId, FactId};
use frontdesk_domain::time::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryResult, Statement};
use uuid::Uuid;

use crate::entity::contact_fact::{Column, Entity};
use crate::tx::Db;
use crate::{Result, StoreError, dialect};

/// Everything remembered of a contact, in one round trip: facts, newest first, and how the last conversation went.
/// Conversations whose customer only claimed to be the contact are left out.
pub async fn memory(db: &impl Db, scope: Scope, contact: ContactId) -> Result<Memory> {
    let backend = db.get_database_backend();
    // Three kinds of rows share the columns: `f` a fact, `s` the last summary, `c` the count.
    let none = dialect::no_uuid(backend);
    let sql = format!(
        "SELECT 'f' AS kind, id, fact_key AS key, value, conversation_id, updated_at AS at FROM contact_fact \
           WHERE contact_id = ? AND workspace_id = ? \
         UNION ALL SELECT * FROM (SELECT 's' AS kind, id, NULL AS key, summary AS value, {none} AS conversation_id, \
           last_message_at AS at FROM conversation \
           WHERE workspace_id = ? AND contact_id = ? AND channel <> 'sandbox' AND summary IS NOT NULL AND NOT contact_claimed \
           ORDER BY last_message_at DESC LIMIT 1) last_summary \
         UNION ALL SELECT 'c' AS kind, {none} AS id, CAST(count(*) AS TEXT) AS key, NULL AS value, \
           {none} AS conversation_id, max(last_message_at) AS at FROM conversation \
           WHERE workspace_id = ? AND contact_id = ? AND channel <> 'sandbox' AND NOT contact_claimed \
         ORDER BY at DESC, id DESC"
    );
    let sql = dialect::sql(backend, &sql);
    let (workspace, contact) = (scope.workspace().uuid(), contact.uuid());
    let values = [contact, workspace, workspace, contact, workspace, contact].map(Into::into);
    let mut memory = Memory::default();
    for row in db.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await? {
        match row.try_get_by_index::<String>(0)?.as_str() {
            "f" => memory.facts.push(read(&row)?),
            "s" => memory.last_summary = row.try_get_by_index(3)?,
            _ => {
                memory.conversations = row
                    .try_get_by_index::<String>(2)?
                    .parse()
                    .map_err(|e| StoreError::damaged("memory", e))?;
                memory.last_conversation_at =
                    row.try_get_by_index::<Option<i64>>(5)?.map(Timestamp::from_millis);
            }
        }
    }
    Ok(memory)
}

fn read(row: &QueryResult) -> Result<Fact> {
    Ok(Fact {
        id: FactId::from_uuid(row.try_get_by_index::<Uuid>(1)?),
        key: row.try_get_by_index(2)?,
        value: row.try_get_by_index(3)?,
        conversation_id: row.try_get_by_index::<Option<Uuid>>(4)?.map(ConversationId::from_uuid),
        updated_at: Timestamp::from_millis(row.try_get_by_index(5)?),
    })
}

/// How many facts are remembered of a contact.
pub async fn count(db: &impl Db, scope: Scope, contact: ContactId) -> Result<u64> {
    Ok(Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::ContactId.eq(contact.uuid()))
        .count(db)
        .await?)
}

/// Remembers a fact; one with the same key is corrected and keeps its id. Gives the fact as it is now.
pub async fn put(db: &impl Db, scope: Scope, contact: ContactId, fact: &Fact) -> Result<Fact> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(
        backend,
        "INSERT INTO contact_fact (id, workspace_id, contact_id, fact_key, value, conversation_id, updated_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?) \
         ON CONFLICT (contact_id, fact_key) DO UPDATE SET value = excluded.value, \
           conversation_id = excluded.conversation_id, updated_at = excluded.updated_at RETURNING id",
    );
    let values = [
        fact.id.uuid().into(),
        scope.workspace().uuid().into(),
        contact.uuid().into(),
        fact.key.clone().into(),
        fact.value.clone().into(),
        fact.conversation_id.map(ConversationId::uuid).into(),
        fact.updated_at.as_millis().into(),
    ];
    let row = db
        .query_one_raw(Statement::from_sql_and_values(backend, sql, values))
        .await?
        .ok_or(StoreError::NotFound("fact"))?;
    Ok(Fact { id: FactId::from_uuid(row.try_get_by_index(0)?), ..fact.clone() })
}

/// Forgets one fact.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none of this contact in the workspace.
pub async fn delete(db: &impl Db, scope: Scope, contact: ContactId, id: FactId) -> Result<()> {
    let done = Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::ContactId.eq(contact.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("fact")) } else { Ok(()) }
}

/// Forgets everything about a contact: all facts, and the summaries of their conversations. Says how many facts.
pub async fn erase(db: &impl Db, scope: Scope, contact: ContactId) -> Result<u64> {
    let done = Entity::delete_many()
        .filter(Column::ContactId.eq(contact.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    let backend = db.get_database_backend();
    let sql = dialect::sql(
        backend,
        "UPDATE conversation SET summary = NULL WHERE workspace_id = ? AND contact_id = ?",
    );
    let values = [scope.workspace().uuid().into(), contact.uuid().into()];
    db.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(done.rows_affected)
}

/// Gives one contact's facts to another (merge); where both know one, the one learned last stays.
pub(crate) async fn repoint_contact(
    db: &impl Db,
    scope: Scope,
    from: ContactId,
    to: ContactId,
) -> Result<()> {
    let backend = db.get_database_backend();
    let (workspace, from, to) = (scope.workspace().uuid(), from.uuid(), to.uuid());
    // First the kept contact loses what the other knows better, then the other what it knows worse or equally.
    let older = |than| {
        format!(
            "DELETE FROM contact_fact WHERE workspace_id = ? AND contact_id = ? AND EXISTS (\
               SELECT 1 FROM contact_fact other WHERE other.contact_id = ? \
               AND other.fact_key = contact_fact.fact_key AND other.updated_at {than} contact_fact.updated_at)"
        )
    };
    for (sql, loser, winner) in [(older(">"), to, from), (older(">="), from, to)] {
        let values = [workspace.into(), loser.into(), winner.into()];
        db.execute_raw(Statement::from_sql_and_values(backend, dialect::sql(backend, &sql), values)).await?;
    }
    let sql = dialect::sql(
        backend,
        "UPDATE contact_fact SET contact_id = ? WHERE workspace_id = ? AND contact_id = ?",
    );
    let values = [to.into(), workspace.into(), from.into()];
    db.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(())
}
