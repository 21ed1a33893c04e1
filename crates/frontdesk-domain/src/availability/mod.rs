//! Which slots can be booked, and why others cannot: pure interval arithmetic over rules and busy times.
//!
//! Nothing is read here: the caller loads a [`Question`](query::Question) and gets slots. That a slot is still free when
//! it is booked is the database's business.

pub mod slot;

pub use slot::{Obstacle, ObstacleKind, Slot, SlotKey};
