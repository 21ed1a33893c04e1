//! The right to send one message to one address once.
//!
//! A [`Permit`] is minted at dispatch, by the compliance gate of the app alone (`cargo xtask check` looks for
//! [`Permit::mint`] anywhere else), after it judged the message and recorded why. It is used up by sending: it cannot
//! be copied, stored or read back, so no yesterday's verdict sends today's message and a late opt-out wins.
//!
//! ```compile_fail,E0599
//! # fn twice(permit: frontdesk_domain::permit::Permit) {
//! let copy = permit.clone();
//! # }
//! ```
//! ```compile_fail,E0451
//! use frontdesk_domain::permit::Permit;
//! fn widen(permit: Permit) -> Permit {
//!     Permit { address: "+15550100".to_owned(), ..permit }
//! }
//! ```
//! ```compile_fail,E0277
//! use frontdesk_domain::permit::Permit;
//! let permit: Permit = serde_json::from_str("{}").unwrap();
//! ```
//! ```compile_fail,E0382
//! # use frontdesk_domain::{id::MessageId, permit::Permit, time::Timestamp};
//! fn spend_twice(permit: Permit, message: MessageId, now: Timestamp) {
//!     let _ = permit.redeem("sms", "+15550100", message, now);
//!     let _ = permit.redeem("sms", "+15550100", message, now);
//! }
//! ```

use std::time::Duration;

use crate::id::{DecisionId, MessageId};
use crate::time::Timestamp;

/// How long after the decision a message may still leave.
///
/// Much shorter than a try whose answer is lost is waited for before its message may be sent again: a process that was
/// held up in between must not send what another one has sent meanwhile.
pub const PERMIT_LIFETIME: Duration = Duration::from_secs(30);

/// The right to send one message to one address once.
#[derive(Debug)]
pub struct Permit {
    decision: DecisionId,
    channel: &'static str,
    address: String,
    message: MessageId,
    expires_at: Timestamp,
}

/// Why a permit does not cover what is being sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PermitError {
    /// It was given for another channel.
    #[error("the permit is for another channel")]
    Channel,
    /// It was given for another address.
    #[error("the permit is for another address")]
    Address,
    /// It was given for another message.
    #[error("the permit is for another message")]
    Message,
    /// It was not used in time.
    #[error("the permit has lapsed")]
    Lapsed,
}

impl Permit {
    /// The compliance gate's alone: allows one message, for [`PERMIT_LIFETIME`].
    pub fn mint(
        decision: DecisionId,
        channel: &'static str,
        address: impl Into<String>,
        message: MessageId,
        now: Timestamp,
    ) -> Self {
        Self { decision, channel, address: address.into(), message, expires_at: now.plus(PERMIT_LIFETIME) }
    }

    /// Uses the permit up; gives the decision it rests on when it covers exactly this sending.
    ///
    /// # Errors
    /// When it was given for something else or too long ago. It is used up all the same.
    pub fn redeem(
        self,
        channel: &str,
        address: &str,
        message: MessageId,
        now: Timestamp,
    ) -> Result<DecisionId, PermitError> {
        if self.channel != channel {
            return Err(PermitError::Channel);
        }
        if self.address != address {
            return Err(PermitError::Address);
        }
        if self.message != message {
            return Err(PermitError::Message);
        }
        if self.expires_at <= now {
            return Err(PermitError::Lapsed);
        }
        Ok(self.decision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;

    #[test]
    fn a_permit_covers_one_message_to_one_address_for_a_while() {
        let now = Timestamp::from_millis(1_774_000_000_000);
        let random = SeededRandom::new(1);
        let decision = DecisionId::new(now, &random);
        let message = MessageId::new(now, &random);
        let other = MessageId::new(now, &random);
        let permit = || Permit::mint(decision, "sms", "+15550100", message, now);
        assert_eq!(permit().redeem("sms", "+15550100", message, now), Ok(decision));
        assert_eq!(permit().redeem("web", "+15550100", message, now), Err(PermitError::Channel));
        assert_eq!(permit().redeem("sms", "+15550101", message, now), Err(PermitError::Address));
        assert_eq!(permit().redeem("sms", "+15550100", other, now), Err(PermitError::Message));
        let late = now.plus(PERMIT_LIFETIME);
        assert_eq!(permit().redeem("sms", "+15550100", message, late), Err(PermitError::Lapsed));
    }
}
