//! Which conversation an address of a customer belongs to, for each connection.

use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::{BookingId, ConnectionId, ContactId, ConversationId};
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult as _, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Statement,
};

use crate::entity::channel_thread::{Column, Entity, Model};
use crate::tx::Db;
use crate::{Result, dialect};

/// The conversation with a customer's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelThread {
    /// Through which connection.
    pub connection_id: ConnectionId,
    /// The customer's address.
    pub peer: String,
    /// The business's number or address last used with it: the customer goes on seeing the same one.
    pub own: String,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// When the customer last wrote.
    pub heard_at: Option<Timestamp>,
    /// The appointment the customer was asked about after a bare CANCEL, until they answer.
    pub asked_about: Option<BookingId>,
}

fn read(row: Model) -> ChannelThread {
    ChannelThread {
        connection_id: ConnectionId::from_uuid(row.connection_id),
        peer: row.peer,
        own: row.own,
        conversation_id: ConversationId::from_uuid(row.conversation_id),
        heard_at: row.heard_at.map(Timestamp::from_millis),
        asked_about: row.asked_about.map(BookingId::from_uuid),
    }
}

/// The thread with an address.
pub async fn find(
    db: &impl Db,
    scope: Scope,
    connection: ConnectionId,
    peer: &str,
) -> Result<Option<ChannelThread>> {
    let row = Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::ConnectionId.eq(connection.uuid()))
        .filter(Column::Peer.eq(peer))
        .one(db)
        .await?;
    Ok(row.map(read))
}

/// The thread of a conversation; the one last heard when it has several.
pub async fn find_of(
    db: &impl Db,
    scope: Scope,
    conversation: ConversationId,
) -> Result<Option<ChannelThread>> {
    let row = Entity::find()
        .filter(Column::ConversationId.eq(conversation.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .order_by_desc(Column::HeardAt)
        .one(db)
        .await?;
    Ok(row.map(read))
}

/// The thread of a contact on a channel; the one last heard when there are several.
pub async fn find_of_contact(
    db: &impl Db,
    scope: Scope,
    contact: ContactId,
    channel: Channel,
) -> Result<Option<ChannelThread>> {
    use crate::entity::conversation;
    let talks = conversation::Entity::find()
        .select_only()
        .column(conversation::Column::Id)
        .filter(conversation::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(conversation::Column::ContactId.eq(contact.uuid()))
        .filter(conversation::Column::Channel.eq(channel.as_str()));
    let rows = Entity::find()
        .filter(Column::ConversationId.in_subquery(talks.into_query()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .limit(100)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(read).max_by_key(|thread| thread.heard_at))
}

/// Notes which appointment the customer is asked about; none any more when absent.
pub async fn ask(db: &impl Db, scope: Scope, thread: &ChannelThread, about: Option<BookingId>) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::AskedAbout, Expr::value(about.map(BookingId::uuid)))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::ConnectionId.eq(thread.connection_id.uuid()))
        .filter(Column::Peer.eq(thread.peer.as_str()))
        .exec(db)
        .await?;
    Ok(())
}

/// Notes that the customer wrote to one of the business's numbers; `None` when they never have before.
pub async fn heard(
    db: &impl Db,
    scope: Scope,
    connection: ConnectionId,
    peer: &str,
    own: &str,
    now: Timestamp,
) -> Result<Option<ChannelThread>> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(
        backend,
        "UPDATE channel_thread SET own = ?, heard_at = ? WHERE workspace_id = ? AND connection_id = ? AND peer = ? \
         RETURNING *",
    );
    let values = [
        own.into(),
        now.as_millis().into(),
        scope.workspace().uuid().into(),
        connection.uuid().into(),
        peer.into(),
    ];
    let row = db.query_one_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    row.map(|row| Ok(read(Model::from_query_result(&row, "")?))).transpose()
}

/// Makes a thread, or brings it up to date; it was heard never earlier than before.
pub async fn put(db: &impl Db, scope: Scope, thread: &ChannelThread) -> Result<()> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(
        backend,
        "INSERT INTO channel_thread (workspace_id, connection_id, peer, own, conversation_id, heard_at) \
         VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (workspace_id, connection_id, peer) DO UPDATE SET \
         own = excluded.own, conversation_id = excluded.conversation_id, \
         heard_at = COALESCE(excluded.heard_at, channel_thread.heard_at)",
    );
    let values = [
        scope.workspace().uuid().into(),
        thread.connection_id.uuid().into(),
        thread.peer.clone().into(),
        thread.own.clone().into(),
        thread.conversation_id.uuid().into(),
        thread.heard_at.map(Timestamp::as_millis).into(),
    ];
    db.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(())
}

/// Lets go of one of the business's numbers: whoever was written to from it gets another one.
pub async fn forget_own(db: &impl Db, scope: Scope, connection: ConnectionId, own: &str) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Own, Expr::value(""))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::ConnectionId.eq(connection.uuid()))
        .filter(Column::Own.eq(own))
        .exec(db)
        .await?;
    Ok(())
}
