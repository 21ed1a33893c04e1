//! A message in a conversation.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub conversation_id: Uuid,
    pub seq: i64,
    pub author: String,
    pub user_id: Option<Uuid>,
    pub author_name: Option<String>,
    pub text: String,
    pub citations: String,
    pub cut: bool,
    pub turn_id: Option<Uuid>,
    pub client_id: Option<String>,
    pub created_at: i64,
    pub actions: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
