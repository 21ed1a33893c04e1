//! The turn: memory, knowledge, brain, tools and guard, one function for every channel.
//!
//! [`turn::turn`] takes a [`session::Session`] and what the customer said and yields [`event::TurnEvent`]s. Two brains
//! stand behind it: [`builtin`] (a dialogue engine, no key, no network) and [`llm`] (any `ChatModel`). Both see the
//! same tools and the same knowledge, and what they must remember lives in the session, so a conversation can change
//! brain between two turns. No SQL and no vendor in here: tools and knowledge come in through ports.

pub mod authority;
pub mod booking;
pub mod brain;
pub mod builtin;
pub mod event;
pub mod guard;
pub mod llm;
pub mod port;
pub mod session;
pub mod shelf;
#[cfg(test)]
mod testing;
pub mod tools;
pub mod turn;
