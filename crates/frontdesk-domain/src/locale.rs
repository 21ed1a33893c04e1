//! Languages Frontdesk speaks, and BCP 47 tags.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A language with stemming, phrases and detection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
    /// German.
    De,
    /// French.
    Fr,
}

impl Language {
    /// Every language.
    pub const ALL: &'static [Self] = &[Self::En, Self::Es, Self::De, Self::Fr];

    /// The ISO 639-1 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
            Self::De => "de",
            Self::Fr => "fr",
        }
    }

    /// The language of a BCP 47 tag such as `es-MX`, if Frontdesk speaks it.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?.to_lowercase();
        Self::ALL.iter().copied().find(|language| language.code() == primary)
    }
}
