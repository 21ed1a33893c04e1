//! The queue's suite, every test on both databases.

mod failure;
mod fairness;
mod kit;
mod lease;
mod schedule;
mod worker;
