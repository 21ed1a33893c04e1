//! Examples, named after what users of other systems were hurt by.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::super::hours::{House, Where, days_off};
use super::super::*;
use super::world::{person, uuid};
use crate::booking_type::{
    BookingLimits, BookingType, BookingTypeSettings, PoolMember, StaffMode, StaffPool,
};
use crate::id::{BookingTypeId, SessionId, StaffId};
use crate::schedule::{
    BookingSettings, DateOverride, OwnHoliday, RecurringKind, RecurringRule, Schedule, Staff, StaffSettings,
    WeeklyRule,
};
use crate::time::Timestamp;
use crate::workspace::{Stretch, Weekday, WeeklyHours};

const NEW_YORK: &str = "America/New_York";

/// A business with some staff, all working the same hours every day.
struct Shop {
    zone: &'static str,
    now: Timestamp,
    kind: BookingType,
    staff: Vec<Staff>,
    busy: Vec<Busy>,
    sessions: Vec<Session>,
    counted: Vec<Counted>,
    had: Vec<(StaffId, u32)>,
    settings: BookingSettings,
    opening: WeeklyHours,
}

fn instant(text: &str, zone: &str) -> Timestamp {
    let civil: jiff::civil::DateTime = text.parse().unwrap();
    civil.in_tz(zone).unwrap().timestamp().into()
}

fn every_day(from: u16, to: u16) -> Schedule {
    let hours = Stretch { from, to };
    let weekly = Weekday::ALL.into_iter().map(|day| WeeklyRule { day, hours, place_id: None });
    Schedule { weekly: weekly.collect(), ..Schedule::default() }
}

impl Shop {
    fn new(zone: &'static str, now: &str, people: i64, hours: (u16, u16)) -> Self {
        let now = instant(now, zone);
        let staff: Vec<Staff> = (0..people)
            .map(|number| Staff {
                id: person(number),
                settings: StaffSettings {
                    name: format!("Person {number}"),
                    active: true,
                    schedule: Some(every_day(hours.0 * 60, hours.1 * 60)),
                    ..StaffSettings::default()
                },
                created_at: now,
                updated_at: now,
            })
            .collect();
        let members = staff.iter().map(|it| PoolMember { staff_id: it.id, weight: 1 }).collect();
        let kind = BookingType {
            id: BookingTypeId::from_uuid(uuid(1)),
            slug: "visit".to_owned(),
            settings: BookingTypeSettings {
                durations: vec![30, 60],
                slot_step: 30,
                minimum_notice: 0,
                horizon_days: 365,
                staff: StaffPool { mode: StaffMode::RoundRobin, members },
                ..BookingTypeSettings::default()
            },
            position: 0,
            created_at: now,
            updated_at: now,
        };
        Self {
            zone,
            now,
            kind,
            staff,
            busy: Vec::new(),
            sessions: Vec::new(),
            counted: Vec::new(),
            had: Vec::new(),
            settings: BookingSettings::default(),
            opening: WeeklyHours::default(),
        }
    }

    fn question(&self, minutes: u32) -> Question<'_> {
        Question {
            now: self.now,
            kind: &self.kind,
            minutes,
            seats: 1,
            staff_id: None,
            zone: self.zone,
            opening: &self.opening,
            settings: &self.settings,
            places: &[],
            staff: &self.staff,
            resources: &[],
            busy: &self.busy,
            sessions: &self.sessions,
            counted: &self.counted,
            had: &self.had,
        }
    }

    fn taken(&mut self, who: i64, from: &str, to: &str) {
        let (from, to) = (instant(from, self.zone), instant(to, self.zone));
        let unit = Unit::Staff(person(who));
        self.busy.push(Busy { unit, from, to, by: BusyBy::Booking, session: None });
    }

    fn schedule(&mut self) -> &mut Schedule {
        self.staff[0].settings.schedule.as_mut().unwrap()
    }

    /// Starts on a day, as the business's clock shows them.
    fn starts(&self, day: &str, minutes: u32) -> Vec<String> {
        let midnight = instant(&format!("{day}T00:00:00"), self.zone);
        let next: Date = day.parse().unwrap();
        let end = instant(&format!("{}T00:00:00", next.tomorrow().unwrap()), self.zone);
        let found = slots(&self.question(minutes), &[(midnight, end)]);
        found.into_iter().map(|slot| self.clock(slot.start)).collect()
    }

    fn clock(&self, at: Timestamp) -> String {
        at.to_jiff().in_tz(self.zone).unwrap().strftime("%H:%M").to_string()
    }
}

