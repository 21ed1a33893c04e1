//! The only SQL of Frontdesk: one [`Store`] over SQLite and PostgreSQL, one file per resource.
//!
//! Reading: `contact::find(store.reader(), scope, id)`. Writing: `let tx = store.begin(&ctx).await?`, then
//! `contact::insert(&tx, ...)`, [`Tx::emit`], [`Tx::enqueue`], [`Tx::audit`] and `tx.commit().await?`; dropping a
//! [`Tx`] rolls it back. Every call on a workspace's rows takes its [`frontdesk_domain::context::Scope`]; calls that
//! cross workspaces are named `..._everywhere`.
//!
//! To add a resource: an entity in `entity/`, a table in a new file of `migration/`, queries in a file here.
//! Differences between the two databases live in `dialect.rs` alone.

pub mod agent;
pub mod api_key;
pub mod booking;
pub mod booking_notice;
pub mod booking_session;
pub mod booking_settings;
pub mod booking_type;
pub mod booking_view;
pub mod calendar;
pub mod calendar_account;
pub mod calendar_consent;
pub mod calendar_event;
pub mod canned_reply;
pub mod channel_template;
pub mod channel_thread;
mod closing;
mod column;
mod commit;
pub mod compliance_decision;
pub mod compliance_settings;
mod connect;
pub mod connection;
pub mod consent;
pub mod contact;
pub mod contact_join;
pub mod conversation;
pub mod dialect;
mod entity;
pub mod erasure;
mod error;
pub mod event;
pub mod fact;
pub mod home;
pub mod identity;
pub mod inbound_message;
pub mod invitation;
pub mod job;
pub mod knowledge;
pub mod lead;
pub mod login;
pub mod mail_bounce;
pub mod mail_inbox;
pub mod mail_thread;
pub mod member;
pub mod message;
pub mod message_figures;
pub mod message_file;
pub mod message_settings;
mod migration;
pub mod note;
pub mod number_lookup;
pub mod outbox;
pub mod persona;
pub mod place;
pub mod rate_window;
pub mod resource;
mod settings;
pub mod short_link;
pub mod staff;
pub mod standing;
pub mod suppression;
pub mod task;
pub mod template;
pub mod timeline;
pub mod turn;
mod tx;
pub mod user;
pub mod visitor;
pub mod waiting;
pub mod widget_key;
pub mod workflow;
pub mod workspace;
pub mod workspace_key;

pub use commit::{Committed, Ephemeral};
pub use connect::{Backend, Store, StoreSettings};
pub use error::StoreError;
pub use tx::{Db, JobRequest, Tx};

/// The result of a store call.
pub type Result<T> = std::result::Result<T, StoreError>;
