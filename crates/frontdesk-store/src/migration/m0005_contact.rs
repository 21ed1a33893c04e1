//! Contacts with their tags, notes, facts and merged ids; leads.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, integer, string, string_null, text, text_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [contacts(), tags(), merges(), notes(), facts(), leads()] {
            manager.create_table(table).await?;
        }
        let db = manager.get_connection();
        for index in INDEXES {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}

const INDEXES: &[&str] = &[
    // One person per address and per number: the rule that makes creating, capturing and merging safe at once.
    "CREATE UNIQUE INDEX contact_email ON contact (workspace_id, email) WHERE email IS NOT NULL",
    "CREATE UNIQUE INDEX contact_phone ON contact (workspace_id, phone) WHERE phone IS NOT NULL",
    "CREATE INDEX contact_by_name ON contact (workspace_id, name_key, id)",
    "CREATE INDEX contact_by_age ON contact (workspace_id, created_at, id)",
    "CREATE INDEX contact_by_visit ON contact (workspace_id, seen_key, id)",
    "CREATE INDEX contact_tag_of_name ON contact_tag (workspace_id, name_key, contact_id)",
    "CREATE INDEX contact_merge_of ON contact_merge (contact_id)",
    "CREATE INDEX contact_note_of ON contact_note (contact_id, id)",
    "CREATE UNIQUE INDEX contact_fact_once ON contact_fact (contact_id, fact_key)",
    "CREATE INDEX lead_newest ON lead (workspace_id, created_at, id)",
    "CREATE INDEX lead_by_status ON lead (workspace_id, status, created_at, id)",
    "CREATE INDEX lead_of_contact ON lead (contact_id)",
    "CREATE UNIQUE INDEX lead_open ON lead (workspace_id, contact_id) \
     WHERE status IN ('new', 'contacted', 'qualified')",
];

fn contacts() -> TableCreateStatement {
    Table::create()
        .table("contact")
        .col(uuid("id").primary_key())
        .col(uuid("workspace_id"))
        .col(text("name"))
        .col(string_null("email"))
        .col(string_null("phone"))
        .col(text_null("company"))
        .col(string_null("language"))
        .col(text("tags"))
        .col(text("fields"))
        .col(boolean("opted_out"))
        .col(string("source"))
        .col(text("name_key"))
        .col(text("search"))
        .col(big_integer("seen_key"))
        .col(big_integer("created_at"))
        .col(big_integer("updated_at"))
        .to_owned()
}

fn tags() -> TableCreateStatement {
    Table::create()
        .table("contact_tag")
        .col(uuid("contact_id"))
        .col(string("name_key"))
        .col(uuid("workspace_id"))
        .primary_key(Index::create().col("contact_id").col("name_key"))
        .to_owned()
}

fn merges() -> TableCreateStatement {
    Table::create()
        .table("contact_merge")
        .col(uuid("merged_id").primary_key())
        .col(uuid("workspace_id"))
        .col(uuid("contact_id"))
        .col(big_integer("merged_at"))
        .to_owned()
}

fn notes() -> TableCreateStatement {
    Table::create()
        .table("contact_note")
        .col(uuid("id").primary_key())
        .col(uuid("workspace_id"))
        .col(uuid("contact_id"))
        .col(text("text"))
        .col(uuid_null("author"))
        .col(big_integer("created_at"))
        .to_owned()
}

fn facts() -> TableCreateStatement {
    Table::create()
        .table("contact_fact")
        .col(uuid("id").primary_key())
        .col(uuid("workspace_id"))
        .col(uuid("contact_id"))
        .col(string("fact_key"))
        .col(text("value"))
        .col(uuid_null("conversation_id"))
        .col(big_integer("updated_at"))
        .to_owned()
}

fn leads() -> TableCreateStatement {
    Table::create()
        .table("lead")
        .col(uuid("id").primary_key())
        .col(uuid("workspace_id"))
        .col(uuid("contact_id"))
        .col(text("name"))
        .col(string_null("email"))
        .col(string_null("phone"))
        .col(text("need"))
        .col(string("status"))
        .col(integer("score"))
        .col(text("score_reasons"))
        .col(uuid_null("conversation_id"))
        .col(uuid_null("assignee"))
        .col(text("consent_text"))
        .col(big_integer_null("consent_at"))
        .col(text("search"))
        .col(big_integer("created_at"))
        .col(big_integer("updated_at"))
        .to_owned()
}
