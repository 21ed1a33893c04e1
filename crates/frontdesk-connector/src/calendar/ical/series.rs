//! Series: rules expanded on the wall clock, with exceptions merged in.
//!
//! "Every Monday at 9" is 9 on the wall on both sides of a clock change; so rules are expanded as if there were no zones,
//! and each result is then looked up in its zone.

use std::collections::{BTreeMap, BTreeSet};

use calcard::common::PartialDateTime;
use calcard::icalendar::ICalendarRecurrenceRule;
use frontdesk_domain::time::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use rrule::{RRule, RRuleSet, Unvalidated};

use super::super::wire::local;
use super::{ClientId, Entry, Instance, Length, Unreadable, When, Window, entries};

/// Most instances of one series in a window.
const MOST_INSTANCES: u16 = 5_000;
/// Most steps from a series' start to the end of the window: hourly for 20 years. They are walked one by one.
const MOST_STEPS: u64 = 200_000;

/// The instances of a file's events that meet the window, in the order of their start.
pub fn instances(
    text: &str,
    window: Window,
    home: &TimeZone,
    me: &[String],
) -> Result<Vec<Instance>, Unreadable> {
    let mut by_uid: BTreeMap<String, (Vec<Entry>, Vec<Entry>)> = BTreeMap::new();
    for entry in entries(text, home, me)? {
        let (masters, exceptions) = by_uid.entry(entry.uid.clone()).or_default();
        if entry.replaces.is_some() { exceptions.push(entry) } else { masters.push(entry) }
    }
    let mut found = Vec::new();
    for (masters, exceptions) in by_uid.values() {
        for master in masters {
            found.extend(expand(master, exceptions, window));
        }
        // Invitations to one instance of a series come without the series.
        found.extend(exceptions.iter().filter(|exception| !exception.cancelled).map(|exception| {
            let slot = exception.replaces.as_ref().map(|(slot, _)| slot.instant());
            instance(exception, slot, &exception.start)
        }));
    }
    found.retain(|instance| window.meets(instance.start, instance.end));
    found.sort_by_key(|instance| instance.start);
    Ok(found)
}

/// The series' instances that no exception takes the place of.
fn expand(master: &Entry, exceptions: &[Entry], window: Window) -> Vec<Instance> {
    if master.cancelled {
        return Vec::new();
    }
    let replaced: BTreeSet<Timestamp> =
        exceptions.iter().filter_map(|entry| Some(entry.replaces.as_ref()?.0.instant())).collect();
    let days_left_out: BTreeSet<civil::Date> =
        master.except.iter().filter(|when| when.date_only).map(|when| when.wall.date()).collect();
    let left_out: BTreeSet<Timestamp> = master.except.iter().map(When::instant).collect();
    let mut slots: Vec<When> = slots(master, window);
    slots.extend(master.more.iter().cloned());
    let mut seen = BTreeSet::new();
    slots
        .into_iter()
        .filter(|slot| {
            let at = slot.instant();
            seen.insert(at)
                && !replaced.contains(&at)
                && !left_out.contains(&at)
                && !days_left_out.contains(&slot.wall.date())
        })
        .filter_map(|slot| {
            let recurs = !master.rules.is_empty() || !master.more.is_empty();
            let at = slot.instant();
            match changed_from(exceptions, at) {
                Some(later) if later.cancelled => None,
                Some(later) => Some(instance(later, Some(at), &moved(later, &slot))),
                None => Some(instance(master, recurs.then_some(at), &slot)),
            }
        })
        .collect()
}

/// The latest "this and all after" exception that reaches this slot.
fn changed_from(exceptions: &[Entry], slot: Timestamp) -> Option<&Entry> {
    exceptions
        .iter()
        .filter_map(|entry| {
            entry.replaces.as_ref().map(|(from, all_after)| (entry, from.instant(), *all_after))
        })
        .filter(|(_, from, all_after)| *all_after && *from < slot)
        .max_by_key(|(_, from, _)| *from)
        .map(|(entry, ..)| entry)
}

/// A slot moved as far as the exception moved its own.
fn moved(exception: &Entry, slot: &When) -> When {
    let Some((from, _)) = &exception.replaces else { return slot.clone() };
    let span: Span = exception.start.wall - from.wall;
    let wall = slot.wall.checked_add(span).unwrap_or(slot.wall);
    When { wall, zone: exception.start.zone.clone(), date_only: exception.start.date_only }
}

fn instance(entry: &Entry, slot: Option<Timestamp>, start: &When) -> Instance {
    let from = start.instant();
    let end = match entry.length {
        Length::Exact(millis) => Timestamp::from_millis(from.as_millis().saturating_add(millis)),
        Length::Days(days) => local(start.wall.checked_add(days.days()).unwrap_or(start.wall), &start.zone),
    };
    Instance {
        slot,
        start: from,
        end,
        all_day: start.date_only,
        busy: entry.busy,
        summary: entry.summary.clone(),
        ours: ClientId::from_uid(&entry.uid),
    }
}

