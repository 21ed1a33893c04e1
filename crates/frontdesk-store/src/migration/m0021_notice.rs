//! What becomes of a notice is told by its message in the outbox.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const STATEMENTS: [&str; 6] = [
    "DROP INDEX booking_notice_of_vendor",
    "ALTER TABLE booking_notice DROP COLUMN state",
    "ALTER TABLE booking_notice DROP COLUMN attempts",
    "ALTER TABLE booking_notice DROP COLUMN error",
    "ALTER TABLE booking_notice DROP COLUMN vendor_id",
    "ALTER TABLE booking_notice DROP COLUMN updated_at",
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
