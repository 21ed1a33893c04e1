//! What can go wrong in the store.

/// Why a store call failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique rule of the database was violated; the text names the constraint or columns.
    #[error("already taken: {0}")]
    Duplicate(String),
    /// Somebody else has claimed the time.
    #[error("the time is taken")]
    Taken,
    /// A row that must exist does not, in this scope.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// The row changed since it was read.
    #[error("{0} was changed by someone else")]
    Stale(&'static str),
    /// Stored data could not be understood.
    #[error("damaged row in {table}: {reason}")]
    Damaged {
        /// The table.
        table: &'static str,
        /// What was wrong.
        reason: String,
    },
    /// The group of writes this one was committed with could not be made durable; nothing of it happened.
    #[error("commit failed: {0}")]
    Commit(String),
    /// The database could not be reached or refused the statement.
    #[error("database: {0}")]
    Database(sea_orm::DbErr),
}

impl From<sea_orm::DbErr> for StoreError {
    fn from(error: sea_orm::DbErr) -> Self {
        match error.sql_err() {
            Some(sea_orm::SqlErr::UniqueConstraintViolation(what)) => Self::Duplicate(what),
            _ if error.to_string().contains("booking_claim_free") => Self::Taken,
            _ => Self::Database(error),
        }
    }
}

impl StoreError {
    /// Reads a JSON column.
    pub(crate) fn damaged(table: &'static str, reason: impl std::fmt::Display) -> Self {
        Self::Damaged { table, reason: reason.to_string() }
    }

    /// Whether no connection became free in time: more is asked at once than the database is allowed to do at once.
    pub fn is_overload(&self) -> bool {
        matches!(self, Self::Database(sea_orm::DbErr::ConnectionAcquire(_)))
    }

    /// Whether trying the same unit of work again may succeed (serialisation failure, deadlock, busy database).
    pub fn is_transient(&self) -> bool {
        let text = match self {
            Self::Database(error) => error.to_string(),
            Self::Commit(text) => text.clone(),
            _ => return false,
        };
        ["40001", "40P01", "deadlock", "could not serialize", "database is locked", "pool timed out"]
            .iter()
            .any(|sign| text.contains(sign))
    }
}
