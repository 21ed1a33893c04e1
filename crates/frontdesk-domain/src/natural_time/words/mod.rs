//! Word tables: one file per language, and what they share.
//!
//! Spellings are folded (lower case, no accents, `ß` is `ss`); a space stands for a space, a hyphen or an apostrophe.

pub(super) mod de;
pub(super) mod en;
mod en_holidays;
pub(super) mod es;
pub(super) mod fr;
pub(super) mod locale;
pub(super) mod zones;

use super::lexicon::Lex;

/// Takes one meaning and its spellings, `|` between them.
pub(super) type Add<'a> = &'a mut dyn FnMut(&str, Lex);
