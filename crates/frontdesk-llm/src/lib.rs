//! Language model and embedding ports, and the vendors behind them.
//!
//! [`chat::ChatModel`] and [`embed::Embedder`] are the ports. A vendor is one file under `vendor/` plus one line in
//! `vendor::MANIFESTS`. Nothing here knows conversations, tools' meaning or prompts; see `frontdesk-agent`.

pub mod chat;
pub mod embed;
