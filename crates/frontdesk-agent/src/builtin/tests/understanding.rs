//! How often the intent of sentences the examples do not contain is found.

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_domain::locale::Language;

use crate::builtin::extract::Entities;
use crate::builtin::{Builtin, text};

const HELD_OUT: &str = include_str!("heldout.toml");
const OTHER_TRADES: &str = include_str!("heldout2.toml");
const UNTOUCHED: &str = include_str!("heldout3.toml");

type Labelled = BTreeMap<String, BTreeMap<String, Vec<String>>>;

fn held_out(source: &str) -> Vec<(Language, String, String)> {
    let labelled: Labelled = toml::from_str(source).unwrap();
    let examples = examples();
    labelled
        .into_iter()
        .flat_map(|(language, intents)| {
            let language = Language::of_tag(&language).unwrap();
            intents.into_iter().flat_map(move |(intent, texts)| {
                texts.into_iter().map(move |text| (language, intent.clone(), text)).collect::<Vec<_>>()
            })
        })
        // A sentence that happens to be an example proves nothing.
        .filter(|(_, _, text)| !examples.contains(&text::words(text).join(" ")))
        .collect()
}

fn examples() -> BTreeSet<String> {
    [include_str!("../data/intents.en.toml"), include_str!("../data/intents.es.toml")]
        .iter()
        .flat_map(|file| toml::from_str::<Labelled>(file).unwrap().into_values())
        .flat_map(|mut section| section.remove("examples").unwrap_or_default())
        .map(|example| text::words(&example).join(" "))
        .collect()
}

/// The share found, in percent, how many there are, and what went wrong.
fn found(source: &str) -> (f64, usize, String) {
    let brain = Builtin::new().unwrap();
    let set = held_out(source);
    let mut wrong = Vec::new();
    for (language, intent, text) in &set {
        let entities = Entities::of(text, if *language == Language::Es { "ES" } else { "US" });
        let heard = brain.models().understander.understand(text, &entities, *language);
        let found = heard.primary();
        if found.intent.as_str() != intent {
            wrong.push(format!("{intent:>15} <- {:15} {:.2}  {text}", found.intent.as_str(), found.score));
        }
    }
    (100.0 * (set.len() - wrong.len()) as f64 / set.len() as f64, set.len(), wrong.join("\n"))
}

#[test]
fn the_intent_of_unseen_sentences_is_found() {
    let (right, count, wrong) = found(HELD_OUT);
    println!("{right:.1} % of {count} right\n{wrong}");
    assert!(count >= 200 && right >= 96.0, "{right:.1} % right\n{wrong}");
}

#[test]
fn the_intent_is_found_in_the_words_of_other_trades() {
    let (right, count, wrong) = found(OTHER_TRADES);
    println!("{right:.1} % of {count} right\n{wrong}");
    assert!(count >= 100 && right >= 85.0, "{right:.1} % right\n{wrong}");
}

#[test]
fn the_intent_of_sentences_nothing_was_tuned_on_is_found() {
    let (right, count, wrong) = found(UNTOUCHED);
    println!("{right:.1} % of {count} right\n{wrong}");
    assert!(count >= 80 && right >= 80.0, "{right:.1} % right\n{wrong}");
}

#[test]
fn the_surer_a_reading_the_more_often_it_is_right() {
    let brain = Builtin::new().unwrap();
    let all: Vec<(f32, bool)> = [HELD_OUT, OTHER_TRADES, UNTOUCHED]
        .into_iter()
        .flat_map(held_out)
        .map(|(language, intent, text)| {
            let entities = Entities::of(&text, "US");
            let found = brain.models().understander.understand(&text, &entities, language).primary();
            (found.score, found.intent.as_str() == intent)
        })
        .collect();
    let share = |from: f32, to: f32| {
        let of: Vec<bool> =
            all.iter().filter(|(score, _)| *score >= from && *score < to).map(|(_, right)| *right).collect();
        (of.iter().filter(|right| **right).count() as f64 / of.len().max(1) as f64, of.len())
    };
    let (low, middle, high) = (share(0.0, 0.45), share(0.45, 0.7), share(0.7, 1.1));
    println!("below 0.45: {low:?}, to 0.7: {middle:?}, above: {high:?}");
    assert!(high.0 >= 0.95 && high.0 > middle.0 && middle.0 > low.0, "{low:?} {middle:?} {high:?}");
}
