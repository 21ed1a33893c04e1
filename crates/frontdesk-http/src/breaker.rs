//! Circuit breakers: a vendor that keeps failing is left alone for a while, then probed once.
//!
//! A breaker knows no HTTP. The caller asks for a [`BreakerPermit`], does the work and judges the *content*:
//! an HTTP 200 that says nothing useful is a failure. Instants are passed in as milliseconds of a clock.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Most breakers kept by [`Breakers`]; above it healthy ones are forgotten.
const MAX_BREAKERS: usize = 4096;

/// When a breaker opens and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerSettings {
    /// Failures in a row that open it.
    pub failures: u32,
    /// How long it stays open the first time.
    pub cool_down: Duration,
    /// The longest it stays open; each failed probe doubles the time up to here.
    pub max_cool_down: Duration,
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self { failures: 5, cool_down: Duration::from_secs(15), max_cool_down: Duration::from_mins(5) }
    }
}

/// What the caller says about the work a permit was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Useful: the breaker closes.
    Success,
    /// Not useful: counts towards opening, and ends a probe.
    Failure,
    /// Says nothing about the vendor's health (the caller cancelled, or its own request was wrong).
    Neutral,
    /// The vendor asked to be left alone for this many milliseconds: opens at once.
    Busy(u64),
}

/// What a breaker would answer now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakerState {
    /// Everything is let through.
    Closed,
    /// Nothing is let through for this many milliseconds.
    Open(u64),
    /// One probe may be, or is, under way.
    HalfOpen,
}

/// The breaker is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("paused for {retry_in_ms} ms after repeated failures")]
pub struct BreakerOpen {
    /// Milliseconds until a probe is let through; zero while one is under way.
    pub retry_in_ms: u64,
}

#[derive(Debug, Clone, Copy)]
enum Phase {
    Closed { failures: u32 },
    Open { until_ms: i64, cool_down_ms: i64 },
    Probing { cool_down_ms: i64 },
}

/// A circuit breaker for one vendor, host or model.
#[derive(Debug)]
pub struct Breaker {
    settings: BreakerSettings,
    phase: Mutex<Phase>,
}

impl Breaker {
    /// A closed breaker.
    pub fn new(settings: BreakerSettings) -> Self {
        Self { settings, phase: Mutex::new(Phase::Closed { failures: 0 }) }
    }

    /// Asks to do one piece of work at `now_ms`. After the cool-down exactly one caller is let through as a probe.
    pub fn acquire(self: &Arc<Self>, now_ms: i64) -> Result<BreakerPermit, BreakerOpen> {
        let mut phase = self.lock();
        let probe = match *phase {
            Phase::Closed { .. } => false,
            Phase::Open { until_ms, .. } if now_ms < until_ms => {
                return Err(BreakerOpen { retry_in_ms: until_ms.abs_diff(now_ms) });
            }
            Phase::Open { cool_down_ms, .. } => {
                *phase = Phase::Probing { cool_down_ms };
                true
            }
            Phase::Probing { .. } => return Err(BreakerOpen { retry_in_ms: 0 }),
        };
        drop(phase);
        Ok(BreakerPermit { breaker: Some(Arc::clone(self)), probe })
    }

