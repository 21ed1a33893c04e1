//! Messages through vendors, both ways: the use cases, the real webhooks, simulated vendors.

mod asked;
mod chat;
mod crowd;
mod kit;
mod links;
mod numbers;
mod once;
mod pictures;
mod talk;
mod team_chat;
mod templates;
mod workflow;
mod workflow_model;
