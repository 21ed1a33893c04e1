//! A conversation with one customer.

use sea_orm::entity::prelude::*;
use serde::Deserialize;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize)]
#[sea_orm(table_name = "conversation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub channel: String,
    pub contact_id: Option<Uuid>,
    /// The customer only said who they are; see `Thread::claimed`.
    #[serde(deserialize_with = "crate::column::flag")]
    pub contact_claimed: bool,
    pub contact_name: String,
    pub agent_id: Option<Uuid>,
    pub state: String,
    pub floor: String,
    pub floor_user: Option<Uuid>,
    pub epoch: i64,
    pub handoff_reason: Option<String>,
    pub waiting_since: Option<i64>,
    pub assignee: Option<Uuid>,
    pub language: String,
    pub page_url: Option<String>,
    pub preview: String,
    pub unread: i32,
    pub rating: Option<i32>,
    pub rating_comment: Option<String>,
    pub summary: Option<String>,
    pub cost_micros: i64,
    /// The number of the newest message.
    pub message_seq: i64,
    /// The number of the newest message of the customer.
    pub customer_seq: i64,
    /// The newest customer message a reply has answered.
    pub answered_seq: i64,
    /// `DialogueState` as JSON.
    pub dialogue: String,
    /// Receipts of this conversation as JSON.
    pub receipts: String,
    pub created_at: i64,
    pub last_message_at: i64,
    pub closed_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
