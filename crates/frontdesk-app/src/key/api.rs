//! Programs' keys. The secret is shown once; its hash is kept.

use std::time::Duration;

use frontdesk_domain::access::{Grants, Permission};
use frontdesk_domain::apikey::ApiKey;
use frontdesk_domain::context::{Actor, Context};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::ApiKeyId;
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::text;
use frontdesk_domain::time::Timestamp;
use frontdesk_store::api_key;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::validate::{Validator, cursor};
use crate::{App, AppError, Result, token};

/// Most keys of a workspace that are not revoked.
const MAX_KEYS: u64 = 200;
/// How fresh `last_used_at` is.
const TOUCH_EVERY: Duration = Duration::from_mins(1);

/// A key to be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApiKey {
    /// What it is for.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// What it may do: nothing that its maker may not, and never `workspace:own`.
    #[schema(min_items = 1, max_items = 64)]
    pub scopes: Vec<Permission>,
    /// When it stops working; never when absent.
    pub expires_at: Option<Timestamp>,
}

/// The answer to making a key: the only time the secret is seen.
#[derive(Clone, Serialize, ToSchema)]
pub struct CreatedApiKey {
    /// The key.
    pub key: ApiKey,
    /// The secret, `fd_sk_...`.
    pub secret: String,
}

/// Keys, revoked ones included.
pub async fn list(app: &App, ctx: &Context, page: &PageRequest) -> Result<Page<ApiKey>> {
    ctx.require(Permission::KeysRead)?;
    Ok(api_key::list(app.store.reader(), ctx.scope(), cursor(page)?, page.size()).await?)
}

/// Makes a key.
pub async fn create(app: &App, ctx: &Context, input: NewApiKey) -> Result<CreatedApiKey> {
    ctx.require(Permission::KeysWrite)?;
    let mut check = Validator::new();
    let name = check.take("/name", text::line(&input.name, 120));
    let mut scopes = input.scopes;
    scopes.sort_unstable();
    scopes.dedup();
    check.ensure("/scopes", !scopes.is_empty(), "needs at least one scope");
    check.ensure(
        "/scopes",
        !scopes.contains(&Permission::WorkspaceOwn),
        "cannot hold workspace:own; only people own workspaces",
    );
    for (index, scope) in scopes.iter().enumerate().filter(|(_, scope)| !ctx.grants.allows(**scope)) {
        check.refuse(
            &format!("/scopes/{index}"),
            format!("is more than you may do yourself: {}", scope.as_str()),
        );
    }
    if let Some(expires_at) = input.expires_at {
        check.ensure("/expires_at", expires_at > ctx.now(), "is in the past");
    }
    check.finish()?;
    let secret = token::generate(token::API_KEY, app.random.as_ref());
    let tx = app.store.begin(ctx).await?;
    if api_key::count(&tx, ctx.scope()).await? >= MAX_KEYS {
        return Err(AppError::Conflict(format!("there are {MAX_KEYS} keys already; revoke some first")));
    }
    let key = ApiKey {
        id: ApiKeyId::new(tx.now(), tx.random()),
        name,
        hint: secret.chars().take(10).collect(),
        scopes,
        created_at: tx.now(),
        last_used_at: None,
        expires_at: input.expires_at,
        revoked_at: None,
    };
    api_key::insert(&tx, ctx.scope(), &key, &token::hash(&secret)).await?;
    tx.audit("api_key.create", Some(key.id.to_string()), json!({ "name": key.name, "scopes": key.scopes }));
    tx.emit(Event::WorkspaceUpdated);
    tx.commit().await?;
    Ok(CreatedApiKey { key, secret })
}

/// Revokes a key: it stops working at once.
pub async fn revoke(app: &App, ctx: &Context, id: ApiKeyId) -> Result<()> {
    ctx.require(Permission::KeysWrite)?;
    let tx = app.store.begin(ctx).await?;
    let key = api_key::get(&tx, ctx.scope(), id).await?;
    if key.revoked_at.is_none() {
        api_key::revoke(&tx, ctx.scope(), id, tx.now()).await?;
        tx.audit("api_key.revoke", Some(id.to_string()), json!({ "name": key.name }));
        tx.emit(Event::WorkspaceUpdated);
        tx.commit().await?;
    }
    Ok(())
}

/// The circumstances of a program that shows a key, if the key works: its workspace and its scopes.
pub async fn authenticate(app: &App, ctx: &Context, secret: &str) -> Result<Option<Context>> {
    if !secret.starts_with(token::API_KEY) || secret.len() > 128 {
        return Ok(None);
    }
    let now = ctx.now();
    let found = api_key::find_usable_everywhere(app.store.reader(), &token::hash(secret), now).await?;
    let Some((workspace, key)) = found else { return Ok(None) };
    let ctx = Context {
        workspace,
        actor: Actor::ApiKey(key.id),
        grants: Grants::Scopes(key.scopes),
        ..ctx.clone()
    };
    if key.last_used_at.is_none_or(|at| now.since(at) >= TOUCH_EVERY) {
        let tx = app.store.begin(&ctx).await?;
        match api_key::touch(&tx, ctx.scope(), key.id, now).await {
            Ok(()) => tx.commit().await?,
            // Revoked between the two reads: then it does not work.
            Err(frontdesk_store::StoreError::NotFound(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Some(ctx))
}
