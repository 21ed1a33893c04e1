//! What may be sent to whom: purposes, verdicts, and the facts a verdict rests on.
//!
//! The rules of law and consent come with the outreach channels; what stands today is the opt-out rule, which every
//! channel shares. A verdict is advice; the right to send (the `Permit`) is minted by app's gate at dispatch.

pub mod opt_out;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::time::Timestamp;

/// Why something is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// An answer in a conversation the customer has open.
    Reply,
    /// About something the customer asked for, such as a booking.
    Transactional,
    /// To win business.
    Marketing,
}

/// What is known about the customer when the verdict is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SendFacts {
    /// The customer asked not to be contacted.
    pub opted_out: bool,
    /// The customer has the channel open right now or wrote last.
    pub customer_initiated: bool,
    /// When a message to this very address came back for good.
    pub came_back: Option<Timestamp>,
    /// The customer reported a message at this address as unwanted.
    pub complained: bool,
}

/// The gate's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// It may be sent.
    Allow,
    /// Not before this instant.
    Defer {
        /// When to ask again.
        until: Timestamp,
        /// The rule's id and version.
        rule: String,
    },
    /// It may not be sent.
    Deny {
        /// The rule's id and version.
        rule: String,
        /// Why, in plain words.
        reason: String,
    },
}

/// Judges one message. An answer in a conversation the customer keeps open is always allowed: silence there would be
/// a broken product, not compliance.
pub fn judge(purpose: Purpose, facts: SendFacts) -> Verdict {
    if facts.opted_out && !(purpose == Purpose::Reply && facts.customer_initiated) {
        return Verdict::Deny {
            rule: "opt-out/1".to_owned(),
            reason: "the customer asked not to be contacted".to_owned(),
        };
    }
    if facts.complained && purpose == Purpose::Marketing {
        return Verdict::Deny {
            rule: "complaint/1".to_owned(),
            reason: "the customer reported mail at this address as unwanted".to_owned(),
        };
    }
    // Who asks for something this moment may have put their address right.
    if let (Some(at), false) = (facts.came_back, facts.customer_initiated) {
        return Verdict::Deny {
            rule: "bounce/1".to_owned(),
            reason: format!(
                "mail to this address came back on {}; ask the customer for another",
                at.to_jiff().strftime("%Y-%m-%d")
            ),
        };
    }
    Verdict::Allow
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opt_out_stops_everything_but_the_open_conversation() {
        let opted_out = SendFacts { opted_out: true, customer_initiated: true, ..SendFacts::default() };
        assert_eq!(judge(Purpose::Reply, opted_out), Verdict::Allow);
        assert!(matches!(judge(Purpose::Marketing, opted_out), Verdict::Deny { .. }));
        assert!(matches!(judge(Purpose::Transactional, opted_out), Verdict::Deny { .. }));
    }

    #[test]
    fn a_dead_address_gets_nothing_unless_its_owner_asks() {
        let dead =
            SendFacts { came_back: Some(Timestamp::from_millis(1_774_000_000_000)), ..SendFacts::default() };
        let Verdict::Deny { rule, reason } = judge(Purpose::Transactional, dead) else { panic!("allowed") };
        assert_eq!(rule, "bounce/1");
        assert!(reason.contains("came back on 2026-03-20"), "{reason}");
        let asks = SendFacts { customer_initiated: true, ..dead };
        assert_eq!(judge(Purpose::Transactional, asks), Verdict::Allow);
    }

    #[test]
    fn who_reports_mail_as_unwanted_still_hears_of_their_bookings() {
        let complained = SendFacts { complained: true, ..SendFacts::default() };
        assert_eq!(judge(Purpose::Transactional, complained), Verdict::Allow);
        assert!(matches!(judge(Purpose::Marketing, complained), Verdict::Deny { .. }));
    }
}
