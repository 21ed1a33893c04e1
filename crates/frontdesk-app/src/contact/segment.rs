//! Segments: filters of contacts that were given a name, for oneself or for the team.

use frontdesk_domain::access::Permission;
use frontdesk_domain::contact_list::{ContactFilter, Segment, TotalKind};
use frontdesk_domain::context::{Actor, Context};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{SegmentId, UserId};
use frontdesk_domain::text;
use frontdesk_store::StoreError;
use frontdesk_store::contact::segment;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::list;
use crate::validate::Validator;
use crate::{App, AppError, Result};

/// A segment to keep.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSegment {
    /// Its name.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// Which contacts are in it.
    pub filter: ContactFilter,
    /// Whether the team sees it, or its maker alone.
    #[serde(default)]
    pub shared: bool,
}

/// How many contacts are in a segment.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct SegmentCount {
    /// How many.
    pub total: u64,
    /// How much that can be relied on.
    pub total_kind: TotalKind,
}

fn user(ctx: &Context) -> Option<UserId> {
    match ctx.actor {
        Actor::User(user) => Some(user),
        _ => None,
    }
}

/// The segments the caller sees, by name.
pub async fn list_all(app: &App, ctx: &Context) -> Result<Vec<Segment>> {
    ctx.require(Permission::ContactsRead)?;
    Ok(segment::list(app.store.reader(), ctx.scope(), user(ctx)).await?)
}

async fn visible(app: &App, ctx: &Context, id: SegmentId) -> Result<Segment> {
    let found = segment::get(app.store.reader(), ctx.scope(), id).await?;
    if found.shared || found.owner == user(ctx) {
        Ok(found)
    } else {
        Err(StoreError::NotFound("segment").into())
    }
}

/// Keeps a filter under a name.
pub async fn create(app: &App, ctx: &Context, input: NewSegment) -> Result<Segment> {
    ctx.require(Permission::ContactsWrite)?;
    let (name, filter) = checked(app, ctx, &input).await?;
    let tx = app.store.begin(ctx).await?;
    if segment::list(&tx, ctx.scope(), user(ctx)).await?.len() >= 200 {
        return Err(AppError::Conflict("there are 200 segments already; delete one first".to_owned()));
    }
    let id = SegmentId::new(tx.now(), tx.random());
    // What nobody owns, only everybody can see.
    let shared = input.shared || user(ctx).is_none();
    let new = Segment { id, name, filter, shared, owner: user(ctx), created_at: tx.now() };
    segment::put(&tx, ctx.scope(), &new).await?;
    tx.emit(Event::WorkspaceUpdated);
    tx.audit("segment.create", Some(id.to_string()), json!({ "shared": shared }));
    tx.commit().await?;
    Ok(new)
}

/// Changes a segment's name, filter and who sees it.
pub async fn update(app: &App, ctx: &Context, id: SegmentId, input: NewSegment) -> Result<Segment> {
    ctx.require(Permission::ContactsWrite)?;
    let before = visible(app, ctx, id).await?;
    let (name, filter) = checked(app, ctx, &input).await?;
    let tx = app.store.begin(ctx).await?;
    let changed = Segment { name, filter, shared: input.shared || before.owner.is_none(), ..before };
    segment::put(&tx, ctx.scope(), &changed).await?;
    tx.emit(Event::WorkspaceUpdated);
    tx.audit("segment.update", Some(id.to_string()), json!({}));
    tx.commit().await?;
    Ok(changed)
}

/// Deletes a segment; its contacts stay.
pub async fn delete(app: &App, ctx: &Context, id: SegmentId) -> Result<()> {
    ctx.require(Permission::ContactsWrite)?;
    visible(app, ctx, id).await?;
    let tx = app.store.begin(ctx).await?;
    segment::delete(&tx, ctx.scope(), id).await?;
    tx.emit(Event::WorkspaceUpdated);
    tx.audit("segment.delete", Some(id.to_string()), json!({}));
    tx.commit().await?;
    Ok(())
}

/// How many contacts are in a segment now.
pub async fn count(app: &App, ctx: &Context, id: SegmentId) -> Result<SegmentCount> {
    ctx.require(Permission::ContactsRead)?;
    let found = visible(app, ctx, id).await?;
    let counted = list::count(app, ctx, &found.filter).await?;
    Ok(SegmentCount { total: counted.total, total_kind: counted.kind })
}

async fn checked(app: &App, ctx: &Context, input: &NewSegment) -> Result<(String, ContactFilter)> {
    let mut check = Validator::new();
    let name = check.take("/name", text::line(&input.name, 80));
    check.finish()?;
    list::check(app, ctx, &input.filter).await?;
    Ok((name, input.filter.clone()))
}
