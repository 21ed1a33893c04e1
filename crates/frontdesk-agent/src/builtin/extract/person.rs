//! Names of people: "I'm Ana Díaz", "my name is ...", "this is ...", or a bare reply when the name was asked.
//!
//! A name after "my name is" may be any word; after the looser "I'm" it must be capitalised or a known first name, so
//! that "I'm fine" and "I'm looking for" are none.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::Found;
use crate::builtin::text::{self, Token};

/// Known first names.
static FIRST_NAMES: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| word_list(include_str!("../data/names.txt")));

fn word_list(file: &'static str) -> BTreeSet<&'static str> {
    file.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
}

/// Most words of a name, characters of each.
const MOST_WORDS: usize = 4;
const LONGEST_WORD: usize = 24;

/// Introductions after which any word is a name, and those after which it must look like one.
const DIRECT: &[&[&str]] = &[
    &["my", "name", "is"],
    &["my", "names"],
    &["the", "name", "is"],
    &["names"],
    &["name", "is"],
    &["my", "full", "name", "is"],
    &["call", "me"],
    &["me", "llamo"],
    &["mi", "nombre", "es"],
    &["mein", "name", "ist"],
    &["ich", "heisse"],
    &["je", "mappelle"],
    &["mon", "nom", "est"],
    &["my", "first", "name", "is"],
    &["nombre"],
    &["you", "can", "call", "me"],
];
const LOOSE: &[&[&str]] = &[
    &["im"],
    &["i", "am"],
    &["this", "is"],
    &["its"],
    &["it", "is"],
    &["soy"],
    &["ich", "bin"],
    &["je", "suis"],
    &["hier", "ist"],
    &["habla"],
    &["name"],
    &["under"],
    &["in", "the", "name", "of"],
    &["a", "nombre", "de"],
    &["auf", "den", "namen"],
    &["au", "nom", "de"],
];

/// Words that are never a name or part of one.
static NEVER: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| word_list(include_str!("../data/not_names.txt")));

/// Sounds people make while they think.
const PAUSES: &[&str] = &["uh", "um", "uhm", "erm", "er", "ehm", "hmm", "eh", "euh", "äh", "ah"];

/// Small words inside names.
const PARTICLES: &[&str] = &[
    "de", "la", "del", "van", "von", "der", "den", "da", "dos", "di", "bin", "al", "el", "le", "du", "y",
    "st",
];

/// Names said as such.
pub fn find(message: &str) -> Vec<Found<String>> {
    let tokens = text::tokens(message);
    let words: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let rest = words.get(at..).unwrap_or_default();
        let direct = DIRECT.iter().find(|intro| rest.starts_with(intro));
        let loose = LOOSE.iter().find(|intro| rest.starts_with(intro));
        let strict = direct.is_none();
        let Some(intro) = direct.or(loose) else {
            at += 1;
            continue;
        };
        // "my name is" is also "name is": the longest introduction is met first, the shorter ones inside it are skipped.
        // "my name is uh Robert": what is only a pause is none of it.
        let pauses = rest.iter().skip(intro.len()).take_while(|word| PAUSES.contains(word)).count();
        let after = at + intro.len() + pauses;
        let denied = at > 0 && words.get(at - 1).is_some_and(|word| *word == "not")
            || words.get(after).is_some_and(|word| *word == "not");
        match name_from(message, &tokens, after, strict) {
            Some(name) if !denied => {
                at = after;
                found.push(name);
            }
            _ => at += 1,
        }
    }
    if found.is_empty() {
        found.extend(signed(message, &tokens));
    }
    found
}

/// "Peter here", at the start.
fn signed(message: &str, tokens: &[Token]) -> Option<Found<String>> {
    let at = tokens.iter().take(4).position(|token| token.text == "here")?;
    let start =
        tokens.iter().take(at).position(|token| !matches!(token.text.as_str(), "hi" | "hello" | "hey"))?;
    let name = name_from(message, tokens, start, true)?;
    (tokens.get(at).is_some_and(|here| here.span.start >= name.span.end)).then_some(name)
}

