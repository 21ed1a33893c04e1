//! Widgets' publishable keys.

use frontdesk_domain::access::Permission;
use frontdesk_domain::apikey::WidgetKey;
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{AgentId, WidgetKeyId, WorkspaceId};
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::text;
use frontdesk_store::{Tx, agent, widget_key};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::check_origin;
use crate::validate::{Patch, Validator, cursor};
use crate::{App, AppError, Result, token};

/// Most keys of a workspace that are not revoked.
const MAX_KEYS: u64 = 200;
/// Most origins of a key.
const MAX_ORIGINS: usize = 50;

/// A key to be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWidgetKey {
    /// What it is for, such as the site's name.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// Where it works, such as `https://example.com`; `*` for anywhere.
    #[schema(min_items = 1, max_items = 50)]
    pub origins: Vec<String>,
    /// The agent that answers; the workspace's default when absent.
    pub agent_id: Option<AgentId>,
}

/// What may be changed; absent fields stay, and a null agent means the workspace's default.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WidgetKeyPatch {
    /// What it is for.
    #[schema(min_length = 1, max_length = 120)]
    pub name: Option<String>,
    /// Where it works.
    #[schema(min_items = 1, max_items = 50)]
    pub origins: Option<Vec<String>>,
    /// The agent that answers.
    #[schema(value_type = Option<AgentId>)]
    #[serde(default)]
    pub agent_id: Patch<AgentId>,
}

/// Keys, revoked ones included.
pub async fn list(app: &App, ctx: &Context, page: &PageRequest) -> Result<Page<WidgetKey>> {
    ctx.require(Permission::KeysRead)?;
    Ok(widget_key::list(app.store.reader(), ctx.scope(), cursor(page)?, page.size()).await?)
}

/// The workspace and key a widget names, while the key works. The caller checks the origin with
/// [`allowed_origin`](super::allowed_origin).
pub async fn find_usable(app: &App, key: &str) -> Result<Option<(WorkspaceId, WidgetKey)>> {
    if !key.starts_with(token::WIDGET_KEY) || key.len() > 64 {
        return Ok(None);
    }
    Ok(widget_key::find_usable_everywhere(app.store.reader(), key).await?)
}

/// Makes a key.
pub async fn create(app: &App, ctx: &Context, input: NewWidgetKey) -> Result<WidgetKey> {
    ctx.require(Permission::KeysWrite)?;
    let mut check = Validator::new();
    let name = check.take("/name", text::line(&input.name, 120));
    let origins = check_origins(&mut check, &input.origins);
    check.finish()?;
    let tx = app.store.begin(ctx).await?;
    check_agent(&tx, input.agent_id).await?;
    if widget_key::count(&tx, ctx.scope()).await? >= MAX_KEYS {
        return Err(AppError::Conflict(format!("there are {MAX_KEYS} keys already; revoke some first")));
    }
    let key = WidgetKey {
        id: WidgetKeyId::new(tx.now(), tx.random()),
        name,
        key: token::generate_short(token::WIDGET_KEY, tx.random()),
        origins,
        agent_id: input.agent_id,
        created_at: tx.now(),
        revoked_at: None,
    };
    widget_key::insert(&tx, ctx.scope(), &key).await?;
    tx.audit(
        "widget_key.create",
        Some(key.id.to_string()),
        json!({ "name": key.name, "origins": key.origins }),
    );
    tx.emit(Event::WorkspaceUpdated);
    tx.commit().await?;
    Ok(key)
}

/// Changes a key.
pub async fn update(app: &App, ctx: &Context, id: WidgetKeyId, patch: WidgetKeyPatch) -> Result<WidgetKey> {
    ctx.require(Permission::KeysWrite)?;
    let mut check = Validator::new();
    let name = check.take_some("/name", patch.name, |name| text::line(&name, 120));
    let origins = patch.origins.map(|origins| check_origins(&mut check, &origins));
    check.finish()?;
    let tx = app.store.begin(ctx).await?;
    let mut key = widget_key::get(&tx, ctx.scope(), id).await?;
    if key.revoked_at.is_some() {
        return Err(AppError::Conflict("this key was revoked; make a new one".to_owned()));
    }
    if let Some(name) = name {
        key.name = name;
    }
    if let Some(origins) = origins {
        key.origins = origins;
    }
    if let Patch::Set(agent) = &patch.agent_id {
        check_agent(&tx, Some(*agent)).await?;
    }
    patch.agent_id.apply(&mut key.agent_id);
    widget_key::update(&tx, ctx.scope(), &key).await?;
    tx.audit("widget_key.update", Some(id.to_string()), json!({ "name": key.name, "origins": key.origins }));
    tx.emit(Event::WorkspaceUpdated);
    tx.commit().await?;
    Ok(key)
}

/// Revokes a key: widgets with it stop at once.
pub async fn revoke(app: &App, ctx: &Context, id: WidgetKeyId) -> Result<()> {
    ctx.require(Permission::KeysWrite)?;
    let tx = app.store.begin(ctx).await?;
    let key = widget_key::get(&tx, ctx.scope(), id).await?;
    if key.revoked_at.is_none() {
        widget_key::revoke(&tx, ctx.scope(), id, tx.now()).await?;
        tx.audit("widget_key.revoke", Some(id.to_string()), json!({ "name": key.name }));
        tx.emit(Event::WorkspaceUpdated);
        tx.commit().await?;
    }
    Ok(())
}

/// Refuses an agent that is not the workspace's.
async fn check_agent(tx: &Tx, id: Option<AgentId>) -> Result<()> {
    match id {
        Some(id) if agent::find(tx, tx.scope(), id).await?.is_none() => {
            Err(AppError::invalid("/agent_id", "is not an agent of this workspace"))
        }
        _ => Ok(()),
    }
}

fn check_origins(check: &mut Validator, origins: &[String]) -> Vec<String> {
    check.ensure("/origins", !origins.is_empty(), "needs at least one origin, or * for anywhere");
    check.ensure("/origins", origins.len() <= MAX_ORIGINS, "holds too many origins: at most 50");
    let mut checked: Vec<String> = origins
        .iter()
        .take(MAX_ORIGINS)
        .enumerate()
        .map(|(index, origin)| check.take(&format!("/origins/{index}"), check_origin(origin)))
        .collect();
    checked.dedup();
    checked
}
