//! The schema, as a list of migrations that only ever grows.
//!
//! To change the schema, add a file `mNNNN_what.rs` and a line in [`Migrations`]; never edit one that has shipped.
//! Statements that differ between the databases ask `manager.get_database_backend()`.

use sea_orm_migration::{MigrationTrait, MigratorTrait};

use crate::connect::Store;
use crate::{Result, StoreError};

mod m0001_core;
mod m0002_account;
mod m0003_conversation;
mod m0006_agent;

struct Migrations;

impl MigratorTrait for Migrations {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_core::Migration),
            Box::new(m0002_account::Migration),
            Box::new(m0003_conversation::Migration),
            Box::new(m0006_agent::Migration),
        ]
    }
}

pub(crate) async fn up(store: &Store) -> Result<()> {
    Migrations::up(store.write_connection(), None).await.map_err(StoreError::Database)
}

pub(crate) async fn pending(store: &Store) -> Result<Vec<String>> {
    let pending = Migrations::get_pending_migrations(store.write_connection()).await?;
    Ok(pending.iter().map(|migration| migration.name().to_owned()).collect())
}
