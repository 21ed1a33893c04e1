//! The text of a recurrence rule (RFC 5545, section 3.3.10).
//!
//! All of it is read but rules by the minute or second, which no hours need and which are where bombs are hidden.

use std::str::FromStr;

use jiff::civil::Weekday;

use super::local_of;

/// A rule that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is not a recurrence rule (RFC 5545): {0}")]
pub struct BadRule(String);

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Freq {
    Hourly,
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// A rule as read; lists are sorted and without doubles, an empty one says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurrence {
    pub(super) freq: Freq,
    pub(super) interval: i64,
    pub(super) count: Option<i64>,
    /// The last local moment at which it may start.
    pub(super) until: Option<i64>,
    pub(super) by_month: Vec<i64>,
    pub(super) by_month_day: Vec<i64>,
    pub(super) by_year_day: Vec<i64>,
    pub(super) by_week_no: Vec<i64>,
    /// Which one of its period, 0 for all, and the weekday.
    pub(super) by_day: Vec<(i64, Weekday)>,
    pub(super) by_hour: Vec<i64>,
    pub(super) by_minute: Vec<i64>,
    pub(super) by_set_pos: Vec<i64>,
    pub(super) week_start: Weekday,
}

impl FromStr for Recurrence {
    type Err = BadRule;

    fn from_str(text: &str) -> Result<Self, BadRule> {
        let upper = text.trim().to_ascii_uppercase();
        let mut rule = Self {
            freq: Freq::Daily,
            interval: 1,
            count: None,
            until: None,
            by_month: Vec::new(),
            by_month_day: Vec::new(),
            by_year_day: Vec::new(),
            by_week_no: Vec::new(),
            by_day: Vec::new(),
            by_hour: Vec::new(),
            by_minute: Vec::new(),
            by_set_pos: Vec::new(),
            week_start: Weekday::Monday,
        };
        let mut seen: Vec<&str> = Vec::new();
        for part in upper.strip_prefix("RRULE:").unwrap_or(&upper).split(';').filter(|part| !part.is_empty())
        {
            let (key, value) = part.split_once('=').ok_or_else(|| bad(format!("`{part}` has no `=`")))?;
            if seen.contains(&key) {
                return Err(bad(format!("{key} is there twice")));
            }
            seen.push(key);
            rule.set(key, value)?;
        }
        if !seen.contains(&"FREQ") {
            return Err(bad("it has no FREQ"));
        }
        rule.check()?;
        Ok(rule)
    }
}

impl Recurrence {
    fn set(&mut self, key: &str, value: &str) -> Result<(), BadRule> {
        match key {
            "FREQ" => self.freq = freq(value)?,
            "INTERVAL" => self.interval = number(key, value, 1, 1_000)?,
            "COUNT" => self.count = Some(number(key, value, 1, 100_000)?),
            "UNTIL" => self.until = Some(until(value)?),
            "BYMONTH" => self.by_month = numbers(key, value, 1, 12)?,
            "BYMONTHDAY" => self.by_month_day = signed(key, value, 31)?,
            "BYYEARDAY" => self.by_year_day = signed(key, value, 366)?,
            "BYWEEKNO" => self.by_week_no = signed(key, value, 53)?,
            "BYDAY" => self.by_day = value.split(',').map(nth_weekday).collect::<Result<_, _>>()?,
            "BYHOUR" => self.by_hour = numbers(key, value, 0, 23)?,
            "BYMINUTE" => self.by_minute = numbers(key, value, 0, 59)?,
            "BYSETPOS" => self.by_set_pos = signed(key, value, 366)?,
            "WKST" => self.week_start = weekday(value)?,
            "BYSECOND" => return Err(too_often()),
            _ => return Err(bad(format!("{key} is not known"))),
        }
        Ok(())
    }

