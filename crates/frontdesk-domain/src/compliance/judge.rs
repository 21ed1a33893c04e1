//! The verdict on one message.
//!
//! First what denies, in a fixed order: opt-out, do-not-contact lists, complaints, dead addresses, then what the rules
//! ask of consent and content. Then what defers: hours, the business's own hours, caps. Each says the first instant from
//! a given one on that suits it; they are asked in turn until none moves any more, so nothing earlier suits all of
//! them. What would be denied by then is denied now.

use std::borrow::{Borrow, Cow};
use std::time::Duration;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::area::{self, Area, Code, Place};
use super::book::{Ask, Entry};
use super::consent::{ConsentLevel, ConsentStatus};
use super::facts::{DncList, Facts};
use super::quiet::{DaysOff, Week, next_open, public_holidays};
use super::rules::Body;
use super::{Purpose, Verdict, frequency};
use crate::time::Timestamp;

/// How far ahead an allowed time is looked for.
const HORIZON: Duration = Duration::from_hours(14 * 24);

/// A rule that was looked at, and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// The rule's id and version.
    pub rule: String,
    /// What it says.
    pub title: String,
    /// Where it comes from, in words.
    pub source: String,
    /// What it says about this message.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What a rule says about a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Nothing against it.
    Passes,
    /// It is not about messages of this purpose or channel, or does not hold at this time.
    NotConcerned,
    /// Not before this instant, as far as this rule goes.
    Defers {
        /// The instant.
        until: Timestamp,
    },
    /// Not at all.
    Denies {
        /// Why, in plain words.
        reason: String,
    },
}

/// Judges one message. An answer in a conversation the customer keeps open is always allowed, unless the channel itself
/// takes none: silence there would be a broken product, not compliance.
pub fn judge(purpose: Purpose, facts: impl Borrow<Facts>) -> Verdict {
    Case::new(purpose, facts.borrow()).verdict()
}

/// Every rule that was looked at, in order, with what it says; for people before sending, and for evidence after.
pub fn explain(purpose: Purpose, facts: impl Borrow<Facts>) -> Vec<Finding> {
    Case::new(purpose, facts.borrow()).findings()
}

/// A rule that denies: its name, and why.
type Denial = (Cow<'static, str>, String);

/// The checks that no pack makes, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Check {
    Rules,
    OptOut,
    ChannelOptOut,
    Dnc,
    Complaint,
    Bounce,
    Revoked,
    Facts,
}

impl Check {
    const ALL: [Self; 8] = [
        Self::Rules,
        Self::OptOut,
        Self::ChannelOptOut,
        Self::Dnc,
        Self::Complaint,
        Self::Bounce,
        Self::Revoked,
        Self::Facts,
    ];

    /// Its id and version, and what it says.
    const fn told(self) -> (&'static str, &'static str) {
        match self {
            Self::Rules => ("rules/1", "The rules can be read"),
            Self::Facts => ("facts/1", "Marketing needs a known channel and time"),
            Self::OptOut => ("opt-out/1", "Nobody is written to who asked not to be"),
            Self::ChannelOptOut => {
                ("opt-out-channel/1", "Nor on a channel they asked not to be written to on")
            }
            Self::Dnc => ("dnc/1", "Do-not-contact lists"),
            Self::Complaint => ("complaint/1", "No marketing to who reported a message as unwanted"),
            Self::Bounce => ("bounce/1", "Nothing to an address that does not exist"),
            Self::Revoked => ("consent-revoked/1", "Nothing that needs a consent that was taken back"),
        }
    }
}

/// The rule that keeps marketing within opening hours, and what it says.
const BUSINESS: (&str, &str) = ("business-hours/1", "Marketing only while the business is open");

/// One message, with where its receiver may be.
struct Case<'a> {
    purpose: Purpose,
    facts: &'a Facts,
    places: Vec<Place>,
    zones: Vec<TimeZone>,
}

impl<'a> Case<'a> {
    fn new(purpose: Purpose, facts: &'a Facts) -> Self {
        let mut case = Self { purpose, facts, places: Vec::with_capacity(2), zones: Vec::with_capacity(4) };
        // Where the receiver is matters to nobody before there is a channel and a time.
        if facts.channel.is_some() && facts.now.is_some() {
            case.locate();
        }
        case
    }

