//! Simulators of the outside world: stateful, scripted, fault-injecting servers that speak the vendors' protocols.
//!
//! Tests and demos run against them instead of vendors. Each is a router (or, for SMTP, a listener) over a shared state
//! that code holds directly and that programs reach under `/__sim/`. They check what they are sent as strictly as the
//! vendor would. To add one: a folder or file here, a `router` and a `spawn`, and a line in [`serve`].

pub mod anthropic;
pub mod calendar;
pub mod discord;
pub mod mail;
pub mod model;
pub mod openai;
pub mod resend;
mod running;
mod serve;
pub mod telegram;
pub mod twilio;
pub mod whatsapp;

pub use running::{Running, spawn, spawn_on};
pub use serve::{RunningSims, SimSettings, serve};
