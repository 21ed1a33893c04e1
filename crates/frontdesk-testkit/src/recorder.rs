//! A connection that notes every statement, so that a test can read the plans of the queries the store really runs.

use std::sync::Mutex;

use frontdesk_store::{Backend, Store};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, Statement,
    TransactionTrait,
};

/// Passes statements on to a store's reader and notes them.
#[derive(Debug)]
pub struct Recorder {
    connection: DatabaseConnection,
    statements: Mutex<Vec<Statement>>,
}

impl Recorder {
    /// Over this store's reader.
    pub fn new(store: &Store) -> Self {
        Self { connection: store.reader().clone(), statements: Mutex::default() }
    }

    /// How many statements have run since the last look: round trips to the database.
    pub fn count(&self) -> usize {
        self.statements.lock().expect("no test panicked").len()
    }

    /// Forgets the noted statements and gives the lines of their plans that read a whole table. PostgreSQL is asked
    /// not to when any index would do, since its choice depends on how little a test stores.
    pub async fn table_scans(&self, store: &Store) -> Vec<String> {
        let statements = std::mem::take(&mut *self.statements.lock().expect("no test panicked"));
        let mut scans = Vec::new();
        for statement in statements {
            let plan = match store.backend() {
                Backend::Sqlite => self.sqlite_plan(&statement).await,
                Backend::Postgres => self.postgres_plan(&statement).await,
            };
            scans.extend(plan.into_iter().map(|line| format!("{line}   in   {}", statement.sql)));
        }
        scans
    }

    async fn sqlite_plan(&self, statement: &Statement) -> Vec<String> {
        let explain = explained(statement, "EXPLAIN QUERY PLAN");
        let rows = self.connection.query_all_raw(explain).await.expect("a plan");
        let lines: Vec<String> =
            rows.into_iter().map(|row| row.try_get_by_index(3).expect("a line")).collect();
        // What the plan makes itself on the way: reading it reads no table.
        let made: Vec<&str> = lines
            .iter()
            .filter_map(|line| line.strip_prefix("CO-ROUTINE ").or_else(|| line.strip_prefix("MATERIALIZE ")))
            .collect();
        lines
            .iter()
            .filter(|line| !line.contains(" INDEX ") && !line.contains("CONSTANT ROW"))
            .filter(|line| line.strip_prefix("SCAN ").is_some_and(|name| !made.contains(&name)))
            .cloned()
            .collect()
    }

    async fn postgres_plan(&self, statement: &Statement) -> Vec<String> {
        let tx = self.connection.begin().await.expect("a transaction");
        tx.execute_unprepared("SET LOCAL enable_seqscan = off").await.expect("a setting");
        let rows = tx.query_all_raw(explained(statement, "EXPLAIN")).await.expect("a plan");
        tx.rollback().await.expect("a rollback");
        let lines = rows.into_iter().map(|row| row.try_get_by_index::<String>(0).expect("a line"));
        lines.filter(|line| line.contains("Seq Scan on ")).map(|line| line.trim().to_owned()).collect()
    }

    fn note(&self, statement: &Statement) {
        self.statements.lock().expect("no test panicked").push(statement.clone());
    }
}

fn explained(statement: &Statement, how: &str) -> Statement {
    let mut explain = statement.clone();
    explain.sql = format!("{how} {}", statement.sql);
    explain
}

#[async_trait::async_trait]
impl ConnectionTrait for Recorder {
    fn get_database_backend(&self) -> DbBackend {
        self.connection.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.note(&statement);
        self.connection.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.connection.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.note(&statement);
        self.connection.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.note(&statement);
        self.connection.query_all_raw(statement).await
    }
}
