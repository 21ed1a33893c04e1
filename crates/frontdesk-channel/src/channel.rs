//! The port to customers. A message leaves only together with the permit that was minted for it, and what comes in has
//! one shape whatever vendor brings it.
//!
//! A vendor is a folder here: a client that is a [`Channel`], functions that verify and read its calls, a manifest. Its
//! contract is tested in `tests/it/contract.rs`.

use std::time::Duration;

use async_trait::async_trait;
use frontdesk_domain::id::MessageId;
use frontdesk_domain::outbox::{Content, Media, Status};
use frontdesk_domain::permit::{Permit, PermitError};
use frontdesk_domain::time::Timestamp;

/// A message on its way to a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outbound {
    /// The message.
    pub message: MessageId,
    /// The business's number or address, when it is chosen already.
    pub from: Option<String>,
    /// Where it goes, in the channel's own form (E.164, an e-mail address, a chat's id).
    pub address: String,
    /// What it says.
    pub content: Content,
    /// The vendor's own id of its template, where that is known.
    pub template_id: Option<String>,
    /// Where the vendor tells what becomes of it; it names the message, so that news may overtake the answer to the
    /// request. `None` where the vendor is told once, in its own settings.
    pub callback: Option<String>,
}

/// What the vendor said when it took a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentMessage {
    /// The vendor's id of the message, when it gives one.
    pub vendor_id: Option<String>,
}

/// How a message that was being sent when the process died is told from one that was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Once {
    /// The vendor knows a repeated message by its id: sending again is harmless.
    Keyed,
    /// The vendor can be asked: [`Channel::find`].
    Listed,
    /// The vendor's calls name our message: wait for one.
    Reported,
    /// It cannot be told.
    Never,
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
        /// The vendor's code, where it gives one.
        code: Option<String>,
        /// Why, in plain words.
        reason: String,
    },
    /// There is no such mailbox or number: nothing sent to this address will arrive.
    #[error("{reason}")]
    Bounced {
        /// The vendor.
        vendor: &'static str,
        /// What the receiving side said.
        reason: String,
    },
    /// The customer told the vendor to stop messages from this sender.
    #[error("{vendor} holds the customer's opt-out from this sender")]
    OptedOut {
        /// The vendor.
        vendor: &'static str,
    },
    /// The vendor asks to wait: it gets too many messages at once.
    #[error("{vendor} asks to wait")]
    Limited {
        /// The vendor.
        vendor: &'static str,
        /// How long, when it says so.
        after: Option<Duration>,
    },
    /// The vendor was not reached or did not take it; trying again may help, and sends nothing twice.
    #[error("{vendor} is not available: {reason}")]
    Unavailable {
        /// The vendor.
        vendor: &'static str,
        /// What happened.
        reason: String,
    },
    /// The request may have reached the vendor; no answer says whether it took the message.
    #[error("{vendor} did not say whether it took the message: {reason}")]
    Uncertain {
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

    /// How a message is sent once.
    fn once(&self) -> Once;

    /// Sends one message. The permit is used up whatever the outcome: trying again needs a new decision. An
    /// implementation begins with `permit.redeem(self.name(), &outbound.address, outbound.message, now)`.
    async fn send(
        &self,
        permit: Permit,
        outbound: &Outbound,
        now: Timestamp,
    ) -> Result<SentMessage, ChannelError>;

    /// Looks for a message that may have been taken since `since`. For vendors that are [`Once::Listed`].
    async fn find(&self, outbound: &Outbound, since: Timestamp) -> Result<Option<SentMessage>, ChannelError> {
        let _ = (outbound, since);
        Ok(None)
    }

    /// Checks settings and secret without sending anything; says in plain words what was seen.
    async fn check(&self) -> Result<String, ChannelError>;
}

/// What a vendor's call tells, in one shape for all vendors.
#[derive(Debug, Clone, PartialEq)]
pub enum Inbound {
    /// A customer wrote.
    Message(Box<InboundMessage>),
    /// A message of ours fares so.
    Report(Report),
}

/// A customer's message.
#[derive(Debug, Clone, PartialEq)]
pub struct InboundMessage {
    /// The vendor's id, which makes hearing it twice harmless.
    pub vendor_id: String,
    /// The customer's address, in the channel's own form (E.164, an e-mail address, a chat's id).
    pub from: String,
    /// The business's number or address it came to.
    pub to: String,
    /// The customer's name, when the vendor tells it.
    pub name: Option<String>,
    /// The words; of a tapped answer, what stood on it.
    pub text: String,
    /// What came back from a tapped answer.
    pub choice: Option<String>,
    /// Files; where they can be had, by the vendor's own means.
    pub media: Vec<Media>,
    /// The vendor's id of the message it answers.
    pub reply_to: Option<String>,
    /// The vendor has itself acted on a stop or start word in it; it must not be confirmed again.
    pub vendor_handled_opt_out: bool,
    /// When it was written, when the vendor says so.
    pub at: Option<Timestamp>,
}

/// What a customer told the vendor to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// Messages from this sender.
    Everything,
    /// Marketing of this business.
    Marketing,
}

/// How a message of ours fares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The vendor's id of it.
    pub vendor_id: String,
    /// Our own, when it went along.
    pub message: Option<MessageId>,
    /// Where it is: sent, delivered, read, failed or undelivered.
    pub status: Status,
    /// The vendor's code, of a failure.
    pub code: Option<String>,
    /// Why, in plain words, of a failure.
    pub reason: Option<String>,
    /// Whether a failure says that nothing sent to this address will arrive.
    pub dead_address: bool,
    /// What the customer told the vendor to stop, when a failure says so.
    pub stopped: Option<Stopped>,
    /// When it happened, when the vendor says so.
    pub at: Option<Timestamp>,
}

impl Report {
    /// That a message of ours is at `status`, and nothing else.
    pub const fn of(message: Option<MessageId>, status: Status) -> Self {
        Self {
            vendor_id: String::new(),
            message,
            status,
            code: None,
            reason: None,
            dead_address: false,
            stopped: None,
            at: None,
        }
    }
}
