//! How a text message travels: its alphabet, its parts, and which characters make it dear.
//!
//! The default alphabet of GSM (3GPP TS 23.038: 7 bits a character, ten more behind an escape) lets 160 characters into
//! one part and 153 into each of several; one character outside it turns the whole message into UCS-2 (UTF-16), where
//! it is 70 and 67. Sending and prices are not here. A new substitute for [`smart_encode`] is a line in `plain`.

use std::borrow::Cow;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The alphabet a message travels in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// The 7-bit default alphabet of GSM with its extension table.
    Gsm7,
    /// UTF-16 in units of two octets.
    Ucs2,
}

impl Encoding {
    /// Units that fit a message of one part.
    pub const fn single(self) -> usize {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// Units that fit each of several parts; the rest is the header that joins them (3GPP TS 23.040, 9.2.3.24.1).
    pub const fn joined(self) -> usize {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }

    /// Units one character takes: two for an extension character or a surrogate pair.
    fn units(self, character: char) -> usize {
        match self {
            Self::Gsm7 => {
                if is_extension(character) {
                    2
                } else {
                    1
                }
            }
            Self::Ucs2 => character.len_utf16(),
        }
    }
}

/// What a text costs on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Measure {
    /// The alphabet.
    pub encoding: Encoding,
    /// Units of that alphabet.
    pub units: usize,
    /// Parts it travels in; none when it is empty.
    pub segments: usize,
    /// Units each part holds at this length.
    pub per_segment: usize,
    /// Units that still fit the last part.
    pub left: usize,
    /// The characters that force UCS-2, each once, in order.
    pub forcing: Vec<char>,
}

/// Measures a text as it stands.
pub fn measure(text: &str) -> Measure {
    let encoding = encoding_of(text);
    let units = text.chars().map(|character| encoding.units(character)).sum();
    let ranges = ranges(text, encoding);
    let per_segment = if ranges.len() > 1 { encoding.joined() } else { encoding.single() };
    let last: usize = ranges
        .last()
        .and_then(|range| text.get(range.clone()))
        .map_or(per_segment, |part| part.chars().map(|character| encoding.units(character)).sum());
    Measure {
        encoding,
        units,
        segments: ranges.len(),
        per_segment,
        left: per_segment.saturating_sub(last),
        forcing: forcing(text),
    }
}

/// In how many parts a text travels.
pub fn segments(text: &str) -> usize {
    ranges(text, encoding_of(text)).len()
}

/// The parts. No surrogate pair and no escaped character is split over two.
pub fn split(text: &str) -> Vec<&str> {
    ranges(text, encoding_of(text)).into_iter().filter_map(|range| text.get(range)).collect()
}

/// The alphabet a text needs.
pub fn encoding_of(text: &str) -> Encoding {
    if text.chars().all(is_gsm7) { Encoding::Gsm7 } else { Encoding::Ucs2 }
}

/// The characters that force UCS-2, each once, in order.
pub fn forcing(text: &str) -> Vec<char> {
    let mut found = Vec::new();
    for character in text.chars().filter(|character| !is_gsm7(*character)) {
        if !found.contains(&character) {
            found.push(character);
        }
    }
    found
}

/// The text with typographic quotes, dashes, spaces and the like in their plain form, when that alone brings it into
/// the GSM alphabet and costs no more parts. Otherwise the text as it stands: where an emoji or a letter of another
/// script forces UCS-2 anyway, plain quotes would only be uglier. Letters are never changed.
pub fn smart_encode(text: &str) -> Cow<'_, str> {
    if encoding_of(text) == Encoding::Gsm7 {
        return Cow::Borrowed(text);
    }
    let mut plainer = String::with_capacity(text.len());
    for character in text.chars() {
        match plain(character) {
            Some(substitute) => plainer.push_str(substitute),
            None => plainer.push(character),
        }
    }
    if encoding_of(&plainer) == Encoding::Gsm7 && segments(&plainer) <= segments(text) {
        Cow::Owned(plainer)
    } else {
        Cow::Borrowed(text)
    }
}