    /// Every place and zone that comes into question: the stated zone, the address, the number's area. One that names
    /// a whole country of several zones counts only while none of its zones is named more precisely.
    fn locate(&mut self) {
        let facts = self.facts;
        let book = facts.book();
        let number = facts.number.as_deref().and_then(area::of_number);
        let address = facts.country.as_deref().and_then(Code::of).and_then(|country| {
            let region = area::region_of(country, facts.region.as_deref(), facts.postal.as_deref());
            self.places.push(Place { country, region });
            area::of_place(country, region)
        });
        if let Some(place) = number.map(|area| area.place).filter(|place| !self.places.contains(place)) {
            self.places.push(place);
        }
        let stated = facts.stated_zone.as_deref().filter(|name| area::zone(name).is_some());
        let areas: [Option<&Area>; 2] = [address, number];
        let is_precise = |area: &&Area| area.place.region.is_some() || area.zones.len() == 1;
        let mut named: Vec<&str> = stated.into_iter().collect();
        let precise = areas.into_iter().flatten().filter(is_precise);
        named.extend(precise.flat_map(|area| area.zones.iter().map(|zone| zone.name)));
        for area in areas.into_iter().flatten().filter(|area| !is_precise(area)) {
            if !named.iter().any(|name| area::has_zone(area.place.country, name)) {
                named.extend(area.zones.iter().map(|zone| zone.name));
            }
        }
        if self.places.is_empty() {
            self.places.extend(book.country.map(|country| Place { country, region: None }));
            if named.is_empty() {
                let home = book.country.and_then(|country| area::of_place(country, None));
                named.extend(home.into_iter().flat_map(|area| area.zones.iter().map(|zone| zone.name)));
            }
        }
        named.sort_unstable();
        named.dedup();
        self.zones.extend(named.iter().filter_map(|name| area::zone(name)));
        if self.zones.is_empty() {
            self.zones.push(book.zone.clone());
        }
    }

    fn verdict(&self) -> Verdict {
        let deny = |(rule, reason): Denial| Verdict::Deny { rule: rule.into_owned(), reason };
        if let Some(denial) = self.fixed() {
            return deny(denial);
        }
        let (Some(channel), Some(now)) = (self.facts.channel, self.facts.now) else {
            return Verdict::Allow;
        };
        let asked: Vec<&Entry> = self
            .facts
            .book()
            .about(&self.places)
            .filter(|entry| entry.is_about(self.purpose, channel))
            .collect();
        if let Some(denial) = asked.iter().find_map(|entry| self.denies(entry, now)) {
            return deny(denial);
        }
        let limit = now.plus(HORIZON);
        let timed: Vec<(&Entry, Vec<DaysOff>)> = asked
            .iter()
            .filter(|entry| matches!(entry.ask, Ask::Hours { .. } | Ask::Cap { .. }))
            .map(|entry| (*entry, self.days_off(entry)))
            .collect();
        let mut at = now;
        let mut last: Option<&str> = None;
        loop {
            let before = at;
            for (entry, off) in &timed {
                let Some(next) = self.suits(entry, off, at, limit) else {
                    return deny(never(&entry.name, &entry.title));
                };
                if next > at {
                    (at, last) = (next, Some(entry.name.as_str()));
                }
            }
            let Some(next) = self.business_opens(at, limit) else {
                return deny(never(BUSINESS.0, BUSINESS.1));
            };
            if next > at {
                (at, last) = (next, Some(BUSINESS.0));
            }
            if at == before {
                break;
            }
        }
        let Some(rule) = last else {
            return Verdict::Allow;
        };
        match asked.iter().find_map(|entry| self.denies(entry, at)) {
            Some((rule, reason)) => {
                deny((rule, format!("{reason} (the first time it could be sent is {at})")))
            }
            None => Verdict::Defer { until: at, rule: rule.to_owned() },
        }
    }

