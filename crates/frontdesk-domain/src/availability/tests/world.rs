//! Made-up businesses small enough to look at minute by minute.
//!
//! A world follows from a seed and a set of features: shrinking takes features away until the failure needs all that
//! are left.

use jiff::tz::TimeZone;

use super::super::zone::{MINUTE, date_of};
use super::super::*;
use crate::booking_type::{
    BookingLimits, BookingType, BookingTypeSettings, Location, PoolMember, ResourceNeed, StaffMode, StaffPool,
};
use crate::id::{BookingTypeId, PlaceId, ResourceId, SessionId, StaffId};
use crate::random::{Random, SeededRandom};
use crate::schedule::{
    BlockedTime, BookingSettings, DateOverride, OwnHoliday, Place, PlaceSettings, RecurringKind,
    RecurringRule, Resource, ResourceSettings, Schedule, Staff, StaffSettings, WeeklyRule,
};
use crate::time::Timestamp;
use crate::workspace::{Stretch, Weekday, WeeklyHours};

/// What a world may have; each a bit.
#[derive(Debug, Clone, Copy)]
pub enum Feature {
    Transition,
    ZonesOfStaff,
    Places,
    Overrides,
    Recurring,
    Blocked,
    Holidays,
    Resources,
    Seats,
    TypeLimits,
    StaffLimits,
    Buffers,
    Busy,
    Asked,
    Odd,
}

/// Bits of all features.
pub const ALL: u16 = 0x7fff;

/// Minutes of a range.
pub const RANGE: i64 = 2 * 1440;

#[derive(Debug)]
pub struct World {
    pub zone: String,
    /// First minute of the range, since 1970.
    pub from: i64,
    pub now: Timestamp,
    pub kind: BookingType,
    pub minutes: u32,
    pub seats: u32,
    pub staff_id: Option<StaffId>,
    pub staff: Vec<Staff>,
    pub resources: Vec<Resource>,
    pub places: Vec<Place>,
    pub busy: Vec<Busy>,
    pub sessions: Vec<Session>,
    pub counted: Vec<Counted>,
    pub had: Vec<(StaffId, u32)>,
    pub opening: WeeklyHours,
    pub settings: BookingSettings,
}

/// Whether a rule says yes to a day so many days after its first.
type Says = fn(i64, jiff::civil::Date) -> bool;

/// Recurrence rules together with what they say.
pub const RULES: [(&str, Says); 6] = [
    ("FREQ=DAILY;INTERVAL=3", |since, _| since % 3 == 0),
    ("FREQ=WEEKLY;BYDAY=MO,WE,SA", |_, date| {
        matches!(Weekday::of(date.weekday()), Weekday::Mon | Weekday::Wed | Weekday::Sat)
    }),
    ("FREQ=WEEKLY;INTERVAL=2", |since, _| since % 14 == 0),
    ("FREQ=MONTHLY;BYMONTHDAY=15,-1", |_, date| date.day() == 15 || date == date.last_of_month()),
    ("FREQ=MONTHLY;BYDAY=1MO,-1FR", |_, date| {
        let is = |nth, day| date.nth_weekday_of_month(nth, day).unwrap() == date;
        is(1, jiff::civil::Weekday::Monday) || is(-1, jiff::civil::Weekday::Friday)
    }),
    ("FREQ=DAILY;COUNT=30", |since, _| since < 30),
];

pub fn uuid(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}

pub fn person(number: i64) -> StaffId {
    StaffId::from_uuid(uuid(100 + u128::from(number.unsigned_abs())))
}

pub fn room(number: i64) -> ResourceId {
    ResourceId::from_uuid(uuid(200 + u128::from(number.unsigned_abs())))
}

fn place(number: i64) -> PlaceId {
    PlaceId::from_uuid(uuid(300 + u128::from(number.unsigned_abs())))
}

pub fn at(minute: i64) -> Timestamp {
    Timestamp::from_millis(minute * MINUTE)
}

