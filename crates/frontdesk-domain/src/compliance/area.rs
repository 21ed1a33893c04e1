//! Where somebody probably is: countries, regions and time zones of a phone number or an address.
//!
//! A number says where it was given out, not where its owner is, so every zone an area code reaches into counts, and a
//! toll-free or unknown code stands for all zones of its country. The tables are data files: `nanp.txt` (area codes of
//! the North American plan), `countries.txt` (calling codes), `zip.txt` (US states by ZIP code). Numbers are read as
//! E.164 by their digits; whether one is valid is `phone`'s business.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::LazyLock;

use jiff::tz::TimeZone;

/// A country or region code: up to three upper-case letters or digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code([u8; 3]);

impl Code {
    /// Reads a code; case and blanks around it do not matter.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut code = [b' '; 3];
        if text.is_empty() || text.len() > 3 || !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        for (place, byte) in code.iter_mut().zip(text.bytes()) {
            *place = byte.to_ascii_uppercase();
        }
        Some(Self(code))
    }

    /// The text form.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default().trim_end()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A country, and its state or province when known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// ISO 3166-1 alpha-2.
    pub country: Code,
    /// The part of an ISO 3166-2 code behind the country.
    pub region: Option<Code>,
}

/// A time zone of the tables.
#[derive(Debug, Clone)]
pub struct Zone {
    /// Its IANA name.
    pub name: &'static str,
    /// Its rules.
    pub tz: TimeZone,
}

/// Where a number or an address points.
#[derive(Debug, Clone)]
pub struct Area {
    /// The country, and the region when one is certain.
    pub place: Place,
    /// Every zone that comes into question.
    pub zones: Vec<Zone>,
}

/// Where an E.164 number was given out; `None` for a calling code that belongs to no country.
pub fn of_number(e164: &str) -> Option<&'static Area> {
    let digits = e164.trim().strip_prefix('+')?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let tables = Tables::get();
    if let Some(national) = digits.strip_prefix('1')
        && let Some(area) = national.get(..3).and_then(|code| tables.nanp.get(code))
    {
        return Some(area);
    }
    (1..=3).rev().find_map(|length| tables.calling.get(digits.get(..length)?))
}

/// Where a country is, or one of its states or provinces (`US` and `CA`); `None` for one not in the tables.
pub fn of_place(country: Code, region: Option<Code>) -> Option<&'static Area> {
    let tables = Tables::get();
    region
        .and_then(|region| tables.regions.get(&(country, region)))
        .or_else(|| tables.countries.get(&country))
}

/// The state or province an address names: its code, its English name or, in the United States, the ZIP code.
pub fn region_of(country: Code, region: Option<&str>, postal: Option<&str>) -> Option<Code> {
    let tables = Tables::get();
    let known = |code: Code| tables.regions.contains_key(&(country, code)).then_some(code);
    let named = region.and_then(|text| {
        let text = text.trim();
        let short = text.rsplit('-').next().unwrap_or(text);
        Code::of(short).and_then(known).or_else(|| {
            let is_it = |(_, name): &&(&str, &str)| name.eq_ignore_ascii_case(text);
            NAMES.iter().find(is_it).and_then(|(code, _)| Code::of(code)).and_then(known)
        })
    });
    named.or_else(|| {
        if country.as_str() != "US" {
            return None;
        }
        let zip: u16 = postal?.trim().get(..3)?.parse().ok()?;
        let (state, ..) = tables.zip.iter().find(|(_, from, to)| (*from..=*to).contains(&zip))?;
        Some(*state)
    })
}

/// Whether a zone of the tables is one of the country's.
pub fn has_zone(country: Code, zone: &str) -> bool {
    Tables::get().zones_of.get(&country).is_some_and(|zones| zones.contains(&zone))
}

/// A zone by its IANA name, from the tables when they have it.
pub fn zone(name: &str) -> Option<TimeZone> {
    Tables::get().zones.get(name).cloned().or_else(|| TimeZone::get(name).ok())
}

struct Tables {
    zones: HashMap<&'static str, TimeZone>,
    zones_of: HashMap<Code, Vec<&'static str>>,
    nanp: HashMap<&'static str, Area>,
    calling: HashMap<&'static str, Area>,
    countries: HashMap<Code, Area>,
    regions: HashMap<(Code, Code), Area>,
    zip: Vec<(Code, u16, u16)>,
}

