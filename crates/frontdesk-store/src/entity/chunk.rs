//! A piece of a knowledge source.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "chunk")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub source_id: Uuid,
    pub revision: i64,
    pub ordinal: i32,
    /// The chunk as `frontdesk-knowledge` cut it, JSON.
    pub body: String,
    pub url: Option<String>,
    pub embedder: Option<String>,
    /// Little-endian `f32`s.
    pub vector: Option<Vec<u8>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
