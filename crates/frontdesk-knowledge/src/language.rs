//! Languages: which one a text is written in, its stop words, and its stemmer.
//!
//! English, Spanish, German and French are stemmed with Snowball; any other language is indexed by its plain words.
//! This is not a general language identifier: it counts function words, which is enough to choose a stemmer. To add a
//! language, add a variant, its function words in `language/`, its Snowball algorithm and its tag, below.

use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::LazyLock;

/// A language that documents are stemmed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Spanish.
    #[serde(rename = "es")]
    Spanish,
    /// German.
    #[serde(rename = "de")]
    German,
    /// French.
    #[serde(rename = "fr")]
    French,
    /// Any other language: words are compared as they are written.
    #[serde(rename = "other")]
    Other,
}

/// The languages with a stemmer, in the order detection prefers them on a tie.
pub const STEMMED: [Language; 4] = [Language::English, Language::Spanish, Language::German, Language::French];

static ENGLISH: LazyLock<HashSet<&'static str>> = LazyLock::new(|| word_set(include_str!("language/en.txt")));
static SPANISH: LazyLock<HashSet<&'static str>> = LazyLock::new(|| word_set(include_str!("language/es.txt")));
static GERMAN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| word_set(include_str!("language/de.txt")));
static FRENCH: LazyLock<HashSet<&'static str>> = LazyLock::new(|| word_set(include_str!("language/fr.txt")));
static NONE: LazyLock<HashSet<&'static str>> = LazyLock::new(HashSet::new);

fn word_set(list: &'static str) -> HashSet<&'static str> {
    list.split_whitespace().collect()
}

impl Language {
    /// The language of a BCP 47 tag such as `en`, `es-MX` or `fr_CA`; unknown tags are [`Language::Other`].
    pub fn from_tag(tag: &str) -> Self {
        match tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "en" => Self::English,
            "es" => Self::Spanish,
            "de" => Self::German,
            "fr" => Self::French,
            _ => Self::Other,
        }
    }

    /// The BCP 47 tag; `und` when the language is not one of the four.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
            Self::German => "de",
            Self::French => "fr",
            Self::Other => "und",
        }
    }

    /// The language of `text`, or `None` when too few function words tell it (short texts, other languages).
    pub fn detect(text: &str) -> Option<Self> {
        let mut counts = [0_u32; 4];
        let mut words = 0_u32;
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(2_000) {
            words += 1;
            let word = word.to_lowercase();
            // Words of one or two letters are function words of several languages, and parts of codes and names.
            let worth = if word.chars().count() > 2 { 2 } else { 1 };
            for (count, language) in counts.iter_mut().zip(STEMMED) {
                if language.stop_words().contains(word.as_str()) {
                    *count += worth;
                }
            }
        }
        let (best, language) = counts.iter().copied().zip(STEMMED).max_by_key(|(count, _)| *count)?;
        let tied = counts.iter().filter(|count| **count == best).count() > 1;
        // One function word in eight is well below running prose of any of the four languages (about four in ten).
        (best > 1 && !tied && best * 4 >= words).then_some(language)
    }

    /// Words that carry no topic: they are neither indexed nor searched.
    pub fn stop_words(self) -> &'static HashSet<&'static str> {
        match self {
            Self::English => &ENGLISH,
            Self::Spanish => &SPANISH,
            Self::German => &GERMAN,
            Self::French => &FRENCH,
            Self::Other => &NONE,
        }
    }

    /// One letter that keeps the stems of different languages apart in the index.
    pub(crate) fn key(self) -> char {
        match self {
            Self::English => 'e',
            Self::Spanish => 's',
            Self::German => 'd',
            Self::French => 'f',
            Self::Other => 'o',
        }
    }

    /// This language's bit in a set of languages.
    pub(crate) fn bit(self) -> u8 {
        match self {
            Self::English => 1,
            Self::Spanish => 2,
            Self::German => 4,
            Self::French => 8,
            Self::Other => 16,
        }
    }

    /// The stem of a lower-case word.
    pub fn stem(self, word: &str) -> String {
        let algorithm = match self {
            Self::English => frostem::Algorithm::English,
            Self::Spanish => frostem::Algorithm::Spanish,
            Self::German => frostem::Algorithm::German,
            Self::French => frostem::Algorithm::French,
            Self::Other => return word.to_owned(),
        };
        frostem::Stemmer::new(algorithm).stem(word).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_four_languages_apart() {
        let cases = [
            ("Our office is open from nine to five and we are closed on public holidays.", Language::English),
            ("Nuestra oficina está abierta de nueve a cinco y cierra los días festivos.", Language::Spanish),
            (
                "Unser Büro ist von neun bis fünf geöffnet und bleibt an Feiertagen geschlossen.",
                Language::German,
            ),
            (
                "Notre bureau est ouvert de neuf heures à dix-sept heures et fermé les jours fériés.",
                Language::French,
            ),
        ];
        for (text, language) in cases {
            assert_eq!(Language::detect(text), Some(language), "{text}");
        }
    }

    #[test]
    fn a_text_without_function_words_has_no_language() {
        assert_eq!(Language::detect("IL-6 TNF alpha 42"), None);
        assert_eq!(Language::detect(""), None);
        assert_eq!(Language::detect("私たちの営業時間は九時から五時までです"), None);
    }

    #[test]
    fn stems_join_the_forms_of_a_word() {
        assert_eq!(Language::English.stem("appointments"), Language::English.stem("appointment"));
        assert_eq!(Language::Spanish.stem("citas"), Language::Spanish.stem("cita"));
        assert_eq!(Language::German.stem("termine"), Language::German.stem("termin"));
        assert_eq!(Language::French.stem("horaires"), Language::French.stem("horaire"));
        assert_eq!(Language::Other.stem("sopimukset"), "sopimukset");
    }
}
