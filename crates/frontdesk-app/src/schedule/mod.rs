//! What can be booked and when: booking types, staff, resources, places, and the workspace's rules.
//!
//! Rules are checked in `check.rs`, so that the availability engine never meets one it cannot read.

mod check;
mod furnish;
pub mod kind;
pub mod settings;
pub mod things;

pub use furnish::furnish;
