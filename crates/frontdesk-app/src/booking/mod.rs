//! Bookings: held, made, moved, called off; the same path for every door.
//!
//! Whoever books first reserves: a session with its claims and seats in it, in one unit of work in which the database
//! refuses what overlaps (`reserve.rs`). A hold keeps a reservation for minutes, a booking for good. Units of work that
//! book in one workspace take turns, so that limits, turns of staff and seats are decided on what is true.

mod book;
mod change;
mod details;
mod edit;
mod facts;
mod hold;
mod line;
mod list;
mod look;
pub mod offer;
pub mod public;
pub(crate) mod record;
mod reserve;
mod view;
mod waiting;

pub use book::{Door, NewBooking, create};
pub use change::{Cancel, Move, cancel, complete, confirm, no_show, reopen, reschedule};
pub(crate) use change::{flag, settle};
pub use edit::{BookingPatch, edit};
pub use hold::{NewHold, extend, hold, holder_of, release, sweep};
pub use list::{
    BookingQuery, CalendarView, NewNote, add_note, calendar, delete_note, get, history, link, list, notes,
};
pub use look::{Ask, Found, Look, Looked, look, obstacles, slots};
pub use view::{NewView, delete_view, save_view, views};
pub use waiting::{Joined, NewWaiting, WaitingQuery, WaitingWish, join, leave, list as list_waiting};

use frontdesk_domain::booking::{BookingChange, BookingChangeKind};
use frontdesk_domain::context::Context;
use frontdesk_domain::id::BookingId;
use frontdesk_store::{Tx, booking, user};

use crate::Result;

/// The job that sweeps lapsed holds and pending bookings whose time has come.
pub const SWEEP_JOB: &str = "booking.sweep";

/// Notes what happened, with who did it.
async fn note(tx: &Tx, ctx: &Context, id: BookingId, what: BookingChangeKind) -> Result<()> {
    let actor_name = match ctx.user() {
        Some(user) => user::names_everywhere(tx, &[user]).await?.into_iter().next().map(|(_, name)| name),
        None => None,
    };
    let change = BookingChange {
        at: tx.now(),
        actor: ctx.actor.kind().to_owned(),
        actor_name: actor_name.unwrap_or_default(),
        what,
    };
    let row = frontdesk_domain::id::uuid_v7(tx.now(), tx.random());
    Ok(booking::insert_change(tx, tx.scope(), row, id, &change).await?)
}
