//! Understanding: what a message wants, part by part, each reading with a score.
//!
//! Words are corrected against the words the examples know, compared with patterns ([`pattern`]) and with the nearest
//! examples ([`nearest`]), and the two kinds of evidence are joined. It decides nothing: the policy does.

pub mod examples;
pub mod intent;
pub mod nearest;
pub mod pattern;
pub mod segment;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use frontdesk_domain::locale::Language;

pub use self::examples::{Examples, ExamplesError};
pub use self::intent::Intent;
use self::nearest::Nearest;
use self::pattern::Pattern;
use super::extract::Entities;
use super::text;

/// How strong a fitting pattern is when it covers the whole part, and a hint.
const PATTERN: f32 = 0.92;
const QUESTION_PATTERN: f32 = 0.76;
const HINT: f32 = 0.45;
/// Below this no example is near.
const UNHEARD: f32 = 0.36;
/// Most words of one part that are looked at.
const MAX_WORDS: usize = 60;

/// A reading of a part with its score, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// What it may want.
    pub intent: Intent,
    /// How sure.
    pub score: f32,
}

/// One part of a message.
#[derive(Debug, Clone)]
pub struct Part {
    /// Where it stands in the message, in bytes.
    pub span: Range<usize>,
    /// Its words, normalised and corrected.
    pub words: Vec<String>,
    /// Its readings, best first; never empty.
    pub readings: Vec<Reading>,
    /// Whether it ends in a question mark.
    pub asks: bool,
}

impl Part {
    /// Its best reading.
    pub fn best(&self) -> Reading {
        self.readings.first().copied().unwrap_or(Reading { intent: Intent::Gibberish, score: 0.0 })
    }

    /// The score of a reading.
    pub fn score(&self, intent: Intent) -> f32 {
        self.readings.iter().find(|reading| reading.intent == intent).map_or(0.0, |reading| reading.score)
    }

    /// How far the best reading is ahead of the second.
    pub fn margin(&self) -> f32 {
        self.best().score - self.readings.get(1).map_or(0.0, |second| second.score)
    }

    /// Its words as text, for patterns.
    pub fn word_refs(&self) -> Vec<&str> {
        self.words.iter().map(String::as_str).collect()
    }
}

/// What a message wants.
#[derive(Debug, Clone, Default)]
pub struct Understanding {
    /// Its parts in order; empty for a message without words.
    pub parts: Vec<Part>,
}

impl Understanding {
    /// What the message is mainly about: the surest part that is not mere courtesy.
    pub fn primary(&self) -> Reading {
        let danger = self.parts.iter().map(|part| part.score(Intent::Emergency)).fold(0.0, f32::max);
        if danger >= 0.5 {
            return Reading { intent: Intent::Emergency, score: danger };
        }
        let urgent = self.parts.iter().map(Part::best).find(|reading| {
            reading.score >= 0.5
                && matches!(reading.intent, Intent::OptOut | Intent::Human | Intent::Complaint)
        });
        if let Some(urgent) = urgent {
            return urgent;
        }
        let surest = |courtesy: bool| {
            self.parts
                .iter()
                .map(Part::best)
                .filter(|reading| {
                    reading.intent.is_courtesy() == courtesy && (courtesy || reading.score > 0.0)
                })
                .fold(None, |best: Option<Reading>, reading| match best {
                    Some(best) if best.score >= reading.score => Some(best),
                    _ => Some(reading),
                })
        };
        surest(false).or_else(|| surest(true)).unwrap_or(Reading { intent: Intent::Gibberish, score: 0.9 })
    }

    /// The part that most wants this, when it is its best reading.
    pub fn part_with(&self, intent: Intent) -> Option<&Part> {
        self.parts
            .iter()
            .filter(|part| part.best().intent == intent)
            .max_by(|a, b| a.best().score.total_cmp(&b.best().score))
    }
}

/// One language's examples, ready for use.
#[derive(Debug)]
struct Model {
    nearest: Nearest,
    patterns: Vec<(Intent, Pattern, f32)>,
    /// Words the examples know, by first letter, for correcting typing mistakes.
    vocabulary: HashMap<char, BTreeSet<String>>,
    known: BTreeSet<String>,
}

impl Model {
    fn new(examples: &Examples) -> Self {
        let mut known: BTreeSet<String> = BTreeSet::new();
        let mut labelled = Vec::new();
        let mut patterns = Vec::new();
        for (intent, section) in &examples.intents {
            for example in &section.examples {
                let words = text::words(example);
                if *intent != Intent::Gibberish {
                    known.extend(words.iter().cloned());
                }
                labelled.push((*intent, words));
            }
            // Questions are told by their form, which wishes share; a wish's own pattern is the better evidence.
            let strong = if *intent == Intent::Question { QUESTION_PATTERN } else { PATTERN };
            for (list, strength) in [(&section.patterns, strong), (&section.hints, HINT)] {
                for pattern in list {
                    known.extend(pattern.vocabulary().map(str::to_owned));
                    patterns.push((*intent, pattern.clone(), strength));
                }
            }
        }
        let mut vocabulary: HashMap<char, BTreeSet<String>> = HashMap::new();
        for word in &known {
            if let Some(first) =
                word.chars().next().filter(|c| c.is_alphabetic() && word.chars().count() >= 4)
            {
                vocabulary.entry(first).or_default().insert(word.clone());
            }
        }
        Self { nearest: Nearest::new(&labelled), patterns, vocabulary, known }
    }

