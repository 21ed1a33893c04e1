//! Which conversation an address of a customer belongs to, for each connection.

use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::{BookingId, ConnectionId, ContactId, ConversationId};
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Statement, Value,
};

use crate::entity::channel_thread::{Column, Entity, Model};
use crate::tx::Db;
use crate::{Result, column, dialect};

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

/// Notes that customers wrote, each to one of the business's numbers; gives the threads of those who have before.
/// No customer is named twice.
pub async fn heard(
    db: &impl Db,
    scope: Scope,
    connection: ConnectionId,
    peers_and_own: &[(&str, &str)],
    now: Timestamp,
) -> Result<Vec<ChannelThread>> {
    let count = peers_and_own.len();
    let set = format!("own = CASE peer {} END, heard_at = ?", dialect::repeat("WHEN ? THEN ?", " ", count));
    let mut set_values: Vec<Value> = Vec::with_capacity(count * 2 + 1);
    set_values.extend(peers_and_own.iter().flat_map(|(peer, own)| [(*peer).into(), (*own).into()]));
    set_values.push(now.as_millis().into());
    let peers = dialect::repeat("?", ", ", count);
    let which = format!("workspace_id = ? AND connection_id = ? AND peer IN ({peers})");
    let mut values: Vec<Value> = vec![scope.workspace().uuid().into(), connection.uuid().into()];
    values.extend(peers_and_own.iter().map(|(peer, _)| Value::from(*peer)));
    let rows = column::change_rows::<Entity>(db, (&set, set_values), (&which, values)).await?;
    Ok(rows.into_iter().map(read).collect())
}

/// Keeps other units of work from hearing the same customer until this one ends: of two messages of somebody new, one
/// makes the contact and the conversation, and the other finds them. SQLite has one writer and needs nothing.
pub async fn hold(db: &impl Db, connection: ConnectionId, peer: &str) -> Result<()> {
    let backend = db.get_database_backend();
    if backend == DbBackend::Postgres {
        let sql = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
        let key = format!("channel_thread {connection} {peer}");
        db.execute_raw(Statement::from_sql_and_values(backend, sql, [key.into()])).await?;
    }
    Ok(())
}

/// Makes a thread, or brings it up to date; it was heard never earlier than before.
pub async fn put(db: &impl Db, scope: Scope, thread: &ChannelThread) -> Result<()> {
    put_all(db, scope, std::slice::from_ref(thread)).await
}

/// The same for several threads, none of them twice.
pub async fn put_all(db: &impl Db, scope: Scope, threads: &[ChannelThread]) -> Result<()> {
    let backend = db.get_database_backend();
    let sql = format!(
        "INSERT INTO channel_thread (workspace_id, connection_id, peer, own, conversation_id, heard_at) \
         VALUES {} ON CONFLICT (workspace_id, connection_id, peer) DO UPDATE SET \
         own = excluded.own, conversation_id = excluded.conversation_id, \
         heard_at = COALESCE(excluded.heard_at, channel_thread.heard_at)",
        dialect::repeat("(?, ?, ?, ?, ?, ?)", ", ", threads.len()),
    );
    let mut values: Vec<Value> = Vec::with_capacity(threads.len() * 6);
    for thread in threads {
        values.extend([scope.workspace().uuid().into(), thread.connection_id.uuid().into()]);
        values.extend([thread.peer.clone().into(), thread.own.clone().into()]);
        values
            .extend([thread.conversation_id.uuid().into(), thread.heard_at.map(Timestamp::as_millis).into()]);
    }
    db.execute_raw(Statement::from_sql_and_values(backend, dialect::sql(backend, &sql), values)).await?;
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
