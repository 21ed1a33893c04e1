//! Keys for programs and for the widget.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Permission;
use crate::id::{AgentId, ApiKeyId, WidgetKeyId};
use crate::time::Timestamp;

/// A program's key. The secret is shown once, at creation; only its hash is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: String,
    /// The first characters of the secret, to tell keys apart.
    pub hint: String,
    /// What it may do.
    pub scopes: Vec<Permission>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// A publishable key: names a workspace and agent to the widget, works only on its origins, holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WidgetKey {
    /// Its id.
    pub id: WidgetKeyId,
    /// What it is for, such as the site's name.
    pub name: String,
    /// The key itself, `pk_...`; public by design.
    pub key: String,
    /// The origins it works on, such as `https://example.com`; `*` for any.
    pub origins: Vec<String>,
    /// The agent that answers; the workspace's default when absent.
    pub agent_id: Option<AgentId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}
