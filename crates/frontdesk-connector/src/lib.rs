//! Systems of record that businesses already have, and the consent that opens them.
//!
//! [`calendar`] is the port to calendars and its vendors; [`oauth`] asks for consent and keeps access alive. Nothing here
//! stores anything or decides anything: callers keep tokens, cursors and caches, and say when to ask again.

pub mod calendar;
pub mod manifest;
pub mod oauth;
