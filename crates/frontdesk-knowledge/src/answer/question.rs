//! What a question asks for: its kind, how much each of its words matters, and words that may stand for them.
//!
//! The words are data in `lexicon/`, one file per language. Each line begins with a role: `weak` words hardly matter,
//! `mild` ones matter only when a document holds them, the names of kinds select the kind ("how_much" is the phrase
//! "how much"), and the words of a `same` line may stand for each other. To add a language, add its file here and its variant in `language`.

use crate::index::QueryTerm;
use crate::language::Language;
use crate::text::{keys, units};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// What an answer must contain to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// An amount of money, or "free".
    Price,
    /// A time of day, a weekday or a date.
    Hours,
    /// A span of time.
    Duration,
    /// A place.
    Where,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A name.
    Who,
    /// A number.
    Count,
    /// An age.
    Age,
    /// How often.
    Often,
}

const KINDS: [(&str, Kind); 10] = [
    ("price", Kind::Price),
    ("hours", Kind::Hours),
    ("duration", Kind::Duration),
    ("where", Kind::Where),
    ("phone", Kind::Phone),
    ("email", Kind::Email),
    ("who", Kind::Who),
    ("count", Kind::Count),
    ("age", Kind::Age),
    ("often", Kind::Often),
];

/// The words of one language.
#[derive(Debug, Default)]
struct Lexicon {
    /// Words that hardly matter.
    weak: HashSet<String>,
    /// Words that matter only when a document holds them.
    mild: HashSet<String>,
    /// Words and phrases that select a kind, longest phrase first.
    cues: Vec<(Vec<String>, Kind)>,
    /// For each key, the keys that may stand for it.
    same: HashMap<String, Vec<String>>,
    /// For each kind, the words that lead a search to it.
    leads: HashMap<Kind, Vec<String>>,
}

static LEXICONS: LazyLock<HashMap<Language, Lexicon>> = LazyLock::new(|| {
    [
        (Language::English, include_str!("lexicon/en.txt")),
        (Language::Spanish, include_str!("lexicon/es.txt")),
        (Language::German, include_str!("lexicon/de.txt")),
        (Language::French, include_str!("lexicon/fr.txt")),
    ]
    .into_iter()
    .map(|(language, lines)| (language, Lexicon::read(language, lines)))
    .collect()
});

impl Lexicon {
    fn read(language: Language, lines: &str) -> Self {
        let mut lexicon = Self::default();
        for line in lines.lines() {
            let mut words = line.split_whitespace();
            let Some(role) = words.next() else { continue };
            let words: Vec<&str> = words.collect();
            match role {
                "weak" => lexicon.weak.extend(words.into_iter().map(str::to_owned)),
                "mild" => lexicon.mild.extend(words.into_iter().map(str::to_owned)),
                "same" => lexicon.read_group(language, &words),
                role => {
                    let Some((_, kind)) = KINDS.iter().find(|(name, _)| *name == role) else { continue };
                    for word in words {
                        lexicon.cues.push((word.split('_').map(str::to_owned).collect(), *kind));
                        if !word.contains('_') {
                            lexicon.leads.entry(*kind).or_default().push(word.to_owned());
                        }
                    }
                }
            }
        }
        lexicon.cues.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        lexicon
    }

    fn read_group(&mut self, language: Language, words: &[&str]) {
        let group: Vec<String> =
            words.iter().flat_map(|word| units(word)).flat_map(|unit| keys(&unit.text, language)).collect();
        for key in &group {
            let others = self.same.entry(key.clone()).or_default();
            for other in &group {
                if other != key && !others.contains(other) {
                    others.push(other.clone());
                }
            }
        }
    }
}

/// A word of the question with what it is worth.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Need {
    pub(super) keys: Vec<String>,
    /// Keys that may stand for it.
    pub(super) stand_ins: Vec<String>,
    /// How much of the question's meaning it carries.
    pub(super) worth: f32,
    /// It only says of what kind the answer is: an answer of that kind has it.
    pub(super) cue: Option<Kind>,
    /// The weekday it names, 0 for Monday.
    pub(super) weekday: Option<usize>,
    /// The index knows only a similar spelling.
    pub(super) guessed: bool,
    /// No chunk holds it.
    pub(super) unknown: bool,
}

/// A question, understood as far as its words go.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Question {
    pub(super) language: Language,
    pub(super) kind: Option<Kind>,
    pub(super) needs: Vec<Need>,
}

