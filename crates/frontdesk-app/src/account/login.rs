//! Signing in, going on, signing out.

use std::time::Duration;

use frontdesk_domain::context::Context;
use frontdesk_domain::text;
use frontdesk_store::login::{self, TokenKind};
use frontdesk_store::user;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Session, lockout, session};
use crate::validate::Validator;
use crate::{App, AppError, Result, token};

/// How long after a refresh token was spent it may be spent once more: two tabs, or an answer that was lost.
const REUSE_LEEWAY: Duration = Duration::from_secs(10);

/// What signing in asks.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginInput {
    /// The address.
    #[schema(format = Email, max_length = 254)]
    pub email: String,
    /// The password.
    #[schema(format = Password, max_length = 1024)]
    pub password: String,
    /// For programs: answer with the tokens rather than set cookies.
    #[serde(default)]
    pub token: bool,
}

fn wrong() -> AppError {
    AppError::Unauthenticated("the address or the password is wrong".to_owned())
}

/// Signs a person in. Unknown addresses and wrong passwords look and last the same.
pub async fn login(app: &App, ctx: &Context, input: &LoginInput, agent: Option<&str>) -> Result<Session> {
    let mut check = Validator::new();
    let email = check.take("/email", text::email(&input.email));
    check.ensure("/password", !input.password.is_empty(), "must not be empty");
    check.finish()?;
    lockout::count(app, ctx, &email).await?;
    let known = user::find_by_email_everywhere(app.store.reader(), &email).await?;
    let hash = known.as_ref().map(|known| known.password_hash.as_str());
    let right = app.passwords.verify(&input.password, hash).await?;
    let Some(known) = known.filter(|_| right) else {
        tracing::info!(request_id = ctx.request_id, "a sign-in was refused");
        return Err(wrong());
    };

    let person = known.user;
    let mut tx = app.store.begin(&super::acting(ctx, person.id)).await?;
    // The password may have been changed while it was being checked.
    let still = user::get_everywhere(&tx, person.id).await?;
    if still.password_hash != known.password_hash {
        return Err(wrong());
    }
    lockout::forgive(&tx, ctx, &email).await?;
    let (login, tokens) = session::begin_login(&tx, person.id, ctx.ip.as_deref(), agent).await?;
    super::audit_account(&mut tx, person.id, "account.login", serde_json::json!({})).await?;
    let me = session::describe(&tx, person).await?;
    tx.commit().await?;
    Ok(Session { me, tokens, login })
}

/// Spends a refresh token for the next pair. Spent twice, it ends the sign-in: someone else holds it too.
pub async fn refresh(app: &App, ctx: &Context, refresh_token: &str) -> Result<Session> {
    let over = || AppError::Unauthenticated("your sign-in has ended; sign in again".to_owned());
    if !refresh_token.starts_with(token::REFRESH) || refresh_token.len() > 128 {
        return Err(over());
    }
    let hash = token::hash(refresh_token);
    let now = ctx.now();
    let known = login::find_token_everywhere(app.store.reader(), TokenKind::Refresh, &hash).await?;
    let Some(known) = known.filter(|known| known.expires_at > now && known.login.revoked_at.is_none()) else {
        return Err(over());
    };
    let user_id = known.login.user_id;
    let mut tx = app.store.begin(&super::acting(ctx, user_id)).await?;
    let first = login::spend_token_everywhere(&tx, &hash, now).await?;
    // Read again inside: another tab may have spent it, or the sign-in may have ended, a moment ago.
    let token = login::find_token_everywhere(&tx, TokenKind::Refresh, &hash).await?.ok_or_else(over)?;
    if token.login.revoked_at.is_some() {
        return Err(over());
    }
    let spent_for = token.used_at.map_or(Duration::ZERO, |at| now.since(at));
    if !first && spent_for > REUSE_LEEWAY {
        login::revoke_everywhere(&tx, token.login.id, now).await?;
        let detail = serde_json::json!({ "login": token.login.id });
        super::audit_account(&mut tx, user_id, "account.refresh_reused", detail).await?;
        tx.commit().await?;
        tracing::warn!(user = %user_id, "a refresh token was spent twice; its sign-in was ended");
        return Err(over());
    }
    let tokens = session::issue(&tx, token.login.id).await?;
    let person = user::get_everywhere(&tx, user_id).await?.user;
    let me = session::describe(&tx, person).await?;
    tx.commit().await?;
    Ok(Session { me, tokens, login: token.login.id })
}

/// Ends the sign-in that either token belongs to. Unknown tokens are fine: the caller is signed out either way.
pub async fn logout(app: &App, ctx: &Context, access: Option<&str>, refresh: Option<&str>) -> Result<()> {
    for (kind, token) in [(TokenKind::Access, access), (TokenKind::Refresh, refresh)] {
        let Some(token) = token else { continue };
        let db = app.store.reader();
        let Some(found) = login::find_token_everywhere(db, kind, &token::hash(token)).await? else {
            continue;
        };
        if found.login.revoked_at.is_some() {
            continue;
        }
        let user_id = found.login.user_id;
        let mut tx = app.store.begin(&super::acting(ctx, user_id)).await?;
        login::revoke_everywhere(&tx, found.login.id, tx.now()).await?;
        super::audit_account(&mut tx, user_id, "account.logout", serde_json::json!({})).await?;
        tx.commit().await?;
    }
    Ok(())
}
