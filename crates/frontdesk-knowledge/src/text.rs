//! Words and sentences: how a text is cut before it is indexed, quoted or counted.
//!
//! [`terms`] is the one place where a word becomes an index key, so that documents and questions agree. A key is one
//! letter for the language followed by the stem; a word with a digit in it (`24`, `covid19`, `il6`) has the neutral
//! letter `#`, because numbers and codes have no language. Sentences are cut by [`sentences`]; it knows the
//! abbreviations that business documents use, not all there are.

use crate::language::Language;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// Longest word that is indexed, in bytes; a longer one (a token, a hash) is cut there.
const LONGEST_WORD: usize = 64;

/// A word of a text: lower case, with its place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word in lower case, composed (NFC).
    pub text: String,
    /// Where it stands in the text, in bytes.
    pub span: Range<usize>,
}

/// Scripts that are written without spaces.
pub(crate) fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{0e00}'..='\u{0e7f}')
}

/// The words of `text`: runs of letters and digits; scripts written without spaces give one word per character.
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start: Option<usize> = None;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if is_ideograph(c) {
            if let Some(from) = start.take() {
                push_word(&mut words, text, from..at);
            }
            push_word(&mut words, text, at..end);
        } else if c.is_alphanumeric() || is_mark(c) {
            start.get_or_insert(at);
        } else if let Some(from) = start.take() {
            push_word(&mut words, text, from..at);
        }
    }
    if let Some(from) = start {
        push_word(&mut words, text, from..text.len());
    }
    words
}

/// Combining accents belong to the letter before them.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036f}')
}

fn push_word(words: &mut Vec<Word>, text: &str, span: Range<usize>) {
    let Some(raw) = text.get(span.clone()) else { return };
    let mut lower: String =
        if raw.is_ascii() { raw.to_ascii_lowercase() } else { raw.nfc().collect::<String>().to_lowercase() };
    if lower.len() > LONGEST_WORD {
        let cut = lower.floor_char_boundary(LONGEST_WORD);
        lower.truncate(cut);
    }
    if lower.chars().any(char::is_alphanumeric) {
        words.push(Word { text: lower, span });
    }
}

/// `word` without accents: `depilación` becomes `depilacion`, `straße` becomes `strasse`.
pub fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_owned();
    }
    let mut folded = String::with_capacity(word.len());
    for c in word.nfd().filter(|c| !is_mark(*c)) {
        match c {
            'ß' => folded.push_str("ss"),
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            'ø' => folded.push('o'),
            _ => folded.push(c),
        }
    }
    folded
}

/// The index keys of one word: its stem, and for an accented word also the stem of its unaccented spelling, so that
/// either spelling finds the other. Empty for stop words.
pub fn keys(word: &str, language: Language) -> Vec<String> {
    if word.chars().any(|c| c.is_ascii_digit()) {
        return vec![format!("#{}", fold(word))];
    }
    if language.stop_words().contains(word) {
        return Vec::new();
    }
    let key = |stem: &str| format!("{}{stem}", language.key());
    let stem = key(&fold(&language.stem(word)));
    if word.is_ascii() {
        return vec![stem];
    }
    let plain = key(&language.stem(&fold(word)));
    if plain == stem { vec![stem] } else { vec![stem, plain] }
}

/// An index key and the place of the word it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The index key.
    pub key: String,
    /// Where the word stands in the text, in bytes.
    pub span: Range<usize>,
}

/// The words of `text`, and after the first part of words joined by a hyphen (`wi-fi`, `IL-6`) the joined word.
pub fn units(text: &str) -> Vec<Word> {
    let words = words(text);
    let mut units: Vec<Word> = Vec::with_capacity(words.len());
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        let joined = words.peek().and_then(|next| {
            let gap = text.get(word.span.end..next.span.start)?;
            matches!(gap, "-" | "‑" | "–").then(|| Word {
                text: format!("{}{}", word.text, next.text),
                span: word.span.start..next.span.end,
            })
        });
        units.push(word);
        units.extend(joined);
    }
    units
}

/// The index keys of `text` with their places.
pub fn terms(text: &str, language: Language) -> Vec<Term> {
    let mut terms = Vec::new();
    for word in units(text) {
        for key in keys(&word.text, language) {
            terms.push(Term { key, span: word.span.clone() });
        }
    }
    terms
}

/// Number of words in `text`; the unit that chunk sizes are given in.
pub fn word_count(text: &str) -> usize {
    let ideographs = text.chars().filter(|c| is_ideograph(*c)).count();
    // Two ideographs carry about as much as one word.
    text.split_whitespace().count() + ideographs / 2
}

const ABBREVIATIONS: [&str; 46] = [
    "mr", "mrs", "ms", "dr", "prof", "sr", "jr", "st", "vs", "etc", "e.g", "i.e", "approx", "no", "nr",
    "tel", "ext", "inc", "ltd", "co", "corp", "ave", "blvd", "rd", "a.m", "p.m", "jan", "feb", "mar", "apr",
    "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "sra", "av", "bzw", "z.b", "u.a", "str", "ca",
    "art",
];

