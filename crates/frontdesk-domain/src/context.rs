//! Who asks, for which workspace, when: the first argument of every use case.

use std::sync::Arc;

use crate::access::{Grants, Permission};
use crate::id::{ApiKeyId, ContactId, ConversationId, UserId, WorkspaceId};
use crate::random::Random;
use crate::time::{Clock, Timestamp};

/// Who is acting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in person.
    User(UserId),
    /// A program with an API key.
    ApiKey(ApiKeyId),
    /// The customer of a conversation (the widget, a phone number).
    Visitor(ConversationId, Option<ContactId>),
    /// The AI agent answering in a conversation.
    Agent(ConversationId),
    /// Frontdesk itself; the text names the reason and can be searched for.
    System(&'static str),
}

impl Actor {
    /// The kind, as stored in the audit log.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::ApiKey(_) => "api_key",
            Self::Visitor(..) => "visitor",
            Self::Agent(_) => "agent",
            Self::System(_) => "system",
        }
    }

    /// The id or reason, as stored in the audit log.
    pub fn subject(self) -> String {
        match self {
            Self::User(id) => id.to_string(),
            Self::ApiKey(id) => id.to_string(),
            Self::Visitor(id, _) | Self::Agent(id) => id.to_string(),
            Self::System(reason) => reason.to_owned(),
        }
    }
}

/// The workspace whose rows a store call may touch. Made from a [`Context`], or by [`Scope::system`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope(WorkspaceId);

impl Scope {
    /// The scope of work Frontdesk does for a workspace by itself (a job, a subscriber, a sign-in).
    pub const fn system(workspace: WorkspaceId) -> Self {
        Self(workspace)
    }

    /// The workspace.
    pub const fn workspace(self) -> WorkspaceId {
        self.0
    }
}

/// The circumstances of one use case.
#[derive(Debug, Clone)]
pub struct Context {
    /// The workspace acted in.
    pub workspace: WorkspaceId,
    /// Who acts.
    pub actor: Actor,
    /// What they may do.
    pub grants: Grants,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Ties logs, audit entries and error bodies of one request together.
    pub request_id: String,
    /// The caller's network address, when there is one.
    pub ip: Option<String>,
}

/// The actor lacks a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("permission `{}` is missing", .0.as_str())]
pub struct Forbidden(pub Permission);

impl Context {
    /// The scope for store calls.
    pub const fn scope(&self) -> Scope {
        Scope(self.workspace)
    }

    /// The current instant.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Passes when the actor has the permission.
    pub fn require(&self, permission: Permission) -> Result<(), Forbidden> {
        if self.grants.allows(permission) { Ok(()) } else { Err(Forbidden(permission)) }
    }

    /// The signed-in person, if one acts.
    pub const fn user(&self) -> Option<UserId> {
        match self.actor {
            Actor::User(id) => Some(id),
            _ => None,
        }
    }
}
