//! `frontdesk time`: reads phrases about time and prints what they mean, as JSON.
//!
//! Needs no configuration and no database. A phrase gives one line, `{"matches": [..]}`; with `--batch`, every line of
//! the file (`{"id", "now", "zone", "text"}`, with the other options as optional keys) gives `{"id", "matches": [..]}`.
//! A line that cannot be read is named on standard error, the others are answered, and the exit code is 1. What a match
//! says is described in `frontdesk_domain::natural_time`.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, anyhow, bail};
use frontdesk_domain::natural_time::{Locale, Match, Request, read};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// The longest line of a batch, in bytes.
const MAX_LINE: u64 = 64 * 1024;

/// What to read.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// When it is said, as RFC 3339
    #[arg(long, value_name = "RFC3339", required_unless_present = "batch")]
    now: Option<String>,
    /// Where it is said, as an IANA time zone
    #[arg(long, value_name = "IANA", required_unless_present = "batch")]
    zone: Option<String>,
    /// Language and region, which also decides what 3/4 is
    #[arg(long, value_name = "TAG")]
    locale: Option<String>,
    /// Opening and closing hour, such as 9-17
    #[arg(long, value_name = "FROM-TO")]
    business_hours: Option<String>,
    /// What was proposed before, as RFC 3339, for "an hour later"
    #[arg(long, value_name = "RFC3339")]
    previous: Option<String>,
    /// Phrases to read: one JSON object per line, {"id", "now", "zone", "text"}; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "phrase")]
    batch: Option<PathBuf>,
    /// The phrase
    #[arg(required_unless_present = "batch", allow_hyphen_values = true)]
    phrase: Option<String>,
}

/// A line of a batch; what it does not say is taken from the command line.
#[derive(Debug, Default, Deserialize)]
struct Line {
    #[serde(default)]
    id: serde_json::Value,
    text: String,
    now: Option<String>,
    zone: Option<String>,
    locale: Option<String>,
    #[serde(alias = "business-hours", alias = "businessHours")]
    business_hours: Option<Hours>,
    previous: Option<String>,
}

/// `"9-17"` or `[9, 17]`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Hours {
    Text(String),
    Pair(u8, u8),
}

#[derive(Debug, Serialize)]
struct Answer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a serde_json::Value>,
    matches: Vec<Match>,
}

/// Reads and prints.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if let Some(path) = &args.batch {
        return batch(path, args);
    }
    let line = Line { text: args.phrase.clone().unwrap_or_default(), ..Line::default() };
    let matches = answer(&line, args)?;
    super::print(&serde_json::to_string(&Answer { id: None, matches })?);
    Ok(ExitCode::SUCCESS)
}

