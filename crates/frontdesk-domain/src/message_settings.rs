//! How a workspace wants its messages handled, beyond what the rules ask.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The fewest and most days a short link may lead somewhere.
pub const LINK_DAYS: (u32, u32) = (1, 365);

/// How often a message is tried whose vendor cannot be reached. A vendor that asks to wait is waited for, which is no try.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RetryPolicy {
    /// Three times more, a minute apart.
    #[default]
    Fixed,
    /// After 1, 2, 4, 8, 16 and 32 minutes, then every hour, for a day.
    Exponential,
}

impl RetryPolicy {
    /// The pause after this many tries; `None` when it is given up.
    pub fn pause_after(self, tries: u32) -> Option<Duration> {
        const DAY_MINUTES: u64 = 24 * 60;
        match self {
            Self::Fixed => (tries <= 3).then_some(Duration::from_mins(1)),
            Self::Exponential => {
                let pause = |tries: u32| 1_u64.checked_shl(tries.saturating_sub(1)).unwrap_or(60).min(60);
                // Nobody tries more often than fits into a day, so this is short.
                let waited: u64 = (1..=tries.min(100)).map(pause).sum();
                (waited <= DAY_MINUTES).then(|| Duration::from_mins(pause(tries)))
            }
        }
    }

    /// How long a vendor that cannot even be asked what it did is asked again.
    pub const fn patience(self) -> Duration {
        match self {
            Self::Fixed => Duration::from_hours(1),
            Self::Exponential => Duration::from_hours(24),
        }
    }
}

/// How messages are handled in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MessageSettings {
    /// Whether customers see that their messages were read, where the channel can show it: when a person opens the
    /// conversation or answers, or the agent answers.
    pub read_receipts: bool,
    /// Whether links in marketing messages become short links of this installation, so that clicks are counted.
    pub short_links: bool,
    /// For how many days a short link leads somewhere.
    #[schema(minimum = 1, maximum = 365)]
    pub short_link_days: u32,
    /// Whether marketing mail carries a picture that tells when it is opened. Whoever switches it on tells their customers.
    pub track_opens: bool,
    /// How often a message is tried again whose vendor cannot be reached.
    pub retry: RetryPolicy,
}

impl Default for MessageSettings {
    fn default() -> Self {
        Self {
            read_receipts: true,
            short_links: false,
            short_link_days: 90,
            track_opens: false,
            retry: RetryPolicy::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_tried_again_for_minutes_or_for_a_day() {
        let minutes = |policy: RetryPolicy| -> Vec<u64> {
            (1..).map_while(|tries| policy.pause_after(tries)).map(|pause| pause.as_secs() / 60).collect()
        };
        assert_eq!(minutes(RetryPolicy::Fixed), [1, 1, 1]);
        let long = minutes(RetryPolicy::Exponential);
        assert_eq!(long[..8], [1, 2, 4, 8, 16, 32, 60, 60]);
        let hours = long.iter().sum::<u64>() / 60;
        assert!((23..=24).contains(&hours), "{hours}");
    }
}
