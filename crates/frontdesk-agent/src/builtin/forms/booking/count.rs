//! Numbers in a message that are no times: how many people, which of the offers, a code.

/// Words for people and places.
const PEOPLE: &str = "people persons person guests guest adults seats spots places pax kids children friends personas \
                      plazas adultos ninos ninas personen leute platze kinder personnes enfants";
/// Words for those who come along.
const COMPANIONS: &str = "wife husband partner friend girlfriend boyfriend daughter son mom dad sister brother mujer \
                          marido esposa esposo amiga amigo frau mann freundin freund femme mari amie ami";
/// Nouns and small words after a place: "the second one".
const AFTER_PLACE: &str = "one option slot time choice opcion hora termin vorschlag creneau please por bitte sil works \
                           sounds is would then fine good great ok okay passt geht va sirve viene convient";
/// Nouns that make a place of a number without an article: "first one is fine".
const PLACES: &str = "one option slot choice opcion vorschlag";
/// After those it is the first of all, not of what was offered: "first one available".
const OF_ALL: &str = "available free open possible you anyone";

fn is_in(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|one| one == word)
}

fn number(word: &str) -> Option<u32> {
    let value = match word {
        "one" | "una" | "eine" | "une" => 1,
        "two" | "dos" | "zwei" | "deux" => 2,
        "three" | "tres" | "drei" | "trois" => 3,
        "four" | "cuatro" | "vier" | "quatre" => 4,
        "five" | "cinco" | "funf" | "cinq" => 5,
        "six" | "seis" | "sechs" => 6,
        "seven" => 7,
        "eight" => 8,
        _ => word.parse().ok()?,
    };
    (1..=500).contains(&value).then_some(value)
}

/// Two people, in two words.
const PAIRS: &[&[&str]] = &[
    &["us", "both"],
    &["both", "together"],
    &["nosotros", "dos"],
    &["nosotras", "dos"],
    &["para", "ambos"],
    &["zu", "zweit"],
    &["wir", "beide"],
    &["uns", "beide"],
    &["nous", "deux"],
    &["a", "deux"],
];

/// "for two people", "2 of us", "party of 4", "me and my wife": how many, and which words say so.
pub fn seats(words: &[&str]) -> Option<(u32, usize, usize)> {
    words.iter().enumerate().find_map(|(at, word)| {
        let next = |ahead: usize| words.get(at + ahead).copied().unwrap_or_default();
        if let Some(number) = number(word) {
            let before = at.checked_sub(1).and_then(|at| words.get(at));
            let first = if matches!(before, Some(&"for" | &"para" | &"fur" | &"pour")) { at - 1 } else { at };
            if is_in(PEOPLE, next(1)) {
                return Some((number, first, at + 2 - first));
            }
            if next(1) == "of" && next(2) == "us" {
                return Some((number, first, at + 3 - first));
            }
        }
        if matches!(*word, "party" | "group" | "table") && matches!(next(1), "of" | "for") {
            return number(next(2)).map(|number| (number, at, 3));
        }
        if *word == "both" && next(1) == "of" && next(2) == "us" {
            return Some((2, at, 3));
        }
        if PAIRS.iter().any(|pair| words.get(at..).is_some_and(|rest| rest.starts_with(pair))) {
            return Some((2, at, 2));
        }
        let both = matches!(*word, "me" | "myself" | "mi" | "mich" | "moi" | "yo")
            && matches!(next(1), "and" | "y" | "und" | "et")
            && matches!(next(2), "my" | "mi" | "meine" | "meinen" | "ma" | "mon")
            && is_in(COMPANIONS, next(3));
        both.then_some((2, at, 4))
    })
}

