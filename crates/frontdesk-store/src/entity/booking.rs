//! An appointment.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "booking")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub reference: String,
    pub type_id: Uuid,
    pub session_id: Option<Uuid>,
    pub contact_id: Uuid,
    pub status: String,
    pub start_at: i64,
    pub end_at: i64,
    pub staff: String,
    pub source: String,
    pub details: String,
    pub search: String,
    pub request_key: Option<String>,
    pub request_hash: String,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
