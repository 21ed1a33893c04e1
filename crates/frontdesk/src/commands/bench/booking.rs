//! How fast slots are found, for a month of a small business and a quarter of a big one.

use std::hint::black_box;
use std::time::{Duration, Instant};

use frontdesk_domain::availability::scenario::Scenario;
use frontdesk_domain::availability::{obstacles, slots};

use super::{Figure, percentile};

/// Measures the engine alone; takes a few seconds.
pub fn measure() -> Vec<Figure> {
    let mut figures = Vec::new();
    for (name, staff, busy, days, rounds, goal) in
        [("month", 10, 1_000, 30, 2_000, 1.0), ("quarter", 100, 10_000, 90, 200, 20.0)]
    {
        let scenario = Scenario::new(staff, busy, days);
        let (question, ranges) = (scenario.question(), [scenario.range()]);
        let found = slots(&question, &ranges).len();
        let note = format!("{days} days, {staff} staff, {busy} busy intervals: {found} slots");
        let sorted = timed(rounds, || slots(&question, &ranges).len());
        for (label, share) in [("p50", 0.5), ("p99", 0.99)] {
            let value = percentile(&sorted, share);
            figures.push((
                format!("availability.{name}.{label}"),
                value,
                "ms",
                Some(goal),
                "lower",
                note.clone(),
            ));
        }
        // Half past twelve on the fourth day, when everybody is at lunch.
        let lunch = scenario.range().0.plus(Duration::from_mins((3 * 24 + 12) * 60 + 30));
        let sorted = timed(rounds, || obstacles(&question, lunch).len());
        let note = format!("why not at a time, for each of {staff} staff");
        let value = percentile(&sorted, 0.99);
        figures.push((format!("availability.{name}.obstacles.p99"), value, "ms", Some(goal), "lower", note));
    }
    figures
}

fn timed(rounds: usize, work: impl Fn() -> usize) -> Vec<Duration> {
    let mut samples: Vec<Duration> = (0..rounds)
        .map(|_| {
            let started = Instant::now();
            black_box(work());
            started.elapsed()
        })
        .collect();
    samples.sort_unstable();
    samples
}
