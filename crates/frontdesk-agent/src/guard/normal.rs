//! Brings a sentence into the plain form claims are looked for in: lower case, no markup, no punctuation, contractions
//! written out, cut into clauses. Look-alike and invisible characters cannot hide a claim.

use unicode_normalization::UnicodeNormalization;

/// A sentence in plain form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plain {
    /// Its clauses in order.
    pub clauses: Vec<Clause>,
}

/// Words between two separators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The words, separated by one space, with one at each end.
    pub text: String,
    /// Whether the next end mark is a question mark.
    pub in_question: bool,
    /// Whether an opening question mark stands before it.
    pub opened: bool,
}

/// The text with accents taken off, look-alikes replaced and ligatures written out.
pub fn ascii(text: &str) -> String {
    text.nfkd().filter(|c| !is_invisible(*c) && !is_accent(*c)).map(plain_char).flat_map(ligature).collect()
}

fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

fn ligature(c: char) -> impl Iterator<Item = char> {
    let (first, second) = match c {
        'ß' => ('s', Some('s')),
        'œ' => ('o', Some('e')),
        'æ' => ('a', Some('e')),
        other => (other, None),
    };
    std::iter::once(first).chain(second)
}

/// Most words of a label, such as "Booking reference:", plus one.
const LABEL: usize = 4;

/// The plain form of a sentence.
pub fn plain(sentence: &str) -> Plain {
    let mut clauses: Vec<Clause> = Vec::new();
    let mut words = String::from(" ");
    let mut unended = 0;
    let mut opened = false;
    for token in tokens(sentence) {
        match token {
            Token::Word(word) => {
                expand(&word, &mut words);
            }
            Token::Colon if words.matches(' ').count() <= LABEL => {}
            Token::Cut | Token::Colon | Token::Open | Token::End | Token::Question => {
                if words.len() > 1 {
                    clauses.push(Clause {
                        text: std::mem::replace(&mut words, " ".to_owned()),
                        in_question: false,
                        opened,
                    });
                }
                let goes_on = matches!(token, Token::Cut | Token::Colon);
                opened = token == Token::Open || (opened && goes_on);
                if token == Token::Open {
                    unended = clauses.len();
                } else if !goes_on {
                    if token == Token::Question {
                        for clause in clauses.iter_mut().skip(unended) {
                            clause.in_question = true;
                        }
                    }
                    unended = clauses.len();
                }
            }
        }
    }
    if words.len() > 1 {
        clauses.push(Clause { text: words, in_question: false, opened });
    }
    Plain { clauses }
}

#[derive(Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    /// A comma, colon, bracket or dash.
    Cut,
    /// A colon; behind a short label ("Status: booked") it cuts nothing.
    Colon,
    /// An opening question mark.
    Open,
    /// A full stop or exclamation mark.
    End,
    Question,
}

fn tokens(sentence: &str) -> Vec<Token> {
    // "Sí" (yes) must not become "si" (if).
    let lower = sentence.to_lowercase().replace("sí,", ",").replace("sí:", ",");
    let chars: Vec<char> = ascii(&lower).to_lowercase().chars().collect();
    let mut tokens = Vec::new();
    let mut word = String::new();
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|i| chars.get(i)).copied().unwrap_or(' ');
        let after = chars.get(at + 1).copied().unwrap_or(' ');
        let inside = before.is_alphanumeric() && after.is_alphanumeric();
        let is_part = c.is_alphanumeric() || (matches!(c, '\'' | '-' | '@') && inside) || matches!(c, '%' | '$' | '€' | '£' | '#')
            // The dot of an address or a number, but not "Done.Booked".
            || (c == '.' && inside && (word.contains('@') || (before.is_ascii_digit() && after.is_ascii_digit())));
        if is_part && !(c == '.' && before.is_ascii_digit()) {
            word.push(c);
            continue;
        }
        // A clock time is two numbers: "10:30", "10.30".
        if matches!(c, ':' | '.') && before.is_ascii_digit() && after.is_ascii_digit() {
            flush(&mut word, &mut tokens);
            continue;
        }
        let abbreviation = c == '.'
            && word.chars().count() <= 2
            && word.chars().all(char::is_alphabetic)
            && !word.is_empty();
        flush(&mut word, &mut tokens);
        match c {
            '.' if abbreviation => {}
            '.' | '!' | '…' | '\n' => tokens.push(Token::End),
            '?' => tokens.push(Token::Question),
            ',' | ';' | '(' | ')' | '–' | '—' | '|' | '→' | '¡' => tokens.push(Token::Cut),
            ':' => tokens.push(Token::Colon),
            '¿' => tokens.push(Token::Open),
            '-' if !inside && before == ' ' => tokens.push(Token::Cut),
            _ => {}
        }
    }
    flush(&mut word, &mut tokens);
    tokens
}

