//! Questions on the business's own facts: hours, address, phone, e-mail, web site, what it does.
//!
//! Recognised by the patterns in `data/facts.toml`. One more fact is a section there, a variant here and its words in
//! the phrase files.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::builtin::understand::pattern::{BadPattern, Pattern};

/// Why the fact patterns could not be used.
#[derive(Debug, thiserror::Error)]
pub enum FactsError {
    /// Not the right TOML.
    #[error("fact patterns cannot be read: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A pattern is broken.
    #[error(transparent)]
    Pattern(#[from] BadPattern),
}

/// A fact of the business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// When it is open.
    Hours,
    /// Where it is.
    Address,
    /// Its phone number.
    Phone,
    /// Its e-mail address.
    Email,
    /// Its web site.
    Website,
    /// What it does.
    About,
}

/// A question on a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Which fact.
    pub fact: Fact,
    /// Whether the question is about that fact alone, so that the documents need not be asked first ("are you open on
    /// Sunday?", not "what hours is the pool open?").
    pub plain: bool,
}

#[derive(Deserialize)]
struct Section {
    patterns: Vec<String>,
}

/// Recognises questions on facts.
#[derive(Debug)]
pub struct Recogniser {
    patterns: Vec<(Fact, Pattern)>,
}

impl Recogniser {
    /// Reads the patterns.
    pub fn load() -> Result<Self, FactsError> {
        let sections: BTreeMap<Fact, Section> = toml::from_str(include_str!("../data/facts.toml"))?;
        let mut patterns = Vec::new();
        for (fact, section) in sections {
            for source in section.patterns {
                patterns.push((fact, Pattern::parse(&source)?));
            }
        }
        Ok(Self { patterns })
    }

    /// The fact a part of a message asks for.
    pub fn find(&self, words: &[&str]) -> Option<Asked> {
        // The pattern that explains most of the words wins.
        let (fact, _) = self
            .patterns
            .iter()
            .filter_map(|(fact, pattern)| pattern.find(words).map(|(_, taken)| (*fact, taken)))
            .fold(None, |best: Option<(Fact, usize)>, found| match best {
                Some(best) if best.1 >= found.1 => Some(best),
                _ => Some(found),
            })?;
        Some(Asked { fact, plain: words.iter().all(|word| is_plain(fact, word)) })
    }
}

/// Words that a plain question on a fact may contain.
fn is_plain(fact: Fact, word: &str) -> bool {
    const COMMON: &[&str] = &[
        "a", "about", "all", "also", "am", "an", "and", "are", "at", "be", "business", "can", "could", "do", "does", "for", "from", "get", "give", "guys", "hello", "hey", "hi", "how", "i", "in", "is", "it", "its", "know", "like", "me", "my", "need", "of", "office", "ok", "on", "or", "place", "please", "shop", "so", "store", "tell", "thanks", "that", "the", "there", "this", "to", "want", "what", "whats", "when", "where", "which", "who", "will", "with", "would", "you", "your", "practice", "clinic", "company", "yall", "still", "currently", "already", "even", "have", "if", "id", "exactly", "find", "may", "send", "us", "but", "then", "just", "again", "located", "based", "guess",
        "el", "la", "los", "las", "de", "del", "en", "que", "y", "a", "su", "sus", "me", "por", "favor", "es", "son", "hola", "estan", "esta", "ustedes", "usted", "cual", "donde", "cuando", "puedo", "pueden", "quiero", "saber", "se", "un", "una", "para", "al", "tienen", "tiene", "clinica", "tienda", "local", "como", "da", "dame", "pero", "tambien", "gracias", "puede", "decir", "quisiera",
        "sie", "ihr", "ihre", "eure", "die", "der", "das", "wo", "wann", "und", "bitte", "haben", "sind", "ist", "vous", "votre", "est", "ou", "le", "et", "sil", "plait", "etes", "am", "um",
    ];
    const HOURS: &[&str] = &[
        "open", "opened", "opening", "close", "closed", "closing", "closes", "opens", "hours", "hour", "time", "times", "today", "todays", "tomorrow", "now", "right", "late", "early", "until", "till", "monday", "mondays", "tuesday", "tuesdays", "wednesday", "wednesdays", "thursday", "thursdays", "friday", "fridays", "saturday", "saturdays", "sunday", "sundays", "weekend", "weekends", "week", "day", "days", "working", "schedule", "am", "pm", "noon", "midnight", "morning", "evening", "afternoon", "night", "tonight", "after", "before", "work", "normal", "regular", "usual", "earlier", "later", "o", "clock", "every", "during", "operation", "anyone", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "shut", "next", "between", "by", "past",
        "horario", "horarios", "hora", "abren", "cierran", "abre", "cierra", "abierto", "abiertos", "cerrado", "cerrados", "hoy", "manana", "ahora", "lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "sabados", "domingo", "domingos", "hasta", "fin", "semana", "atienden", "atencion", "dia", "dias", "tarde", "noche", "mediodia",
        "offnungszeiten", "geoffnet", "offen", "heute", "morgen", "sonntag", "samstag", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "auf", "zu", "ouvert", "ouverts", "ferme", "horaires", "demain", "dimanche", "samedi", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "ouvrez", "fermez", "quelle", "heure", "heures",
    ];
    const CONTACT: &[&str] = &[
        "address", "location", "directions", "street", "full", "phone", "telephone", "number", "email", "e", "mail", "website", "site", "web", "page", "url", "homepage", "contact", "call", "write", "come", "direccion", "ubicacion", "ubicados", "telefono", "numero", "correo", "electronico", "pagina", "llego", "llamar", "adresse", "telefonnummer", "nummer", "telephone", "numero", "webseite", "encuentran", "quedan",
    ];
    COMMON.contains(&word)
        || match fact {
            Fact::Hours => HOURS.contains(&word) || word.chars().next().is_some_and(|c| c.is_ascii_digit()),
            Fact::About => true,
            _ => CONTACT.contains(&word),
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin::text;

    fn asked(message: &str) -> Option<Asked> {
        let words = text::words(message);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Recogniser::load().unwrap().find(&words)
    }

    #[test]
    fn questions_on_facts_are_recognised() {
        for (text, fact) in [
            ("what are your hours?", Fact::Hours), ("are you open on sunday", Fact::Hours), ("when do you close today?", Fact::Hours), ("open now?", Fact::Hours),
            ("¿a qué hora abren mañana?", Fact::Hours), ("where are you located?", Fact::Address), ("what's your address", Fact::Address), ("¿dónde están ubicados?", Fact::Address),
            ("what's your phone number?", Fact::Phone), ("can i call you", Fact::Phone), ("do you have an email address", Fact::Email), ("do you have a website?", Fact::Website),
            ("what do you guys do?", Fact::About), ("Haben Sie am Sonntag geöffnet?", Fact::Hours),
        ] {
            let found = asked(text);
            assert_eq!(found.map(|a| a.fact), Some(fact), "{text}");
            assert!(found.unwrap().plain, "{text}");
        }
    }

    #[test]
    fn other_questions_are_left_to_the_documents() {
        for text in ["how many hours does the treatment take", "where can i park", "do you open bank accounts", "is there a minimum order"] {
            assert!(asked(text).is_none_or(|a| !a.plain), "{text}");
        }
        assert!(!asked("is the pool open on sunday?").is_some_and(|a| a.plain));
    }
}
