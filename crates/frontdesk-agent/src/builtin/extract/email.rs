//! E-mail addresses, typed or spelled out ("ana at example dot com").

use frontdesk_domain::text::email;

use super::Found;

/// Most addresses of one message.
const MOST: usize = 8;

/// How "at" and "dot" are spelled; longer ones first.
const AT: &[&str] = &["(at)", "[at]", "{at}", "arroba", "at"];
const DOT: &[&str] = &["(dot)", "[dot]", "{dot}", "punto", "dot", "point", "punkt"];

/// The addresses in a text.
pub fn find(text: &str) -> Vec<Found<String>> {
    let mut found = typed(text);
    if found.is_empty() {
        found = spelled(text);
    }
    found
}

/// What a name before `@` is made of. RFC 5322 allows braces and bars too; in what people write they stand around an
/// address, or mark a place that was never filled in.
fn is_local(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`~.-".contains(c)
}

fn is_domain(c: char) -> bool {
    c.is_alphanumeric() || c == '.' || c == '-'
}

/// `ana@example.com`, also with a space or a comma slipped in around `@` or before the ending.
fn typed(text: &str) -> Vec<Found<String>> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('@').take(MOST) {
        let before = text.get(..at).unwrap_or_default();
        let before = before
            .strip_suffix(' ')
            .filter(|_| text.get(at + 1..).is_some_and(|t| t.starts_with(' ')))
            .unwrap_or(before);
        let start = before.len()
            - before.chars().rev().take_while(|&c| is_local(c)).map(char::len_utf8).sum::<usize>();
        let after = text.get(at + 1..).unwrap_or_default();
        let skipped = after.len() - after.trim_start_matches(' ').len();
        let rest = after.trim_start_matches(' ');
        let mut length: usize = rest.chars().take_while(|&c| is_domain(c)).map(char::len_utf8).sum();
        let mut domain = rest.get(..length).unwrap_or_default().to_owned();
        if !domain.contains('.') {
            // "ana@gmail,com", "ana@gmail com"
            let tail = rest.get(length..).unwrap_or_default();
            let ending = tail
                .strip_prefix([',', ' '])
                .map(|t| t.chars().take_while(char::is_ascii_alphabetic).collect::<String>());
            if let Some(ending) = ending
                .filter(|e| matches!(e.as_str(), "com" | "net" | "org" | "es" | "de" | "fr" | "io" | "edu"))
            {
                length += 1 + ending.len();
                domain = format!("{domain}.{ending}");
            }
        }
        let trimmed = domain.trim_end_matches(['.', '-']);
        length -= domain.len() - trimmed.len();
        let local = before.get(start..).unwrap_or_default().trim_start_matches(['.', '\'', '/', '(', '`']);
        let start = before.len() - local.len();
        if let Ok(value) = email(&format!("{local}@{trimmed}")) {
            found.push(Found { value, span: start..at + 1 + skipped + length });
        }
    }
    found
}

/// `ana dot diaz at example dot com`.
fn spelled(text: &str) -> Vec<Found<String>> {
    let lower = text.to_lowercase();
    // Some letters change their length in lower case; then places would not fit.
    if lower.len() != text.len() {
        return Vec::new();
    }
    let words: Vec<(usize, &str)> = lower
        .split_whitespace()
        .map(|word| {
            (word.as_ptr() as usize - lower.as_ptr() as usize, word.trim_end_matches([',', '!', '?', ';']))
        })
        .collect();
    let get = |index: usize| words.get(index).map(|(_, word)| word.trim_end_matches('.'));
    let is = |index: usize, list: &[&str]| get(index).is_some_and(|word| list.contains(&word));
    for at in 1..words.len() {
        if !is(at, AT) {
            continue;
        }
        // The domain: words joined by dots.
        // A full stop after a word ends a sentence, so what follows is no ending.
        if words.get(at + 1).is_some_and(|(_, word)| word.ends_with('.')) {
            continue;
        }
        let Some(first) = get(at + 1).filter(|word| word.chars().all(is_domain)) else { continue };
        let mut domain = first.to_owned();
        let mut end = at + 1;
        while is(end + 1, DOT) {
            let Some(next) = get(end + 2).filter(|word| word.chars().all(|c| c.is_ascii_alphanumeric()))
            else {
                break;
            };
            domain = format!("{domain}.{next}");
            end += 2;
        }
        if !domain.contains('.') {
            continue;
        }
        // The name before it: words joined by dot, underscore or dash.
        let Some(last) = get(at - 1).filter(|word| word.chars().all(is_local)) else { continue };
        let mut local = last.to_owned();
        let mut start = at - 1;
        while start >= 2 {
            let joint = match get(start - 1) {
                Some("underscore" | "guion_bajo") => '_',
                Some("dash" | "hyphen" | "minus" | "guion") => '-',
                Some(word) if DOT.contains(&word) => '.',
                _ => break,
            };
            let Some(before) = get(start - 2).filter(|word| word.chars().all(is_local)) else { break };
            local = format!("{before}{joint}{local}");
            start -= 2;
        }
        let (Some((from, _)), Some((to, word))) = (words.get(start), words.get(end)) else { continue };
        if let Ok(value) = email(&format!("{local}@{domain}")) {
            return vec![Found { value, span: *from..to + word.trim_end_matches('.').len() }];
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Option<String> {
        find(text).pop().map(|found| {
            assert!(text.is_char_boundary(found.span.start) && text.is_char_boundary(found.span.end));
            found.value
        })
    }

    #[test]
    fn an_address_is_found_however_it_is_written() {
        for text in [
            "my email is ana.diaz@example.com.",
            "Ana.Diaz@Example.com",
            "write to <ana.diaz@example.com>, thanks",
            "ana.diaz @ example.com",
            "ana.diaz@example,com",
            "ana dot diaz at example dot com",
            "it's ana.diaz at example dot com!",
            "ana.diaz (at) example (dot) com",
            "mi correo es ana.diaz arroba example punto com",
        ] {
            assert_eq!(one(text).as_deref(), Some("ana.diaz@example.com"), "{text}");
        }
    }

    #[test]
    fn other_text_is_no_address() {
        for text in [
            "meet me at noon",
            "@ana on twitter",
            "a@b",
            "look at this dot",
            "I am at home. dot com is a word",
            "write to {name} at 25 dot com",
            "{name}@example.com",
        ] {
            assert_eq!(one(text), None, "{text}");
        }
    }
}
