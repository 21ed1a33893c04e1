//! Connected calendars: what is busy in them, what we wrote into them, and the consent that opens them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, integer, string, string_null, text, text_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(calendar()).await?;
        manager
            .create_table(
                Table::create()
                    .table("calendar_account")
                    .col(uuid("connection_id").primary_key())
                    .col(uuid("workspace_id"))
                    // Rises with each new pair of tokens.
                    .col(integer("generation"))
                    // When the access token ends; absent where there is none.
                    .col(big_integer_null("expires_at"))
                    // One node refreshes at a time.
                    .col(big_integer_null("lease_until"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("calendar_consent")
                    .col(string("state_hash").primary_key())
                    .col(uuid("workspace_id"))
                    .col(uuid("user_id"))
                    .col(uuid("staff_id"))
                    .col(string("vendor"))
                    .col(text("verifier"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("calendar_busy")
                    .col(uuid("id").primary_key())
                    .col(uuid("workspace_id"))
                    .col(uuid("calendar_id"))
                    // What the vendor names a change by.
                    .col(text("key"))
                    .col(text("title"))
                    .col(big_integer("from_at"))
                    .col(big_integer("to_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("calendar_event")
                    .col(uuid("booking_id"))
                    .col(uuid("calendar_id"))
                    .col(uuid("workspace_id"))
                    .col(text("remote_id"))
                    .col(text_null("etag"))
                    // What was written, in short.
                    .col(string("content"))
                    // Where the vendor's copy stands, as far as we know.
                    .col(big_integer("start_at"))
                    .col(big_integer("end_at"))
                    // Deleted by its owner: not written again until the appointment changes.
                    .col(boolean("gone"))
                    .col(big_integer("written_at"))
                    .primary_key(Index::create().col("booking_id").col("calendar_id"))
                    .to_owned(),
            )
            .await?;
        let db = manager.get_connection();
        for index in [
            "CREATE UNIQUE INDEX calendar_once ON calendar (connection_id, remote_id)",
            "CREATE INDEX calendar_of_workspace ON calendar (workspace_id, id)",
            "CREATE INDEX calendar_next_sync ON calendar (next_sync_at)",
            "CREATE INDEX calendar_channel ON calendar (channel_id) WHERE channel_id IS NOT NULL",
            "CREATE INDEX calendar_busy_of_key ON calendar_busy (calendar_id, key)",
            "CREATE INDEX calendar_busy_in_time ON calendar_busy (workspace_id, to_at)",
            "CREATE INDEX calendar_event_of_calendar ON calendar_event (calendar_id, end_at)",
            "CREATE INDEX calendar_consent_expiry ON calendar_consent (expires_at)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}

fn calendar() -> TableCreateStatement {
    Table::create()
        .table("calendar")
        .col(uuid("id").primary_key())
        .col(uuid("workspace_id"))
        .col(uuid("connection_id"))
        .col(string("vendor"))
        .col(text("account"))
        .col(text("remote_id"))
        .col(uuid_null("staff_id"))
        .col(text("name"))
        .col(string_null("color"))
        .col(string_null("zone"))
        .col(boolean("blocks"))
        .col(boolean("writes"))
        .col(boolean("writable"))
        .col(string("status"))
        .col(text_null("error"))
        .col(integer("failures"))
        .col(text_null("cursor"))
        .col(big_integer_null("synced_at"))
        .col(big_integer("next_sync_at"))
        .col(big_integer_null("requested_at"))
        .col(string_null("channel_id"))
        .col(text_null("channel_resource"))
        .col(string_null("channel_token"))
        .col(big_integer_null("channel_expires_at"))
        .col(big_integer("created_at"))
        .to_owned()
}
