//! The binary as its operator starts it: killed, run twice on one database, reading hostile files.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]

mod booking_storm;
mod crash;
mod log;
mod message_storm;
mod nodes;
mod parse_worker;
mod server;
mod vendors;
mod visitor;