fn batch(path: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    let mut input: Box<dyn BufRead> = if path.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
        Box::new(BufReader::new(file))
    };
    let mut output = BufWriter::new(io::stdout().lock());
    let mut all_read = true;
    let mut number = 0_u64;
    while let Some(bytes) =
        next_line(&mut input).with_context(|| format!("line {} cannot be read", number + 1))?
    {
        number += 1;
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        match one(&bytes, args) {
            Ok(text) => {
                if writeln!(output, "{text}").is_err() {
                    return Ok(ExitCode::SUCCESS);
                }
            }
            Err(error) => {
                all_read = false;
                super::print_error(&error.context(format!("line {number}")));
            }
        }
    }
    let _ = output.flush();
    Ok(if all_read { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The next line without reading more of it than allowed; the rest of a longer one is passed over.
fn next_line(input: &mut dyn BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    if io::Read::take(&mut *input, MAX_LINE + 1).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    let mut ended = bytes.ends_with(b"\n");
    while !ended && bytes.len() as u64 > MAX_LINE {
        let mut rest = Vec::new();
        let length = io::Read::take(&mut *input, MAX_LINE).read_until(b'\n', &mut rest)?;
        ended = length == 0 || rest.ends_with(b"\n");
    }
    Ok(Some(bytes))
}

fn one(bytes: &[u8], args: &Args) -> anyhow::Result<String> {
    if bytes.len() as u64 > MAX_LINE {
        bail!("longer than {MAX_LINE} bytes; split it");
    }
    let line: Line = serde_json::from_slice(bytes.trim_ascii())
        .context("not a JSON object with \"id\", \"now\", \"zone\" and \"text\"")?;
    let matches = answer(&line, args)?;
    Ok(serde_json::to_string(&Answer { id: Some(&line.id), matches })?)
}

fn answer(line: &Line, args: &Args) -> anyhow::Result<Vec<Match>> {
    let zone = line.zone.as_deref().or(args.zone.as_deref()).context("no \"zone\"")?;
    let zone = time_zone(zone)?;
    let now = line.now.as_deref().or(args.now.as_deref()).context("no \"now\"")?;
    let previous = line.previous.as_deref().or(args.previous.as_deref());
    let business_hours = match (&line.business_hours, &args.business_hours) {
        (Some(Hours::Pair(from, to)), _) => Some(checked(*from, *to)?),
        (Some(Hours::Text(text)), _) | (None, Some(text)) => Some(hours(text)?),
        (None, None) => None,
    };
    let request = Request {
        text: &line.text,
        now: instant("now", now, &zone)?,
        zone: &zone,
        locale: Locale::parse(line.locale.as_deref().or(args.locale.as_deref()).unwrap_or("en-US")),
        business_hours,
        previous: previous.map(|text| instant("previous", text, &zone)).transpose()?,
    };
    Ok(read(&request))
}

/// An IANA name, or an offset such as `-02:00`.
fn time_zone(name: &str) -> anyhow::Result<TimeZone> {
    let fixed = || jiff::fmt::temporal::DateTimeParser::new().parse_time_zone(name);
    TimeZone::get(name)
        .or_else(|_| fixed())
        .map_err(|_| anyhow!("no such time zone: {name:?}; use a name such as Europe/Berlin"))
}

/// RFC 3339; without an offset, local time in the zone.
fn instant(option: &str, text: &str, zone: &TimeZone) -> anyhow::Result<Timestamp> {
    let local = || -> Option<Timestamp> {
        let datetime: jiff::civil::DateTime = text.parse().ok()?;
        Some(zone.to_zoned(datetime).ok()?.timestamp())
    };
    text.parse().ok().or_else(local).with_context(|| {
        format!("{option:?} is no RFC 3339 time: {text:?}; write it as 2027-03-10T09:30:00-06:00")
    })
}

fn hours(text: &str) -> anyhow::Result<(u8, u8)> {
    let pair = text
        .split_once('-')
        .and_then(|(from, to)| Some((from.trim().parse().ok()?, to.trim().parse().ok()?)));
    let (from, to) =
        pair.with_context(|| format!("business hours are two hours such as 9-17, not {text:?}"))?;
    checked(from, to)
}

fn checked(from: u8, to: u8) -> anyhow::Result<(u8, u8)> {
    if from >= to || to > 24 {
        bail!("business hours must open before they close, between 0 and 24: {from}-{to}");
    }
    Ok((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args() -> Args {
        Args {
            now: None,
            zone: Some("Europe/Berlin".to_owned()),
            locale: None,
            business_hours: None,
            previous: None,
            batch: None,
            phrase: None,
        }
    }

    #[test]
    fn a_line_says_all_itself_or_leaves_it_to_the_options() {
        let full = br#"{"id": 7, "text": "at 3", "now": "2027-03-10T08:30:00Z", "zone": "America/Chicago", "business_hours": "9-17"}"#;
        let answer: serde_json::Value = serde_json::from_str(&one(full, &args()).unwrap()).unwrap();
        assert_eq!(answer["id"], 7);
        assert_eq!(answer["matches"][0]["start"], "2027-03-10T15:00:00-06:00");
        let short = br#"{"id": "a", "text": "morgen", "now": "2027-03-10T08:30:00Z", "locale": "de-DE"}"#;
        let answer: serde_json::Value = serde_json::from_str(&one(short, &args()).unwrap()).unwrap();
        assert_eq!(answer["matches"][0]["start"], "2027-03-11T00:00:00+01:00");
    }

    #[test]
    fn a_wrong_line_says_what_is_wrong() {
        for (line, reason) in [
            (&br#"{"id": 1, "now": "2027-03-10T08:30:00Z", "zone": "UTC"}"#[..], "text"),
            (br#"{"id": 1, "text": "now", "zone": "UTC"}"#, "no \"now\""),
            (br#"{"id": 1, "text": "now", "now": "yesterday", "zone": "UTC"}"#, "RFC 3339"),
            (
                br#"{"id": 1, "text": "now", "now": "2027-03-10T08:30:00Z", "zone": "Mars/Olympus"}"#,
                "no such time zone",
            ),
            (b"now", "not a JSON object"),
        ] {
            let error = one(line, &args()).unwrap_err();
            assert!(format!("{error:#}").contains(reason), "{error:#}");
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over() {
        let mut text = vec![b'x'; 200_000];
        text.extend_from_slice(b"\nnext\n");
        let mut input = io::Cursor::new(text);
        assert!(next_line(&mut input).unwrap().unwrap().len() as u64 > MAX_LINE);
        assert_eq!(next_line(&mut input).unwrap().unwrap(), b"next\n");
        assert_eq!(next_line(&mut input).unwrap(), None);
    }
}