    fn findings(&self) -> Vec<Finding> {
        let facts = self.facts;
        let mut findings = Vec::new();
        let mut add = |rule: &str, title: &str, source: &str, outcome: Outcome| {
            findings.push(Finding {
                rule: rule.to_owned(),
                title: title.to_owned(),
                source: source.to_owned(),
                outcome,
            });
        };
        for check in Check::ALL {
            let (rule, title) = check.told();
            let outcome = self.check(check).map_or(Outcome::Passes, |reason| Outcome::Denies { reason });
            add(rule, title, "Frontdesk", outcome);
        }
        let (Some(channel), Some(now)) = (facts.channel, facts.now) else {
            return findings;
        };
        let limit = now.plus(HORIZON);
        let when = |next: Option<Timestamp>| match next {
            Some(at) if at == now => Outcome::Passes,
            Some(until) => Outcome::Defers { until },
            None => Outcome::Denies { reason: NEVER.to_owned() },
        };
        for entry in facts.book().about(&self.places) {
            let outcome = if !entry.is_about(self.purpose, channel) || !entry.holds_at(now) {
                Outcome::NotConcerned
            } else if let Some((_, reason)) = self.denies(entry, now) {
                Outcome::Denies { reason }
            } else {
                when(self.suits(entry, &self.days_off(entry), now, limit))
            };
            add(&entry.name, &entry.title, &entry.source, outcome);
        }
        if facts.book().business.is_some() {
            let outcome = if self.purpose == Purpose::Marketing {
                when(self.business_opens(now, limit))
            } else {
                Outcome::NotConcerned
            };
            add(BUSINESS.0, BUSINESS.1, "set in this workspace", outcome);
        }
        findings
    }

    /// What denies whatever the packs say.
    fn fixed(&self) -> Option<Denial> {
        Check::ALL.iter().find_map(|check| Some((Cow::Borrowed(check.told().0), self.check(*check)?)))
    }

    /// Why a check denies; `None` when it does not.
    fn check(&self, check: Check) -> Option<String> {
        let facts = self.facts;
        let is_answer = self.purpose == Purpose::Reply && facts.customer_initiated;
        let is_marketing = self.purpose == Purpose::Marketing;
        let because = |applies: bool, reason: &str| applies.then(|| reason.to_owned());
        let day = |at: Timestamp| at.to_jiff().strftime("%Y-%m-%d").to_string();
        match check {
            Check::Rules => {
                let error = facts.book().broken.as_ref().filter(|_| self.purpose != Purpose::Reply)?;
                Some(format!("the rules cannot be read, so nothing is sent: {error}"))
            }
            Check::Facts => {
                let unknown = facts.channel.is_none() || facts.now.is_none();
                because(is_marketing && unknown, "marketing cannot be judged without a channel and a time")
            }
            Check::OptOut => because(facts.opted_out && !is_answer, "the customer asked not to be contacted"),
            Check::ChannelOptOut => {
                let applies = facts.channel_opted_out && !is_answer;
                because(applies, "the customer asked not to be contacted on this channel")
            }
            Check::Dnc => {
                let hit = facts.dnc.as_ref()?;
                let level = facts.now.and_then(|now| facts.consent.level_at(now));
                let applies = match hit.list {
                    DncList::Internal => !is_answer,
                    DncList::Imported => is_marketing,
                    DncList::Registry => is_marketing && level < Some(ConsentLevel::ExpressWritten),
                };
                applies.then(|| format!("the number or address is on the list {:?}", hit.name))
            }
            Check::Complaint => {
                let applies = facts.complained && is_marketing;
                because(applies, "the customer reported mail at this address as unwanted")
            }
            // Who asks for something this moment may have put their address right.
            Check::Bounce => facts.came_back.filter(|_| !facts.customer_initiated).map(|at| {
                format!("mail to this address came back on {}; ask the customer for another", day(at))
            }),
            Check::Revoked => match facts.consent {
                ConsentStatus::Revoked { at } if self.purpose != Purpose::Reply => {
                    Some(format!("the customer took their consent back on {}", day(at)))
                }
                _ => None,
            },
        }
    }

