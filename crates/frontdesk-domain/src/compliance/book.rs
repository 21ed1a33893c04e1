//! The rules as one workspace has them, ready for judging.
//!
//! Made once from the packs and the workspace's settings, then shared: judging compares numbers only.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

use jiff::tz::TimeZone;

use super::Purpose;
use super::area::{Code, Place};
use super::quiet::{DaysOff, Week, known_days};
use super::rules::{self, Body, OnHolidays, Pack, Rule};
use super::settings::{RuleSettings, SettingsError, UnknownRegion};
use crate::conversation::Channel;
use crate::holiday;
use crate::schedule::HolidaySettings;
use crate::time::Timestamp;
use crate::workspace::WeeklyHours;

/// Channels that leave through a vendor.
const CARRIED: [Channel; 4] = [Channel::Sms, Channel::Whatsapp, Channel::Email, Channel::Telegram];

/// Where a business is and when it is open.
#[derive(Debug, Clone)]
pub struct Home {
    /// Its country, ISO 3166-1 alpha-2; that of customers of whom nothing is known.
    pub country: String,
    /// Its IANA zone.
    pub zone: String,
    /// Its opening hours; empty when they are not known, which limits nothing.
    pub hours: WeeklyHours,
    /// Its holidays.
    pub holidays: HolidaySettings,
}

impl Default for Home {
    fn default() -> Self {
        Self {
            country: "US".to_owned(),
            zone: "America/New_York".to_owned(),
            hours: WeeklyHours::default(),
            holidays: HolidaySettings::default(),
        }
    }
}

/// The rules of one workspace.
#[derive(Debug, Clone)]
pub struct Rulebook {
    /// The rules could not be read: nothing but answers may be sent.
    pub(super) broken: Option<String>,
    pub(super) entries: Vec<Entry>,
    /// Which entries may hold in a country that a pack names, in one that none names, and anywhere; so that judging
    /// does not look at the rules of the whole world.
    by_country: HashMap<Code, Vec<usize>>,
    rest: Vec<usize>,
    all: Vec<usize>,
    /// Countries that a pack names.
    named: BTreeSet<Code>,
    unknown_region: UnknownRegion,
    pub(super) country: Option<Code>,
    pub(super) zone: TimeZone,
    pub(super) business: Option<(Week, Vec<DaysOff>)>,
}

/// One rule, ready for judging.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Its id and version.
    pub name: String,
    /// What it says.
    pub title: String,
    /// Where it comes from.
    pub source: String,
    countries: Vec<Code>,
    region: Option<Code>,
    elsewhere: bool,
    from: Timestamp,
    until: Timestamp,
    purposes: [bool; 3],
    channels: [bool; 6],
    pub ask: Ask,
}

/// What a rule asks for.
#[derive(Debug, Clone)]
pub(super) enum Ask {
    Hours { week: Week, closed_on_holidays: bool },
    Cap { max: u32, hours: u32 },
    Other(Body),
}

impl Default for Rulebook {
    /// The packs as they stand, for a business in the United States whose opening hours are not known.
    fn default() -> Self {
        Self::new(&RuleSettings::default(), &Home::default()).unwrap_or_else(|errors| Self {
            broken: Some(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")),
            entries: Vec::new(),
            by_country: HashMap::new(),
            rest: Vec::new(),
            all: Vec::new(),
            named: BTreeSet::new(),
            unknown_region: UnknownRegion::CountryOnly,
            country: None,
            zone: TimeZone::UTC,
            business: None,
        })
    }
}

impl Rulebook {
    /// The packs with a workspace's changes.
    ///
    /// # Errors
    /// What is wrong with the settings. Packs that cannot be read are no error here: they deny everything but answers.
    pub fn new(settings: &RuleSettings, home: &Home) -> Result<Self, Vec<SettingsError>> {
        let (packs, broken) = match rules::packs() {
            Ok(packs) => (packs, None),
            Err(error) => (&[][..], Some(error.to_string())),
        };
        if broken.is_none() {
            settings.validate(packs)?;
        }
        let mut entries = Vec::new();
        for pack in packs {
            for rule in &pack.rules {
                if let Some((rule, differs)) = settings.apply(pack, rule) {
                    entries.push(Entry::new(pack, &rule, differs, settings));
                }
            }
        }
        let own = own_pack(settings);
        entries.extend(own.rules.iter().map(|rule| Entry::new(&own, rule, false, settings)));
        let named: BTreeSet<Code> =
            packs.iter().flat_map(|pack| &pack.countries).filter_map(|code| Code::of(code)).collect();
        let places = |keeps: &dyn Fn(&Entry) -> bool| {
            entries.iter().enumerate().filter(|(_, entry)| keeps(entry)).map(|(index, _)| index).collect()
        };
        let is_known = home.hours.0.values().any(|day| !day.is_empty());
        Ok(Self {
            broken,
            by_country: named
                .iter()
                .map(|country| {
                    (*country, places(&|entry| entry.is_global() || entry.countries.contains(country)))
                })
                .collect(),
            rest: places(&|entry| entry.is_global() || entry.elsewhere),
            all: (0..entries.len()).collect(),
            named,
            entries,
            unknown_region: settings.unknown_region,
            country: Code::of(&home.country),
            zone: TimeZone::get(&home.zone).unwrap_or(TimeZone::UTC),
            business: (is_known && !settings.outside_business_hours).then(|| {
                let off = holiday::days_off(&home.holidays, known_days()).into_keys().collect();
                (Week::from(&home.hours), vec![Arc::new(off)])
            }),
        })
    }

    /// One book for everybody who does not say whose rules hold.
    pub(super) fn standard() -> &'static Self {
        static STANDARD: LazyLock<Rulebook> = LazyLock::new(Rulebook::default);
        &STANDARD
    }

