//! The id of a contact that was merged into another.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_merge")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub merged_id: Uuid,
    pub workspace_id: Uuid,
    pub contact_id: Uuid,
    pub merged_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
