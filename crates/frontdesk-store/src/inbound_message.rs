//! What was heard already: a vendor's call that comes twice is one message.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ConnectionId, MessageId};
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, Set};

use crate::Result;
use crate::entity::inbound_message::{ActiveModel, Column, Entity};
use crate::tx::Db;

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
