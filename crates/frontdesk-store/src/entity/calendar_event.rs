//! The vendor's copy of a booking.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub booking_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub calendar_id: Uuid,
    pub workspace_id: Uuid,
    pub remote_id: String,
    pub etag: Option<String>,
    pub content: String,
    pub start_at: i64,
    pub end_at: i64,
    pub gone: bool,
    pub written_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
