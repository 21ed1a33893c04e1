//! The audit log: who did or viewed what, when, from where.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::AuditId;
use crate::time::Timestamp;

/// One line of the audit log; never changed or removed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AuditEntry {
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// The kind of actor: `user`, `api_key`, `visitor`, `agent`, `system`.
    pub actor_kind: String,
    /// The actor's id.
    pub actor: String,
    /// The actor's name when it is a person.
    pub actor_name: Option<String>,
    /// What was done, such as `contact.update`.
    pub action: String,
    /// The id of what it was done to.
    pub target: Option<String>,
    /// Details: changed fields, never secrets.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
    /// From where.
    pub ip: Option<String>,
    /// The request it belongs to.
    pub request_id: String,
}
