//! What a workspace changes about the rules.
//!
//! Tightening is free. Loosening a law or a channel's terms has to be said aloud: a flag and a reason, which verdicts
//! and the evidence show. Custom (packs with `law = false`) may be changed as one likes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Purpose;
use super::consent::ConsentLevel;
use super::rules::{Body, Hours, OnHolidays, Pack, Rule};
use crate::conversation::Channel;
use crate::workspace::WeeklyHours;

/// Shortest reason that says anything.
const REASON: usize = 10;
/// Longest period of a cap: 31 days.
const CAP_HOURS: u32 = 31 * 24;

/// How a workspace's messages are judged beyond the packs as they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RuleSettings {
    /// Marketing also when the business is closed.
    pub outside_business_hours: bool,
    /// Quiet hours hold for transactional messages, too, such as reminders.
    pub quiet_transactional: bool,
    /// Which states' rules hold when only the country is known.
    pub unknown_region: UnknownRegion,
    /// The workspace's own hours for marketing, local time of the customer.
    pub hours: Option<Hours>,
    /// The workspace's own caps.
    #[schema(max_items = 20)]
    pub caps: Vec<OwnCap>,
    /// Changes to rules and packs.
    #[schema(max_items = 200)]
    pub changes: Vec<RuleChange>,
    /// The business's postal address as marketing mail gives it; the business's address when empty.
    #[schema(max_length = 300)]
    pub postal_address: String,
}

/// Which states' rules hold when only the country is known (a toll-free number, an address without a state).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnknownRegion {
    /// None: those of the country alone.
    #[default]
    CountryOnly,
    /// All of them at once.
    Strictest,
}

/// A cap of the workspace's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnCap {
    /// Messages.
    pub max: u32,
    /// In so many hours, 1 to 744.
    #[schema(minimum = 1, maximum = 744)]
    pub hours: u32,
    /// Of these purposes.
    pub purposes: Vec<Purpose>,
    /// On these channels, together.
    pub channels: Vec<Channel>,
}

/// A change to a rule, or to all rules of a pack.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RuleChange {
    /// The id of the rule or pack.
    pub rule: String,
    /// It does not hold at all.
    pub off: bool,
    /// Other hours.
    pub hours: Option<Hours>,
    /// Other rule for public holidays.
    pub holidays: Option<OnHolidays>,
    /// Another number of messages.
    pub max: Option<u32>,
    /// Another level of consent.
    pub level: Option<ConsentLevel>,
    /// It is known that this loosens a law or a channel's terms.
    pub loosens: bool,
    /// Why; needed when it loosens.
    #[schema(max_length = 500)]
    pub reason: String,
}

/// What is wrong with settings; worded for the person who typed them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// No such rule.
    #[error("there is no rule or pack called {0:?}")]
    Unknown(String),
    /// The change names something the rule does not have.
    #[error("{rule} has no {what} to change")]
    Mismatch {
        /// The rule.
        rule: String,
        /// What was to be changed.
        what: &'static str,
    },
    /// A rule is changed twice.
    #[error("{0} is changed twice")]
    Twice(String),
    /// It loosens, and does not say so.
    #[error(
        "{0} is law or a channel's terms: allowing more needs the consent of somebody who answers for it (loosens) and a reason"
    )]
    Loosens(String),
    /// Hours that make no sense.
    #[error("hours must lie within their day, in order and without overlap")]
    Hours,
    /// A cap that makes no sense.
    #[error("a cap counts 1 to 744 hours and names at least one purpose and channel")]
    Cap,
    /// Too many of something.
    #[error("at most 20 caps and 200 changes")]
    TooMany,
}

