//! Whole numbers, as digits or as words up to twelve.

use super::Found;
use crate::builtin::text;

/// The numbers in a text.
pub fn find(message: &str) -> Vec<Found<u64>> {
    text::tokens(message)
        .into_iter()
        .filter_map(|token| Some(Found { value: value(&token.text)?, span: token.span }))
        .collect()
}

fn value(word: &str) -> Option<u64> {
    const EN: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    const ES: [&str; 13] = [
        "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once",
        "doce",
    ];
    if word.chars().all(|c| c.is_ascii_digit()) {
        return word.parse().ok();
    }
    EN.iter().position(|w| *w == word).or_else(|| ES.iter().position(|w| *w == word)).map(|at| at as u64)
}

/// The last digits of a message such as "it ends in 72", as typed: 2 to 6 of them.
pub fn ending(message: &str) -> Option<String> {
    let words = text::words(message);
    let at = words
        .iter()
        .position(|word| matches!(word.as_str(), "ends" | "ending" | "end" | "termina" | "acaba"))?;
    words
        .get(at + 1..)?
        .iter()
        .take(3)
        .find(|word| (1..=6).contains(&word.len()) && word.chars().all(|c| c.is_ascii_digit()))
        .cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_as_digits_and_words() {
        let values: Vec<u64> = find("two adults, 3 kids y uno más").into_iter().map(|f| f.value).collect();
        assert_eq!(values, [2, 3, 1]);
        assert_eq!(ending("sorry my number ends in 72").as_deref(), Some("72"));
        assert_eq!(ending("this never ends"), None);
    }
}