    /// Whether a rule on consent or content stands against sending at an instant.
    fn denies(&self, entry: &Entry, at: Timestamp) -> Option<Denial> {
        let Ask::Other(body) = &entry.ask else {
            return None;
        };
        if !entry.holds_at(at) {
            return None;
        }
        let facts = self.facts;
        let reason = match body {
            Body::Consent { level } if facts.consent.level_at(at) < Some(*level) => match facts.consent {
                ConsentStatus::Unknown => format!("no consent is on record; {}", asks(*level)),
                ConsentStatus::Given { level: given, .. } if facts.consent.level_at(at).is_some() => {
                    format!("the consent on record is only {}; {}", name(given), asks(*level))
                }
                _ => format!("the consent on record has run out; {}", asks(*level)),
            },
            Body::Unsubscribe if !facts.unsubscribe => {
                "mail of this installation has no way to unsubscribe: its link needs a public https address, which the \
                 operator sets"
                    .to_owned()
            }
            Body::PostalAddress if !facts.postal_address => {
                "marketing mail has to give the business's postal address, and none is entered; enter it in the \
                 compliance settings"
                    .to_owned()
            }
            Body::Window { hours } if !facts.approved_template => {
                let open = facts
                    .last_customer_message
                    .is_some_and(|last| at.since(last) < Duration::from_hours(u64::from(*hours)));
                if open {
                    return None;
                }
                format!(
                    "the customer has not written in the last {hours} hours; an approved template may be sent"
                )
            }
            _ => return None,
        };
        Some((Cow::Owned(entry.name.clone()), reason))
    }

    /// The first instant from `at` on that suits a rule on hours or numbers; `None` when there is none before `limit`.
    fn suits(&self, entry: &Entry, off: &[DaysOff], at: Timestamp, limit: Timestamp) -> Option<Timestamp> {
        if !entry.holds_at(at) {
            return Some(at);
        }
        let next = match &entry.ask {
            Ask::Hours { week, .. } => self.all_open(week, off, at, limit),
            Ask::Cap { max, hours } => {
                let counts =
                    self.facts.sends.iter().filter(|sent| entry.is_about(sent.purpose, sent.channel));
                frequency::next_free(counts.map(|sent| sent.at), *max, *hours, at)
            }
            Ask::Other(_) => Some(at),
        };
        // A rule that ends in the meantime holds nobody back.
        match next {
            Some(next) if next < entry.ends() => Some(next).filter(|next| *next < limit),
            _ => Some(entry.ends()).filter(|ends| *ends < limit),
        }
    }

    /// The first instant from `at` on at which it is an allowed hour in every zone.
    fn all_open(&self, week: &Week, off: &[DaysOff], at: Timestamp, limit: Timestamp) -> Option<Timestamp> {
        let mut at = at;
        loop {
            let before = at;
            for zone in &self.zones {
                at = next_open(zone, week, off, at, limit)?;
            }
            if at == before {
                return Some(at);
            }
        }
    }

    fn business_opens(&self, at: Timestamp, limit: Timestamp) -> Option<Timestamp> {
        match &self.facts.book().business {
            Some((week, off)) if self.purpose == Purpose::Marketing => {
                next_open(&self.facts.book().zone, week, off, at, limit)
            }
            _ => Some(at),
        }
    }

    /// The holidays on which the hours of a rule do not hold: those of every country it holds in.
    fn days_off(&self, entry: &Entry) -> Vec<DaysOff> {
        match &entry.ask {
            Ask::Hours { closed_on_holidays: true, .. } => {
                entry.countries(&self.places, self.facts.book()).filter_map(public_holidays).collect()
            }
            _ => Vec::new(),
        }
    }
}

const NEVER: &str = "no time in the next 14 days is allowed";

fn never(rule: &str, title: &str) -> Denial {
    (Cow::Owned(rule.to_owned()), format!("{NEVER} ({title})"))
}

const fn name(level: ConsentLevel) -> &'static str {
    match level {
        ConsentLevel::Implied => "implied",
        ConsentLevel::Express => "express",
        ConsentLevel::ExpressWritten => "express and written",
    }
}

fn asks(level: ConsentLevel) -> String {
    format!("this message needs {} consent", name(level))
}

#[cfg(test)]
mod tests;
