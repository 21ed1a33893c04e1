//! What the availability engine needs, read from the database.

use std::collections::BTreeMap;

use frontdesk_domain::availability::{Busy, Counted, Question, Session};
use frontdesk_domain::booking_type::BookingType;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{SessionId, StaffId};
use frontdesk_domain::schedule::{BookingSettings, Place, Resource, Staff};
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workspace::Workspace;
use frontdesk_store::{Db, booking_session, booking_settings, calendar, place, resource, staff, workspace};
use std::time::Duration;

use crate::Result;

const DAY: Duration = Duration::from_hours(24);

/// Everything that decides when a type can be booked around a time.
pub(super) struct Facts {
    pub(super) now: Timestamp,
    pub(super) business: Workspace,
    pub(super) settings: BookingSettings,
    pub(super) kind: BookingType,
    pub(super) staff: Vec<Staff>,
    resources: Vec<Resource>,
    places: Vec<Place>,
    busy: Vec<Busy>,
    sessions: Vec<Session>,
    counted: Vec<Counted>,
    had: Vec<(StaffId, u32)>,
}

impl Facts {
    /// Reads them for a range.
    pub(super) async fn load(
        db: &impl Db,
        scope: Scope,
        kind: BookingType,
        (from, to): (Timestamp, Timestamp),
        now: Timestamp,
    ) -> Result<Self> {
        let mut busy = booking_session::busy(db, scope, (from.minus(DAY), to.plus(DAY)), now).await?;
        let around = (from.minus(DAY), to.plus(DAY));
        busy.extend(calendar::busy(db, scope, around).await?.iter().map(calendar::StaffBusy::to_busy));
        // Whole weeks count towards limits; a little more of the past tells whose turn it is.
        let around = (from.minus(DAY * 21), to.plus(DAY * 9));
        let (counted, sessions) = booking_session::starting(db, scope, kind.id, around, now).await?;
        let mut had: BTreeMap<StaffId, u32> = BTreeMap::new();
        for id in counted.iter().filter(|it| it.type_id == kind.id).flat_map(|it| &it.staff) {
            *had.entry(*id).or_default() += 1;
        }
        Ok(Self {
            now,
            business: workspace::get(db, scope).await?,
            settings: booking_settings::get(db, scope).await?,
            staff: staff::list(db, scope).await?,
            resources: resource::list(db, scope).await?,
            places: place::list(db, scope).await?,
            had: had.into_iter().collect(),
            kind,
            busy,
            sessions,
            counted,
        })
    }

    /// Takes a session out: it is being left.
    fn forget(&mut self, moved: SessionId) {
        self.busy.retain(|busy| busy.session != Some(moved));
        if let Some(session) = self.sessions.iter().find(|session| session.id == moved) {
            let own = self.counted.iter().position(|it| {
                it.type_id == self.kind.id && it.start == session.start && it.staff == session.staff
            });
            own.map(|at| self.counted.remove(at));
        }
        self.sessions.retain(|session| session.id != moved);
    }

    /// Takes out what somebody holds in a session, if nobody else is in it.
    pub(super) fn forget_own(&mut self, own: SessionId, seats: u32) {
        let shared =
            self.sessions.iter().find(|session| session.id == own).is_some_and(|session| {
                session.seats_left.saturating_add(seats) < self.kind.settings.capacity
            });
        if !shared {
            self.forget(own);
        }
    }

    pub(super) fn question(&self, minutes: u32, seats: u32, staff_id: Option<StaffId>) -> Question<'_> {
        Question {
            now: self.now,
            kind: &self.kind,
            minutes,
            seats,
            staff_id,
            zone: &self.business.zone,
            opening: &self.business.hours,
            settings: &self.settings,
            places: &self.places,
            staff: &self.staff,
            resources: &self.resources,
            busy: &self.busy,
            sessions: &self.sessions,
            counted: &self.counted,
            had: &self.had,
        }
    }
}
