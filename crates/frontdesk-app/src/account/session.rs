//! From a token to a person, and from a person to what they may do in a workspace.

use std::time::Duration;

use frontdesk_domain::access::{Grants, Role};
use frontdesk_domain::context::{Context, Scope};
use frontdesk_domain::id::{LoginId, UserId, WorkspaceId};
use frontdesk_domain::user::{Me, User};
use frontdesk_store::login::{self, Login, TokenKind};
use frontdesk_store::{Tx, member, workspace};

use super::Tokens;
use crate::{App, AppError, Result, token};

/// How long an access token opens the API.
pub const ACCESS_LIFETIME: Duration = Duration::from_mins(15);
/// How long a sign-in lasts after it was last used.
pub const REFRESH_LIFETIME: Duration = Duration::from_hours(30 * 24);

/// Somebody who showed an access token that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub user: UserId,
    /// By which sign-in.
    pub login: LoginId,
}

/// Whose access token this is, while it and its sign-in last.
pub async fn authenticate(app: &App, access_token: &str) -> Result<Option<SignedIn>> {
    if !access_token.starts_with(token::ACCESS) || access_token.len() > 128 {
        return Ok(None);
    }
    let hash = token::hash(access_token);
    let found = login::find_token_everywhere(app.store.reader(), TokenKind::Access, &hash).await?;
    let now = app.clock.now();
    Ok(found
        .filter(|found| found.expires_at > now && found.login.revoked_at.is_none())
        .map(|found| SignedIn { user: found.login.user_id, login: found.login.id }))
}

/// Enters a workspace: the wanted one, or the person's oldest. A workspace they do not belong to does not exist for
/// them; somebody who belongs to none gets no permission.
pub async fn enter(app: &App, ctx: &Context, user: UserId, wanted: Option<WorkspaceId>) -> Result<Context> {
    let db = app.store.reader();
    let place: Option<(WorkspaceId, Role)> = match wanted {
        Some(id) => {
            let role = member::role_of(db, Scope::system(id), user).await?;
            Some((id, role.ok_or(AppError::NotFound("workspace"))?))
        }
        None => member::first_everywhere(db, user).await?,
    };
    let mut ctx = super::acting(ctx, user);
    match place {
        Some((id, role)) => {
            ctx.workspace = id;
            ctx.grants = Grants::Role(role);
        }
        None => ctx.grants = Grants::Scopes(Vec::new()),
    }
    Ok(ctx)
}

/// Begins a sign-in: a new family with its first tokens.
pub(crate) async fn begin_login(
    tx: &Tx,
    user: UserId,
    ip: Option<&str>,
    agent: Option<&str>,
) -> Result<(LoginId, Tokens)> {
    let id = LoginId::new(tx.now(), tx.random());
    let login = Login {
        id,
        user_id: user,
        created_at: tx.now(),
        expires_at: tx.now().plus(REFRESH_LIFETIME),
        revoked_at: None,
        ip: ip.map(str::to_owned),
        agent: agent.map(|agent| agent.chars().take(200).collect()),
    };
    login::insert_everywhere(tx, &login).await?;
    Ok((id, issue(tx, id).await?))
}

/// Issues the next pair of tokens of a sign-in.
pub(super) async fn issue(tx: &Tx, login: LoginId) -> Result<Tokens> {
    let tokens = Tokens {
        access: token::generate(token::ACCESS, tx.random()),
        access_expires_at: tx.now().plus(ACCESS_LIFETIME),
        refresh: token::generate(token::REFRESH, tx.random()),
        refresh_expires_at: tx.now().plus(REFRESH_LIFETIME),
    };
    let (access, refresh) = (token::hash(&tokens.access), token::hash(&tokens.refresh));
    login::insert_token_everywhere(tx, login, TokenKind::Access, &access, tokens.access_expires_at).await?;
    login::insert_token_everywhere(tx, login, TokenKind::Refresh, &refresh, tokens.refresh_expires_at)
        .await?;
    login::extend_everywhere(tx, login, tokens.refresh_expires_at).await?;
    Ok(tokens)
}

/// The person and where they belong.
pub(crate) async fn describe(db: &impl frontdesk_store::Db, user: User) -> Result<Me> {
    let workspaces = workspace::memberships_everywhere(db, user.id).await?;
    Ok(Me { user, workspaces })
}
