//! When people, places and resources are free by their rules: weekly hours, overrides, recurrences, blocks, holidays.
//!
//! These are the rules as people write them, in civil time of a zone. `availability` turns them into instants.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{PlaceId, ResourceId, StaffId, UserId};
use crate::time::Timestamp;
use crate::workspace::{Stretch, Weekday};

/// Somebody who takes bookings; need not be able to sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Staff {
    /// Their id.
    pub id: StaffId,
    /// Everything people set.
    #[serde(flatten)]
    pub settings: StaffSettings,
    /// When they were added.
    pub created_at: Timestamp,
    /// When they last changed.
    pub updated_at: Timestamp,
}

/// What people set on a staff member.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StaffSettings {
    /// Their name as customers see it.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// What they do, such as "Hygienist".
    #[schema(max_length = 120)]
    pub title: String,
    /// Where notices to them go.
    #[schema(max_length = 254)]
    pub email: Option<String>,
    /// Their sign-in, if they have one.
    pub user_id: Option<UserId>,
    /// Whether they take bookings.
    pub active: bool,
    /// Colour in the calendar as `#rrggbb`.
    pub color: Option<String>,
    /// When they work; `None` follows the business's opening hours.
    pub schedule: Option<Schedule>,
    /// Sessions in a day over all types.
    #[schema(minimum = 1, maximum = 1000)]
    pub per_day: Option<u32>,
    /// Sessions in a week over all types.
    #[schema(minimum = 1, maximum = 5000)]
    pub per_week: Option<u32>,
}

/// A room, a chair, a machine: something of which there are so many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Resource {
    /// Its id.
    pub id: ResourceId,
    /// Everything people set.
    #[serde(flatten)]
    pub settings: ResourceSettings,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What people set on a resource.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ResourceSettings {
    /// Its name.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// How many there are, 1 to 100.
    #[schema(minimum = 1, maximum = 100)]
    pub units: u32,
    /// Where it stands; `None` where it is needed.
    pub place_id: Option<PlaceId>,
    /// Whether it can be used.
    pub active: bool,
    /// When it can be used; `None` always.
    pub schedule: Option<Schedule>,
}

/// A place of the business, when it has more than one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Place {
    /// Its id.
    pub id: PlaceId,
    /// Everything people set.
    #[serde(flatten)]
    pub settings: PlaceSettings,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What people set on a place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PlaceSettings {
    /// Its name.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// Its address.
    #[schema(max_length = 500)]
    pub address: String,
    /// When it is open; `None` follows the business's opening hours.
    pub schedule: Option<Schedule>,
}

/// When somebody or something is available, in civil time of a zone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Schedule {
    /// IANA zone; empty for the business's.
    #[schema(max_length = 64)]
    pub zone: String,
    /// Hours of an ordinary week.
    #[schema(max_items = 100)]
    pub weekly: Vec<WeeklyRule>,
    /// Days that differ from the ordinary week; the whole day is as written here.
    #[schema(max_items = 1000)]
    pub overrides: Vec<DateOverride>,
    /// Hours added or taken away by recurrence rules.
    #[schema(max_items = 50)]
    pub recurring: Vec<RecurringRule>,
    /// Times taken away, such as a holiday trip.
    #[schema(max_items = 1000)]
    pub blocked: Vec<BlockedTime>,
    /// Works on the business's holidays, too.
    pub works_holidays: bool,
}

/// Hours on one weekday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeeklyRule {
    /// The day.
    pub day: Weekday,
    /// From when to when, local time. Hours over midnight are two rules.
    pub hours: Stretch,
    /// At this place only; `None` anywhere.
    #[serde(default)]
    pub place_id: Option<PlaceId>,
}

/// A day that differs from the ordinary week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DateOverride {
    /// The day, `YYYY-MM-DD`.
    #[schema(value_type = String, format = Date)]
    pub date: jiff::civil::Date,
    /// The hours of that day; empty for none.
    #[schema(max_items = 12)]
    pub hours: Vec<Stretch>,
    /// At this place only; `None` anywhere.
    #[serde(default)]
    pub place_id: Option<PlaceId>,
    /// Why, for the team.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub reason: String,
}

/// Hours that recur by an RFC 5545 rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecurringRule {
    /// Whether the hours are added or taken away.
    pub kind: RecurringKind,
    /// The first start, local time `YYYY-MM-DDTHH:MM:SS`.
    #[schema(value_type = String, example = "2026-03-02T18:00:00")]
    pub start: jiff::civil::DateTime,
    /// How long each lasts in minutes, 5 to 10,080.
    #[schema(minimum = 5, maximum = 10_080)]
    pub minutes: u32,
    /// The rule, such as `FREQ=MONTHLY;BYDAY=1MO`.
    #[schema(max_length = 500)]
    pub rrule: String,
    /// Starts left out (EXDATE), local time.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 500)]
    pub except: Vec<jiff::civil::DateTime>,
    /// Starts added (RDATE), local time.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 500)]
    pub extra: Vec<jiff::civil::DateTime>,
    /// Why, for the team.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub reason: String,
}

/// What recurring hours do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecurringKind {
    /// Adds working hours.
    Open,
    /// Takes time away.
    Blocked,
}

/// A time taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BlockedTime {
    /// From.
    pub from: Timestamp,
    /// To, exclusive.
    pub to: Timestamp,
    /// Why, for the team.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub reason: String,
}

/// Which holidays the business keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HolidaySettings {
    /// Whose public holidays, ISO 3166-1 alpha-2; `None` for none.
    #[schema(pattern = "^[A-Z]{2}$")]
    pub country: Option<String>,
    /// Keys of those public holidays on which the business works all the same.
    #[schema(max_items = 60)]
    pub working: Vec<String>,
    /// The business's own days off.
    #[schema(max_items = 200)]
    pub own: Vec<OwnHoliday>,
}

/// A day off of the business's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnHoliday {
    /// The day, `YYYY-MM-DD`.
    #[schema(value_type = String, format = Date)]
    pub date: jiff::civil::Date,
    /// Every year.
    #[serde(default)]
    pub yearly: bool,
    /// Its name.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
}

/// How bookings go in a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BookingSettings {
    /// Holidays on which nobody can be booked.
    pub holidays: HolidaySettings,
    /// Minutes a slot is held while the customer types, 2 to 60.
    #[schema(minimum = 2, maximum = 60)]
    pub hold_minutes: u32,
    /// Minutes before the start when reminders go out.
    #[schema(max_items = 5)]
    pub reminders: Vec<u32>,
    /// Minutes the next in the waiting list has to take a freed slot, 5 to 1,440.
    #[schema(minimum = 5, maximum = 1440)]
    pub offer_minutes: u32,
    /// Hours after a missed appointment when a new time is offered by e-mail; `None` never. At most 168.
    #[schema(maximum = 168)]
    pub no_show_follow_up: Option<u32>,
    /// Minutes after which a calendar that was not synchronised counts as stale, 5 to 10,080.
    #[schema(minimum = 5, maximum = 10_080)]
    pub calendar_stale_minutes: u32,
}

impl Default for BookingSettings {
    fn default() -> Self {
        Self {
            holidays: HolidaySettings::default(),
            hold_minutes: 10,
            reminders: vec![24 * 60, 60],
            offer_minutes: 60,
            no_show_follow_up: Some(3),
            calendar_stale_minutes: 60,
        }
    }
}
