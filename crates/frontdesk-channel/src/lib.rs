//! Messaging vendors: how words leave the house.
//!
//! Two kinds of doors, kept apart on purpose. A [`Channel`] carries messages to customers, a [`Post`](mail::Post) letters,
//! and both take a [`Permit`](frontdesk_domain::permit::Permit) by value, so nothing reaches a customer that the
//! compliance gate did not allow. A [`Mailer`](mail::Mailer) carries account mail (password resets, invitations) to people who sign in,
//! and nothing else. Receiving web chat is not here: it is a front door of the API.
//!
//! To add a vendor, add a file that implements one of the two and a line where the app chooses among them.

mod answer;
pub mod channel;
pub mod discord;
pub mod hook;
pub mod mail;
pub mod mail_in;
pub mod media;
pub mod notifier;
pub mod telegram;
pub mod twilio;
pub mod whatsapp;

pub use channel::{
    Channel, ChannelError, Inbound, InboundMessage, Once, Outbound, Report, SentMessage, Stopped,
};
pub use discord::{DiscordNotifier, DiscordSettings};
pub use hook::HookError;
pub use mail::{
    AutoSubmitted, CalendarPart, FileMailer, Letter, LetterExtra, LetterFile, Mail, MailChannel, MailDress,
    MailError, Mailer, Post, ResendPost, ResendSettings, SmtpMailer, SmtpSecurity, SmtpSettings, Unsubscribe,
};
pub use notifier::{Notices, Notifier};
pub use telegram::{TelegramChannel, TelegramSettings};
pub use whatsapp::{WhatsappChannel, WhatsappSettings};