impl Tables {
    fn get() -> &'static Self {
        static TABLES: LazyLock<Tables> = LazyLock::new(Tables::read);
        &TABLES
    }

    fn read() -> Self {
        let mut nanp: HashMap<&'static str, Area> = HashMap::new();
        let mut regions: BTreeMap<(Code, Code), Vec<&'static str>> = BTreeMap::new();
        let mut countries: BTreeMap<Code, Vec<&'static str>> = BTreeMap::new();
        for line in lines(include_str!("area/nanp.txt")) {
            let mut words = line.split_whitespace();
            let (Some(country), Some(region), Some(zones)) =
                (words.next().and_then(Code::of), words.next(), words.next())
            else {
                continue;
            };
            let region = Code::of(region);
            let names: Vec<&'static str> = zones.split(',').collect();
            if let Some(region) = region {
                add(regions.entry((country, region)).or_default(), &names);
            }
            if country.as_str() != "US" {
                add(countries.entry(country).or_default(), &names);
            }
            for code in words {
                // A code two provinces share belongs to none of them for certain.
                nanp.entry(code)
                    .and_modify(|area| area.place.region = None)
                    .or_insert_with(|| area(Place { country, region }, &names));
            }
        }
        let mut calling = HashMap::new();
        for line in lines(include_str!("area/countries.txt")) {
            let mut words = line.split_whitespace();
            if let (Some(code), Some(country), Some(zones)) =
                (words.next(), words.next().and_then(Code::of), words.next())
            {
                let names: Vec<&'static str> = zones.split(',').collect();
                calling.insert(code, area(Place { country, region: None }, &names));
                add(countries.entry(country).or_default(), &names);
            }
        }
        let zip = lines(include_str!("area/zip.txt"))
            .filter_map(|line| {
                let mut words = line.split_whitespace();
                Some((Code::of(words.next()?)?, words.next()?.parse().ok()?, words.next()?.parse().ok()?))
            })
            .collect();
        let mut zones_of: HashMap<Code, Vec<&'static str>> = countries.clone().into_iter().collect();
        for ((country, _), names) in &regions {
            add(zones_of.entry(*country).or_default(), names);
        }
        let names = zones_of.values().flatten().copied();
        Self {
            zones: names.filter_map(|name| Some((name, TimeZone::get(name).ok()?))).collect(),
            zones_of,
            nanp,
            calling,
            countries: countries
                .into_iter()
                .map(|(country, names)| (country, area(Place { country, region: None }, &names)))
                .collect(),
            regions: regions
                .into_iter()
                .map(|((country, region), names)| {
                    ((country, region), area(Place { country, region: Some(region) }, &names))
                })
                .collect(),
            zip,
        }
    }
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty())
}

fn add(known: &mut Vec<&'static str>, names: &[&'static str]) {
    for name in names {
        if !known.contains(name) {
            known.push(name);
        }
    }
}

