//! The gate in front of everything that reaches a customer: judges, records why, and alone mints permits. What it rests
//! on is gathered in `facts.rs`; the words that stop and start messages are heard in `words.rs`.

pub mod desk;
mod facts;
mod gate;
mod question;
mod rulebooks;
pub(crate) mod words;

pub(crate) use facts::{ends, facts_of, opt_in_address, opt_out_address, opt_out_channel, postal_address};
pub use gate::{Refusal, Sending, permit, permit_reply};
pub(crate) use question::{JOB as QUESTION_JOB, run as run_question};
pub use rulebooks::Rulebooks;
