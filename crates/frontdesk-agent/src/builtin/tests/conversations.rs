//! Scripted conversations through the real turn; each file under `talks/` is a table of them.

use std::collections::BTreeMap;
use std::fmt::Write;

use frontdesk_domain::agent::LeadField;
use frontdesk_domain::time::Timestamp;
use serde::Deserialize;

use super::calendar::Existing;
use super::desk::{Said, Setup, Talk, session};
use crate::builtin::Builtin;
use crate::session::Customer;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// What can be booked in every conversation of the file; all types when empty.
    pub bookable: Option<Vec<String>>,
    pub talk: Vec<Conversation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversation {
    pub name: String,
    pub turns: Vec<Exchange>,
    customer: Option<BTreeMap<String, String>>,
    conversations: Option<u32>,
    tools: Option<Vec<String>>,
    fields: Option<Vec<LeadField>>,
    #[serde(default)]
    off_topics: Vec<String>,
    after_misses: Option<u8>,
    closed_message: Option<String>,
    time: Option<Timestamp>,
    #[serde(default)]
    away: bool,
    #[serde(default)]
    failing: Vec<String>,
    bookable: Option<Vec<String>>,
    #[serde(default)]
    snatched: Vec<jiff::civil::DateTime>,
    #[serde(default)]
    bookings: Vec<Existing>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    pub say: String,
    #[serde(default)]
    has: Vec<String>,
    #[serde(default)]
    lacks: Vec<String>,
    calls: Option<Vec<String>>,
    #[serde(default)]
    with: BTreeMap<String, String>,
    unanswered: Option<bool>,
    cites: Option<bool>,
}

/// What is wrong with a turn.
pub fn faults(expected: &Exchange, said: &Said) -> Vec<String> {
    let mut faults = Vec::new();
    let reply = said.reply.to_lowercase();
    for wanted in &expected.has {
        if !wanted.split('|').any(|one| reply.contains(&one.to_lowercase())) {
            faults.push(format!("does not say `{wanted}`"));
        }
    }
    for unwanted in &expected.lacks {
        let words = reply.split(|c: char| !c.is_alphanumeric() && c != '\'').collect::<Vec<_>>();
        let unwanted_lower = unwanted.to_lowercase();
        let found = if unwanted.contains(' ') {
            reply.contains(&unwanted_lower)
        } else {
            words.contains(&unwanted_lower.as_str())
        };
        if found {
            faults.push(format!("says `{unwanted}`"));
        }
    }
    let called: Vec<&str> = said.tools.iter().map(|run| run.tool.as_str()).collect();
    if let Some(calls) = &expected.calls
        && called != calls.iter().map(String::as_str).collect::<Vec<_>>()
    {
        faults.push(format!("calls {called:?}, not {calls:?}"));
    }
    for (key, wanted) in &expected.with {
        let given = said
            .tools
            .last()
            .and_then(|run| run.arguments.get(key))
            .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            .unwrap_or_default();
        if !given.contains(wanted.as_str()) {
            faults.push(format!("gives {key} `{given}`, not `{wanted}`"));
        }
    }
    if expected.unanswered.is_some_and(|wanted| wanted != said.outcome.unanswered.is_some()) {
        faults.push(format!("unanswered is {:?}", said.outcome.unanswered));
    }
    if expected.cites.is_some_and(|wanted| wanted == said.outcome.citations.is_empty()) {
        faults.push("citations are wrong".to_owned());
    }
    if said.reply.trim().is_empty() {
        faults.push("says nothing".to_owned());
    }
    if said.outcome.guarded > 0 {
        faults.push("was held back by the guard".to_owned());
    }
    faults
}

/// The conversation before its first word.
pub fn begin(brain: &Builtin, script: &Conversation, bookable: Option<&Vec<String>>) -> Talk {
    let mut start = session();
    if let Some(customer) = &script.customer {
        let get = |key: &str| customer.get(key).cloned();
        start.customer =
            Customer { name: get("name"), email: get("email"), phone: get("phone"), opted_out: false };
    }
    start.memory.conversations = script.conversations.unwrap_or(0);
    if let Some(tools) = &script.tools {
        start.settings.tools.clone_from(tools);
    }
    if let Some(fields) = &script.fields {
        start.settings.lead_fields.clone_from(fields);
    }
    start.settings.off_topics.clone_from(&script.off_topics);
    start.settings.handoff.after_misses = script.after_misses.unwrap_or(2);
    start.settings.handoff.closed_message = script.closed_message.clone().unwrap_or_default();
    start.now = script.time.unwrap_or(start.now);
    let failing = script.failing.iter().map(|tool| &*tool.clone().leak()).collect();
    let setup = Setup {
        failing,
        away: script.away,
        bookable: script.bookable.clone().or(bookable.cloned()),
        snatched: script.snatched.clone(),
        bookings: script.bookings.clone(),
    };
    Talk::new(brain, start, setup)
}

