//! Bookings, and what keeps two people out of one slot.
//!
//! A session is one occurrence of a type. It claims every staff member and resource unit it needs, once, over its whole
//! time with buffers; the database refuses claims that overlap. Seats are unique within the session.

use sea_orm::ConnectionTrait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, integer, string, text, text_null, uuid, uuid_null,
};

use crate::dialect;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sessions(manager).await?;
        bookings(manager).await?;
        let db = manager.get_connection();
        for index in INDEXES {
            db.execute_unprepared(index).await?;
        }
        for statement in dialect::no_overlap(db.get_database_backend()) {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

async fn sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("booking_session")
                .col(uuid("id").primary_key())
                .col(uuid("workspace_id"))
                .col(uuid("type_id"))
                .col(big_integer("start_at"))
                .col(big_integer("end_at"))
                .col(integer("capacity"))
                .col(text("staff"))
                .col(text("resources"))
                // When nothing but holds keep it.
                .col(big_integer_null("expires_at"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("booking_claim")
                .col(uuid("id").primary_key())
                .col(uuid("workspace_id"))
                .col(uuid("session_id"))
                .col(string("unit"))
                .col(big_integer("from_at"))
                .col(big_integer("to_at"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("booking_seat")
                .col(uuid("session_id"))
                .col(integer("seat"))
                .col(uuid("workspace_id"))
                // A hold or a booking.
                .col(uuid("holder"))
                .primary_key(Index::create().col("session_id").col("seat"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("booking_hold")
                .col(uuid("id").primary_key())
                .col(uuid("workspace_id"))
                .col(string("token_hash"))
                .col(uuid("type_id"))
                .col(uuid("session_id"))
                .col(integer("seats"))
                // Whose it is, for counting how many one visitor keeps.
                .col(string("holder"))
                .col(big_integer("created_at"))
                .col(big_integer("expires_at"))
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn bookings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("booking")
                .col(uuid("id").primary_key())
                .col(uuid("workspace_id"))
                .col(string("reference"))
                .col(uuid("type_id"))
                .col(uuid_null("session_id"))
                .col(uuid("contact_id"))
                .col(string("status"))
                .col(big_integer("start_at"))
                .col(big_integer("end_at"))
                .col(text("staff"))
                .col(string("source"))
                .col(text("details"))
                .col(text("search"))
                .col(text_null("request_key"))
                .col(text("request_hash"))
                .col(big_integer("created_at"))
                .col(big_integer("updated_at"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("booking_change")
                .col(uuid("id").primary_key())
                .col(uuid("workspace_id"))
                .col(uuid("booking_id"))
                .col(integer("number"))
                .col(big_integer("at"))
                .col(string("actor"))
                .col(text("actor_name"))
                .col(text("what"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("booking_note")
                .col(uuid("id").primary_key())
                .col(uuid("workspace_id"))
                .col(uuid("booking_id"))
                .col(uuid_null("author"))
                .col(text("author_name"))
                .col(text("text"))
                .col(big_integer("created_at"))
                .to_owned(),
        )
        .await?;
    Ok(())
}

const INDEXES: &[&str] = &[
    "CREATE INDEX booking_session_of_type ON booking_session (workspace_id, start_at)",
    "CREATE INDEX booking_claim_of_session ON booking_claim (session_id)",
    "CREATE INDEX booking_claim_in_time ON booking_claim (workspace_id, from_at)",
    "CREATE INDEX booking_seat_of_holder ON booking_seat (holder)",
    "CREATE UNIQUE INDEX booking_hold_token ON booking_hold (token_hash)",
    "CREATE INDEX booking_hold_expiry ON booking_hold (workspace_id, expires_at)",
    "CREATE INDEX booking_in_time ON booking (workspace_id, start_at, id)",
    "CREATE INDEX booking_of_contact ON booking (contact_id, start_at)",
    "CREATE UNIQUE INDEX booking_reference ON booking (workspace_id, reference)",
    "CREATE UNIQUE INDEX booking_request ON booking (workspace_id, request_key) WHERE request_key IS NOT NULL",
    "CREATE UNIQUE INDEX booking_change_in_order ON booking_change (booking_id, number)",
    "CREATE INDEX booking_note_of_booking ON booking_note (booking_id, id)",
];
