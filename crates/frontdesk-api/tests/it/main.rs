//! The front door, called in process.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod account;
mod audit;
mod authorization;
mod booking;
mod compliance;
mod connection;
mod contacts;
mod door;
mod home;
mod jobs;
mod key;
mod knowledge;
mod leads;
mod nodes;
mod secret;
mod support;
mod team;
mod templates;
mod workspace;
