//! A message on its way to a customer through a vendor.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub channel: String,
    pub connection_id: Option<Uuid>,
    pub conversation_id: Option<Uuid>,
    pub contact_id: Option<Uuid>,
    pub contact_name: String,
    pub sender: Option<String>,
    pub recipient: String,
    pub purpose: String,
    pub content: String,
    /// What it is about, as JSON: looked at again before it leaves.
    pub about: Option<String>,
    pub status: String,
    pub reason: Option<String>,
    pub code: Option<String>,
    /// The gate's newest verdict as JSON.
    pub verdict: Option<String>,
    pub attempts: i32,
    /// When it was last handed to the vendor.
    pub tried_at: Option<i64>,
    pub vendor_id: Option<String>,
    pub segments: Option<i32>,
    pub created_by: Option<Uuid>,
    pub created_at: i64,
    pub send_at: i64,
    pub sent_at: Option<i64>,
    pub delivered_at: Option<i64>,
    pub read_at: Option<i64>,
    pub updated_at: i64,
    /// The template it was made from, for figures.
    pub template: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
