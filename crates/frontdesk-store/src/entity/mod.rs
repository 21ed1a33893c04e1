//! Rows as the database holds them. Instants are integer milliseconds, ids are UUIDs, structured values are JSON text.

pub mod agent;
pub mod agent_version;
pub mod api_key;
pub mod audit;
pub mod canned_reply;
pub mod compliance_decision;
pub mod connection;
pub mod conversation;
pub mod event;
pub mod event_cursor;
pub mod event_log;
pub mod invitation;
pub mod job;
pub mod login;
pub mod login_token;
pub mod member;
pub mod message;
pub mod persona;
pub mod reset_token;
pub mod tool_call;
pub mod turn;
pub mod user;
pub mod visitor;
pub mod widget_key;
pub mod workspace;
