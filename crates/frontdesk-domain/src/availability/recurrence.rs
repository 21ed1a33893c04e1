//! Hours that recur by an RFC 5545 rule, in local time.

use rrule::{RRule, RRuleSet, Tz, Unvalidated};

use super::interval::Interval;
use super::zone::{DAY, MINUTE, date_of, day_number};
use crate::schedule::RecurringRule;

/// The most occurrences looked at in one question.
const MOST: u16 = 5_000;

/// A rule that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is not a recurrence rule (RFC 5545): {0}")]
pub struct BadRule(String);

/// Refuses a rule that cannot be read, or that recurs more often than daily hours can.
pub fn check(rule: &RecurringRule) -> Result<(), BadRule> {
    let upper = rule.rrule.to_uppercase();
    if ["FREQ=SECONDLY", "FREQ=MINUTELY", "BYSECOND"].iter().any(|often| upper.contains(often)) {
        return Err(BadRule("it recurs more often than every hour".to_owned()));
    }
    set(rule).map(drop)
}

fn set(rule: &RecurringRule) -> Result<RRuleSet, BadRule> {
    let read: RRule<Unvalidated> = rule.rrule.parse().map_err(|error| BadRule(format!("{error}")))?;
    let start = chrono_of(rule.start).ok_or_else(|| BadRule("its start is out of range".to_owned()))?;
    let read = read.validate(start).map_err(|error| BadRule(format!("{error}")))?;
    Ok(RRuleSet::new(start).rrule(read))
}

/// The rule's hours that touch the local days from `first` to `last`.
pub fn expand(rule: &RecurringRule, first: i64, last: i64) -> Vec<Interval> {
    let long = i64::from(rule.minutes) * MINUTE;
    let window = Interval::new(first * DAY - long, (last + 1) * DAY);
    let Ok(set) = set(rule) else { return Vec::new() };
    let bound = |at: i64| chrono::DateTime::from_timestamp_millis(at).map(|at| at.with_timezone(&Tz::UTC));
    let (Some(after), Some(before)) = (bound(window.from), bound(window.to)) else { return Vec::new() };
    let found = set.after(after).before(before).all(MOST).dates;
    let except: Vec<i64> = rule.except.iter().map(|at| local_of(*at)).collect();
    found
        .into_iter()
        .map(|start| start.timestamp_millis())
        .filter(|start| !except.contains(start))
        .chain(rule.extra.iter().map(|at| local_of(*at)))
        .map(|start| Interval::new(start, start + long))
        .filter(|interval| interval.meets(window))
        .collect()
}

/// Local milliseconds of a civil time.
fn local_of(at: jiff::civil::DateTime) -> i64 {
    let time = at.time();
    let minutes = i64::from(time.hour()) * 60 + i64::from(time.minute());
    day_number(at.date()) * DAY + minutes * MINUTE + i64::from(time.second()) * 1000
}

/// The civil time as the recurrence library takes it: in UTC, for no transition to interfere.
fn chrono_of(at: jiff::civil::DateTime) -> Option<chrono::DateTime<Tz>> {
    chrono::DateTime::from_timestamp_millis(local_of(at)).map(|at| at.with_timezone(&Tz::UTC))
}

/// The civil date and time of local milliseconds, for messages.
pub fn civil_of(local: i64) -> jiff::civil::DateTime {
    let minutes = local.rem_euclid(DAY) / MINUTE;
    date_of(local.div_euclid(DAY)).at((minutes / 60) as i8, (minutes % 60) as i8, 0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::RecurringKind;

    fn rule(rrule: &str, except: &[&str], extra: &[&str]) -> RecurringRule {
        let read = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
        RecurringRule {
            kind: RecurringKind::Open,
            start: "2026-03-02T18:00:00".parse().unwrap(),
            minutes: 120,
            rrule: rrule.to_owned(),
            except: read(except),
            extra: read(extra),
            reason: String::new(),
        }
    }

    fn starts(rule: &RecurringRule, from: &str, to: &str) -> Vec<String> {
        let day = |text: &str| day_number(text.parse().unwrap());
        let mut found: Vec<String> = expand(rule, day(from), day(to))
            .into_iter()
            .map(|hours| civil_of(hours.from).to_string())
            .collect();
        found.sort();
        found
    }

    #[test]
    fn the_first_monday_of_a_month_with_one_left_out_and_one_added() {
        let rule = rule("FREQ=MONTHLY;BYDAY=1MO", &["2026-05-04T18:00:00"], &["2026-05-05T18:00:00"]);
        assert_eq!(
            starts(&rule, "2026-03-01", "2026-06-30"),
            ["2026-03-02T18:00:00", "2026-04-06T18:00:00", "2026-05-05T18:00:00", "2026-06-01T18:00:00"]
        );
    }

    #[test]
    fn a_rule_for_ever_is_read_far_ahead_and_a_rule_by_the_second_is_refused() {
        assert_eq!(starts(&rule("FREQ=WEEKLY;INTERVAL=2", &[], &[]), "2036-03-01", "2036-03-31").len(), 3);
        assert!(check(&rule("FREQ=SECONDLY", &[], &[])).is_err());
        assert!(check(&rule("every Monday", &[], &[])).is_err());
        assert!(check(&rule("FREQ=DAILY;COUNT=5", &[], &[])).is_ok());
    }
}
