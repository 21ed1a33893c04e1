//! A lead: somebody who wants something, and how to reach them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{ContactId, ConversationId, LeadId, UserId};
use crate::time::Timestamp;

/// How far a lead has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeadStatus {
    /// Nobody has looked yet.
    New,
    /// Somebody has been in touch.
    Contacted,
    /// It fits.
    Qualified,
    /// It became business.
    Won,
    /// It did not.
    Lost,
}

/// A captured lead; one open lead per contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Lead {
    /// Its id.
    pub id: LeadId,
    /// The person.
    pub contact_id: ContactId,
    /// Their name at a glance.
    pub name: String,
    /// Their e-mail address.
    pub email: Option<String>,
    /// Their phone number, E.164.
    pub phone: Option<String>,
    /// What they need, in their words.
    pub need: String,
    /// How far it has come.
    pub status: LeadStatus,
    /// How promising, 0 to 100.
    pub score: u8,
    /// What the score rests on, in plain words.
    pub score_reasons: Vec<String>,
    /// The conversation it came from.
    pub conversation_id: Option<ConversationId>,
    /// Who looks after it.
    pub assignee: Option<UserId>,
    /// What the customer was told when they left their details.
    pub consent_text: String,
    /// When they agreed.
    pub consent_at: Option<Timestamp>,
    /// When it was captured.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What is known when scoring a lead.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeadFacts<'a> {
    /// Their name is known.
    pub has_name: bool,
    /// An e-mail address is known.
    pub has_email: bool,
    /// A phone number is known.
    pub has_phone: bool,
    /// What they need.
    pub need: &'a str,
}

/// How promising a lead is, 0 to 100, and why.
pub fn score(facts: &LeadFacts<'_>) -> (u8, Vec<String>) {
    let urgent =
        ["today", "urgent", "asap", "emergency", "now", "this week", "tomorrow", "pain", "hoy", "urgente"];
    let need = facts.need.to_lowercase();
    let rules: [(bool, u8, &str); 6] = [
        (facts.has_name, 15, "left a name"),
        (facts.has_email, 25, "left an e-mail address"),
        (facts.has_phone, 25, "left a phone number"),
        (!need.trim().is_empty(), 15, "said what they need"),
        (need.split_whitespace().count() >= 6, 10, "described it in detail"),
        (urgent.iter().any(|word| contains_word(&need, word)), 10, "sounds urgent"),
    ];
    let hits = rules.iter().filter(|rule| rule.0);
    (hits.clone().map(|rule| rule.1).sum(), hits.map(|rule| rule.2.to_owned()).collect())
}

fn contains_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|s| s.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|s| s.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_is_scored_by_what_is_known_and_says_why() {
        let (score, reasons) = super::score(&LeadFacts {
            has_name: true,
            has_phone: true,
            need: "a crown, urgent",
            ..LeadFacts::default()
        });
        assert_eq!(score, 65);
        assert_eq!(reasons.len(), 4);
        assert_eq!(super::score(&LeadFacts { need: "I know nothing", ..LeadFacts::default() }).0, 15);
    }
}
