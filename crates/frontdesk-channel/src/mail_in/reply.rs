//! The new words of a reply, told from what it quotes and from what programs add.
//!
//! Works on lines. A quotation is a line that begins with `>` ([`super::html`] makes those of quoting HTML), or all that
//! follows a sign that it does: who wrote what when, a copied header, our own line. Words between quoted lines are an
//! answer and are kept; forwarded mail is what its sender wants read and is kept whole. Nothing is lost: what is not new
//! is in [`Words::quoted`]. The cases are in `tests/corpus/replies.txt`.

use super::html::{ATTRIBUTION, REST_IS_QUOTED, SIGNATURE};
use super::markers::{
    ANSWER_ABOVE, ANSWER_ABOVE_END, ATTRIBUTION_STARTS, FORWARD_SUBJECTS, FORWARDED, FROM, ORIGINAL, OTHER,
    SENT, SENT_FROM, SUBJECT, TO, WROTE,
};

/// Most lines that are looked at one by one; the rest is quoted.
const MAX_LINES: usize = 5_000;
/// Most lines over which "On ... wrote:" is broken.
const ATTRIBUTION_LINES: usize = 4;
/// Most characters of it.
const ATTRIBUTION_LENGTH: usize = 400;
/// Most lines of a copied header.
const HEADER_LINES: usize = 10;
/// Most bytes of a line that is a sign of quoting.
const MAX_SIGN: usize = 1_000;
/// Most lines of a signature whose dashes came without their blank.
const LOOSE_SIGNATURE_LINES: usize = 10;

/// A mail's words, parted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// What its writer wrote now.
    pub text: String,
    /// Everything else.
    pub quoted: String,
}

/// The line that our mails can carry above their words, in the customer's language: answers are read down to it.
pub fn answer_above(words: &str) -> String {
    format!("{ANSWER_ABOVE}{words}{ANSWER_ABOVE_END}")
}

/// Parts a mail's words. `subject` tells whether it was forwarded.
pub fn split(text: &str, subject: &str) -> Words {
    let whole: Vec<String> = text.lines().map(tidy).collect();
    let lines: Vec<&str> = whole.iter().take(MAX_LINES).map(String::as_str).collect();
    let beyond = whole.iter().skip(MAX_LINES).map(String::as_str);
    let mut sorted = sort(&lines, is_forward_subject(subject));
    for line in beyond {
        sorted.quoted.push(line);
    }
    if sorted.may_be_forward && sorted.new.iter().all(|line| line.trim().is_empty()) {
        // A copied header and nothing before it: somebody passed a mail on, and its words are all there is.
        return Words { text: joined(lines.iter().map(|line| unquoted(line))), quoted: String::new() };
    }
    Words { text: joined(sorted.new.into_iter()), quoted: joined(sorted.quoted.into_iter()) }
}

fn is_forward_subject(subject: &str) -> bool {
    let subject = subject.trim().to_lowercase();
    FORWARD_SUBJECTS.iter().any(|start| subject.starts_with(start))
}

/// A line without what cannot be seen.
fn tidy(line: &str) -> String {
    let line: String = line
        .chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\r' | '\0'))
        .map(|c| if matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}') { ' ' } else { c })
        .collect();
    // The blank behind two dashes makes them the sign of a signature (RFC 3676 §4.3).
    if line == "-- " { line } else { line.trim_end().to_owned() }
}

#[derive(Debug, Default)]
struct Sorted<'a> {
    new: Vec<&'a str>,
    quoted: Vec<&'a str>,
    /// It was cut at a copied header.
    may_be_forward: bool,
}

fn sort<'a>(lines: &[&'a str], is_forward: bool) -> Sorted<'a> {
    let mut sorted = Sorted::default();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = lines.get(at..).unwrap_or_default();
        if is_forward_line(line) || is_forward && is_cut(rest) {
            sorted.new.extend(rest.iter().map(|line| unquoted(line)));
            return sorted;
        }
        if is_quoted(line) || line.starts_with(ATTRIBUTION) {
            sorted.quoted.push(line);
            at += 1;
        } else if let Some(length) = attribution(rest) {
            sorted.quoted.extend(rest.get(..length).unwrap_or_default());
            at += length;
            let next = lines.get(at..).unwrap_or_default().iter().find(|line| !line.trim().is_empty());
            if !next.is_some_and(|line| is_quoted(line)) {
                sorted.quoted.extend(lines.get(at..).unwrap_or_default());
                return sorted;
            }
        } else if is_cut(rest) {
            sorted.may_be_forward = copied_header(rest) || is_original(line);
            sorted.quoted.extend(rest);
            return sorted;
        } else if let Some(length) = signature(rest) {
            sorted.quoted.extend(rest.get(..length).unwrap_or_default());
            at += length;
        } else {
            sorted.new.push(line);
            at += 1;
        }
    }
    sorted
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// A forwarded line without the marks that sorting needed.
fn unquoted(line: &str) -> &str {
    let line = line.trim_start_matches([SIGNATURE, REST_IS_QUOTED, ATTRIBUTION]);
    line.strip_prefix('>').map_or(line, |line| line.strip_prefix(' ').unwrap_or(line))
}

