//! Who a customer has shown to be: one-time codes, and what a conversation may change. And what a message offers beside
//! its words.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, integer, string, text, text_null, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("identity_code")
                    .col(uuid("id").primary_key())
                    .col(uuid("workspace_id"))
                    .col(uuid("conversation_id"))
                    .col(text("email"))
                    .col(text("code_hash"))
                    .col(integer("tries"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("identity_proof")
                    .col(uuid("id").primary_key())
                    .col(uuid("workspace_id"))
                    .col(uuid("conversation_id"))
                    .col(string("kind"))
                    .col(text("subject"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("expires_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(Table::alter().table("message").add_column(text_null("actions")).to_owned())
            .await?;
        let db = manager.get_connection();
        for index in [
            "CREATE INDEX identity_code_of_conversation ON identity_code (conversation_id, created_at)",
            "CREATE INDEX identity_code_expiry ON identity_code (expires_at)",
            "CREATE UNIQUE INDEX identity_proof_once ON identity_proof (conversation_id, kind, subject)",
            "CREATE INDEX identity_proof_expiry ON identity_proof (expires_at)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}
