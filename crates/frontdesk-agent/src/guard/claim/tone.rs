//! How a sentence speaks of a time: as free, as gone, as something else. The words are in the phrase files, in the sections
//! `[offer]`, `[gone]`, `[aside]`, `[own]` and `[small]`, with those that take a claim back.

use frontdesk_domain::locale::Language;

use super::super::normal;
use super::{PHRASES, Phrases, last_words};

/// What the words around a time say of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tone {
    /// It is told as free, or proposed.
    pub offers: bool,
    /// It is told as taken, was named by the customer, or means something else (an end, an arrival, an opening hour).
    pub excused: bool,
}

/// What a text says of a time: the words before it in its clause, those behind it up to the next time.
pub fn tone(before: &str, after: &str, language: Language) -> Tone {
    let Some(phrases) = of_language(language) else { return Tone::default() };
    let plain = |text: &str| phrases.joined(text);
    phrases.tone(&plain(before), &plain(after))
}

/// Whether a text without a time proposes the one before it: "would that be all right?"
pub fn proposes(text: &str, language: Language) -> bool {
    of_language(language).is_some_and(|phrases| {
        let text = phrases.joined(text);
        let other = [&phrases.deny, &phrases.gone, &phrases.report, &phrases.aside, &phrases.hours];
        phrases.offer.is_match(&text) && !other.iter().any(|words| words.is_match(&text))
    })
}

/// Whether a text speaks of an appointment the customer has.
pub fn is_own(text: &str, language: Language) -> bool {
    of_language(language).is_some_and(|phrases| phrases.own.is_match(&phrases.joined(text)))
}

/// Whether a text has no words but small ones ("or", "at", "with").
pub fn is_bare(text: &str, language: Language) -> bool {
    let Some(small) = of_language(language).and_then(|phrases| phrases.small.get()) else { return false };
    normal::plain(text).clauses.iter().all(|clause| {
        clause.text.split(' ').all(|word| word.is_empty() || small.is_match(&format!(" {word} ")))
    })
}

fn of_language(language: Language) -> Option<&'static Phrases> {
    PHRASES.iter().find(|phrases| phrases.language == language)
}

impl Phrases {
    /// A text's words without the neutral ones, in one line.
    fn joined(&self, text: &str) -> String {
        let clauses = normal::plain(text).clauses;
        let line: String = clauses.iter().map(|clause| clause.text.trim_end()).chain([" "]).collect();
        let clean = self.neutral.get().map(|neutral| neutral.replace_all(&line, " ").into_owned());
        clean.unwrap_or(line)
    }

    fn tone(&self, before: &str, after: &str) -> Tone {
        let denies = |text: &str| self.deny.is_match(text) || self.gone.is_match(text);
        // "I have no 3 pm, but ...": the offering word itself is denied.
        let offered = self.offer.last(before).filter(|at| {
            let head = before.get(..=*at).unwrap_or_default();
            !denies(&format!("{} ", last_words(head, 3)))
        });
        let denied = self.deny.last(before).max(self.gone.last(before));
        let free = self.offer.first(after);
        let lost =
            denied.is_some_and(|denied| offered.is_none_or(|offered| denied > offered)) || denies(after);
        let told = [&self.report, &self.hours, &self.aside].iter().any(|words| {
            words.last(before).is_some_and(|told| offered.is_none_or(|offered| told >= offered))
        }) || self.hours.is_match(after);
        Tone { offers: !lost && (offered.is_some() || free.is_some()), excused: lost || told }
    }
}