/// Whether from here on all is quoted.
fn is_cut(rest: &[&str]) -> bool {
    let Some(line) = rest.first() else { return false };
    if line.len() > MAX_SIGN {
        return false;
    }
    line.starts_with(REST_IS_QUOTED)
        || is_original(line)
        || is_own_line(line)
        || copied_header(rest)
        || (is_rule(line) || ORIGINAL.contains(&line.trim().to_lowercase().as_str()))
            && copied_header(rest.get(1..).unwrap_or_default())
}

fn is_own_line(line: &str) -> bool {
    let line = line.trim().trim_matches('*');
    line.starts_with(ANSWER_ABOVE) && line.ends_with(ANSWER_ABOVE_END)
}

/// A line across, of underscores or dashes.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 5 && (line.bytes().all(|byte| byte == b'_') || line.bytes().all(|byte| byte == b'-'))
}

/// What stands between dashes, in lower case.
fn between_dashes(line: &str) -> Option<String> {
    let line = line.trim();
    let inner = line.trim_matches(['-', '=', '_', '*', ' ', '\u{2013}', '\u{2014}']);
    (line.len() <= 120 && !inner.is_empty() && line.starts_with('-') && inner.len() + 4 <= line.len())
        .then(|| inner.to_lowercase())
}

fn is_original(line: &str) -> bool {
    between_dashes(line).is_some_and(|inner| {
        let inner = inner.trim_end_matches(':');
        ORIGINAL
            .iter()
            .any(|known| inner == *known || inner.starts_with(known) && inner.len() <= known.len() + 40)
    })
}

fn is_forward_line(line: &str) -> bool {
    let line = unquoted(line.trim());
    let inner = between_dashes(line).unwrap_or_else(|| line.trim().to_lowercase());
    let is_line = line.trim_start().starts_with('-') || line.trim_end().ends_with([':', '\u{ff1a}']);
    let inner = inner.trim_end_matches([' ', ':', '\u{ff1a}']);
    is_line && FORWARDED.contains(&inner)
}

/// How many lines say who wrote what follows.
fn attribution(rest: &[&str]) -> Option<usize> {
    let first = rest.first()?.trim();
    if first.is_empty() || first.len() > ATTRIBUTION_LENGTH * 4 {
        return None;
    }
    let begins = begins_attribution(first);
    // Without a word it begins with, it begins with a date or the person.
    if !begins && !first.starts_with(|c: char| c.is_ascii_digit()) && !first.contains('@') {
        return None;
    }
    if begins && is_attribution_with_words(first) {
        return Some(1);
    }
    for count in 1..=ATTRIBUTION_LINES {
        let lines = rest.get(..count)?;
        let last = lines.last()?.trim();
        if last.is_empty() || count > 1 && is_quoted(last) {
            return None;
        }
        if last.trim_end_matches(['*', '_', ' ']).ends_with([':', '\u{ff1a}'])
            && is_attribution(lines, begins)
        {
            // The words before it may look like its beginning.
            let begins_later = (1..count).any(|skipped| {
                let later = lines.get(skipped..).unwrap_or_default();
                later.first().is_some_and(|line| begins_attribution(line)) && is_attribution(later, true)
            });
            return (!begins_later).then_some(count);
        }
    }
    None
}

/// Some phones put the quoted words on the same line: `On Monday, Desk <desk@example.com> wrote: Hello`.
fn is_attribution_with_words(line: &str) -> bool {
    let lower: String = line.chars().take(ATTRIBUTION_LENGTH).collect::<String>().to_lowercase();
    WROTE.iter().any(|word| {
        lower.split_once(&format!("> {word}:")).is_some_and(|(before, _)| {
            before.contains('@') && before.chars().filter(char::is_ascii_digit).count() >= 5
        })
    })
}

fn begins_attribution(line: &str) -> bool {
    let line = line.trim_start_matches(['*', '_', '-', ' ']);
    let head: String = line.chars().take(20).collect::<String>().to_lowercase();
    ATTRIBUTION_STARTS.iter().any(|start| head.starts_with(start))
}

/// Whether lines that end in a colon name who wrote what when.
fn is_attribution(lines: &[&str], begins: bool) -> bool {
    let joined = lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ").to_lowercase();
    if joined.chars().count() > ATTRIBUTION_LENGTH {
        return false;
    }
    let digits = joined.chars().filter(char::is_ascii_digit).count();
    if WROTE.iter().any(|word| has_word(&joined, word)) {
        return digits >= 3 || joined.contains('@');
    }
    // Some write only the date and the person: `16.03.2026, 10:02, "Desk" <desk@example.com>:`.
    let is_person = joined.trim_end_matches(['*', '_', ' ', ':', '\u{ff1a}']).ends_with('>');
    digits >= 5 && is_person && (joined.contains('@') || begins)
}

/// The word by itself; scripts without blanks have no such thing.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|text| text.chars().next());
        let is_part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
        !is_part(before) && !is_part(after)
    })
}

