//! How long a failed job waits: doubling, capped, with jitter.

use std::time::Duration;

use frontdesk_domain::random::Random;

/// The first wait.
const BASE: Duration = Duration::from_secs(2);
/// The longest wait.
const CAP: Duration = Duration::from_hours(1);

/// How long to wait after the `attempt`-th try (from 1) failed: between half and the whole of 2 s doubled each time, at
/// most an hour. The jitter keeps jobs that failed together from returning together.
pub fn backoff(attempt: u32, random: &dyn Random) -> Duration {
    let full = BASE
        .saturating_mul(1_u32.checked_shl(attempt.saturating_sub(1).min(20)).unwrap_or(u32::MAX))
        .min(CAP);
    let half = full / 2;
    let spread = u64::try_from(half.as_millis()).unwrap_or(u64::MAX).max(1);
    half + Duration::from_millis(random.next_u64() % spread)
}

#[cfg(test)]
mod tests {
    use super::*;
    use frontdesk_domain::random::SeededRandom;

    #[test]
    fn waits_grow_and_never_exceed_the_cap() {
        let random = SeededRandom::new(7);
        for attempt in 1..60 {
            let wait = backoff(attempt, &random);
            assert!(wait >= Duration::from_secs(1) && wait <= CAP, "attempt {attempt}: {wait:?}");
        }
        assert!(backoff(12, &random) > backoff(1, &random));
    }
}
