//! What was heard already: a vendor's call that comes twice is one message.

use std::collections::HashSet;

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ConnectionId, ConversationId, MessageId};
use frontdesk_domain::time::Timestamp;
use sea_orm::{Statement, Value};

use crate::tx::Db;
use crate::{Result, dialect};

/// Notes that messages, each with its vendor's id, are heard; gives back those that were not heard before.
pub async fn hear(
    db: &impl Db,
    scope: Scope,
    connection: ConnectionId,
    messages: &[(&str, MessageId)],
    now: Timestamp,
) -> Result<HashSet<MessageId>> {
    let backend = db.get_database_backend();
    let sql = format!(
        "INSERT INTO inbound_message (workspace_id, connection_id, vendor_id, message_id, heard_at) VALUES {} \
         ON CONFLICT (workspace_id, connection_id, vendor_id) DO NOTHING",
        dialect::repeat("(?, ?, ?, ?, ?)", ", ", messages.len())
    );
    let mut values: Vec<Value> = Vec::with_capacity(messages.len() * 5);
    for (vendor_id, message) in messages {
        values.extend([scope.workspace().uuid().into(), connection.uuid().into(), (*vendor_id).into()]);
        values.extend([message.uuid().into(), now.as_millis().into()]);
    }
    let statement = Statement::from_sql_and_values(backend, dialect::sql(backend, &sql), values);
    let stored = db.execute_raw(statement).await?.rows_affected();
    let mut new: HashSet<MessageId> = messages.iter().map(|(_, id)| *id).collect();
    if stored < messages.len() as u64 {
        new = stored_of(db, scope, connection, &new).await?;
    }
    Ok(new)
}

/// Those of the messages that are noted.
async fn stored_of(
    db: &impl Db,
    scope: Scope,
    connection: ConnectionId,
    messages: &HashSet<MessageId>,
) -> Result<HashSet<MessageId>> {
    let backend = db.get_database_backend();
    let sql = format!(
        "SELECT message_id FROM inbound_message WHERE message_id IN ({}) AND connection_id = ? AND workspace_id = ?",
        dialect::repeat("?", ", ", messages.len())
    );
    let mut values: Vec<Value> = messages.iter().map(|id| id.uuid().into()).collect();
    values.extend([connection.uuid().into(), scope.workspace().uuid().into()]);
    let statement = Statement::from_sql_and_values(backend, dialect::sql(backend, &sql), values);
    let rows = db.query_all_raw(statement).await?;
    rows.iter().map(|row| Ok(MessageId::from_uuid(row.try_get_by_index(0)?))).collect()
}

/// A customer's message, as its vendor knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Through which connection it came.
    pub connection_id: ConnectionId,
    /// The vendor's id of it.
    pub vendor_id: String,
    /// When.
    pub heard_at: Timestamp,
}

/// The customer's newest message in a conversation that came through a vendor.
pub async fn newest_of(db: &impl Db, scope: Scope, conversation: ConversationId) -> Result<Option<Heard>> {
    let backend = db.get_database_backend();
    let sql = "SELECT heard.connection_id, heard.vendor_id, heard.heard_at FROM message said \
        JOIN inbound_message heard ON heard.message_id = said.id \
        WHERE said.conversation_id = ? AND said.author = 'customer' AND heard.workspace_id = ? \
        ORDER BY said.seq DESC LIMIT 1";
    let values = [conversation.uuid().into(), scope.workspace().uuid().into()];
    let statement = Statement::from_sql_and_values(backend, dialect::sql(backend, sql), values);
    let Some(row) = db.query_one_raw(statement).await? else { return Ok(None) };
    Ok(Some(Heard {
        connection_id: ConnectionId::from_uuid(row.try_get_by_index(0)?),
        vendor_id: row.try_get_by_index(1)?,
        heard_at: Timestamp::from_millis(row.try_get_by_index(2)?),
    }))
}