/// The label of a header's line and whether anything follows it.
fn label(line: &str) -> Option<String> {
    let line = line.trim().trim_start_matches(['*', '_', '>', ' ', SIGNATURE, ATTRIBUTION]);
    let (label, _) = line.split_once([':', '\u{ff1a}'])?;
    let label = label.trim_matches(['*', '_', ' ']);
    (!label.is_empty() && label.len() <= 40).then(|| label.to_lowercase())
}

/// Whether a copied header begins here: who, and at least two of when, to whom and about what.
fn copied_header(rest: &[&str]) -> bool {
    let mut lines = rest.iter().skip_while(|line| line.trim().is_empty()).take(HEADER_LINES);
    let Some(first) = lines.next().and_then(|line| label(line)) else { return false };
    let mut from = FROM.contains(&first.as_str());
    let mut sent = SENT.contains(&first.as_str());
    if !from && !sent {
        return false;
    }
    let (mut to, mut subject, mut foreign) = (false, false, 0);
    for line in lines {
        if line.trim().is_empty() {
            continue;
        }
        match label(line) {
            Some(label) if FROM.contains(&label.as_str()) && !from => from = true,
            Some(label) if SENT.contains(&label.as_str()) => sent = true,
            Some(label) if SUBJECT.contains(&label.as_str()) => subject = true,
            Some(label) if TO.contains(&label.as_str()) => to = true,
            Some(label) if OTHER.contains(&label.as_str()) => {}
            // A long list of recipients is broken over lines.
            _ => {
                foreign += 1;
                if foreign > 2 {
                    break;
                }
            }
        }
    }
    from && u8::from(sent) + u8::from(to) + u8::from(subject) >= 2
}

/// How many lines are a signature or what a program added.
fn signature(rest: &[&str]) -> Option<usize> {
    let line = rest.first()?;
    if line.starts_with(SIGNATURE) {
        return Some(1);
    }
    let is_strict = *line == "-- ";
    let is_loose = matches!(line.trim(), "--" | "\u{2014}");
    let is_added = is_added(line);
    if !is_strict && !is_loose && !is_added {
        return None;
    }
    // What is no signature after all must not be looked through to its end, line after line.
    let length = if is_strict { rest.len() } else { rest.len().min(LOOSE_SIGNATURE_LINES * 2) };
    let block: Vec<&str> = (0..length)
        .map(|at| rest.get(at..).unwrap_or_default())
        .take_while(|rest| !ends_block(rest))
        .filter_map(|rest| rest.first().copied())
        .collect();
    if is_strict || is_loose && block.len() <= LOOSE_SIGNATURE_LINES {
        return Some(block.len().max(1));
    }
    // At most one line more, such as the name of the app.
    let is_end = block.iter().skip(1).filter(|line| !line.trim().is_empty()).count() <= 1;
    (is_added && is_end).then_some(1)
}

/// Whether what follows is no longer the writer's own.
fn ends_block(rest: &[&str]) -> bool {
    rest.first().is_some_and(|line| is_quoted(line) || line.starts_with([REST_IS_QUOTED, ATTRIBUTION]))
        || attribution(rest).is_some()
        || is_cut(rest)
}

/// "Sent from my phone".
fn is_added(line: &str) -> bool {
    let line = line.trim().trim_matches(['*', '_', '-', '[', '<', '(', ' ']).replace('[', "").to_lowercase();
    line.chars().count() <= 150 && SENT_FROM.iter().any(|start| line.starts_with(start))
}

/// Lines as text, without blank lines at the ends and without more than one in a row.
fn joined<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut out = String::new();
    let mut blank = false;
    for line in lines {
        let line = line.trim_start_matches([SIGNATURE, REST_IS_QUOTED, ATTRIBUTION]).trim_end();
        if line.is_empty() {
            blank = !out.is_empty();
            continue;
        }
        if !out.is_empty() {
            out.push_str(if blank { "\n\n" } else { "\n" });
        }
        blank = false;
        out.push_str(line);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_only_look_like_quoting_are_kept() {
        for words in [
            "On Monday my dentist wrote: rest.\nThanks",
            "My list:\n- one\n- two",
            "From: the station\nplease take the bus",
            "I wrote to you on 3 March.",
            "De: nada",
            "Sent from my office a parcel, did it arrive? It should be there by now.\nAlso the invoice.\nAnd more.\nThanks",
            "5 > 3",
            "_____\nsigned",
        ] {
            assert_eq!(split(words, "Re: x"), Words { text: words.to_owned(), quoted: String::new() });
        }
    }

    #[test]
    fn our_own_line_cuts() {
        let own = answer_above("Please answer above this line");
        let words = split(&format!("Yes\n\n{own}\nHello Ana"), "Re: x");
        assert_eq!(
            (words.text.as_str(), words.quoted.as_str()),
            ("Yes", format!("{own}\nHello Ana").as_str())
        );
    }

    #[test]
    fn endless_lines_are_bounded() {
        let long = "On ".repeat(20_000);
        assert_eq!(split(&long, "").text, long.trim_end());
        let many = "On 1.1.2026 x\n".repeat(20_000);
        let words = split(&many, "");
        assert_eq!(words.text.lines().count(), MAX_LINES);
    }
}
