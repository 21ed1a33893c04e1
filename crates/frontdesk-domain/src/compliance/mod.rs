//! What may be sent to whom: purposes, facts, rules and verdicts.
//!
//! [`judge`] looks at the [`Facts`] of one message in the light of a workspace's [`Rulebook`] and answers allow, defer
//! or deny, with the rule it rests on; [`explain`] tells every rule that was looked at. A verdict is advice; the right
//! to send (the `Permit`) is minted by app's gate at dispatch. Rules of law are dated data (`rules`), a workspace's
//! changes to them `settings`; `area`, `quiet` and `frequency` answer where, when and how often; `consent` and
//! `opt_out` what the customer agreed to and asked for. The order of things is told in `docs/compliance.md`.

pub mod area;
pub mod bench;
mod book;
pub mod consent;
mod facts;
pub mod frequency;
mod judge;
pub mod opt_out;
pub mod quiet;
pub mod rules;
pub mod settings;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::book::{Home, Rulebook};
pub use self::facts::{DncHit, DncList, Facts, SendFacts, Sent};
pub use self::judge::{Finding, Outcome, explain, judge};
use crate::time::Timestamp;

/// Reads the rules, tables and words now rather than with the first message; takes some tens of milliseconds.
pub fn prepare() {
    opt_out::classify("", None);
    let _ = judge(Purpose::Reply, Facts::default());
    let _ = area::of_number("+1");
}

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
