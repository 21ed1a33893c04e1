//! A conversation by mail.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_thread")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: Uuid,
    pub workspace_id: Uuid,
    pub connection_id: Option<Uuid>,
    pub through: Option<Uuid>,
    pub peer: String,
    pub own: String,
    pub subject: String,
    pub last_id: Option<String>,
    pub mail_ids: String,
    pub heard_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
