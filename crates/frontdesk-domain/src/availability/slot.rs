//! What the engine answers: slots, and obstacles where there is none.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{BookingTypeId, StaffId};
use crate::time::Timestamp;

/// A time that can be booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Slot {
    /// When it starts.
    pub start: Timestamp,
    /// When it ends, exclusive, without buffers.
    pub end: Timestamp,
    /// The staff who can serve it, best choice first; all of them together for a collective type.
    pub staff: Vec<StaffId>,
    /// Seats left.
    pub seats: u32,
    /// What to hand back to hold it.
    pub slot: String,
}

/// What a slot's text form says: enough to ask for the hold, proof of nothing. Whether it is free is checked again when
/// it is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotKey {
    /// Which type.
    pub type_id: BookingTypeId,
    /// When it starts.
    pub start: Timestamp,
    /// How long it lasts in minutes.
    pub minutes: u32,
    /// With whom, where that was asked for.
    pub staff_id: Option<StaffId>,
}

impl SlotKey {
    /// The text form, URL-safe.
    pub fn to_text(self) -> String {
        let mut bytes = Vec::with_capacity(44);
        bytes.extend_from_slice(self.type_id.uuid().as_bytes());
        bytes.extend_from_slice(&self.start.as_millis().to_be_bytes());
        bytes.extend_from_slice(&self.minutes.to_be_bytes());
        if let Some(staff) = self.staff_id {
            bytes.extend_from_slice(staff.uuid().as_bytes());
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads the text form; `None` for anything else.
    pub fn from_text(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.get(..64.min(text.len()))?).ok()?;
        let (type_id, rest) = bytes.split_first_chunk::<16>()?;
        let (start, rest) = rest.split_first_chunk::<8>()?;
        let (minutes, rest) = rest.split_first_chunk::<4>()?;
        let staff_id = match rest.len() {
            0 => None,
            16 => Some(StaffId::from_uuid(uuid::Uuid::from_slice(rest).ok()?)),
            _ => return None,
        };
        Some(Self {
            type_id: BookingTypeId::from_uuid(uuid::Uuid::from_bytes(*type_id)),
            start: Timestamp::from_millis(i64::from_be_bytes(*start)),
            minutes: u32::from_be_bytes(*minutes),
            staff_id,
        })
    }
}

/// Why a time cannot be booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Obstacle {
    /// What stands in the way.
    #[serde(flatten)]
    pub kind: ObstacleKind,
    /// In whose way; `None` for everybody.
    pub staff_id: Option<StaffId>,
}

/// What stands in the way of a booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "obstacle", rename_all = "snake_case")]
pub enum ObstacleKind {
    /// The type cannot be booked at present.
    Inactive,
    /// The duration is not on offer.
    Duration,
    /// It lies in the past.
    Past,
    /// It is too soon.
    Notice {
        /// The earliest start.
        earliest: Timestamp,
    },
    /// It is too far ahead.
    Horizon {
        /// The latest start.
        latest: Timestamp,
    },
    /// It is a holiday.
    Holiday {
        /// Its name.
        name: String,
    },
    /// Outside working hours.
    Hours,
    /// Blocked by a rule.
    Blocked {
        /// Why, for the team; empty for customers.
        reason: String,
    },
    /// Another booking or hold is in the way.
    Booked {
        /// Until when.
        until: Timestamp,
    },
    /// Something in a connected calendar is in the way.
    Busy {
        /// Until when.
        until: Timestamp,
    },
    /// A room or the like is taken.
    Resource {
        /// Its name.
        name: String,
    },
    /// Every seat is taken.
    Full,
    /// The day or the week is full.
    Limit {
        /// `day` or `week`.
        per: LimitSpan,
    },
    /// It is not one of the starts on offer.
    Step {
        /// The nearest start before, if any.
        before: Option<Timestamp>,
        /// The nearest start after, if any.
        after: Option<Timestamp>,
    },
    /// Nobody does this.
    NoStaff,
}

/// A day or a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LimitSpan {
    /// A day.
    Day,
    /// A week.
    Week,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;

    #[test]
    fn a_slot_survives_its_text_form_and_noise_is_none() {
        let random = SeededRandom::new(1);
        let start = Timestamp::from_millis(1_774_000_000_000);
        let key = SlotKey {
            type_id: BookingTypeId::new(start, &random),
            start,
            minutes: 30,
            staff_id: Some(StaffId::new(start, &random)),
        };
        assert_eq!(SlotKey::from_text(&key.to_text()), Some(key));
        let anyone = SlotKey { staff_id: None, ..key };
        assert_eq!(SlotKey::from_text(&anyone.to_text()), Some(anyone));
        for noise in ["", "x", "äöü", "////", &"A".repeat(500)] {
            assert_eq!(SlotKey::from_text(noise), None, "{noise}");
        }
    }
}
