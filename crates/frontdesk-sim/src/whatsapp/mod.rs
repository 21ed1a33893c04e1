//! WhatsApp: the Graph API of one business number as far as a business needs it, signed calls to the product, and the
//! customers' phones.
//!
//! What a customer does is a method of [`WhatsappSim`] (`text`, `tap`, `send_file`, `open`) and a route under `/__sim/`
//! for the Handset page; what the business does comes over HTTP and is refused where the vendor refuses it. Like the
//! vendor it takes free words outside the 24-hour window and reports their failure afterwards.
//!
//! - `state`: the account, phones, templates, files, faults to come.
//! - `calls`: signed calls, their delays, repetitions and order.
//! - `graph`: routes of the API; `messages` and `templates` judge what is sent to them.
//! - `handset`: the phones, and their routes.

mod calls;
mod graph;
mod handset;
mod messages;
mod state;
mod templates;

use axum::Router;

pub use calls::sign;
pub use state::{Conduct, Fault, Template, WhatsappAccount, WhatsappSim};

use crate::{Running, spawn as spawn_router};

/// The simulator's routes: the API at its root, phones and faults under `/__sim/`.
pub fn router(sim: WhatsappSim) -> Router {
    graph::router(&sim).merge(handset::router()).with_state(sim)
}

/// Serves it on a free local port.
///
/// # Errors
/// When no port can be had.
pub async fn spawn(sim: WhatsappSim) -> std::io::Result<Running> {
    spawn_router(router(sim)).await
}
