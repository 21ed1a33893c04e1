//! Instants of the demo's history, told relative to now.

use std::time::Duration;

use frontdesk_domain::time::Timestamp;
use jiff::ToSpan;
use jiff::tz::TimeZone;

use crate::{AppError, Result};

/// The instant that `text` means: `25m` is that many minutes ago, `3d 14:05` is five past two in the business's zone
/// three days ago. Never later than now.
pub fn moment(text: &str, now: Timestamp, zone: &str) -> Result<Timestamp> {
    read(text, now, zone)
        .ok_or_else(|| AppError::Internal(format!("the demo says `{text}`, which is no instant")))
}

fn read(text: &str, now: Timestamp, zone: &str) -> Option<Timestamp> {
    if let Some(minutes) = text.strip_suffix('m') {
        return Some(now.minus(Duration::from_mins(minutes.parse().ok()?)));
    }
    let (days, clock) = text.split_once("d ")?;
    let (hour, minute) = clock.split_once(':')?;
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let day =
        now.to_jiff().to_zoned(zone.clone()).date().checked_sub(days.parse::<i64>().ok()?.days()).ok()?;
    let then = day.at(hour.parse().ok()?, minute.parse().ok()?, 0, 0).to_zoned(zone).ok()?;
    Some(Timestamp::from(then.timestamp()).min(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_in_the_business_zone() {
        // Friday 2026-03-20, 09:46:40 UTC is 05:46:40 in New York.
        let now = Timestamp::from_millis(1_774_000_000_000);
        let read = |text| moment(text, now, "America/New_York").map(|at| at.to_string());
        assert_eq!(read("10m").unwrap(), "2026-03-20T09:36:40.000Z");
        assert_eq!(read("2d 14:05").unwrap(), "2026-03-18T18:05:00.000Z");
        assert_eq!(read("0d 23:00").unwrap(), now.to_string());
        assert!(read("soon").is_err());
    }
}
