//! Workflows, the contacts in them, what each step did, and tasks for the team.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, integer, string, string_null, text, text_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [workflow(), version(), enrolment(), log(), task()] {
            manager.create_table(table).await?;
        }
        let db = manager.get_connection();
        for index in [
            "CREATE INDEX workflow_of_workspace ON workflow (workspace_id, id)",
            "CREATE INDEX workflow_active ON workflow (trigger_kind) WHERE state = 'active'",
            "CREATE UNIQUE INDEX enrolment_once ON enrolment (workflow_id, contact_id) WHERE state = 'active'",
            "CREATE INDEX enrolment_due ON enrolment (workspace_id, due_at) WHERE state = 'active'",
            "CREATE INDEX enrolment_of_workflow ON enrolment (workflow_id, state, id)",
            "CREATE INDEX enrolment_of_contact ON enrolment (contact_id, workflow_id)",
            "CREATE INDEX enrolment_log_of_enrolment ON enrolment_log (enrolment_id, id)",
            "CREATE INDEX enrolment_log_of_step ON enrolment_log (workflow_id, step, outcome)",
            "CREATE INDEX enrolment_log_of_message ON enrolment_log (message_id) WHERE message_id IS NOT NULL",
            "CREATE INDEX task_open ON task (workspace_id, due_at) WHERE done_at IS NULL",
            "CREATE INDEX task_of_workspace ON task (workspace_id, id)",
            "CREATE INDEX task_of_contact ON task (contact_id, id)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}

fn workflow() -> TableCreateStatement {
    Table::create()
        .table("workflow")
        .col(uuid("id").primary_key())
        .col(uuid("workspace_id"))
        .col(string("state"))
        .col(integer("version"))
        .col(string("trigger_kind"))
        .col(text("settings"))
        // Contacts up to this one have been looked at; or the last day a date was looked at.
        .col(uuid_null("seen_to"))
        .col(string_null("seen_day"))
        .col(big_integer("created_at"))
        .col(big_integer("updated_at"))
        .to_owned()
}

fn version() -> TableCreateStatement {
    Table::create()
        .table("workflow_version")
        .col(uuid("workflow_id"))
        .col(integer("version"))
        .col(uuid("workspace_id"))
        .col(text("steps"))
        .primary_key(Index::create().col("workflow_id").col("version"))
        .to_owned()
}

fn enrolment() -> TableCreateStatement {
    Table::create()
        .table("enrolment")
        .col(uuid("id").primary_key())
        .col(uuid("workspace_id"))
        .col(uuid("workflow_id"))
        .col(uuid("contact_id"))
        .col(integer("version"))
        .col(string("state"))
        .col(string_null("step"))
        .col(big_integer_null("due_at"))
        .col(integer("tries"))
        .col(big_integer("entered_at"))
        .col(big_integer_null("ended_at"))
        .col(string_null("reason"))
        .col(text_null("qualification"))
        .to_owned()
}

fn log() -> TableCreateStatement {
    Table::create()
        .table("enrolment_log")
        .col(uuid("id").primary_key())
        .col(uuid("workspace_id"))
        .col(uuid("enrolment_id"))
        .col(uuid("workflow_id"))
        .col(big_integer("at"))
        .col(string("step"))
        .col(string("outcome"))
        .col(text("said"))
        .col(uuid_null("message_id"))
        .to_owned()
}

fn task() -> TableCreateStatement {
    Table::create()
        .table("task")
        .col(uuid("id").primary_key())
        .col(uuid("workspace_id"))
        .col(uuid("contact_id"))
        .col(text("title"))
        .col(big_integer("due_at"))
        .col(uuid_null("workflow_id"))
        .col(big_integer("created_at"))
        .col(big_integer_null("done_at"))
        .col(uuid_null("done_by"))
        .to_owned()
}
