//! What the brain says: phrases from `data/phrases.*.toml`, varied, in the customer's language and the persona's tone.
//!
//! A phrase has variants for any tone and for one tone; a variant is fit when all its `{places}` have values, so one that
//! names the customer is only used when the name is known. The one used in the newest replies is not used again while
//! there is another. A language without a phrase falls back to English. Values are put in as they are, never read for
//! places again.

use std::collections::BTreeMap;

use frontdesk_domain::locale::Language;
use frontdesk_domain::persona::Tone;
use serde::Deserialize;

/// Why phrases could not be used.
#[derive(Debug, thiserror::Error)]
pub enum PhrasesError {
    /// Not the right TOML.
    #[error("phrases in `{language}` cannot be read: {source}")]
    Syntax {
        /// Language code.
        language: &'static str,
        /// Why.
        source: toml::de::Error,
    },
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Variants {
    any: Vec<String>,
    friendly: Vec<String>,
    professional: Vec<String>,
    casual: Vec<String>,
}

/// All phrases.
#[derive(Debug)]
pub struct Phrases {
    languages: BTreeMap<&'static str, BTreeMap<String, Variants>>,
}

/// How a phrase is to be said.
#[derive(Debug, Clone, Copy)]
pub struct Manner<'a> {
    /// The language.
    pub language: Language,
    /// The tone.
    pub tone: Tone,
    /// Where in the variants to start; deterministic.
    pub turn: u64,
    /// What was said last, newest last; a variant found in it is avoided.
    pub said: &'a [&'a str],
}

const FILES: &[(Language, &str)] = &[
    (Language::En, include_str!("../data/phrases.en.toml")),
    (Language::Es, include_str!("../data/phrases.es.toml")),
    (Language::De, include_str!("../data/phrases.de.toml")),
    (Language::Fr, include_str!("../data/phrases.fr.toml")),
];

impl Phrases {
    /// Reads the phrase files.
    pub fn load() -> Result<Self, PhrasesError> {
        let mut languages = BTreeMap::new();
        for (language, source) in FILES {
            let phrases: BTreeMap<String, Variants> = toml::from_str(source)
                .map_err(|source| PhrasesError::Syntax { language: language.code(), source })?;
            languages.insert(language.code(), phrases);
        }
        Ok(Self { languages })
    }

    /// Whether the language has the phrase itself.
    pub fn has(&self, language: Language, key: &str) -> bool {
        self.languages.get(language.code()).is_some_and(|phrases| phrases.contains_key(key))
    }

    /// The keys of a language.
    pub fn keys(&self, language: Language) -> impl Iterator<Item = &str> {
        self.languages.get(language.code()).into_iter().flat_map(BTreeMap::keys).map(String::as_str)
    }

    /// Says a phrase; empty when there is no variant all of whose places have values.
    pub fn say(&self, key: &str, values: &[(&str, &str)], manner: Manner<'_>) -> String {
        [manner.language, Language::En]
            .iter()
            .filter_map(|language| self.languages.get(language.code())?.get(key))
            .find_map(|variants| pick(variants, key, values, manner))
            .unwrap_or_default()
    }
}

fn pick(variants: &Variants, key: &str, values: &[(&str, &str)], manner: Manner<'_>) -> Option<String> {
    let toned = match manner.tone {
        Tone::Friendly => &variants.friendly,
        Tone::Professional => &variants.professional,
        Tone::Casual => &variants.casual,
    };
    let said: Vec<String> =
        toned.iter().chain(&variants.any).filter_map(|variant| fill(variant, values)).collect();
    let start = usize::try_from(mix(manner.turn, key) % said.len().max(1) as u64).unwrap_or(0);
    let order: Vec<&String> = said.iter().cycle().skip(start).take(said.len()).collect();
    // Not found in the newest replies if possible, else the one whose last use is longest ago.
    order
        .iter()
        .min_by_key(|phrase| {
            manner.said.iter().rposition(|line| line.contains(phrase.as_str())).map_or(0, |at| at + 1)
        })
        .map(|phrase| (*phrase).clone())
}

/// The variant with its places filled; `None` when a value is missing.
fn fill(variant: &str, values: &[(&str, &str)]) -> Option<String> {
    let mut filled = String::with_capacity(variant.len() + 32);
    let mut rest = variant;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        let value = values.iter().find(|(key, value)| *key == name && !value.is_empty())?.1;
        filled.push_str(before);
        filled.push_str(value);
        rest = after;
    }
    filled.push_str(rest);
    Some(filled)
}

