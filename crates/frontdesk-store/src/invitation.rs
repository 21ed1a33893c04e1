//! Open invitations to a workspace's team. Accepting or revoking one removes it; the audit log remembers.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{InvitationId, UserId, WorkspaceId};
use frontdesk_domain::page::Page;
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workspace::Invitation;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::column::{from_word, to_word};
use crate::entity::invitation::{ActiveModel, Column, Entity, Model};
use crate::tx::Db;
use crate::{Result, StoreError};

const TABLE: &str = "invitation";

fn read(row: Model) -> Result<Invitation> {
    Ok(Invitation {
        id: InvitationId::from_uuid(row.id),
        email: row.email,
        role: from_word(TABLE, &row.role)?,
        invited_by: UserId::from_uuid(row.invited_by),
        created_at: Timestamp::from_millis(row.created_at),
        expires_at: Timestamp::from_millis(row.expires_at),
    })
}

/// The invitation with this id.
pub async fn find(db: &impl Db, scope: Scope, id: InvitationId) -> Result<Option<Invitation>> {
    let row = Entity::find_by_id(id.uuid())
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .one(db)
        .await?;
    row.map(read).transpose()
}

/// The invitation with this id, which must exist.
pub async fn get(db: &impl Db, scope: Scope, id: InvitationId) -> Result<Invitation> {
    find(db, scope, id).await?.ok_or(StoreError::NotFound("invitation"))
}

/// The invitation a token opens, while it lasts.
pub async fn find_by_token_everywhere(
    db: &impl Db,
    hash: &str,
    now: Timestamp,
) -> Result<Option<(WorkspaceId, Invitation)>> {
    let row = Entity::find()
        .filter(Column::TokenHash.eq(hash))
        .filter(Column::ExpiresAt.gt(now.as_millis()))
        .one(db)
        .await?;
    row.map(|row| Ok((WorkspaceId::from_uuid(row.workspace_id), read(row)?))).transpose()
}

/// The invitation of an address, lapsed or not.
pub async fn find_by_email(db: &impl Db, scope: Scope, email: &str) -> Result<Option<Invitation>> {
    Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::Email.eq(email))
        .one(db)
        .await?
        .map(read)
        .transpose()
}

/// How many invitations are open or lapsed.
pub async fn count(db: &impl Db, scope: Scope) -> Result<u64> {
    Ok(Entity::find().filter(Column::WorkspaceId.eq(scope.workspace().uuid())).count(db).await?)
}

/// Open invitations, oldest first; lapsed ones are listed too, so that they can be sent again.
pub async fn list(
    db: &impl Db,
    scope: Scope,
    after: Option<InvitationId>,
    size: u32,
) -> Result<Page<Invitation>> {
    let mut query = Entity::find().filter(Column::WorkspaceId.eq(scope.workspace().uuid()));
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after.uuid()));
    }
    let rows = query.order_by_asc(Column::Id).limit(u64::from(size) + 1).all(db).await?;
    let invitations = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(invitations, size, |invitation| invitation.id.to_string()))
}

/// Stores a new invitation.
///
/// # Errors
/// [`StoreError::Duplicate`] when the address is invited already.
pub async fn insert(db: &impl Db, scope: Scope, invitation: &Invitation, token_hash: &str) -> Result<()> {
    let row = ActiveModel {
        id: Set(invitation.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        email: Set(invitation.email.clone()),
        role: Set(to_word(TABLE, &invitation.role)?),
        token_hash: Set(token_hash.to_owned()),
        invited_by: Set(invitation.invited_by.uuid()),
        created_at: Set(invitation.created_at.as_millis()),
        expires_at: Set(invitation.expires_at.as_millis()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Gives an invitation a new token and end; the old token stops working.
pub async fn renew(
    db: &impl Db,
    scope: Scope,
    id: InvitationId,
    token_hash: &str,
    expires_at: Timestamp,
) -> Result<()> {
    let done = Entity::update_many()
        .set(ActiveModel {
            token_hash: Set(token_hash.to_owned()),
            expires_at: Set(expires_at.as_millis()),
            ..Default::default()
        })
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("invitation")) } else { Ok(()) }
}

/// Removes an invitation.
///
/// # Errors
/// [`StoreError::NotFound`] when it is gone, such as accepted in another tab.
pub async fn delete(db: &impl Db, scope: Scope, id: InvitationId) -> Result<()> {
    let done = Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("invitation")) } else { Ok(()) }
}
