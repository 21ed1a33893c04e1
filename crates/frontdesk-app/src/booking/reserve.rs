//! Reserving: a session with its claims, and seats in it. The only way into a slot.
//!
//! Somebody who was refused is offered times near by. Those are looked for when the unit of work is over: while it is
//! open nobody else can book.

use frontdesk_domain::availability::{self, Plan, Unit};
use frontdesk_domain::booking_type::BookingType;
use frontdesk_domain::context::Context;
use frontdesk_domain::id::{ResourceId, SessionId, StaffId, uuid_v7};
use frontdesk_domain::time::Timestamp;
use frontdesk_store::booking_session::{self, NewSession, Stored};
use frontdesk_store::{StoreError, Tx};
use uuid::Uuid;

use super::facts::Facts;
use super::look::{Look, near};
use crate::{App, AppError, Result};

/// Tries of a unit of work that somebody else got in the way of.
const TRIES: u32 = 5;

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
}

/// How a unit of work that reserves fails.
#[derive(Debug)]
pub(super) enum Refused {
    /// The time is not free; a booking that was to be moved has this session.
    Taken(Box<Wanted>, Option<SessionId>),
    /// Anything else.
    Failed(AppError),
}

impl<E: Into<AppError>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Refused {
    /// Without looking for times near by.
    pub(super) fn plainly(self) -> AppError {
        match self {
            Self::Taken(..) => AppError::Taken(Vec::new()),
            Self::Failed(error) => error,
        }
    }

    /// Of a booking that was to leave a session, which it has kept.
    pub(super) fn leaving(self, session: Option<SessionId>) -> Self {
        match self {
            Self::Taken(wanted, _) => Self::Taken(wanted, session),
            failed @ Self::Failed(_) => failed,
        }
    }

    /// With times near by for what is not free.
    async fn explained(self, app: &App, ctx: &Context) -> AppError {
        let (wanted, leaving) = match self {
            Self::Taken(wanted, leaving) => (*wanted, leaving),
            Self::Failed(error) => return error,
        };
        let look = Look {
            from: wanted.start,
            to: wanted.start,
            minutes: wanted.minutes,
            seats: wanted.seats,
            staff: wanted.staff_id,
            moving: leaving.map(|session| (session, wanted.seats)),
            kind: wanted.kind,
        };
        near(app, ctx, &look).await.map_or_else(|error| error, AppError::Taken)
    }
}

/// Whether the same unit of work may go through when it is tried again: somebody was faster with one of the staff or units,
/// another may be free; or the database let one of two wait for the other for nothing.
fn is_passing(error: &AppError) -> bool {
    let signs = ["40001", "40P01", "deadlock", "could not serialize"];
    match error {
        AppError::Raced => true,
        // A reference, a contact or a request key that another made at the same time.
        AppError::Conflict(text) => text.starts_with("already taken"),
        AppError::Internal(text) => signs.iter().any(|sign| text.contains(sign)),
        _ => false,
    }
}

/// Counts the tries of a unit of work that reserves.
#[derive(Debug, Default)]
pub(super) struct Tries(u32);

impl Tries {
    /// Whether to try again after this: an error when not.
    ///
    /// # Errors
    /// [`AppError::Taken`] with times near by when it is not free, [`AppError::Raced`] when others were faster each time.
    pub(super) async fn again(&mut self, app: &App, ctx: &Context, why: Refused) -> Result<()> {
        self.0 += 1;
        match why {
            Refused::Failed(error) if is_passing(&error) && self.0 < TRIES => Ok(()),
            why => Err(why.explained(app, ctx).await),
        }
    }
}

/// Reserves seats for a holder. Call after [`booking_session::take_turns`] and [`booking_session::sweep`].
///
/// # Errors
/// [`Refused::Taken`] when it is not free, [`AppError::Raced`] when somebody else was faster.
pub(super) async fn reserve(tx: &Tx, wanted: &Wanted, holder: Uuid) -> Result<Stored, Refused> {
    let end = wanted.start.plus(std::time::Duration::from_secs(u64::from(wanted.minutes) * 60));
    let range = (wanted.start, end);
    let facts = Facts::load(tx, tx.scope(), wanted.kind.clone(), range, tx.now()).await?;
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
        return Err(Refused::Taken(Box::new(wanted.clone()), None));
    };
    match place(tx, wanted, plan, holder).await {
        Err(StoreError::Taken | StoreError::Duplicate(_)) => Err(AppError::Raced.into()),
        other => Ok(other?),
    }
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
