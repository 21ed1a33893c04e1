//! Which slots can be booked, and why others cannot: pure interval arithmetic over rules and busy times.
//!
//! Nothing is read here: the caller loads a [`Question`](query::Question) and gets slots. That a slot is still free when
//! it is booked is the database's business.

pub mod hours;
pub mod interval;
mod obstacles;
pub mod query;
pub mod recurrence;
pub mod slot;
pub mod slots;
pub mod zone;

#[cfg(test)]
mod tests;

pub use obstacles::obstacles;
pub use query::{Busy, BusyBy, Counted, Question, Session, Unit};
pub use slot::{Obstacle, ObstacleKind, Slot, SlotKey};
pub use slots::{next_slot, slots};
