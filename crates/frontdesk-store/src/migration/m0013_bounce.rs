//! Addresses that mail came back from, and what proves that a mail vendor calls.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer_null, text, text_null, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("mail_bounce")
                    .col(uuid("workspace_id"))
                    .col(text("address"))
                    .col(big_integer_null("bounced_at"))
                    .col(big_integer_null("complained_at"))
                    .primary_key(Index::create().col("workspace_id").col("address"))
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(Table::alter().table("connection").add_column(text_null("hook_secret")).to_owned())
            .await?;
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE INDEX booking_notice_of_vendor ON booking_notice (workspace_id, vendor_id)",
            )
            .await?;
        Ok(())
    }
}
