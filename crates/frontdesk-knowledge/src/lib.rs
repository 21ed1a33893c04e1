//! Knowledge: documents in, passages and answers out.
//!
//! Bytes are parsed ([`parse`], in a killable process by [`worker`]), cut into chunks ([`chunk`]), held in a
//! per-workspace index in memory ([`index`]) and quoted from ([`answer`]). [`eval`] measures the result on a public
//! test set. This crate has no SQL and no HTTP client: the application fetches, stores and feeds it.

pub mod answer;
pub mod chunk;
pub mod eval;
pub mod index;
pub mod language;
pub mod parse;
pub mod text;
pub mod worker;
