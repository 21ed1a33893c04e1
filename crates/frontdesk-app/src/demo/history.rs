//! Two weeks of contacts, conversations and leads, told in the order in which they happened.

mod contacts;
mod talk;

use frontdesk_domain::agent::Agent;
use frontdesk_domain::time::Timestamp;
use frontdesk_store::Tx;
use serde::Deserialize;

use super::business::Made;
use super::documents::Sources;
use super::moment::moment;
use super::read;
use crate::Result;
pub use contacts::People;
use talk::{Line, Talk, TalkData, Teller};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TalksData {
    talk: Vec<TalkData>,
}

const TALKS: &[(&str, &str)] = &[
    ("talks-recent.toml", include_str!("data/talks-recent.toml")),
    ("talks-week.toml", include_str!("data/talks-week.toml")),
    ("talks-earlier.toml", include_str!("data/talks-earlier.toml")),
];

/// Writes everything down.
pub async fn write(
    tx: &mut Tx,
    now: Timestamp,
    made: &Made,
    agent: &Agent,
    sources: &Sources,
) -> Result<People> {
    let people = contacts::write(tx, now, made).await?;
    let mut talks: Vec<TalkData> = Vec::new();
    for (name, text) in TALKS {
        talks.extend(read::<TalksData>(name, text)?.talk);
    }
    let mut steps: Vec<(Timestamp, usize, Option<&Line>)> = Vec::new();
    for (index, data) in talks.iter().enumerate() {
        let mut at = moment(&data.when, now, &made.zone)?;
        steps.push((at, index, None));
        for line in &data.lines {
            at = Timestamp::from_millis(at.as_millis() + i64::from(line.pause()) * 1_000).min(now);
            steps.push((at, index, Some(line)));
        }
    }
    // Stable: lines of one conversation at the same instant stay in order.
    steps.sort_by_key(|(at, index, _)| (*at, *index));
    let teller = Teller { made, agent, sources, people: &people };
    let mut open: Vec<Option<Talk>> = talks.iter().map(|_| None).collect();
    for (at, index, line) in steps {
        tx.at(at);
        let (Some(data), Some(place)) = (talks.get(index), open.get_mut(index)) else { continue };
        match (line, place.as_mut()) {
            (Some(line), Some(talk)) => teller.tell(tx, talk, line).await?,
            _ => *place = Some(teller.begin(tx, data).await?),
        }
    }
    Ok(people)
}
