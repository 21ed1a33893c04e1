//! The engine against a reference that looks at every minute.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::booking_type::{
    BookingLimits, BookingType, BookingTypeSettings, PoolMember, ResourceNeed, StaffMode, StaffPool,
};
use crate::id::{BookingTypeId, ResourceId, StaffId};
use crate::schedule::{
    BlockedTime, BookingSettings, DateOverride, Resource, ResourceSettings, Schedule, Staff, StaffSettings,
    WeeklyRule,
};
use crate::time::Timestamp;
use crate::workspace::{Stretch, Weekday, WeeklyHours};

const MINUTE: i64 = 60_000;
const DAY: i64 = 1_440;

/// A world small enough to look at minute by minute.
#[derive(Debug, Clone)]
struct World {
    zone: String,
    /// First minute of the range, since 1970.
    from: i64,
    kind: BookingType,
    minutes: u32,
    seats: u32,
    staff: Vec<Staff>,
    resources: Vec<Resource>,
    busy: Vec<Busy>,
    sessions: Vec<Session>,
    counted: Vec<Counted>,
    opening: WeeklyHours,
    now: Timestamp,
}

fn uuid(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}

fn person(number: usize) -> StaffId {
    StaffId::from_uuid(uuid(100 + number as u128))
}

fn room() -> ResourceId {
    ResourceId::from_uuid(uuid(7))
}

fn at(minute: i64) -> Timestamp {
    Timestamp::from_millis(minute * MINUTE)
}

fn zones() -> Vec<String> {
    jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect()
}

/// A minute at or near a transition of the zone, or any other.
fn start_of_range(zone: &str, pick: u32, near: bool) -> i64 {
    let base: jiff::Timestamp = "2026-01-05T00:00:00Z".parse().unwrap();
    let any = base.as_second() / 60 + i64::from(pick % 365) * DAY;
    if !near {
        return any;
    }
    let zone = TimeZone::get(zone).unwrap();
    let next = zone.following(base).nth((pick % 4) as usize);
    next.map_or(any, |transition| transition.timestamp().as_second().div_euclid(60) - DAY / 2)
}

fn stretches() -> impl Strategy<Value = Vec<Stretch>> {
    prop::collection::vec((0_u16..95, 1_u16..40), 0..3).prop_map(|pairs| {
        let mut found: Vec<Stretch> = Vec::new();
        let mut pairs = pairs;
        pairs.sort_unstable();
        for (from, long) in pairs {
            let from = from * 15;
            if found.last().is_none_or(|last| last.to <= from) {
                found.push(Stretch { from, to: (from + long * 15).min(1440) });
            }
        }
        found
    })
}

fn schedule(from: i64) -> impl Strategy<Value = Schedule> {
    let weekly = prop::collection::vec(stretches(), 7).prop_map(|days| {
        Weekday::ALL
            .into_iter()
            .zip(days)
            .flat_map(|(day, hours)| {
                hours.into_iter().map(move |hours| WeeklyRule { day, hours, place_id: None })
            })
            .collect::<Vec<_>>()
    });
    let overrides = prop::option::of((0_i64..4, stretches()));
    let blocked = prop::collection::vec((0_i64..(2 * DAY), 1_i64..200), 0..3);
    (weekly, overrides, blocked).prop_map(move |(weekly, different, blocked)| Schedule {
        weekly,
        overrides: different
            .map(|(day, hours)| DateOverride {
                date: zone::date_of(from.div_euclid(DAY) + day - 1),
                hours,
                place_id: None,
                reason: String::new(),
            })
            .into_iter()
            .collect(),
        blocked: blocked
            .into_iter()
            .map(|(start, long)| BlockedTime {
                from: at(from + start),
                to: at(from + start + long),
                reason: String::new(),
            })
            .collect(),
        ..Schedule::default()
    })
}

