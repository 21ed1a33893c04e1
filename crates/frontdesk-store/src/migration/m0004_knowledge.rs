//! Knowledge sources, what they were made from, and their chunks.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary, binary_null, integer, string, string_null, text, text_null, uuid,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("source")
                    .col(uuid("id").primary_key())
                    .col(uuid("workspace_id"))
                    .col(string("kind"))
                    .col(text("title"))
                    .col(text_null("url"))
                    .col(text_null("file_name"))
                    .col(big_integer("bytes"))
                    .col(string("status"))
                    .col(integer("progress"))
                    .col(text("stage"))
                    .col(text_null("error"))
                    .col(integer("chunks"))
                    .col(integer("pages"))
                    .col(string_null("language"))
                    .col(integer("max_pages"))
                    .col(big_integer("revision"))
                    .col(big_integer("version"))
                    .col(text_null("embedder"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("synced_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("source_content")
                    .col(uuid("source_id").primary_key())
                    .col(uuid("workspace_id"))
                    .col(binary("bytes"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("chunk")
                    .col(uuid("id").primary_key())
                    .col(uuid("workspace_id"))
                    .col(uuid("source_id"))
                    .col(big_integer("revision"))
                    .col(integer("ordinal"))
                    .col(text("body"))
                    .col(text_null("url"))
                    .col(string_null("embedder"))
                    .col(binary_null("vector"))
                    .to_owned(),
            )
            .await?;
        let db = manager.get_connection();
        db.execute_unprepared("CREATE INDEX source_of_workspace ON source (workspace_id, id)").await?;
        db.execute_unprepared("CREATE INDEX chunk_of_source ON chunk (source_id, revision, ordinal)").await?;
        db.execute_unprepared("CREATE INDEX chunk_of_workspace ON chunk (workspace_id)").await?;
        Ok(())
    }
}
