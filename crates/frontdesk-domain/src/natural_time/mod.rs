//! Natural-language time: which moments a text speaks of.
//!
//! [`read`] finds every phrase about time in a text ("next Tuesday afternoon", "in zwei Stunden", "du 13 au 15 juillet")
//! and says which instants are meant, seen from a `now` in a time zone. It is pure: no clock, no I/O; it never panics and
//! its work is bounded. It does not understand sentences: text that says nothing of time gives nothing.
//!
//! How it works: text → tokens ([`token`]) → a lattice of meanings ([`lexicon`], word tables in [`words`]) → phrases
//! ([`grammar`]) → instants ([`resolve`]). To add a word, edit a table; to add a form, add a rule in `grammar` for an
//! [`ast`] node, and say in `resolve` which days it means.
//!
//! What the kinds mean:
//! - `instant`: one time value of any size ("3pm", "tomorrow", "next week"); `start` is its beginning and `grain` its
//!   size; `end` is null.
//! - `range`: something with two ends ("from 9 to 5", "tomorrow afternoon", "the next three days", "by Friday"); an end
//!   that is open ("after 3pm", "before noon") is null.
//! - `duration`: how long ("two hours"), with `seconds` and an ISO 8601 `duration`; it has no start.
//! - `set`: what recurs ("every other Monday"), with an RFC 5545 `rrule`; `start` is the first occurrence (the rule's
//!   `DTSTART`), `end` its end when it is a range.

mod ast;
mod grammar;
mod holiday;
mod lexicon;
mod lunar;
mod resolve;
mod rule;
mod token;
mod words;

pub use words::locale::Locale;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::Serialize;

use grammar::Parser;
use resolve::Resolver;

/// Most phrases found in one text.
const MAX_MATCHES: usize = 64;

/// What to read, and from where it is seen.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// What was said; what follows the first 4,000 characters is not read.
    pub text: &'a str,
    /// When it was said.
    pub now: Timestamp,
    /// Where it was said; results are in this zone.
    pub zone: &'a TimeZone,
    /// Language, and region for the order of 3/4.
    pub locale: Locale,
    /// Opening and closing hour, 0 to 24; decides which of "3" is meant.
    pub business_hours: Option<(u8, u8)>,
    /// What was proposed before, for "an hour later" and "same time Thursday".
    pub previous: Option<Timestamp>,
}

/// What a phrase gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One time value.
    Instant,
    /// From one time up to another; either may be open.
    Range,
    /// How long.
    Duration,
    /// What recurs.
    Set,
}

/// The size of the smallest thing said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Grain {
    /// One second.
    Second,
    /// One minute.
    Minute,
    /// One hour.
    Hour,
    /// One day.
    Day,
    /// One week, from Monday.
    Week,
    /// One month.
    Month,
    /// Three months.
    Quarter,
    /// One year, or more.
    Year,
}

/// Another reading of the same phrase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alternative {
    /// First instant.
    #[serde(serialize_with = "rfc3339")]
    pub start: Option<Zoned>,
    /// One after the last instant.
    #[serde(serialize_with = "rfc3339")]
    pub end: Option<Zoned>,
}

/// A phrase about time in the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Match {
    /// The phrase as it stands in the text.
    pub text: String,
    /// Where it begins, in characters.
    pub offset: usize,
    /// What it gives.
    pub kind: Kind,
    /// First instant; null when open, and for durations.
    #[serde(serialize_with = "rfc3339")]
    pub start: Option<Zoned>,
    /// One after the last instant; null for instants, and when open.
    #[serde(serialize_with = "rfc3339")]
    pub end: Option<Zoned>,
    /// Size of the smallest thing said.
    pub grain: Grain,
    /// Other readings, the likeliest first; at most five.
    pub alternatives: Vec<Alternative>,
    /// A time of day was said. Without one, the time of `start` is midnight, or that of now ("in three days").
    #[serde(skip)]
    pub says_time: bool,
    /// RFC 5545 recurrence of a set, without `DTSTART`, which is `start`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rrule: Option<String>,
    /// ISO 8601 length of a duration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    /// Length of a duration in seconds; a day counts 24 hours, a month 30 days, a year 365 days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<i64>,
}

#[expect(clippy::ref_option, reason = "the signature serde wants")]
fn rfc3339<S: serde::Serializer>(instant: &Option<Zoned>, serializer: S) -> Result<S::Ok, S::Error> {
    match instant {
        // RFC 3339 has no offsets with seconds, which local mean time had.
        Some(zoned) if zoned.offset().seconds() % 60 != 0 => {
            serializer.collect_str(&zoned.timestamp().strftime("%Y-%m-%dT%H:%M:%SZ"))
        }
        Some(zoned) => serializer.collect_str(&zoned.strftime("%Y-%m-%dT%H:%M:%S%:z")),
        None => serializer.serialize_none(),
    }
}

/// Every phrase about time in the text, in order, none overlapping another.
pub fn read(request: &Request<'_>) -> Vec<Match> {
    let tokens = token::cut(request.text);
    let edges = lexicon::of(request.locale.language).lattice(&tokens);
    let parser = Parser::new(&tokens, edges, &request.locale);
    let resolver = Resolver::new(request);
    let mut matches: Vec<Match> = Vec::new();
    let mut at = 0;
    while at < tokens.len() && matches.len() < MAX_MATCHES {
        let found = parser.read(at).into_iter().find_map(|reading| {
            let alone = parser.is_whole(at, reading.end) && !parser.is_bare_number(at, reading.end);
            if reading.latent && !alone {
                return None;
            }
            let end = parser.trimmed(at, reading.end);
            let meaning = resolver.phrase(&reading.phrase)?;
            Some((end, meaning, reading.phrase.says_time()))
        });
        let Some((end, meaning, says_time)) = found else {
            at += 1;
            continue;
        };
        let (Some(first), Some(last)) = (tokens.get(at), tokens.get(end.saturating_sub(1))) else { break };
        let text = request.text.chars().skip(first.start).take(last.end - first.start).collect();
        matches.push(Match { says_time, ..meaning.into_match(text, first.start) });
        at = end.max(at + 1);
    }
    matches
}
