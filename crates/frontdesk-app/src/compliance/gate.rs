//! The only place that mints a [`Permit`].
//!
//! The verdict given when something is queued is advice for people. This is the verdict that counts: it is given at
//! dispatch, in the unit of work that sends, so an opt-out that arrived a moment ago is seen.

use frontdesk_domain::compliance::{Purpose, SendFacts, Verdict, judge};
use frontdesk_domain::id::{ContactId, DecisionId, MessageId};
use frontdesk_domain::permit::Permit;
use frontdesk_domain::time::Timestamp;
use frontdesk_store::Tx;
use frontdesk_store::compliance_decision::{self, Decision};

/// One message about to leave.
#[derive(Debug, Clone)]
pub struct Sending {
    /// The message.
    pub message: MessageId,
    /// Who receives it, when known.
    pub contact: Option<ContactId>,
    /// The channel's name.
    pub channel: &'static str,
    /// Where it goes, in the channel's own form.
    pub address: String,
    /// Why it is sent.
    pub purpose: Purpose,
}

/// Why nothing was minted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not yet.
    #[error("not before {until} ({rule})")]
    Later {
        /// When to ask again.
        until: Timestamp,
        /// The rule.
        rule: String,
    },
    /// Not at all.
    #[error("{reason} ({rule})")]
    Never {
        /// The rule.
        rule: String,
        /// Why, in plain words.
        reason: String,
    },
}

/// Judges one message, records the decision in the unit of work, and mints the permit when it is allowed.
pub async fn permit(tx: &Tx, sending: Sending, facts: SendFacts) -> crate::Result<Result<Permit, Refusal>> {
    let verdict = judge(sending.purpose, facts);
    let decision = Decision {
        id: DecisionId::new(tx.now(), tx.random()),
        at: tx.now(),
        contact_id: sending.contact,
        message_id: Some(sending.message),
        channel: sending.channel.to_owned(),
        purpose: sending.purpose,
        verdict: verdict.clone(),
    };
    compliance_decision::insert(tx, tx.scope(), &decision).await?;
    Ok(match verdict {
        Verdict::Allow => {
            Ok(Permit::mint(decision.id, sending.channel, sending.address, sending.message, tx.now()))
        }
        Verdict::Defer { until, rule } => Err(Refusal::Later { until, rule }),
        Verdict::Deny { rule, reason } => Err(Refusal::Never { rule, reason }),
    })
}

/// The permit for an answer in a conversation the customer has open. Always allowed by rule, so no row is written for
/// each chat message: the message itself is the record, and the decision's id is the message's.
pub fn permit_reply(
    channel: &'static str,
    address: impl Into<String>,
    message: MessageId,
    facts: SendFacts,
    now: Timestamp,
) -> Result<Permit, Refusal> {
    match judge(Purpose::Reply, facts) {
        Verdict::Allow => {
            Ok(Permit::mint(DecisionId::from_uuid(message.uuid()), channel, address, message, now))
        }
        Verdict::Defer { until, rule } => Err(Refusal::Later { until, rule }),
        Verdict::Deny { rule, reason } => Err(Refusal::Never { rule, reason }),
    }
}
