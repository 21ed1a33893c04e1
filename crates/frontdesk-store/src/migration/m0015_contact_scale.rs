//! Contacts at scale: status, where they live, custom fields by typed values, kept counts, segments, imports and actions
//! on many at once.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, double_null, integer, string, string_null, text, text_null, uuid,
    uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in columns() {
            manager.alter_table(Table::alter().table("contact").add_column(column).to_owned()).await?;
        }
        for table in [counts(), values(), fields(), segments(), imports(), mappings(), bulks(), items()] {
            manager.create_table(table).await?;
        }
        let db = manager.get_connection();
        for statement in statements(manager.get_database_backend()) {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

fn columns() -> Vec<ColumnDef> {
    let word = |name: &'static str| string(name).default("").to_owned();
    vec![
        string("status").default("pending").to_owned(),
        string_null("external_id"),
        string_null("zone"),
        string_null("region"),
        string_null("postal_code"),
        string_null("country"),
        integer("follow_ups").default(0).to_owned(),
        big_integer("contacted_key").default(0).to_owned(),
        word("surname_key"),
        uuid_null("import_id"),
    ]
}

fn statements(backend: DbBackend) -> Vec<&'static str> {
    let mut all = vec![
        // Ids are ordered by the time they were made, so the list by age needs no column of its own.
        "DROP INDEX contact_by_age",
        "CREATE INDEX contact_of_workspace ON contact (workspace_id, id)",
        "CREATE INDEX contact_by_status ON contact (workspace_id, status, id)",
        "CREATE INDEX contact_by_contact ON contact (workspace_id, contacted_key, id)",
        "CREATE INDEX contact_by_follow_ups ON contact (workspace_id, follow_ups, id) WHERE follow_ups > 0",
        "CREATE INDEX contact_of_import ON contact (import_id, id) WHERE import_id IS NOT NULL",
        "CREATE UNIQUE INDEX contact_external ON contact (workspace_id, external_id) WHERE external_id IS NOT NULL",
        "INSERT INTO contact_count (workspace_id, contacts) \
         SELECT workspace_id, count(*) FROM contact GROUP BY workspace_id",
        "CREATE INDEX contact_field_by_number ON contact_field_value (workspace_id, field_key, number_value, contact_id) \
         WHERE number_value IS NOT NULL",
        "CREATE INDEX contact_field_by_text ON contact_field_value (workspace_id, field_key, text_key, contact_id) \
         WHERE text_key IS NOT NULL",
        "CREATE INDEX contact_by_surname ON contact (workspace_id, surname_key, id) WHERE surname_key <> ''",
        "CREATE UNIQUE INDEX contact_field_once ON contact_field (workspace_id, field_key)",
        "CREATE INDEX contact_segment_of_workspace ON contact_segment (workspace_id, id)",
        "CREATE INDEX contact_import_of_workspace ON contact_import (workspace_id, id)",
        "CREATE INDEX contact_bulk_item_of_contact ON contact_bulk_item (contact_id)",
        "CREATE INDEX contact_bulk_of_workspace ON contact_bulk (workspace_id, id)",
    ];
    all.extend_from_slice(match backend {
        DbBackend::Postgres => POSTGRES,
        _ => SQLITE,
    });
    all
}

const SQLITE: &[&str] = &[
    // What follows the last space: with everything but spaces trimmed away from the right, the rest is what precedes it.
    "UPDATE contact SET surname_key = replace(name_key, rtrim(name_key, replace(name_key, ' ', '')), '') \
     WHERE name_key LIKE '% %'",
    "INSERT INTO contact_field_value (contact_id, field_key, workspace_id, text_key, number_value) \
     SELECT c.id, lower(f.key), c.workspace_id, CASE WHEN f.type = 'text' THEN lower(substr(f.value, 1, 100)) END, \
       CASE f.type WHEN 'integer' THEN f.value WHEN 'real' THEN f.value WHEN 'true' THEN 1.0 WHEN 'false' THEN 0.0 END \
     FROM contact c, json_each(c.fields) f WHERE f.type <> 'null' ON CONFLICT DO NOTHING",
];

