//! The port to customers. A message leaves only together with the permit that was minted for it.

use async_trait::async_trait;
use frontdesk_domain::id::MessageId;
use frontdesk_domain::permit::{Permit, PermitError};

/// A message on its way to a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outbound {
    /// The message.
    pub message: MessageId,
    /// Where it goes, in the channel's own form (a phone number, an e-mail address, a conversation).
    pub address: String,
    /// What it says.
    pub text: String,
}

/// What the vendor said when it took a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentMessage {
    /// The vendor's id of the message, when it gives one.
    pub vendor_id: Option<String>,
}

/// Why a message did not leave.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChannelError {
    /// The permit is for another message, address or channel, or has lapsed.
    #[error("sending is not permitted: {0}")]
    Permit(#[from] PermitError),
    /// The vendor will not take it, now or later.
    #[error("refused by {vendor}: {reason}")]
    Refused {
        /// The vendor.
        vendor: &'static str,
        /// What it said.
        reason: String,
    },
    /// There is no such mailbox: nothing sent to this address will arrive.
    #[error("{reason}")]
    Bounced {
        /// The vendor.
        vendor: &'static str,
        /// What the receiving server said.
        reason: String,
    },
    /// The vendor did not answer or asked to wait; trying again may help.
    #[error("{vendor} is not available: {reason}")]
    Unavailable {
        /// The vendor.
        vendor: &'static str,
        /// What happened.
        reason: String,
    },
}

/// Carries messages to customers.
#[async_trait]
pub trait Channel: Send + Sync + std::fmt::Debug {
    /// The channel's name, as permits state it.
    fn name(&self) -> &'static str;

    /// Sends one message. The permit is used up whatever the outcome: trying again needs a new decision. An
    /// implementation begins with `permit.redeem(self.name(), &outbound.address, outbound.message, now)`.
    async fn send(&self, permit: Permit, outbound: &Outbound) -> Result<SentMessage, ChannelError>;
}
