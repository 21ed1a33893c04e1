//! The schema, as a list of migrations that only ever grows.
//!
//! To change the schema, add a file `mNNNN_what.rs` and a line in [`Migrations`]; never edit one that has shipped.
//! Statements that differ between the databases ask `manager.get_database_backend()`.

use sea_orm::{ConnectionTrait, TransactionTrait};
use sea_orm_migration::{MigrationTrait, MigratorTrait};

use crate::connect::{Backend, Store};
use crate::{Result, StoreError};

mod m0001_core;
mod m0002_account;
mod m0003_conversation;
mod m0004_knowledge;
mod m0005_contact;
mod m0006_agent;
mod m0007_schedule;
mod m0008_booking;
mod m0009_template;
mod m0010_waiting;
mod m0011_calendar;
mod m0012_identity;
mod m0013_bounce;
mod m0014_messaging;
mod m0015_contact_scale;
mod m0016_mail;
mod m0017_templates;
mod m0018_contact_order;
mod m0019_workflow;
mod m0020_identify;
mod m0021_notice;
mod m0022_lookup;

struct Migrations;

impl MigratorTrait for Migrations {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_core::Migration),
            Box::new(m0002_account::Migration),
            Box::new(m0003_conversation::Migration),
            Box::new(m0004_knowledge::Migration),
            Box::new(m0005_contact::Migration),
            Box::new(m0006_agent::Migration),
            Box::new(m0007_schedule::Migration),
            Box::new(m0008_booking::Migration),
            Box::new(m0009_template::Migration),
            Box::new(m0010_waiting::Migration),
            Box::new(m0011_calendar::Migration),
            Box::new(m0012_identity::Migration),
            Box::new(m0013_bounce::Migration),
            Box::new(m0014_messaging::Migration),
            Box::new(m0015_contact_scale::Migration),
            Box::new(m0016_mail::Migration),
            Box::new(m0017_templates::Migration),
            Box::new(m0018_contact_order::Migration),
            Box::new(m0019_workflow::Migration),
            Box::new(m0020_identify::Migration),
            Box::new(m0021_notice::Migration),
            Box::new(m0022_lookup::Migration),
        ]
    }
}

pub(crate) async fn up(store: &Store) -> Result<()> {
    run(store, None).await
}

pub(crate) async fn up_one(store: &Store) -> Result<()> {
    run(store, Some(1)).await
}

async fn run(store: &Store, steps: Option<u32>) -> Result<()> {
    let db = store.write_connection();
    // Nodes that start together take turns.
    let turn = match store.backend() {
        Backend::Postgres => {
            let turn = db.begin().await?;
            turn.execute_unprepared("SELECT pg_advisory_xact_lock(7236270)").await?;
            Some(turn)
        }
        Backend::Sqlite => None,
    };
    Migrations::up(db, steps).await.map_err(StoreError::Database)?;
    if let Some(turn) = turn {
        turn.commit().await?;
    }
    Ok(())
}

pub(crate) async fn pending(store: &Store) -> Result<Vec<String>> {
    let pending = Migrations::get_pending_migrations(store.write_connection()).await?;
    Ok(pending.iter().map(|migration| migration.name().to_owned()).collect())
}
