//! Agents, their versions, and personas.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, integer, string, text, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("agent")
                    .col(uuid("id").primary_key())
                    .col(uuid("workspace_id"))
                    .col(text("name"))
                    .col(string("state"))
                    .col(boolean("is_default"))
                    .col(text("draft"))
                    .col(uuid_null("published_version"))
                    .col(big_integer("created_at"))
                    .col(big_integer("updated_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("agent_version")
                    .col(uuid("id").primary_key())
                    .col(uuid("workspace_id"))
                    .col(uuid("agent_id"))
                    .col(integer("number"))
                    .col(text("name"))
                    .col(text("settings"))
                    .col(text("note"))
                    .col(uuid_null("published_by"))
                    .col(big_integer("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("persona")
                    .col(uuid("id").primary_key())
                    .col(uuid("workspace_id"))
                    .col(text("name"))
                    .col(text("voice"))
                    .col(big_integer("created_at"))
                    .col(big_integer("updated_at"))
                    .to_owned(),
            )
            .await?;
        let db = manager.get_connection();
        db.execute_unprepared("CREATE INDEX agent_of_workspace ON agent (workspace_id, id)").await?;
        // One agent answers where none is named.
        db.execute_unprepared("CREATE UNIQUE INDEX agent_default ON agent (workspace_id) WHERE is_default")
            .await?;
        db.execute_unprepared("CREATE UNIQUE INDEX agent_version_once ON agent_version (agent_id, number)")
            .await?;
        db.execute_unprepared("CREATE INDEX persona_of_workspace ON persona (workspace_id, id)").await?;
        Ok(())
    }
}
