//! Short links in messages, and who followed them. Links lapse and are deleted some time after; of one link only so many
//! clicks are kept singly, all are counted.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{MessageId, ShortLinkId, WorkspaceId};
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use uuid::Uuid;

use crate::Result;
use crate::entity::short_link::{ActiveModel, Column, Entity, Model};
use crate::entity::short_link_click as click;
use crate::tx::Db;

/// Clicks of one link that are kept singly.
pub const MAX_CLICKS: u64 = 200;

/// A short link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortLink {
    /// Its id.
    pub id: ShortLinkId,
    /// What stands in its address.
    pub code: String,
    /// Where it leads.
    pub url: String,
    /// The message it stands in.
    pub message_id: Option<MessageId>,
    /// How often people followed it.
    pub clicks: u32,
    /// How often machines did.
    pub machine_clicks: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it leads somewhere.
    pub expires_at: Timestamp,
}

fn read(row: Model) -> ShortLink {
    ShortLink {
        id: ShortLinkId::from_uuid(row.id),
        code: row.code,
        url: row.url,
        message_id: row.message_id.map(MessageId::from_uuid),
        clicks: row.clicks.unsigned_abs(),
        machine_clicks: row.machine_clicks.unsigned_abs(),
        created_at: Timestamp::from_millis(row.created_at),
        expires_at: Timestamp::from_millis(row.expires_at),
    }
}

/// Stores a new one.
///
/// # Errors
/// [`crate::StoreError::Duplicate`] when its code is taken.
pub async fn insert(db: &impl Db, scope: Scope, link: &ShortLink) -> Result<()> {
    let row = ActiveModel {
        id: Set(link.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        code: Set(link.code.clone()),
        url: Set(link.url.clone()),
        message_id: Set(link.message_id.map(MessageId::uuid)),
        clicks: Set(link.clicks as i32),
        machine_clicks: Set(link.machine_clicks as i32),
        created_at: Set(link.created_at.as_millis()),
        expires_at: Set(link.expires_at.as_millis()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The link with this code, of whatever workspace.
pub async fn find_everywhere(db: &impl Db, code: &str) -> Result<Option<(WorkspaceId, ShortLink)>> {
    let row = Entity::find().filter(Column::Code.eq(code)).one(db).await?;
    Ok(row.map(|row| (WorkspaceId::from_uuid(row.workspace_id), read(row))))
}

/// The links in a message, oldest first.
pub async fn list_of(db: &impl Db, scope: Scope, message: MessageId) -> Result<Vec<ShortLink>> {
    let rows = Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::MessageId.eq(message.uuid()))
        .order_by_asc(Column::Id)
        .limit(100)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(read).collect())
}

/// Counts a click by a person, or by a machine of that kind, and keeps it singly while there is room.
pub async fn clicked(
    db: &impl Db,
    scope: Scope,
    link: &ShortLink,
    (id, kind): (Uuid, &'static str),
    at: Timestamp,
) -> Result<()> {
    let counted = if kind == "person" { Column::Clicks } else { Column::MachineClicks };
    Entity::update_many()
        .col_expr(counted, Expr::col(counted).add(1))
        .filter(Column::Id.eq(link.id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(counted.lt(i32::MAX))
        .exec(db)
        .await?;
    if u64::from(link.clicks) + u64::from(link.machine_clicks) >= MAX_CLICKS {
        return Ok(());
    }
    let row = click::ActiveModel {
        id: Set(id),
        workspace_id: Set(scope.workspace().uuid()),
        link_id: Set(link.id.uuid()),
        clicked_at: Set(at.as_millis()),
        kind: Set(kind.to_owned()),
    };
    click::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Deletes links that lapsed before an instant, with their clicks, at most `limit`; says how many.
pub async fn forget_everywhere(db: &impl Db, lapsed: Timestamp, limit: u64) -> Result<u64> {
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::ExpiresAt.lt(lapsed.as_millis()))
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    if ids.is_empty() {
        return Ok(0);
    }
    click::Entity::delete_many().filter(click::Column::LinkId.is_in(ids.clone())).exec(db).await?;
    let done = Entity::delete_many().filter(Column::Id.is_in(ids)).exec(db).await?;
    Ok(done.rows_affected)
}
