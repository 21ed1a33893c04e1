//! Text cut into words, numbers and signs, with their place in the text.
//!
//! Words are lower case without accents, so that lexicons need one spelling only. An apostrophe inside a word cuts it in
//! two; hyphens and full stops are signs, which lexicons may skip.

/// The longest text looked at, in characters; what follows is not read.
pub(super) const MAX_CHARS: usize = 4_000;

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word, folded.
    Word(String),
    /// A run of at most nine digits.
    Number {
        /// Its value.
        value: u32,
        /// How many digits it has, leading zeros included.
        digits: u8,
    },
    /// Anything else that is not white space.
    Sign(char),
}

/// A piece of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// What it is.
    pub kind: Kind,
    /// First character.
    pub start: usize,
    /// One after the last character.
    pub end: usize,
    /// No white space stands before it.
    pub glued: bool,
    /// Begins with a capital letter.
    pub capital: bool,
}

impl Token {
    /// The folded word, if it is one.
    pub fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Whether it is this sign.
    pub fn is_sign(&self, sign: char) -> bool {
        self.kind == Kind::Sign(sign)
    }
}

/// Cuts the text.
pub(super) fn cut(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().take(MAX_CHARS).collect();
    let mut tokens: Vec<Token> = Vec::with_capacity(chars.len() / 3 + 1);
    let mut at = 0;
    let mut glued = false;
    while let Some(&first) = chars.get(at) {
        let start = at;
        if first.is_whitespace() || first == '\u{200b}' || first == '\u{feff}' {
            at += 1;
            glued = false;
            continue;
        }
        let kind = if first.is_ascii_digit() {
            at = run(&chars, at, |c| c.is_ascii_digit());
            number(chars.get(start..at).unwrap_or_default())
        } else if first.is_alphabetic() {
            at = run(&chars, at, char::is_alphabetic);
            Kind::Word(fold(chars.get(start..at).unwrap_or_default()))
        } else {
            at += 1;
            let inside = is_apostrophe(first)
                && glued
                && tokens.last().is_some_and(|token| token.word().is_some())
                && chars.get(at).is_some_and(|next| next.is_alphabetic());
            if inside {
                continue;
            }
            Kind::Sign(plain_sign(first))
        };
        tokens.push(Token { kind, start, end: at, glued, capital: first.is_uppercase() });
        glued = true;
    }
    tokens
}

fn run(chars: &[char], from: usize, belongs: impl Fn(char) -> bool) -> usize {
    // A combining accent belongs to the letter before it.
    let longer = |c: char| belongs(c) || (('\u{300}'..='\u{36f}').contains(&c));
    chars.iter().skip(from).position(|&c| !longer(c)).map_or(chars.len(), |length| from + length)
}

fn number(digits: &[char]) -> Kind {
    if digits.len() > 9 {
        return Kind::Sign('#');
    }
    let value = digits.iter().filter_map(|c| c.to_digit(10)).fold(0, |value, digit| value * 10 + digit);
    Kind::Number { value, digits: digits.len() as u8 }
}

const fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '\u{2019}'
            | '\u{2018}'
            | '`'
            | '\u{b4}'
            | '\u{2bc}'
            | '\u{2bb}'
            | '\u{2b9}'
            | '\u{2032}'
            | '\u{ff07}'
    )
}

const fn plain_sign(c: char) -> char {
    match c {
        '\u{2013}' | '\u{2014}' | '\u{2010}'..='\u{2012}' | '\u{2212}' | '~' => '-',
        '\u{2019}' | '\u{2018}' | '`' | '\u{b4}' | '\u{2032}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{2033}' => '"',
        '\u{ff1a}' => ':',
        '\u{ff0c}' => ',',
        other => other,
    }
}

/// Lower case, without the accents of the Latin alphabet.
pub(super) fn fold(chars: &[char]) -> String {
    let mut folded = String::with_capacity(chars.len());
    for &c in chars {
        if c.is_ascii() {
            folded.push(c.to_ascii_lowercase());
            continue;
        }
        for lower in c.to_lowercase() {
            match lower {
                'à'..='å' | 'ā' => folded.push('a'),
                'è'..='ë' | 'ē' => folded.push('e'),
                'ì'..='ï' => folded.push('i'),
                'ò'..='ö' | 'ø' | 'º' | 'ª' => folded.push('o'),
                'ù'..='ü' => folded.push('u'),
                'ç' => folded.push('c'),
                'ñ' => folded.push('n'),
                'ß' => folded.push_str("ss"),
                'œ' => folded.push_str("oe"),
                'æ' => folded.push_str("ae"),
                '\u{300}'..='\u{36f}' => {}
                other => folded.push(other),
            }
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        cut(text)
            .into_iter()
            .map(|token| match token.kind {
                Kind::Word(word) => word,
                Kind::Number { value, .. } => value.to_string(),
                Kind::Sign(sign) => sign.to_string(),
            })
            .collect()
    }

    #[test]
    fn words_are_folded_and_cut_at_apostrophes_and_digits() {
        assert_eq!(
            words("Après-demain, 3PM o’clock"),
            ["apres", "-", "demain", ",", "3", "pm", "o", "clock"]
        );
        assert_eq!(words("l'été 15h30"), ["l", "ete", "15", "h", "30"]);
    }

    #[test]
    fn places_are_counted_in_characters() {
        let tokens = cut("¡mañana! 9");
        assert_eq!(
            tokens.iter().map(|t| (t.start, t.end)).collect::<Vec<_>>(),
            [(0, 1), (1, 7), (7, 8), (9, 10)]
        );
    }

    #[test]
    fn an_accent_may_be_a_character_of_its_own() {
        assert_eq!(words("man\u{303}ana"), ["manana"]);
    }
}
