//! How many messages the compliance rules judge in a second, on one core, with the facts loaded.

use std::hint::black_box;
use std::time::Instant;

use frontdesk_domain::compliance::bench::{decide, messages};
use frontdesk_domain::time::Timestamp;

use super::Figure;

/// Messages judged in a round.
const MESSAGES: usize = 20_000;
/// Rounds; the middle one counts.
const ROUNDS: usize = 9;

pub fn measure() -> Vec<Figure> {
    let messages = messages(MESSAGES, 1, Timestamp::from_millis(1_774_000_000_000));
    black_box(decide(&messages));
    let mut rates: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let started = Instant::now();
            black_box(decide(&messages));
            MESSAGES as f64 / started.elapsed().as_secs_f64()
        })
        .collect();
    rates.sort_by(f64::total_cmp);
    let rate = rates.get(ROUNDS / 2).copied().unwrap_or_default();
    let note = format!("{MESSAGES} messages to customers of 12 places, half of them marketing; one core");
    vec![("compliance.decisions".to_owned(), rate, "decisions/s", Some(100_000.0), "higher", note)]
}
