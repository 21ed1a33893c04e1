//! A made-up business of any size, for measuring.

use super::query::{Busy, BusyBy, Question, Unit};
use super::zone::{DAY, MINUTE};
use crate::booking_type::{BookingType, BookingTypeSettings, PoolMember, StaffPool};
use crate::id::{BookingTypeId, StaffId};
use crate::random::{Random, SeededRandom};
use crate::schedule::{BookingSettings, Schedule, Staff, StaffSettings, WeeklyRule};
use crate::time::Timestamp;
use crate::workspace::{Stretch, Weekday, WeeklyHours};

/// Monday 2 March 2026, 0:00 in New York; the clocks go forward on the 8th.
const NOW: i64 = 1_772_427_600_000;

/// A business with so many staff, so many times taken, over so many days.
#[derive(Debug)]
pub struct Scenario {
    kind: BookingType,
    staff: Vec<Staff>,
    busy: Vec<Busy>,
    settings: BookingSettings,
    opening: WeeklyHours,
    days: u32,
}

impl Scenario {
    /// Staff work from 9 to 12 and from 13 to 17:30 on weekdays, each with a schedule of their own; sessions of 30 minutes
    /// with 10 minutes around them start every 15 minutes. What is taken lies at random within the working hours.
    pub fn new(staff: u32, busy: u32, days: u32) -> Self {
        let random = SeededRandom::new(7);
        let now = Timestamp::from_millis(NOW);
        let hours = [Stretch { from: 9 * 60, to: 12 * 60 }, Stretch { from: 13 * 60, to: 17 * 60 + 30 }];
        let weekdays = || Weekday::ALL.into_iter().take(5);
        let weekly = weekdays().flat_map(|day| hours.map(|hours| WeeklyRule { day, hours, place_id: None }));
        let schedule = Schedule { weekly: weekly.collect(), ..Schedule::default() };
        let staff: Vec<Staff> = (0..staff)
            .map(|number| Staff {
                id: StaffId::new(now, &random),
                settings: StaffSettings {
                    name: format!("Person {number}"),
                    active: true,
                    schedule: Some(schedule.clone()),
                    ..StaffSettings::default()
                },
                created_at: now,
                updated_at: now,
            })
            .collect();
        let busy = staff.iter().cycle().take(busy as usize).map(|staff| {
            let day = (random.next_u64() % u64::from(days.max(1))) as i64;
            let quarter = (random.next_u64() % 34) as i64;
            let long = 15 * (1 + random.next_u64() % 4) as i64;
            let from = NOW + day * DAY + (9 * 60 + quarter * 15) * MINUTE;
            Busy {
                unit: Unit::Staff(staff.id),
                from: Timestamp::from_millis(from),
                to: Timestamp::from_millis(from + long * MINUTE),
                by: BusyBy::Booking,
                session: None,
            }
        });
        let members = staff.iter().map(|staff| PoolMember { staff_id: staff.id, weight: 1 }).collect();
        let kind = BookingType {
            id: BookingTypeId::new(now, &random),
            slug: "visit".to_owned(),
            settings: BookingTypeSettings {
                name: "Visit".to_owned(),
                buffer_after: 10,
                horizon_days: 365,
                staff: StaffPool { members, ..StaffPool::default() },
                ..BookingTypeSettings::default()
            },
            position: 0,
            created_at: now,
            updated_at: now,
        };
        let mut settings = BookingSettings::default();
        settings.holidays.country = Some("US".to_owned());
        Self {
            busy: busy.collect(),
            kind,
            settings,
            opening: WeeklyHours(weekdays().map(|day| (day, hours.to_vec())).collect()),
            days,
            staff,
        }
    }

    /// When can it be booked?
    pub fn question(&self) -> Question<'_> {
        Question {
            now: Timestamp::from_millis(NOW),
            kind: &self.kind,
            minutes: 30,
            seats: 1,
            staff_id: None,
            zone: "America/New_York",
            opening: &self.opening,
            settings: &self.settings,
            places: &[],
            staff: &self.staff,
            resources: &[],
            busy: &self.busy,
            sessions: &[],
            counted: &[],
            had: &[],
        }
    }

    /// All its days.
    pub fn range(&self) -> (Timestamp, Timestamp) {
        (Timestamp::from_millis(NOW), Timestamp::from_millis(NOW + i64::from(self.days) * DAY))
    }
}
