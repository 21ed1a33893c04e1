//! What can be booked: booking types, staff, resources, places and the workspace's rules for them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, integer, string, text, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let kind = Table::create()
            .table("booking_type")
            .col(uuid("id").primary_key())
            .col(uuid("workspace_id"))
            .col(string("slug"))
            .col(text("settings"))
            .col(integer("position"))
            .col(big_integer("created_at"))
            .col(big_integer("updated_at"))
            .to_owned();
        manager.create_table(kind).await?;
        for table in ["staff", "resource", "place"] {
            let table = Table::create()
                .table(table)
                .col(uuid("id").primary_key())
                .col(uuid("workspace_id"))
                .col(text("settings"))
                .col(big_integer("created_at"))
                .col(big_integer("updated_at"))
                .to_owned();
            manager.create_table(table).await?;
        }
        let settings = Table::create()
            .table("booking_settings")
            .col(uuid("workspace_id").primary_key())
            .col(text("settings"))
            .to_owned();
        manager.create_table(settings).await?;
        let db = manager.get_connection();
        db.execute_unprepared("CREATE UNIQUE INDEX booking_type_slug ON booking_type (workspace_id, slug)")
            .await?;
        for table in ["staff", "resource", "place"] {
            let sql = format!("CREATE INDEX {table}_of_workspace ON {table} (workspace_id, id)");
            db.execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}
