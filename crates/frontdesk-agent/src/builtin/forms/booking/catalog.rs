//! What can be booked and with whom, as customers name it.

use crate::booking::{BookableStaff, BookableType};
use crate::builtin::text;

use super::cues::Cues;

/// Words that name nothing.
const SMALL: &[&str] = &[
    "the",
    "a",
    "an",
    "and",
    "or",
    "of",
    "for",
    "with",
    "in",
    "on",
    "at",
    "to",
    "your",
    "our",
    "new",
    "first",
    "with",
    "appointment",
    "appointments",
    "booking",
    "visit",
    "session",
    "time",
    "minutes",
    "minute",
    "min",
    "hour",
    "per",
    "de",
    "la",
    "el",
    "los",
    "las",
    "para",
    "con",
    "una",
    "un",
    "y",
    "und",
    "der",
    "die",
    "das",
    "mit",
    "fur",
    "ein",
    "eine",
    "le",
    "les",
    "des",
    "du",
    "avec",
    "pour",
    "une",
    "et",
    "termin",
    "cita",
    "rendez",
    "vous",
    "rdv",
    "you",
    "we",
    "is",
    "it",
    "this",
    "that",
    "all",
    "any",
    "one",
    "two",
    "day",
    "full",
    "short",
    "long",
    "half",
    "standard",
    "dr",
];

/// The words of a name that say something.
fn content(name: &str) -> Vec<String> {
    let words: Vec<String> = text::words(&name.replace('-', ""));
    let kept: Vec<String> =
        words.iter().filter(|word| word.len() > 1 && !SMALL.contains(&word.as_str())).cloned().collect();
    if kept.is_empty() { words } else { kept }
}

/// Whether a typed word is a wanted one: the same, nearly the same, or another word for it.
fn is_like(cues: &Cues, said: &str, wanted: &str) -> bool {
    if said == wanted || cues.same(said, wanted) {
        return true;
    }
    let (said_len, wanted_len) = (said.chars().count(), wanted.chars().count());
    // Compounds: "zahnreinigung" is a "reinigung".
    if said_len.min(wanted_len) >= 6 && (said.ends_with(wanted) || wanted.ends_with(said)) {
        return true;
    }
    let plural =
        |a: &str, b: &str| a.strip_suffix("es").is_some_and(|a| a == b) || a.strip_suffix('s') == Some(b);
    if plural(said, wanted) || plural(wanted, said) {
        return true;
    }
    let most = match said_len.min(wanted_len) {
        0..=4 => return false,
        5..=7 => 1,
        _ => 2,
    };
    said.chars().next() == wanted.chars().next() && text::distance(said, wanted, most).is_some()
}

/// The types a text may mean, as places in the list: the best ones, several when they are equally good.
pub fn types(cues: &Cues, all: &[BookableType], words: &[&str]) -> Vec<usize> {
    let joined =
        words.windows(2).filter_map(|pair| if let [a, b] = pair { Some(format!("{a}{b}")) } else { None });
    let joined: Vec<String> = joined.collect();
    let said: Vec<&str> = words.iter().copied().chain(joined.iter().map(String::as_str)).collect();
    let scored: Vec<f32> = all
        .iter()
        .map(|kind| {
            let wanted = content(&kind.name);
            let hits = wanted.iter().filter(|want| said.iter().any(|word| is_like(cues, word, want))).count();
            let exact = wanted.iter().filter(|want| said.contains(&want.as_str())).count();
            let described = content(&kind.description)
                .iter()
                .filter(|want| {
                    want.len() > 5 && said.iter().any(|word| word == want || cues.same(word, want))
                })
                .count();
            if hits == 0 && described == 0 {
                return 0.0;
            }
            let (hits, exact, all) = (hits as f32, exact as f32, wanted.len().max(1) as f32);
            hits / all + 0.4 * hits + 0.1 * exact + 0.15 * described.min(3) as f32
        })
        .collect();
    let best = scored.iter().copied().fold(0.0_f32, f32::max);
    if best <= 0.0 {
        return Vec::new();
    }
    scored.iter().enumerate().filter(|(_, score)| **score > best - 0.05).map(|(at, _)| at).collect()
}

/// The staff a text names.
pub fn staff<'s>(all: &'s [BookableStaff], words: &[&str]) -> Vec<&'s BookableStaff> {
    all.iter()
        .filter(|person| {
            content(&person.name).iter().any(|name| {
                words.iter().enumerate().any(|(at, word)| {
                    let before = at.checked_sub(1).and_then(|at| words.get(at)).copied().unwrap_or_default();
                    let with =
                        matches!(before, "with" | "w" | "con" | "bei" | "avec" | "by" | "see" | "can" | "dr");
                    word == name
                        || (with
                            && name.chars().count() >= 5
                            && word.chars().next() == name.chars().next()
                            && text::distance(word, name, 1).is_some())
                })
            })
        })
        .collect()
}

/// "a cleaning, not a check-up": what is named only to be refused goes, unless nothing would be left.
pub fn drop_refused(types: &mut Vec<usize>, named: impl Fn(&[&str]) -> Vec<usize>, words: &[&str]) {
    if types.len() < 2 {
        return;
    }
    let refused: Vec<usize> = words
        .iter()
        .enumerate()
        .filter(|(_, word)| {
            matches!(**word, "not" | "nicht" | "kein" | "keine" | "pas" | "no" | "statt" | "than")
        })
        .flat_map(|(at, _)| named(words.get(at + 1..words.len().min(at + 5)).unwrap_or_default()))
        .collect();
    let kept: Vec<usize> = types.iter().copied().filter(|kind| !refused.contains(kind)).collect();
    if !kept.is_empty() {
        *types = kept;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(name: &str, description: &str) -> BookableType {
        BookableType { name: name.to_owned(), description: description.to_owned(), ..BookableType::default() }
    }

    #[test]
    fn a_type_is_known_by_its_name_its_description_and_other_words_for_it() {
        let cues = Cues::load().unwrap();
        let all = [
            kind("Cleaning", "Scaling and polishing by our hygienists."),
            kind("Deep cleaning", "Below the gum line."),
            kind("Check-up", "A look at everything, with x-rays."),
        ];
        let find = |text: &str| {
            let words = text::words(text);
            types(&cues, &all, &words.iter().map(String::as_str).collect::<Vec<_>>())
        };
        assert_eq!(find("a cleaning please"), [0]);
        assert_eq!(find("i need a deep cleening"), [1]);
        assert_eq!(find("time for my checkup"), [2]);
        assert_eq!(find("some scaling"), [0]);
        assert!(find("an appointment").is_empty());
    }
}
