//! Mail that comes in: how far mailboxes are read, which conversation a mail belongs to, the files that came along, and
//! what signs the addresses and links of a workspace's mail.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary, integer, text, text_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(inbox()).await?;
        manager.create_table(thread()).await?;
        manager
            .create_table(
                Table::create()
                    .table("mail_reference")
                    .col(uuid("workspace_id"))
                    .col(text("mail"))
                    .col(uuid("conversation_id"))
                    .primary_key(Index::create().col("workspace_id").col("mail"))
                    .to_owned(),
            )
            .await?;
        manager.create_table(file()).await?;
        manager
            .create_table(
                Table::create()
                    .table("mail_key")
                    .col(uuid("workspace_id").primary_key())
                    .col(text("sealed"))
                    .to_owned(),
            )
            .await?;
        let db = manager.get_connection();
        for index in [
            "CREATE INDEX mail_thread_peer ON mail_thread (workspace_id, peer, heard_at)",
            "CREATE INDEX mail_reference_conversation ON mail_reference (conversation_id)",
            "CREATE INDEX message_file_message ON message_file (message_id, place)",
            "CREATE INDEX message_file_conversation ON message_file (conversation_id)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}

fn inbox() -> TableCreateStatement {
    Table::create()
        .table("mail_inbox")
        .col(uuid("connection_id").primary_key())
        .col(uuid("workspace_id"))
        .col(big_integer_null("uid_validity"))
        .col(big_integer_null("last_uid"))
        .col(big_integer("began_at"))
        .col(big_integer_null("looked_at"))
        .col(big_integer("next_at"))
        .col(integer("failures"))
        .col(text_null("trouble"))
        .to_owned()
}

fn thread() -> TableCreateStatement {
    Table::create()
        .table("mail_thread")
        .col(uuid("conversation_id").primary_key())
        .col(uuid("workspace_id"))
        .col(uuid_null("connection_id"))
        .col(uuid_null("through"))
        .col(text("peer"))
        .col(text("own"))
        .col(text("subject"))
        .col(text_null("last_id"))
        .col(text("mail_ids"))
        .col(big_integer_null("heard_at"))
        .to_owned()
}

fn file() -> TableCreateStatement {
    Table::create()
        .table("message_file")
        .col(uuid("id").primary_key())
        .col(uuid("workspace_id"))
        .col(uuid("conversation_id"))
        .col(uuid("message_id"))
        .col(integer("place"))
        .col(text("name"))
        .col(text("media_type"))
        .col(big_integer("size"))
        .col(binary("bytes"))
        .to_owned()
}
