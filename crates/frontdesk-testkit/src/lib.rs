//! Test support: databases per test, a clock that stands still, replayable randomness, the application in process.
//!
//! Only `[dev-dependencies]` name this crate. [`TestStore`] is for suites of the store and the queue, run on both
//! databases by [`on_both!`]; `TestApp` (feature `app`) is for suites of use cases and routes.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot start must fail loudly"
)]

#[cfg(feature = "app")]
pub mod app;
#[cfg(feature = "dovecot")]
pub mod dovecot;
pub mod postgres;
#[cfg(feature = "app")]
pub mod radicale;
mod recorder;
pub mod schema;
mod store;

#[cfg(feature = "app")]
pub use app::{Answer, Browser, TestApp};
pub use recorder::Recorder;
pub use store::{START, TestStore, block_on};
