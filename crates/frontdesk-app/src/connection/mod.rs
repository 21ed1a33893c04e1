//! Connections: vendors that a workspace configured. Settings may be shown; the secret is sealed and never shown.

mod probe;
pub mod welcome;
pub(crate) use probe::{access, post, public_address};
mod vendors;

use frontdesk_channel::mail::hook;
use frontdesk_domain::access::Permission;
use frontdesk_domain::connection::{
    Connection, ConnectionCategory, ConnectionTest, VendorAuth, VendorManifest,
};
use frontdesk_domain::context::{Context, Scope};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::ConnectionId;
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::text;
use frontdesk_store::connection::{self, SealedConnection};
use frontdesk_store::mail_inbox;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::secret::Column;
use crate::validate::{Patch, Validator, cursor};
use crate::{App, AppError, Result, calendar, knowledge};

pub use vendors::{find as find_vendor, list as list_vendors};

/// Most connections of a workspace.
const MAX_CONNECTIONS: u64 = 100;
/// Most characters of a secret.
const MAX_SECRET: usize = 10_000;

/// A connection to be.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConnection {
    /// The vendor's id.
    #[schema(max_length = 64)]
    pub vendor: String,
    /// Its name in lists.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// Settings by the vendor's schema.
    #[schema(value_type = Object)]
    pub settings: Value,
    /// The vendor's key or password; stored sealed, never shown.
    #[schema(format = Password, max_length = 10000)]
    pub secret: Option<String>,
    /// What the vendor signs its calls with, for vendors with a `hook`; stored sealed, never shown.
    #[schema(format = Password, max_length = 10000)]
    pub hook_secret: Option<String>,
    /// Whether it may be used; yes when absent.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub enabled: bool,
}

const fn yes() -> bool {
    true
}

/// What may be changed; absent fields stay, and a null secret is removed.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectionPatch {
    /// Its name in lists.
    #[schema(min_length = 1, max_length = 120)]
    pub name: Option<String>,
    /// Settings by the vendor's schema, replaced whole.
    #[schema(value_type = Option<Object>)]
    pub settings: Option<Value>,
    /// A new secret.
    #[schema(value_type = Option<String>, format = Password, max_length = 10000)]
    #[serde(default)]
    pub secret: Patch<String>,
    /// A new secret of the vendor's calls; null removes it, and calls are heard no more.
    #[schema(value_type = Option<String>, format = Password, max_length = 10000)]
    #[serde(default)]
    pub hook_secret: Patch<String>,
    /// Whether it may be used.
    pub enabled: Option<bool>,
}

/// A connection ready for use, with its secret in the clear. Never leaves the process.
pub struct UsableConnection {
    /// The connection.
    pub connection: Connection,
    /// Its secret.
    pub secret: Option<SecretString>,
    /// What its vendor's calls are verified by.
    pub hook_secret: Option<SecretString>,
}

/// What vendors can be connected.
pub fn vendors(ctx: &Context) -> Result<Vec<VendorManifest>> {
    ctx.require(Permission::ConnectionsRead)?;
    Ok(list_vendors())
}

/// The workspace's connections, but for calendar accounts, which are shown with their calendars.
pub async fn list(app: &App, ctx: &Context, page: &PageRequest) -> Result<Page<Connection>> {
    ctx.require(Permission::ConnectionsRead)?;
    let mut found = connection::list(app.store.reader(), ctx.scope(), cursor(page)?, page.size()).await?;
    found.items.retain(|connection| connection.category != ConnectionCategory::Calendar);
    Ok(found)
}

/// One connection.
pub async fn get(app: &App, ctx: &Context, id: ConnectionId) -> Result<Connection> {
    ctx.require(Permission::ConnectionsRead)?;
    Ok(connection::get(app.store.reader(), ctx.scope(), id).await?.connection)
}

/// Enabled connections of a category with their secrets, oldest first; for the system's own use. One whose secret
/// cannot be opened is left out and logged: the next in order takes over.
pub async fn usable(app: &App, scope: Scope, category: ConnectionCategory) -> Result<Vec<UsableConnection>> {
    let sealed = connection::list_enabled(app.store.reader(), scope, category).await?;
    Ok(sealed
        .into_iter()
        .filter_map(|sealed| {
            let id = sealed.connection.id;
            open(app, scope, sealed)
                .inspect_err(|error| tracing::error!(%error, connection = %id, "a connection is unusable"))
                .ok()
        })
        .collect())
}

pub(crate) fn open(app: &App, scope: Scope, sealed: SealedConnection) -> Result<UsableConnection> {
    let secret = sealed
        .secret
        .map(|secret| app.vault.unseal(scope.workspace(), Column::ConnectionSecret, &secret))
        .transpose()?;
    let hook_secret = sealed
        .hook_secret
        .map(|secret| app.vault.unseal(scope.workspace(), Column::HookSecret, &secret))
        .transpose()?;
    Ok(UsableConnection { connection: sealed.connection, secret, hook_secret })
}