#[expect(clippy::too_many_lines, reason = "one world, all its parts")]
fn world() -> impl Strategy<Value = World> {
    let zone = prop::sample::select(zones());
    (zone, any::<u32>(), any::<bool>())
        .prop_flat_map(|(zone, pick, near)| {
            let from = start_of_range(&zone, pick, near);
            let staff = prop::collection::vec(prop::option::weighted(0.8, schedule(from)), 0..4);
            let shape = (
                prop::sample::select(vec![15_u32, 25, 60, 90]),
                prop::sample::select(vec![15_u32, 20, 30, 60]),
                prop::sample::select(vec![0_u32, 5, 30]),
                prop::sample::select(vec![0_u32, 10, 45]),
                prop::sample::select(vec![StaffMode::Choose, StaffMode::RoundRobin, StaffMode::Collective]),
            );
            let taken = prop::collection::vec((0_usize..5, -60_i64..(2 * DAY), 1_i64..180), 0..10);
            let limits = (prop::option::of(1_u32..3), prop::option::of(1_u32..3), prop::option::of(1_u32..3));
            let counted = prop::collection::vec((0_usize..3, 0_i64..(2 * DAY)), 0..4);
            (
                (Just(zone), Just(from), stretches()),
                staff,
                shape,
                taken,
                prop::option::of(1_u32..3),
                limits,
                counted,
                prop::option::of((0_i64..(2 * DAY / 15), 0_u32..3)),
            )
        })
        .prop_map(|((zone, from, opening), schedules, shape, taken, room_units, limits, counted, session)| {
            let (minutes, slot_step, buffer_before, buffer_after, mode) = shape;
            let staff: Vec<Staff> = schedules
                .into_iter()
                .enumerate()
                .map(|(number, schedule)| Staff {
                    id: person(number),
                    settings: StaffSettings {
                        name: format!("S{number}"),
                        active: true,
                        schedule,
                        ..StaffSettings::default()
                    },
                    created_at: at(0),
                    updated_at: at(0),
                })
                .collect();
            let type_id = BookingTypeId::from_uuid(uuid(1));
            let capacity = if session.is_some() { 3 } else { 1 };
            let kind = BookingType {
                id: type_id,
                slug: "t".to_owned(),
                settings: BookingTypeSettings {
                    durations: vec![minutes],
                    slot_step,
                    buffer_before,
                    buffer_after,
                    minimum_notice: 90,
                    capacity,
                    staff: StaffPool {
                        mode,
                        members: staff
                            .iter()
                            .map(|staff| PoolMember { staff_id: staff.id, weight: 1 })
                            .collect(),
                    },
                    resources: room_units
                        .map(|_| ResourceNeed { resource_id: room(), units: 1 })
                        .into_iter()
                        .collect(),
                    limits: BookingLimits {
                        per_day: limits.0,
                        per_week: None,
                        per_staff_day: limits.1,
                        per_staff_week: limits.2,
                    },
                    ..BookingTypeSettings::default()
                },
                position: 0,
                created_at: at(0),
                updated_at: at(0),
            };
            let resources = room_units
                .map(|units| Resource {
                    id: room(),
                    settings: ResourceSettings {
                        name: "Room".to_owned(),
                        units,
                        active: true,
                        ..ResourceSettings::default()
                    },
                    created_at: at(0),
                    updated_at: at(0),
                })
                .into_iter()
                .collect();
            let busy = taken
                .into_iter()
                .map(|(who, start, long)| Busy {
                    unit: match who {
                        3 => Unit::Resource(room(), 0),
                        4 => Unit::Kind(type_id),
                        number => Unit::Staff(person(number)),
                    },
                    from: at(from + start),
                    to: at(from + start + long),
                    by: BusyBy::Booking,
                    session: None,
                })
                .collect();
            let sessions = session
                .filter(|_| !staff.is_empty())
                .map(|(quarter, seats_left)| Session {
                    id: crate::id::SessionId::from_uuid(uuid(9)),
                    start: at(from + quarter * 15),
                    end: at(from + quarter * 15 + i64::from(minutes)),
                    staff: vec![person(0)],
                    seats_left,
                })
                .into_iter()
                .collect();
            World {
                opening: WeeklyHours(Weekday::ALL.into_iter().map(|day| (day, opening.clone())).collect()),
                counted: counted
                    .into_iter()
                    .map(|(number, start)| Counted {
                        type_id,
                        staff: vec![person(number)],
                        start: at(from + start),
                    })
                    .collect(),
                // Early enough for notice to matter in the first minutes only.
                now: at(from - 30),
                seats: 1,
                zone,
                from,
                kind,
                minutes,
                staff,
                resources,
                busy,
                sessions,
            }
        })
}