fn ranges(text: &str, encoding: Encoding) -> Vec<Range<usize>> {
    let units: usize = text.chars().map(|character| encoding.units(character)).sum();
    if units == 0 {
        return Vec::new();
    }
    if units <= encoding.single() {
        return std::iter::once(0..text.len()).collect();
    }
    let mut found = Vec::with_capacity(units / encoding.joined() + 1);
    let (mut start, mut used) = (0, 0);
    for (at, character) in text.char_indices() {
        let needs = encoding.units(character);
        if used + needs > encoding.joined() {
            found.push(start..at);
            (start, used) = (at, 0);
        }
        used += needs;
    }
    found.push(start..text.len());
    found
}

/// Whether a character is in the default alphabet or its extension table.
pub const fn is_gsm7(character: char) -> bool {
    is_basic(character) || is_extension(character)
}

/// 3GPP TS 23.038, 6.2.1.
const fn is_basic(character: char) -> bool {
    matches!(character,
        '\n' | '\r' | ' '..='#' | '%'..='?' | '$' | '@' | 'A'..='Z' | '_' | 'a'..='z'
        | '¡' | '£' | '¤' | '¥' | '§' | '¿' | 'Ä' | 'Å' | 'Æ' | 'Ç' | 'É' | 'Ñ' | 'Ö' | 'Ø' | 'Ü' | 'ß' | 'à' | 'ä'
        | 'å' | 'æ' | 'è' | 'é' | 'ì' | 'ñ' | 'ò' | 'ö' | 'ø' | 'ù' | 'ü'
        | 'Γ' | 'Δ' | 'Θ' | 'Λ' | 'Ξ' | 'Π' | 'Σ' | 'Φ' | 'Ψ' | 'Ω')
}

/// 3GPP TS 23.038, 6.2.1.1: behind an escape, so two units each.
const fn is_extension(character: char) -> bool {
    matches!(character, '\u{c}' | '^' | '{' | '}' | '\\' | '[' | '~' | ']' | '|' | '€')
}

