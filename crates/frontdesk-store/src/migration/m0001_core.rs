//! Events, subscribers' places, audit, jobs and schedules.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, integer, string, text, text_null, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("event_log")
                    .col(uuid("workspace_id").primary_key())
                    .col(big_integer("seq"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("event")
                    .col(uuid("workspace_id"))
                    .col(big_integer("seq"))
                    .col(big_integer("at"))
                    .col(string("kind"))
                    .col(text("payload"))
                    .primary_key(Index::create().col("workspace_id").col("seq"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("event_cursor")
                    .col(string("subscriber"))
                    .col(uuid("workspace_id"))
                    .col(big_integer("seq"))
                    .primary_key(Index::create().col("subscriber").col("workspace_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("audit")
                    .col(uuid("id").primary_key())
                    .col(uuid("workspace_id"))
                    .col(big_integer("at"))
                    .col(string("actor_kind"))
                    .col(text("actor"))
                    .col(string("action"))
                    .col(text_null("target"))
                    .col(text("detail"))
                    .col(text_null("ip"))
                    .col(text("request_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("audit_by_workspace")
                    .table("audit")
                    .col("workspace_id")
                    .col("id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("job")
                    .col(uuid("id").primary_key())
                    .col(uuid("workspace_id"))
                    .col(string("name"))
                    .col(text("payload"))
                    .col(string("state"))
                    .col(big_integer("run_at"))
                    .col(integer("attempts"))
                    .col(integer("max_attempts"))
                    .col(text_null("unique_key"))
                    .col(big_integer_null("lease_until"))
                    .col(text_null("last_error"))
                    .col(big_integer("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("schedule")
                    .col(string("name").primary_key())
                    .col(string("expression"))
                    .col(big_integer("next_at"))
                    .to_owned(),
            )
            .await?;
        let db = manager.get_connection();
        for index in INDEXES {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}

const INDEXES: &[&str] = &[
    // Claiming walks one workspace's ready jobs in order of time.
    "CREATE INDEX job_ready ON job (workspace_id, run_at, id) WHERE state = 'ready'",
    "CREATE INDEX job_due ON job (run_at) WHERE state = 'ready'",
    "CREATE INDEX job_lease ON job (lease_until) WHERE state = 'running'",
    "CREATE UNIQUE INDEX job_unique ON job (workspace_id, name, unique_key) \
     WHERE unique_key IS NOT NULL AND state IN ('ready', 'running')",
    "CREATE INDEX job_dead ON job (workspace_id, id) WHERE state = 'dead'",
];