/// The language of a question when it is not told; English when nothing speaks for another.
pub(super) fn language_of(question: &str, told: Option<Language>) -> Language {
    told.or_else(|| Language::detect(question)).unwrap_or_default()
}

impl Question {
    pub(super) fn read(question: &str, language: Language, terms: &[QueryTerm]) -> Self {
        let lexicon = LEXICONS.get(&language);
        let words: Vec<String> = units(question).into_iter().map(|unit| unit.text).collect();
        let kind = lexicon.and_then(|lexicon| kind_of(lexicon, &words));
        let needs = terms.iter().map(|term| {
            let cue = lexicon.and_then(|lexicon| single_cue(lexicon, &term.word, kind));
            let mild = lexicon.is_some_and(|lexicon| lexicon.mild.contains(&term.word));
            let weak = lexicon.is_some_and(|lexicon| lexicon.weak.contains(&term.word))
                || (mild && term.frequency == 0);
            let stand_ins = lexicon.map(|lexicon| stand_ins(lexicon, &term.keys)).unwrap_or_default();
            // A cue still tells something: "open" in "is the pool open" decides between passages about the pool.
            let factor = if cue.is_some() {
                0.35
            } else if weak {
                0.15
            } else if mild {
                0.6
            } else {
                1.0
            };
            // No word alone may decide: the rarest counts at most three times a common one.
            let worth = term.idf.clamp(1.0, 3.2) * factor;
            Need {
                keys: term.keys.clone(),
                stand_ins,
                worth,
                cue,
                weekday: super::sentence::weekday(&term.word),
                guessed: term.guessed,
                unknown: term.frequency == 0,
            }
        });
        Self { language, kind, needs: needs.collect() }
    }

    /// True when nothing but the kind is asked for ("where are you?", "what are your prices?").
    pub(super) fn is_only_kind(&self) -> bool {
        self.kind.is_some() && self.needs.iter().all(|need| need.cue.is_some() || need.worth < 0.6)
    }
}

/// The kind of the first and longest phrase; a phrase such as "how long" beats the single words in it.
fn kind_of(lexicon: &Lexicon, words: &[String]) -> Option<Kind> {
    let at = |phrase: &[String]| words.windows(phrase.len()).position(|window| window == phrase);
    let found = lexicon
        .cues
        .iter()
        .filter_map(|(phrase, kind)| Some((std::cmp::Reverse(phrase.len()), at(phrase)?, *kind)));
    found.min().map(|(_, _, kind)| kind)
}

/// Whether a word alone is a cue for the question's kind. Only cues of that kind count: "number" in "how many rooms,
/// what number" is a word like any other.
fn single_cue(lexicon: &Lexicon, word: &str, kind: Option<Kind>) -> Option<Kind> {
    let kind = kind?;
    let is_cue = |(phrase, of): &(Vec<String>, Kind)| {
        *of == kind && phrase.len() == 1 && phrase.first().is_some_and(|cue| cue == word)
    };
    lexicon.cues.iter().any(is_cue).then_some(kind)
}

fn stand_ins(lexicon: &Lexicon, keys: &[String]) -> Vec<String> {
    keys.iter()
        .filter_map(|key| lexicon.same.get(key))
        .flatten()
        .filter(|key| !keys.contains(key))
        .cloned()
        .collect()
}

/// Index keys that lead a search to passages worded otherwise than the question: stand-ins of its words, and the words
/// of its kind.
pub(super) fn leads(question: &str, language: Language) -> Vec<String> {
    let Some(lexicon) = LEXICONS.get(&language) else { return Vec::new() };
    let words: Vec<String> = units(question).into_iter().map(|unit| unit.text).collect();
    let mut found: Vec<String> = Vec::new();
    let mut add = |key: &String| {
        if !found.contains(key) {
            found.push(key.clone());
        }
    };
    let asked: HashSet<String> = words.iter().flat_map(|word| keys(word, language)).collect();
    for key in &asked {
        lexicon.same.get(key).into_iter().flatten().filter(|key| !asked.contains(*key)).for_each(&mut add);
    }
    let of_kind = kind_of(lexicon, &words).and_then(|kind| lexicon.leads.get(&kind));
    for word in of_kind.into_iter().flatten() {
        keys(word, language).iter().filter(|key| !asked.contains(*key)).for_each(&mut add);
    }
    found.sort();
    found
}
