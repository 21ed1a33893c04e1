//! Connecting by consent: away to the vendor's page, and back with a code.
//!
//! The person who comes back must be in the browser that went away: a cookie proves it. Else somebody could have another
//! person's calendar connected to their own business by sending them a link.

use std::time::Duration;

use frontdesk_connector::calendar::{MANIFESTS, caldav};
use frontdesk_connector::manifest::Category;
use frontdesk_connector::oauth::{OAuthError, Provider};
use frontdesk_domain::access::Permission;
use frontdesk_domain::context::{Actor, Context, Scope};
use frontdesk_domain::id::{ConnectionId, StaffId};
use frontdesk_store::{calendar_consent, member, staff};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::account::{by_token, meaning, registration, sealed};
use super::connect::{Opened, keep, look, unknown_staff};
use crate::secret::Column;
use crate::{App, AppError, Result, token};

/// How long the person may take on the vendor's page.
const LIFE: Duration = Duration::from_mins(20);
/// Where vendors send people back to, under the installation's address.
const RETURN: &str = "/api/v1/calendars/callback";

/// A consent to ask for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConsent {
    /// The vendor's id.
    #[schema(max_length = 64)]
    pub vendor: String,
    /// Whose calendars they are.
    pub staff_id: StaffId,
}

/// Where to go for it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Asked {
    /// The vendor's page; open it in the same browser.
    pub authorize_url: String,
    /// What the browser has to keep until then.
    #[serde(skip)]
    pub state: String,
}

/// Begins a consent.
pub async fn ask(app: &App, ctx: &Context, new: &NewConsent) -> Result<Asked> {
    ctx.require(Permission::CalendarsWrite)?;
    let Some(user) = ctx.user() else {
        return Err(AppError::Refused(
            "a person has to give this consent, signed in in a browser".to_owned(),
        ));
    };
    let known = MANIFESTS
        .iter()
        .any(|it| it.id == new.vendor && it.category == Category::Calendar && it.id != caldav::ID);
    if !known {
        return Err(AppError::invalid(
            "/vendor",
            "is no vendor that asks for consent; GET /calendars/vendors lists them",
        ));
    }
    let registration = registration(app, &new.vendor)?;
    staff::get(app.store.reader(), ctx.scope(), new.staff_id).await.map_err(unknown_staff)?;
    let consent = Provider::of(&new.vendor, &registration.settings)
        .and_then(|provider| provider.consent(&back(app), app.random.as_ref()))
        .map_err(|error| AppError::Internal(format!("{}: {error}", new.vendor)))?;
    let verifier = consent.verifier.expose_secret();
    let kept = calendar_consent::Consent {
        workspace: ctx.workspace,
        user,
        staff: new.staff_id,
        vendor: new.vendor.clone(),
        verifier: app.vault.seal(ctx.workspace, Column::ConsentVerifier, verifier, app.random.as_ref())?,
        expires_at: ctx.now().plus(LIFE),
    };
    let tx = app.store.begin(ctx).await?;
    calendar_consent::insert(&tx, &token::hash(&consent.state), &kept, tx.now()).await?;
    tx.audit("calendar.ask_consent", None, json!({ "vendor": new.vendor }));
    tx.commit().await?;
    Ok(Asked { authorize_url: consent.url, state: consent.state })
}

fn back(app: &App) -> String {
    format!("{}{RETURN}", app.settings.public_url)
}

/// What the vendor sent the person back with.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Returned {
    /// The code to exchange.
    pub code: Option<String>,
    /// What the consent was asked for with.
    pub state: Option<String>,
    /// Why there is none.
    pub error: Option<String>,
}

/// Ends a consent: the account is connected. `kept` is what the browser kept.
///
/// # Errors
/// [`AppError::Refused`] with words for the person.
pub async fn finish(app: &App, returned: &Returned, kept: Option<&str>) -> Result<ConnectionId> {
    let state = returned.state.as_deref().unwrap_or_default();
    if state.is_empty() || kept != Some(state) {
        return Err(refused("this consent was not asked for in this browser; connect the calendar again"));
    }
    let system = app.system(frontdesk_domain::id::WorkspaceId::INSTALLATION, "calendar-consent");
    let tx = app.store.begin(&system).await?;
    let found = calendar_consent::take_everywhere(&tx, &token::hash(state), tx.now()).await?;
    tx.commit().await?;
    let Some(found) = found else {
        return Err(refused("this consent was used already or took too long; connect the calendar again"));
    };
    let code = match (&returned.code, &returned.error) {
        (Some(code), None) if code.len() <= 4_096 => code,
        _ => return Err(refused("the vendor gave no access; connect the calendar again and allow it")),
    };
    // The person may have left the team while they were away.
    let scope = Scope::system(found.workspace);
    let is_member = member::find_by_user(app.store.reader(), scope, found.user).await?;
    if !is_member.is_some_and(|member| member.role.allows(Permission::CalendarsWrite)) {
        return Err(refused("you may not connect calendars here any more"));
    }
    let ctx = Context { actor: Actor::User(found.user), ..app.system(found.workspace, "calendar-consent") };
    let verifier = app.vault.unseal(found.workspace, Column::ConsentVerifier, &found.verifier)?;
    let registration = registration(app, &found.vendor)?;
    let provider = Provider::of(&found.vendor, &registration.settings).map_err(|error| told(&error))?;
    let tokens = provider
        .exchange(&app.http, &registration.client_secret, code, &back(app), &verifier)
        .await
        .map_err(|error| told(&error))?;
    let client = by_token(app, &found.vendor, SecretString::from(tokens.access.expose_secret().to_owned()))?;
    let (name, calendars) = look(client.as_ref())
        .await
        .map_err(|error| refused(&format!("the vendor's calendars cannot be listed: {error}")))?;
    let vendor = MANIFESTS.iter().find(|it| it.id == found.vendor);
    let Some(vendor) = vendor else { return Err(AppError::NotFound("vendor")) };
    let opened = Opened {
        vendor: vendor.id,
        account: if name.is_empty() { vendor.name.to_owned() } else { name },
        settings: json!({}),
        secret: sealed(app, scope, &tokens)?,
        expires_at: Some(tokens.expires_at),
        staff: found.staff,
        found: calendars,
    };
    let made = keep(app, &ctx, opened).await?;
    made.first().map(|calendar| calendar.connection_id).ok_or(AppError::NotFound("calendar"))
}

fn refused(text: &str) -> AppError {
    AppError::Refused(text.to_owned())
}

fn told(error: &OAuthError) -> AppError {
    refused(&format!("the vendor gave no access: {}", meaning(error)))
}
