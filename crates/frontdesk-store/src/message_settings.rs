//! How messages are handled in a workspace; defaults until somebody changes them.

use frontdesk_domain::context::Scope;
use frontdesk_domain::message_settings::MessageSettings;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, Set};

use crate::Result;
use crate::column::{from_json, to_json};
use crate::entity::message_settings::{ActiveModel, Column, Entity};
use crate::tx::Db;

const TABLE: &str = "message_settings";

/// The workspace's.
pub async fn get(db: &impl Db, scope: Scope) -> Result<MessageSettings> {
    match Entity::find_by_id(scope.workspace().uuid()).one(db).await? {
        Some(row) => from_json(TABLE, &row.settings),
        None => Ok(MessageSettings::default()),
    }
}

/// Replaces them.
pub async fn put(db: &impl Db, scope: Scope, settings: &MessageSettings) -> Result<()> {
    let row =
        ActiveModel { workspace_id: Set(scope.workspace().uuid()), settings: Set(to_json(TABLE, settings)?) };
    Entity::insert(row)
        .on_conflict(OnConflict::column(Column::WorkspaceId).update_column(Column::Settings).to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}
