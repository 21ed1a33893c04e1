//! Bytes to text: byte order marks, UTF-8, UTF-16 without a mark, and Windows-1252 as the last resort.
//!
//! Decoding never fails: a byte that means nothing becomes U+FFFD.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// `bytes` as text.
pub(super) fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    if let Some(wide) = sniff_wide(bytes.get(..bytes.len().min(4096)).unwrap_or_default()) {
        return wide.decode(bytes).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    // Mostly valid UTF-8 with a few broken bytes stays UTF-8; anything else is read as Windows-1252, the superset of
    // Latin-1 that office programs write.
    let text = String::from_utf8_lossy(bytes);
    let broken = text.matches('\u{fffd}').count();
    let wide_chars = text.chars().filter(|c| !c.is_ascii() && *c != '\u{fffd}').count();
    if wide_chars > broken * 4 { text.into_owned() } else { WINDOWS_1252.decode(bytes).0.into_owned() }
}

/// As [`decode`], following a `<meta charset>` in the first kilobyte when the bytes are not UTF-8
/// (WHATWG HTML, "prescan a byte stream to determine its encoding", simplified).
pub(super) fn decode_html(bytes: &[u8]) -> String {
    if Encoding::for_bom(bytes).is_none() && std::str::from_utf8(bytes).is_err() {
        let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(1024)).unwrap_or_default())
            .to_ascii_lowercase();
        let declared = head.split("charset=").nth(1).map(|rest| {
            rest.trim_start_matches(['"', '\''])
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'))
                .collect::<String>()
        });
        if let Some(encoding) = declared.and_then(|label| Encoding::for_label(label.as_bytes()))
            && encoding != UTF_8
        {
            return encoding.decode(bytes).0.into_owned();
        }
    }
    decode(bytes)
}

/// UTF-16 without a byte order mark: in Western text every other byte is zero.
pub(super) fn sniff_wide(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.len() / 2;
    if pairs < 4 {
        return None;
    }
    let (mut even, mut odd) = (0, 0);
    for pair in head.chunks_exact(2) {
        if let [first, second] = pair {
            even += usize::from(*first == 0);
            odd += usize::from(*second == 0);
        }
    }
    if odd * 10 > pairs * 7 && even * 10 < pairs {
        Some(UTF_16LE)
    } else if even * 10 > pairs * 7 && odd * 10 < pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_encodings_people_upload() {
        assert_eq!(decode("Größe".as_bytes()), "Größe");
        assert_eq!(decode(b"\xef\xbb\xbfhello"), "hello");
        assert_eq!(decode(b"Gr\xf6\xdfe 5 \x80"), "Größe 5 €");
        let wide: Vec<u8> = "Hello there".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&wide), "Hello there");
        let marked: Vec<u8> =
            [0xfe, 0xff].into_iter().chain("Größe".encode_utf16().flat_map(u16::to_be_bytes)).collect();
        assert_eq!(decode(&marked), "Größe");
        assert!(decode_html(b"<meta charset=\"windows-1251\"><p>\xcf\xf0\xe8</p>").contains("При"));
    }
}
