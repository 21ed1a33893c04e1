//! The rules of law and custom, as dated data.
//!
//! A pack is what one law or custom says for some countries or one state; its rules are versioned and hold from a date.
//! The files under `rules/` are compiled from secondary sources: every pack says which, how well they agree, and is to
//! be checked by counsel. To add a rule, add it to a file there and a line to `docs/compliance.md`; a new file is a line
//! in [`FILES`]. What a workspace changes is in `settings`; how rules are put together for one is in `book`.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Purpose;
use super::area::Code;
use super::consent::ConsentLevel;
use crate::conversation::Channel;
use crate::workspace::{Stretch, Weekday, WeeklyHours};

const FILES: &[(&str, &str)] = &[
    ("us.toml", include_str!("rules/us.toml")),
    ("us-states.toml", include_str!("rules/us-states.toml")),
    ("world.toml", include_str!("rules/world.toml")),
    ("channels.toml", include_str!("rules/channels.toml")),
];

/// What one law or custom says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// ISO 3166-1 alpha-2 codes of the countries; empty for everywhere.
    pub countries: Vec<String>,
    /// The state or province, when it is not the whole country.
    #[serde(default)]
    pub region: Option<String>,
    /// Holds in the countries that no other pack names.
    #[serde(default)]
    pub elsewhere: bool,
    /// Law or a channel's terms, rather than custom. Only custom may be loosened without a reason.
    #[serde(default = "yes")]
    pub law: bool,
    /// Where the rules come from, in words.
    pub source: String,
    /// How well the sources agree.
    pub confidence: Confidence,
    /// What to know before relying on it.
    #[serde(default)]
    pub note: String,
    /// The rules.
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
}

const fn yes() -> bool {
    true
}

/// How well the sources of a pack agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// They agree.
    High,
    /// They agree in the main.
    Medium,
    /// They differ, or there is one.
    Low,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rule {
    /// Its id; the same over its versions.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The first day on which it holds, in UTC.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The first day on which it no longer holds.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
    /// What it says, in a line.
    pub title: String,
    /// Messages of which purposes it is about.
    #[serde(default = "marketing")]
    pub purposes: Vec<Purpose>,
    /// On which channels.
    pub channels: Vec<Channel>,
    /// What it asks for.
    #[serde(flatten)]
    pub body: Body,
}

fn marketing() -> Vec<Purpose> {
    vec![Purpose::Marketing]
}

impl Rule {
    /// Its id and version, as verdicts name it.
    pub fn name(&self) -> String {
        format!("{}/{}", self.id, self.version)
    }
}

/// What a rule asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Body {
    /// Messages only in these hours, local time of the customer.
    Hours {
        /// Stretches such as `mon-fri 09:00-18:00`.
        week: Hours,
        /// Public holidays of the country.
        #[serde(default)]
        holidays: OnHolidays,
    },
    /// At most so many messages in so many hours.
    Cap {
        /// Messages.
        max: u32,
        /// Hours, at most those of 31 days.
        hours: u32,
    },
    /// Consent of at least this level.
    Consent {
        /// The level.
        level: ConsentLevel,
    },
    /// A way to unsubscribe in the message.
    Unsubscribe,
    /// The postal address of the business in the message.
    PostalAddress,
    /// Free words only for so many hours after the customer's last message.
    Window {
        /// Hours.
        hours: u32,
    },
}

/// Whether hours hold on public holidays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnHolidays {
    /// As on other days.
    #[default]
    AsUsual,
    /// None.
    Closed,
}

/// Hours of a week, written as stretches such as `mon-fri 09:00-18:00`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
#[schema(value_type = Vec<String>)]
pub struct Hours(pub WeeklyHours);

impl TryFrom<Vec<String>> for Hours {
    type Error = String;

    fn try_from(lines: Vec<String>) -> Result<Self, String> {
        let mut hours = WeeklyHours::default();
        for line in &lines {
            let (days, stretch) = stretch_of(line)
                .ok_or_else(|| format!("hours must look like \"mon-fri 09:00-18:00\", not {line:?}"))?;
            for day in days {
                hours.0.entry(*day).or_default().push(stretch);
            }
        }
        for day in hours.0.values_mut() {
            day.sort_by_key(|stretch| stretch.from);
        }
        if hours.is_valid() { Ok(Self(hours)) } else { Err("hours must not overlap".to_owned()) }
    }
}

impl From<Hours> for Vec<String> {
    fn from(hours: Hours) -> Self {
        let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        let mut lines = Self::new();
        for (day, stretches) in &hours.0.0 {
            let name = DAYS.iter().find(|(_, it)| it == day).map_or("", |(name, _)| name);
            lines.extend(stretches.iter().map(|it| format!("{name} {}-{}", time(it.from), time(it.to))));
        }
        lines
    }
}

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

fn stretch_of(line: &str) -> Option<(&'static [Weekday], Stretch)> {
    let (days, times) = line.trim().split_once(' ')?;
    let place = |name: &str| DAYS.iter().position(|(it, _)| *it == name);
    let (first, last) = match days.split_once('-') {
        Some((first, last)) => (place(first)?, place(last)?),
        None => (place(days)?, place(days)?),
    };
    let minute = |text: &str| -> Option<u16> {
        let (hour, minute) = text.split_once(':')?;
        let minutes = hour.parse::<u16>().ok()?.checked_mul(60)?.checked_add(minute.parse().ok()?)?;
        (minutes <= 1440).then_some(minutes)
    };
    let (from, to) = times.trim().split_once('-')?;
    let stretch = Stretch { from: minute(from)?, to: minute(to)? };
    Some((Weekday::ALL.get(first..=last)?, stretch)).filter(|(_, stretch)| stretch.from < stretch.to)
}