#[test]
fn nine_stays_nine_on_the_wall_through_both_transitions() {
    for (now, days) in [
        ("2026-03-01T00:00:00", ["2026-03-07", "2026-03-08", "2026-03-09"]),
        ("2026-10-20T00:00:00", ["2026-10-31", "2026-11-01", "2026-11-02"]),
    ] {
        let shop = Shop::new(NEW_YORK, now, 1, (9, 11));
        for day in days {
            assert_eq!(shop.starts(day, 30), ["09:00", "09:30", "10:00", "10:30"], "{day}");
        }
    }
}

#[test]
fn a_skipped_hour_is_never_offered_and_a_repeated_one_twice() {
    let shop = Shop::new(NEW_YORK, "2026-03-01T00:00:00", 1, (1, 4));
    assert_eq!(shop.starts("2026-03-08", 30), ["01:00", "01:30", "03:00", "03:30"]);
    let slot = slots(
        &shop.question(60),
        &[(instant("2026-03-08T01:30:00", NEW_YORK), Timestamp::from_millis(i64::MAX))],
    );
    assert_eq!(shop.clock(slot[0].end), "03:30", "an hour is an hour");
    let shop = Shop::new(NEW_YORK, "2026-10-20T00:00:00", 1, (1, 3));
    assert_eq!(shop.starts("2026-11-01", 30), ["01:00", "01:30", "01:00", "01:30", "02:00", "02:30"]);
}

#[test]
fn staff_abroad_keep_their_own_clock_while_only_one_side_has_changed() {
    let mut shop = Shop::new("Europe/London", "2026-03-01T00:00:00", 1, (9, 10));
    shop.schedule().zone = NEW_YORK.to_owned();
    assert_eq!(shop.starts("2026-03-07", 30), ["14:00", "14:30"]);
    assert_eq!(shop.starts("2026-03-15", 30), ["13:00", "13:30"]);
    assert_eq!(shop.starts("2026-03-29", 30), ["14:00", "14:30"]);
}

