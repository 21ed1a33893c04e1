//! The orders of contacts tell their status, too: a list of one status is walked in its order without looking at a row.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const STATEMENTS: [&str; 8] = [
    "DROP INDEX contact_by_name",
    "CREATE INDEX contact_by_name ON contact (workspace_id, name_key, id, status)",
    "DROP INDEX contact_by_visit",
    "CREATE INDEX contact_by_visit ON contact (workspace_id, seen_key, id, status)",
    "DROP INDEX contact_by_contact",
    "CREATE INDEX contact_by_contact ON contact (workspace_id, contacted_key, id, status)",
    "DROP INDEX contact_of_workspace",
    "CREATE INDEX contact_of_workspace ON contact (workspace_id, id, status)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in STATEMENTS {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