/// The reply to "what's your name?": a bare name, with small words around it.
pub fn bare(message: &str) -> Option<Found<String>> {
    let tokens = text::tokens(message);
    let lead = tokens
        .iter()
        .take_while(|token| {
            matches!(
                token.text.as_str(),
                "sure"
                    | "ok"
                    | "okay"
                    | "yes"
                    | "yeah"
                    | "its"
                    | "it"
                    | "is"
                    | "my"
                    | "name"
                    | "hi"
                    | "hello"
                    | "well"
                    | "of"
                    | "course"
                    | "si"
                    | "claro"
                    | "es"
                    | "just"
                    | "im"
                    | "soy"
                    | "the"
                    | "names"
                    | "yep"
            )
        })
        .count();
    let name = name_from(message, &tokens, lead, false)?;
    // A bare name is all there is, but for an address, a number or thanks after it.
    let words_after = tokens.iter().filter(|token| token.span.start >= name.span.end).count();
    let after = message.get(name.span.end..).unwrap_or_default();
    // What was found elsewhere (an address, a number) is blanked with semicolons by the caller.
    let more = after.trim_start().starts_with([',', '.', ';']);
    (words_after <= 2 || more).then_some(name)
}

/// The name that starts at a word; `strict` asks for a capital letter or a known first name.
fn name_from(message: &str, tokens: &[Token], start: usize, strict: bool) -> Option<Found<String>> {
    let mut parts: Vec<String> = Vec::new();
    let mut end = start;
    while parts.len() < MOST_WORDS {
        let Some(token) = tokens.get(end) else { break };
        let Some(raw) = message.get(token.span.clone()) else { break };
        if let Some(before) = end.checked_sub(1).and_then(|index| tokens.get(index)) {
            let between = message.get(before.span.end..token.span.start).unwrap_or_default();
            let joined = between.chars().all(|c| c == ' ' || c == '-' || c == '\u{a0}')
                || (between == ". " && raw_len(message, before) <= 2);
            if !parts.is_empty() && !joined {
                break;
            }
        }
        let particle = !parts.is_empty()
            && PARTICLES.contains(&token.text.as_str())
            && tokens.get(end + 1).is_some_and(|next| is_word(message, next));
        if !particle && (!is_word(message, token) || NEVER.contains(token.text.as_str())) {
            break;
        }
        let capital = raw.chars().next().is_some_and(char::is_uppercase);
        let known = FIRST_NAMES.contains(token.text.as_str());
        if parts.is_empty() && strict && !known && !(capital && end > 0) {
            break;
        }
        // "i'm ana calling about": after a lower-case first name only capitals or short surnames go on.
        if !parts.is_empty() && !particle && strict && !capital {
            break;
        }
        let hyphen =
            message.get(..token.span.start).is_some_and(|before| before.ends_with('-')) && !parts.is_empty();
        let cased = if particle { raw.to_lowercase() } else { name_case(raw) };
        if hyphen {
            if let Some(last) = parts.last_mut() {
                last.push('-');
                last.push_str(&cased);
            }
        } else {
            parts.push(cased);
        }
        end += 1;
    }
    while parts.last().is_some_and(|last| PARTICLES.contains(&last.as_str())) {
        parts.pop();
        end -= 1;
    }
    let (first, last) = (tokens.get(start)?, tokens.get(end.checked_sub(1)?)?);
    if parts.is_empty() || end <= start {
        return None;
    }
    let verb = parts.len() == 1
        && strict
        && parts
            .first()
            .is_some_and(|word| word.len() > 4 && (word.ends_with("ing") || word.ends_with("ed")));
    if verb && !FIRST_NAMES.contains(first.text.as_str()) {
        return None;
    }
    Some(Found { value: parts.join(" "), span: first.span.start..last.span.end })
}

