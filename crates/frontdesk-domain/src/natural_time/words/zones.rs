//! Abbreviations of time zones, the same in every language.
//!
//! An abbreviation is a fixed offset ("PST" is UTC-8 in July, too); names without season ("Eastern", "ET") follow the
//! zone's rules. Where several countries use one, the most spoken of is meant.

use super::Add;
use crate::natural_time::ast::Zone::{Named, Offset};
use crate::natural_time::lexicon::Lex;

/// Says every abbreviation.
pub(in crate::natural_time) fn fill(add: Add<'_>) {
    for &(spellings, minutes) in OFFSETS {
        add(spellings, Lex::Zone(Offset(minutes)));
    }
    for &(spellings, name) in NAMES {
        add(spellings, Lex::Zone(Named(name)));
    }
}

const OFFSETS: &[(&str, i16)] = &[
    ("utc|gmt|zulu|z", 0),
    ("est|eastern standard time", -300),
    ("edt|eastern daylight time", -240),
    ("cst|central standard time", -360),
    ("cdt|central daylight time", -300),
    ("mst|mountain standard time", -420),
    ("mdt|mountain daylight time", -360),
    ("pst|pacific standard time", -480),
    ("pdt|pacific daylight time", -420),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
    ("ast", -240),
    ("adt", -180),
    ("nst", -210),
    ("ndt", -150),
    ("brt", -180),
    ("wet", 0),
    ("west", 60),
    ("bst", 60),
    ("cet|mez", 60),
    ("cest|mesz", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("ist", 330),
    ("pkt", 300),
    ("sgt", 480),
    ("hkt", 480),
    ("jst", 540),
    ("kst", 540),
    ("awst", 480),
    ("acst", 570),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
];

const NAMES: &[(&str, &str)] = &[
    ("eastern time|eastern|et|new york time", "America/New_York"),
    ("central time|ct|chicago time", "America/Chicago"),
    ("mountain time|mt|denver time", "America/Denver"),
    ("pacific time|pacific|pt|la time|los angeles time", "America/Los_Angeles"),
    ("uk time|london time", "Europe/London"),
    ("paris time", "Europe/Paris"),
    ("berlin time", "Europe/Berlin"),
    ("madrid time", "Europe/Madrid"),
];