impl World {
    fn question<'a>(&'a self, settings: &'a BookingSettings) -> Question<'a> {
        Question {
            now: self.now,
            kind: &self.kind,
            minutes: self.minutes,
            seats: self.seats,
            staff_id: None,
            zone: &self.zone,
            opening: &self.opening,
            settings,
            places: &[],
            staff: &self.staff,
            resources: &self.resources,
            busy: &self.busy,
            sessions: &self.sessions,
            counted: &self.counted,
            had: &[],
        }
    }
}

/// The reference: everything is asked of single minutes.
struct Reference<'a> {
    world: &'a World,
    zone: TimeZone,
}

impl Reference<'_> {
    fn clock(&self, minute: i64) -> (jiff::civil::Date, u16) {
        let local = self.zone.to_datetime(at(minute).to_jiff());
        (local.date(), u16::from(local.hour().unsigned_abs()) * 60 + u16::from(local.minute().unsigned_abs()))
    }

    fn is_in(hours: &[Stretch], minute: u16) -> bool {
        hours.iter().any(|stretch| stretch.from <= minute && minute < stretch.to)
    }

    /// By the rules, without blocks.
    fn is_open(&self, schedule: Option<&Schedule>, minute: i64) -> bool {
        let (date, clock) = self.clock(minute);
        let weekday = Weekday::of(date.weekday());
        match schedule {
            None => self.world.opening.0.get(&weekday).is_some_and(|hours| Self::is_in(hours, clock)),
            Some(schedule) => match schedule.overrides.iter().find(|different| different.date == date) {
                Some(different) => Self::is_in(&different.hours, clock),
                None => schedule
                    .weekly
                    .iter()
                    .any(|rule| rule.day == weekday && Self::is_in(&[rule.hours], clock)),
            },
        }
    }

    fn is_blocked(schedule: Option<&Schedule>, minute: i64) -> bool {
        schedule.is_some_and(|schedule| {
            schedule.blocked.iter().any(|time| time.from <= at(minute) && at(minute) < time.to)
        })
    }

    fn is_taken(&self, unit: Unit, start: i64) -> bool {
        let settings = &self.world.kind.settings;
        let (from, to) = (
            start - i64::from(settings.buffer_before),
            start + i64::from(self.world.minutes) + i64::from(settings.buffer_after),
        );
        (from..to).any(|minute| {
            self.world
                .busy
                .iter()
                .any(|busy| busy.unit == unit && busy.from <= at(minute) && at(minute) < busy.to)
        })
    }

    fn works(&self, schedule: Option<&Schedule>, start: i64) -> bool {
        (start..start + i64::from(self.world.minutes))
            .all(|minute| self.is_open(schedule, minute) && !Self::is_blocked(schedule, minute))
    }

    fn is_full(&self, start: i64, limit: Option<u32>, week: bool, staff: Option<StaffId>) -> bool {
        let span = |minute: i64| {
            let day = zone::day_number(self.clock(minute).0);
            if week { zone::week_of(day) } else { day }
        };
        let count = self.world.counted.iter().filter(|counted| {
            staff.is_none_or(|staff| counted.staff.contains(&staff))
                && span(counted.start.as_millis() / MINUTE) == span(start)
        });
        limit.is_some_and(|limit| count.count() >= limit as usize)
    }

    fn is_on_grid(&self, open: impl Fn(i64) -> bool, start: i64) -> bool {
        let (date, clock) = self.clock(start);
        let mut first = start;
        while open(first - 1) && self.clock(first - 1).0 == date {
            first -= 1;
        }
        let passed = i64::from(clock) - i64::from(self.clock(first).1);
        passed.rem_euclid(i64::from(self.world.kind.settings.slot_step)) == 0
    }

    /// The staff who can serve the start; `None` when it cannot be booked.
    fn slot(&self, start: i64) -> Option<Vec<StaffId>> {
        let world = self.world;
        let settings = &world.kind.settings;
        if at(start).as_millis() < world.now.as_millis() + i64::from(settings.minimum_notice) * MINUTE {
            return None;
        }
        let joined = world
            .sessions
            .iter()
            .find(|session| session.start == at(start) && session.seats_left >= world.seats);
        if let Some(session) = joined {
            return Some(session.staff.clone());
        }
        if self.is_full(start, settings.limits.per_day, false, None) {
            return None;
        }
        for need in &settings.resources {
            let units =
                world.resources.iter().find(|resource| resource.id == need.resource_id)?.settings.units;
            let free = (0..units)
                .filter(|unit| !self.is_taken(Unit::Resource(need.resource_id, *unit), start))
                .count();
            if free < need.units as usize {
                return None;
            }
        }
        let can = |staff: &Staff| {
            self.works(staff.settings.schedule.as_ref(), start)
                && !self.is_taken(Unit::Staff(staff.id), start)
                && !self.is_full(start, settings.limits.per_staff_day, false, Some(staff.id))
                && !self.is_full(start, settings.limits.per_staff_week, true, Some(staff.id))
        };
        if world.staff.is_empty() {
            let free = self.works(None, start)
                && !(settings.resources.is_empty() && self.is_taken(Unit::Kind(world.kind.id), start))
                && self.is_on_grid(|minute| self.is_open(None, minute), start);
            return free.then(Vec::new);
        }
        if settings.staff.mode == StaffMode::Collective {
            let open = |minute: i64| {
                world.staff.iter().all(|staff| self.is_open(staff.settings.schedule.as_ref(), minute))
            };
            let all = world.staff.iter().all(can) && self.is_on_grid(open, start);
            return all.then(|| world.staff.iter().map(|staff| staff.id).collect());
        }
        let able: Vec<StaffId> = world
            .staff
            .iter()
            .filter(|staff| can(staff))
            .filter(|staff| {
                self.is_on_grid(|minute| self.is_open(staff.settings.schedule.as_ref(), minute), start)
            })
            .map(|staff| staff.id)
            .collect();
        (!able.is_empty()).then_some(able)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn slots_are_those_that_a_look_at_every_minute_finds(world in world()) {
        let settings = BookingSettings::default();
        let question = world.question(&settings);
        let reference = Reference { world: &world, zone: TimeZone::get(&world.zone).unwrap() };
        let range = (at(world.from), at(world.from + 2 * DAY));
        let found: BTreeMap<i64, Vec<StaffId>> = slots(&question, &[range])
            .into_iter()
            .map(|slot| {
                let mut staff = slot.staff;
                staff.sort_unstable();
                (slot.start.as_millis() / MINUTE, staff)
            })
            .collect();
        for start in world.from..world.from + 2 * DAY {
            // Every fifth minute is every start there can be; the others show that none is invented.
            if start % 5 != 0 && !found.contains_key(&start) {
                continue;
            }
            let mut wanted = reference.slot(start);
            if let Some(staff) = &mut wanted {
                staff.sort_unstable();
            }
            prop_assert_eq!(found.get(&start), wanted.as_ref(), "at {}", at(start));
            prop_assert_eq!(obstacles(&question, at(start)).is_empty(), wanted.is_some(), "why not at {}", at(start));
        }
    }
}
