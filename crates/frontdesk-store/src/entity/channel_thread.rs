//! The conversation with a customer's address through one connection.

use sea_orm::entity::prelude::*;
use serde::Deserialize;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize)]
#[sea_orm(table_name = "channel_thread")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub connection_id: Uuid,
    /// The customer's address.
    #[sea_orm(primary_key, auto_increment = false)]
    pub peer: String,
    /// The business's number or address last used with it.
    pub own: String,
    pub conversation_id: Uuid,
    /// When the customer last wrote.
    pub heard_at: Option<i64>,
    /// The appointment the customer was asked about after a bare CANCEL.
    pub asked_about: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
