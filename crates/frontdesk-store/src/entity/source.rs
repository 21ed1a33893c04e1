//! A knowledge source.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "source")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub kind: String,
    pub title: String,
    pub url: Option<String>,
    pub file_name: Option<String>,
    pub bytes: i64,
    pub status: String,
    pub progress: i32,
    pub stage: String,
    pub error: Option<String>,
    pub chunks: i32,
    pub pages: i32,
    pub language: Option<String>,
    pub max_pages: i32,
    /// Of the chunks that are searchable; 0 before the first.
    pub revision: i64,
    /// Counts what people asked for: each change of the content and each refresh.
    pub version: i64,
    /// The embedding model of the searchable chunks.
    pub embedder: Option<String>,
    pub created_at: i64,
    pub synced_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
