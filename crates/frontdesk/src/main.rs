//! Frontdesk.
fn main() {}
