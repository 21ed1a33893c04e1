//! The gate in front of everything that reaches a customer: judges, records why, and alone mints permits. What it rests
//! on is gathered in `facts.rs`; the words that stop and start messages are heard in `words.rs`.

mod facts;
mod gate;
pub(crate) mod words;

pub(crate) use facts::{facts_of, opt_in_address, opt_out_address};
pub use gate::{Refusal, Sending, permit, permit_reply};
