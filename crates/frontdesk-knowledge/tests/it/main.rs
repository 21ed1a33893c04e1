//! The integration tests of the crate: files of every kind, hostile files, the worker process, answers.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests; the answer figures are printed for whoever tunes them"
)]

mod answers;
mod files;
mod hostile;
mod make;
mod speed;
mod worker;
