//! The calendar port against simulators and, for CalDAV, a real Radicale server: one suite that every vendor runs.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod cache;
mod consent;
mod contract;
mod import;
mod push;
mod world;
