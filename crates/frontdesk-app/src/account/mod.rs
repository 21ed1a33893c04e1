//! People and their sign-ins: sign-up, login, refresh, logout, password reset, `me`.
//!
//! A sign-in is a family of tokens that began with one password. The access token opens the API for minutes; the
//! refresh token gives the next pair and is spent by that. Spending one twice means that two parties hold it, so the
//! whole family ends. All state is in the database: any node can answer, and ending a sign-in takes effect at once.

mod housekeeping;
mod lockout;
mod login;
mod me;
mod reset;
mod session;
mod signup;

use frontdesk_domain::access::Grants;
use frontdesk_domain::context::{Actor, Context};
use frontdesk_domain::id::{LoginId, UserId, WorkspaceId};
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::user::Me;
use frontdesk_store::{Tx, workspace};

use crate::App;

pub use housekeeping::{FORGET_JOB, forget_lapsed};
pub use login::{LoginInput, login, logout, refresh};
pub use me::{MePatch, get as me, update};
pub use reset::{ForgotInput, ResetInput, forgot, reset};
pub use session::{SignedIn, authenticate, enter};
pub use signup::{SignupInput, signup};

pub(crate) use lockout::count as count_attempt;
pub(crate) use me::person as me_id;
pub(crate) use session::{begin_login, describe};
pub(crate) use signup::NewUser;

/// The tokens of a sign-in; shown once, kept as hashes.
#[derive(Clone)]
pub struct Tokens {
    /// Opens the API.
    pub access: String,
    /// Until when.
    pub access_expires_at: Timestamp,
    /// Gives the next pair.
    pub refresh: String,
    /// Until when.
    pub refresh_expires_at: Timestamp,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").field("access_expires_at", &self.access_expires_at).finish_non_exhaustive()
    }
}

/// A fresh sign-in: who it is, and their tokens.
#[derive(Debug, Clone)]
pub struct Session {
    /// The person and their workspaces.
    pub me: Me,
    /// Their tokens.
    pub tokens: Tokens,
    /// The sign-in.
    pub login: LoginId,
}

/// The circumstances of a caller who is not signed in: no permission at all.
pub fn stranger(app: &App, request_id: String, ip: Option<String>) -> Context {
    Context {
        workspace: WorkspaceId::INSTALLATION,
        actor: Actor::System("stranger"),
        grants: Grants::Scopes(Vec::new()),
        clock: std::sync::Arc::clone(&app.clock),
        random: std::sync::Arc::clone(&app.random),
        request_id,
        ip,
    }
}

/// The same circumstances with a person acting, outside any workspace.
pub(crate) fn acting(ctx: &Context, user: UserId) -> Context {
    Context { workspace: WorkspaceId::INSTALLATION, actor: Actor::User(user), ..ctx.clone() }
}

/// Most workspaces whose audit log tells of one person's sign-in.
const MAX_AUDITED: usize = 20;

/// Records something a person did to their account in the log of each workspace they belong to, where owners can see
/// it.
pub(crate) async fn audit_account(
    tx: &mut Tx,
    user: UserId,
    action: &'static str,
    detail: serde_json::Value,
) -> crate::Result<()> {
    let before = tx.scope().workspace();
    for place in workspace::memberships_everywhere(&*tx, user).await?.iter().take(MAX_AUDITED) {
        tx.enter(place.id);
        tx.audit(action, Some(user.to_string()), detail.clone());
    }
    tx.enter(before);
    Ok(())
}
