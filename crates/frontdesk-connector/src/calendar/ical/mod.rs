//! Calendar files (RFC 5545): the instances of what others wrote, and what we write.
//!
//! A library parses and knows what other programs call a time zone; a second one expands rules. Merging exceptions into a
//! series is done here, in [`series`]. Only what tells whether somebody is busy is read.

mod series;
#[cfg(test)]
mod tests;
mod write;

use calcard::common::PartialDateTime;
use calcard::common::timezone::Tz;
use calcard::icalendar::timezone::TzResolver;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarParameterName,
    ICalendarParameterValue, ICalendarParticipationStatus, ICalendarPeriod, ICalendarProperty,
    ICalendarStatus, ICalendarTransparency, ICalendarValue,
};
use frontdesk_domain::time::Timestamp;
use jiff::civil;
use jiff::tz::{Offset, TimeZone};

use super::wire::local;
use super::{ClientId, Window};

pub use series::instances;
pub use write::write;

/// Most components that are read of one file.
const MOST_COMPONENTS: usize = 5_000;

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a calendar file: {0}")]
pub struct Unreadable(pub &'static str);

/// One instance of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// When the rule would have put it, for instances of a series; tells them apart.
    pub slot: Option<Timestamp>,
    /// Start.
    pub start: Timestamp,
    /// End, excluded.
    pub end: Timestamp,
    /// Whether it is given in whole days.
    pub all_day: bool,
    /// Whether it keeps its owner from other appointments.
    pub busy: bool,
    /// Title.
    pub summary: String,
    /// Our id, when we wrote it.
    pub ours: Option<ClientId>,
}

/// A time as written: what the clock on the wall shows, and which clock.
#[derive(Debug, Clone)]
struct When {
    wall: civil::DateTime,
    zone: TimeZone,
    date_only: bool,
}

impl When {
    fn instant(&self) -> Timestamp {
        local(self.wall, &self.zone)
    }
}

/// How long an event is.
#[derive(Debug, Clone, Copy)]
enum Length {
    /// In time that passes.
    Exact(i64),
    /// In days on the wall; they may have 23 or 25 hours.
    Days(i64),
}

/// One VEVENT.
struct Entry {
    uid: String,
    start: When,
    length: Length,
    rules: Vec<calcard::icalendar::ICalendarRecurrenceRule>,
    more: Vec<When>,
    except: Vec<When>,
    /// The instance it takes the place of, and whether of all after it too.
    replaces: Option<(When, bool)>,
    cancelled: bool,
    busy: bool,
    summary: String,
}

/// Reads the events of a file. `home` is the zone of all-day and floating times, `me` our user's addresses.
fn entries(text: &str, home: &TimeZone, me: &[String]) -> Result<Vec<Entry>, Unreadable> {
    let file = ICalendar::parse(text).map_err(|_| Unreadable("it does not begin and end as one"))?;
    if file.components.len() > MOST_COMPONENTS {
        return Err(Unreadable("it has too many parts"));
    }
    let clocks = Clocks { zones: file.build_tz_resolver(), home };
    let events = file.components.iter().filter(|part| part.component_type == ICalendarComponentType::VEvent);
    Ok(events.filter_map(|event| entry(event, &clocks, me)).collect())
}

struct Clocks<'a> {
    zones: TzResolver<&'a str>,
    home: &'a TimeZone,
}

impl Clocks<'_> {
    fn when(&self, at: &PartialDateTime, tzid: Option<&str>) -> Option<When> {
        let date = civil::Date::new(
            i16::try_from(at.year?).ok()?,
            i8::try_from(at.month?).ok()?,
            i8::try_from(at.day?).ok()?,
        )
        .ok()?;
        let Some(hour) = at.hour else {
            return Some(When { wall: date.at(0, 0, 0, 0), zone: self.home.clone(), date_only: true });
        };
        // 60 is a leap second.
        let second = at.second.unwrap_or(0).min(59);
        let time = civil::Time::new(
            i8::try_from(hour).ok()?,
            i8::try_from(at.minute.unwrap_or(0)).ok()?,
            i8::try_from(second).ok()?,
            0,
        )
        .ok()?;
        let zone = match (at.tz_hour, tzid) {
            (Some(hours), _) => {
                let seconds = i32::from(hours) * 3600 + i32::from(at.tz_minute.unwrap_or(0)) * 60;
                fixed(if at.tz_minus { -seconds } else { seconds })
            }
            (None, Some(tzid)) => self.zone(tzid),
            (None, None) => self.home.clone(),
        };
        Some(When { wall: civil::DateTime::from_parts(date, time), zone, date_only: false })
    }

    /// An IANA name, what Windows calls a zone, or what the file itself defines; an unknown one is the owner's own.
    fn zone(&self, tzid: &str) -> TimeZone {
        if let Ok(zone) = TimeZone::get(tzid) {
            return zone;
        }
        match self.zones.resolve(tzid) {
            Some(found @ Tz::Tz(_)) => found.name().and_then(|name| TimeZone::get(&name).ok()),
            Some(Tz::Fixed(offset)) => Some(fixed(offset.local_minus_utc())),
            _ => None,
        }
        .unwrap_or_else(|| self.home.clone())
    }

    fn whens(&self, entry: &ICalendarEntry) -> Vec<When> {
        let tzid = entry.tz_id();
        let at = |value: &ICalendarValue| match value {
            ICalendarValue::PartialDateTime(at) => self.when(at, tzid),
            ICalendarValue::Period(
                ICalendarPeriod::Range { start, .. } | ICalendarPeriod::Duration { start, .. },
            ) => self.when(start, tzid),
            _ => None,
        };
        entry.values.iter().filter_map(at).collect()
    }
}

