//! The inverted index of one segment: for each term, the chunks that hold it and how often, by field.
//!
//! Scoring is BM25F (Robertson & Zaragoza 2009): term frequencies of the fields are normalised by the field's length,
//! weighted, added, and only then saturated. Every matching chunk is scored; at 100,000 chunks that takes a few
//! milliseconds, and it lets documents be ranked as a whole too.

use super::segment::StoredChunk;
use crate::language::Language;
use crate::text;
use std::collections::HashMap;

/// A chunk that holds a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Posting {
    pub(super) chunk: u32,
    pub(super) body: u8,
    pub(super) context: u8,
    pub(super) question: u8,
}

/// Words per field of a chunk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Lengths {
    pub(super) body: u32,
    pub(super) context: u32,
    pub(super) question: u32,
}

impl Lengths {
    pub(super) fn add(&mut self, other: Self) {
        self.body += other.body;
        self.context += other.context;
        self.question += other.question;
    }
}

/// Average words per field over the index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Averages {
    pub(super) body: f32,
    pub(super) context: f32,
    pub(super) question: f32,
}

/// The parameters of BM25F.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weights {
    pub(super) k1: f32,
    pub(super) b_body: f32,
    pub(super) b_context: f32,
    pub(super) context: f32,
    pub(super) question: f32,
}

/// Shipped parameters: k1 and b as Anserini ships for passage collections (k1 = 0.9, b = 0.4).
pub(super) const WEIGHTS: Weights =
    Weights { k1: 0.9, b_body: 0.4, b_context: 0.3, context: 1.2, question: 1.5 };

impl Weights {
    /// The saturated, length-normalised frequency of a term, between 0 and `k1 + 1`.
    pub(super) fn saturate(&self, posting: FieldCounts, lengths: Lengths, averages: Averages) -> f32 {
        let part = |count: f32, weight: f32, b: f32, length: u32, average: f32| {
            if count == 0.0 { 0.0 } else { weight * count / (1.0 - b + b * length as f32 / average) }
        };
        let frequency = part(posting.body, 1.0, self.b_body, lengths.body, averages.body)
            + part(posting.context, self.context, self.b_context, lengths.context, averages.context)
            + part(posting.question, self.question, self.b_context, lengths.question, averages.question);
        self.saturate_body(frequency)
    }

    /// The saturated form of a frequency that is normalised already.
    pub(super) fn saturate_body(&self, frequency: f32) -> f32 {
        frequency * (self.k1 + 1.0) / (frequency + self.k1)
    }

    /// What a count in a body of this length is multiplied by.
    pub(super) fn body_norm(&self, length: u32, averages: Averages) -> f32 {
        1.0 / (1.0 - self.b_body + self.b_body * length as f32 / averages.body)
    }
}

/// Counts of one term by field, of a chunk or a whole document.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct FieldCounts {
    pub(super) body: f32,
    pub(super) context: f32,
    pub(super) question: f32,
}

impl From<Posting> for FieldCounts {
    fn from(posting: Posting) -> Self {
        Self {
            body: f32::from(posting.body),
            context: f32::from(posting.context),
            question: f32::from(posting.question),
        }
    }
}

/// The inverted index.
#[derive(Debug, Default)]
pub(super) struct Postings {
    terms: HashMap<Box<str>, (u32, u32)>,
    postings: Vec<Posting>,
}

impl Postings {
    /// The chunks that hold the term of this key, in order.
    pub(super) fn get(&self, key: &str) -> &[Posting] {
        let Some((start, length)) = self.terms.get(key).copied() else { return &[] };
        self.postings.get(start as usize..(start + length) as usize).unwrap_or_default()
    }

    /// Every term with the number of its chunks.
    pub(super) fn vocabulary(&self) -> impl Iterator<Item = (&str, u32)> {
        self.terms.iter().map(|(key, (_, length))| (&**key, *length))
    }

