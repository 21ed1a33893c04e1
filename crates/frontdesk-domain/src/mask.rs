//! Text without what tells who a customer is: phone numbers and e-mail addresses keep so much that two of them can be told
//! apart by somebody who looks for one, and not enough to reach anybody.
//!
//! Names cannot be told from other words; what is logged names contacts by their ids.

/// Fewest digits of a phone number, with and without a plus before it (E.164 has at most fifteen).
const INTERNATIONAL: usize = 7;
const NATIONAL: usize = 10;
const MOST: usize = 15;

/// What is kept of a number, and what stands for the rest.
#[derive(Clone, Copy)]
struct Style {
    first: usize,
    last: usize,
    hidden: char,
}

/// The text with its phone numbers and e-mail addresses masked, for logs: `+1415*****71`, `j***@example.com`.
pub fn personal(text: &str) -> String {
    masked(text, Style { first: 4, last: 2, hidden: '*' })
}

/// The same for people without permission, as [`crate::phone::mask`] and [`crate::text::mask_email`] do with a single one,
/// so that what one place shows adds nothing to another: `+•••••••2671`, `j•••@example.com`.
pub fn identity(text: &str) -> String {
    masked(text, Style { first: 0, last: 4, hidden: '•' })
}

fn masked(text: &str, style: Style) -> String {
    let addresses = emails(text, style);
    numbers(addresses.as_deref().unwrap_or(text), style)
        .unwrap_or_else(|| addresses.unwrap_or_else(|| text.to_owned()))
}

fn is_local(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '.' | '_' | '%' | '+' | '-' | '\'')
}

fn is_host(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '.' | '-')
}

/// How many bytes the first of these letters are that pass.
fn length(letters: impl Iterator<Item = char>, passes: fn(char) -> bool) -> usize {
    letters.take_while(|letter| passes(*letter)).map(char::len_utf8).sum()
}

/// The text with addresses masked; `None` when there are none.
fn emails(text: &str, style: Style) -> Option<String> {
    let mut out = String::new();
    let mut done = 0;
    for (at, _) in text.match_indices('@') {
        let local = length(text.get(done..at).unwrap_or_default().chars().rev(), is_local);
        let host = length(text.get(at + 1..).unwrap_or_default().chars(), is_host);
        let name = text.get(at + 1..at + 1 + host).unwrap_or_default();
        if local == 0 || !name.contains('.') {
            continue;
        }
        let start = at - local;
        let first = text.get(start..at).and_then(|local| local.chars().next()).unwrap_or('*');
        out.push_str(text.get(done..start).unwrap_or_default());
        out.push(first);
        out.extend([style.hidden; 3]);
        done = at;
    }
    (done > 0).then(|| out + text.get(done..).unwrap_or_default())
}

/// The text with phone numbers masked; `None` when there are none.
fn numbers(text: &str, style: Style) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let (mut done, mut at) = (0, 0);
    while at < bytes.len() {
        let Some(found) = number_at(bytes, at) else {
            at += 1;
            continue;
        };
        let Found { start, end, digits } = found;
        out.push_str(text.get(done..start).unwrap_or_default());
        let (shown, hidden) = (style.first.min(digits - 4), digits - style.last);
        let mut seen = 0;
        for byte in bytes.get(start..end).unwrap_or_default() {
            match byte {
                b'0'..=b'9' => {
                    seen += 1;
                    out.push(if seen <= shown || seen > hidden { char::from(*byte) } else { style.hidden });
                }
                other => out.push(char::from(*other)),
            }
        }
        (done, at) = (end, end);
    }
    (done > 0).then(|| out + text.get(done..).unwrap_or_default())
}

struct Found {
    /// Its first digit.
    start: usize,
    end: usize,
    digits: usize,
}

/// The phone number that begins here.
fn number_at(bytes: &[u8], at: usize) -> Option<Found> {
    let first = *bytes.get(at)?;
    // `%2B` is a plus in an address of the web.
    let plus = first == b'+' || (first == b'%' && bytes.get(at..at + 3)?.eq_ignore_ascii_case(b"%2b"));
    let bare = first.is_ascii_digit() && begins_word(bytes, at);
    if !plus && !bare {
        return None;
    }
    let start = match first {
        b'+' => at + 1,
        b'%' => at + 3,
        _ => at,
    };
    let (mut digits, mut end, mut gap) = (0, start, 0);
    for (offset, byte) in bytes.get(start..)?.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                digits += 1;
                end = start + offset + 1;
                gap = 0;
            }
            b' ' | b'-' | b'(' | b')' if digits > 0 && gap < 2 => gap += 1,
            _ => break,
        }
    }
    let fewest = if plus { INTERNATIONAL } else { NATIONAL };
    let ends = bytes.get(end).is_none_or(|next| !next.is_ascii_alphanumeric() && *next != b'_');
    (ends && (fewest..=MOST).contains(&digits)).then_some(Found { start, end, digits })
}

/// Whether no word goes on here. A terminal's colours end in a letter that belongs to no word.
fn begins_word(bytes: &[u8], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|before| bytes.get(before)) else { return true };
    if !(before.is_ascii_alphanumeric() || matches!(before, b'_' | b'-' | b'.' | b':')) {
        return true;
    }
    let colour = bytes.get(..at - 1).unwrap_or_default();
    let codes = colour.iter().rev().take_while(|byte| byte.is_ascii_digit() || **byte == b';').count();
    *before == b'm' && colour.get(..colour.len() - codes).is_some_and(|rest| rest.ends_with(b"\x1b["))
}

#[cfg(test)]
mod tests {
    use super::personal;

    #[test]
    fn numbers_and_addresses_are_masked() {
        for (text, masked) in [
            ("to +14155552671 now", "to +1415*****71 now"),
            ("to=14155552671", "to=1415*****71"),
            ("\u{1b}[3mto\u{1b}[0m=\u{1b}[0m14155552671", "\u{1b}[3mto\u{1b}[0m=\u{1b}[0m1415*****71"),
            ("GET /v2/PhoneNumbers/%2B14155552671?x", "GET /v2/PhoneNumbers/%2B1415*****71?x"),
            ("call (415) 555-2671.", "call (415) 5**-**71."),
            ("call +49 30 1234567", "call +49 30 *****67"),
            ("jane.doe@example.com wrote", "j***@example.com wrote"),
            ("\"to\":\"jane@x.org\",\"a\":1", "\"to\":\"j***@x.org\",\"a\":1"),
            ("jörg@example.com, mia@example.com", "j***@example.com, m***@example.com"),
        ] {
            assert_eq!(personal(text), masked, "{text}");
        }
    }

    #[test]
    fn times_ids_addresses_of_machines_and_counts_stay() {
        for text in [
            "2026-11-21T19:18:10.835872Z INFO ready",
            "id=job_01a1fc69cd26755bb8c7120543816b3b attempt=1",
            "listen=127.0.0.1:43487 192.168.100.200",
            "postgres://…@db.example.com/frontdesk",
            "wait_ms=1500 rows=1234567",
            "message 0191a0b2-1234-7abc-8def-0123456789ab",
            "@mention and a @ b",
        ] {
            assert_eq!(personal(text), text);
        }
    }
}