/// Spreads a number and a key over all numbers (FNV-1a, then a finalizer).
fn mix(turn: u64, key: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in key.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash = hash.wrapping_add(turn.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash ^ (hash >> 27)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::Guard;
    use crate::guard::times::Evidence;
    use crate::session::{Receipt, ReceiptKind};

    const MANNER: Manner<'static> =
        Manner { language: Language::En, tone: Tone::Friendly, turn: 1, said: &[] };

    #[test]
    fn spanish_has_every_phrase_english_has_and_the_others_know_only_english_ones() {
        let phrases = Phrases::load().unwrap();
        for key in phrases.keys(Language::En) {
            assert!(phrases.has(Language::Es, key), "Spanish lacks {key}");
        }
        for language in [Language::Es, Language::De, Language::Fr] {
            for key in phrases.keys(language) {
                assert!(phrases.has(Language::En, key), "{language:?} has {key}, English has not");
            }
        }
    }

    /// Receipts that a phrase is said with.
    fn proof(key: &str) -> Vec<Receipt> {
        let kind = match key {
            "lead.saved" | "lead.updated" | "lead.corrected" | "lead.readback" | "lead.ok" => {
                ReceiptKind::LeadCaptured
            }
            "contact.updated" => ReceiptKind::ContactUpdated,
            "book.done" | "book.pending" | "book.mail" | "book.mail_later" | "book.yours"
            | "book.yours_pending" => ReceiptKind::Booked,
            "book.moved" => ReceiptKind::Rescheduled,
            "book.cancelled" => ReceiptKind::Cancelled,
            "book.code_sent" => ReceiptKind::CodeSent,
            "book.waiting_done" => ReceiptKind::WaitingListJoined,
            _ if key.starts_with("book.") => ReceiptKind::TimesChecked,
            _ if key.starts_with("send.done.") => ReceiptKind::MessageSent,
            "opt_out.done" | "opt_out.already" => ReceiptKind::OptedOut,
            _ if key.starts_with("handoff.done")
                || key.starts_with("handoff.away")
                || key == "handoff.again" =>
            {
                ReceiptKind::HandedOff
            }
            _ => return Vec::new(),
        };
        vec![Receipt { kind, id: "r1".to_owned() }]
    }

    #[test]
    fn no_phrase_claims_what_its_receipts_do_not_prove() {
        let phrases = Phrases::load().unwrap();
        let values = [
            ("agent", "Mia"),
            ("business", "Acme"),
            ("name", "Ana"),
            ("next", "tomorrow at 9 am"),
            ("contact", "+1 718 555 0100"),
            ("reach", "ana@example.com"),
            ("details", "Ana, ana@example.com"),
            ("topic", "politics"),
            ("address", "12 Elm Street"),
            ("phone", "+1 718 555 0100"),
            ("email", "a@b.co"),
            ("website", "https://b.co"),
            ("time", "5 pm"),
            ("day", "on Sunday"),
            ("hours", "9 am–5 pm"),
            ("what", "Cleaning"),
            ("types", "Cleaning, Check-up or Whitening"),
            ("when", "Tuesday, March 24 at 2 pm"),
            ("times", "Tuesday, March 24 at 9 am or 2 pm, or Wednesday, March 25 at 10 am"),
            ("with", "with Maria"),
            ("staff", "Maria"),
            ("names", "Maria or Ben"),
            ("price", "$120"),
            ("length", "45 minutes"),
            ("lengths", "30 minutes or 60 minutes"),
            ("most", "6"),
            ("ref", "K7PM2X"),
            ("summary", "Cleaning, Tuesday, March 24 at 2 pm, with Maria, $120, for Anna Smith"),
            ("list", "\n1. Cleaning, Tuesday, March 24 at 2 pm\n2. Check-up, Friday, March 27 at 9 am"),
        ];
        let mut claims = Vec::new();
        for (code, keys) in &phrases.languages {
            for (key, variants) in keys {
                for variant in variants
                    .any
                    .iter()
                    .chain(&variants.friendly)
                    .chain(&variants.professional)
                    .chain(&variants.casual)
                {
                    let said = fill(variant, &values).unwrap_or_else(|| panic!("{key}: {variant}"));
                    let mut guard = Guard::new(Language::of_tag(code).unwrap());
                    let receipts = proof(key);
                    let evidence = Evidence { receipts: &receipts, shelf: None };
                    let shown = guard.push(&said, evidence) + &guard.settle(evidence);
                    if shown.trim() != said.trim() {
                        claims.push(format!("{code} {key}: {said}"));
                    }
                }
            }
        }
        assert!(claims.is_empty(), "{}", claims.join("\n"));
    }

    #[test]
    fn a_phrase_is_not_repeated_at_once() {
        let phrases = Phrases::load().unwrap();
        for key in ["thanks", "unknown", "gibberish", "anything_else", "deny"] {
            for turn in 0..50 {
                let first = phrases.say(key, &[("business", "Acme")], Manner { turn, ..MANNER });
                let said = [first.as_str()];
                let second =
                    phrases.say(key, &[("business", "Acme")], Manner { turn, said: &said, ..MANNER });
                assert!(!first.is_empty() && first != second, "{key}");
            }
        }
    }

    #[test]
    fn values_are_not_read_for_places_and_missing_ones_choose_another_variant() {
        assert_eq!(fill("Hi {name}!", &[("name", "{agent}")]).as_deref(), Some("Hi {agent}!"));
        assert_eq!(fill("Hi {name}!", &[("name", "")]), None);
        let phrases = Phrases::load().unwrap();
        for turn in 0..20 {
            let said = phrases.say("thanks", &[], Manner { turn, ..MANNER });
            assert!(!said.is_empty() && !said.contains('{'), "{said}");
        }
    }
}
