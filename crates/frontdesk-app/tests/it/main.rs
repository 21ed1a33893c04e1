//! Use cases against a real database.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that meets the unexpected fails")]

mod booking;
mod bounce;
mod calendar;
mod contact_bulk;
mod contact_import;
mod contact_merge;
mod demo;
mod knowledge;
mod mail;
mod messaging;
mod notice;
mod talking;
mod waiting;
