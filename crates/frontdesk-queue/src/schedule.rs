//! What runs by the clock: cron expressions in UTC.

use std::str::FromStr;

use frontdesk_domain::time::Timestamp;

/// A cron expression that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("schedule `{name}`: cannot read cron expression `{expression}`: {reason}")]
pub struct InvalidSchedule {
    /// The schedule.
    pub name: &'static str,
    /// The expression.
    pub expression: String,
    /// What is wrong with it.
    pub reason: String,
}

/// A job enqueued by the clock. When several instants were missed, it runs once.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// The name of the schedule and of the job it enqueues.
    pub name: &'static str,
    expression: String,
    cron: croner::Cron,
}

impl Schedule {
    /// A job at these times, five cron fields (minute, hour, day, month, weekday) in UTC.
    pub fn new(name: &'static str, expression: &str) -> Result<Self, InvalidSchedule> {
        let cron = croner::Cron::from_str(expression).map_err(|error| InvalidSchedule {
            name,
            expression: expression.to_owned(),
            reason: error.to_string(),
        })?;
        Ok(Self { name, expression: expression.to_owned(), cron })
    }

    /// The expression.
    pub fn expression(&self) -> &str {
        &self.expression
    }

    /// The first instant after `now`; a day later when the expression never matches again.
    pub fn next_after(&self, now: Timestamp) -> Timestamp {
        let from = chrono::DateTime::from_timestamp_millis(now.as_millis()).unwrap_or_default();
        self.cron.find_next_occurrence(&from, false).map_or_else(
            |_| now.plus(std::time::Duration::from_hours(24)),
            |next| Timestamp::from_millis(next.timestamp_millis()),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_instant_lies_after_now() {
        let schedule = Schedule::new("tick", "*/5 * * * *").unwrap();
        let now = Timestamp::from_millis(1_773_840_600_000); // 13:30:00
        assert_eq!(schedule.next_after(now).to_string(), "2026-03-18T13:35:00.000Z");
        assert!(Schedule::new("bad", "never").is_err());
    }
}
