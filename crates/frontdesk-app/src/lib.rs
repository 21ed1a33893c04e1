//! All use cases of Frontdesk: the only place where rules meet I/O.
//!
//! Every front door (HTTP, WebSocket, provider webhook, job, agent tool) calls the functions here. A use case takes
//! [`App`] and a [`Context`], asks for its permission first, validates everything it was given, then runs one unit of
//! work. One folder or file per resource; to add a use case, add a function there.

pub mod account;
pub mod account_mail;
pub mod agent;
pub mod audit;
pub mod booking;
pub mod brains;
pub mod calendar;
mod carrier;
pub mod channel_template;
pub mod compliance;
pub mod connection;
pub mod contact;
pub mod conversation;
pub mod demo;
pub mod error;
pub mod events;
pub mod home;
pub mod identity;
pub mod jobs;
pub mod key;
pub mod knowledge;
pub mod lead;
pub mod limit;
pub mod live;
pub mod mailbox;
pub mod message;
pub mod notice;
pub mod notification;
pub mod number;
pub mod password;
pub mod queue;
pub mod schedule;
pub mod search;
pub mod secret;
pub mod subscribers;
pub mod task;
pub mod team;
pub mod template;
pub mod token;
pub mod validate;
pub mod webhook;
pub mod workflow;
pub mod workspace;
mod workspace_key;

use std::path::PathBuf;
use std::sync::Arc;

use frontdesk_channel::Mailer;
use frontdesk_domain::access::Grants;
use frontdesk_domain::context::{Actor, Context};
use frontdesk_domain::id::WorkspaceId;
use frontdesk_domain::random::Random;
use frontdesk_domain::time::Clock;
use frontdesk_http::HttpClient;
use frontdesk_store::Store;

pub use carrier::Carriers;
pub use error::{AppError, FieldError};

/// The result of a use case.
pub type Result<T, E = AppError> = std::result::Result<T, E>;

/// What every use case may use. Built once by the binary's `compose`. Clones share everything.
#[derive(Debug, Clone)]
pub struct App {
    /// The database.
    pub store: Store,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness for ids, tokens and keys.
    pub random: Arc<dyn Random>,
    /// What the operator configured.
    pub settings: AppSettings,
    /// Seals and opens secrets.
    pub vault: secret::Vault,
    /// Hashes and checks passwords.
    pub passwords: password::Passwords,
    /// Carries account mail.
    pub mailer: Arc<dyn Mailer>,
    /// Carries everything else over HTTP.
    pub http: HttpClient,
    /// Who watches what right now.
    pub live: live::Live,
    /// Connections that vendors call.
    pub callees: webhook::Callees,
    /// Customers' messages on their way into the database.
    pub intake: conversation::intake::Intake,
    /// Every workspace's rules of what may be sent.
    pub rulebooks: compliance::Rulebooks,
    /// Clients of the vendors that carry messages.
    pub carriers: Carriers,
    /// What thinks for agents.
    pub brains: brains::Brains,
    /// Every workspace's searchable knowledge.
    pub library: knowledge::Library,
}

/// What the operator configured, as far as use cases care.
#[derive(Debug, Clone)]
pub struct AppSettings {
    /// The address people reach this installation under, without a trailing slash.
    pub public_url: String,
    /// Where files live: uploads, the key ring, the mail outbox.
    pub data_dir: PathBuf,
    /// Whether strangers may sign up and make workspaces.
    pub open_signup: bool,
    /// Calendar vendors the operator registered with.
    pub calendars: calendar::Registrations,
}

impl App {
    /// A context for work Frontdesk does by itself; the reason can be searched for.
    pub fn system(&self, workspace: WorkspaceId, reason: &'static str) -> Context {
        system_context(workspace, reason, (&self.clock, &self.random))
    }
}

/// The same for what outlives a use case and has no [`App`].
fn system_context(
    workspace: WorkspaceId,
    reason: &'static str,
    (clock, random): (&Arc<dyn Clock>, &Arc<dyn Random>),
) -> Context {
    Context {
        workspace,
        actor: Actor::System(reason),
        grants: Grants::System,
        clock: Arc::clone(clock),
        random: Arc::clone(random),
        request_id: format!("{reason}-{:016x}", random.next_u64()),
        ip: None,
    }
}