/// The plain form of a typographic character; `None` for one that has none.
const fn plain(character: char) -> Option<&'static str> {
    Some(match character {
        '‘' | '’' | '‚' | '‛' | '′' | '‵' | '`' | '´' | 'ʼ' | 'ʹ' | '‹' | '›' | '＇' => {
            "'"
        }
        '“' | '”' | '„' | '‟' | '″' | '‶' | '«' | '»' | '＂' => "\"",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '⁃' | '﹣' | '－' => "-",
        '…' => "...",
        '•' | '·' | '∙' | '●' | '▪' | '◦' => "*",
        '⁄' | '∕' => "/",
        '\t'
        | '\u{a0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200a}'
        | '\u{2028}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{3000}' => " ",
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The tables as the standard prints them, in code order; the escape left out.
    const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡\
                         ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    const EXTENSION: &str = "\u{c}^{}\\[~]|€";

    #[test]
    fn the_alphabet_is_the_standards() {
        assert_eq!(BASIC.chars().count(), 127);
        for character in (0..=0x0010_ffff).filter_map(char::from_u32) {
            assert_eq!(is_basic(character), BASIC.contains(character), "{character:?}");
            assert_eq!(is_extension(character), EXTENSION.contains(character), "{character:?}");
        }
    }

    #[test]
    fn parts_are_counted_at_their_edges() {
        let parts = |text: &str| measure(text).segments;
        assert_eq!(parts(""), 0);
        assert_eq!(parts(&"a".repeat(160)), 1);
        assert_eq!(parts(&"a".repeat(161)), 2);
        assert_eq!(parts(&"a".repeat(306)), 2);
        assert_eq!(parts(&"a".repeat(307)), 3);
        assert_eq!(parts(&"я".repeat(70)), 1);
        assert_eq!(parts(&"я".repeat(71)), 2);
        assert_eq!(parts(&"я".repeat(134)), 2);
        assert_eq!(parts(&"я".repeat(135)), 3);
        assert_eq!(parts(&"€".repeat(80)), 1);
        assert_eq!(parts(&"€".repeat(81)), 2);
        // An escaped character does not fit the last septet of a part: 152 units each.
        assert_eq!(parts(&"€".repeat(152)), 2);
        assert_eq!(parts(&"€".repeat(153)), 3);
        // Nor a surrogate pair the last unit: 66 units each.
        assert_eq!(parts(&"😀".repeat(35)), 1);
        assert_eq!(parts(&"😀".repeat(66)), 2);
        assert_eq!(parts(&"😀".repeat(67)), 3);
    }

    #[test]
    fn it_says_what_forces_the_dear_alphabet_and_what_is_left() {
        let measure = measure("Olá ção 😀 ã");
        assert_eq!(measure.encoding, Encoding::Ucs2);
        assert_eq!(measure.forcing, ['á', 'ç', 'ã', '😀']);
        assert_eq!((measure.units, measure.segments, measure.left), (12, 1, 58));
        assert_eq!(super::measure(&"a".repeat(161)).left, 153 - 8);
    }

    #[test]
    fn typography_gives_way_only_where_that_helps() {
        assert_eq!(smart_encode("It’s “us” – call\u{a0}now…"), "It's \"us\" - call now...");
        assert_eq!(smart_encode("It’s 😀"), "It’s 😀");
        assert_eq!(smart_encode("garçon’s"), "garçon’s");
        assert_eq!(smart_encode("plain"), "plain");
    }

    fn text() -> impl Strategy<Value = String> {
        let any = prop_oneof![
            8 => prop::sample::select(BASIC.chars().collect::<Vec<_>>()),
            3 => prop::sample::select(EXTENSION.chars().collect::<Vec<_>>()),
            1 => prop::sample::select("’–…😀я👩🏽\u{200d}\u{a0}".chars().collect::<Vec<_>>()),
            1 => any::<char>(),
        ];
        let gsm = prop::sample::select(format!("{BASIC}{EXTENSION}").chars().collect::<Vec<_>>());
        prop_oneof![prop::collection::vec(any, 0..400), prop::collection::vec(gsm, 0..700)]
            .prop_map(|characters| characters.into_iter().collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

        #[test]
        fn parts_are_the_text_and_each_fits(text in text()) {
            let measure = measure(&text);
            let parts = split(&text);
            prop_assert_eq!(parts.concat(), text.as_str());
            prop_assert_eq!(parts.len(), measure.segments);
            let limit = if parts.len() > 1 { measure.encoding.joined() } else { measure.encoding.single() };
            let mut total = 0;
            for part in &parts {
                let units = match measure.encoding {
                    Encoding::Ucs2 => part.encode_utf16().count(),
                    Encoding::Gsm7 => {
                        part.chars().count() + part.chars().filter(|c| EXTENSION.contains(*c)).count()
                    }
                };
                prop_assert!(units > 0 && units <= limit);
                total += units;
            }
            prop_assert_eq!(total, measure.units);
            // As few as possible: no part leaves room for the first character of the next.
            for pair in parts.windows(2) {
                let next = pair[1].chars().next().unwrap();
                let used: usize = pair[0].chars().map(|c| measure.encoding.units(c)).sum();
                prop_assert!(used + measure.encoding.units(next) > limit);
            }
            prop_assert_eq!(measure.forcing.is_empty(), measure.encoding == Encoding::Gsm7);
        }

        #[test]
        fn smart_encoding_never_costs_more_and_keeps_letters(text in text()) {
            let smart = smart_encode(&text);
            prop_assert!(segments(&smart) <= segments(&text));
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            prop_assert_eq!(letters(&smart), letters(&text));
            prop_assert_eq!(smart_encode(&smart), smart.as_ref());
        }
    }
}