/// Throws that follow from a seed.
pub struct Dice {
    random: SeededRandom,
    features: u16,
    zones: Vec<String>,
}

impl Dice {
    pub fn new(seed: u64, features: u16) -> Self {
        let zones = jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
        Self { random: SeededRandom::new(seed), features, zones }
    }

    /// From `least` up to, not including, `end`.
    pub fn throw(&self, least: i64, end: i64) -> i64 {
        least + (self.random.next_u64() % (end - least).unsigned_abs()) as i64
    }

    fn percent(&self, chance: i64) -> bool {
        self.throw(0, 100) < chance
    }

    fn pick<T: Clone>(&self, among: &[T]) -> T {
        among[self.throw(0, among.len() as i64) as usize].clone()
    }

    fn has(&self, feature: Feature) -> bool {
        self.features & (1 << feature as u16) != 0
    }

    /// So many, when there is the feature.
    fn some<T>(&self, feature: Feature, end: i64, make: impl Fn() -> T) -> Vec<T> {
        let count = self.throw(0, end);
        if self.has(feature) { (0..count).map(|_| make()).collect() } else { Vec::new() }
    }

    fn limit(&self, feature: Feature, end: i64) -> Option<u32> {
        (self.has(feature) && self.percent(40)).then(|| self.throw(1, end) as u32)
    }

    fn zone(&self) -> String {
        self.pick(&self.zones)
    }

    fn stretches(&self) -> Vec<Stretch> {
        if self.percent(15) {
            return vec![Stretch { from: 0, to: 1440 }];
        }
        let mut found: Vec<Stretch> = Vec::new();
        let mut from = self.throw(0, 700);
        for _ in 0..self.throw(0, 3) {
            let long = self.throw(1, 120) * 5;
            let to = (from + long).min(1440);
            if from < to {
                found.push(Stretch { from: from as u16, to: to as u16 });
            }
            from = to + self.throw(0, 30) * 5;
        }
        found
    }

    fn somewhere(&self) -> Option<PlaceId> {
        (self.has(Feature::Places) && self.percent(40)).then(|| place(self.throw(0, 2)))
    }

    fn schedule(&self, from: i64) -> Schedule {
        let today = from.div_euclid(1440);
        let weekly = Weekday::ALL.into_iter().flat_map(|day| {
            let hours = self.stretches().into_iter();
            hours.map(move |hours| WeeklyRule { day, hours, place_id: self.somewhere() })
        });
        Schedule {
            zone: if self.has(Feature::ZonesOfStaff) && self.percent(60) {
                self.zone()
            } else {
                String::new()
            },
            weekly: weekly.collect(),
            overrides: self.some(Feature::Overrides, 3, || DateOverride {
                date: date_of(today + self.throw(-1, 4)),
                hours: self.stretches(),
                place_id: self.somewhere(),
                reason: String::new(),
            }),
            recurring: self.some(Feature::Recurring, 3, || self.recurring(today)),
            blocked: self.some(Feature::Blocked, 3, || {
                let start = from + self.throw(-300, RANGE);
                BlockedTime { from: at(start), to: at(start + self.throw(1, 300)), reason: "away".to_owned() }
            }),
            works_holidays: self.percent(30),
        }
    }

    fn recurring(&self, today: i64) -> RecurringRule {
        let clock = (self.throw(0, 24) as i8, (self.throw(0, 12) * 5) as i8);
        let on = |day: i64| date_of(day).at(clock.0, clock.1, 0, 0);
        let near = || on(today + self.throw(-2, 4));
        RecurringRule {
            kind: self.pick(&[RecurringKind::Open, RecurringKind::Blocked]),
            start: on(today + self.throw(-40, 2)),
            minutes: self.pick(&[30, 95, 240, 1500, 3000]),
            rrule: self.pick(&RULES).0.to_owned(),
            except: (0..self.throw(0, 3)).map(|_| near()).collect(),
            extra: (0..self.throw(0, 2)).map(|_| near()).collect(),
            reason: "again".to_owned(),
        }
    }

