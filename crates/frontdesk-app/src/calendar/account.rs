//! The way into an account: its client, with an access token that is good.
//!
//! Tokens are refreshed some minutes before they end, and when a vendor refuses one early. Some vendors replace the refresh
//! token with each use, so only the node that holds the account's lease refreshes; the others go on with the token they
//! have, or come back a little later.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_connector::calendar::{Access, CalendarAccount, CalendarError, Credential, build, caldav};
use frontdesk_connector::oauth::{OAuthError, Provider, Tokens};
use frontdesk_domain::connection::Connection;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::ConnectionId;
use frontdesk_domain::time::Timestamp;
use frontdesk_http::Target;
use frontdesk_queue::Failure;
use frontdesk_store::{calendar_account, connection};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::Registration;
use crate::jobs::failure;
use crate::secret::Column;
use crate::{App, AppError, Result};

/// Tokens that end sooner are refreshed.
const AHEAD: Duration = Duration::from_mins(10);
/// The longest a node may take for a refresh.
const LEASE: Duration = Duration::from_mins(2);
/// When to come back while another node refreshes.
const SOON: Duration = Duration::from_secs(10);

/// Why an account could not be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// The vendor's answer.
    #[error("{0}")]
    Vendor(#[from] CalendarError),
    /// Another node is getting new tokens.
    #[error("the account's access is being renewed")]
    Renewing,
    /// On our side.
    #[error("{0}")]
    Ours(#[from] AppError),
}

impl From<frontdesk_store::StoreError> for Trouble {
    fn from(error: frontdesk_store::StoreError) -> Self {
        Self::Ours(error.into())
    }
}

impl Trouble {
    /// As a failed job sees it.
    pub fn failure(&self, now: Timestamp) -> Failure {
        let reason = self.to_string();
        match self {
            Self::Renewing => Failure::RetryAt { reason, at: now.plus(SOON) },
            Self::Vendor(CalendarError::RateLimited { retry_after }) => {
                Failure::RetryAt { reason, at: now.plus(*retry_after) }
            }
            Self::Vendor(CalendarError::Unavailable { .. } | CalendarError::Conflict) => {
                Failure::Retry(reason)
            }
            Self::Vendor(_) => Failure::Permanent(reason),
            Self::Ours(error) => failure(error),
        }
    }
}

/// What is sealed of an account that was opened by consent.
#[derive(Serialize, Deserialize)]
struct Kept {
    access: String,
    refresh: Option<String>,
}

/// Tokens as they are sealed.
pub(super) fn sealed(app: &App, scope: Scope, tokens: &Tokens) -> Result<String> {
    let kept = Kept {
        access: tokens.access.expose_secret().to_owned(),
        refresh: tokens.refresh.as_ref().map(|refresh| refresh.expose_secret().to_owned()),
    };
    let text = serde_json::to_string(&kept).map_err(|error| AppError::Internal(error.to_string()))?;
    seal(app, scope, &text)
}

pub(super) fn seal(app: &App, scope: Scope, text: &str) -> Result<String> {
    Ok(app.vault.seal(scope.workspace(), Column::ConnectionSecret, text, app.random.as_ref())?)
}

/// The operator's registration with a vendor.
pub(super) fn registration<'a>(app: &'a App, vendor: &str) -> Result<&'a Registration> {
    app.settings.calendars.get(vendor).ok_or_else(|| {
        AppError::invalid(
            "/vendor",
            "is not set up on this installation; ask the operator to register it (see the calendars guide)",
        )
    })
}

/// The client of an account by consent.
pub(super) fn by_token(app: &App, vendor: &str, token: SecretString) -> Result<Arc<dyn CalendarAccount>> {
    let registration = registration(app, vendor)?;
    // The addresses are the operator's.
    let access =
        Access { http: app.http.clone(), target: Target::Trusted, credential: Credential::Bearer(token) };
    build(vendor, &registration.settings, access).map_err(|error| AppError::Internal(error.to_string()))
}

/// The client of a CalDAV account.
pub(super) fn by_password(
    app: &App,
    settings: &serde_json::Value,
    password: SecretString,
) -> Result<Arc<dyn CalendarAccount>> {
    let user = settings.get("username").and_then(|it| it.as_str()).unwrap_or_default().to_owned();
    // The address is a user's.
    let access = Access {
        http: app.http.clone(),
        target: Target::Public,
        credential: Credential::Basic { user, password },
    };
    build(caldav::ID, settings, access).map_err(|error| AppError::invalid("/url", error.to_string()))
}

/// Calls an account; once more with new tokens when it refuses the ones we had.
pub(super) async fn with<T, F, Fut>(app: &App, scope: Scope, id: ConnectionId, call: F) -> Result<T, Trouble>
where
    F: Fn(Arc<dyn CalendarAccount>) -> Fut + Send,
    Fut: Future<Output = Result<T, CalendarError>> + Send,
{
    let (client, generation) = open(app, scope, id, None).await?;
    match call(client).await {
        Err(CalendarError::Unauthorized) => {
            let (client, _) = open(app, scope, id, Some(generation)).await?;
            Ok(call(client).await?)
        }
        done => Ok(done?),
    }
}

