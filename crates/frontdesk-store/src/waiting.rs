//! The waiting list: who waits for which times, and the freed slots they were offered.
//!
//! An offer's slot is kept by a hold of its own (`booking_session`), so a time on offer is nobody else's.

use frontdesk_domain::booking::{WaitingEntry, WaitingOffer, WaitingStatus};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{BookingTypeId, ContactId, StaffId, WaitingId, WorkspaceId};
use frontdesk_domain::locale::Language;
use frontdesk_domain::page::Page;
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select, Set,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::column::{from_json, from_word, to_json, to_word};
use crate::entity::waiting_entry::{ActiveModel, Column, Entity, Model};
use crate::entity::waiting_offer;
use crate::tx::Db;
use crate::{Result, StoreError};

const TABLE: &str = "waiting_entry";
const OFFER: &str = "waiting_offer";

/// How an offer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferState {
    /// It can be taken.
    Open,
    /// It was.
    Accepted,
    /// They do not want it.
    Declined,
    /// Nobody answered in time.
    Expired,
}

/// An offer as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub waiting_id: WaitingId,
    /// The hold that keeps the time.
    pub hold: Uuid,
    /// How it stands.
    pub state: OfferState,
    /// The time.
    pub offer: WaitingOffer,
    /// What its link proves.
    pub secret: String,
}

fn read(row: Model) -> Result<WaitingEntry> {
    Ok(WaitingEntry {
        id: WaitingId::from_uuid(row.id),
        type_id: BookingTypeId::from_uuid(row.type_id),
        contact_id: ContactId::from_uuid(row.contact_id),
        name: row.name,
        email: row.email,
        phone: row.phone,
        staff_id: row.staff_id.map(StaffId::from_uuid),
        from: Timestamp::from_millis(row.from_at),
        to: Timestamp::from_millis(row.to_at),
        zone: row.zone,
        language: from_word::<Language>(TABLE, &row.language)?,
        status: from_word(TABLE, &row.status)?,
        offer: None,
        created_at: Timestamp::from_millis(row.created_at),
    })
}

fn read_offer(row: waiting_offer::Model) -> Result<Offer> {
    Ok(Offer {
        id: row.id,
        waiting_id: WaitingId::from_uuid(row.waiting_id),
        hold: row.hold_id,
        state: from_word(OFFER, &row.state)?,
        offer: WaitingOffer {
            start: Timestamp::from_millis(row.start_at),
            end: Timestamp::from_millis(row.end_at),
            staff: from_json(OFFER, &row.staff)?,
            expires_at: Timestamp::from_millis(row.expires_at),
        },
        secret: row.secret,
    })
}

fn in_scope(scope: Scope) -> Select<Entity> {
    Entity::find().filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
}

