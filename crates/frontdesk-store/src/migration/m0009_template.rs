//! Message templates with their versions, and what became of each notice to a customer.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, integer, string, text, text_null, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("template")
                    .col(uuid("id").primary_key())
                    .col(uuid("workspace_id"))
                    .col(string("kind"))
                    .col(string("channel"))
                    .col(string("language"))
                    // Not active: the shipped text is used, and the versions are kept.
                    .col(boolean("active"))
                    .col(integer("version"))
                    .col(text("subject"))
                    .col(text("body"))
                    .col(big_integer("updated_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("template_version")
                    .col(uuid("id").primary_key())
                    .col(uuid("workspace_id"))
                    .col(uuid("template_id"))
                    .col(integer("number"))
                    .col(text("subject"))
                    .col(text("body"))
                    .col(text("author_name"))
                    .col(big_integer("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("booking_notice")
                    .col(uuid("id").primary_key())
                    .col(uuid("workspace_id"))
                    .col(uuid_null("booking_id"))
                    // What is sent at most once.
                    .col(string("key"))
                    .col(string("template"))
                    .col(string("state"))
                    .col(integer("attempts"))
                    .col(text_null("error"))
                    .col(text_null("vendor_id"))
                    .col(big_integer("created_at"))
                    .col(big_integer("updated_at"))
                    .to_owned(),
            )
            .await?;
        let db = manager.get_connection();
        for index in [
            "CREATE UNIQUE INDEX template_once ON template (workspace_id, kind, channel, language)",
            "CREATE UNIQUE INDEX template_version_once ON template_version (template_id, number)",
            "CREATE UNIQUE INDEX booking_notice_once ON booking_notice (workspace_id, key)",
            "CREATE INDEX booking_notice_of_booking ON booking_notice (booking_id, id)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}
