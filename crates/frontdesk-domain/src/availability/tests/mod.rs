//! The engine against a reference that looks at every minute, and against examples.

mod examples;
mod reference;
mod world;

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::id::StaffId;
use crate::time::Timestamp;
use reference::Reference;
use world::{ALL, Dice, RANGE, World, at};

type Found = BTreeMap<i64, (Vec<StaffId>, u32)>;

fn found(question: &Question<'_>, ranges: &[(i64, i64)]) -> Found {
    let ranges: Vec<(Timestamp, Timestamp)> = ranges.iter().map(|(from, to)| (at(*from), at(*to))).collect();
    let slots = slots(question, &ranges);
    assert!(slots.windows(2).all(|pair| pair[0].start < pair[1].start), "in order, each once");
    slots.into_iter().map(|slot| (slot.start.as_millis() / 60_000, (slot.staff, slot.seats))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn slots_are_those_that_a_look_at_every_minute_finds(seed in any::<u64>(), features in 0..=ALL) {
        let world = World::new(seed, features);
        let (question, reference) = (world.question(), Reference::new(&world));
        let (from, to) = (world.from, world.from + RANGE);
        let found = found(&question, &[(from, to)]);
        for start in from..to {
            let wanted = reference.slot(start);
            prop_assert_eq!(found.get(&start), wanted.as_ref(), "at {}", at(start));
        }
        // The same whatever range is asked, one or several at once.
        let dice = Dice::new(seed, features);
        let (a, b) = (from + dice.throw(0, RANGE), from + dice.throw(0, RANGE));
        let (first, second) = (a.min(b), a.max(b));
        let apart = super::tests::found(&question, &[(second, to), (from, first)]);
        let wanted: Found =
            found.iter().filter(|(at, _)| **at < first || **at >= second).map(|(at, it)| (*at, it.clone())).collect();
        prop_assert_eq!(apart, wanted);
        let next = next_slot(&question, at(first)).map(|slot| slot.start);
        if let Some((wanted, _)) = found.range(first.max(world.now.as_millis() / 60_000)..).next() {
            prop_assert_eq!(next, Some(at(*wanted)));
        } else {
            prop_assert!(next.is_none_or(|next| next >= at(to)));
        }
    }

    #[test]
    fn there_is_an_obstacle_exactly_where_there_is_no_slot_and_a_plan_where_there_is(
        seed in any::<u64>(), features in 0..=ALL
    ) {
        let world = World::new(seed, features);
        let (question, reference) = (world.question(), Reference::new(&world));
        let found = found(&question, &[(world.from, world.from + RANGE)]);
        let dice = Dice::new(seed, features);
        let near = found.keys().copied().flat_map(|start| [start, start + 5]).take(12);
        let starts = near.chain((0..12).map(|_| world.from + dice.throw(0, RANGE - 10)));
        for start in starts.filter(|start| *start < world.from + RANGE) {
            let obstacles = obstacles(&question, at(start));
            prop_assert_eq!(obstacles.is_empty(), found.contains_key(&start), "{:?} at {}", obstacles, at(start));
            for obstacle in &obstacles {
                prop_assert!(is_true(&world, &reference, obstacle, start), "{:?} at {}", obstacle, at(start));
            }
            match plan(&question, at(start)) {
                Ok(plan) => check_plan(&world, &reference, &found[&start].0, &plan)?,
                Err(why) => prop_assert_eq!(why, obstacles),
            }
            if let Ok(plan) = plan_by_hand(&question, at(start)) {
                let taken = world.busy.iter().any(|busy| {
                    busy.by == BusyBy::Booking
                        && plan.units.contains(&busy.unit)
                        && busy.from.max(plan.claimed_from) < busy.to.min(plan.claimed_to)
                });
                prop_assert!(!taken && plan.session.is_none() && !plan.units.is_empty());
            }
        }
    }
}

fn check_plan(
    world: &World,
    reference: &Reference<'_>,
    able: &[StaffId],
    plan: &Plan,
) -> Result<(), TestCaseError> {
    let start = plan.start.as_millis() / 60_000;
    if let Some(session) = plan.session {
        let joined = world.sessions.iter().find(|it| it.id == session).unwrap();
        prop_assert_eq!((joined.start, joined.end, &joined.staff), (plan.start, plan.end, &plan.staff));
        prop_assert!(joined.seats_left >= world.seats && plan.units.is_empty());
        return Ok(());
    }
    let collective = world.kind.settings.staff.mode == crate::booking_type::StaffMode::Collective;
    let chosen = if collective { able } else { &able[..able.len().min(1)] };
    prop_assert_eq!(&plan.staff[..], chosen);
    prop_assert_eq!(choose_staff(&world.question(), able), able.first().copied());
    let needs = &world.kind.settings.resources;
    let rooms = needs.iter().map(|need| need.units as usize).sum::<usize>();
    let own = usize::from(rooms + plan.staff.len() == 0);
    prop_assert_eq!(plan.units.len(), plan.staff.len() + rooms + own);
    for (index, unit) in plan.units.iter().enumerate() {
        prop_assert!(!reference.is_taken(*unit, start), "{:?} is taken", unit);
        prop_assert!(!plan.units[..index].contains(unit), "{:?} twice", unit);
    }
    Ok(())
}

/// Whether what the obstacle says can be seen in the minutes.
fn is_true(world: &World, reference: &Reference<'_>, obstacle: &Obstacle, start: i64) -> bool {
    let settings = &world.kind.settings;
    let table = match obstacle.staff_id {
        Some(id) => reference.staff_table(id),
        None => reference.place.as_ref(),
    };
    let unit = obstacle.staff_id.map_or(Unit::Kind(world.kind.id), Unit::Staff);
    match &obstacle.kind {
        ObstacleKind::Inactive => !settings.active,
        ObstacleKind::Duration => !settings.durations.contains(&world.minutes),
        ObstacleKind::Past => at(start) < world.now,
        ObstacleKind::Notice { earliest } => at(start) < *earliest && !reference.is_in_window(start),
        ObstacleKind::Horizon { latest } => at(start) > *latest && !reference.is_in_window(start),
        ObstacleKind::Holiday { name } => {
            name == "Party" && table.is_some_and(|it| !reference.is_open(it, start))
        }
        ObstacleKind::Hours => table.is_some_and(|it| !reference.is_open(it, start)),
        ObstacleKind::Blocked { reason } => {
            !reason.is_empty()
                && table.is_some_and(|it| reference.is_open(it, start) && !reference.is_free(it, start))
        }
        ObstacleKind::Booked { until } | ObstacleKind::Busy { until } => {
            reference.is_taken(unit, start) && world.busy.iter().any(|busy| busy.to == *until)
        }
        ObstacleKind::Resource { .. } => !settings.resources.is_empty(),
        ObstacleKind::Full => settings.capacity < world.seats || !world.sessions.is_empty(),
        ObstacleKind::Limit { per } => {
            let week = *per == slot::LimitSpan::Week;
            let staff = world.staff.iter().find(|staff| Some(staff.id) == obstacle.staff_id);
            let limits = &settings.limits;
            let full = |limit, own| reference.is_full(start, limit, week, obstacle.staff_id, own);
            match (staff, week) {
                (None, false) => full(limits.per_day, true),
                (None, true) => full(limits.per_week, true),
                (Some(staff), false) => {
                    full(limits.per_staff_day, true) || full(staff.settings.per_day, false)
                }
                (Some(staff), true) => {
                    full(limits.per_staff_week, true) || full(staff.settings.per_week, false)
                }
            }
        }
        ObstacleKind::Step { before, after } => {
            let question = world.question();
            let is_slot = |start: &Timestamp| {
                // Near ones may still be ruled out by notice, horizon or seats.
                let at = start.as_millis() / 60_000;
                !reference.is_in_window(at)
                    || world.seats > settings.capacity
                    || !settings.active
                    || !settings.durations.contains(&world.minutes)
                    || obstacles(&question, *start).is_empty()
            };
            before.iter().chain(after).all(is_slot)
                && before.is_none_or(|before| before < at(start))
                && after.is_none_or(|after| after > at(start))
        }
        ObstacleKind::NoStaff => {
            world.staff_id.is_some() || world.staff.iter().any(|staff| !staff.settings.active)
        }
    }
}