    /// Indexes `chunks`, and gives the lengths of their fields.
    pub(super) fn build<'a>(
        chunks: impl Iterator<Item = (&'a StoredChunk, Language)>,
    ) -> (Self, Vec<Lengths>) {
        let mut analysis = Analysis::default();
        let mut lists: Vec<Vec<Posting>> = Vec::new();
        let mut lengths = Vec::new();
        let mut counts: HashMap<u32, Posting> = HashMap::new();
        for (number, (chunk, language)) in chunks.enumerate() {
            let empty = Posting { chunk: number as u32, body: 0, context: 0, question: 0 };
            counts.clear();
            let body = analysis.each(&chunk.text, language, |term| {
                let posting = counts.entry(term).or_insert(empty);
                posting.body = posting.body.saturating_add(1);
            });
            let context = analysis.each(&chunk.context, language, |term| {
                let posting = counts.entry(term).or_insert(empty);
                posting.context = posting.context.saturating_add(1);
            });
            let question = analysis.each(chunk.question.as_deref().unwrap_or_default(), language, |term| {
                let posting = counts.entry(term).or_insert(empty);
                posting.question = posting.question.saturating_add(1);
            });
            lengths.push(Lengths { body, context, question });
            lists.resize_with(analysis.names.len(), Vec::new);
            for (term, posting) in &counts {
                if let Some(list) = lists.get_mut(*term as usize) {
                    list.push(*posting);
                }
            }
        }
        (Self::flatten(analysis.names.into_iter().zip(lists)), lengths)
    }

    /// Joins indexes: each comes with the new number of each of its chunks, `None` for a chunk left out. New numbers
    /// grow from part to part and within a part.
    pub(super) fn merge(parts: &[(&Self, Vec<Option<u32>>)]) -> Self {
        let mut lists: HashMap<&str, Vec<Posting>> = HashMap::new();
        for (part, numbers) in parts {
            for key in part.terms.keys() {
                let kept = part.get(key).iter().filter_map(|posting| {
                    let chunk = numbers.get(posting.chunk as usize).copied().flatten()?;
                    Some(Posting { chunk, ..*posting })
                });
                let mut kept = kept.peekable();
                if kept.peek().is_some() {
                    lists.entry(key).or_default().extend(kept);
                }
            }
        }
        Self::flatten(lists.into_iter().map(|(key, list)| (Box::from(key), list)))
    }

    fn flatten(lists: impl Iterator<Item = (Box<str>, Vec<Posting>)>) -> Self {
        let mut terms = HashMap::new();
        let mut postings = Vec::new();
        for (key, list) in lists {
            terms.insert(key, (postings.len() as u32, list.len() as u32));
            postings.extend(list);
        }
        postings.shrink_to_fit();
        Self { terms, postings }
    }
}

/// Turns words into term numbers, stemming each distinct word once.
#[derive(Default)]
struct Analysis {
    words: HashMap<Language, HashMap<String, Box<[u32]>>>,
    numbers: HashMap<Box<str>, u32>,
    names: Vec<Box<str>>,
}

impl Analysis {
    /// Calls `found` for each term of `text`; returns how many there were.
    fn each(&mut self, text: &str, language: Language, mut found: impl FnMut(u32)) -> u32 {
        let mut count = 0;
        let words = self.words.entry(language).or_default();
        for word in text::units(text) {
            let terms = if let Some(terms) = words.get(&word.text) {
                terms
            } else {
                let numbers: Box<[u32]> = text::keys(&word.text, language)
                    .into_iter()
                    .map(|key| {
                        let key: Box<str> = key.into();
                        *self.numbers.entry(key).or_insert_with_key(|key| {
                            self.names.push(key.clone());
                            self.names.len() as u32 - 1
                        })
                    })
                    .collect();
                words.entry(word.text).or_insert(numbers)
            };
            count += u32::from(!terms.is_empty());
            for term in terms {
                found(*term);
            }
        }
        count
    }
}
