//! Which notices to customers were put into the outbox, or kept from it: each once.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{BookingId, MessageId};
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, Set};

use crate::Result;
use crate::entity::booking_notice::{ActiveModel, Column, Entity};
use crate::tx::Db;

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its id.
    pub id: MessageId,
    /// About which booking.
    pub booking_id: Option<BookingId>,
    /// What is said at most once.
    pub key: String,
    /// By which template.
    pub template: String,
    /// When it was put there.
    pub created_at: Timestamp,
}

/// Stores a notice; false when its key is known.
pub async fn insert(db: &impl Db, scope: Scope, notice: &Notice) -> Result<bool> {
    let row = ActiveModel {
        id: Set(notice.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        booking_id: Set(notice.booking_id.map(BookingId::uuid)),
        key: Set(notice.key.clone()),
        template: Set(notice.template.clone()),
        created_at: Set(notice.created_at.as_millis()),
    };
    let done = Entity::insert_many([row])
        .on_conflict(OnConflict::columns([Column::WorkspaceId, Column::Key]).do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(done > 0)
}