    /// The rules that hold for somebody who may be in any of the places, in the order of the book.
    pub(super) fn about<'a>(&'a self, places: &'a [Place]) -> impl Iterator<Item = &'a Entry> {
        let country = places.first().map(|place| place.country);
        let is_one = places.iter().all(|place| Some(place.country) == country);
        let listed =
            country.filter(|_| is_one).map(|country| self.by_country.get(&country).unwrap_or(&self.rest));
        let listed = listed.unwrap_or(&self.all);
        listed.iter().filter_map(|index| self.entries.get(*index)).filter(move |entry| {
            entry.is_global() || places.iter().any(|place| entry.holds_in(*place, places, self))
        })
    }
}

impl Entry {
    fn new(pack: &Pack, rule: &Rule, differs: bool, settings: &RuleSettings) -> Self {
        let instant = |date: jiff::civil::Date| {
            date.to_zoned(TimeZone::UTC).map_or(Timestamp::from_millis(0), |zoned| zoned.timestamp().into())
        };
        let mut purposes = [Purpose::Reply, Purpose::Transactional, Purpose::Marketing]
            .map(|purpose| rule.purposes.contains(&purpose));
        if settings.quiet_transactional && matches!(rule.body, Body::Hours { .. }) {
            purposes[1] = true;
        }
        Self {
            name: if differs { format!("{}+own", rule.name()) } else { rule.name() },
            title: rule.title.clone(),
            source: format!("{}: {}", pack.title, pack.source),
            countries: pack.countries.iter().filter_map(|code| Code::of(code)).collect(),
            region: pack.region.as_deref().and_then(Code::of),
            elsewhere: pack.elsewhere,
            from: instant(rule.from),
            until: rule.until.map_or(Timestamp::from_millis(i64::MAX), instant),
            purposes,
            channels: [
                Channel::Web,
                Channel::Sandbox,
                Channel::Sms,
                Channel::Whatsapp,
                Channel::Email,
                Channel::Telegram,
            ]
            .map(|channel| rule.channels.contains(&channel)),
            ask: match &rule.body {
                Body::Hours { week, holidays } => Ask::Hours {
                    week: Week::from(&week.0),
                    closed_on_holidays: *holidays == OnHolidays::Closed,
                },
                Body::Cap { max, hours } => Ask::Cap { max: *max, hours: *hours },
                other => Ask::Other(other.clone()),
            },
        }
    }

    const fn is_global(&self) -> bool {
        self.countries.is_empty() && !self.elsewhere
    }

    /// The countries of the places for which the rule holds.
    pub fn countries<'a>(
        &'a self,
        places: &'a [Place],
        book: &'a Rulebook,
    ) -> impl Iterator<Item = Code> + 'a {
        places.iter().filter(move |place| self.holds_in(**place, places, book)).map(|place| place.country)
    }

    fn holds_in(&self, place: Place, places: &[Place], book: &Rulebook) -> bool {
        if self.elsewhere {
            return !book.named.contains(&place.country);
        }
        if !self.countries.contains(&place.country) {
            return false;
        }
        match (self.region, place.region) {
            (None, _) => true,
            (Some(region), Some(here)) => region == here,
            (Some(_), None) => {
                let is_known = |it: &Place| it.country == place.country && it.region.is_some();
                book.unknown_region == UnknownRegion::Strictest && !places.iter().any(is_known)
            }
        }
    }

    pub fn is_about(&self, purpose: Purpose, channel: Channel) -> bool {
        self.has_purpose(purpose) && self.has_channel(channel)
    }

    pub const fn has_purpose(&self, purpose: Purpose) -> bool {
        match purpose {
            Purpose::Reply => self.purposes[0],
            Purpose::Transactional => self.purposes[1],
            Purpose::Marketing => self.purposes[2],
        }
    }

    pub const fn has_channel(&self, channel: Channel) -> bool {
        match channel {
            Channel::Web => self.channels[0],
            Channel::Sandbox => self.channels[1],
            Channel::Sms => self.channels[2],
            Channel::Whatsapp => self.channels[3],
            Channel::Email => self.channels[4],
            Channel::Telegram => self.channels[5],
        }
    }

    pub fn holds_at(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }

    /// When the rule ends.
    pub const fn ends(&self) -> Timestamp {
        self.until
    }
}

/// The workspace's own hours and caps as a pack that holds everywhere.
fn own_pack(settings: &RuleSettings) -> Pack {
    let rule = |id: String, title: String, purposes, channels, body| Rule {
        id,
        version: "1".to_owned(),
        from: jiff::civil::Date::constant(2000, 1, 1),
        until: None,
        title,
        purposes,
        channels,
        body,
    };
    let hours = settings.hours.iter().map(|week| {
        let body = Body::Hours { week: week.clone(), holidays: OnHolidays::AsUsual };
        let title = format!("Only {}", Vec::from(week.clone()).join(", "));
        rule("own-hours".to_owned(), title, vec![Purpose::Marketing], CARRIED.to_vec(), body)
    });
    let caps = settings.caps.iter().enumerate().map(|(index, cap)| {
        let body = Body::Cap { max: cap.max, hours: cap.hours };
        let title = format!("At most {} messages in {} hours", cap.max, cap.hours);
        rule(format!("own-cap-{}", index + 1), title, cap.purposes.clone(), cap.channels.clone(), body)
    });
    Pack {
        id: "own".to_owned(),
        title: "The business's own rules".to_owned(),
        countries: Vec::new(),
        region: None,
        elsewhere: false,
        law: false,
        source: "set in this workspace".to_owned(),
        confidence: rules::Confidence::High,
        note: String::new(),
        rules: hours.chain(caps).collect(),
    }
}