/// The client with a token that is good; `refused` is the generation of tokens that the vendor no longer takes.
async fn open(
    app: &App,
    scope: Scope,
    id: ConnectionId,
    refused: Option<i32>,
) -> Result<(Arc<dyn CalendarAccount>, i32), Trouble> {
    let account = calendar_account::get(app.store.reader(), scope, id).await?;
    let (found, secret) = secret_of(app, scope, id).await?;
    if found.vendor == caldav::ID {
        if refused.is_some() {
            return Err(CalendarError::Unauthorized.into());
        }
        return Ok((by_password(app, &found.settings, secret)?, account.generation));
    }
    let kept: Kept = serde_json::from_str(secret.expose_secret())
        .map_err(|error| AppError::Internal(format!("tokens of {id}: {error}")))?;
    let now = app.clock.now();
    let is_refused = refused == Some(account.generation);
    let is_over = account.expires_at.is_some_and(|end| end <= now);
    let is_late = account.expires_at.is_some_and(|end| end <= now.plus(AHEAD));
    if !is_refused && !is_late {
        return Ok((by_token(app, &found.vendor, kept.access.into())?, account.generation));
    }
    let ctx = app.system(scope.workspace(), "calendar-tokens");
    let tx = app.store.begin(&ctx).await?;
    let leased = calendar_account::lease(&tx, scope, id, account.generation, (now, now.plus(LEASE))).await?;
    tx.commit().await?;
    if !leased {
        return if is_refused || is_over {
            Err(Trouble::Renewing)
        } else {
            Ok((by_token(app, &found.vendor, kept.access.into())?, account.generation))
        };
    }
    let outcome = refresh(app, &found, kept.refresh.as_deref()).await;
    let tx = app.store.begin(&ctx).await?;
    match outcome {
        Ok(tokens) => {
            let mut stored = connection::get(&tx, scope, id).await?;
            stored.secret = Some(sealed(app, scope, &tokens)?);
            connection::update(&tx, scope, &stored).await?;
            calendar_account::settle(&tx, scope, id, Some(tokens.expires_at)).await?;
            tx.commit().await?;
            Ok((by_token(app, &found.vendor, tokens.access)?, account.generation + 1))
        }
        Err(error) => {
            calendar_account::settle(&tx, scope, id, None).await?;
            tx.commit().await?;
            // Not good for the next minutes, but still good.
            if is_refused || is_over || error == CalendarError::Unauthorized {
                return Err(error.into());
            }
            Ok((by_token(app, &found.vendor, kept.access.into())?, account.generation))
        }
    }
}

async fn refresh(app: &App, found: &Connection, refresh: Option<&str>) -> Result<Tokens, CalendarError> {
    let Some(refresh) = refresh else { return Err(CalendarError::Unauthorized) };
    let registration = registration(app, &found.vendor)
        .map_err(|_| CalendarError::Rejected { text: format!("{} is no longer set up", found.vendor) })?;
    let provider = Provider::of(&found.vendor, &registration.settings).map_err(|error| meaning(&error))?;
    let refresh = SecretString::from(refresh.to_owned());
    provider.refresh(&app.http, &registration.client_secret, &refresh).await.map_err(|error| meaning(&error))
}

/// What a refused token means for the calendar.
pub(super) fn meaning(error: &OAuthError) -> CalendarError {
    match error {
        OAuthError::Withdrawn(_) => CalendarError::Unauthorized,
        OAuthError::Rejected(text) | OAuthError::Settings(text) => {
            CalendarError::Rejected { text: text.clone() }
        }
        OAuthError::Unavailable { retry_after: Some(retry_after), .. } => {
            CalendarError::RateLimited { retry_after: *retry_after }
        }
        OAuthError::Unavailable { text, .. } => CalendarError::Unavailable { text: text.clone() },
    }
}

async fn secret_of(app: &App, scope: Scope, id: ConnectionId) -> Result<(Connection, SecretString)> {
    let usable = crate::connection::open(app, scope, connection::get(app.store.reader(), scope, id).await?)?;
    let secret = usable.secret.ok_or_else(|| AppError::Internal(format!("{id} has no secret")))?;
    Ok((usable.connection, secret))
}

/// Gives the access back; what the vendor says is logged, for the account is forgotten either way.
pub(super) async fn revoke(app: &App, scope: Scope, id: ConnectionId) {
    let revoked = async {
        let (found, secret) = secret_of(app, scope, id).await?;
        if found.vendor == caldav::ID {
            return Ok(());
        }
        let kept: Kept = serde_json::from_str(secret.expose_secret())
            .map_err(|error| AppError::Internal(error.to_string()))?;
        let registration = registration(app, &found.vendor)?;
        let provider = Provider::of(&found.vendor, &registration.settings)
            .map_err(|error| AppError::Internal(error.to_string()))?;
        let token = SecretString::from(kept.refresh.unwrap_or(kept.access));
        provider
            .revoke(&app.http, &registration.client_secret, &token)
            .await
            .map(drop)
            .map_err(|error| AppError::Unavailable(error.to_string()))
    };
    if let Err(error) = revoked.await {
        tracing::warn!(%error, connection = %id, "a calendar account's access could not be given back");
    }
}

/// How many calendars an account holds, in words; for trying the connection.
pub(crate) async fn count_at(app: &App, scope: Scope, id: ConnectionId) -> Result<String, String> {
    let found = with(app, scope, id, |client| async move { client.calendars().await }).await;
    found.map(|found| format!("{} calendars found", found.len())).map_err(|error| error.to_string())
}
