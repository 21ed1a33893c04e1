//! Which slots can be booked, and why others cannot: pure interval arithmetic over rules and busy times.
//!
//! Nothing is read here: the caller loads a [`Question`](query::Question) and gets [`slots`], the [`next_slot`], the
//! [`obstacles`] at an instant, or a [`plan`](plan::plan) of what to claim. That a slot is still free when it is booked is
//! the database's business.
//!
//! `interval` and `zone` are the arithmetic, `hours` and `recurrence` turn rules into instants, `grid` lays out the starts,
//! `prepared` puts a question's parts together, and `slots`, `obstacles` and `plan` answer. To add a rule that forbids
//! starts, add it to `prepared`, say why in `obstacles`, and teach the reference in `tests` about it.

pub mod fair;
pub mod grid;
pub mod hours;
pub mod interval;
mod obstacles;
pub mod plan;
mod prepared;
pub mod query;
pub mod recurrence;
#[doc(hidden)]
pub mod scenario;
pub mod slot;
pub mod slots;
#[cfg(test)]
mod tests;
pub mod zone;

pub use fair::choose_staff;
pub use hours::{Block, blocked, open_hours};
pub use obstacles::obstacles;
pub use plan::{Plan, free_units, plan, plan_by_hand};
pub use query::{Busy, BusyBy, Counted, Question, Session, Unit};
pub use slot::{Obstacle, ObstacleKind, Slot, SlotKey};
pub use slots::{MAX_RANGES, next_slot, slots};
