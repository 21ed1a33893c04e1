//! What the engine is asked, with everything it needs to answer.

use super::interval::Interval;
use crate::booking_type::BookingType;
use crate::id::{BookingTypeId, ResourceId, SessionId, StaffId};
use crate::schedule::{BookingSettings, Place, Resource, Staff};
use crate::time::Timestamp;
use crate::workspace::WeeklyHours;

/// A question: when can this be booked?
///
/// What is taken and counted must be loaded for the ranges asked about and for a day around them, counted sessions for
/// the whole weeks. Who moves a booking leaves out what it takes itself.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Now.
    pub now: Timestamp,
    /// What.
    pub kind: &'a BookingType,
    /// How long, in minutes.
    pub minutes: u32,
    /// For how many.
    pub seats: u32,
    /// With whom; `None` with anybody.
    pub staff_id: Option<StaffId>,
    /// The business's zone.
    pub zone: &'a str,
    /// Its opening hours.
    pub opening: &'a WeeklyHours,
    /// Its rules.
    pub settings: &'a BookingSettings,
    /// Its places.
    pub places: &'a [Place],
    /// The staff; those of the pool are found among them.
    pub staff: &'a [Staff],
    /// The resources; those needed are found among them.
    pub resources: &'a [Resource],
    /// What is taken, buffers included, in any order; of the time around the ranges.
    pub busy: &'a [Busy],
    /// Sessions of this type with seats left or not, for types with several seats.
    pub sessions: &'a [Session],
    /// Sessions that count towards limits: of the weeks the ranges touch.
    pub counted: &'a [Counted],
    /// How many sessions of this type each of the staff has had lately, for a fair choice; who is not named had none.
    pub had: &'a [(StaffId, u32)],
}

/// Something that can be taken once at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// A staff member.
    Staff(StaffId),
    /// One of a resource's units, from 0.
    Resource(ResourceId, u32),
    /// The type itself, when it needs neither staff nor resources.
    Kind(BookingTypeId),
}

/// A time at which a unit is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Busy {
    /// What is taken.
    pub unit: Unit,
    /// From.
    pub from: Timestamp,
    /// To, exclusive.
    pub to: Timestamp,
    /// By what.
    pub by: BusyBy,
    /// The session, if it is one of ours.
    pub session: Option<SessionId>,
}

/// What takes a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BusyBy {
    /// A booking or a hold.
    Booking,
    /// An event of a connected calendar.
    Calendar,
}

/// A session of the type in question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// Who does it.
    pub staff: Vec<StaffId>,
    /// Seats left.
    pub seats_left: u32,
}

/// A session for counting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Of which type.
    pub type_id: BookingTypeId,
    /// By whom.
    pub staff: Vec<StaffId>,
    /// When it starts.
    pub start: Timestamp,
}

impl Busy {
    pub(super) fn interval(&self) -> Interval {
        Interval::new(self.from.as_millis(), self.to.as_millis())
    }
}
