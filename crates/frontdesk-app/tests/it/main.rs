//! Use cases against a real database.

mod demo;
mod knowledge;
