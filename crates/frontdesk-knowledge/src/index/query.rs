//! Questions to the index: their words, the index keys those words may have, and how much each word tells.

use super::Snapshot;
use crate::language::{Language, STEMMED};
use crate::text;
use std::collections::HashSet;
use uuid::Uuid;

/// What is searched for.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// The question or words.
    pub text: String,
    /// Its embedding by the index's model; without it the search is lexical.
    pub vector: Option<Vec<f32>>,
    /// Most hits wanted.
    pub limit: usize,
    /// Search only these sources.
    pub sources: Option<HashSet<Uuid>>,
    /// The language it is asked in, when known.
    pub language: Option<Language>,
    /// Further index keys that lead to passages worded otherwise; they weigh little and count for no confidence.
    pub leads: Vec<String>,
}

impl Query {
    /// A query for `text` with ten hits.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), limit: 10, ..Self::default() }
    }
}

/// A word of the question that carries meaning.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryTerm {
    /// The word as asked, in lower case.
    pub word: String,
    /// The index keys that count as this word.
    pub keys: Vec<String>,
    /// Chunks that hold it.
    pub frequency: usize,
    /// How rare it is: the BM25 inverse document frequency. A word that no chunk holds has the highest.
    pub idf: f32,
    /// How often it was asked for, less when the index knows only a similar spelling.
    pub weight: f32,
    /// The keys are of a similar spelling: the word itself is in no chunk.
    pub guessed: bool,
}

/// Longest question in words; the rest is ignored.
const MOST_WORDS: usize = 256;

/// How much a lead counts beside a word of the question.
const LEAD_WEIGHT: f32 = 0.3;

/// The leads of a query as terms.
pub(super) fn lead_terms(snapshot: &Snapshot, leads: &[String]) -> Vec<QueryTerm> {
    let term = |key: &String| {
        let keys = vec![key.clone()];
        let frequency = frequency(snapshot, &keys);
        let idf = idf(snapshot.chunks, frequency);
        QueryTerm { word: String::new(), keys, frequency, idf, weight: LEAD_WEIGHT, guessed: false }
    };
    leads.iter().take(MOST_WORDS).map(term).filter(|term| term.frequency > 0).collect()
}

/// How much a similar spelling counts.
const GUESS_WEIGHT: f32 = 0.6;

/// The terms of `text`, stop words left out.
pub(super) fn terms(snapshot: &Snapshot, text: &str, language: Option<Language>) -> Vec<QueryTerm> {
    let present: Vec<Language> = STEMMED
        .into_iter()
        .chain([Language::Other])
        .filter(|language| snapshot.languages & language.bit() != 0)
        .collect();
    let asked_in =
        language.or_else(|| Language::detect(text)).or_else(|| present.first().copied()).unwrap_or_default();
    let mut terms: Vec<QueryTerm> = Vec::new();
    for unit in text::units(text).into_iter().take(MOST_WORDS) {
        if asked_in.stop_words().contains(unit.text.as_str()) {
            continue;
        }
        if let Some(known) = terms.iter_mut().find(|term| term.word == unit.text) {
            known.weight += 1.0;
            continue;
        }
        let mut keys: Vec<String> = Vec::new();
        for language in present.iter().copied().chain(present.is_empty().then_some(asked_in)) {
            for key in text::keys(&unit.text, language) {
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        if keys.is_empty() {
            continue;
        }
        // Two spellings of one stem ("opening open") are one term asked for twice.
        if let Some(known) = terms.iter_mut().find(|term| term.keys == keys) {
            known.weight += 1.0;
            continue;
        }
        let is_joined = text.get(unit.span.clone()).is_some_and(|raw| raw.contains(['-', '‑', '–']));
        let mut term =
            QueryTerm { word: unit.text, keys, frequency: 0, idf: 0.0, weight: 1.0, guessed: false };
        term.frequency = frequency(snapshot, &term.keys);
        if term.frequency == 0 && is_joined {
            // Its parts are terms already.
            continue;
        }
        if term.frequency == 0
            && let Some(keys) = similar(snapshot, &term.keys)
        {
            term.frequency = frequency(snapshot, &keys);
            term.keys = keys;
            term.weight = GUESS_WEIGHT;
            term.guessed = true;
        }
        term.idf = idf(snapshot.chunks, term.frequency);
        terms.push(term);
    }
    terms
}

/// BM25's inverse document frequency, in the form that is never negative.
pub(super) fn idf(total: usize, frequency: usize) -> f32 {
    let (total, frequency) = (total.max(frequency) as f32, frequency as f32);
    (1.0 + (total - frequency + 0.5) / (frequency + 0.5)).ln()
}

fn frequency(snapshot: &Snapshot, keys: &[String]) -> usize {
    let of =
        |key: &String| snapshot.views.iter().map(|view| view.segment.postings.get(key).len()).sum::<usize>();
    // Keys of one word in different languages stand in different chunks; spellings of one language may share some.
    keys.iter().map(of).sum::<usize>().min(snapshot.chunks)
}

/// Keys one typing slip away from `keys` with the same first letter: the most frequent of them. Short words and numbers
/// have no similar ones: "paint" is not a slip for "point".
fn similar(snapshot: &Snapshot, keys: &[String]) -> Option<Vec<String>> {
    let wanted: Vec<&String> = keys
        .iter()
        .filter(|key| {
            key.chars().count() >= 7 && !key.starts_with('#') && key.chars().all(char::is_alphabetic)
        })
        .collect();
    if wanted.is_empty() {
        return None;
    }
    let mut best: Option<(u32, &str)> = None;
    for view in &snapshot.views {
        for (key, frequency) in view.segment.postings.vocabulary() {
            let near = wanted.iter().any(|wanted| {
                key.len().abs_diff(wanted.len()) <= 1
                    && key.as_bytes().iter().take(2).eq(wanted.as_bytes().iter().take(2))
                    && one_slip(key, wanted)
            });
            if near
                && best.is_none_or(|(most, name)| {
                    (frequency, std::cmp::Reverse(key)) > (most, std::cmp::Reverse(name))
                })
            {
                best = Some((frequency, key));
            }
        }
    }
    best.map(|(_, key)| vec![key.to_owned()])
}

/// True when one letter was added, left out, changed, or swapped with the next.
fn one_slip(left: &str, right: &str) -> bool {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    let same_start = left.iter().zip(&right).take_while(|(a, b)| a == b).count();
    let (rest_left, rest_right) =
        (left.get(same_start..).unwrap_or_default(), right.get(same_start..).unwrap_or_default());
    match (rest_left, rest_right) {
        ([], [_]) | ([_], []) => true,
        ([a, b, tail_left @ ..], [c, d, tail_right @ ..]) if a == d && b == c && tail_left == tail_right => {
            true
        }
        ([_, tail_left @ ..], [_, tail_right @ ..]) if tail_left == tail_right => true,
        ([_, tail_left @ ..], whole) if tail_left == whole => true,
        (whole, [_, tail_right @ ..]) if tail_right == whole => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_one_slip() {
        for (left, right) in
            [("appoint", "apoint"), ("parking", "parkign"), ("dentist", "dentost"), ("salon", "salons")]
        {
            assert!(one_slip(left, right) && one_slip(right, left), "{left} {right}");
        }
        for (left, right) in [("appoint", "appoint"), ("parking", "marketing"), ("cat", "dog"), ("", "")] {
            assert!(!one_slip(left, right), "{left} {right}");
        }
    }
}
