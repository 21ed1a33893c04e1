//! Which of several offers: "the second one", "option 2", "the last".

use crate::builtin::text;

/// The place chosen, from 0, among `count` offers.
pub fn find(message: &str, count: usize) -> Option<usize> {
    let words = text::words(message);
    if words.len() > 8 || count == 0 {
        return None;
    }
    words.iter().enumerate().find_map(|(at, word)| {
        let place = match word.as_str() {
            "first" | "1st" | "primero" | "primera" | "primer" | "former" | "erste" | "premier"
            | "premiere" => 0,
            "second" | "2nd" | "segundo" | "segunda" | "zweite" | "deuxieme" => 1,
            "third" | "3rd" | "tercero" | "tercera" | "tercer" => 2,
            "last" | "latter" | "ultimo" | "ultima" => count - 1,
            "1" | "one" | "uno" | "a" if words.len() == 1 || is_option(&words, at) => 0,
            "2" | "two" | "dos" | "b" if words.len() == 1 || is_option(&words, at) => 1,
            "3" | "three" | "tres" | "c" if words.len() == 1 || is_option(&words, at) => 2,
            _ => return None,
        };
        (place < count).then_some(place)
    })
}

fn is_option(words: &[String], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| words.get(before)).is_some_and(|word| {
        matches!(word.as_str(), "option" | "number" | "opcion" | "numero" | "choice" | "la" | "el")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_understood_and_nothing_else_is() {
        assert_eq!(find("the second one please", 2), Some(1));
        assert_eq!(find("option 1", 2), Some(0));
        assert_eq!(find("2", 3), Some(1));
        assert_eq!(find("la última", 3), Some(2));
        assert_eq!(find("the third", 2), None);
        assert_eq!(find("one of my teeth hurts a lot", 2), None);
    }
}
