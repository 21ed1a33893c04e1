//! Files that came along with messages.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ConversationId, FileId, MessageId};
use frontdesk_domain::message::MessageFile;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use uuid::Uuid;

use crate::Result;
use crate::entity::message_file::{ActiveModel, Column, Entity, Model};
use crate::tx::Db;

/// Stores a file; `place` is its number among the message's files, from 0.
pub async fn insert(
    db: &impl Db,
    scope: Scope,
    (conversation, message, place): (ConversationId, MessageId, u16),
    file: &MessageFile,
    bytes: Vec<u8>,
) -> Result<()> {
    let row = ActiveModel {
        id: Set(file.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        conversation_id: Set(conversation.uuid()),
        message_id: Set(message.uuid()),
        place: Set(i32::from(place)),
        name: Set(file.name.clone()),
        media_type: Set(file.media_type.clone()),
        size: Set(i64::try_from(file.size).unwrap_or(i64::MAX)),
        bytes: Set(bytes),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The files of these messages, in their order.
pub async fn list_of(
    db: &impl Db,
    scope: Scope,
    messages: &[MessageId],
) -> Result<Vec<(MessageId, MessageFile)>> {
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Uuid, Uuid, String, String, i64)> = Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::MessageId.is_in(messages.iter().map(|id| id.uuid())))
        .order_by_asc(Column::MessageId)
        .order_by_asc(Column::Place)
        .select_only()
        .column(Column::Id)
        .column(Column::MessageId)
        .column(Column::Name)
        .column(Column::MediaType)
        .column(Column::Size)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, message, name, media_type, size)| {
            let id = FileId::from_uuid(id);
            (MessageId::from_uuid(message), MessageFile { id, name, media_type, size: size.unsigned_abs() })
        })
        .collect())
}

/// A file of whatever conversation, with what it holds: for a link that we signed.
pub async fn find_in_workspace(
    db: &impl Db,
    scope: Scope,
    id: FileId,
) -> Result<Option<(MessageFile, Vec<u8>)>> {
    let row = Entity::find_by_id(id.uuid())
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .one(db)
        .await?;
    Ok(row.map(whole))
}

/// A file of a conversation, with what it holds.
pub async fn find(
    db: &impl Db,
    scope: Scope,
    conversation: ConversationId,
    id: FileId,
) -> Result<Option<(MessageFile, Vec<u8>)>> {
    let row = Entity::find_by_id(id.uuid())
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::ConversationId.eq(conversation.uuid()))
        .one(db)
        .await?;
    Ok(row.map(whole))
}

fn whole(row: Model) -> (MessageFile, Vec<u8>) {
    let file = MessageFile {
        id: FileId::from_uuid(row.id),
        name: row.name,
        media_type: row.media_type,
        size: row.size.unsigned_abs(),
    };
    (file, row.bytes)
}
