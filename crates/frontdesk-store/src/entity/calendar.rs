//! A connected calendar.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub connection_id: Uuid,
    pub vendor: String,
    pub account: String,
    pub remote_id: String,
    pub staff_id: Option<Uuid>,
    pub name: String,
    pub color: Option<String>,
    pub zone: Option<String>,
    pub blocks: bool,
    pub writes: bool,
    pub writable: bool,
    pub status: String,
    pub error: Option<String>,
    pub failures: i32,
    pub cursor: Option<String>,
    pub synced_at: Option<i64>,
    pub next_sync_at: i64,
    pub requested_at: Option<i64>,
    pub channel_id: Option<String>,
    pub channel_resource: Option<String>,
    pub channel_token: Option<String>,
    pub channel_expires_at: Option<i64>,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
