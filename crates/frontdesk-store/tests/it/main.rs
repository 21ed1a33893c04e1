//! The store's suite, every test on both databases. One more resource: a file here and a line below.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that meets the unexpected fails")]

mod account;
mod announce;
mod contact;
mod contact_list;
mod cursor;
mod event_log;
mod job;
mod plan;
mod schema;
mod unit;