fn flush(word: &mut String, tokens: &mut Vec<Token>) {
    if !word.is_empty() {
        tokens.push(Token::Word(std::mem::take(word)));
    }
}

/// Characters that are not seen: zero-width ones, soft hyphens, direction and variation marks.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// One form for characters that look alike.
fn plain_char(c: char) -> char {
    match c {
        '’' | '‘' | 'ʼ' | '´' | '`' | '＇' => '\'',
        '‐' | '‑' => '-',
        // Cyrillic and Greek look-alikes of Latin letters.
        'а' | 'α' => 'a',
        'е' | 'ε' => 'e',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'с' => 'c',
        'х' => 'x',
        'у' => 'y',
        'і' | 'ι' => 'i',
        'ѕ' => 's',
        'к' | 'κ' => 'k',
        'ԁ' => 'd',
        other => other,
    }
}

/// Writes a word with its contraction written out.
fn expand(word: &str, out: &mut String) {
    const WHOLE: &[(&str, &str)] = &[
        ("ive", "i have"),
        ("im", "i am"),
        ("youre", "you are"),
        ("thats", "that is"),
        ("weve", "we have"),
        ("cannot", "can not"),
        ("can't", "can not"),
        ("won't", "will not"),
        ("shan't", "shall not"),
        ("let's", "let us"),
        ("gonna", "going to"),
        ("wanna", "want to"),
        ("gotta", "got to"),
        ("lemme", "let me"),
        ("y'all", "you"),
    ];
    const ENDINGS: &[(&str, &str)] = &[
        ("n't", " not"),
        ("'ve", " have"),
        ("'re", " are"),
        ("'ll", " will"),
        ("'m", " am"),
        ("'d", " would"),
    ];
    /// Words whose `'s` is a verb; behind others it is a possessive.
    const IS: &[&str] = &[
        "it",
        "that",
        "he",
        "she",
        "what",
        "there",
        "here",
        "who",
        "where",
        "everything",
        "all",
        "how",
        "this",
        "when",
        "appointment",
        "booking",
        "reservation",
        "colleague",
        "team",
        "someone",
        "somebody",
        "order",
        "refund",
        "email",
        "confirmation",
        "message",
        "table",
    ];
    if let Some((_, full)) = WHOLE.iter().find(|(short, _)| *short == word) {
        out.push_str(full);
    } else if let Some((stem, full)) =
        ENDINGS.iter().find_map(|(end, full)| Some((word.strip_suffix(end)?, full)))
    {
        out.push_str(stem);
        out.push_str(full);
    } else if let Some(stem) = word.strip_suffix("'s").filter(|stem| IS.contains(stem)) {
        out.push_str(stem);
        out.push_str(" is");
    } else {
        out.push_str(word);
    }
    out.push(' ');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sentence: &str) -> Vec<String> {
        plain(sentence).clauses.into_iter().map(|clause| clause.text.trim().to_owned()).collect()
    }

    #[test]
    fn markup_contractions_and_tricks_disappear() {
        assert_eq!(texts("**I’ve** book\u{200b}ed you, it's _done_!"), ["i have booked you", "it is done"]);
        assert_eq!(texts("Ｂｏｏｋｅｄ ✅ for 10:30 a.m."), ["booked for 10 30 a m"]);
        assert_eq!(texts("Dr. Who can't - sorry"), ["dr who can not", "sorry"]);
        assert_eq!(texts("I have bоokеd it"), ["i have booked it"]);
    }

    #[test]
    fn a_question_mark_reaches_back_to_the_last_end() {
        let asked: Vec<bool> =
            plain("Booked! So, shall I?").clauses.iter().map(|clause| clause.in_question).collect();
        assert_eq!(asked, [false, true, true]);
    }
}
