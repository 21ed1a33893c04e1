//! The gate in front of everything that reaches a customer: judges, records why, and alone mints permits.

mod gate;

pub use gate::{Refusal, Sending, permit, permit_reply};
