//! What vendors said of numbers, so that each is asked about once, and what signs the calls of workflows.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, string, text, text_null, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("number_lookup")
                    .col(uuid("workspace_id"))
                    .col(string("number"))
                    .col(boolean("valid"))
                    .col(text_null("reason"))
                    .col(big_integer("asked_at"))
                    .primary_key(Index::create().col("workspace_id").col("number"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("webhook_key")
                    .col(uuid("workspace_id").primary_key())
                    .col(text("sealed"))
                    .to_owned(),
            )
            .await?;
        let index = "CREATE INDEX number_lookup_age ON number_lookup (workspace_id, asked_at)";
        manager.get_connection().execute_unprepared(index).await?;
        Ok(())
    }
}