/// Stores a new entry.
pub async fn insert(db: &impl Db, scope: Scope, entry: &WaitingEntry) -> Result<()> {
    let row = ActiveModel {
        id: Set(entry.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        type_id: Set(entry.type_id.uuid()),
        contact_id: Set(entry.contact_id.uuid()),
        staff_id: Set(entry.staff_id.map(StaffId::uuid)),
        status: Set(to_word(TABLE, &entry.status)?),
        from_at: Set(entry.from.as_millis()),
        to_at: Set(entry.to.as_millis()),
        name: Set(entry.name.clone()),
        email: Set(entry.email.clone()),
        phone: Set(entry.phone.clone()),
        zone: Set(entry.zone.clone()),
        language: Set(to_word(TABLE, &entry.language)?),
        created_at: Set(entry.created_at.as_millis()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// One, with its open offer, which must exist.
pub async fn get(db: &impl Db, scope: Scope, id: WaitingId) -> Result<WaitingEntry> {
    let row = in_scope(scope).filter(Column::Id.eq(id.uuid())).one(db).await?;
    let entry = row.map(read).transpose()?.ok_or(StoreError::NotFound("waiting list entry"))?;
    Ok(with_offers(db, scope, vec![entry]).await?.remove(0))
}

/// Sets how it stands.
pub async fn set_status(db: &impl Db, scope: Scope, id: WaitingId, status: WaitingStatus) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(to_word(TABLE, &status)?))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Sets the times somebody waits for.
pub async fn set_range(db: &impl Db, scope: Scope, entry: &WaitingEntry) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::FromAt, Expr::value(entry.from.as_millis()))
        .col_expr(Column::ToAt, Expr::value(entry.to.as_millis()))
        .col_expr(Column::StaffId, Expr::value(entry.staff_id.map(StaffId::uuid)))
        .filter(Column::Id.eq(entry.id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// The entry of a contact that still waits for a type.
pub async fn find_active(
    db: &impl Db,
    scope: Scope,
    contact: ContactId,
    kind: BookingTypeId,
) -> Result<Option<WaitingEntry>> {
    let active = [to_word(TABLE, &WaitingStatus::Waiting)?, to_word(TABLE, &WaitingStatus::Offered)?];
    in_scope(scope)
        .filter(Column::ContactId.eq(contact.uuid()))
        .filter(Column::TypeId.eq(kind.uuid()))
        .filter(Column::Status.is_in(active))
        .one(db)
        .await?
        .map(read)
        .transpose()
}

/// How many still wait.
pub async fn count_active(db: &impl Db, scope: Scope) -> Result<u64> {
    let active = [to_word(TABLE, &WaitingStatus::Waiting)?, to_word(TABLE, &WaitingStatus::Offered)?];
    Ok(in_scope(scope).filter(Column::Status.is_in(active)).count(db).await?)
}

/// Which entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of these statuses; of any when empty.
    pub status: Vec<WaitingStatus>,
    /// For this type.
    pub kind: Option<BookingTypeId>,
}

/// A page of entries, who came first first, with how many there are in all.
pub async fn list(
    db: &impl Db,
    scope: Scope,
    filter: &Filter,
    offset: u64,
    size: u32,
) -> Result<Page<WaitingEntry>> {
    let statuses = filter.status.iter().map(|status| to_word(TABLE, status)).collect::<Result<Vec<_>>>()?;
    let condition = Condition::all()
        .add_option((!statuses.is_empty()).then(|| Column::Status.is_in(statuses)))
        .add_option(filter.kind.map(|kind| Column::TypeId.eq(kind.uuid())));
    let found = in_scope(scope).filter(condition);
    let total = found.clone().count(db).await?;
    let rows = found
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .offset(offset)
        .limit(u64::from(size))
        .all(db)
        .await?;
    let items = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    let next = offset + items.len() as u64;
    let items = with_offers(db, scope, items).await?;
    Ok(Page { next_cursor: (next < total).then(|| next.to_string()), total: Some(total), items })
}

async fn with_offers(
    db: &impl Db,
    scope: Scope,
    mut entries: Vec<WaitingEntry>,
) -> Result<Vec<WaitingEntry>> {
    let offered: Vec<Uuid> = entries
        .iter()
        .filter(|entry| entry.status == WaitingStatus::Offered)
        .map(|entry| entry.id.uuid())
        .collect();
    if offered.is_empty() {
        return Ok(entries);
    }
    let open = to_word(OFFER, &OfferState::Open)?;
    let rows = waiting_offer::Entity::find()
        .filter(waiting_offer::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(waiting_offer::Column::WaitingId.is_in(offered))
        .filter(waiting_offer::Column::State.eq(open))
        .all(db)
        .await?;
    for row in rows {
        let offer = read_offer(row)?;
        if let Some(entry) = entries.iter_mut().find(|entry| entry.id == offer.waiting_id) {
            entry.offer = Some(offer.offer);
        }
    }
    Ok(entries)
}

/// Who waits for a time between two instants, who came first first.
pub async fn in_turn(
    db: &impl Db,
    scope: Scope,
    (from, to): (Timestamp, Timestamp),
    limit: u64,
) -> Result<Vec<WaitingEntry>> {
    let rows = in_scope(scope)
        .filter(Column::Status.eq(to_word(TABLE, &WaitingStatus::Waiting)?))
        .filter(Column::FromAt.lt(to.as_millis()))
        .filter(Column::ToAt.gt(from.as_millis()))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// Who waits for times that are over, everywhere; at most 200.
pub async fn past_everywhere(db: &impl Db, now: Timestamp) -> Result<Vec<(WorkspaceId, WaitingId)>> {
    let rows: Vec<(Uuid, Uuid)> = Entity::find()
        .filter(Column::Status.eq(to_word(TABLE, &WaitingStatus::Waiting)?))
        .filter(Column::ToAt.lte(now.as_millis()))
        .limit(200)
        .select_only()
        .column(Column::WorkspaceId)
        .column(Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(ws, id)| (WorkspaceId::from_uuid(ws), WaitingId::from_uuid(id))).collect())
}

/// Stores a new offer.
pub async fn insert_offer(db: &impl Db, scope: Scope, offer: &Offer) -> Result<()> {
    let row = waiting_offer::ActiveModel {
        id: Set(offer.id),
        workspace_id: Set(scope.workspace().uuid()),
        waiting_id: Set(offer.waiting_id.uuid()),
        hold_id: Set(offer.hold),
        state: Set(to_word(OFFER, &offer.state)?),
        start_at: Set(offer.offer.start.as_millis()),
        end_at: Set(offer.offer.end.as_millis()),
        staff: Set(to_json(OFFER, &offer.offer.staff)?),
        secret: Set(offer.secret.clone()),
        expires_at: Set(offer.offer.expires_at.as_millis()),
    };
    waiting_offer::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The offer of an id, and whose workspace it is in. Its secret is to be compared.
pub async fn find_offer_everywhere(db: &impl Db, id: Uuid) -> Result<Option<(WorkspaceId, Offer)>> {
    let row = waiting_offer::Entity::find_by_id(id).one(db).await?;
    row.map(|row| Ok((WorkspaceId::from_uuid(row.workspace_id), read_offer(row)?))).transpose()
}

/// The starts a person was offered already.
pub async fn starts_offered(db: &impl Db, scope: Scope, id: WaitingId) -> Result<Vec<Timestamp>> {
    let starts: Vec<i64> = waiting_offer::Entity::find()
        .filter(waiting_offer::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(waiting_offer::Column::WaitingId.eq(id.uuid()))
        .select_only()
        .column(waiting_offer::Column::StartAt)
        .into_tuple()
        .all(db)
        .await?;
    Ok(starts.into_iter().map(Timestamp::from_millis).collect())
}

/// The open offer of an entry.
pub async fn open_offer(db: &impl Db, scope: Scope, id: WaitingId) -> Result<Option<Offer>> {
    waiting_offer::Entity::find()
        .filter(waiting_offer::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(waiting_offer::Column::WaitingId.eq(id.uuid()))
        .filter(waiting_offer::Column::State.eq(to_word(OFFER, &OfferState::Open)?))
        .one(db)
        .await?
        .map(read_offer)
        .transpose()
}

/// Ends an open offer; false when it was not open any more.
pub async fn end_offer(db: &impl Db, scope: Scope, id: Uuid, state: OfferState) -> Result<bool> {
    let done = waiting_offer::Entity::update_many()
        .col_expr(waiting_offer::Column::State, Expr::value(to_word(OFFER, &state)?))
        .filter(waiting_offer::Column::Id.eq(id))
        .filter(waiting_offer::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(waiting_offer::Column::State.eq(to_word(OFFER, &OfferState::Open)?))
        .exec(db)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Open offers that nobody answered in time, everywhere; at most 200.
pub async fn lapsed_everywhere(db: &impl Db, now: Timestamp) -> Result<Vec<(WorkspaceId, Offer)>> {
    let rows = waiting_offer::Entity::find()
        .filter(waiting_offer::Column::State.eq(to_word(OFFER, &OfferState::Open)?))
        .filter(waiting_offer::Column::ExpiresAt.lte(now.as_millis()))
        .order_by_asc(waiting_offer::Column::ExpiresAt)
        .limit(200)
        .all(db)
        .await?;
    rows.into_iter().map(|row| Ok((WorkspaceId::from_uuid(row.workspace_id), read_offer(row)?))).collect()
}

pub(crate) async fn repoint_contact(
    db: &impl Db,
    scope: Scope,
    gone: ContactId,
    kept: ContactId,
) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::ContactId, Expr::value(kept.uuid()))
        .filter(Column::ContactId.eq(gone.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    Ok(())
}
