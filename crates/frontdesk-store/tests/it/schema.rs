//! One schema, however and wherever it was made.

use frontdesk_testkit::{TestStore, block_on, schema};

async fn step_by_step(t: &TestStore) {
    while !t.store.pending_migrations().await.unwrap().is_empty() {
        t.store.migrate_one().await.unwrap();
    }
}

#[test]
fn a_fresh_schema_equals_a_migrated_one_on_sqlite() {
    block_on(async {
        let (fresh, migrated) = (TestStore::sqlite().await, TestStore::sqlite_empty().await);
        step_by_step(&migrated).await;
        let described = schema::describe(&fresh).await;
        assert!(described.len() > 10);
        assert_eq!(described, schema::describe(&migrated).await);
    });
}

#[test]
fn a_fresh_schema_equals_a_migrated_one_on_postgres() {
    block_on(async {
        let (fresh, migrated) = (TestStore::postgres().await, TestStore::postgres_empty().await);
        step_by_step(&migrated).await;
        let described = schema::describe(&fresh).await;
        assert!(described.len() > 10);
        assert_eq!(described, schema::describe(&migrated).await);
    });
}

#[test]
fn both_databases_have_the_same_tables_columns_and_indexes() {
    block_on(async {
        let (sqlite, postgres) = (TestStore::sqlite().await, TestStore::postgres().await);
        assert_eq!(schema::columns(&sqlite).await, schema::columns(&postgres).await);
        assert_eq!(schema::indexes(&sqlite).await, schema::indexes(&postgres).await);
    });
}

#[test]
fn migrating_twice_changes_nothing() {
    block_on(async {
        let t = TestStore::sqlite().await;
        let before = schema::describe(&t).await;
        t.store.migrate().await.unwrap();
        assert!(t.store.pending_migrations().await.unwrap().is_empty());
        assert_eq!(before, schema::describe(&t).await);
    });
}

#[test]
fn nodes_that_start_together_migrate_once() {
    block_on(async {
        let t = TestStore::postgres_empty().await;
        let other = t.another().await;
        let (first, second) = tokio::join!(t.store.migrate(), other.migrate());
        first.unwrap();
        second.unwrap();
        assert!(t.store.pending_migrations().await.unwrap().is_empty());
        other.close().await;
    });
}