impl RuleSettings {
    /// Checks the settings against the packs.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn validate(&self, packs: &[Pack]) -> Result<(), Vec<SettingsError>> {
        let mut errors = Vec::new();
        if self.caps.len() > 20 || self.changes.len() > 200 {
            errors.push(SettingsError::TooMany);
        }
        let own = self.hours.iter().chain(self.changes.iter().filter_map(|change| change.hours.as_ref()));
        if own.clone().any(|hours| !hours.0.is_valid()) {
            errors.push(SettingsError::Hours);
        }
        let makes_sense = |cap: &OwnCap| {
            (1..=CAP_HOURS).contains(&cap.hours) && !cap.purposes.is_empty() && !cap.channels.is_empty()
        };
        if !self.caps.iter().all(makes_sense) {
            errors.push(SettingsError::Cap);
        }
        let mut changed = BTreeSet::new();
        for change in &self.changes {
            if !changed.insert(change.rule.as_str()) {
                errors.push(SettingsError::Twice(change.rule.clone()));
            }
            change.validate(packs, &mut errors);
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// The rule as the workspace wants it and whether that differs; `None` when it is switched off.
    pub(super) fn apply(&self, pack: &Pack, rule: &Rule) -> Option<(Rule, bool)> {
        let about = |change: &&RuleChange| change.rule == rule.id || change.rule == pack.id;
        let mut changed = rule.clone();
        for change in self.changes.iter().filter(about) {
            if change.off {
                return None;
            }
            change.apply(&mut changed.body);
        }
        let differs = changed != *rule;
        Some((changed, differs))
    }
}

impl RuleChange {
    fn apply(&self, body: &mut Body) {
        match body {
            Body::Hours { week, holidays } => {
                if let Some(hours) = &self.hours {
                    *week = hours.clone();
                }
                *holidays = self.holidays.unwrap_or(*holidays);
            }
            Body::Cap { max, .. } => *max = self.max.unwrap_or(*max),
            Body::Consent { level } => *level = self.level.unwrap_or(*level),
            Body::Unsubscribe | Body::PostalAddress | Body::Window { .. } => {}
        }
    }

    fn validate(&self, packs: &[Pack], errors: &mut Vec<SettingsError>) {
        let about: Vec<(&Pack, &Rule)> = packs
            .iter()
            .flat_map(|pack| pack.rules.iter().map(move |rule| (pack, rule)))
            .filter(|(pack, rule)| pack.id == self.rule || rule.id == self.rule)
            .collect();
        if about.is_empty() {
            errors.push(SettingsError::Unknown(self.rule.clone()));
            return;
        }
        let any = |has: fn(&Body) -> bool| about.iter().any(|(_, rule)| has(&rule.body));
        let mut miss = |asked: bool, has: fn(&Body) -> bool, what: &'static str| {
            if asked && !any(has) {
                errors.push(SettingsError::Mismatch { rule: self.rule.clone(), what });
            }
        };
        miss(
            self.hours.is_some() || self.holidays.is_some(),
            |body| matches!(body, Body::Hours { .. }),
            "hours",
        );
        miss(self.max.is_some(), |body| matches!(body, Body::Cap { .. }), "number of messages");
        miss(self.level.is_some(), |body| matches!(body, Body::Consent { .. }), "level of consent");
        let says_why = self.loosens && self.reason.trim().chars().count() >= REASON;
        let loosened = |(pack, rule): &(&Pack, &Rule)| {
            let mut changed = rule.body.clone();
            self.apply(&mut changed);
            pack.law && (self.off || is_looser(&changed, &rule.body))
        };
        if !says_why && about.iter().any(loosened) {
            errors.push(SettingsError::Loosens(self.rule.clone()));
        }
    }
}

/// Whether a changed rule allows something that the rule does not.
fn is_looser(changed: &Body, rule: &Body) -> bool {
    match (changed, rule) {
        (Body::Hours { week, holidays }, Body::Hours { week: was, holidays: on }) => {
            !lies_within(&week.0, &was.0) || (*on == OnHolidays::Closed && *holidays == OnHolidays::AsUsual)
        }
        (Body::Cap { max, .. }, Body::Cap { max: was, .. }) => max > was,
        (Body::Consent { level }, Body::Consent { level: was }) => level < was,
        _ => false,
    }
}

