//! Reading a message (RFC 5322, MIME) far enough to show its subject, text and HTML. Not a general parser.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::ReceivedMail;

/// Deepest nesting of multiparts that is read.
const MAX_DEPTH: usize = 8;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Reads what arrived.
pub(super) fn read(
    envelope_from: String,
    to: Vec<String>,
    raw: String,
    user: Option<String>,
) -> ReceivedMail {
    let (headers, body) = split(&raw);
    let mut found = Texts::default();
    collect(&headers, body, &mut found, 0);
    let decoded: Vec<(String, String)> =
        headers.iter().map(|(name, value)| (name.clone(), decode_words(value))).collect();
    let header = |wanted: &str| {
        decoded.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let text = if found.plain.is_empty() { strip_tags(&found.html) } else { found.plain };
    ReceivedMail {
        envelope_from,
        to,
        from: header("from"),
        subject: header("subject"),
        text,
        html: found.html,
        headers: decoded,
        raw,
        user,
    }
}

#[derive(Default)]
struct Texts {
    plain: String,
    html: String,
}

/// Headers with lower-case names and unfolded values, and the body.
fn split(raw: &str) -> (Vec<(String, String)>, &str) {
    let (head, body) = match raw.split_once("\r\n\r\n") {
        Some(parts) => parts,
        None if raw.starts_with("\r\n") => ("", raw),
        None => (raw, ""),
    };
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in head.split("\r\n") {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = headers.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    (headers, body)
}

fn collect(headers: &[(String, String)], body: &str, found: &mut Texts, depth: usize) {
    let header = |wanted: &str| {
        headers.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value.as_str())
    };
    let content_type = header("content-type");
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind.starts_with("multipart/") {
        let Some(boundary) = parameter(content_type, "boundary").filter(|_| depth < MAX_DEPTH) else {
            return;
        };
        let marker = format!("--{boundary}");
        // What precedes the first marker is a preamble; the part after the closing marker starts with "--".
        let whole = format!("\r\n{body}");
        for part in whole.split(&format!("\r\n{marker}")).skip(1) {
            if part.starts_with("--") {
                break;
            }
            let part = part.trim_start_matches([' ', '\t']);
            let (headers, body) = split(part.strip_prefix("\r\n").unwrap_or(part));
            collect(&headers, body, found, depth + 1);
        }
        return;
    }
    if header("content-disposition").to_ascii_lowercase().starts_with("attachment") {
        return;
    }
    let text = decode_body(body, &header("content-transfer-encoding").to_ascii_lowercase());
    match kind.as_str() {
        "" | "text/plain" if found.plain.is_empty() => found.plain = text,
        "text/html" if found.html.is_empty() => found.html = text,
        _ => {}
    }
}

fn parameter(value: &str, wanted: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn decode_body(body: &str, encoding: &str) -> String {
    let bytes = match encoding {
        "base64" => {
            let compact: String = body.split_whitespace().collect();
            LENIENT.decode(compact).unwrap_or_else(|_| body.as_bytes().to_vec())
        }
        "quoted-printable" => decode_quoted(&body.replace("=\r\n", ""), false),
        _ => body.as_bytes().to_vec(),
    };
    String::from_utf8_lossy(&bytes).replace("\r\n", "\n")
}

/// `=XX` to bytes; in headers `_` is a space (RFC 2047 §4.2).
fn decode_quoted(text: &str, header: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'=' {
            let pair: Vec<u8> = bytes.clone().take(2).collect();
            let code = std::str::from_utf8(&pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
            if let Some(code) = code.filter(|_| pair.len() == 2) {
                bytes.nth(1);
                out.push(code);
                continue;
            }
        }
        out.push(if header && byte == b'_' { b' ' } else { byte });
    }
    out
}

/// Decodes `=?utf-8?b?..?=` and `=?utf-8?q?..?=` (RFC 2047); white space between two of them is not text.
fn decode_words(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some(start) = rest.find("=?") {
        let (before, word) = rest.split_at(start);
        let Some((bytes, length)) = encoded_word(word) else {
            out.push_str(before);
            out.push_str("=?");
            rest = word.get(2..).unwrap_or_default();
            after_word = false;
            continue;
        };
        if !(after_word && before.trim().is_empty()) {
            out.push_str(before);
        }
        out.push_str(&String::from_utf8_lossy(&bytes));
        rest = word.get(length..).unwrap_or_default();
        after_word = true;
    }
    out.push_str(rest);
    out
}

/// The bytes of the encoded word at the start, and its length in the text.
fn encoded_word(text: &str) -> Option<(Vec<u8>, usize)> {
    let inner = text.strip_prefix("=?")?;
    let (charset, rest) = inner.split_once('?')?;
    let (encoding, rest) = rest.split_once('?')?;
    let (content, _) = rest.split_once("?=")?;
    let bytes = match encoding.to_ascii_lowercase().as_str() {
        "b" => LENIENT.decode(content).ok()?,
        "q" => decode_quoted(content, true),
        _ => return None,
    };
    Some((bytes, 2 + charset.len() + 1 + encoding.len() + 1 + content.len() + 2))
}

fn strip_tags(html: &str) -> String {
    let mut out = String::new();
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            c if !in_tag => out.push(c),
            _ => {}
        }
    }
    out.replace("&amp;", "&").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subject_text_and_links_are_decoded() {
        let raw = "From: =?utf-8?q?Caf=C3=A9_Uno?= <cafe@example.com>\r\nSubject: =?utf-8?b?R3LDvMOf?=\r\n \
                   =?utf-8?q?_Gott?=\r\nContent-Type: multipart/alternative; boundary=\"x\"\r\n\r\npreamble\r\n--x\r\n\
                   Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
                   Open https://a.example/reset?t=3Dab=\r\ncd please=C2=A0now.\r\n--x\r\nContent-Type: text/html\r\n\
                   Content-Transfer-Encoding: base64\r\n\r\nPGI+aGk8L2I+\r\n--x--\r\nepilogue\r\n";
        let mail = read("f".into(), vec!["t".into()], raw.into(), None);
        assert_eq!(mail.from, "Café Uno <cafe@example.com>");
        assert_eq!(mail.subject, "Grüß Gott");
        assert_eq!(mail.links(), ["https://a.example/reset?t=abcd"]);
        assert_eq!(mail.html, "<b>hi</b>");
    }

    #[test]
    fn a_plain_message_and_nonsense_are_kept_as_they_are() {
        let mail = read(String::new(), vec![], "Subject: Hi =?broken\r\n\r\nhello\r\n".into(), None);
        assert_eq!((mail.subject.as_str(), mail.text.trim()), ("Hi =?broken", "hello"));
        assert_eq!(read(String::new(), vec![], "no headers at all".into(), None).text, "");
    }
}
