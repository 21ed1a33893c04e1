//! Twilio: text messages (SMS, MMS) and WhatsApp, checked against the vendor's published OpenAPI description.
//!
//! One kind of settings serves both channels ([`TwilioKind`]); each is a vendor of its own in the list of connections.
//! The secret is the account's auth token: it opens the API and is what the vendor signs its calls with ([`hook`]).
//! API keys are not taken: calls are signed with the auth token in any case, so a key would be a second secret to keep
//! and would not spare the first. Numbers are bought and set up in [`numbers`], files fetched in [`media`], WhatsApp's
//! templates kept in [`template`], the vendor's error codes put into words in [`error`].

mod client;
pub mod error;
pub mod hook;
mod lookup;
pub mod media;
pub mod numbers;
mod send;
mod settings;
pub mod template;

pub use error::{Fate, explain};
pub use hook::{EMPTY_ANSWER, EMPTY_ANSWER_TYPE, Signed};
pub use lookup::{LookedUp, LookupMemory};
pub use numbers::{
    AvailableNumber, Lookup, MonthlyPrice, NumberHooks, NumberKind, NumberSearch, OwnedNumber, TwilioNumbers,
};
pub use send::TwilioChannel;
pub use settings::{TwilioKind, TwilioSettings, manifest, whatsapp_manifest};
pub use template::TwilioTemplates;

/// The vendor's name in errors.
const VENDOR: &str = "twilio";
