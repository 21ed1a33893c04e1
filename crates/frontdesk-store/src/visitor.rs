//! Browsers that talk to a workspace through the widget, known by the hash of a token they keep.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ConversationId, WidgetKeyId, WorkspaceId};
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

use crate::Result;
use crate::entity::visitor::{ActiveModel, Column, Entity};
use crate::tx::Db;

/// A browser that talks to a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visitor {
    /// Its id.
    pub id: Uuid,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The widget key it came through.
    pub widget_key: WidgetKeyId,
    /// Its newest conversation.
    pub conversation: ConversationId,
}

/// The visitor with this token hash; the token itself names the workspace.
pub async fn find_by_token_everywhere(db: &impl Db, token_hash: &str) -> Result<Option<Visitor>> {
    let row = Entity::find().filter(Column::TokenHash.eq(token_hash)).one(db).await?;
    Ok(row.map(|row| Visitor {
        id: row.id,
        workspace: WorkspaceId::from_uuid(row.workspace_id),
        widget_key: WidgetKeyId::from_uuid(row.widget_key_id),
        conversation: ConversationId::from_uuid(row.conversation_id),
    }))
}

/// Stores a new visitor.
pub async fn insert(
    db: &impl Db,
    scope: Scope,
    visitor: &Visitor,
    token_hash: &str,
    now: Timestamp,
) -> Result<()> {
    let row = ActiveModel {
        id: Set(visitor.id),
        workspace_id: Set(scope.workspace().uuid()),
        token_hash: Set(token_hash.to_owned()),
        widget_key_id: Set(visitor.widget_key.uuid()),
        conversation_id: Set(visitor.conversation.uuid()),
        created_at: Set(now.as_millis()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Points the visitor at a new conversation.
pub async fn set_conversation(
    db: &impl Db,
    scope: Scope,
    id: Uuid,
    conversation: ConversationId,
) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::ConversationId, Expr::value(conversation.uuid()))
        .filter(Column::Id.eq(id))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    Ok(())
}
