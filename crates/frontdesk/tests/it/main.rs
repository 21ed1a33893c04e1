//! The binary as its operator starts it: killed, run twice on one database, reading hostile files.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod booking_storm;
mod crash;
mod nodes;
mod parse_worker;
mod server;
mod visitor;