fn area(place: Place, names: &[&'static str]) -> Area {
    let zones = names.iter().filter_map(|name| Some(Zone { name, tz: TimeZone::get(name).ok()? })).collect();
    Area { place, zones }
}

/// English names of states and provinces, as people write them in addresses.
const NAMES: &[(&str, &str)] = &[
    ("AL", "Alabama"),
    ("AK", "Alaska"),
    ("AZ", "Arizona"),
    ("AR", "Arkansas"),
    ("CA", "California"),
    ("CO", "Colorado"),
    ("CT", "Connecticut"),
    ("DE", "Delaware"),
    ("DC", "District of Columbia"),
    ("FL", "Florida"),
    ("GA", "Georgia"),
    ("HI", "Hawaii"),
    ("ID", "Idaho"),
    ("IL", "Illinois"),
    ("IN", "Indiana"),
    ("IA", "Iowa"),
    ("KS", "Kansas"),
    ("KY", "Kentucky"),
    ("LA", "Louisiana"),
    ("ME", "Maine"),
    ("MD", "Maryland"),
    ("MA", "Massachusetts"),
    ("MI", "Michigan"),
    ("MN", "Minnesota"),
    ("MS", "Mississippi"),
    ("MO", "Missouri"),
    ("MT", "Montana"),
    ("NE", "Nebraska"),
    ("NV", "Nevada"),
    ("NH", "New Hampshire"),
    ("NJ", "New Jersey"),
    ("NM", "New Mexico"),
    ("NY", "New York"),
    ("NC", "North Carolina"),
    ("ND", "North Dakota"),
    ("OH", "Ohio"),
    ("OK", "Oklahoma"),
    ("OR", "Oregon"),
    ("PA", "Pennsylvania"),
    ("PR", "Puerto Rico"),
    ("RI", "Rhode Island"),
    ("SC", "South Carolina"),
    ("SD", "South Dakota"),
    ("TN", "Tennessee"),
    ("TX", "Texas"),
    ("UT", "Utah"),
    ("VT", "Vermont"),
    ("VA", "Virginia"),
    ("WA", "Washington"),
    ("WV", "West Virginia"),
    ("WI", "Wisconsin"),
    ("WY", "Wyoming"),
    ("AB", "Alberta"),
    ("BC", "British Columbia"),
    ("MB", "Manitoba"),
    ("NB", "New Brunswick"),
    ("NL", "Newfoundland and Labrador"),
    ("NS", "Nova Scotia"),
    ("ON", "Ontario"),
    ("PE", "Prince Edward Island"),
    ("QC", "Quebec"),
    ("SK", "Saskatchewan"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> (String, String, Vec<&'static str>) {
        let area = of_number(text).unwrap();
        let region = area.place.region.map_or("-".to_owned(), |region| region.to_string());
        (area.place.country.to_string(), region, area.zones.iter().map(|zone| zone.name).collect())
    }

    #[test]
    fn well_known_codes_are_where_they_are() {
        for (digits, country, region, zone) in [
            ("+12125550100", "US", "NY", "America/New_York"),
            ("+13055550100", "US", "FL", "America/New_York"),
            ("+13125550100", "US", "IL", "America/Chicago"),
            ("+13035550100", "US", "CO", "America/Denver"),
            ("+16025550100", "US", "AZ", "America/Phoenix"),
            ("+14155550100", "US", "CA", "America/Los_Angeles"),
            ("+18085550100", "US", "HI", "Pacific/Honolulu"),
            ("+17875550100", "US", "PR", "America/Puerto_Rico"),
            ("+14165550100", "CA", "ON", "America/Toronto"),
            ("+16045550100", "CA", "BC", "America/Vancouver"),
            ("+18765550100", "JM", "-", "America/Jamaica"),
            ("+442079460958", "GB", "-", "Europe/London"),
            ("+4930123456", "DE", "-", "Europe/Berlin"),
            ("+77012345678", "KZ", "-", "Asia/Almaty"),
            ("+8613800138000", "CN", "-", "Asia/Shanghai"),
            ("+97125550100", "AE", "-", "Asia/Dubai"),
        ] {
            let (is_country, is_region, zones) = number(digits);
            assert_eq!((is_country.as_str(), is_region.as_str()), (country, region), "{digits}");
            assert_eq!(zones.first(), Some(&zone), "{digits}");
        }
    }

    #[test]
    fn a_code_that_spans_zones_stands_for_all_of_them() {
        assert_eq!(number("+18505550100").2, ["America/New_York", "America/Chicago"]);
        assert_eq!(number("+16055550100").2, ["America/Chicago", "America/Denver"]);
        // Toll-free, and one not given out yet.
        assert!(number("+18005550100").2.len() >= 7);
        assert_eq!(number("+12995550100").1, "-");
        assert_eq!(number("+34600123456").2.len(), 2);
        // Shared by Nova Scotia and Prince Edward Island.
        assert_eq!(number("+19025550100").1, "-");
        assert!(
            of_number("+999123").is_none() && of_number("12125550100").is_none() && of_number("+").is_none()
        );
    }

    #[test]
    fn a_state_is_read_from_its_code_its_name_or_the_zip() {
        let us = Code::of("us").unwrap();
        let region = |region, postal| region_of(us, region, postal).map(|code| code.to_string());
        assert_eq!(region(Some(" fl "), None).as_deref(), Some("FL"));
        assert_eq!(region(Some("US-TX"), None).as_deref(), Some("TX"));
        assert_eq!(region(Some("rhode island"), None).as_deref(), Some("RI"));
        assert_eq!(region(None, Some("33101")).as_deref(), Some("FL"));
        assert_eq!(region(Some("?"), Some("02903-1234")).as_deref(), Some("RI"));
        assert_eq!(region(Some("Bavaria"), Some("x")), None);
        assert_eq!(of_place(us, Code::of("FL")).unwrap().zones.len(), 2);
        assert!(of_place(us, None).unwrap().zones.len() >= 7);
        assert!(of_place(Code::of("QQ").unwrap(), None).is_none());
    }

    #[test]
    fn every_zone_of_the_tables_exists_and_no_code_is_given_twice() {
        let mut seen = std::collections::BTreeSet::new();
        let mut shared = Vec::new();
        for line in lines(include_str!("area/nanp.txt")).chain(lines(include_str!("area/countries.txt"))) {
            for zone in line.split_whitespace().filter(|word| word.contains('/')).flat_map(|it| it.split(','))
            {
                assert!(TimeZone::get(zone).is_ok(), "{zone}");
            }
            let codes = line.split_whitespace().filter(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
            for code in codes.filter(|code| code.len() == 3 && !line.starts_with(code)) {
                if !seen.insert(code) {
                    shared.push(code);
                }
            }
        }
        assert_eq!(shared, ["902", "782"]);
        assert!(seen.len() > 400, "{}", seen.len());
        for (_, name) in NAMES {
            let known = |country| region_of(Code::of(country).unwrap(), Some(name), None).is_some();
            assert!(known("US") || known("CA"), "{name}");
        }
        assert_eq!(lines(include_str!("area/zip.txt")).count(), Tables::get().zip.len());
    }
}
