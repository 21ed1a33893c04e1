//! A booking type: what can be booked, for how long, with whom, and under which limits.
//!
//! Durations, buffers and notices are in minutes. When somebody is free is the business of `schedule.rs`; which slots
//! follow from both is computed in `availability`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{BookingTypeId, PlaceId, ResourceId, StaffId};
use crate::time::Timestamp;

/// Something that can be booked, such as "New patient exam".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BookingType {
    /// Its id.
    pub id: BookingTypeId,
    /// Its short name in public addresses, `[a-z0-9-]`, unique in the workspace.
    pub slug: String,
    /// Everything people set.
    #[serde(flatten)]
    pub settings: BookingTypeSettings,
    /// Where it stands in lists, smallest first.
    pub position: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What people set on a booking type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BookingTypeSettings {
    /// Its name.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// What it is, for customers and for the agent.
    #[schema(max_length = 2000)]
    pub description: String,
    /// Whether it can be booked.
    pub active: bool,
    /// Whether it is listed on the public page; an unlisted type is booked by its link.
    pub listed: bool,
    /// Colour in the calendar as `#rrggbb`.
    #[schema(pattern = "^#[0-9a-fA-F]{6}$")]
    pub color: String,
    /// Durations on offer in minutes, the usual one first; 1 to 8 of them, each 5 to 1,440.
    #[schema(min_items = 1, max_items = 8)]
    pub durations: Vec<u32>,
    /// Minutes kept free before, 0 to 720.
    #[schema(maximum = 720)]
    pub buffer_before: u32,
    /// Minutes kept free after, 0 to 720.
    #[schema(maximum = 720)]
    pub buffer_after: u32,
    /// Minutes before the start until which it can be booked, 0 to 129,600 (90 days).
    #[schema(maximum = 129_600)]
    pub minimum_notice: u32,
    /// How many days ahead it can be booked, 1 to 730.
    #[schema(minimum = 1, maximum = 730)]
    pub horizon_days: u32,
    /// Starts lie this many minutes apart, counted from the start of a stretch of free hours; 5 to 720.
    #[schema(minimum = 5, maximum = 720)]
    pub slot_step: u32,
    /// Seats in one session, 1 to 500; more than one makes it a class or a table.
    #[schema(minimum = 1, maximum = 500)]
    pub capacity: u32,
    /// What it costs, shown to the customer.
    pub price: Option<Price>,
    /// Where it takes place.
    pub location: Location,
    /// What the customer is asked beside name and address; at most 20.
    #[schema(max_items = 20)]
    pub questions: Vec<Question>,
    /// A person confirms each booking; until then it is pending and its slot is kept.
    pub confirmation_required: bool,
    /// Who does it.
    pub staff: StaffPool,
    /// What it needs, all of it for every session; at most 10.
    #[schema(max_items = 10)]
    pub resources: Vec<ResourceNeed>,
    /// How many sessions fit in a day and a week.
    pub limits: BookingLimits,
    /// Minutes before the start when reminders go out; `None` takes the workspace's.
    #[schema(max_items = 5)]
    pub reminders: Option<Vec<u32>>,
    /// Minutes before the start until which the customer may move or cancel by themselves.
    #[schema(maximum = 129_600)]
    pub change_notice: u32,
}

impl Default for BookingTypeSettings {
    fn default() -> Self {
        Self {
            name: String::new(),
            description: String::new(),
            active: true,
            listed: true,
            color: "#4f46e5".to_owned(),
            durations: vec![30],
            buffer_before: 0,
            buffer_after: 0,
            minimum_notice: 120,
            horizon_days: 60,
            slot_step: 15,
            capacity: 1,
            price: None,
            location: Location::default(),
            questions: Vec::new(),
            confirmation_required: false,
            staff: StaffPool::default(),
            resources: Vec::new(),
            limits: BookingLimits::default(),
            reminders: None,
            change_notice: 0,
        }
    }
}

impl BookingTypeSettings {
    /// The usual duration in minutes.
    pub fn usual_duration(&self) -> u32 {
        self.durations.first().copied().unwrap_or(30)
    }
}

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// In the currency's smallest unit, such as cents.
    #[schema(maximum = 100_000_000)]
    pub minor: u32,
    /// ISO 4217 code, such as `EUR`.
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
}

/// Where a booking takes place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Location {
    /// At the business's address.
    #[default]
    Business,
    /// At one of its places.
    Place {
        /// Which.
        place_id: PlaceId,
    },
    /// At another address.
    Address {
        /// The address.
        #[schema(max_length = 500)]
        address: String,
    },
    /// By phone: the business calls the customer.
    Phone,
    /// By video.
    Video {
        /// The room's link, told in the confirmation.
        #[schema(max_length = 500)]
        url: String,
    },
    /// At the customer's address, which is asked for.
    Customer,
}

/// A question the customer answers when booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BookingQuestion)]
pub struct Question {
    /// Its short name, `[a-z0-9_]`, unique in the type; the key of the answer.
    #[schema(pattern = "^[a-z0-9_]{1,40}$")]
    pub key: String,
    /// What is asked.
    #[schema(min_length = 1, max_length = 300)]
    pub label: String,
    /// What kind of answer is expected.
    pub kind: QuestionKind,
    /// Whether it must be answered.
    #[serde(default)]
    pub required: bool,
    /// The choices of `select` and `multi_select`.
    #[serde(default)]
    #[schema(max_items = 30)]
    pub choices: Vec<String>,
}

/// What kind of answer a question expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// A line of text.
    Text,
    /// Several lines.
    LongText,
    /// A whole or decimal number.
    Number,
    /// One of the choices.
    Select,
    /// Some of the choices.
    MultiSelect,
    /// Yes or no.
    Checkbox,
    /// A phone number.
    Phone,
}

/// Who does a booking type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StaffPool {
    /// How one is found.
    pub mode: StaffMode,
    /// Among whom; empty for a type that needs nobody, only resources or the business's hours.
    #[schema(max_items = 200)]
    pub members: Vec<PoolMember>,
}

/// How staff are found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StaffMode {
    /// The customer may choose; without a choice it is as round robin.
    #[default]
    Choose,
    /// The one who has had least, by weight; the customer does not choose.
    RoundRobin,
    /// All of them together.
    Collective,
}

/// A member of the pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PoolMember {
    /// Who.
    pub staff_id: StaffId,
    /// Their share in round robin, 1 to 100.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 100)]
    pub weight: u32,
}

pub(crate) const fn one() -> u32 {
    1
}

/// Units of a resource that one session takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResourceNeed {
    /// Which.
    pub resource_id: ResourceId,
    /// How many units, 1 to 100.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 100)]
    pub units: u32,
}

/// How many sessions fit; `None` is without limit. Days and weeks (from Monday) are those of the business's zone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BookingLimits {
    /// Of this type in a day.
    #[schema(minimum = 1, maximum = 1000)]
    pub per_day: Option<u32>,
    /// Of this type in a week.
    #[schema(minimum = 1, maximum = 5000)]
    pub per_week: Option<u32>,
    /// Of this type in a day for each staff member.
    #[schema(minimum = 1, maximum = 1000)]
    pub per_staff_day: Option<u32>,
    /// Of this type in a week for each staff member.
    #[schema(minimum = 1, maximum = 5000)]
    pub per_staff_week: Option<u32>,
}
