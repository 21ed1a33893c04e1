//! A person the business talks to.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub company: Option<String>,
    pub language: Option<String>,
    pub tags: String,
    pub fields: String,
    pub opted_out: bool,
    pub source: String,
    /// The name as it sorts: lower case.
    pub name_key: String,
    /// Everything that can be searched, lower case.
    pub search: String,
    /// When they were last seen; 0 when never, so that lists have one order.
    pub seen_key: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub status: String,
    pub external_id: Option<String>,
    pub zone: Option<String>,
    pub region: Option<String>,
    pub postal_code: Option<String>,
    pub country: Option<String>,
    pub follow_ups: i32,
    /// When they were last contacted; 0 when never.
    pub contacted_key: i64,
    /// The last word of a name of several, lower case; else empty.
    pub surname_key: String,
    /// The import that made them.
    pub import_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
