//! Who agreed to what: records of consent, and what they amount to when something is about to be sent.
//!
//! Records are only ever added; a revocation closes those before it. The levels are those of United States law (47 CFR
//! 64.1200: prior express written consent for marketing texts, prior express consent for the rest) with the implied
//! consent that CASL and existing customer relationships know, which runs out. Which level a message needs is a rule
//! of `rules`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Purpose;
use crate::conversation::Channel;
use crate::id::ContactId;
use crate::time::Timestamp;

/// How firmly somebody agreed, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentLevel {
    /// They wrote first, or are a customer; runs out.
    Implied,
    /// They gave the address or number for such messages, in whatever way.
    Express,
    /// They agreed in writing (a ticked box, a keyword, a signature) to a text that names marketing.
    ExpressWritten,
}

/// How consent came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentSource {
    /// A form or widget on the web.
    Form,
    /// A booking made online or with the agent.
    Booking,
    /// A keyword sent by the customer, such as START.
    Keyword,
    /// Said in a conversation.
    Conversation,
    /// Said on the phone.
    Call,
    /// On paper.
    Paper,
    /// Came with an import.
    Import,
    /// Entered by a team member.
    Team,
    /// Through the API.
    Api,
}

/// How consent ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RevocationSource {
    /// A keyword such as STOP.
    Keyword,
    /// A sentence such as "please stop texting me".
    Sentence,
    /// The unsubscribe link or button of an e-mail.
    Unsubscribe,
    /// The vendor or carrier told.
    Vendor,
    /// Said on the phone.
    Call,
    /// Entered by a team member.
    Team,
    /// Through the API or an import.
    Api,
}

/// One consent somebody gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConsentRecord {
    /// Who.
    pub contact_id: ContactId,
    /// For which channel; `None` for all.
    pub channel: Option<Channel>,
    /// For messages of which purpose; consent to marketing covers the rest.
    pub purpose: Purpose,
    /// How firmly.
    pub level: ConsentLevel,
    /// How it came to be known.
    pub source: ConsentSource,
    /// The words the customer agreed to, as shown.
    pub text_shown: String,
    /// What proves it: the page's address, the message's id, the file's row.
    pub evidence: String,
    /// When.
    pub given_at: Timestamp,
    /// When it runs out by itself; implied consent does.
    pub expires_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
    /// How it was taken back.
    pub revoked_by: Option<RevocationSource>,
}

/// What somebody's consents amount to for one channel and purpose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "consent", rename_all = "snake_case")]
pub enum ConsentStatus {
    /// Nothing is known.
    #[default]
    Unknown,
    /// They agreed.
    Given {
        /// How firmly.
        level: ConsentLevel,
        /// Since when.
        since: Timestamp,
        /// Until when, when it runs out by itself.
        until: Option<Timestamp>,
    },
    /// They took it back.
    Revoked {
        /// When.
        at: Timestamp,
    },
    /// It ran out.
    Lapsed {
        /// When.
        at: Timestamp,
    },
}

impl ConsentStatus {
    /// What the records say at `now` about messages of the purpose on the channel: the firmest consent that holds;
    /// otherwise the newest end. A consent given after a revocation counts again.
    pub fn of(records: &[ConsentRecord], channel: Channel, purpose: Purpose, now: Timestamp) -> Self {
        let about = |record: &&ConsentRecord| {
            let covers = record.purpose == purpose || record.purpose == Purpose::Marketing;
            covers && record.channel.is_none_or(|it| it == channel) && record.given_at <= now
        };
        let mut ended = Self::Unknown;
        let mut held: Option<(ConsentLevel, Timestamp, Option<Timestamp>)> = None;
        for record in records.iter().filter(about) {
            match (record.revoked_at.filter(|at| *at <= now), record.expires_at.filter(|at| *at <= now)) {
                (None, None) => {
                    let until = match (record.expires_at, record.revoked_at) {
                        (Some(a), Some(b)) => Some(a.min(b)),
                        (a, b) => a.or(b),
                    };
                    // Firmer first, then the one that lasts longer.
                    let lasts = |until: Option<Timestamp>| until.map_or(i64::MAX, Timestamp::as_millis);
                    let better = held
                        .is_none_or(|(level, _, held)| (record.level, lasts(until)) > (level, lasts(held)));
                    if better {
                        held = Some((record.level, record.given_at, until));
                    }
                }
                (Some(at), _) => ended = ended.later(Self::Revoked { at }),
                (None, Some(at)) => ended = ended.later(Self::Lapsed { at }),
            }
        }
        held.map_or(ended, |(level, since, until)| Self::Given { level, since, until })
    }

