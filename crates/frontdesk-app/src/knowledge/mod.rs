//! Knowledge: sources that people add, their ingestion, and the library that is searched.

pub mod library;

pub use library::{Library, LibrarySettings};
