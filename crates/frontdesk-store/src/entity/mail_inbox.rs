//! How far a mailbox is read.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_inbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub connection_id: Uuid,
    pub workspace_id: Uuid,
    pub uid_validity: Option<i64>,
    pub last_uid: Option<i64>,
    pub began_at: i64,
    pub looked_at: Option<i64>,
    pub next_at: i64,
    pub failures: i32,
    pub trouble: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
