//! Consents that were asked for: what has to be known again when the person comes back from the vendor's page.

use frontdesk_domain::id::{StaffId, UserId, WorkspaceId};
use frontdesk_domain::time::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::Result;
use crate::entity::calendar_consent::{ActiveModel, Column, Entity};
use crate::tx::Db;

/// A consent that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// For which workspace.
    pub workspace: WorkspaceId,
    /// Who asked.
    pub user: UserId,
    /// Whose calendars they will be.
    pub staff: StaffId,
    /// At which vendor.
    pub vendor: String,
    /// The PKCE verifier, sealed.
    pub verifier: String,
    /// Until when the person may come back.
    pub expires_at: Timestamp,
}

/// Keeps a consent under the hash of its state, and forgets those that lapsed.
pub async fn insert(db: &impl Db, state_hash: &str, consent: &Consent, now: Timestamp) -> Result<()> {
    Entity::delete_many().filter(Column::ExpiresAt.lt(now.as_millis())).exec(db).await?;
    let row = ActiveModel {
        state_hash: Set(state_hash.to_owned()),
        workspace_id: Set(consent.workspace.uuid()),
        user_id: Set(consent.user.uuid()),
        staff_id: Set(consent.staff.uuid()),
        vendor: Set(consent.vendor.clone()),
        verifier: Set(consent.verifier.clone()),
        expires_at: Set(consent.expires_at.as_millis()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Takes a consent that has not lapsed; it can be taken once. System work: who comes back names no workspace.
pub async fn take_everywhere(db: &impl Db, state_hash: &str, now: Timestamp) -> Result<Option<Consent>> {
    let Some(row) = Entity::find_by_id(state_hash).one(db).await? else { return Ok(None) };
    let done = Entity::delete_many().filter(Column::StateHash.eq(state_hash)).exec(db).await?;
    let is_mine = done.rows_affected == 1 && row.expires_at >= now.as_millis();
    Ok(is_mine.then(|| Consent {
        workspace: WorkspaceId::from_uuid(row.workspace_id),
        user: UserId::from_uuid(row.user_id),
        staff: StaffId::from_uuid(row.staff_id),
        vendor: row.vendor,
        verifier: row.verifier,
        expires_at: Timestamp::from_millis(row.expires_at),
    }))
}
