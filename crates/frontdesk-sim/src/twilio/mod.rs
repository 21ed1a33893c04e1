//! Twilio: the REST API of one account as far as a business needs it, signed calls to the product, and the customers'
//! phones.
//!
//! What a customer does is a method of [`TwilioSim`] ([`TwilioSim::text`]) and a route under `/__sim/` for a page with a
//! phone on it; what the business does comes over HTTP and is refused where the vendor refuses it, by the vendor's codes.
//! The vendor's own test numbers (+1500555000x) work as it documents them.
//!
//! - `state`: the account, its numbers, messages, phones, faults to come.
//! - `api`: messages and the account over REST; `numbers`: what it has, what can be had, lookup; `contents`: templates.
//! - `calls`: signed calls, their delays, repetitions, losses and order.
//! - `handset`: the phones, and their routes.

mod api;
mod calls;
mod contents;
mod handset;
mod numbers;
mod state;

use axum::Router;

pub use calls::sign;
pub use handset::{Texted, TextedFile};
pub use state::{CallMade, Conduct, Direction, Fault, Message, OptOut, TwilioAccount, TwilioSim};

use crate::{Running, spawn as spawn_router};

/// The simulator's routes: the API at its root, phones and faults under `/__sim/`.
pub fn router(sim: TwilioSim) -> Router {
    api::router(&sim).merge(handset::router()).with_state(sim)
}

/// Serves it on a free local port.
///
/// # Errors
/// When no port can be had.
pub async fn spawn(sim: TwilioSim) -> std::io::Result<Running> {
    let running = spawn_router(router(sim.clone())).await?;
    sim.set_base_url(&running.url);
    Ok(running)
}
