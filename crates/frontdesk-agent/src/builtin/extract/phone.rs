//! Phone numbers in free text, read in the business's country, as E.164.

use std::ops::Range;

use frontdesk_domain::phone::to_e164;

use super::Found;
use crate::builtin::text;

/// Most numbers of one message.
const MOST: usize = 8;

/// Valid numbers, and digit runs that look like a number and are none.
pub fn find(text: &str, country: &str, taken: &[Range<usize>]) -> (Vec<Found<String>>, Vec<Found<String>>) {
    let mut valid = Vec::new();
    let mut broken = Vec::new();
    for span in runs(text)
        .into_iter()
        .filter(|span| !taken.iter().any(|t| t.start < span.end && span.start < t.end))
        .take(MOST)
    {
        let Some(run) = text.get(span.clone()) else { continue };
        let digits = run.chars().filter(char::is_ascii_digit).count();
        if digits > 17 || looks_like_date(run) {
            continue;
        }
        let plain = run.trim();
        let number = to_e164(plain, country)
            .or_else(|| plain.strip_prefix("00").and_then(|rest| to_e164(&format!("+{rest}"), country)));
        match number {
            Some(value) if digits >= 6 => valid.push(Found { value, span: with_extension(text, span) }),
            _ if digits >= 6 => {
                broken.push(Found { value: plain.chars().filter(char::is_ascii_digit).collect(), span });
            }
            _ => {}
        }
    }
    if valid.is_empty() && broken.is_empty() {
        valid.extend(spoken(text, country));
    }
    (valid, broken)
}

/// Stretches of digits with the marks people put between them.
fn runs(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start: Option<usize> = None;
    let mut last_digit = 0;
    let mut previous = ' ';
    for (at, c) in text.char_indices() {
        let opens = c.is_ascii_digit() || c == '+' || c == '(';
        match start {
            None if opens && !previous.is_alphanumeric() => {
                start = Some(at);
                last_digit = if c.is_ascii_digit() { at + 1 } else { at };
            }
            Some(_) if c.is_ascii_digit() => last_digit = at + 1,
            // A second number after a plus sign starts anew.
            Some(from) if c == '+' => {
                found.push(from..last_digit.max(from));
                start = Some(at);
                last_digit = at;
            }
            Some(_)
                if matches!(c, ' ' | '-' | '.' | '/' | '(' | ')' | '\u{a0}' | '–') && at < last_digit + 3 =>
                {}
            Some(from) => {
                found.push(from..last_digit.max(from));
                start = None;
            }
            None => {}
        }
        previous = c;
    }
    if let Some(from) = start {
        found.push(from..last_digit.max(from));
    }
    found.retain(|span| {
        text.get(span.clone()).is_some_and(|run| run.chars().filter(char::is_ascii_digit).count() >= 3)
    });
    found
}

/// `2026-03-18` and `18.03.2026` are dates.
fn looks_like_date(run: &str) -> bool {
    let groups: Vec<usize> = run.split(['-', '.', '/']).map(str::len).collect();
    matches!(groups.as_slice(), [4, 1..=2, 1..=2] | [1..=2, 1..=2, 4])
}

/// Takes in "ext. 12" that follows; the extension itself is not kept in E.164.
fn with_extension(text: &str, span: Range<usize>) -> Range<usize> {
    let rest = text.get(span.end..).unwrap_or_default();
    let trimmed = rest.trim_start_matches([' ', ',']);
    let lower = trimmed.to_ascii_lowercase();
    let Some(mark) = ["extension", "ext.", "ext", "x"].into_iter().find(|mark| lower.starts_with(mark))
    else {
        return span;
    };
    let after = trimmed.get(mark.len()..).unwrap_or_default();
    let digits = after.trim_start_matches(' ').chars().take_while(char::is_ascii_digit).count();
    if digits == 0 {
        return span;
    }
    let spaces = after.len() - after.trim_start_matches(' ').len();
    span.start..span.end + (rest.len() - trimmed.len()) + mark.len() + spaces + digits
}

/// "four one five, five five five, two six seven one".
fn spoken(text: &str, country: &str) -> Option<Found<String>> {
    let mut digits = String::new();
    let mut span: Option<Range<usize>> = None;
    let mut times = 1;
    for token in text::tokens(text) {
        match token.text.as_str() {
            "double" if times == 1 => times = 2,
            "triple" if times == 1 => times = 3,
            word => match digit(word) {
                Some(digit) => {
                    digits.extend(std::iter::repeat_n(digit, times));
                    times = 1;
                    span = Some(span.map_or(token.span.clone(), |s| s.start..token.span.end));
                }
                None if digits.len() >= 7 => break,
                None => {
                    digits.clear();
                    span = None;
                    times = 1;
                }
            },
        }
    }
    let value = (digits.len() >= 7 && digits.len() <= 17).then(|| to_e164(&digits, country))??;
    Some(Found { value, span: span? })
}

fn digit(word: &str) -> Option<char> {
    Some(match word {
        "zero" | "oh" | "cero" => '0',
        "one" | "uno" => '1',
        "two" | "dos" => '2',
        "three" | "tres" => '3',
        "four" | "cuatro" => '4',
        "five" | "cinco" => '5',
        "six" | "seis" => '6',
        "seven" | "siete" => '7',
        "eight" | "ocho" => '8',
        "nine" | "nueve" => '9',
        _ => return None,
    })
}

/// The number with its last digits replaced ("it ends in 72"), when that is still a number.
pub fn with_ending(e164: &str, ending: &str, country: &str) -> Option<String> {
    let keep = e164.len().checked_sub(ending.len())?;
    to_e164(&format!("{}{ending}", e164.get(..keep)?), country)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_however_it_is_written() {
        for text in [
            "415 555 2671",
            "call me at (415) 555-2671 please",
            "415.555.2671",
            "+1 415-555-2671",
            "1-415-555-2671",
            "my number's 4155552671!",
            "(415)5552671 ext. 12",
            "four one five five five five two six seven one",
            "415-555-2671 or by mail",
            "four one five triple five two six seven one",
        ] {
            let (valid, broken) = find(text, "US", &[]);
            assert_eq!(valid.first().map(|f| f.value.as_str()), Some("+14155552671"), "{text} {broken:?}");
        }
        assert_eq!(find("ruf mich an: 030 123456", "DE", &[]).0.first().unwrap().value, "+4930123456");
        assert_eq!(find("0044 20 7946 0958", "US", &[]).0.first().unwrap().value, "+442079460958");
    }

    #[test]
    fn dates_prices_and_times_are_no_numbers() {
        for text in ["on 2026-03-18 at 10:30", "it cost $1,200.00", "5 people at 8", "room 101"] {
            let (valid, _) = find(text, "US", &[]);
            assert!(valid.is_empty(), "{text}");
        }
        assert_eq!(find("555 2671 00", "US", &[]).1.len(), 1);
    }

    #[test]
    fn an_ending_is_replaced() {
        assert_eq!(with_ending("+14155552671", "72", "US").as_deref(), Some("+14155552672"));
        assert_eq!(with_ending("+1", "7272", "US"), None);
    }
}