/// Makes a connection.
pub async fn create(app: &App, ctx: &Context, input: NewConnection) -> Result<Connection> {
    ctx.require(Permission::ConnectionsWrite)?;
    let Some(vendor) = find_vendor(&input.vendor) else {
        return Err(AppError::invalid(
            "/vendor",
            "is not a vendor Frontdesk knows; GET /connections/vendors lists them",
        ));
    };
    let mut check = Validator::new();
    let name = check.take("/name", text::line(&input.name, 120));
    check_settings(&mut check, &vendor, &input.settings);
    check_secret(&mut check, vendor.auth, input.secret.as_deref());
    check_hook_secret(&mut check, &vendor, input.hook_secret.as_deref());
    check.finish()?;
    let seal = |column, secret: Option<String>| secret.map(|it| seal(app, ctx, column, &it)).transpose();
    let secret = seal(Column::ConnectionSecret, input.secret)?;
    let hook_secret = seal(Column::HookSecret, input.hook_secret)?;
    let tx = app.store.begin(ctx).await?;
    if connection::count(&tx, ctx.scope()).await? >= MAX_CONNECTIONS {
        return Err(AppError::Conflict(format!(
            "there are {MAX_CONNECTIONS} connections already; remove some first"
        )));
    }
    let made = SealedConnection {
        connection: Connection {
            id: ConnectionId::new(tx.now(), tx.random()),
            vendor: vendor.id,
            category: vendor.category,
            name,
            settings: input.settings,
            has_secret: secret.is_some(),
            has_hook_secret: hook_secret.is_some(),
            enabled: input.enabled,
            last_test: None,
            created_at: tx.now(),
            updated_at: tx.now(),
        },
        secret,
        hook_secret,
    };
    connection::insert(&tx, ctx.scope(), &made).await?;
    let made = made.connection;
    knowledge::embedder_changed(&tx, made.category);
    welcome::plan(&tx, &made);
    tx.audit(
        "connection.create",
        Some(made.id.to_string()),
        json!({ "vendor": made.vendor, "name": made.name }),
    );
    tx.emit(Event::WorkspaceUpdated);
    tx.commit().await?;
    Ok(made)
}

