//! Reserving: a session with its claims, and seats in it. The only way into a slot.

use frontdesk_domain::availability::{self, Plan, Unit};
use frontdesk_domain::booking_type::BookingType;
use frontdesk_domain::id::{ResourceId, SessionId, StaffId, uuid_v7};
use frontdesk_domain::time::Timestamp;
use frontdesk_store::booking_session::{self, NewSession, Stored};
use frontdesk_store::{StoreError, Tx};
use uuid::Uuid;

use super::facts::Facts;
use crate::{AppError, Result};

/// What is wanted.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) kind: BookingType,
    pub(super) start: Timestamp,
    pub(super) minutes: u32,
    pub(super) seats: u32,
    pub(super) staff_id: Option<StaffId>,
    /// With this one rather than with anybody else, if they can.
    pub(super) rather: Option<StaffId>,
    /// A person may book outside of the rules, but never over somebody.
    pub(super) by_hand: bool,
    /// The session that is being left, when a booking moves.
    pub(super) without: Option<SessionId>,
}

/// Reserves seats for a holder. Call after [`booking_session::take_turns`] and [`booking_session::sweep`].
///
/// # Errors
/// [`AppError::Taken`] with times near by when it is not free, [`AppError::Raced`] when somebody else was faster.
pub(super) async fn reserve(tx: &Tx, wanted: &Wanted, holder: Uuid) -> Result<Stored> {
    let end = wanted.start.plus(std::time::Duration::from_secs(u64::from(wanted.minutes) * 60));
    let range = (wanted.start, end);
    let facts = Facts::load(tx, tx.scope(), wanted.kind.clone(), range, tx.now(), wanted.without).await?;
    let plan_with = |staff_id| {
        let question = facts.question(wanted.minutes, wanted.seats, staff_id);
        if wanted.by_hand {
            availability::plan_by_hand(&question, wanted.start)
        } else {
            availability::plan(&question, wanted.start)
        }
    };
    let first = wanted.staff_id.or(wanted.rather);
    let planned = plan_with(first);
    let planned =
        if planned.is_err() && first != wanted.staff_id { plan_with(wanted.staff_id) } else { planned };
    let Ok(plan) = planned else {
        return Err(AppError::Taken(alternatives(tx, wanted).await?));
    };
    match place(tx, wanted, plan, holder).await {
        Err(StoreError::Taken | StoreError::Duplicate(_)) => Err(AppError::Raced),
        other => Ok(other?),
    }
}

async fn alternatives(tx: &Tx, wanted: &Wanted) -> Result<Vec<availability::Slot>> {
    let days = std::time::Duration::from_hours(96);
    let range = (wanted.start.minus(days), wanted.start.plus(days));
    let facts = Facts::load(tx, tx.scope(), wanted.kind.clone(), range, tx.now(), wanted.without).await?;
    Ok(facts.alternatives(wanted.minutes, wanted.seats, wanted.staff_id, wanted.start))
}

async fn place(tx: &Tx, wanted: &Wanted, plan: Plan, holder: Uuid) -> Result<Stored, StoreError> {
    let scope = tx.scope();
    let session = if let Some(id) = plan.session {
        booking_session::get(tx, scope, id).await?
    } else {
        let mut resources: Vec<ResourceId> = Vec::new();
        for unit in &plan.units {
            if let Unit::Resource(id, _) = unit {
                resources.push(*id);
            }
        }
        let new = NewSession {
            id: SessionId::new(tx.now(), tx.random()),
            type_id: wanted.kind.id,
            start: plan.start,
            end: plan.end,
            capacity: wanted.kind.settings.capacity.max(wanted.seats),
            staff: plan.staff,
            resources,
            units: plan.units,
            claimed_from: plan.claimed_from,
            claimed_to: plan.claimed_to,
        };
        let ids: Vec<Uuid> = new.units.iter().map(|_| uuid_v7(tx.now(), tx.random())).collect();
        booking_session::insert(tx, scope, &new, &ids).await?;
        Stored {
            id: new.id,
            type_id: new.type_id,
            start: new.start,
            end: new.end,
            capacity: new.capacity,
            staff: new.staff,
            resources: new.resources,
        }
    };
    booking_session::seat(tx, scope, &session, holder, wanted.seats).await?;
    Ok(session)
}
