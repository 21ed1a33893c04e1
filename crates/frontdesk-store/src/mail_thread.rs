//! Conversations by mail: with whom, about what, and by which mails others recognise them. A person may have several.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ConnectionId, ConversationId};
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use uuid::Uuid;

use crate::Result;
use crate::column::{from_json, to_json};
use crate::entity::mail_reference;
use crate::entity::mail_thread::{ActiveModel, Column, Entity, Model};
use crate::tx::Db;

const TABLE: &str = "mail_thread";
/// Longest Message-ID that is told apart, in characters: RFC 5322 allows a line of 998, nobody writes one.
const MAX_ID: usize = 500;

/// A conversation by mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailThread {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// The mailbox it was last heard through; absent before an answer came.
    pub connection_id: Option<ConnectionId>,
    /// The connection that answers leave through, when the mailbox's own can send.
    pub through: Option<ConnectionId>,
    /// The customer's address, in lower case.
    pub peer: String,
    /// The business's address it came to; empty when unknown.
    pub own: String,
    /// The subject, without `Re:`.
    pub subject: String,
    /// The Message-ID of the mail that was heard last.
    pub last_id: Option<String>,
    /// The Message-IDs of its mails, oldest first, as the last one named them.
    pub mail_ids: Vec<String>,
    /// When the customer last wrote.
    pub heard_at: Option<Timestamp>,
}

fn read(row: Model) -> Result<MailThread> {
    Ok(MailThread {
        conversation_id: ConversationId::from_uuid(row.conversation_id),
        connection_id: row.connection_id.map(ConnectionId::from_uuid),
        through: row.through.map(ConnectionId::from_uuid),
        peer: row.peer,
        own: row.own,
        subject: row.subject,
        last_id: row.last_id,
        mail_ids: from_json(TABLE, &row.mail_ids)?,
        heard_at: row.heard_at.map(Timestamp::from_millis),
    })
}

fn of(scope: Scope) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
}

/// What is known of a conversation's mails.
pub async fn find(db: &impl Db, scope: Scope, id: ConversationId) -> Result<Option<MailThread>> {
    of(scope).filter(Column::ConversationId.eq(id.uuid())).one(db).await?.map(read).transpose()
}

/// The newest conversation with an address under a subject.
pub async fn find_by_subject(
    db: &impl Db,
    scope: Scope,
    peer: &str,
    subject: &str,
) -> Result<Option<MailThread>> {
    let row = of(scope)
        .filter(Column::Peer.eq(peer))
        .filter(Column::Subject.eq(subject))
        .order_by_desc(Column::ConversationId)
        .one(db)
        .await?;
    row.map(read).transpose()
}

/// When somebody wrote from an address, last.
pub async fn heard_at(db: &impl Db, scope: Scope, peer: &str) -> Result<Option<Timestamp>> {
    let newest: Option<Option<i64>> = of(scope)
        .filter(Column::Peer.eq(peer))
        .filter(Column::HeardAt.is_not_null())
        .order_by_desc(Column::HeardAt)
        .select_only()
        .column(Column::HeardAt)
        .into_tuple()
        .one(db)
        .await?;
    Ok(newest.flatten().map(Timestamp::from_millis))
}

/// Makes a thread or brings it up to date.
pub async fn put(db: &impl Db, scope: Scope, thread: &MailThread) -> Result<()> {
    let row = ActiveModel {
        conversation_id: Set(thread.conversation_id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        connection_id: Set(thread.connection_id.map(ConnectionId::uuid)),
        through: Set(thread.through.map(ConnectionId::uuid)),
        peer: Set(thread.peer.clone()),
        own: Set(thread.own.clone()),
        subject: Set(thread.subject.clone()),
        last_id: Set(thread.last_id.clone()),
        mail_ids: Set(to_json(TABLE, &thread.mail_ids)?),
        heard_at: Set(thread.heard_at.map(Timestamp::as_millis)),
    };
    let changed = [
        Column::ConnectionId,
        Column::Through,
        Column::Peer,
        Column::Own,
        Column::Subject,
        Column::LastId,
        Column::MailIds,
        Column::HeardAt,
    ];
    Entity::insert(row)
        .on_conflict(OnConflict::column(Column::ConversationId).update_columns(changed).to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Mail systems change neither case nor length of Message-IDs; what is endless is cut.
fn key(mail_id: &str) -> String {
    mail_id.trim().chars().take(MAX_ID).collect()
}

/// Notes that a mail belongs to a conversation; the first to say so is believed.
pub async fn remember(db: &impl Db, scope: Scope, mail_id: &str, id: ConversationId) -> Result<()> {
    let row = mail_reference::ActiveModel {
        workspace_id: Set(scope.workspace().uuid()),
        mail: Set(key(mail_id)),
        conversation_id: Set(id.uuid()),
    };
    let same = [mail_reference::Column::WorkspaceId, mail_reference::Column::Mail];
    mail_reference::Entity::insert_many([row])
        .on_conflict(OnConflict::columns(same).do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// The conversation of the first of these mails that was heard.
pub async fn find_reference(
    db: &impl Db,
    scope: Scope,
    mail_ids: &[String],
) -> Result<Option<ConversationId>> {
    if mail_ids.is_empty() {
        return Ok(None);
    }
    let keys: Vec<String> = mail_ids.iter().map(|id| key(id)).collect();
    let rows: Vec<(String, Uuid)> = mail_reference::Entity::find()
        .filter(mail_reference::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(mail_reference::Column::Mail.is_in(keys.iter().cloned()))
        .select_only()
        .column(mail_reference::Column::Mail)
        .column(mail_reference::Column::ConversationId)
        .into_tuple()
        .all(db)
        .await?;
    let of = |key: &String| rows.iter().find(|(known, _)| known == key).map(|(_, id)| *id);
    Ok(keys.iter().find_map(of).map(ConversationId::from_uuid))
}
