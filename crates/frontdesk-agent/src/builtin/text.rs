//! Words as customers type them: lower case, without accents and apostrophes, common shorthands written out.
//!
//! Everything that is matched (patterns, examples, messages) passes [`tokens`], so both sides agree. What is shown to
//! people never does. A new shorthand is a line in [`shorthand`].

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// A word, normalised, with its place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The normalised word.
    pub text: String,
    /// Where it stands, in bytes.
    pub span: Range<usize>,
}

/// Longest word that is looked at, in characters.
const LONGEST_WORD: usize = 40;

/// Lower case without accents: `Mañana` becomes `manana`, `Straße` becomes `strasse`.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.nfd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')) {
        match c {
            'ß' => folded.push_str("ss"),
            'œ' => folded.push_str("oe"),
            _ => folded.extend(c.to_lowercase()),
        }
    }
    folded
}

/// The words of a text. `@email` and `@phone`, which stand for what was found, are words of their own; a thumb is a
/// yes or a no.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut start: Option<usize> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let apostrophe = matches!(c, '\'' | '’' | '‘' | '`' | '´');
        let inside = c.is_alphanumeric()
            || matches!(c, '\u{300}'..='\u{36f}')
            || (apostrophe && start.is_some() && chars.peek().is_some_and(|&(_, next)| next.is_alphabetic()))
            || (c == '@'
                && start.is_none()
                && ["@email", "@phone"].iter().any(|m| text.get(at..).is_some_and(|t| t.starts_with(m))));
        if inside {
            start.get_or_insert(at);
            continue;
        }
        if let Some(from) = start.take() {
            push(&mut found, text, from..at);
        }
        let thumb = match c {
            '👍' | '✅' | '👌' => Some("👍"),
            '👎' | '❌' => Some("👎"),
            _ => None,
        };
        if let Some(thumb) = thumb {
            found.push(Token { text: thumb.to_owned(), span: at..at + c.len_utf8() });
        }
    }
    if let Some(from) = start {
        push(&mut found, text, from..text.len());
    }
    found
}

/// The normalised words alone.
pub fn words(text: &str) -> Vec<String> {
    tokens(text).into_iter().map(|token| token.text).collect()
}

fn push(found: &mut Vec<Token>, text: &str, span: Range<usize>) {
    let Some(raw) = text.get(span.clone()) else { return };
    let mut word: String =
        fold(raw).chars().filter(|c| c.is_alphanumeric() || *c == '@').take(LONGEST_WORD).collect();
    word = squeeze(&word);
    if word.is_empty() {
        return;
    }
    match shorthand(&word) {
        Some(long) => {
            for part in long.split(' ') {
                found.push(Token { text: part.to_owned(), span: span.clone() });
            }
        }
        None => found.push(Token { text: word, span }),
    }
}

/// Three or more of the same letter in a row become one: `hellooo` is `hello`.
fn squeeze(word: &str) -> String {
    let chars: Vec<char> = word.chars().collect();
    let mut squeezed = String::with_capacity(word.len());
    for run in chars.chunk_by(|a, b| a == b) {
        let keep = if run.len() >= 3 && run.iter().all(|c| c.is_alphabetic()) { 1 } else { run.len() };
        squeezed.extend(run.iter().take(keep));
    }
    squeezed
}

/// What a shorthand stands for.
fn shorthand(word: &str) -> Option<&'static str> {
    Some(match word {
        "u" | "yu" => "you",
        "r" => "are",
        "ur" => "your",
        "pls" | "plz" | "plse" | "pleas" | "plis" => "please",
        "wanna" => "want to",
        "gonna" => "going to",
        "gotta" => "got to",
        "gimme" => "give me",
        "lemme" => "let me",
        "cuz" | "coz" | "bc" => "because",
        "tmrw" | "tmr" | "tomorow" | "tommorow" | "tommorrow" | "2moro" => "tomorrow",
        "appt" | "appmt" => "appointment",
        "sm1" => "someone",
        "msg" => "message",
        "msgs" => "messages",
        "txt" => "text",
        "txts" => "texts",
        "thnx" | "thanx" | "thankyou" | "tysm" | "thks" | "tnx" => "thanks",
        "abt" => "about",
        "rn" => "right now",
        "idk" => "i dont know",
        "nvm" | "nm" | "nevermind" => "never mind",
        "donot" => "dont",
        "xq" | "pq" => "por que",
        "q" => "que",
        "tb" | "tmb" => "tambien",
        "porfa" | "xfa" | "porfavor" => "por favor",
        "grax" | "gracia" | "grasias" => "gracias",
        _ => return None,
    })
}

/// Letters to change to get from one word to the other (a swap of neighbours counts once), at most `most`.
pub fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let at = |list: &[usize], index: usize| list.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut best =
                (at(&last, j) + usize::from(x != y)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        if row.iter().min().is_some_and(|&least| least > most) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|&found| found <= most)
}

/// Cuts at a character boundary, at most `most` characters.
pub fn clip(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_case_accents_apostrophes_and_shorthand() {
        assert_eq!(words("I'm sooo happy, THX!"), ["im", "so", "happy", "thx"]);
        assert_eq!(words("¿Qué haces mañana?"), ["que", "haces", "manana"]);
        assert_eq!(
            words("u wanna call @phone or @email 👍"),
            ["you", "want", "to", "call", "@phone", "or", "@email", "👍"]
        );
    }

    #[test]
    fn a_swap_of_letters_is_one_change() {
        assert_eq!(distance("appointemnt", "appointment", 2), Some(1));
        assert_eq!(distance("cleening", "cleaning", 2), Some(1));
        assert_eq!(distance("cat", "elephant", 2), None);
    }
}
