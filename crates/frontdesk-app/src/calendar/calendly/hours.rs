//! Calendly's hours as a schedule.

use frontdesk_connector::calendar::calendly::ImportedHours;
use frontdesk_domain::schedule::{DateOverride, Schedule, WeeklyRule};
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workspace::{Stretch, Weekday};
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The most weekly stretches, and days that differ, a schedule takes.
const MOST_WEEKLY: usize = 100;
const MOST_DAYS: usize = 1_000;
const MOST_STRETCHES: usize = 12;

/// The hours new kinds of appointment use.
pub(super) fn usual(all: &[ImportedHours]) -> Option<&ImportedHours> {
    all.iter().find(|hours| hours.default).or_else(|| all.first())
}

/// The schedule these hours are; days that are past are left out. Says in words what cannot be read.
pub(super) fn schedule(hours: &ImportedHours, now: Timestamp) -> Result<Schedule, String> {
    let zone =
        TimeZone::get(&hours.zone).map_err(|_| format!("their time zone {:?} is not known", hours.zone))?;
    let today = now.to_jiff().to_zoned(zone).date();
    let mut made = Schedule { zone: hours.zone.clone(), ..Schedule::default() };
    for rule in &hours.rules {
        let unreadable = || format!("the hours of {:?} cannot be read", rule.day);
        let mut stretches = Vec::new();
        for (from, to) in &rule.intervals {
            let (from, to) = (minute(from), minute(to).map(|to| if to == 0 { 1440 } else { to }));
            let (Some(from), Some(to)) = (from, to) else { return Err(unreadable()) };
            if from >= to {
                return Err(unreadable());
            }
            stretches.push(Stretch { from, to });
        }
        if stretches.len() > MOST_STRETCHES {
            return Err(unreadable());
        }
        if let Some(day) = weekday(&rule.day) {
            made.weekly.extend(stretches.into_iter().map(|hours| WeeklyRule { day, hours, place_id: None }));
            continue;
        }
        let date: Date = rule.day.parse().map_err(|_| unreadable())?;
        if date >= today {
            let reason = "Calendly".to_owned();
            made.overrides.push(DateOverride { date, hours: stretches, place_id: None, reason });
        }
    }
    if made.weekly.len() > MOST_WEEKLY || made.overrides.len() > MOST_DAYS {
        return Err("they hold more entries than fit".to_owned());
    }
    Ok(made)
}

fn weekday(name: &str) -> Option<Weekday> {
    Some(match name {
        "monday" => Weekday::Mon,
        "tuesday" => Weekday::Tue,
        "wednesday" => Weekday::Wed,
        "thursday" => Weekday::Thu,
        "friday" => Weekday::Fri,
        "saturday" => Weekday::Sat,
        "sunday" => Weekday::Sun,
        _ => return None,
    })
}

/// `HH:MM` as minutes after midnight, `24:00` included.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour <= 24 && minute < 60 && hour * 60 + minute <= 1440).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use frontdesk_connector::calendar::calendly::ImportedRule;

    use super::*;

    fn hours(day: &str, intervals: &[(&str, &str)]) -> ImportedHours {
        let intervals = intervals.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect();
        ImportedHours {
            name: "Hours".to_owned(),
            default: true,
            zone: "Europe/Berlin".to_owned(),
            rules: vec![ImportedRule { day: day.to_owned(), intervals }],
        }
    }

    fn now() -> Timestamp {
        "2026-03-18T23:30:00Z".parse::<jiff::Timestamp>().unwrap().into()
    }

    #[test]
    fn weekdays_dates_and_midnight_are_read() {
        let made = schedule(&hours("tuesday", &[("09:00", "12:30"), ("13:00", "00:00")]), now()).unwrap();
        let read: Vec<_> =
            made.weekly.iter().map(|rule| (rule.day, rule.hours.from, rule.hours.to)).collect();
        assert_eq!(read, [(Weekday::Tue, 540, 750), (Weekday::Tue, 780, 1440)]);
        // In Berlin it is the 19th already.
        assert!(schedule(&hours("2026-03-18", &[]), now()).unwrap().overrides.is_empty());
        assert_eq!(schedule(&hours("2026-03-19", &[]), now()).unwrap().overrides[0].hours, []);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (day, from, to) in [
            ("tuesday", "9", "12:00"),
            ("tuesday", "12:00", "09:00"),
            ("someday", "09:00", "10:00"),
            ("friday", "09:61", "25:00"),
        ] {
            assert!(schedule(&hours(day, &[(from, to)]), now()).unwrap_err().contains(day));
        }
        let nowhere = ImportedHours { zone: "Mars/Base".to_owned(), ..hours("monday", &[]) };
        assert!(schedule(&nowhere, now()).unwrap_err().contains("Mars/Base"));
    }
}