/// Starts by the rules, in and shortly before the window; the first start, always.
fn slots(master: &Entry, window: Window) -> Vec<When> {
    if master.rules.is_empty() {
        return vec![master.start.clone()];
    }
    let before = match master.length {
        Length::Exact(millis) => millis,
        Length::Days(days) => days * 86_400_000,
    };
    // A day to spare on each side: the bounds are instants, the rule is on the wall.
    let bound = |at: Timestamp, back: i64, ahead: i64| {
        let at = at.as_millis().saturating_sub(back).saturating_add(ahead);
        chrono::DateTime::from_timestamp_millis(at).map(|at| at.with_timezone(&rrule::Tz::UTC))
    };
    let day = 86_400_000;
    let bounds = (bound(window.from, before + day, 0), bound(window.to, 0, day));
    let (Some(after), Some(until)) = bounds else { return Vec::new() };
    let Some(start) = floating(master.start.wall) else { return vec![master.start.clone()] };
    let mut found = Vec::new();
    for rule in &master.rules {
        let is_walkable = steps(rule, &master.start, window) <= MOST_STEPS;
        let read: Option<RRule<Unvalidated>> = on_the_wall(rule, &master.start).to_string().parse().ok();
        // A rule that cannot be read leaves the first instance: better than a calendar that cannot be read at all.
        let Some(rule) = read.filter(|_| is_walkable).and_then(|rule| rule.validate(start).ok()) else {
            tracing::warn!("a series has a rule that cannot be followed; only its first instance is seen");
            found.push(master.start.clone());
            continue;
        };
        let set = RRuleSet::new(start).rrule(rule).after(after).before(until).limit();
        found.extend(set.all(MOST_INSTANCES).dates.into_iter().filter_map(|at| {
            let at = jiff::Timestamp::from_millisecond(at.timestamp_millis()).ok()?;
            let wall = TimeZone::UTC.to_datetime(at);
            Some(When { wall, zone: master.start.zone.clone(), date_only: master.start.date_only })
        }));
    }
    found
}

/// How many instances at most lie between the start and the end of the window.
fn steps(rule: &ICalendarRecurrenceRule, start: &When, window: Window) -> u64 {
    use calcard::icalendar::ICalendarFrequency as Often;
    let millis = window.to.as_millis().saturating_sub(start.instant().as_millis());
    let days = u64::try_from(millis / 86_400_000).unwrap_or(0) + 2;
    let times = |list: usize| list.max(1) as u64;
    let (hours, minutes, seconds) =
        (times(rule.byhour.len()), times(rule.byminute.len()), times(rule.bysecond.len()));
    let a_day = match rule.freq {
        Often::Secondly => 86_400,
        Often::Minutely => 1_440 * seconds,
        Often::Hourly => 24 * minutes * seconds,
        _ => hours * minutes * seconds,
    };
    days.saturating_mul(a_day).min(rule.count.map_or(u64::MAX, u64::from))
}

/// The rule with its end on the wall, too: as written, UNTIL is an instant (RFC 5545 §3.3.10).
fn on_the_wall(rule: &ICalendarRecurrenceRule, start: &When) -> ICalendarRecurrenceRule {
    let mut rule = rule.clone();
    let Some(until) = &rule.until else { return rule };
    let civil = || {
        let date = civil::Date::new(
            i16::try_from(until.year?).ok()?,
            i8::try_from(until.month?).ok()?,
            i8::try_from(until.day?).ok()?,
        )
        .ok()?;
        // A day ends when it is over.
        let Some(hour) = until.hour else { return Some(date.at(23, 59, 59, 0)) };
        let at = date.at(
            i8::try_from(hour).ok()?.clamp(0, 23),
            i8::try_from(until.minute.unwrap_or(0)).ok()?.clamp(0, 59),
            i8::try_from(until.second.unwrap_or(0)).ok()?.clamp(0, 59),
            0,
        );
        let is_instant = until.tz_hour.is_some() && !start.date_only;
        Some(if is_instant { start.zone.to_datetime(local(at, &TimeZone::UTC).to_jiff()) } else { at })
    };
    rule.until = civil().map(|at| PartialDateTime {
        year: u16::try_from(at.year()).ok(),
        month: u8::try_from(at.month()).ok(),
        day: u8::try_from(at.day()).ok(),
        hour: u8::try_from(at.hour()).ok(),
        minute: u8::try_from(at.minute()).ok(),
        second: u8::try_from(at.second()).ok(),
        tz_hour: Some(0),
        tz_minute: Some(0),
        tz_minus: false,
    });
    rule
}

/// A time on the wall as the rule library takes it: in UTC, for no clock change to interfere.
fn floating(wall: civil::DateTime) -> Option<chrono::DateTime<rrule::Tz>> {
    let at = local(wall, &TimeZone::UTC).as_millis();
    chrono::DateTime::from_timestamp_millis(at).map(|at| at.with_timezone(&rrule::Tz::UTC))
}
