//! The waiting list with its offers, and saved views of the bookings list.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, string, text, text_null, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("waiting_entry")
                    .col(uuid("id").primary_key())
                    .col(uuid("workspace_id"))
                    .col(uuid("type_id"))
                    .col(uuid("contact_id"))
                    .col(uuid_null("staff_id"))
                    .col(string("status"))
                    .col(big_integer("from_at"))
                    .col(big_integer("to_at"))
                    .col(text("name"))
                    .col(text_null("email"))
                    .col(text_null("phone"))
                    .col(string("zone"))
                    .col(string("language"))
                    .col(big_integer("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("waiting_offer")
                    .col(uuid("id").primary_key())
                    .col(uuid("workspace_id"))
                    .col(uuid("waiting_id"))
                    // Its hold, which keeps the time.
                    .col(uuid("hold_id"))
                    .col(string("state"))
                    .col(big_integer("start_at"))
                    .col(big_integer("end_at"))
                    .col(text("staff"))
                    .col(string("secret"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("booking_view")
                    .col(uuid("id").primary_key())
                    .col(uuid("workspace_id"))
                    .col(text("name"))
                    .col(text("query"))
                    .col(boolean("shared"))
                    .col(uuid("created_by"))
                    .to_owned(),
            )
            .await?;
        let db = manager.get_connection();
        for index in [
            "CREATE INDEX waiting_entry_in_turn ON waiting_entry (workspace_id, status, created_at, id)",
            "CREATE INDEX waiting_entry_of_contact ON waiting_entry (contact_id)",
            "CREATE INDEX waiting_entry_over ON waiting_entry (status, to_at)",
            "CREATE INDEX waiting_offer_of_entry ON waiting_offer (waiting_id)",
            "CREATE INDEX waiting_offer_open ON waiting_offer (state, expires_at)",
            "CREATE INDEX booking_view_of_workspace ON booking_view (workspace_id, created_by)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}