    /// The word itself when it is known, else the nearest known one.
    fn correct(&self, word: &str) -> String {
        let length = word.chars().count();
        if length < 5 || self.known.contains(word) || word.chars().any(|c| c.is_ascii_digit()) {
            return word.to_owned();
        }
        let most = if length >= 8 { 2 } else { 1 };
        let candidates = word.chars().next().and_then(|first| self.vocabulary.get(&first));
        candidates
            .into_iter()
            .flatten()
            .filter(|known| known.chars().count() + 1 >= length.min(5))
            .filter_map(|known| text::distance(word, known, most).map(|distance| (distance, known)))
            // Inflections are not typing mistakes.
            .filter(|(_, known)| !is_inflection(word, known))
            .min()
            .map_or_else(|| word.to_owned(), |(_, known)| known.clone())
    }
}

fn is_inflection(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    long.strip_prefix(short).is_some_and(|ending| matches!(ending, "s" | "es" | "d" | "ed" | "r" | "er"))
}

/// All languages' examples, ready for use.
#[derive(Debug)]
pub struct Understander {
    models: BTreeMap<&'static str, Model>,
    /// Letter triples that occur in words of any language.
    triples: BTreeSet<[char; 3]>,
}

impl Understander {
    /// Prepares examples, one set per language.
    pub fn new(sets: &[Examples]) -> Self {
        let models: BTreeMap<&'static str, Model> =
            sets.iter().map(|set| (set.language.code(), Model::new(set))).collect();
        let triples =
            models.values().flat_map(|model| model.known.iter()).flat_map(|word| triples(word)).collect();
        Self { models, triples }
    }

    /// What a message wants. `entities` are what was found in it.
    pub fn understand(&self, raw: &str, entities: &Entities, language: Language) -> Understanding {
        let mut masks = entities.masks();
        // A name says nothing of what is wanted, and it is in no example.
        masks.extend(entities.names.iter().map(|found| (found.span.clone(), "")));
        masks.sort_by_key(|(span, _)| span.start);
        let whole: Vec<Range<usize>> = masks.iter().map(|(span, _)| span.clone()).collect();
        let parts = segment::parts(raw, &whole)
            .into_iter()
            .map(|span| self.read(raw, span, &masks, language))
            .filter(|part| !part.words.is_empty() || part.best().intent == Intent::GiveDetails)
            .collect();
        Understanding { parts }
    }

    fn read(
        &self,
        raw: &str,
        span: Range<usize>,
        masks: &[(Range<usize>, &'static str)],
        language: Language,
    ) -> Part {
        let masked = mask(raw, &span, masks);
        let named = masks
            .iter()
            .any(|(found, mark)| mark.is_empty() && span.start <= found.start && found.end <= span.end);
        let asks = masked.trim_end().ends_with('?');
        let typed: Vec<String> = text::words(&masked).into_iter().take(MAX_WORDS).collect();
        let mut scores: BTreeMap<Intent, f32> = BTreeMap::new();
        let mut words = typed.clone();
        let model = self.models.get(language.code()).or_else(|| self.models.get(Language::En.code()));
        if let Some(model) = model {
            words = typed.iter().map(|word| model.correct(word)).collect();
            scores = evidence(model, &words);
        }
        let rival = scores
            .iter()
            .filter(|(intent, _)| **intent != Intent::Question)
            .map(|(_, score)| *score)
            .fold(0.0, f32::max);
        // The form of a question counts where nothing else is clear: "can someone call me?" is none.
        if asks {
            raise(&mut scores, Intent::Question, if rival < 0.6 { 0.25 } else { 0.1 });
        }
        if starts_as_question(&words) && rival < 0.5 {
            raise(&mut scores, Intent::Question, 0.4);
        }
        // A sentence nobody has said before is more likely a question on the business than anything else.
        let surest = scores.values().copied().fold(0.0, f32::max);
        if words.len() >= 4 && surest < UNHEARD {
            scores.insert(Intent::Question, UNHEARD);
        }
        if named {
            raise(&mut scores, Intent::GiveDetails, if words.len() <= 5 { 0.5 } else { 0.1 });
        }
        if self.is_gibberish(&typed) {
            for score in scores.values_mut() {
                *score *= 0.4;
            }
            raise(&mut scores, Intent::Gibberish, 0.85);
        } else if typed.iter().any(|word| word.len() > 3) {
            scores.entry(Intent::Gibberish).and_modify(|score| *score *= 0.3);
        }
        let mut readings: Vec<Reading> = scores
            .into_iter()
            .filter(|(_, score)| *score > 0.02)
            .map(|(intent, score)| Reading { intent, score })
            .collect();
        readings.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.intent.cmp(&b.intent)));
        readings.truncate(6);
        if readings.is_empty() {
            readings.push(Reading { intent: Intent::Question, score: 0.1 });
        }
        Part { span, words, readings, asks }
    }

