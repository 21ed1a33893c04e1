//! What is known when a message is judged.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::book::Rulebook;
use super::{Purpose, consent::ConsentStatus};
use crate::conversation::Channel;
use crate::time::Timestamp;

/// What is known about a message, its receiver and its sender. What is left out is unknown: marketing without a channel
/// and a time is denied, and without a consent wherever one is needed.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The channel it would leave through.
    pub channel: Option<Channel>,
    /// When it would leave.
    pub now: Option<Timestamp>,
    /// The customer asked not to be contacted at all.
    pub opted_out: bool,
    /// The customer asked not to be contacted on this channel.
    pub channel_opted_out: bool,
    /// A do-not-contact list the number or address is on.
    pub dnc: Option<DncHit>,
    /// What the customer agreed to, for this channel and purpose.
    pub consent: ConsentStatus,
    /// The customer has the channel open right now or wrote last.
    pub customer_initiated: bool,
    /// When the customer last wrote on this channel.
    pub last_customer_message: Option<Timestamp>,
    /// It is a template the vendor approved.
    pub approved_template: bool,
    /// When a message to this very address came back for good.
    pub came_back: Option<Timestamp>,
    /// The customer reported a message at this address as unwanted.
    pub complained: bool,
    /// The IANA zone the customer said they are in.
    pub stated_zone: Option<String>,
    /// The country of the customer's address, ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// The state or province of the customer's address, as code or name.
    pub region: Option<String>,
    /// The postal code of the customer's address.
    pub postal: Option<String>,
    /// The customer's number, E.164.
    pub number: Option<String>,
    /// What was sent to the customer in the last days, as far back as the longest cap; in any order.
    pub sends: Vec<Sent>,
    /// The message carries a way to unsubscribe.
    pub unsubscribe: bool,
    /// The message carries the business's postal address.
    pub postal_address: bool,
    /// The workspace's rules; the packs as they stand for a business in the United States when left out.
    pub rules: Option<Arc<Rulebook>>,
}

impl Facts {
    /// The rules to judge by.
    pub(super) fn book(&self) -> &Rulebook {
        self.rules.as_deref().unwrap_or_else(|| Rulebook::standard())
    }
}

/// The same, by the name it had when less was known.
pub type SendFacts = Facts;

/// Something that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// When.
    pub at: Timestamp,
    /// Through which channel.
    pub channel: Channel,
    /// Why.
    pub purpose: Purpose,
}

/// A number or address found on a do-not-contact list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DncHit {
    /// The kind of list.
    pub list: DncList,
    /// The list's name.
    pub name: String,
}

/// A kind of do-not-contact list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DncList {
    /// The business's own: nothing but answers.
    Internal,
    /// One that was imported: no marketing.
    Imported,
    /// A public registry: no marketing without express written consent.
    Registry,
}
