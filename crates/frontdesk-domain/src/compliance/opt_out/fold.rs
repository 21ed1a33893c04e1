//! A message as the customer wrote it, and in the plain form in which it is compared.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What the customer wrote themselves, at most `limit` characters of it: without the mail it answers, the lines after
/// a signature's dashes, and what a phone or mail program adds.
pub fn body(text: &str, limit: usize, signature: &[String]) -> String {
    let text: String = text.chars().take(limit).collect();
    let mut kept: Vec<&str> = Vec::new();
    for line in text.lines() {
        let folded = fold(line);
        let dashes = line.trim_end();
        let is_attribution = line.trim_end().ends_with(':') && line.contains('@');
        let ends = dashes == "--" || dashes == "-- " || is_attribution;
        if !kept.is_empty() && (ends || signature.iter().any(|start| folded.starts_with(start.as_str()))) {
            break;
        }
        if !line.trim_start().starts_with('>') {
            kept.push(line.trim());
        }
    }
    kept.join("\n")
}

/// Lower case, compatibility forms and accents resolved, "n't" as "nt", everything that is neither letter nor digit a
/// single blank.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut characters = text
        .nfkd()
        .filter(|character| !is_combining_mark(*character) && !is_invisible(*character))
        .flat_map(char::to_lowercase)
        .peekable();
    while let Some(character) = characters.next() {
        match character {
            'ß' => folded.push_str("ss"),
            '\'' | '’' | '‘' | '`' | '´' => {
                let is_negation = folded.ends_with('n') && characters.peek() == Some(&'t');
                if !is_negation {
                    blank(&mut folded);
                }
            }
            _ if character.is_alphanumeric() => folded.push(character),
            _ => blank(&mut folded),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

fn blank(folded: &mut String) {
    if !folded.is_empty() && !folded.ends_with(' ') {
        folded.push(' ');
    }
}

/// Soft hyphens, zero-width characters and variation selectors: inside a word they part nothing.
const fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_blanks_are_left() {
        assert_eq!(fold("  “ＳＴＯＰ!!” 🛑 "), "stop");
        assert_eq!(fold("ARRÊT. Don’t m'écris–plus\u{200b}!"), "arret dont m ecris plus");
        assert_eq!(fold("groß"), "gross");
        assert_eq!(fold("🙄👍"), "");
    }

    #[test]
    fn what_others_wrote_is_left_out() {
        let signature = ["sent from my".to_owned()];
        let body = |text: &str| super::body(text, 1000, &signature);
        assert_eq!(body("Stop\n\nSent from my iPhone"), "Stop\n");
        assert_eq!(body("STOP\n--\nAnn Smith\nAcme"), "STOP");
        assert_eq!(body("stop\nOn Tue, Ann <ann@example.com> wrote:\n> come again"), "stop");
        assert_eq!(body("> we miss you\nunsubscribe"), "unsubscribe");
    }
}
