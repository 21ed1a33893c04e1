//! Members and their roles.

use frontdesk_domain::access::{Permission, Role};
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::MemberId;
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::workspace::Member;
use frontdesk_store::{Tx, member};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::ONLY_OWNERS;
use crate::account::me_id;
use crate::validate::cursor;
use crate::{App, AppError, Result};

/// A member's new role.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RolePatch {
    /// What they may do from now on.
    pub role: Role,
}

/// The team, oldest member first.
pub async fn list(app: &App, ctx: &Context, page: &PageRequest) -> Result<Page<Member>> {
    ctx.require(Permission::TeamRead)?;
    Ok(member::list(app.store.reader(), ctx.scope(), cursor(page)?, page.size()).await?)
}

fn is_owner(ctx: &Context) -> bool {
    ctx.grants.allows(Permission::WorkspaceOwn)
}

/// Refuses what would leave the workspace without an owner. Takes the owners' rows, so that two owners cannot leave at
/// the same moment.
async fn keep_an_owner(tx: &Tx, leaving: &Member) -> Result<()> {
    if leaving.role == Role::Owner && member::lock_owners(tx, tx.scope()).await? < 2 {
        return Err(AppError::Conflict(
            "a workspace needs an owner; transfer ownership to someone else first".to_owned(),
        ));
    }
    Ok(())
}

/// Changes a member's role.
pub async fn set_role(app: &App, ctx: &Context, id: MemberId, patch: RolePatch) -> Result<Member> {
    ctx.require(Permission::TeamWrite)?;
    let tx = app.store.begin(ctx).await?;
    let mut changed = member::get(&tx, ctx.scope(), id).await?;
    if (changed.role == Role::Owner || patch.role == Role::Owner) && !is_owner(ctx) {
        return Err(AppError::Refused(ONLY_OWNERS.to_owned()));
    }
    if changed.role == patch.role {
        return Ok(changed);
    }
    keep_an_owner(&tx, &changed).await?;
    let before = changed.role;
    changed.role = patch.role;
    member::set_role(&tx, ctx.scope(), id, patch.role).await?;
    let detail = json!({ "user": changed.user_id, "from": before, "to": patch.role });
    tx.audit("member.update", Some(id.to_string()), detail);
    tx.emit(Event::TeamUpdated { user_id: changed.user_id });
    tx.commit().await?;
    Ok(changed)
}

/// Removes a member, or lets one leave: everybody may remove themselves.
pub async fn remove(app: &App, ctx: &Context, id: MemberId) -> Result<()> {
    let tx = app.store.begin(ctx).await?;
    let leaving = member::get(&tx, ctx.scope(), id).await?;
    let by_themselves = ctx.user() == Some(leaving.user_id);
    if !by_themselves {
        ctx.require(Permission::TeamWrite)?;
        if leaving.role == Role::Owner && !is_owner(ctx) {
            return Err(AppError::Refused(ONLY_OWNERS.to_owned()));
        }
    }
    keep_an_owner(&tx, &leaving).await?;
    member::delete(&tx, ctx.scope(), id).await?;
    let detail = json!({ "user": leaving.user_id, "role": leaving.role, "left": by_themselves });
    tx.audit("member.remove", Some(id.to_string()), detail);
    tx.emit(Event::TeamUpdated { user_id: leaving.user_id });
    tx.commit().await?;
    Ok(())
}

/// Makes a member the owner; the owner who gives it away stays as an admin.
pub async fn transfer_ownership(app: &App, ctx: &Context, id: MemberId) -> Result<Member> {
    ctx.require(Permission::WorkspaceOwn)?;
    let giver = me_id(ctx)?;
    let tx = app.store.begin(ctx).await?;
    member::lock_owners(&tx, ctx.scope()).await?;
    let mut receiver = member::get(&tx, ctx.scope(), id).await?;
    let place = member::find_by_user(&tx, ctx.scope(), giver).await?;
    let place = place.filter(|place| place.role == Role::Owner).ok_or(AppError::NotFound("member"))?;
    if place.id == receiver.id {
        return Err(AppError::Conflict("you own this workspace already".to_owned()));
    }
    member::set_role(&tx, ctx.scope(), receiver.id, Role::Owner).await?;
    member::set_role(&tx, ctx.scope(), place.id, Role::Admin).await?;
    receiver.role = Role::Owner;
    let detail = json!({ "from": giver, "to": receiver.user_id });
    tx.audit("workspace.transfer", Some(receiver.id.to_string()), detail);
    tx.emit(Event::TeamUpdated { user_id: receiver.user_id });
    tx.emit(Event::TeamUpdated { user_id: giver });
    tx.commit().await?;
    Ok(receiver)
}
