//! Cuts a message into parts that each want one thing: sentences, then clauses ("... and can someone call me").
//!
//! E-mail addresses and phone numbers are never cut. A greeting or thanks at the front is a part of its own.

use std::ops::Range;

use crate::builtin::text::{self, Token};

/// Most parts of one message; the rest stays with the last.
const MAX_PARTS: usize = 12;

/// Words that end a clause when what follows starts a new wish.
const CONNECTORS: &[&str] = &[
    "and", "also", "but", "plus", "then", "y", "e", "pero", "tambien", "ademas", "und", "aber", "et", "mais",
];

/// Words a new wish starts with.
const STARTERS: &[&str] = &[
    "can", "could", "would", "will", "do", "does", "did", "is", "are", "how", "what", "whats", "when",
    "where", "which", "who", "why", "i", "im", "id", "ill", "ive", "we", "my", "please", "someone", "call",
    "have", "tell", "let", "also", "it", "its", "then", "maybe", "puede", "pueden", "puedo", "podrian",
    "podria", "quiero", "quisiera", "necesito", "cuanto", "cuando", "donde", "como", "que", "cual", "tienen",
    "hay", "me", "mi", "aceptan", "abren", "llamenme", "es", "soy", "kann", "konnen", "wie", "was", "wann",
    "wo", "ich", "mein", "est", "pouvez", "combien", "quand", "je", "mon", "tengo", "estan", "thanks",
];

/// Words that may stand before a comma as a courtesy of their own.
const COURTESIES: &[&str] = &[
    "hi",
    "hello",
    "hey",
    "hiya",
    "good morning",
    "good afternoon",
    "good evening",
    "hi there",
    "hello there",
    "hey there",
    "thanks",
    "thank you",
    "ok thanks",
    "great thanks",
    "perfect thanks",
    "hola",
    "buenas",
    "buenos dias",
    "buenas tardes",
    "buenas noches",
    "gracias",
    "muchas gracias",
    "hallo",
    "guten tag",
    "bonjour",
    "salut",
    "merci",
    "danke",
    "hello hello",
    "ok thank you",
];

/// The parts of `raw`, in bytes. `whole` are spans that must not be cut.
pub fn parts(raw: &str, whole: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for sentence in sentences(raw, whole) {
        split_clauses(raw, sentence, whole, &mut found);
    }
    while found.len() > MAX_PARTS {
        let last = found.pop();
        if let (Some(last), Some(before)) = (last, found.last_mut()) {
            before.end = last.end;
        }
    }
    found
}

fn is_whole(at: usize, whole: &[Range<usize>]) -> bool {
    whole.iter().any(|span| span.contains(&at))
}

fn sentences(raw: &str, whole: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = raw.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        let followed = chars.peek().is_none_or(|&(_, next)| next.is_whitespace());
        let ends = match c {
            '?' | '!' | '\n' | ';' => chars.peek().is_none_or(|&(_, next)| !matches!(next, '?' | '!' | '.')),
            '.' | '…' => followed && !is_abbreviation(raw.get(start..at).unwrap_or_default()),
            _ => false,
        };
        if ends && !is_whole(at, whole) {
            found.push(start..end);
            start = end;
        }
    }
    found.push(start..raw.len());
    found.retain(|span| {
        raw.get(span.clone())
            .is_some_and(|part| part.chars().any(char::is_alphanumeric) || !text::tokens(part).is_empty())
    });
    found
}

fn is_abbreviation(before: &str) -> bool {
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default().to_lowercase();
    matches!(
        word.as_str(),
        "dr" | "mr"
            | "mrs"
            | "ms"
            | "st"
            | "no"
            | "sr"
            | "sra"
            | "dra"
            | "a.m"
            | "p.m"
            | "ext"
            | "approx"
            | "vs"
            | "prof"
    ) && word != "no"
}

fn split_clauses(raw: &str, sentence: Range<usize>, whole: &[Range<usize>], found: &mut Vec<Range<usize>>) {
    let Some(part) = raw.get(sentence.clone()) else { return };
    let tokens: Vec<Token> = text::tokens(part);
    let words: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
    let mut start = sentence.start;
    let mut since = 0;
    for (index, pair) in tokens.windows(2).enumerate() {
        let [left, right] = pair else { continue };
        let between = part.get(left.span.end..right.span.start).unwrap_or_default();
        let comma =
            between.contains([',', ':', '-', '–']) && between.trim() != "-" || between.contains(" - ");
        let at = sentence.start + right.span.start;
        if is_whole(at, whole) && is_whole(at.saturating_sub(1), whole) {
            continue;
        }
        let so_far = words.get(since..=index).unwrap_or_default().join(" ");
        let courtesy = COURTESIES.contains(&so_far.as_str());
        // "hi how much": a greeting ends before a starter even without a comma.
        let after_greeting = courtesy && (comma || STARTERS.contains(&right.text.as_str()));
        let next = words.get(index + 2).copied().unwrap_or_default();
        let connected = CONNECTORS.contains(&right.text.as_str())
            && (STARTERS.contains(&next) || (comma && right.text == "also"))
            && index + 1 - since >= 2
            && !is_list(next, words.get(index + 3).copied());
        let asked = comma
            && index + 1 - since >= 2
            && matches!(
                right.text.as_str(),
                "can"
                    | "could"
                    | "how"
                    | "what"
                    | "whats"
                    | "when"
                    | "where"
                    | "do"
                    | "would"
                    | "please"
                    | "thanks"
                    | "puede"
                    | "pueden"
                    | "cuanto"
                    | "cuando"
                    | "gracias"
            );
        if after_greeting || connected || asked {
            found.push(start..at);
            start = at;
            since = index + 1;
        }
    }
    found.push(start..sentence.end);
}

/// "my name is Ana and my email is ..." and "and I'm ..." stay together with what they belong to only as a list of
/// details; cutting those would lose nothing, so only "and my" plus a detail word is kept.
fn is_list(next: &str, after: Option<&str>) -> bool {
    matches!(next, "my" | "mi")
        && after.is_some_and(|word| {
            matches!(
                word,
                "email"
                    | "e"
                    | "number"
                    | "phone"
                    | "name"
                    | "mail"
                    | "cell"
                    | "correo"
                    | "numero"
                    | "telefono"
                    | "nombre"
                    | "mobile"
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(raw: &str) -> Vec<String> {
        parts(raw, &[]).into_iter().map(|span| raw[span].trim().to_owned()).collect()
    }

    #[test]
    fn each_wish_is_a_part_of_its_own() {
        assert_eq!(
            cut("Hi, how much is a cleaning and can someone call me at 415 555 2671?"),
            ["Hi,", "how much is a cleaning", "and can someone call me at 415 555 2671?"]
        );
        assert_eq!(cut("Do you take cash? Thanks!"), ["Do you take cash?", "Thanks!"]);
        assert_eq!(cut("salt and pepper please"), ["salt and pepper please"]);
    }

    #[test]
    fn addresses_are_not_cut() {
        let raw = "it's ana.b@c. de.com";
        let whole = 5..raw.len();
        assert_eq!(parts(raw, &[whole]).len(), 1);
    }
}
