//! The queue's suite, every test on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected fails"
)]

mod failure;
mod fairness;
mod kit;
mod lease;
mod schedule;
mod worker;