    /// The level that holds at an instant.
    pub fn level_at(self, at: Timestamp) -> Option<ConsentLevel> {
        match self {
            Self::Given { level, until, .. } if until.is_none_or(|until| at < until) => Some(level),
            _ => None,
        }
    }

    fn later(self, other: Self) -> Self {
        let at = |status: Self| match status {
            Self::Revoked { at } | Self::Lapsed { at } => Some(at),
            _ => None,
        };
        if at(other) >= at(self) { other } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;

    const fn day(days: i64) -> Timestamp {
        Timestamp::from_millis(1_774_000_000_000 + days * 86_400_000)
    }

    fn record(level: ConsentLevel, purpose: Purpose, given: i64) -> ConsentRecord {
        ConsentRecord {
            contact_id: ContactId::new(day(0), &SeededRandom::new(1)),
            channel: Some(Channel::Sms),
            purpose,
            level,
            source: ConsentSource::Form,
            text_shown: "I agree to receive offers by text.".to_owned(),
            evidence: "form 1".to_owned(),
            given_at: day(given),
            expires_at: None,
            revoked_at: None,
            revoked_by: None,
        }
    }

    fn status(records: &[ConsentRecord], purpose: Purpose) -> ConsentStatus {
        ConsentStatus::of(records, Channel::Sms, purpose, day(100))
    }

    #[test]
    fn the_firmest_consent_that_holds_counts() {
        let implied = ConsentRecord {
            expires_at: Some(day(180)),
            ..record(ConsentLevel::Implied, Purpose::Marketing, 1)
        };
        let written = record(ConsentLevel::ExpressWritten, Purpose::Marketing, 2);
        let both = [implied.clone(), written.clone()];
        assert_eq!(status(&both, Purpose::Marketing).level_at(day(100)), Some(ConsentLevel::ExpressWritten));
        // Consent to marketing covers a reminder; consent to reminders no marketing.
        assert_eq!(
            status(&both, Purpose::Transactional).level_at(day(100)),
            Some(ConsentLevel::ExpressWritten)
        );
        let informational = [record(ConsentLevel::Express, Purpose::Transactional, 1)];
        assert_eq!(status(&informational, Purpose::Marketing), ConsentStatus::Unknown);
        // It was given for text messages.
        assert_eq!(
            ConsentStatus::of(&both, Channel::Email, Purpose::Marketing, day(100)),
            ConsentStatus::Unknown
        );
        let only = status(&[implied], Purpose::Marketing);
        assert_eq!(only.level_at(day(179)), Some(ConsentLevel::Implied));
        assert_eq!(only.level_at(day(180)), None);
    }

    #[test]
    fn what_was_taken_back_or_ran_out_does_not_count_until_given_again() {
        let revoked = ConsentRecord {
            revoked_at: Some(day(50)),
            revoked_by: Some(RevocationSource::Keyword),
            ..record(ConsentLevel::ExpressWritten, Purpose::Marketing, 1)
        };
        let lapsed = ConsentRecord {
            expires_at: Some(day(40)),
            ..record(ConsentLevel::Implied, Purpose::Marketing, 1)
        };
        let ended = [revoked.clone(), lapsed];
        assert_eq!(status(&ended, Purpose::Marketing), ConsentStatus::Revoked { at: day(50) });
        let again = [revoked, record(ConsentLevel::Express, Purpose::Marketing, 60)];
        assert_eq!(status(&again, Purpose::Marketing).level_at(day(100)), Some(ConsentLevel::Express));
        // Not given yet.
        assert_eq!(
            status(&[record(ConsentLevel::Express, Purpose::Marketing, 101)], Purpose::Marketing),
            ConsentStatus::Unknown
        );
    }
}