/// Beginnings are looked for, and names sorted, byte by byte as in SQLite, whatever language the database sorts in.
const POSTGRES: &[&str] = &[
    "UPDATE contact SET surname_key = regexp_replace(name_key, '^.* ', '') WHERE name_key LIKE '% %'",
    "INSERT INTO contact_field_value (contact_id, field_key, workspace_id, text_key, number_value) \
     SELECT c.id, lower(f.key), c.workspace_id, \
       CASE WHEN jsonb_typeof(f.value) = 'string' THEN lower(substr(f.value #>> '{}', 1, 100)) END, \
       CASE jsonb_typeof(f.value) WHEN 'number' THEN (f.value #>> '{}')::float8 \
         WHEN 'boolean' THEN (f.value #>> '{}')::boolean::int::float8 END \
     FROM contact c, jsonb_each(c.fields::jsonb) f WHERE jsonb_typeof(f.value) <> 'null' ON CONFLICT DO NOTHING",
    "ALTER TABLE contact ALTER COLUMN name_key TYPE text COLLATE \"C\", ALTER COLUMN surname_key TYPE varchar COLLATE \"C\", \
     ALTER COLUMN email TYPE varchar COLLATE \"C\", ALTER COLUMN phone TYPE varchar COLLATE \"C\"",
    "ALTER TABLE contact_field_value ALTER COLUMN text_key TYPE varchar COLLATE \"C\"",
];

fn counts() -> TableCreateStatement {
    Table::create()
        .table("contact_count")
        .col(uuid("workspace_id").primary_key())
        .col(big_integer("contacts"))
        .to_owned()
}

fn values() -> TableCreateStatement {
    Table::create()
        .table("contact_field_value")
        .col(uuid("contact_id"))
        .col(string("field_key"))
        .col(uuid("workspace_id"))
        .col(string_null("text_key"))
        .col(double_null("number_value"))
        .primary_key(Index::create().col("contact_id").col("field_key"))
        .to_owned()
}

fn fields() -> TableCreateStatement {
    Table::create()
        .table("contact_field")
        .col(uuid("id").primary_key())
        .col(uuid("workspace_id"))
        .col(string("field_key"))
        .col(string("name"))
        .col(text("label"))
        .col(string("kind"))
        .col(text("options"))
        .col(big_integer("created_at"))
        .to_owned()
}

fn segments() -> TableCreateStatement {
    Table::create()
        .table("contact_segment")
        .col(uuid("id").primary_key())
        .col(uuid("workspace_id"))
        .col(text("name"))
        .col(text("filter"))
        .col(boolean("shared"))
        .col(uuid_null("owner"))
        .col(big_integer("created_at"))
        .to_owned()
}

fn imports() -> TableCreateStatement {
    Table::create()
        .table("contact_import")
        .col(uuid("id").primary_key())
        .col(uuid("workspace_id"))
        .col(text("file_name"))
        .col(big_integer("bytes"))
        .col(string("state"))
        .col(text("columns"))
        .col(string("encoding"))
        .col(string("delimiter"))
        .col(text_null("plan"))
        .col(text("counts"))
        // Where reading goes on, and how long the file of refused rows was then.
        .col(big_integer("next_byte"))
        .col(big_integer("next_line"))
        .col(big_integer("reject_bytes"))
        .col(big_integer("text_bytes"))
        .col(text_null("error"))
        .col(uuid_null("owner"))
        .col(big_integer("created_at"))
        .col(big_integer_null("finished_at"))
        .to_owned()
}

fn mappings() -> TableCreateStatement {
    Table::create()
        .table("contact_import_mapping")
        .col(uuid("workspace_id"))
        .col(string("headers_key"))
        .col(text("columns"))
        .col(big_integer("used_at"))
        .primary_key(Index::create().col("workspace_id").col("headers_key"))
        .to_owned()
}

fn bulks() -> TableCreateStatement {
    Table::create()
        .table("contact_bulk")
        .col(uuid("id").primary_key())
        .col(uuid("workspace_id"))
        .col(text("action"))
        .col(text("selection"))
        .col(string("state"))
        .col(big_integer_null("total"))
        .col(big_integer("done"))
        .col(big_integer("changed"))
        .col(uuid_null("next_after"))
        .col(big_integer("file_bytes"))
        .col(text_null("error"))
        .col(uuid_null("owner"))
        .col(big_integer("created_at"))
        .col(big_integer_null("finished_at"))
        .to_owned()
}

fn items() -> TableCreateStatement {
    Table::create()
        .table("contact_bulk_item")
        .col(uuid("bulk_id"))
        .col(uuid("contact_id"))
        .col(uuid("workspace_id"))
        .col(text("before"))
        .primary_key(Index::create().col("bulk_id").col("contact_id"))
        .to_owned()
}
