//! The front door, called in process.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod account;
mod audit;
mod connection;
mod door;
mod key;
mod nodes;
mod secret;
mod support;
mod team;
mod workspace;