    /// What [`Breaker::acquire`] would answer, without asking.
    pub fn state(&self, now_ms: i64) -> BreakerState {
        match *self.lock() {
            Phase::Closed { .. } => BreakerState::Closed,
            Phase::Open { until_ms, .. } if now_ms < until_ms => {
                BreakerState::Open(until_ms.abs_diff(now_ms))
            }
            Phase::Open { .. } | Phase::Probing { .. } => BreakerState::HalfOpen,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Phase> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_healthy(&self) -> bool {
        matches!(*self.lock(), Phase::Closed { failures: 0 })
    }

    fn record(&self, outcome: Outcome, probe: bool, now_ms: i64) {
        let first_ms = millis(self.settings.cool_down);
        let longest_ms = millis(self.settings.max_cool_down).max(first_ms);
        let open =
            |cool_down_ms: i64| Phase::Open { until_ms: now_ms.saturating_add(cool_down_ms), cool_down_ms };
        let mut phase = self.lock();
        *phase = match (*phase, outcome) {
            (Phase::Closed { .. }, Outcome::Success) => Phase::Closed { failures: 0 },
            (Phase::Closed { failures }, Outcome::Failure) if failures + 1 >= self.settings.failures => {
                open(first_ms)
            }
            (Phase::Closed { failures }, Outcome::Failure) => Phase::Closed { failures: failures + 1 },
            (Phase::Probing { .. }, Outcome::Success) if probe => Phase::Closed { failures: 0 },
            (Phase::Probing { cool_down_ms }, Outcome::Failure) if probe => {
                open(cool_down_ms.saturating_mul(2).min(longest_ms))
            }
            // A probe that says nothing lets the next caller probe at once.
            (Phase::Probing { cool_down_ms }, Outcome::Neutral) if probe => {
                Phase::Open { until_ms: i64::MIN, cool_down_ms }
            }
            (Phase::Closed { .. }, Outcome::Busy(wait_ms)) => busy(now_ms, wait_ms, first_ms, longest_ms),
            (Phase::Probing { cool_down_ms }, Outcome::Busy(wait_ms)) if probe => {
                busy(now_ms, wait_ms, cool_down_ms, longest_ms)
            }
            // A late verdict from before the breaker opened changes nothing.
            (unchanged, _) => unchanged,
        };
    }
}

fn busy(now_ms: i64, wait_ms: u64, cool_down_ms: i64, longest_ms: i64) -> Phase {
    let wait_ms = i64::try_from(wait_ms).unwrap_or(i64::MAX).min(longest_ms);
    Phase::Open { until_ms: now_ms.saturating_add(wait_ms), cool_down_ms }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

/// Leave to do one piece of work; say how it went with [`BreakerPermit::record`]. Dropped unsaid, it counts as
/// [`Outcome::Neutral`].
#[derive(Debug)]
#[must_use = "record the outcome, or the breaker learns nothing"]
pub struct BreakerPermit {
    breaker: Option<Arc<Breaker>>,
    probe: bool,
}

impl BreakerPermit {
    /// Records how the work went.
    pub fn record(mut self, outcome: Outcome, now_ms: i64) {
        if let Some(breaker) = self.breaker.take() {
            breaker.record(outcome, self.probe, now_ms);
        }
    }

    /// Whether this is the single probe after a cool-down.
    pub fn is_probe(&self) -> bool {
        self.probe
    }
}

impl Drop for BreakerPermit {
    fn drop(&mut self) {
        if let Some(breaker) = self.breaker.take() {
            breaker.record(Outcome::Neutral, self.probe, 0);
        }
    }
}

/// Breakers by key, all with the same settings; bounded.
#[derive(Debug)]
pub struct Breakers {
    settings: BreakerSettings,
    by_key: Mutex<HashMap<String, Arc<Breaker>>>,
}

impl Breakers {
    /// No breakers yet.
    pub fn new(settings: BreakerSettings) -> Self {
        Self { settings, by_key: Mutex::new(HashMap::new()) }
    }

    /// The breaker of this key, made when first asked for.
    pub fn get(&self, key: &str) -> Arc<Breaker> {
        let mut by_key = self.by_key.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(breaker) = by_key.get(key) {
            return Arc::clone(breaker);
        }
        if by_key.len() >= MAX_BREAKERS {
            by_key.retain(|_, breaker| !breaker.is_healthy());
        }
        if by_key.len() >= MAX_BREAKERS {
            by_key.clear();
        }
        let breaker = Arc::new(Breaker::new(self.settings));
        by_key.insert(key.to_owned(), Arc::clone(&breaker));
        breaker
    }

    /// Key and state of every breaker, sorted by key; for status pages.
    pub fn list(&self, now_ms: i64) -> Vec<(String, BreakerState)> {
        let by_key = self.by_key.lock().unwrap_or_else(PoisonError::into_inner);
        let mut rows: Vec<_> =
            by_key.iter().map(|(key, breaker)| (key.clone(), breaker.state(now_ms))).collect();
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaker() -> Arc<Breaker> {
        Arc::new(Breaker::new(BreakerSettings {
            failures: 2,
            cool_down: Duration::from_millis(100),
            max_cool_down: Duration::from_millis(300),
        }))
    }

    fn fail(breaker: &Arc<Breaker>, now_ms: i64) {
        breaker.acquire(now_ms).unwrap().record(Outcome::Failure, now_ms);
    }

    #[test]
    fn failures_in_a_row_open_it_and_a_success_between_does_not() {
        let breaker = breaker();
        fail(&breaker, 0);
        breaker.acquire(1).unwrap().record(Outcome::Success, 1);
        fail(&breaker, 2);
        assert_eq!(breaker.state(2), BreakerState::Closed);
        fail(&breaker, 3);
        assert_eq!(breaker.state(3), BreakerState::Open(100));
        assert_eq!(breaker.acquire(53).unwrap_err(), BreakerOpen { retry_in_ms: 50 });
    }

    #[test]
    fn after_the_cool_down_exactly_one_probe_passes_and_closes_it() {
        let breaker = breaker();
        fail(&breaker, 0);
        fail(&breaker, 0);
        let probe = breaker.acquire(100).unwrap();
        assert!(probe.is_probe());
        assert!(breaker.acquire(100).is_err(), "a second probe passed");
        probe.record(Outcome::Success, 110);
        assert_eq!(breaker.state(110), BreakerState::Closed);
    }

    #[test]
    fn a_failed_probe_doubles_the_wait_up_to_the_limit() {
        let breaker = breaker();
        fail(&breaker, 0);
        fail(&breaker, 0);
        fail(&breaker, 100);
        assert_eq!(breaker.state(100), BreakerState::Open(200));
        fail(&breaker, 300);
        assert_eq!(breaker.state(300), BreakerState::Open(300));
    }

    #[test]
    fn a_cancelled_probe_does_not_block_the_next_one() {
        let breaker = breaker();
        fail(&breaker, 0);
        fail(&breaker, 0);
        drop(breaker.acquire(100).unwrap());
        assert!(breaker.acquire(100).unwrap().is_probe());
    }

    #[test]
    fn a_late_verdict_does_not_close_an_open_breaker() {
        let breaker = breaker();
        let slow = breaker.acquire(0).unwrap();
        fail(&breaker, 0);
        fail(&breaker, 0);
        slow.record(Outcome::Success, 5);
        assert_eq!(breaker.state(5), BreakerState::Open(95));
    }

    #[test]
    fn a_busy_vendor_is_left_alone_for_as_long_as_it_asked_but_not_for_ever() {
        let breaker = breaker();
        breaker.acquire(0).unwrap().record(Outcome::Busy(70), 0);
        assert_eq!(breaker.state(0), BreakerState::Open(70));
        breaker.acquire(70).unwrap().record(Outcome::Busy(u64::MAX), 70);
        assert_eq!(breaker.state(70), BreakerState::Open(300));
    }

    #[test]
    fn the_registry_is_bounded_and_forgets_healthy_breakers_first() {
        let breakers = Breakers::new(BreakerSettings::default());
        let sick = breakers.get("sick");
        fail(&sick, 0);
        for number in 0..MAX_BREAKERS * 2 {
            breakers.get(&number.to_string());
        }
        assert!(breakers.list(0).len() <= MAX_BREAKERS);
        assert!(Arc::ptr_eq(&sick, &breakers.get("sick")));
    }
}
