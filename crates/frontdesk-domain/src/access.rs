//! Roles, permissions and the one table that joins them.
//!
//! A permission is `resource:verb` text at the edges and doubles as an API key scope. To add one, add it to
//! `permissions!` and to the roles that have it in [`Role::permissions`].

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a member is in a workspace, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Owns the workspace: everything, and may give it away or delete it.
    Owner,
    /// Runs the workspace: everything but ownership.
    Admin,
    /// Leads the team (also called supervisor): agents, knowledge, conversations, contacts.
    Manager,
    /// Answers customers.
    Agent,
    /// Looks, changes nothing.
    Viewer,
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// Something an actor may do in a workspace.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Permission {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Permission {
            /// Every permission.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The text form, such as `contacts:read`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The permission with this text form.
            pub fn from_text(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

permissions! {
    /// See the workspace's settings.
    WorkspaceRead = "workspace:read";
    /// Change the workspace's settings.
    WorkspaceWrite = "workspace:write";
    /// Delete the workspace or hand it to another owner.
    WorkspaceOwn = "workspace:own";
    /// See the team.
    TeamRead = "team:read";
    /// Invite, change and remove members.
    TeamWrite = "team:write";
    /// See API and widget keys (never their secrets).
    KeysRead = "keys:read";
    /// Create and revoke API and widget keys.
    KeysWrite = "keys:write";
    /// See connections to vendors (never their secrets).
    ConnectionsRead = "connections:read";
    /// Create, change, test and remove connections.
    ConnectionsWrite = "connections:write";
    /// Read and export the audit log.
    AuditRead = "audit:read";
    /// See the jobs of the queue.
    QueueRead = "queue:read";
    /// Retry and discard jobs that were given up.
    QueueWrite = "queue:write";
    /// See agents, versions and personas.
    AgentsRead = "agents:read";
    /// Change agents and personas, publish, roll back, use the sandbox.
    AgentsWrite = "agents:write";
    /// See knowledge sources and ask test questions.
    KnowledgeRead = "knowledge:read";
    /// Add, refresh and delete knowledge sources.
    KnowledgeWrite = "knowledge:write";
    /// See contacts, notes and memory.
    ContactsRead = "contacts:read";
    /// Change contacts, notes and memory.
    ContactsWrite = "contacts:write";
    /// See telephone numbers and addresses in full; without it they are masked.
    ContactsIdentify = "contacts:identify";
    /// Export contacts and transcripts.
    ContactsExport = "contacts:export";
    /// See leads.
    LeadsRead = "leads:read";
    /// Change leads.
    LeadsWrite = "leads:write";
    /// See conversations.
    ConversationsRead = "conversations:read";
    /// Reply, note, assign, take over, hand back, resolve.
    ConversationsWrite = "conversations:write";
    /// See messages that leave through vendors, and what became of them.
    MessagesRead = "messages:read";
    /// Write, schedule, edit, retry and cancel messages.
    MessagesWrite = "messages:write";
    /// See consent, opt-outs, do-not-contact lists and rules.
    ComplianceRead = "compliance:read";
    /// Change consent, do-not-contact lists and rules.
    ComplianceWrite = "compliance:write";
    /// See bookings, the calendar and availability.
    BookingsRead = "bookings:read";
    /// Book, move, cancel, note.
    BookingsWrite = "bookings:write";
    /// Change booking types, staff, resources, places, hours and holidays.
    SchedulesWrite = "schedules:write";
    /// Connect calendars and choose what they block.
    CalendarsWrite = "calendars:write";
    /// See message templates.
    TemplatesRead = "templates:read";
    /// Change message templates.
    TemplatesWrite = "templates:write";
    /// See workflows, who is in them, and tasks.
    WorkflowsRead = "workflows:read";
    /// Change, start and pause workflows.
    WorkflowsWrite = "workflows:write";
}

// By hand: the derive does not see text that a macro hands to `rename`.
impl utoipa::PartialSchema for Permission {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("Something an actor may do in a workspace."))
            .enum_values(Some(Self::ALL.iter().map(|permission| permission.as_str())))
            .into()
    }
}

impl ToSchema for Permission {}

impl Role {
    /// Every role, strongest first.
    pub const ALL: &'static [Self] = &[Self::Owner, Self::Admin, Self::Manager, Self::Agent, Self::Viewer];

    /// The permission table: what a role may do.
    pub fn permissions(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.allows(*permission))
    }

    /// Whether the role has the permission.
    pub const fn allows(self, permission: Permission) -> bool {
        use Permission as P;
        let weakest = match permission {
            P::WorkspaceOwn => Self::Owner,
            P::WorkspaceWrite
            | P::TeamWrite
            | P::KeysRead
            | P::KeysWrite
            | P::ConnectionsRead
            | P::ConnectionsWrite
            | P::AuditRead
            | P::QueueRead
            | P::QueueWrite => Self::Admin,
            P::AgentsWrite
            | P::KnowledgeWrite
            | P::ContactsExport
            | P::SchedulesWrite
            | P::CalendarsWrite
            | P::TemplatesWrite
            | P::WorkflowsWrite
            | P::ComplianceWrite => Self::Manager,
            P::ContactsIdentify
            | P::ContactsWrite
            | P::LeadsWrite
            | P::ConversationsWrite
            | P::MessagesWrite
            | P::BookingsWrite => Self::Agent,
            P::WorkspaceRead
            | P::TeamRead
            | P::AgentsRead
            | P::KnowledgeRead
            | P::ContactsRead
            | P::LeadsRead
            | P::ConversationsRead
            | P::MessagesRead
            | P::ComplianceRead
            | P::BookingsRead
            | P::WorkflowsRead
            | P::TemplatesRead => Self::Viewer,
        };
        self as u8 <= weakest as u8
    }

    /// The text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Agent => "agent",
            Self::Viewer => "viewer",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|role| role.as_str() == text).ok_or(())
    }
}

/// The permissions an actor holds in this request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grants {
    /// Those of a role.
    Role(Role),
    /// Those scopes of an API key.
    Scopes(Vec<Permission>),
    /// Everything inside one workspace; jobs and the system itself.
    System,
}

impl Grants {
    /// Whether the permission is among them.
    pub fn allows(&self, permission: Permission) -> bool {
        match self {
            Self::Role(role) => role.allows(permission),
            Self::Scopes(scopes) => scopes.contains(&permission),
            Self::System => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stronger_role_never_has_less() {
        for pair in Role::ALL.windows(2) {
            for permission in Permission::ALL {
                assert!(!pair[1].allows(*permission) || pair[0].allows(*permission), "{permission:?}");
            }
        }
    }

    #[test]
    fn the_description_names_permissions_as_they_are_written() {
        let schema = serde_json::to_value(<Permission as utoipa::PartialSchema>::schema()).unwrap();
        let written: Vec<_> =
            Permission::ALL.iter().map(|each| serde_json::to_value(each).unwrap()).collect();
        assert_eq!(schema["enum"], serde_json::Value::Array(written));
    }

    #[test]
    fn permissions_survive_their_text_form() {
        for permission in Permission::ALL {
            assert_eq!(Permission::from_text(permission.as_str()), Some(*permission));
        }
    }
}
