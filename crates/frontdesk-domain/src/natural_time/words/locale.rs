//! The language and the region of a BCP 47 tag, and what they decide.

use crate::locale::Language;

/// Where the speaker is at home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locale {
    /// The language whose words are read.
    pub language: Language,
    /// ISO 3166 code in capitals; empty when unknown.
    pub region: String,
}

impl Locale {
    /// Reads a tag such as `en-GB`; an unknown language is read as English.
    pub fn parse(tag: &str) -> Self {
        let language = Language::of_tag(tag).unwrap_or_default();
        let region = tag
            .split(['-', '_'])
            .skip(1)
            .find(|part| part.len() == 2 && part.chars().all(|c| c.is_ascii_alphabetic()))
            .map(str::to_ascii_uppercase)
            .unwrap_or_default();
        Self { language, region }
    }

    /// Whether this is the region.
    pub(in crate::natural_time) fn region(&self, code: &str) -> bool {
        self.region == code
    }

    /// 3/4 is March 4 (CLDR short dates: the United States and those that follow it).
    pub(in crate::natural_time) fn month_first(&self) -> bool {
        self.language == Language::En
            && (self.region.is_empty()
                || matches!(self.region.as_str(), "US" | "PH" | "PR" | "GU" | "FM" | "PW"))
    }

    /// "15:30" is how everyone writes half past three, so "3:30" is at night.
    pub(in crate::natural_time) fn full_day_clock(&self) -> bool {
        self.language != Language::En
    }
}

impl Default for Locale {
    fn default() -> Self {
        Self::parse("en-US")
    }
}