    /// Whether hardly any letter triple of the words occurs in a known word.
    fn is_gibberish(&self, words: &[String]) -> bool {
        let mut seen = 0_usize;
        let mut total = 0_usize;
        for word in words {
            if word.starts_with('@') || word.chars().any(|c| c.is_ascii_digit() || !c.is_alphanumeric()) {
                return false;
            }
            if self.models.values().any(|model| model.known.contains(word)) {
                return false;
            }
            // Scripts the examples do not know are another language, not nonsense.
            if word.chars().any(|c| c.is_alphabetic() && !c.is_ascii()) {
                return false;
            }
            for triple in triples(word) {
                total += 1;
                seen += usize::from(self.triples.contains(&triple));
            }
        }
        total > 0 && (seen as f32) < 0.55 * total as f32
    }
}

fn triples(word: &str) -> Vec<[char; 3]> {
    let padded: Vec<char> = std::iter::once('<').chain(word.chars()).chain(std::iter::once('>')).collect();
    padded.windows(3).filter_map(|w| <[char; 3]>::try_from(w).ok()).collect()
}

/// Joins patterns and nearest examples: each is independent evidence.
fn evidence(model: &Model, words: &[String]) -> BTreeMap<Intent, f32> {
    let refs: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut fitting: BTreeMap<Intent, f32> = BTreeMap::new();
    for (intent, pattern, strength) in &model.patterns {
        if let Some((_, taken)) = pattern.find(&refs) {
            // A pattern that covers most of the part says more about it than two words in a long sentence.
            let cover = taken as f32 / refs.len().max(1) as f32;
            let value = strength * (0.72 + 0.28 * cover.min(1.0));
            let best = fitting.entry(*intent).or_default();
            *best = best.max(value);
        }
    }
    let mut scores = model.nearest.scores(words);
    for (intent, pattern) in fitting {
        let score = scores.entry(intent).or_default();
        *score = 1.0 - (1.0 - 0.8 * pattern) * (1.0 - 0.85 * *score);
    }
    scores
}

/// Whether the words are in the order of a question, small words before it aside.
fn starts_as_question(words: &[String]) -> bool {
    const FILLERS: &[&str] = &[
        "so",
        "and",
        "also",
        "ok",
        "okay",
        "well",
        "but",
        "hey",
        "hi",
        "hello",
        "um",
        "roughly",
        "please",
        "y",
        "pero",
        "oye",
        "quick",
        "question",
        "wait",
        "then",
        "oh",
        "just",
        "wondering",
        "curious",
        "hola",
        "disculpe",
    ];
    const STARTS: &[&str] = &[
        "how", "what", "whats", "when", "where", "wheres", "which", "who", "whos", "whod", "whose", "why",
        "do", "does", "did", "is", "are", "can", "could", "will", "would", "should", "has", "any", "got",
        "am", "que", "cual", "cuales", "cuanto", "cuanta", "cuantos", "cuando", "donde", "como", "quien",
        "hay", "tienen", "puedo", "se", "es", "son", "hasta", "aceptan", "hacen", "was", "wie", "wann", "wo",
        "combien", "quand", "ou", "quel", "quelle",
    ];
    words
        .iter()
        .take(4)
        .find(|word| !FILLERS.contains(&word.as_str()))
        .is_some_and(|word| words.len() >= 3 && STARTS.contains(&word.as_str()))
}

fn raise(scores: &mut BTreeMap<Intent, f32>, intent: Intent, by: f32) {
    let score = scores.entry(intent).or_default();
    *score = 1.0 - (1.0 - *score) * (1.0 - by);
}

/// The part's text with what was found replaced by its mark.
fn mask(raw: &str, span: &Range<usize>, masks: &[(Range<usize>, &'static str)]) -> String {
    let mut masked = String::new();
    let mut at = span.start;
    for (found, mark) in masks {
        if found.start < at || found.end > span.end {
            continue;
        }
        masked.push_str(raw.get(at..found.start).unwrap_or_default());
        masked.push(' ');
        masked.push_str(mark);
        masked.push(' ');
        at = found.end;
    }
    masked.push_str(raw.get(at..span.end).unwrap_or_default());
    masked
}
