//! What was heard already: a vendor's call that comes twice is one message.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ConnectionId, ConversationId, MessageId};
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, Set, Statement};

use crate::entity::inbound_message::{ActiveModel, Column, Entity};
use crate::tx::Db;
use crate::{Result, dialect};

/// Notes that a message is heard; false when it was heard before.
pub async fn hear(
    db: &impl Db,
    scope: Scope,
    connection: ConnectionId,
    vendor_id: &str,
    message: MessageId,
    now: Timestamp,
) -> Result<bool> {
    let row = ActiveModel {
        workspace_id: Set(scope.workspace().uuid()),
        connection_id: Set(connection.uuid()),
        vendor_id: Set(vendor_id.to_owned()),
        message_id: Set(message.uuid()),
        heard_at: Set(now.as_millis()),
    };
    let key = [Column::WorkspaceId, Column::ConnectionId, Column::VendorId];
    let done = Entity::insert_many([row])
        .on_conflict(OnConflict::columns(key).do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(done > 0)
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