/// Why a file of rules cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("rules of {file}: {reason}")]
pub struct RulesError {
    file: &'static str,
    reason: String,
}

/// Every pack, in the order in which they are looked at.
///
/// # Errors
/// When a file is broken; then nothing but answers may be sent.
pub fn packs() -> Result<&'static [Pack], &'static RulesError> {
    static PACKS: LazyLock<Result<Vec<Pack>, RulesError>> = LazyLock::new(|| {
        let mut packs = Vec::new();
        for (file, text) in FILES {
            packs.extend(read(text).map_err(|reason| RulesError { file, reason })?);
        }
        Ok(packs)
    });
    PACKS.as_deref()
}

fn read(text: &str) -> Result<Vec<Pack>, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        pack: Vec<Pack>,
    }
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    for pack in &file.pack {
        let mut codes = pack.countries.iter().chain(&pack.region);
        if let Some(code) = codes.find(|code| Code::of(code).is_none()) {
            return Err(format!("{code:?} in {} is not a code of a country or region", pack.id));
        }
    }
    Ok(file.pack)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::area;
    use super::*;

    #[test]
    fn every_file_reads_and_every_name_is_given_once() {
        let packs = packs().unwrap();
        let mut names = BTreeSet::new();
        let mut ids = BTreeSet::new();
        for pack in packs {
            assert!(ids.insert(pack.id.clone()), "{}", pack.id);
            assert!(!pack.source.is_empty() && !pack.rules.is_empty(), "{}", pack.id);
            if let Some(region) = &pack.region {
                let country = Code::of(&pack.countries[0]).unwrap();
                let area = area::of_place(country, Code::of(region)).unwrap();
                assert_eq!(area.place.region, Code::of(region), "{}", pack.id);
            }
            for rule in &pack.rules {
                assert!(names.insert(rule.name()), "{}", rule.name());
                assert!(!rule.purposes.is_empty() && !rule.channels.is_empty(), "{}", rule.id);
                assert!(rule.until.is_none_or(|until| rule.from < until), "{}", rule.id);
                if let Body::Hours { week, .. } = &rule.body {
                    assert!(!week.0.0.is_empty(), "{}", rule.id);
                }
            }
        }
        assert!(names.len() >= 50, "{}", names.len());
    }

    /// Flattened enums take any key, so a mistyped one would be passed over.
    #[test]
    fn no_rule_has_a_key_that_nobody_reads() {
        const KEYS: [&str; 13] = [
            "id", "version", "from", "until", "title", "purposes", "channels", "kind", "week", "holidays",
            "max", "hours", "level",
        ];
        for (file, text) in FILES {
            let table: toml::Table = toml::from_str(text).unwrap();
            for rule in
                table["pack"].as_array().unwrap().iter().flat_map(|pack| pack["rule"].as_array().unwrap())
            {
                for key in rule.as_table().unwrap().keys() {
                    assert!(KEYS.contains(&key.as_str()), "{file}: {key} in {}", rule["id"]);
                }
            }
        }
    }

    /// The guide shows every rule and pack as the data has them.
    #[test]
    fn the_guide_says_what_the_data_says() {
        let guide = include_str!("../../../../docs/compliance.md");
        for pack in packs().unwrap() {
            let custom = if pack.law { "" } else { "Custom, not law. " };
            let confidence = match pack.confidence {
                Confidence::High => "high",
                Confidence::Medium => "medium",
                Confidence::Low => "low",
            };
            let note = format!("{custom}{}", pack.note);
            let note = if note.is_empty() { String::new() } else { format!(" {}", note.trim_end()) };
            let line = format!("| `{}` | {} | {confidence} |{note} |", pack.id, pack.source);
            assert!(guide.lines().any(|it| it == line), "the guide lacks: {line}");
            for rule in &pack.rules {
                let line = format!("| `{}` | {} | {} |", rule.name(), pack.title, rule.title);
                assert!(guide.lines().any(|it| it == line), "the guide lacks: {line}");
            }
        }
    }

    #[test]
    fn hours_are_written_as_people_write_them() {
        let hours = Hours::try_from(vec!["mon-fri 09:00-18:00".to_owned(), "sat 10:00-17:30".to_owned()]);
        let hours = hours.unwrap();
        assert_eq!(hours.0.0[&Weekday::Wed], [Stretch { from: 540, to: 1080 }]);
        assert_eq!(hours.0.0[&Weekday::Sat], [Stretch { from: 600, to: 1050 }]);
        assert!(!hours.0.0.contains_key(&Weekday::Sun));
        assert_eq!(Hours::try_from(Vec::from(hours.clone())).unwrap(), hours);
        for wrong in [
            "mon",
            "mon 9-5",
            "fri-mon 09:00-10:00",
            "mon 10:00-09:00",
            "mon 09:00-25:00",
            "mon 09:99999-10:00",
        ] {
            assert!(Hours::try_from(vec![wrong.to_owned()]).is_err(), "{wrong}");
        }
        assert!(Hours::try_from(vec!["mon 09:00-12:00".to_owned(), "mon 11:00-13:00".to_owned()]).is_err());
    }

    #[test]
    fn a_broken_file_is_refused_with_its_reason() {
        assert!(read("[[pack]]\nid = 1").unwrap_err().contains("id"));
        assert!(read(&FILES[0].1.replace("\"US\"", "\"U-S\"")).unwrap_err().contains("U-S"));
    }
}
