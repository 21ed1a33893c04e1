//! The consent ledger: who allowed what, where it was asked, with which words, and when it was taken back.

use frontdesk_domain::compliance::Purpose;
use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::ContactId;
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use uuid::Uuid;

use crate::Result;
use crate::column::{from_word, to_word};
use crate::entity::consent::{ActiveModel, Column, Entity, Model};
use crate::tx::Db;

const TABLE: &str = "consent";

/// A consent. Rows are added and taken back, never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Its id.
    pub id: Uuid,
    /// Whose, when known.
    pub contact_id: Option<ContactId>,
    /// To be reached through this channel.
    pub channel: Channel,
    /// At this address.
    pub address: String,
    /// For this.
    pub purpose: Purpose,
    /// Where it was given, such as `import`, `text` or `form`.
    pub source: String,
    /// The words they agreed to.
    pub shown: String,
    /// What proves it, such as the message's id.
    pub evidence: Option<String>,
    /// When.
    pub given_at: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
    /// How it was taken back.
    pub revoked_by: Option<String>,
}

fn read(row: Model) -> Result<Consent> {
    Ok(Consent {
        id: row.id,
        contact_id: row.contact_id.map(ContactId::from_uuid),
        channel: from_word(TABLE, &row.channel)?,
        address: row.address,
        purpose: from_word(TABLE, &row.purpose)?,
        source: row.source,
        shown: row.shown,
        evidence: row.evidence,
        given_at: Timestamp::from_millis(row.given_at),
        revoked_at: row.revoked_at.map(Timestamp::from_millis),
        revoked_by: row.revoked_by,
    })
}

/// Adds a consent.
pub async fn insert(db: &impl Db, scope: Scope, consent: &Consent) -> Result<()> {
    let row = ActiveModel {
        id: Set(consent.id),
        workspace_id: Set(scope.workspace().uuid()),
        contact_id: Set(consent.contact_id.map(ContactId::uuid)),
        channel: Set(consent.channel.as_str().to_owned()),
        address: Set(consent.address.clone()),
        purpose: Set(to_word(TABLE, &consent.purpose)?),
        source: Set(consent.source.clone()),
        shown: Set(consent.shown.clone()),
        evidence: Set(consent.evidence.clone()),
        given_at: Set(consent.given_at.as_millis()),
        revoked_at: Set(consent.revoked_at.map(Timestamp::as_millis)),
        revoked_by: Set(consent.revoked_by.clone()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The consents for an address and channel, newest first, at most 50.
pub async fn list_of_address(
    db: &impl Db,
    scope: Scope,
    channel: Channel,
    address: &str,
) -> Result<Vec<Consent>> {
    let rows = Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::Address.eq(address))
        .filter(Column::Channel.eq(channel.as_str()))
        .order_by_desc(Column::GivenAt)
        .limit(50)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// The consents of a contact, newest first, at most 500.
pub async fn list_of_contact(db: &impl Db, scope: Scope, contact: ContactId) -> Result<Vec<Consent>> {
    let rows = Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::ContactId.eq(contact.uuid()))
        .order_by_desc(Column::GivenAt)
        .limit(500)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// Takes back every consent for an address that still stands; on every channel.
pub async fn revoke(db: &impl Db, scope: Scope, address: &str, by: &str, now: Timestamp) -> Result<u64> {
    let done = Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(now.as_millis()))
        .col_expr(Column::RevokedBy, Expr::value(by))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::Address.eq(address))
        .filter(Column::RevokedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected)
}