    /// What the standard does not allow together.
    fn check(&self) -> Result<(), BadRule> {
        if self.count.is_some() && self.until.is_some() {
            return Err(bad("COUNT and UNTIL may not be there together"));
        }
        let nth = self.by_day.iter().any(|(nth, _)| *nth != 0);
        if nth && !matches!(self.freq, Freq::Monthly | Freq::Yearly) {
            return Err(bad("BYDAY with a number goes with MONTHLY and YEARLY only"));
        }
        if nth && !self.by_week_no.is_empty() {
            return Err(bad("BYDAY with a number does not go with BYWEEKNO"));
        }
        if !self.by_week_no.is_empty() && self.freq != Freq::Yearly {
            return Err(bad("BYWEEKNO goes with YEARLY only"));
        }
        if !self.by_year_day.is_empty() && !matches!(self.freq, Freq::Yearly | Freq::Hourly) {
            return Err(bad("BYYEARDAY goes with YEARLY only"));
        }
        if !self.by_month_day.is_empty() && self.freq == Freq::Weekly {
            return Err(bad("BYMONTHDAY does not go with WEEKLY"));
        }
        let picks = [&self.by_month, &self.by_month_day, &self.by_year_day, &self.by_week_no, &self.by_hour];
        let nothing =
            picks.iter().all(|list| list.is_empty()) && self.by_minute.is_empty() && self.by_day.is_empty();
        if !self.by_set_pos.is_empty() && nothing {
            return Err(bad("BYSETPOS needs another BY part"));
        }
        Ok(())
    }
}

fn bad(why: impl Into<String>) -> BadRule {
    BadRule(why.into())
}

fn too_often() -> BadRule {
    bad("it recurs more often than every hour")
}

fn freq(value: &str) -> Result<Freq, BadRule> {
    match value {
        "YEARLY" => Ok(Freq::Yearly),
        "MONTHLY" => Ok(Freq::Monthly),
        "WEEKLY" => Ok(Freq::Weekly),
        "DAILY" => Ok(Freq::Daily),
        "HOURLY" => Ok(Freq::Hourly),
        "MINUTELY" | "SECONDLY" => Err(too_often()),
        _ => Err(bad(format!("FREQ is YEARLY, MONTHLY, WEEKLY, DAILY or HOURLY, not `{value}`"))),
    }
}

fn number(key: &str, text: &str, least: i64, most: i64) -> Result<i64, BadRule> {
    let number: Option<i64> = text.parse().ok();
    number
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| bad(format!("{key} is {least} to {most}, not `{text}`")))
}

fn numbers(key: &str, text: &str, least: i64, most: i64) -> Result<Vec<i64>, BadRule> {
    let mut found =
        text.split(',').map(|text| number(key, text, least, most)).collect::<Result<Vec<_>, _>>()?;
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Numbers but zero, negative ones counted from the end.
fn signed(key: &str, text: &str, most: i64) -> Result<Vec<i64>, BadRule> {
    let found = numbers(key, text, -most, most)?;
    if found.contains(&0) { Err(bad(format!("{key} is never 0"))) } else { Ok(found) }
}

fn nth_weekday(text: &str) -> Result<(i64, Weekday), BadRule> {
    let split = text.len().checked_sub(2).and_then(|at| text.split_at_checked(at));
    let (nth, day) = split.ok_or_else(|| bad(format!("`{text}` is not a weekday")))?;
    let nth = if nth.is_empty() { 0 } else { number("BYDAY", nth, -53, 53)? };
    Ok((nth, weekday(day)?))
}

fn weekday(text: &str) -> Result<Weekday, BadRule> {
    match text {
        "MO" => Ok(Weekday::Monday),
        "TU" => Ok(Weekday::Tuesday),
        "WE" => Ok(Weekday::Wednesday),
        "TH" => Ok(Weekday::Thursday),
        "FR" => Ok(Weekday::Friday),
        "SA" => Ok(Weekday::Saturday),
        "SU" => Ok(Weekday::Sunday),
        _ => Err(bad(format!("`{text}` is not a weekday"))),
    }
}

/// `20260630` to the end of that day, or `20260630T180000`. Hours are local, so a `Z` behind it says nothing.
fn until(text: &str) -> Result<i64, BadRule> {
    let unreadable = || bad(format!("UNTIL is like 20260630 or 20260630T180000, not `{text}`"));
    let (date, time) = text.trim_end_matches('Z').split_once('T').unwrap_or((text, "235959"));
    let date = jiff::civil::Date::strptime("%Y%m%d", date).map_err(|_| unreadable())?;
    let time = jiff::civil::Time::strptime("%H%M%S", time).map_err(|_| unreadable())?;
    Ok(local_of(date.to_datetime(time)))
}
