//! A captured lead.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lead")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub contact_id: Uuid,
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub need: String,
    pub status: String,
    pub score: i32,
    pub score_reasons: String,
    pub conversation_id: Option<Uuid>,
    pub assignee: Option<Uuid>,
    pub consent_text: String,
    pub consent_at: Option<i64>,
    /// Everything that can be searched, lower case.
    pub search: String,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
