//! The wall clock; the only place that reads it. For fault runs it can be made to go faster, so that an hour of waiting is
//! a minute.

use std::fmt;
use std::str::FromStr;

use frontdesk_domain::time::{Clock, Timestamp};
use serde::{Deserialize, Serialize};

/// The most times faster a clock goes.
const MAX_SPEED: u32 = 1_000;

/// The machine's clock, or one that has gone faster than it since an instant: `20@2026-11-21T19:00:00Z`. Processes that
/// share a database must be given the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SystemClock {
    speed: u32,
    since: Timestamp,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self { speed: 1, since: Timestamp::from_millis(0) }
    }
}

impl SystemClock {
    /// How many of its seconds pass in one of the machine's.
    pub const fn speed(self) -> u32 {
        self.speed
    }

    fn shown(self, machine: Timestamp) -> Timestamp {
        let passed = machine.as_millis().saturating_sub(self.since.as_millis());
        Timestamp::from_millis(
            self.since.as_millis().saturating_add(passed.saturating_mul(i64::from(self.speed))),
        )
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one clock everything else is given")]
    fn now(&self) -> Timestamp {
        self.shown(jiff::Timestamp::now().into())
    }
}

/// What cannot be read as a clock.
#[derive(Debug, thiserror::Error)]
#[error(
    "a clock is written like 20@2026-11-21T19:00:00Z: how many times as fast, at most {MAX_SPEED}, and since when"
)]
pub struct NoClock;

impl FromStr for SystemClock {
    type Err = NoClock;

    fn from_str(text: &str) -> Result<Self, NoClock> {
        let (speed, since) = text.split_once('@').ok_or(NoClock)?;
        let speed = speed.parse().ok().filter(|speed| (1..=MAX_SPEED).contains(speed)).ok_or(NoClock)?;
        let since = since.parse::<jiff::Timestamp>().map_err(|_| NoClock)?;
        Ok(Self { speed, since: since.into() })
    }
}

impl TryFrom<String> for SystemClock {
    type Error = NoClock;

    fn try_from(text: String) -> Result<Self, NoClock> {
        text.parse()
    }
}

impl fmt::Display for SystemClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.speed, self.since.to_jiff())
    }
}

impl From<SystemClock> for String {
    fn from(clock: SystemClock) -> Self {
        clock.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_clock_begins_at_its_instant_and_is_written_as_it_is_read() {
        let clock: SystemClock = "20@2026-11-21T19:00:00Z".parse().unwrap();
        assert_eq!(clock.to_string(), "20@2026-11-21T19:00:00Z");
        let begins = clock.since;
        let minute = std::time::Duration::from_mins(1);
        assert_eq!(clock.shown(begins.plus(minute)), begins.plus(minute * 20));
        let plain = SystemClock::default();
        assert_eq!(plain.shown(begins), begins);
        assert!("0@2026-11-21T19:00:00Z".parse::<SystemClock>().is_err());
        assert!("20".parse::<SystemClock>().is_err());
    }
}