fn fixed(seconds: i32) -> TimeZone {
    Offset::from_seconds(seconds).map_or(TimeZone::UTC, TimeZone::fixed)
}

fn entry(event: &ICalendarComponent, clocks: &Clocks<'_>, me: &[String]) -> Option<Entry> {
    let one = |name: &ICalendarProperty| {
        event.property(name).and_then(|entry| clocks.whens(entry).into_iter().next())
    };
    let many = |name: &ICalendarProperty| -> Vec<When> {
        event.properties(name).flat_map(|entry| clocks.whens(entry)).collect()
    };
    let replaces = event.property(&ICalendarProperty::RecurrenceId).and_then(|entry| {
        let all_after = entry.has_parameter(&ICalendarParameterName::Range);
        Some((clocks.whens(entry).into_iter().next()?, all_after))
    });
    let start =
        one(&ICalendarProperty::Dtstart).or_else(|| replaces.as_ref().map(|(slot, _)| slot.clone()))?;
    let rules = event.properties(&ICalendarProperty::Rrule).flat_map(|entry| &entry.values);
    let busy = event.transparency() != Some(&ICalendarTransparency::Transparent) && !declined(event, me);
    Some(Entry {
        uid: event.uid().unwrap_or_default().to_owned(),
        length: length(event, &start, one(&ICalendarProperty::Dtend)),
        rules: rules
            .filter_map(|value| match value {
                ICalendarValue::RecurrenceRule(rule) => Some((**rule).clone()),
                _ => None,
            })
            .collect(),
        more: many(&ICalendarProperty::Rdate),
        except: many(&ICalendarProperty::Exdate),
        replaces,
        cancelled: event.status() == Some(&ICalendarStatus::Cancelled),
        busy,
        summary: event
            .property(&ICalendarProperty::Summary)
            .and_then(|entry| entry.values.first()?.as_text())
            .unwrap_or_default()
            .to_owned(),
        start,
    })
}

/// RFC 5545 §3.6.1: DTEND, else DURATION, else a day for dates and nothing for times.
fn length(event: &ICalendarComponent, start: &When, end: Option<When>) -> Length {
    const DAY: i64 = 86_400;
    if start.date_only {
        let days = end.map(|end| (end.wall.date() - start.wall.date()).get_days());
        let days = days.map(i64::from).or_else(|| duration(event).map(|seconds| seconds / DAY));
        return Length::Days(days.unwrap_or(1).clamp(1, 3_660));
    }
    let seconds = match end {
        Some(end) => (end.instant().as_millis() - start.instant().as_millis()) / 1000,
        None => duration(event).unwrap_or(0),
    };
    Length::Exact(seconds.clamp(0, 3_660 * DAY) * 1000)
}

fn duration(event: &ICalendarComponent) -> Option<i64> {
    match event.property(&ICalendarProperty::Duration)?.values.first()? {
        ICalendarValue::Duration(length) => Some(length.as_seconds()),
        _ => None,
    }
}

/// Whether our user is invited and declined.
fn declined(event: &ICalendarComponent, me: &[String]) -> bool {
    event.properties(&ICalendarProperty::Attendee).any(|entry| {
        let refuses = entry.parameters(&ICalendarParameterName::Partstat).any(|value| {
            matches!(value, ICalendarParameterValue::Partstat(ICalendarParticipationStatus::Declined))
        });
        let address = entry.calendar_address().unwrap_or_default();
        refuses && me.iter().any(|mine| mine.eq_ignore_ascii_case(address))
    })
}
