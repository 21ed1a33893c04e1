//! The store's suite, every test on both databases. One more resource: a file here and a line below.

mod account;
mod announce;
mod contact;
mod cursor;
mod event_log;
mod job;
mod plan;
mod schema;
mod unit;