/// "the second one": its place, `usize::MAX` for the last, and the words that say so. "The first available", "the second
/// of April" and "last week" are none.
pub fn place(words: &[&str]) -> Option<(usize, usize, usize)> {
    words.iter().enumerate().find_map(|(at, word)| {
        // "the earliest of those"
        if matches!(words.get(at + 1..at + 3), Some(["of", "those" | "them" | "these"])) {
            match *word {
                "earliest" | "soonest" => return Some((0, at, 3)),
                "latest" => return Some((usize::MAX, at, 3)),
                _ => {}
            }
        }
        let before = at.checked_sub(1).and_then(|at| words.get(at)).copied().unwrap_or_default();
        let next = words.get(at + 1).copied().unwrap_or_default();
        let place = match *word {
            "first" | "1st" | "primera" | "primero" | "primer" | "erste" | "ersten" | "premier"
            | "premiere" => 0,
            "second" | "2nd" | "segunda" | "segundo" | "zweite" | "zweiten" | "deuxieme" | "middle" => 1,
            "third" | "3rd" | "tercera" | "tercero" | "dritte" | "dritten" | "troisieme" => 2,
            "last" | "ultima" | "ultimo" | "letzte" | "letzten" | "dernier" | "derniere" => usize::MAX,
            _ => return None,
        };
        let article =
            is_in("the la el der die das den le option number opcion", before) && !before.is_empty();
        let noun = next.is_empty() || is_in(AFTER_PLACE, next);
        let after = words.get(at + 2).copied().unwrap_or_default();
        let named = is_in(PLACES, next) && !is_in(OF_ALL, after) && words.len() <= 6;
        (noun && (article || named || words.len() <= 3)).then(|| {
            let first = if article { at - 1 } else { at };
            (place, first, at - first + 1 + usize::from(is_in("one option slot time choice", next)))
        })
    })
}

/// The only number of a few words: "10 works".
pub fn alone<Word: AsRef<str>>(words: &[Word]) -> Option<u32> {
    if words.len() > 4 {
        return None;
    }
    let mut numbers = words.iter().filter_map(|word| word.as_ref().parse().ok());
    numbers.next().filter(|_| numbers.next().is_none())
}

/// Four to eight digits, as they stand in a mail: also "48 29 13".
pub fn code(text: &str) -> Option<String> {
    let mut best: Option<String> = None;
    let mut run = String::new();
    for c in text.chars().take(200).chain([';']) {
        if c.is_ascii_digit() {
            run.push(c);
        } else if run.is_empty() || !matches!(c, ' ' | '-') {
            if (4..=8).contains(&run.len()) {
                best = Some(run.clone());
            }
            run.clear();
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin::text;

    fn words(text: &str) -> Vec<String> {
        text::words(text)
    }

    #[test]
    fn people_places_and_codes_are_told_from_times() {
        let seats = |text: &str| {
            let words = words(text);
            seats(&words.iter().map(String::as_str).collect::<Vec<_>>()).map(|(count, ..)| count)
        };
        assert_eq!(seats("for two people at 4"), Some(2));
        assert_eq!(seats("there are 3 of us"), Some(3));
        assert_eq!(seats("me and my wife"), Some(2));
        assert_eq!(seats("can you see us both at the same time"), Some(2));
        assert_eq!(seats("wir kommen zu zweit"), Some(2));
        assert_eq!(seats("book me in for 3"), None);
        assert_eq!(seats("para 2 ninos"), Some(2));
        let place = |text: &str| {
            let words = words(text);
            place(&words.iter().map(String::as_str).collect::<Vec<_>>()).map(|(place, ..)| place)
        };
        assert_eq!(place("the second one please"), Some(1));
        assert_eq!(place("last"), Some(usize::MAX));
        assert_eq!(place("first one is fine"), Some(0));
        assert_eq!(place("ok the earliest of those"), Some(0));
        assert_eq!(place("first one available please"), None);
        assert_eq!(place("der erste passt"), Some(0));
        assert_eq!(place("the first available appointment"), None);
        assert_eq!(place("i was there last week"), None);
        assert_eq!(code("it says 482-913").as_deref(), Some("482913"));
        assert_eq!(code("at 3"), None);
    }
}