/// Whether every minute of `inner` is one of `outer`.
fn lies_within(inner: &WeeklyHours, outer: &WeeklyHours) -> bool {
    inner.0.iter().all(|(day, stretches)| {
        let allowed = outer.0.get(day).map_or(&[][..], Vec::as_slice);
        stretches.iter().all(|stretch| {
            let covered: u32 = allowed
                .iter()
                .map(|it| u32::from(it.to.min(stretch.to).saturating_sub(it.from.max(stretch.from))))
                .sum();
            covered >= u32::from(stretch.to.saturating_sub(stretch.from))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::rules::packs;
    use super::*;

    fn hours(lines: &[&str]) -> Hours {
        Hours::try_from(lines.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>()).unwrap()
    }

    fn check(change: RuleChange) -> Result<(), Vec<SettingsError>> {
        RuleSettings { changes: vec![change], ..RuleSettings::default() }.validate(packs().unwrap())
    }

    fn change(rule: &str) -> RuleChange {
        RuleChange { rule: rule.to_owned(), ..RuleChange::default() }
    }

    #[test]
    fn tightening_is_free_and_loosening_a_law_has_to_be_said_aloud() {
        assert!(
            check(RuleChange { hours: Some(hours(&["mon-fri 10:00-18:00"])), ..change("us-fl-hours") })
                .is_ok()
        );
        assert!(check(RuleChange { max: Some(1), ..change("us-fl-cap") }).is_ok());
        let loosens = |rule: &str| Err(vec![SettingsError::Loosens(rule.to_owned())]);
        let later = RuleChange { hours: Some(hours(&["mon-sun 08:00-21:00"])), ..change("us-fl-hours") };
        assert_eq!(check(later.clone()), loosens("us-fl-hours"));
        assert_eq!(check(RuleChange { loosens: true, ..later.clone() }), loosens("us-fl-hours"));
        let reason = "our counsel says that consent exempts us".to_owned();
        assert!(check(RuleChange { loosens: true, reason, ..later }).is_ok());
        assert_eq!(check(RuleChange { off: true, ..change("us-fl") }), loosens("us-fl"));
        assert_eq!(check(RuleChange { max: Some(4), ..change("us-ok-cap") }), loosens("us-ok-cap"));
        let weaker = RuleChange { level: Some(ConsentLevel::Implied), ..change("eu-consent") };
        assert_eq!(check(weaker), loosens("eu-consent"));
        let open = RuleChange { holidays: Some(OnHolidays::AsUsual), ..change("us-al-hours") };
        assert_eq!(check(open), loosens("us-al-hours"));
        // Custom is nobody's law.
        assert!(check(RuleChange { off: true, ..change("house") }).is_ok());
        assert!(check(RuleChange { max: Some(9), ..change("house-cap-day") }).is_ok());
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_its_reason() {
        assert_eq!(check(change("us-zz")), Err(vec![SettingsError::Unknown("us-zz".to_owned())]));
        let mismatch = check(RuleChange { max: Some(1), ..change("us-fl-hours") });
        assert!(matches!(mismatch.unwrap_err()[..], [SettingsError::Mismatch { .. }]));
        let caps = vec![OwnCap { max: 1, hours: 0, purposes: vec![], channels: vec![] }];
        let changes = vec![change("house"), change("house")];
        let errors = RuleSettings { caps, changes, ..RuleSettings::default() }.validate(packs().unwrap());
        assert_eq!(errors.unwrap_err(), [SettingsError::Cap, SettingsError::Twice("house".to_owned())]);
    }

    #[test]
    fn settings_are_kept_as_json() {
        let settings = RuleSettings {
            hours: Some(hours(&["mon-fri 09:00-17:00"])),
            changes: vec![RuleChange { max: Some(1), ..change("house-cap-day") }],
            ..RuleSettings::default()
        };
        let json = serde_json::to_string(&settings).unwrap();
        assert_eq!(serde_json::from_str::<RuleSettings>(&json).unwrap(), settings);
        assert_eq!(serde_json::from_str::<RuleSettings>("{}").unwrap(), RuleSettings::default());
        assert!(serde_json::from_str::<RuleSettings>("{\"hourz\": []}").is_err());
    }
}