#[test]
fn in_every_zone_a_day_around_the_clock_is_as_long_as_it_is() {
    let (base, none) =
        ("2024-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap(), BookingSettings::default());
    let schedule = every_day(0, 1440);
    for name in jiff::tz::db().available() {
        let zone = TimeZone::get(name.as_str()).unwrap();
        for transition in zone.following(base).take(16) {
            let date = transition.timestamp().to_zoned(zone.clone()).date();
            let start = date.to_zoned(zone.clone()).unwrap().timestamp();
            let end = date.tomorrow().unwrap().to_zoned(zone.clone()).unwrap().timestamp();
            let (from, to) = (start.into(), end.into());
            let holidays = days_off(&none.holidays, from, to);
            let house = House { zone: name.as_str(), hours: &WeeklyHours::default(), holidays: &holidays };
            let open = open_hours(Some(&schedule), house, Where::At(None), from, to);
            assert_eq!(
                open,
                [interval::Interval::new(from.as_millis(), to.as_millis())],
                "{} {date}",
                name.as_str()
            );
        }
    }
}

#[test]
fn a_long_booking_takes_starts_away_and_moves_none() {
    let mut shop = Shop::new(NEW_YORK, "2026-06-01T00:00:00", 1, (9, 12));
    shop.taken(0, "2026-06-02T09:30:00", "2026-06-02T10:15:00");
    assert_eq!(shop.starts("2026-06-02", 30), ["09:00", "10:30", "11:00", "11:30"]);
    assert_eq!(shop.starts("2026-06-02", 60), ["10:30", "11:00"]);
    let why = obstacles(&shop.question(30), instant("2026-06-02T10:00:00", NEW_YORK));
    let until = instant("2026-06-02T10:15:00", NEW_YORK);
    assert_eq!(why, [Obstacle { kind: ObstacleKind::Booked { until }, staff_id: Some(person(0)) }]);
    let why = obstacles(&shop.question(30), instant("2026-06-02T10:45:00", NEW_YORK));
    let (before, after) =
        (instant("2026-06-02T10:30:00", NEW_YORK), instant("2026-06-02T11:00:00", NEW_YORK));
    let step = ObstacleKind::Step { before: Some(before), after: Some(after) };
    assert_eq!(why, [Obstacle { kind: step, staff_id: Some(person(0)) }]);
}

#[test]
fn buffers_must_be_free_but_may_reach_outside_of_hours() {
    let mut shop = Shop::new(NEW_YORK, "2026-06-01T00:00:00", 1, (9, 11));
    (shop.kind.settings.buffer_before, shop.kind.settings.buffer_after) = (15, 15);
    assert_eq!(shop.starts("2026-06-02", 30), ["09:00", "09:30", "10:00", "10:30"]);
    shop.taken(0, "2026-06-02T08:00:00", "2026-06-02T09:00:00");
    assert_eq!(shop.starts("2026-06-02", 30), ["09:30", "10:00", "10:30"]);
}

#[test]
fn hours_around_the_clock_have_the_same_starts_whatever_is_asked() {
    let mut shop = Shop::new(NEW_YORK, "2026-06-01T00:00:00", 1, (0, 24));
    shop.kind.settings.slot_step = 50;
    let (noon, evening) =
        (instant("2026-06-05T12:00:00", NEW_YORK), instant("2026-06-05T18:00:00", NEW_YORK));
    let whole = slots(&shop.question(30), &[(shop.now, evening)]);
    let part = slots(&shop.question(30), &[(noon, evening)]);
    assert!(!part.is_empty() && whole.ends_with(&part));
}

#[test]
fn a_day_that_differs_is_as_written_and_a_holiday_closes_what_recurs() {
    let mut shop = Shop::new(NEW_YORK, "2026-06-01T00:00:00", 1, (9, 10));
    shop.schedule().recurring.push(RecurringRule {
        kind: RecurringKind::Open,
        start: "2026-06-01T18:00:00".parse().unwrap(),
        minutes: 60,
        rrule: "FREQ=DAILY".to_owned(),
        except: Vec::new(),
        extra: Vec::new(),
        reason: String::new(),
    });
    shop.schedule().overrides.push(DateOverride {
        date: "2026-06-03".parse().unwrap(),
        hours: vec![Stretch { from: 720, to: 780 }],
        place_id: None,
        reason: String::new(),
    });
    let holiday =
        OwnHoliday { date: "2020-06-04".parse().unwrap(), yearly: true, name: "Founding day".to_owned() };
    shop.settings.holidays.own.push(holiday);
    assert_eq!(shop.starts("2026-06-02", 60), ["09:00", "18:00"]);
    assert_eq!(shop.starts("2026-06-03", 60), ["12:00"]);
    assert!(shop.starts("2026-06-04", 60).is_empty());
    let why = obstacles(&shop.question(60), instant("2026-06-04T18:00:00", NEW_YORK));
    let kind = ObstacleKind::Holiday { name: "Founding day".to_owned() };
    assert_eq!(why, [Obstacle { kind, staff_id: Some(person(0)) }]);
    shop.schedule().works_holidays = true;
    assert_eq!(shop.starts("2026-06-04", 60), ["09:00", "18:00"]);
}

#[test]
fn limits_count_days_of_the_business_not_of_utc() {
    let mut shop = Shop::new("Pacific/Auckland", "2026-06-01T00:00:00", 1, (8, 20));
    shop.kind.settings.limits = BookingLimits { per_day: Some(1), ..BookingLimits::default() };
    // 8:30 on the 3rd in Auckland is still the 2nd in UTC.
    let start = instant("2026-06-03T08:30:00", shop.zone);
    shop.counted.push(Counted { type_id: shop.kind.id, staff: vec![person(0)], start });
    assert!(!shop.starts("2026-06-02", 30).is_empty());
    assert!(shop.starts("2026-06-03", 30).is_empty());
    assert!(!shop.starts("2026-06-04", 30).is_empty());
}

#[test]
fn a_week_holds_together_when_the_clocks_change_on_its_sunday() {
    let mut shop = Shop::new(NEW_YORK, "2026-10-20T00:00:00", 1, (8, 20));
    shop.kind.settings.limits = BookingLimits { per_week: Some(1), ..BookingLimits::default() };
    let start = instant("2026-11-01T23:30:00", NEW_YORK);
    shop.counted.push(Counted { type_id: shop.kind.id, staff: vec![person(0)], start });
    assert!(!shop.starts("2026-10-25", 30).is_empty());
    assert!(shop.starts("2026-10-26", 30).is_empty());
    assert!(!shop.starts("2026-11-02", 30).is_empty());
    let why = obstacles(&shop.question(30), instant("2026-10-26T09:00:00", NEW_YORK));
    assert_eq!(why, [Obstacle { kind: ObstacleKind::Limit { per: slot::LimitSpan::Week }, staff_id: None }]);
}

#[test]
fn a_class_fills_up_before_another_opens_at_the_same_time() {
    let mut shop = Shop::new(NEW_YORK, "2026-06-01T00:00:00", 2, (9, 10));
    shop.kind.settings.capacity = 4;
    let start = instant("2026-06-02T09:00:00", NEW_YORK);
    let end = instant("2026-06-02T10:00:00", NEW_YORK);
    shop.taken(0, "2026-06-02T09:00:00", "2026-06-02T10:00:00");
    let session = |seats_left| Session {
        id: SessionId::from_uuid(uuid(9)),
        start,
        end,
        staff: vec![person(0)],
        seats_left,
    };
    shop.sessions = vec![session(1)];
    let joined = plan(&shop.question(60), start).unwrap();
    assert_eq!((joined.session, &joined.staff[..]), (Some(shop.sessions[0].id), &[person(0)][..]));
    shop.sessions = vec![session(0)];
    let opened = plan(&shop.question(60), start).unwrap();
    assert_eq!((opened.session, &opened.units[..]), (None, &[Unit::Staff(person(1))][..]));
}

#[test]
fn turns_follow_the_weights_and_repeat() {
    let mut shop = Shop::new(NEW_YORK, "2026-06-01T00:00:00", 2, (9, 17));
    shop.kind.settings.staff.members[1].weight = 3;
    let start = instant("2026-06-02T09:00:00", NEW_YORK);
    let mut had = [0, 0];
    for _ in 0..100 {
        shop.had = vec![(person(0), had[0]), (person(1), had[1])];
        let chosen = plan(&shop.question(30), start).unwrap().staff;
        assert_eq!(plan(&shop.question(30), start).unwrap().staff, chosen);
        had[usize::from(chosen[0] == person(1))] += 1;
    }
    assert_eq!(had, [25, 75]);
}

#[test]
fn a_person_may_book_outside_of_hours_but_never_over_somebody() {
    let mut shop = Shop::new(NEW_YORK, "2026-06-01T00:00:00", 2, (9, 17));
    let night = instant("2026-06-02T23:05:00", NEW_YORK);
    assert!(plan(&shop.question(30), night).is_err());
    assert_eq!(plan_by_hand(&shop.question(30), night).unwrap().staff, [person(0)]);
    shop.taken(0, "2026-06-02T23:00:00", "2026-06-02T23:10:00");
    assert_eq!(plan_by_hand(&shop.question(30), night).unwrap().staff, [person(1)]);
    let asked = Question { staff_id: Some(person(0)), ..shop.question(30) };
    assert!(plan_by_hand(&asked, night).is_err());
}

#[test]
fn times_beyond_reason_are_answered_at_once() {
    let shop = Shop::new(NEW_YORK, "2026-06-01T00:00:00", 1, (9, 17));
    let (first, last) = (Timestamp::from_millis(i64::MIN), Timestamp::from_millis(i64::MAX));
    let found = slots(&shop.question(30), &[(first, last)]);
    assert_eq!(found.len(), 366 * 16);
    for far in [first, last, Timestamp::from_millis(i64::MAX / 2), Timestamp::from_millis(i64::MIN / 2)] {
        assert!(!obstacles(&shop.question(30), far).is_empty());
        assert!(plan(&shop.question(30), far).is_err());
        assert!(plan_by_hand(&shop.question(30), far).is_ok());
        assert!(next_slot(&shop.question(30), far).is_none() || far < shop.now);
    }
}