/// The sentences of `text`, as byte ranges without surrounding space. Line breaks end a sentence too.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        let ends = match c {
            '\n' | '。' | '！' | '？' => true,
            '.' | '!' | '?' | '…' => {
                let next = chars.peek().map(|(_, next)| *next);
                let closes =
                    next.is_none_or(|next| next.is_whitespace() || matches!(next, '"' | '”' | ')' | '»'));
                closes
                    && !(c == '.'
                        && is_abbreviation(
                            text.get(start..at).unwrap_or_default(),
                            text.get(end..).unwrap_or_default(),
                        ))
            }
            _ => false,
        };
        if ends {
            let mut stop = end;
            while let Some((next_at, next)) = chars.peek().copied() {
                if c != '\n' && matches!(next, '"' | '”' | ')' | '»' | '.' | '!' | '?') {
                    stop = next_at + next.len_utf8();
                    chars.next();
                } else {
                    break;
                }
            }
            push_trimmed(&mut found, text, start..stop);
            start = stop;
        }
    }
    push_trimmed(&mut found, text, start..text.len());
    found
}

fn is_abbreviation(before: &str, after: &str) -> bool {
    let word =
        before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default().to_lowercase();
    let next = after.trim_start().chars().next();
    if word.chars().count() == 1 && word.chars().all(char::is_alphabetic) {
        return next.is_some();
    }
    // "3. Mai": an ordinal, when a lower-case word or a short list number follows; "9 a.m. We open" ends a sentence.
    if word.chars().all(|c| c.is_ascii_digit()) && !word.is_empty() && word.len() <= 2 {
        return before.trim() == word || next.is_some_and(char::is_lowercase);
    }
    if matches!(word.as_str(), "a.m" | "p.m" | "etc" | "no") {
        return next.is_some_and(|next| !next.is_uppercase());
    }
    ABBREVIATIONS.contains(&word.as_str()) && next.is_some()
}

fn push_trimmed(found: &mut Vec<Range<usize>>, text: &str, range: Range<usize>) {
    let Some(raw) = text.get(range.clone()) else { return };
    let start = range.start + (raw.len() - raw.trim_start().len());
    let trimmed = raw.trim();
    if trimmed.chars().any(char::is_alphanumeric) {
        found.push(start..start + trimmed.len());
    } else if let Some(last) = found.last_mut()
        && !trimmed.is_empty()
        && last.end == range.start
    {
        last.end = start + trimmed.len();
    }
}

/// Collapses every run of white space to one space and drops control characters.
pub fn squeeze(text: &str) -> String {
    let mut squeezed = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() || c == '\u{feff}' {
            if !squeezed.is_empty() && !squeezed.ends_with(' ') {
                squeezed.push(' ');
            }
        } else if !matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}') {
            squeezed.push(c);
        }
    }
    if squeezed.ends_with(' ') {
        squeezed.pop();
    }
    squeezed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn sentences_survive_abbreviations_prices_and_times() {
        assert_eq!(
            cut("Dr. Lee sees patients at 9 a.m. on Mondays. A visit costs $49.50! Really? Yes."),
            ["Dr. Lee sees patients at 9 a.m. on Mondays.", "A visit costs $49.50!", "Really?", "Yes."]
        );
        assert_eq!(cut("We open at 9 a.m. We close at 5 p.m."), ["We open at 9 a.m.", "We close at 5 p.m."]);
        assert_eq!(cut("He said \"come in.\" Then left."), ["He said \"come in.\"", "Then left."]);
        assert_eq!(cut("one\ntwo"), ["one", "two"]);
        assert_eq!(cut("one\n.5 litres"), ["one", ".5 litres"]);
        assert!(cut("  \n ... ").is_empty());
    }

    #[test]
    fn hyphenated_words_match_their_joined_spelling() {
        let keys: Vec<String> =
            terms("Free Wi-Fi", Language::English).into_iter().map(|term| term.key).collect();
        assert_eq!(keys, ["efree", "ewi", "ewifi", "efi"]);
        assert_eq!(terms("wifi", Language::English)[0].key, "ewifi");
        assert_eq!(terms("IL-6", Language::English).last().unwrap().key, "#6");
    }

    #[test]
    fn an_accented_word_is_found_by_either_spelling() {
        let accented = keys("depilación", Language::Spanish);
        let plain = keys("depilacion", Language::Spanish);
        assert!(plain.iter().any(|key| accented.contains(key)), "{accented:?} {plain:?}");
        assert!(keys("für", Language::German).is_empty());
    }

    #[test]
    fn squeeze_keeps_words_apart() {
        assert_eq!(squeeze("  a\u{a0}\n b\u{ad}c \u{0} d "), "a bc d");
    }
}
