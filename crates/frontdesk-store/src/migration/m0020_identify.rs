//! Numbers and addresses are seen in full with a permission of their own; keys from before keep what they saw.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statement = "UPDATE api_key SET scopes = replace(scopes, '[\"', '[\"contacts:identify\",\"') \
             WHERE scopes NOT LIKE '%\"contacts:identify\"%'";
        manager.get_connection().execute_unprepared(statement).await?;
        Ok(())
    }
}
