//! Types and pure rules of Frontdesk: ids, time, access, and one file per resource.
//!
//! No I/O and no async live here. Resource types are also the wire types of the API: they serialise with prefixed ids
//! and RFC 3339 instants, and never hold a secret. To add a resource, add its id in `id.rs` and a file here.

pub mod access;
pub mod agent;
pub mod apikey;
pub mod audit;
pub mod availability;
pub mod booking;
pub mod booking_type;
pub mod calendar;
pub mod channel_template;
pub mod compliance;
pub mod connection;
pub mod contact;
pub mod contact_import;
pub mod contact_list;
pub mod context;
pub mod conversation;
pub mod event;
pub mod holiday;
pub mod icalendar;
pub mod id;
pub mod knowledge;
pub mod lead;
pub mod locale;
pub mod mask;
pub mod message;
pub mod message_settings;
pub mod natural_time;
pub mod outbox;
pub mod page;
pub mod permit;
pub mod persona;
pub mod phone;
pub mod random;
pub mod schedule;
pub mod sms;
pub mod template;
pub mod text;
pub mod time;
pub mod user;
pub mod widget;
pub mod workflow;
pub mod workspace;
pub mod written;
