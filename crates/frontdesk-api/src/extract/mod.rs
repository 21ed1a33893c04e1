//! Extractors: who calls, and typed bodies.
