//! Somebody waiting for a slot.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "waiting_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub type_id: Uuid,
    pub contact_id: Uuid,
    pub staff_id: Option<Uuid>,
    pub status: String,
    pub from_at: i64,
    pub to_at: i64,
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub zone: String,
    pub language: String,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
