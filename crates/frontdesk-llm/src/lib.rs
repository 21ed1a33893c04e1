//! Language model and embedding ports, and the vendors behind them.
//!
//! [`chat::ChatModel`] and [`embed::Embedder`] are the ports. A vendor is one file under `vendor/` plus one line in
//! [`vendor::MANIFESTS`]; [`local`] embeds without any vendor; [`fallback`] puts models in an order. Nothing here knows
//! conversations, tools' meaning or prompts; see `frontdesk-agent`.

pub mod chat;
pub mod embed;
pub mod fallback;
pub mod local;
pub mod manifest;
pub mod pricing;
mod think;
pub mod vendor;
