//! Messages to measure the judging with: facts as they are loaded for customers of many places.
//!
//! Nothing of the product calls this; the benchmark of the binary does, and takes the time itself.

use std::sync::Arc;
use std::time::Duration;

use super::consent::{ConsentLevel, ConsentStatus};
use super::settings::RuleSettings;
use super::{Facts, Home, Purpose, Rulebook, Sent, Verdict, judge};
use crate::conversation::Channel;
use crate::random::{Random, SeededRandom};
use crate::time::Timestamp;
use crate::workspace::{Stretch, Weekday, WeeklyHours};

/// Area codes and calling codes the customers are drawn from: states with and without rules of their own, codes over
/// several zones, a toll-free one, and countries.
const NUMBERS: [&str; 12] = [
    "+1212", "+1305", "+1415", "+1850", "+1401", "+1512", "+1605", "+1800", "+1416", "+4930", "+3361",
    "+4477",
];

/// So many messages about to leave around `now`: half marketing, a third reminders, the rest answers.
pub fn messages(count: usize, seed: u64, now: Timestamp) -> Vec<(Purpose, Facts)> {
    let random = SeededRandom::new(seed);
    let weekdays = Weekday::ALL.into_iter().take(5);
    let hours = WeeklyHours(weekdays.map(|day| (day, vec![Stretch { from: 540, to: 1080 }])).collect());
    let home = Home { hours, ..Home::default() };
    let book = Rulebook::new(&RuleSettings::default(), &home).map(Arc::new).ok();
    let since = now.minus(Duration::from_hours(2_400));
    let consent = ConsentStatus::Given { level: ConsentLevel::ExpressWritten, since, until: None };
    let message = || {
        let draw = random.next_u64();
        let pick = |shift: u32, of: u64| draw.rotate_right(shift) % of;
        let purpose = match pick(0, 6) {
            0..=2 => Purpose::Marketing,
            3..=4 => Purpose::Transactional,
            _ => Purpose::Reply,
        };
        let number = usize::try_from(pick(8, 12)).ok().and_then(|index| NUMBERS.get(index));
        let channel = if pick(16, 4) == 0 { Channel::Email } else { Channel::Sms };
        let sends = (0..pick(20, 6)).map(|day| Sent {
            at: now.minus(Duration::from_hours(day * 24 + pick(24, 24))),
            channel,
            purpose: Purpose::Marketing,
        });
        let facts = Facts {
            channel: Some(channel),
            now: Some(now.plus(Duration::from_secs(pick(28, 86_400)))),
            consent: if pick(44, 12) == 0 { ConsentStatus::Unknown } else { consent },
            customer_initiated: purpose == Purpose::Reply,
            stated_zone: (pick(36, 3) == 0).then(|| "America/Denver".to_owned()),
            country: (pick(40, 3) == 0).then(|| "US".to_owned()),
            region: (pick(40, 3) == 0).then(|| "TX".to_owned()),
            number: number.map(|code| format!("{code}5550100")),
            sends: sends.collect(),
            unsubscribe: true,
            postal_address: true,
            rules: book.clone(),
            ..Facts::default()
        };
        (purpose, facts)
    };
    std::iter::repeat_with(message).take(count).collect()
}

/// Judges every message: how many were allowed, deferred and denied.
pub fn decide(messages: &[(Purpose, Facts)]) -> [usize; 3] {
    let mut tally = [0; 3];
    for (purpose, facts) in messages {
        match judge(*purpose, facts) {
            Verdict::Allow => tally[0] += 1,
            Verdict::Defer { .. } => tally[1] += 1,
            Verdict::Deny { .. } => tally[2] += 1,
        }
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_messages_get_every_verdict() {
        let tally = decide(&messages(600, 1, Timestamp::from_millis(1_774_000_000_000)));
        assert_eq!(tally.iter().sum::<usize>(), 600);
        assert!(tally.iter().all(|count| *count > 10), "{tally:?}");
    }

    #[test]
    #[ignore = "prints a figure"]
    fn how_many_decisions_a_second() {
        let messages = messages(20_000, 1, Timestamp::from_millis(1_774_000_000_000));
        decide(&messages);
        let start = std::time::Instant::now();
        let tally = decide(&messages);
        let rate = messages.len() as f64 / start.elapsed().as_secs_f64();
        println!("{rate:.0} decisions/s {tally:?}");
    }
}
