//! Messages through vendors: the outbox, threads with customers' addresses, what was heard already, and what customers
//! allowed and forbade.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, integer, integer_null, string, text, text_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(outbox()).await?;
        manager.create_table(thread()).await?;
        manager.create_table(inbound()).await?;
        manager.create_table(consent()).await?;
        manager.create_table(suppression()).await?;
        manager
            .create_table(
                Table::create()
                    .table("compliance_settings")
                    .col(uuid("workspace_id").primary_key())
                    .col(text("settings"))
                    .to_owned(),
            )
            .await?;
        let db = manager.get_connection();
        for index in [
            "CREATE INDEX outbox_list ON outbox (workspace_id, id)",
            "CREATE INDEX outbox_status ON outbox (workspace_id, status, id)",
            "CREATE INDEX outbox_vendor ON outbox (workspace_id, vendor_id)",
            "CREATE INDEX outbox_recipient ON outbox (workspace_id, recipient, created_at)",
            "CREATE INDEX outbox_contact ON outbox (workspace_id, contact_id, id)",
            "CREATE INDEX outbox_conversation ON outbox (conversation_id)",
            "CREATE INDEX channel_thread_conversation ON channel_thread (conversation_id)",
            "CREATE INDEX consent_address ON consent (workspace_id, address, channel)",
            "CREATE INDEX consent_contact ON consent (workspace_id, contact_id)",
            "CREATE INDEX compliance_decision_contact ON compliance_decision (workspace_id, contact_id, id)",
            "CREATE INDEX suppression_list ON suppression (workspace_id, list, address)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}

fn outbox() -> TableCreateStatement {
    Table::create()
        .table("outbox")
        .col(uuid("id").primary_key())
        .col(uuid("workspace_id"))
        .col(string("channel"))
        .col(uuid_null("connection_id"))
        .col(uuid_null("conversation_id"))
        .col(uuid_null("contact_id"))
        .col(text("contact_name"))
        .col(text_null("sender"))
        .col(text("recipient"))
        .col(string("purpose"))
        .col(text("content"))
        .col(text_null("about"))
        .col(string("status"))
        .col(text_null("reason"))
        .col(text_null("code"))
        .col(text_null("verdict"))
        .col(integer("attempts"))
        .col(big_integer_null("tried_at"))
        .col(text_null("vendor_id"))
        .col(integer_null("segments"))
        .col(uuid_null("created_by"))
        .col(big_integer("created_at"))
        .col(big_integer("send_at"))
        .col(big_integer_null("sent_at"))
        .col(big_integer_null("delivered_at"))
        .col(big_integer_null("read_at"))
        .col(big_integer("updated_at"))
        .to_owned()
}

fn thread() -> TableCreateStatement {
    Table::create()
        .table("channel_thread")
        .col(uuid("workspace_id"))
        .col(uuid("connection_id"))
        .col(text("peer"))
        .col(text("own"))
        .col(uuid("conversation_id"))
        .col(big_integer_null("heard_at"))
        .col(uuid_null("asked_about"))
        .primary_key(Index::create().col("workspace_id").col("connection_id").col("peer"))
        .to_owned()
}

fn inbound() -> TableCreateStatement {
    Table::create()
        .table("inbound_message")
        .col(uuid("workspace_id"))
        .col(uuid("connection_id"))
        .col(text("vendor_id"))
        .col(uuid("message_id"))
        .col(big_integer("heard_at"))
        .primary_key(Index::create().col("workspace_id").col("connection_id").col("vendor_id"))
        .to_owned()
}

fn consent() -> TableCreateStatement {
    Table::create()
        .table("consent")
        .col(uuid("id").primary_key())
        .col(uuid("workspace_id"))
        .col(uuid_null("contact_id"))
        .col(string("channel"))
        .col(text("address"))
        .col(string("purpose"))
        .col(text("source"))
        .col(text("shown"))
        .col(text_null("evidence"))
        .col(big_integer("given_at"))
        .col(big_integer_null("revoked_at"))
        .col(text_null("revoked_by"))
        .to_owned()
}

fn suppression() -> TableCreateStatement {
    Table::create()
        .table("suppression")
        .col(uuid("workspace_id"))
        .col(text("address"))
        .col(string("list"))
        .col(text_null("reason"))
        .col(big_integer("created_at"))
        .primary_key(Index::create().col("workspace_id").col("address").col("list"))
        .to_owned()
}
