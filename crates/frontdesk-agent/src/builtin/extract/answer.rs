//! Yes or no, in many forms.

use crate::builtin::text;

const YES: &[&str] = &[
    "yes",
    "yeah",
    "yep",
    "yup",
    "yea",
    "ya",
    "sure",
    "ok",
    "okay",
    "k",
    "absolutely",
    "definitely",
    "certainly",
    "correct",
    "right",
    "exactly",
    "fine",
    "alright",
    "please",
    "perfect",
    "great",
    "👍",
    "y",
    "si",
    "sip",
    "claro",
    "vale",
    "bueno",
    "dale",
    "perfecto",
    "correcto",
    "exacto",
    "adelante",
    "ja",
    "jep",
    "jo",
    "jup",
    "yepp",
    "yupp",
    "yeahh",
    "genau",
    "gerne",
    "klar",
    "oui",
    "ouais",
    "daccord",
    "bien",
    "affirmative",
    "indeed",
    "totally",
    "yess",
    "yas",
    "sii",
];
const NO: &[&str] = &[
    "no", "nope", "nah", "n", "negative", "never", "👎", "nop", "nel", "nein", "nee", "non", "nay", "noo",
    "tampoco", "nunca", "dont",
];
const YES_PHRASES: &[&[&str]] = &[
    &["of", "course"],
    &["go", "ahead"],
    &["please", "do"],
    &["sounds", "good"],
    &["sounds", "great"],
    &["that", "works"],
    &["works", "for", "me"],
    &["why", "not"],
    &["do", "it"],
    &["lets", "do"],
    &["i", "would"],
    &["id", "like", "that"],
    &["por", "supuesto"],
    &["de", "acuerdo"],
    &["esta", "bien"],
    &["me", "parece", "bien"],
    &["go", "for", "it"],
    &["that", "would", "be"],
    &["thats", "right"],
    &["thats", "correct"],
    &["como", "no"],
    &["asi", "es"],
    &["eso", "es"],
    &["bien", "sur"],
    &["thats", "fine"],
];
const NO_PHRASES: &[&[&str]] = &[
    &["not", "now"],
    &["not", "really"],
    &["not", "today"],
    &["no", "need"],
    &["im", "good"],
    &["im", "fine"],
    &["im", "ok"],
    &["maybe", "later"],
    &["rather", "not"],
    &["not", "right", "now"],
    &["not", "necessary"],
    &["not", "interested"],
    &["ahora", "no"],
    &["mejor", "no"],
    &["para", "nada"],
    &["i", "dont", "think", "so"],
    &["absolutely", "not"],
    &["of", "course", "not"],
    &["not", "yet"],
    &["por", "ahora", "no"],
    &["claro", "que", "no"],
    &["todavia", "no"],
    &["de", "momento", "no"],
    &["not", "sure"],
    &["all", "set"],
    &["thats", "all"],
    &["nothing", "else"],
    &["nada", "mas"],
    &["that", "is", "all"],
];

/// Whether a message starts as a yes or a no; `None` when it is neither.
pub fn yes_or_no(message: &str) -> Option<bool> {
    let words = text::words(message);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let skip = words.iter().take_while(|word| matches!(**word, "oh" | "um" | "uh" | "well" | "hmm" | "mm" | "ah" | "eh" | "pues" | "bueno" if words.len() > 1)).count();
    let words = words.get(skip..).unwrap_or_default();
    let starts = |phrase: &&[&str]| words.starts_with(phrase);
    if NO_PHRASES.iter().any(starts) {
        return Some(false);
    }
    if YES_PHRASES.iter().any(starts) {
        return Some(true);
    }
    let first = words.first()?;
    if NO.contains(first) {
        return Some(false);
    }
    YES.contains(first).then(|| {
        !words
            .get(1..)
            .unwrap_or_default()
            .windows(2)
            .any(|pair| matches!(pair, ["not", "now"] | ["no", "thanks"]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_have_many_forms() {
        for yes in [
            "yes",
            "Yeah sure",
            "ok!",
            "👍",
            "sí, por favor",
            "of course",
            "Sounds good to me",
            "well, yes",
            "yesss",
            "yes, my number is 5",
        ] {
            assert_eq!(yes_or_no(yes), Some(true), "{yes}");
        }
        for no in [
            "no",
            "nope",
            "no thanks",
            "I'm good",
            "not right now",
            "👎",
            "mejor no",
            "nah",
            "um no",
            "of course not",
        ] {
            assert_eq!(yes_or_no(no), Some(false), "{no}");
        }
        for neither in ["how much is it", "", "Ana", "noon works", "yesterday"] {
            assert_eq!(yes_or_no(neither), None, "{neither}");
        }
    }
}