async fn run(brain: &Builtin, script: &Conversation, bookable: Option<&Vec<String>>) -> (String, usize) {
    let mut talk = begin(brain, script, bookable);
    let mut transcript = format!("## {}\n", script.name);
    let mut wrong = 0;
    for exchange in &script.turns {
        let said = talk.hear(&exchange.say).await;
        let tools: Vec<String> =
            said.tools.iter().map(|run| format!("{} {}", run.tool, run.arguments)).collect();
        writeln!(transcript, "> {}\n  {}", exchange.say, said.reply.replace('\n', "\n  ")).unwrap();
        let (intent, sure) =
            (said.outcome.intent.as_deref().unwrap_or("-"), said.outcome.confidence.unwrap_or(0.0));
        writeln!(transcript, "  [{intent} {sure:.2}] {}", tools.join("; ")).unwrap();
        for fault in faults(exchange, &said) {
            wrong += 1;
            writeln!(transcript, "  !! {fault}").unwrap();
        }
    }
    (transcript, wrong)
}

async fn run_all(source: &str, least: usize) {
    let (failed, count, all) = run_script(source).await;
    assert!(all >= least, "{all} conversations");
    assert!(failed.is_empty(), "{count} of {all} conversations go wrong\n{failed}");
}

/// For sets that are not all understood yet: `least` of them are.
async fn run_some(source: &str, least: usize) {
    let (failed, count, all) = run_script(source).await;
    println!("{} of {all} right", all - count);
    assert!(all - count >= least, "{count} of {all} conversations go wrong\n{failed}");
}

/// The transcripts of those that go wrong, how many do, and how many there are.
async fn run_script(source: &str) -> (String, usize, usize) {
    let script: Script = toml::from_str(source).unwrap();
    let brain = Builtin::new().unwrap();
    let mut failed = String::new();
    let mut count = 0;
    for conversation in &script.talk {
        let (transcript, wrong) = run(&brain, conversation, script.bookable.as_ref()).await;
        println!("{transcript}");
        if wrong > 0 {
            failed.push_str(&transcript);
            count += 1;
        }
    }
    (failed, count, script.talk.len())
}

#[tokio::test]
async fn requests_are_taken_corrected_and_passed_on_with_proof() {
    run_all(include_str!("talks/leads.toml"), 28).await;
}

#[tokio::test]
async fn questions_are_answered_or_admitted_to_be_open() {
    run_all(include_str!("talks/answers.toml"), 30).await;
}

#[tokio::test]
async fn people_are_brought_in_and_contact_ends_when_asked() {
    run_all(include_str!("talks/people.toml"), 18).await;
}

#[tokio::test]
async fn spanish_works_like_english() {
    run_all(include_str!("talks/spanish.toml"), 12).await;
}

#[tokio::test]
async fn a_receptionist_looks_it_up_remembers_and_lets_people_go_to_people() {
    run_all(include_str!("talks/receptionist.toml"), 14).await;
}

#[tokio::test]
async fn appointments_are_made_from_free_times_and_read_back() {
    run_all(include_str!("talks/booking.toml"), 45).await;
}

#[tokio::test]
async fn appointments_are_made_in_four_languages() {
    run_all(include_str!("talks/booking_languages.toml"), 15).await;
}

#[tokio::test]
async fn appointments_nothing_was_tuned_on_are_made() {
    run_all(include_str!("talks/booking_heldout.toml"), 15).await;
}

#[tokio::test]
async fn appointments_of_the_second_set_kept_aside_are_made() {
    // As first measured, before anything was changed for it: 6 of 15.
    run_some(include_str!("talks/booking_heldout2.toml"), 6).await;
}

#[tokio::test]
async fn the_last_of_the_day_and_two_at_once_are_understood() {
    run_all(include_str!("talks/booking_latest.toml"), 8).await;
}

#[tokio::test]
async fn messy_appointments_nothing_was_tuned_on_are_made() {
    // 4 of 15 as first measured, before anything was changed for it.
    run_some(include_str!("talks/booking_heldout3.toml"), 6).await;
}

#[tokio::test]
async fn appointments_are_made_as_customers_in_a_hurry_make_them() {
    run_all(include_str!("talks/booking_played.toml"), 15).await;
}
