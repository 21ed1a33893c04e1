//! What the brain does about what it understood, a file per kind. [`lead`] lasts several turns and is kept on the
//! agenda; the others finish within one.

pub mod answer;
pub mod booking;
pub mod handoff;
pub mod lead;
pub mod opt_out;
pub mod send;
pub mod slots;
pub mod small_talk;
