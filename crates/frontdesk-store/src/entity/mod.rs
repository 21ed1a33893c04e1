//! Rows as the database holds them. Instants are integer milliseconds, ids are UUIDs, structured values are JSON text.

pub mod audit;
pub mod event;
pub mod event_cursor;
pub mod event_log;
pub mod job;