    /// A minute half a day before a transition of the zone, or any other, in the years 2024 to 2030.
    fn start_of_range(&self, zone: &str) -> i64 {
        let base: jiff::Timestamp = "2024-01-01T00:00:00Z".parse().unwrap();
        let any = base.as_second() / 60 + self.throw(0, 7 * 365 * 1440);
        let zone = TimeZone::get(zone).unwrap();
        let next = zone.following(at(any).to_jiff()).next().filter(|_| self.has(Feature::Transition));
        next.map_or(any, |next| next.timestamp().as_second().div_euclid(60) - self.throw(0, 1440))
    }
}

impl World {
    #[expect(clippy::too_many_lines, reason = "one world, all its parts")]
    pub fn new(seed: u64, features: u16) -> Self {
        let dice = Dice::new(seed, features);
        let zone = dice.zone();
        let from = dice.start_of_range(&zone);
        let own_hours = |chance: i64| dice.percent(chance).then(|| dice.schedule(from));
        let people = dice.throw(0, 4);
        let staff: Vec<Staff> = (0..=people)
            .map(|number| Staff {
                id: person(number),
                settings: StaffSettings {
                    name: dice.pick(&["Ana", "Ben", "Cleo"]).to_owned(),
                    active: !(dice.has(Feature::Odd) && dice.percent(10)),
                    schedule: own_hours(75),
                    per_day: dice.limit(Feature::StaffLimits, 4),
                    per_week: dice.limit(Feature::StaffLimits, 6),
                    ..StaffSettings::default()
                },
                created_at: at(0),
                updated_at: at(0),
            })
            .collect();
        let resources: Vec<Resource> = dice
            .some(Feature::Resources, 3, || ())
            .into_iter()
            .zip(0..)
            .map(|((), number)| Resource {
                id: room(number),
                settings: ResourceSettings {
                    name: format!("Room {number}"),
                    units: dice.throw(1, 4) as u32,
                    active: !(dice.has(Feature::Odd) && dice.percent(5)),
                    place_id: dice.somewhere(),
                    schedule: own_hours(30),
                },
                created_at: at(0),
                updated_at: at(0),
            })
            .collect();
        let places: Vec<Place> = (0..2)
            .map(|number| Place {
                id: place(number),
                settings: PlaceSettings { schedule: own_hours(50), ..PlaceSettings::default() },
                created_at: at(0),
                updated_at: at(0),
            })
            .collect();
        let type_id = |number: i64| BookingTypeId::from_uuid(uuid(1 + u128::from(number.unsigned_abs())));
        let minutes = dice.pick(&[15_u32, 25, 45, 60, 90, 300]);
        let capacity = if dice.has(Feature::Seats) { dice.throw(1, 4) as u32 } else { 1 };
        let mut needs: Vec<ResourceNeed> = resources
            .iter()
            .map(|resource| ResourceNeed { resource_id: resource.id, units: dice.throw(1, 3) as u32 })
            .collect();
        needs.extend(needs.first().cloned().filter(|_| dice.has(Feature::Odd) && dice.percent(20)));
        let members = (0..people)
            .map(|number| PoolMember { staff_id: person(number), weight: dice.throw(1, 4) as u32 });
        let kind = BookingType {
            id: type_id(0),
            slug: "t".to_owned(),
            settings: BookingTypeSettings {
                active: !(dice.has(Feature::Odd) && dice.percent(5)),
                durations: if dice.has(Feature::Odd) && dice.percent(5) {
                    vec![10]
                } else {
                    vec![30, minutes]
                },
                slot_step: dice.pick(&[5_u32, 15, 20, 25, 30, 45, 60, 90, 720]),
                buffer_before: if dice.has(Feature::Buffers) { dice.pick(&[0, 5, 30, 700]) } else { 0 },
                buffer_after: if dice.has(Feature::Buffers) { dice.pick(&[0, 10, 45]) } else { 0 },
                minimum_notice: dice.pick(&[0, 90, 600]),
                horizon_days: dice.throw(0, 4) as u32,
                capacity,
                location: match dice.throw(0, if dice.has(Feature::Places) { 4 } else { 1 }) {
                    0 => Location::Business,
                    1 => Location::Phone,
                    _ => Location::Place { place_id: place(dice.throw(0, 2)) },
                },
                staff: StaffPool {
                    mode: dice.pick(&[StaffMode::Choose, StaffMode::RoundRobin, StaffMode::Collective]),
                    members: members.collect(),
                },
                resources: needs,
                limits: BookingLimits {
                    per_day: dice.limit(Feature::TypeLimits, 4),
                    per_week: dice.limit(Feature::TypeLimits, 6),
                    per_staff_day: dice.limit(Feature::StaffLimits, 3),
                    per_staff_week: dice.limit(Feature::StaffLimits, 5),
                },
                ..BookingTypeSettings::default()
            },
            position: 0,
            created_at: at(0),
            updated_at: at(0),
        };
        let busy = dice.some(Feature::Busy, 16, || {
            let start = from + dice.throw(-900, RANGE + 900);
            Busy {
                unit: match dice.throw(0, 6) {
                    0 => Unit::Kind(type_id(0)),
                    1 => Unit::Resource(room(dice.throw(0, 2)), dice.throw(0, 3) as u32),
                    _ => Unit::Staff(person(dice.throw(0, 4))),
                },
                from: at(start),
                to: at(start + dice.throw(0, 200)),
                by: dice.pick(&[BusyBy::Booking, BusyBy::Calendar]),
                session: None,
            }
        });
        let sessions = dice
            .some(Feature::Seats, 5, || dice.throw(0, RANGE / 15))
            .into_iter()
            .zip(900..)
            .map(|(quarter, id)| Session {
                id: SessionId::from_uuid(uuid(id)),
                start: at(from + quarter * 15),
                end: at(from + quarter * 15 + i64::from(if dice.percent(90) { minutes } else { 35 })),
                staff: if people == 0 { Vec::new() } else { vec![person(dice.throw(0, people))] },
                seats_left: dice.throw(0, 4) as u32,
            })
            .collect();
        let counted = (0..dice.throw(0, 9))
            .map(|_| Counted {
                type_id: type_id(i64::from(dice.percent(25))),
                staff: vec![person(dice.throw(0, 4))],
                start: at(from + dice.throw(-6 * 1440, 6 * 1440)),
            })
            .collect();
        let mut settings = BookingSettings::default();
        settings.holidays.own = dice.some(Feature::Holidays, 3, || OwnHoliday {
            date: date_of(from.div_euclid(1440) + dice.throw(-1, 3)),
            yearly: false,
            name: "Party".to_owned(),
        });
        Self {
            opening: WeeklyHours(Weekday::ALL.into_iter().map(|day| (day, dice.stretches())).collect()),
            had: (0..people).map(|number| (person(number), dice.throw(0, 4) as u32)).collect(),
            seats: if dice.has(Feature::Seats) { dice.throw(0, 4) as u32 } else { 1 },
            staff_id: (dice.has(Feature::Asked) && dice.percent(60)).then(|| person(dice.throw(0, 4))),
            now: at(from + dice.throw(-1440, 300)),
            zone,
            from,
            kind,
            minutes,
            staff,
            resources,
            places,
            busy,
            sessions,
            counted,
            settings,
        }
    }

    pub fn question(&self) -> Question<'_> {
        Question {
            now: self.now,
            kind: &self.kind,
            minutes: self.minutes,
            seats: self.seats,
            staff_id: self.staff_id,
            zone: &self.zone,
            opening: &self.opening,
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