/// Changes a connection. Its last test counts no more once settings or secret changed.
pub async fn update(
    app: &App,
    ctx: &Context,
    id: ConnectionId,
    patch: ConnectionPatch,
) -> Result<Connection> {
    ctx.require(Permission::ConnectionsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let mut changed = connection::get(&tx, ctx.scope(), id).await?;
    let vendor = find_vendor(&changed.connection.vendor).ok_or_else(|| {
        AppError::Conflict("this vendor is no longer supported; remove the connection".to_owned())
    })?;
    let mut check = Validator::new();
    let mut fields = Vec::new();
    if let Some(name) = patch.name {
        changed.connection.name = check.take("/name", text::line(&name, 120));
        fields.push("name");
    }
    if let Some(settings) = patch.settings {
        check_settings(&mut check, &vendor, &settings);
        if changed.connection.settings != settings {
            changed.connection.last_test = None;
            if is_another_mailbox(&changed.connection.settings, &settings) {
                mail_inbox::forget(&tx, ctx.scope(), id).await?;
            }
        }
        changed.connection.settings = settings;
        fields.push("settings");
    }
    match &patch.secret {
        Patch::Keep => {}
        Patch::Clear => check_secret(&mut check, vendor.auth, None),
        Patch::Set(secret) => check_secret(&mut check, vendor.auth, Some(secret)),
    }
    if let Patch::Set(secret) = &patch.hook_secret {
        check_hook_secret(&mut check, &vendor, Some(secret));
    }
    check.finish()?;
    let patch_connects = patch.secret != Patch::Keep || patch.hook_secret != Patch::Keep;
    if patch.secret != Patch::Keep {
        fields.push("secret");
        changed.connection.last_test = None;
        changed.secret = match patch.secret {
            Patch::Set(secret) => Some(seal(app, ctx, Column::ConnectionSecret, &secret)?),
            Patch::Keep | Patch::Clear => None,
        };
    }
    if patch.hook_secret != Patch::Keep {
        fields.push("hook_secret");
        changed.hook_secret = match patch.hook_secret {
            Patch::Set(secret) => Some(seal(app, ctx, Column::HookSecret, &secret)?),
            Patch::Keep | Patch::Clear => None,
        };
    }
    if let Some(enabled) = patch.enabled {
        changed.connection.enabled = enabled;
        fields.push("enabled");
    }
    changed.connection.has_secret = changed.secret.is_some();
    changed.connection.has_hook_secret = changed.hook_secret.is_some();
    changed.connection.updated_at = tx.now();
    connection::update(&tx, ctx.scope(), &changed).await?;
    knowledge::embedder_changed(&tx, changed.connection.category);
    if patch_connects {
        welcome::plan(&tx, &changed.connection);
    }
    tx.audit("connection.update", Some(id.to_string()), json!({ "fields": fields }));
    tx.emit(Event::WorkspaceUpdated);
    tx.commit().await?;
    Ok(changed.connection)
}

/// Whether settings lead to another mailbox, which is then read from now on.
fn is_another_mailbox(before: &Value, after: &Value) -> bool {
    ["host", "username", "folder"].iter().any(|name| before.get(name) != after.get(name))
}

/// Removes a connection with its secret.
pub async fn delete(app: &App, ctx: &Context, id: ConnectionId) -> Result<()> {
    ctx.require(Permission::ConnectionsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let gone = connection::get(&tx, ctx.scope(), id).await?.connection;
    if gone.category == ConnectionCategory::Calendar {
        calendar::disconnect_all(&tx, id).await?;
    }
    mail_inbox::forget(&tx, ctx.scope(), id).await?;
    frontdesk_store::channel_template::delete_of(&tx, ctx.scope(), id).await?;
    connection::delete(&tx, ctx.scope(), id).await?;
    knowledge::embedder_changed(&tx, gone.category);
    tx.audit("connection.delete", Some(id.to_string()), json!({ "vendor": gone.vendor, "name": gone.name }));
    tx.emit(Event::WorkspaceUpdated);
    tx.commit().await?;
    Ok(())
}

/// Tries a connection against the vendor and notes how it went. A vendor that refuses is a result, not an error.
pub async fn test(app: &App, ctx: &Context, id: ConnectionId) -> Result<ConnectionTest> {
    ctx.require(Permission::ConnectionsWrite)?;
    let sealed = connection::get(app.store.reader(), ctx.scope(), id).await?;
    let usable = open(app, ctx.scope(), sealed)?;
    let result = probe::run(app, ctx.scope(), &usable).await;
    let tx = app.store.begin(ctx).await?;
    connection::set_test(&tx, ctx.scope(), id, &result).await?;
    tx.audit("connection.test", Some(id.to_string()), json!({ "ok": result.ok }));
    tx.emit(Event::WorkspaceUpdated);
    tx.commit().await?;
    Ok(result)
}

fn seal(app: &App, ctx: &Context, column: Column, secret: &str) -> Result<String> {
    Ok(app.vault.seal(ctx.workspace, column, secret, app.random.as_ref())?)
}

fn check_hook_secret(check: &mut Validator, vendor: &VendorManifest, secret: Option<&str>) {
    let Some(secret) = secret else { return };
    if vendor.hook.is_none() {
        check.refuse("/hook_secret", "is not used by this vendor; leave it out");
    } else if vendor.category != ConnectionCategory::Mail {
        check.ensure("/hook_secret", !secret.trim().is_empty(), "must not be empty");
    } else if let Err(error) = hook::check_secret(secret) {
        check.refuse("/hook_secret", error.to_string());
    }
}

fn check_secret(check: &mut Validator, auth: VendorAuth, secret: Option<&str>) {
    match (auth, secret) {
        (VendorAuth::None, Some(_)) => check.refuse("/secret", "is not used by this vendor; leave it out"),
        (VendorAuth::ApiKey, None) => check.refuse("/secret", "is needed: this vendor asks for a key"),
        (_, Some(secret)) => {
            check.ensure("/secret", !secret.trim().is_empty(), "must not be empty");
            check.ensure(
                "/secret",
                secret.chars().count() <= MAX_SECRET,
                "is too long: at most 10000 characters",
            );
            check.ensure("/secret", !secret.chars().any(char::is_control), "contains control characters");
        }
        (_, None) => {}
    }
}

/// Checks settings by the vendor's schema; each error names its place.
fn check_settings(check: &mut Validator, vendor: &VendorManifest, settings: &Value) {
    let validator = match jsonschema::options().should_validate_formats(true).build(&vendor.settings_schema) {
        Ok(validator) => validator,
        Err(error) => {
            tracing::error!(%error, vendor = vendor.id, "a vendor's schema is broken");
            check.refuse("/vendor", "cannot be configured: its schema is broken");
            return;
        }
    };
    for error in validator.iter_errors(settings).take(20) {
        // Masked, because people paste keys into the wrong field.
        check.refuse(
            &format!("/settings{}", error.instance_path()),
            error.masked_with("the value").to_string(),
        );
    }
}
