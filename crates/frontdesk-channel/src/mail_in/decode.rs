//! Transfer encodings, character sets and flowed text, each read as far as it makes sense: what is broken is passed over,
//! never an error.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use mail_parser::decoders::charsets::map::charset_decoder;

const fn sextet(byte: u8) -> Option<u32> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    } as u32)
}

/// Base64 (RFC 2045 §6.8). Foreign characters are passed over, and so is what a list server appended: what stands below
/// a line across, and lines of foreign characters after the end.
pub(super) fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut held, mut bits, mut is_over) = (0_u32, 0_u32, false);
    for line in bytes.split(|byte| *byte == b'\n') {
        let line = line.trim_ascii();
        if line.len() > 1 && line.iter().all(|byte| matches!(byte, b'-' | b'_')) {
            break;
        }
        let is_foreign = |byte: &u8| !byte.is_ascii_alphanumeric() && !matches!(byte, b'+' | b'/' | b'=');
        if is_over && line.iter().any(is_foreign) {
            continue;
        }
        for byte in line {
            if *byte == b'=' {
                (held, bits, is_over) = (0, 0, true);
            } else if let Some(six) = sextet(*byte) {
                held = held << 6 | six;
                bits += 6;
                if bits >= 8 {
                    bits -= 8;
                    out.push((held >> bits) as u8);
                    held &= (1 << bits) - 1;
                }
            }
        }
    }
    out
}

fn hex(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).map(|digit| digit as u8)
}

/// Quoted-printable (RFC 2045 §6.7); a stray `=` is itself.
pub(super) fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut lines = bytes.split(|byte| *byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        let has_end = lines.peek().is_some();
        let line = line.trim_ascii_end();
        let (line, is_soft) = line.strip_suffix(b"=").map_or((line, false), |line| (line, true));
        let mut rest = line;
        while let Some((first, after)) = rest.split_first() {
            let code = match after {
                [high, low, ..] if *first == b'=' => hex(*high).zip(hex(*low)),
                _ => None,
            };
            if let Some((high, low)) = code {
                out.push(high << 4 | low);
                rest = after.get(2..).unwrap_or_default();
            } else {
                out.push(*first);
                rest = after;
            }
        }
        if has_end && !is_soft {
            out.push(b'\n');
        }
    }
    out
}

/// Bytes as text. A label that is wrong is told from the bytes where that is possible: what is valid UTF-8 beyond ASCII
/// is hardly ever anything else, and what is called UTF-8 and is not is Windows-1252.
pub(super) fn charset(bytes: &[u8], label: Option<&str>) -> String {
    let label = label.map(|label| label.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')));
    let known = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    let is_utf_8 = std::str::from_utf8(bytes);
    let is_single_byte = known.is_none_or(|known| known == UTF_8 || known.is_single_byte());
    if let Ok(text) = is_utf_8
        && is_single_byte
        && (known.is_some() || label.is_none_or(str::is_empty) || !text.is_ascii())
    {
        return text.trim_start_matches('\u{feff}').to_owned();
    }
    if known.is_none()
        && let Some(decoder) = label.and_then(|label| charset_decoder(label.as_bytes()))
    {
        return decoder(bytes);
    }
    let encoding = known.filter(|known| *known != UTF_8).unwrap_or(WINDOWS_1252);
    encoding.decode(bytes).0.into_owned()
}

/// `text/plain; format=flowed` (RFC 3676): lines that a mail program broke are one again.
pub(super) fn flowed(text: &str, deletes_space: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let rest = line.trim_start_matches('>');
        let depth = line.len() - rest.len();
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        let is_signature = rest == "-- ";
        let is_soft = rest.ends_with(' ') && !is_signature;
        if open != Some(depth) || is_signature {
            if open.is_some() {
                out.push('\n');
            }
            out.extend(std::iter::repeat_n('>', depth));
            if depth > 0 {
                out.push(' ');
            }
        }
        out.push_str(if is_soft && deletes_space { rest.trim_end_matches(' ') } else { rest });
        open = is_soft.then_some(depth);
        if !is_soft {
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_survives_junk_and_footers() {
        assert_eq!(base64(b"aGVs\r\nbG8g*d29ybGQ=\r\n-- \r\nA list\r\n"), b"hello world");
        // Two encoded pieces one after the other.
        assert_eq!(base64(b"aGk=aGk="), b"hihi");
        assert_eq!(base64(b"aGlo\n____\nA footer"), b"hih");
        assert_eq!(base64(b"!"), b"");
    }

    #[test]
    fn quoted_printable_survives_stray_signs_and_trailing_blanks() {
        assert_eq!(quoted_printable(b"a=3Db= \r\nc=C3=A9 =zz =\n"), "a=bc\u{e9} =zz ".as_bytes());
        assert_eq!(quoted_printable(b"a  \nb\n"), b"a\nb\n");
    }

    #[test]
    fn wrong_character_sets_are_seen_through() {
        assert_eq!(charset("Grüße".as_bytes(), Some("iso-8859-1")), "Grüße");
        assert_eq!(charset(b"Gr\xfc\xdfe", Some("utf-8")), "Grüße");
        assert_eq!(charset(b"Gr\xfc\xdfe", None), "Grüße");
        assert_eq!(charset(b"Gr\xfc\xdfe", Some("\"ISO-8859-15\"")), "Grüße");
        assert_eq!(charset(b"\xcf\xf0\xe8\xe2\xe5\xf2", Some("windows-1251")), "Привет");
        assert_eq!(charset(b"\x93\xfa\x96\x7b", Some("shift_jis")), "日本");
        assert_eq!(charset(b"Hi Mom -+Jjo--!", Some("utf-7")), "Hi Mom -☺-!");
        assert_eq!(charset(b"\x80 5", Some("x-unknown")), "€ 5");
        assert_eq!(charset(b"\xef\xbb\xbfHi", Some("utf-8")), "Hi");
    }

    #[test]
    fn flowed_lines_are_one_again() {
        assert_eq!(
            flowed("A long \nline.\n>> quoted \n>> words\n-- \nAna\n", false),
            "A long line.\n>> quoted words\n-- \nAna\n"
        );
        assert_eq!(flowed("日本 \n語\n", true), "日本語\n");
        assert_eq!(flowed(" >not a quote\n", false), ">not a quote\n");
    }
}
