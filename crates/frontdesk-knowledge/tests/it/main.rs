//! The integration tests of the crate: hostile files, the worker process, answers, speed.

mod answers;
