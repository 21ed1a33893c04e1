//! Messages on their way to customers through a vendor, and what became of each.
//!
//! An [`OutboxMessage`] is what leaves; when it belongs to a conversation it has the same id as the message there. The
//! states only move forward (see [`Status::may_follow`]): a late "sent" never overwrites "delivered".

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::compliance::{Purpose, Verdict};
use crate::conversation::Channel;
use crate::id::{ConnectionId, ContactId, ConversationId, MessageId, UserId};
use crate::time::Timestamp;

/// Where a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Waits to be sent, now or at a set time.
    Queued,
    /// Is being handed to the vendor.
    Sending,
    /// The vendor took it.
    Sent,
    /// It reached the customer's device or mailbox.
    Delivered,
    /// The customer opened it.
    Read,
    /// It did not leave, and will not by itself.
    Failed,
    /// The vendor took it and could not bring it.
    Undelivered,
    /// A person called it off before it left.
    Cancelled,
    /// Nobody can tell whether the vendor took it; a person decides.
    InDoubt,
}

impl Status {
    /// Every state, in the order lists show them.
    pub const ALL: [Self; 9] = [
        Self::Queued,
        Self::Sending,
        Self::Sent,
        Self::Delivered,
        Self::Read,
        Self::Failed,
        Self::Undelivered,
        Self::Cancelled,
        Self::InDoubt,
    ];

    /// The text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed => "failed",
            Self::Undelivered => "undelivered",
            Self::Cancelled => "cancelled",
            Self::InDoubt => "in_doubt",
        }
    }

    /// How far along a message is that the vendor has or had.
    const fn progress(self) -> u8 {
        match self {
            Self::Queued | Self::Cancelled => 0,
            Self::Sending | Self::InDoubt => 1,
            Self::Sent => 2,
            Self::Undelivered | Self::Failed => 3,
            Self::Delivered => 4,
            Self::Read => 5,
        }
    }

    /// Whether a vendor's report of `self` moves a message that is at `before`. Reports come late, twice and out of
    /// order.
    pub const fn may_follow(self, before: Self) -> bool {
        self.progress() > before.progress() && !matches!(before, Self::Queued | Self::Cancelled)
    }

    /// Whether nothing more is expected to happen by itself.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Read | Self::Failed | Self::Undelivered | Self::Cancelled)
    }
}

/// A message on its way to a customer, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OutboxMessage {
    /// Its id.
    pub id: MessageId,
    /// The channel it leaves through.
    pub channel: Channel,
    /// The connection it leaves through; absent when the installation's own mailer carries it.
    pub connection_id: Option<ConnectionId>,
    /// The conversation it belongs to.
    pub conversation_id: Option<ConversationId>,
    /// Who receives it, when known.
    pub contact_id: Option<ContactId>,
    /// Their name at a glance.
    pub contact_name: String,
    /// The business's number or address it leaves from; the connection chooses when absent.
    pub from: Option<String>,
    /// Where it goes, in the channel's own form (E.164, an e-mail address, a chat's id).
    pub to: String,
    /// Why it is sent.
    pub purpose: Purpose,
    /// What it says.
    pub content: Content,
    /// Where it is.
    pub status: Status,
    /// What speaks for it not having arrived, in plain words.
    pub reason: Option<String>,
    /// The vendor's code for that.
    pub code: Option<String>,
    /// The gate's newest verdict.
    pub verdict: Option<Verdict>,
    /// How often it was handed to the vendor.
    pub attempts: u32,
    /// The vendor's id of it.
    pub vendor_id: Option<String>,
    /// In how many parts a text message travels.
    pub segments: Option<u32>,
    /// The team member who wrote it.
    pub created_by: Option<UserId>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// Not before this instant.
    pub send_at: Timestamp,
    /// When the vendor took it.
    pub sent_at: Option<Timestamp>,
    /// When it arrived.
    pub delivered_at: Option<Timestamp>,
    /// When it was opened.
    pub read_at: Option<Timestamp>,
    /// When anything last changed.
    pub updated_at: Timestamp,
}

/// What became of a message, as its conversation shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delivery {
    /// Where it is.
    pub status: Status,
    /// What speaks for it not having arrived, in plain words.
    pub reason: Option<String>,
    /// When it is to leave, while it waits.
    pub send_at: Option<Timestamp>,
}

impl OutboxMessage {
    /// What became of it.
    pub fn delivery(&self) -> Delivery {
        let waits = self.status == Status::Queued;
        Delivery { status: self.status, reason: self.reason.clone(), send_at: waits.then_some(self.send_at) }
    }
}

/// What a message says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Content {
    /// The subject, of an e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The words. With a vendor's template, the template as the customer reads it.
    pub text: String,
    /// Files that go along.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<Media>,
    /// Answers the customer can tap.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// The template the vendor approved, where free words are not allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<ApprovedTemplate>,
    /// The vendor's id of the message this answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
}

impl Content {
    /// Words alone.
    pub fn words(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

/// A file that goes along or came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Media {
    /// Where it can be had.
    pub url: String,
    /// Its media type, such as `image/jpeg`.
    pub media_type: String,
    /// Its file's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// An answer to tap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Choice {
    /// What comes back when it is tapped.
    pub id: String,
    /// What stands on it.
    pub title: String,
}

/// A template a vendor has approved, with what fills its places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApprovedTemplate {
    /// Its name with the vendor.
    pub name: String,
    /// Its language with the vendor, such as `en_US`.
    pub language: String,
    /// What fills `{{1}}`, `{{2}}`, ... of its body.
    pub variables: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_sent_never_overwrites_delivered() {
        assert!(Status::Delivered.may_follow(Status::Sent));
        assert!(!Status::Sent.may_follow(Status::Delivered));
        assert!(!Status::Sent.may_follow(Status::Sent));
        // The callback can overtake the answer that gives the message its vendor's id.
        assert!(Status::Delivered.may_follow(Status::Sending));
        // It arrived after all.
        assert!(Status::Delivered.may_follow(Status::Undelivered));
        assert!(Status::Sent.may_follow(Status::InDoubt));
        assert!(!Status::Delivered.may_follow(Status::Cancelled));
    }

    #[test]
    fn the_text_form_is_the_wire_word() {
        for status in Status::ALL {
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
        }
    }
}
