//! Messages that leave through a vendor: queued with the work that asks for them, sent at most once, followed until they
//! arrive.
//!
//! [`queue`] puts a message into the outbox, [`dispatch`] sends it, [`report`] hears what became of it, [`desk`] is what
//! people see and do, [`compose`] what they write to somebody who has not written, [`mail`] what mail has of its own, [`about`] what a
//! message was written about. Nothing here knows a vendor: `carrier` chooses one.

pub(crate) mod about;
pub mod compose;
pub mod desk;
pub mod dispatch;
pub mod figures;
pub mod files;
mod mail;
mod mail_hook;
pub mod queue;
pub mod receipt;
pub mod report;
pub mod settings;
pub mod short_link;

pub use dispatch::{JOB, run};
pub use mail_hook::hear as hear_mail_vendor;

use frontdesk_domain::conversation::Channel;

/// The longest text a channel takes in one message, in characters, as vendors document it: Twilio 1,600, WhatsApp and
/// Telegram 4,096; mail has no limit worth naming.
pub const fn longest(channel: Channel) -> usize {
    match channel {
        Channel::Sms => 1_600,
        Channel::Whatsapp | Channel::Telegram => 4_096,
        Channel::Web | Channel::Sandbox | Channel::Email => frontdesk_domain::message::MAX_MESSAGE,
    }
}