fn raw_len(message: &str, token: &Token) -> usize {
    message.get(token.span.clone()).map_or(0, |raw| raw.chars().count())
}

fn is_word(message: &str, token: &Token) -> bool {
    let Some(raw) = message.get(token.span.clone()) else { return false };
    let length = raw.chars().count();
    length <= LONGEST_WORD
        && raw.chars().next().is_some_and(char::is_alphabetic)
        && raw.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '\u{300}'..='\u{36f}'))
}

/// `ANA` and `ana` become `Ana`; `McDonald` and `O'Neil` stay as typed; `o'neil` becomes `O'Neil`.
fn name_case(raw: &str) -> String {
    let letters: Vec<char> = raw.chars().filter(|c| c.is_alphabetic()).collect();
    let upper = letters.iter().filter(|c| c.is_uppercase()).count();
    if upper > 0 && upper < letters.len() && letters.first().is_some_and(|c| c.is_uppercase()) {
        return raw.to_owned();
    }
    let mut cased = String::with_capacity(raw.len());
    let mut start = true;
    let short_prefix = raw.find(['\'', '’']).is_some_and(|at| at <= 2);
    for c in raw.chars() {
        if start {
            cased.extend(c.to_uppercase());
        } else {
            cased.extend(c.to_lowercase());
        }
        start = short_prefix && matches!(c, '\'' | '’');
    }
    cased
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Option<String> {
        find(text).pop().map(|found| found.value)
    }

    #[test]
    fn a_name_is_found_where_it_is_said() {
        for (text, name) in [
            ("Hi, I'm Ana", "Ana"),
            ("i'm ana and i need help", "Ana"),
            ("my name is ANA DIAZ.", "Ana Diaz"),
            ("my name is ana diaz and my email is ana@x.com", "Ana Diaz"),
            ("This is Peter O'Neil calling", "Peter O'Neil"),
            ("me llamo José de la Cruz", "José de la Cruz"),
            ("hola, soy lucia", "Lucia"),
            ("Ich heiße Jürgen", "Jürgen"),
            ("je m'appelle Anne-Marie Dupont", "Anne-Marie Dupont"),
            ("name: Xiomara", "Xiomara"),
            ("Tom here, quick question", "Tom"),
            ("it's Priya Nair, priya@nair.dev", "Priya Nair"),
        ] {
            assert_eq!(one(text).as_deref(), Some(name), "{text}");
        }
    }

    #[test]
    fn states_and_wishes_are_no_names() {
        for text in [
            "I'm fine",
            "I'm looking for a dentist",
            "i am interested",
            "I'm not Ana",
            "this is ridiculous",
            "it's urgent",
            "I'm so angry",
            "I'm from Spain",
            "I'm in Berlin",
            "call me back",
            "call me at 5",
            "soy alérgico",
            "I'm having trouble",
            "it is broken",
            "this is a test",
            "I'm gluten free",
            "i'm pregnant",
            "my name is not important",
        ] {
            assert_eq!(one(text), None, "{text}");
        }
    }

    #[test]
    fn a_bare_reply_is_a_name_only_when_it_is_all_there_is() {
        for (text, name) in [
            ("ana", "Ana"),
            ("Ana Diaz", "Ana Diaz"),
            ("sure, it's xiomara", "Xiomara"),
            ("ana diaz, ;;;;;;", "Ana Diaz"),
            ("mcfly", "Mcfly"),
            ("Zhang Wei ;;;;;;;;;", "Zhang Wei"),
        ] {
            assert_eq!(bare(text).map(|f| f.value).as_deref(), Some(name), "{text}");
        }
        for text in [
            "how much is it",
            "why",
            "no",
            "i'd rather not say",
            "parking is where exactly then",
            "what",
            "never mind",
            "",
        ] {
            assert_eq!(bare(text).map(|f| f.value), None, "{text}");
        }
    }
}
