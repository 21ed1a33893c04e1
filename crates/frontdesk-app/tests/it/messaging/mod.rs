//! Messages through vendors, both ways: the use cases, the real webhooks, simulated vendors.

mod kit;
mod once;
mod talk;
