//! Sign-ins and their tokens, and password resets. They belong to people, so every call crosses workspaces.
//!
//! A sign-in is a family of tokens that began with one password. Tokens are kept as hashes; a refresh token is spent
//! when it is used and stays until the family ends, so that spending it twice is seen.

use frontdesk_domain::id::{LoginId, UserId};
use frontdesk_domain::time::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect, Set};

use crate::entity::{login, login_token, reset_token};
use crate::tx::Db;
use crate::{Result, StoreError};

/// A sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// Its id.
    pub id: LoginId,
    /// Whose.
    pub user_id: UserId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends unless it is refreshed.
    pub expires_at: Timestamp,
    /// When it was ended.
    pub revoked_at: Option<Timestamp>,
    /// From where it began.
    pub ip: Option<String>,
    /// The browser or program it began in.
    pub agent: Option<String>,
}

/// What a token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Calling the API, for minutes.
    Access,
    /// Getting the next pair of tokens, once.
    Refresh,
}

impl TokenKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }
}

/// A token of a sign-in, found by its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginToken {
    /// The sign-in it belongs to.
    pub login: Login,
    /// When it lapses.
    pub expires_at: Timestamp,
    /// When it was spent.
    pub used_at: Option<Timestamp>,
}

fn read(row: login::Model) -> Login {
    Login {
        id: LoginId::from_uuid(row.id),
        user_id: UserId::from_uuid(row.user_id),
        created_at: Timestamp::from_millis(row.created_at),
        expires_at: Timestamp::from_millis(row.expires_at),
        revoked_at: row.revoked_at.map(Timestamp::from_millis),
        ip: row.ip,
        agent: row.agent,
    }
}

/// Stores a new sign-in.
pub async fn insert_everywhere(db: &impl Db, login: &Login) -> Result<()> {
    let row = login::ActiveModel {
        id: Set(login.id.uuid()),
        user_id: Set(login.user_id.uuid()),
        created_at: Set(login.created_at.as_millis()),
        expires_at: Set(login.expires_at.as_millis()),
        revoked_at: Set(login.revoked_at.map(Timestamp::as_millis)),
        ip: Set(login.ip.clone()),
        agent: Set(login.agent.clone()),
    };
    login::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Stores a token's hash.
pub async fn insert_token_everywhere(
    db: &impl Db,
    login: LoginId,
    kind: TokenKind,
    hash: &str,
    expires_at: Timestamp,
) -> Result<()> {
    let row = login_token::ActiveModel {
        hash: Set(hash.to_owned()),
        login_id: Set(login.uuid()),
        kind: Set(kind.word().to_owned()),
        expires_at: Set(expires_at.as_millis()),
        used_at: Set(None),
    };
    login_token::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The token with this hash and its sign-in, whether they still hold or not.
pub async fn find_token_everywhere(db: &impl Db, kind: TokenKind, hash: &str) -> Result<Option<LoginToken>> {
    let Some(token) = login_token::Entity::find_by_id(hash.to_owned())
        .filter(login_token::Column::Kind.eq(kind.word()))
        .one(db)
        .await?
    else {
        return Ok(None);
    };
    let login = login::Entity::find_by_id(token.login_id).one(db).await?;
    Ok(login.map(|login| LoginToken {
        login: read(login),
        expires_at: Timestamp::from_millis(token.expires_at),
        used_at: token.used_at.map(Timestamp::from_millis),
    }))
}

/// Spends a refresh token; false when it was spent before.
pub async fn spend_token_everywhere(db: &impl Db, hash: &str, now: Timestamp) -> Result<bool> {
    let changes = login_token::ActiveModel { used_at: Set(Some(now.as_millis())), ..Default::default() };
    let done = login_token::Entity::update_many()
        .set(changes)
        .filter(login_token::Column::Hash.eq(hash))
        .filter(login_token::Column::UsedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Moves the end of a sign-in.
pub async fn extend_everywhere(db: &impl Db, login: LoginId, expires_at: Timestamp) -> Result<()> {
    let changes = login::ActiveModel { expires_at: Set(expires_at.as_millis()), ..Default::default() };
    login::Entity::update_many().set(changes).filter(login::Column::Id.eq(login.uuid())).exec(db).await?;
    Ok(())
}

/// Ends a sign-in and forgets its access tokens.
pub async fn revoke_everywhere(db: &impl Db, login: LoginId, now: Timestamp) -> Result<()> {
    revoke(db, login::Column::Id.eq(login.uuid()), now).await
}

/// Ends every sign-in of a person, but one.
pub async fn revoke_all_everywhere(
    db: &impl Db,
    user: UserId,
    except: Option<LoginId>,
    now: Timestamp,
) -> Result<()> {
    let mut which = login::Column::UserId.eq(user.uuid());
    if let Some(kept) = except {
        which = which.and(login::Column::Id.ne(kept.uuid()));
    }
    revoke(db, which, now).await
}

async fn revoke(db: &impl Db, which: sea_orm::sea_query::SimpleExpr, now: Timestamp) -> Result<()> {
    let changes = login::ActiveModel { revoked_at: Set(Some(now.as_millis())), ..Default::default() };
    login::Entity::update_many()
        .set(changes)
        .filter(which)
        .filter(login::Column::RevokedAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}

/// Removes sign-ins, tokens and password resets that lapsed before the instant.
pub async fn forget_ended_everywhere(db: &impl Db, before: Timestamp) -> Result<()> {
    let ended: Vec<uuid::Uuid> = login::Entity::find()
        .select_only()
        .column(login::Column::Id)
        .filter(login::Column::ExpiresAt.lt(before.as_millis()))
        .limit(1000)
        .into_tuple()
        .all(db)
        .await?;
    if !ended.is_empty() {
        login_token::Entity::delete_many()
            .filter(login_token::Column::LoginId.is_in(ended.iter().copied()))
            .exec(db)
            .await?;
        login::Entity::delete_many().filter(login::Column::Id.is_in(ended)).exec(db).await?;
    }
    login_token::Entity::delete_many()
        .filter(login_token::Column::ExpiresAt.lt(before.as_millis()))
        .exec(db)
        .await?;
    reset_token::Entity::delete_many()
        .filter(reset_token::Column::ExpiresAt.lt(before.as_millis()))
        .exec(db)
        .await?;
    Ok(())
}

/// Stores the hash of a password reset's token; earlier ones of the person stop working.
pub async fn insert_reset_everywhere(
    db: &impl Db,
    user: UserId,
    hash: &str,
    expires_at: Timestamp,
) -> Result<()> {
    reset_token::Entity::delete_many().filter(reset_token::Column::UserId.eq(user.uuid())).exec(db).await?;
    let row = reset_token::ActiveModel {
        hash: Set(hash.to_owned()),
        user_id: Set(user.uuid()),
        expires_at: Set(expires_at.as_millis()),
    };
    reset_token::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Whose password this token resets, while it lasts.
pub async fn find_reset_everywhere(db: &impl Db, hash: &str, now: Timestamp) -> Result<Option<UserId>> {
    let row = reset_token::Entity::find_by_id(hash.to_owned())
        .filter(reset_token::Column::ExpiresAt.gt(now.as_millis()))
        .one(db)
        .await?;
    Ok(row.map(|row| UserId::from_uuid(row.user_id)))
}

/// Spends a password reset's token.
///
/// # Errors
/// [`StoreError::NotFound`] when someone else spent it first.
pub async fn spend_reset_everywhere(db: &impl Db, hash: &str) -> Result<()> {
    let done = reset_token::Entity::delete_by_id(hash.to_owned()).exec(db).await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("password reset")) } else { Ok(()) }
}
