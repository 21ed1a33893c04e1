//! Templates that vendors approve, how messages are handled, short links and their clicks, merges that can be undone.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, integer, string, string_null, text, text_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [templates(), syncs(), settings(), links(), clicks(), merges()] {
            manager.create_table(table).await?;
        }
        let db = manager.get_connection();
        for statement in [
            "ALTER TABLE outbox ADD COLUMN template text",
            "CREATE INDEX inbound_message_message ON inbound_message (message_id)",
            "CREATE UNIQUE INDEX channel_template_name ON channel_template (connection_id, name, language)",
            "CREATE INDEX channel_template_list ON channel_template (workspace_id, name, language)",
            "CREATE UNIQUE INDEX short_link_code ON short_link (code)",
            "CREATE INDEX short_link_message ON short_link (workspace_id, message_id)",
            "CREATE INDEX short_link_expiry ON short_link (expires_at)",
            "CREATE INDEX short_link_click_link ON short_link_click (link_id)",
            "CREATE INDEX contact_join_kept ON contact_join (workspace_id, kept_id, id)",
        ] {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

fn templates() -> TableCreateStatement {
    Table::create()
        .table("channel_template")
        .col(uuid("id").primary_key())
        .col(uuid("workspace_id"))
        .col(uuid("connection_id"))
        .col(text_null("vendor_id"))
        .col(text("name"))
        .col(string("language"))
        .col(string("category"))
        .col(string("status"))
        .col(string_null("quality"))
        .col(text("content"))
        .col(text_null("rejected_reason"))
        .col(boolean("has_other_places"))
        .col(big_integer_null("synced_at"))
        .col(big_integer("created_at"))
        .col(big_integer("updated_at"))
        .to_owned()
}

fn syncs() -> TableCreateStatement {
    Table::create()
        .table("channel_template_sync")
        .col(uuid("connection_id").primary_key())
        .col(uuid("workspace_id"))
        .col(big_integer_null("synced_at"))
        .col(text_null("error"))
        .to_owned()
}

fn settings() -> TableCreateStatement {
    Table::create()
        .table("message_settings")
        .col(uuid("workspace_id").primary_key())
        .col(text("settings"))
        .to_owned()
}

fn links() -> TableCreateStatement {
    Table::create()
        .table("short_link")
        .col(uuid("id").primary_key())
        .col(uuid("workspace_id"))
        .col(string("code"))
        .col(text("url"))
        .col(uuid_null("message_id"))
        .col(integer("clicks"))
        .col(integer("machine_clicks"))
        .col(big_integer("created_at"))
        .col(big_integer("expires_at"))
        .to_owned()
}

fn clicks() -> TableCreateStatement {
    Table::create()
        .table("short_link_click")
        .col(uuid("id").primary_key())
        .col(uuid("workspace_id"))
        .col(uuid("link_id"))
        .col(big_integer("clicked_at"))
        .col(string("kind"))
        .to_owned()
}

fn merges() -> TableCreateStatement {
    Table::create()
        .table("contact_join")
        .col(uuid("id").primary_key())
        .col(uuid("workspace_id"))
        .col(uuid("kept_id"))
        .col(uuid("gone_id"))
        .col(text("record"))
        .col(uuid_null("merged_by"))
        .col(big_integer("merged_at"))
        .col(big_integer_null("undone_at"))
        .to_owned()
}
