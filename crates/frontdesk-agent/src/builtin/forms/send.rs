//! Having something in writing: "can you text me the address?". What goes is a template of the business's; who gets it
//! is the customer, who is asked for a number or an address when none is known. Nothing is said to be sent without the
//! tool's receipt.

use std::collections::BTreeMap;

use frontdesk_domain::conversation::Channel;
use frontdesk_domain::locale::Language;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::builtin::desk::Desk;
use crate::builtin::forms::booking;
use crate::builtin::mind::Pending;
use crate::builtin::text;
use crate::builtin::understand::pattern::{BadPattern, Pattern};
use crate::session::ReceiptKind;
use crate::tools;

/// How it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// By text message.
    Sms,
    /// On WhatsApp.
    Whatsapp,
    /// By e-mail.
    Email,
}

/// What goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Where the business is and how it is reached.
    Details,
    /// Where an appointment is booked online.
    Link,
    /// The customer's appointment.
    Confirmation,
}

impl Way {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Whatsapp, "whatsapp"), (Self::Sms, "sms"), (Self::Email, "email")];

    const fn tool(self) -> &'static str {
        match self {
            Self::Sms => tools::SEND_SMS,
            Self::Whatsapp => tools::SEND_WHATSAPP,
            Self::Email => tools::SEND_EMAIL,
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Whatsapp => "whatsapp",
            Self::Email => "email",
        }
    }
}

impl What {
    const fn template(self) -> &'static str {
        match self {
            Self::Details => "business_details",
            Self::Link => "booking_link",
            Self::Confirmation => "booking_confirmed",
        }
    }
}

/// How customers ask for it, read from `data/send.toml`.
#[derive(Debug)]
pub struct Asking {
    languages: BTreeMap<String, BTreeMap<String, Vec<Pattern>>>,
}

/// Why the file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum AskingError {
    /// Not the right TOML.
    #[error("the patterns of sending cannot be read: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A pattern is broken.
    #[error(transparent)]
    Pattern(#[from] BadPattern),
}

impl Asking {
    /// Reads the file.
    pub fn load() -> Result<Self, AskingError> {
        let sections: BTreeMap<String, BTreeMap<String, Vec<String>>> =
            toml::from_str(include_str!("../data/send.toml"))?;
        let mut languages = BTreeMap::new();
        for (language, meanings) in sections {
            let mut parsed = BTreeMap::new();
            for (meaning, patterns) in meanings {
                let patterns = patterns.iter().map(|p| Pattern::parse(p)).collect::<Result<Vec<_>, _>>()?;
                parsed.insert(meaning, patterns);
            }
            languages.insert(language, parsed);
        }
        Ok(Self { languages })
    }

    fn says(&self, meaning: &str, words: &[&str], language: Language) -> bool {
        let of = self.languages.get(language.code()).and_then(|meanings| meanings.get(meaning));
        of.is_some_and(|patterns| patterns.iter().any(|pattern| pattern.find(words).is_some()))
    }

    /// How and what a message asks to have in writing; `recent` is what "it" would be.
    fn find(&self, input: &str, language: Language, recent: Option<What>) -> Option<(Way, What)> {
        let words = text::words(input);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (way, _) = Way::ALL.into_iter().find(|(_, meaning)| self.says(meaning, &words, language))?;
        let told = [(What::Link, "link"), (What::Details, "details"), (What::Confirmation, "confirmation")];
        let what = told.into_iter().find(|(_, meaning)| self.says(meaning, &words, language));
        let what = what.map(|(what, _)| what);
        Some((way, what.or_else(|| recent.filter(|_| self.says("that", &words, language)))?))
    }
}

/// Sends what the customer asks to have in writing. `true` when the message asked for that.
pub async fn turn(desk: &mut Desk<'_, '_>) -> bool {
    if let Some(Pending::Send { way, what }) = desk.mind.pending.clone() {
        if address(desk, way).is_some() {
            send(desk, way, what).await;
            return true;
        }
        if desk.yes_no == Some(false) {
            desk.mind.pending = None;
            desk.say("deny", &[]);
            return true;
        }
    }
    if booking::is_open(desk) {
        return false;
    }
    let recent = recent(desk);
    let Some((way, what)) = desk.models.asking.find(desk.input(), desk.language, recent) else {
        return false;
    };
    if !desk.turn.may_use(way.tool()) {
        return false;
    }
    if address(desk, way).is_none() && !is_known(desk, way) {
        desk.say(&format!("send.ask.{}", way.key()), &[]);
        desk.mind.pending = Some(Pending::Send { way, what });
        return true;
    }
    send(desk, way, what).await;
    true
}

/// What was talked about last, as far as it can be sent.
fn recent(desk: &Desk<'_, '_>) -> Option<What> {
    let booked = desk
        .session
        .receipts
        .iter()
        .any(|receipt| matches!(receipt.kind, ReceiptKind::Booked | ReceiptKind::Rescheduled));
    let topic = desk.mind.topic.as_deref().unwrap_or_default();
    let words = text::words(topic);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if desk.models.asking.says("details", &words, desk.language) {
        return Some(What::Details);
    }
    let asked = desk.models.facts.find(&words);
    match asked {
        Some(_) => Some(What::Details),
        None => booked.then_some(What::Confirmation),
    }
}

/// The number or address the message itself gives.
fn address(desk: &Desk<'_, '_>, way: Way) -> Option<String> {
    match way {
        Way::Email => desk.found.email().map(str::to_owned),
        Way::Sms | Way::Whatsapp => desk.found.phone().map(str::to_owned),
    }
}

/// Whether where it goes is known without asking.
fn is_known(desk: &Desk<'_, '_>, way: Way) -> bool {
    let (customer, channel) = (&desk.session.customer, desk.session.channel);
    match way {
        Way::Email => customer.email.is_some(),
        Way::Sms => customer.phone.is_some() || channel == Channel::Sms,
        Way::Whatsapp => customer.phone.is_some() || channel == Channel::Whatsapp,
    }
}

async fn send(desk: &mut Desk<'_, '_>, way: Way, what: What) {
    desk.mind.pending = None;
    let mut arguments = json!({ "template": what.template() });
    if let (Some(to), Some(fields)) = (address(desk, way), arguments.as_object_mut()) {
        fields.insert("to".to_owned(), json!(to));
        desk.took_details = true;
    }
    let outcome = desk.call(way.tool(), arguments).await;
    if outcome.ok && outcome.receipt.is_some() {
        desk.mind.misses = 0;
        desk.say(&format!("send.done.{}", way.key()), &[]);
        return;
    }
    let refused = outcome.result.get("refused").and_then(serde_json::Value::as_str);
    match refused {
        Some("no_booking") => desk.say("send.no_booking", &[]),
        Some("needs_address") => {
            desk.say(&format!("send.ask.{}", way.key()), &[]);
            desk.mind.pending = Some(Pending::Send { way, what });
        }
        _ => desk.say("send.failed", &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_customers_ask_to_have_in_writing_is_understood_in_every_language() {
        use Language::{De, En, Es, Fr};
        let asking = Asking::load().unwrap();
        let find = |input: &str, language| asking.find(input, language, Some(What::Confirmation));
        for (input, language, way, what) in [
            ("Can you text me the address?", En, Way::Sms, What::Details),
            ("could you send me your address by text message please", En, Way::Sms, What::Details),
            ("email me the booking link", En, Way::Email, What::Link),
            ("Can you e-mail that to me?", En, Way::Email, What::Confirmation),
            ("please send the confirmation to my email", En, Way::Email, What::Confirmation),
            ("can you send me your location on WhatsApp", En, Way::Whatsapp, What::Details),
            ("¿Me puede enviar la dirección por SMS?", Es, Way::Sms, What::Details),
            ("mándeme el enlace por correo", Es, Way::Email, What::Link),
            ("Können Sie mir die Adresse per SMS schicken?", De, Way::Sms, What::Details),
            ("Schicken Sie mir die Bestätigung per Mail", De, Way::Email, What::Confirmation),
            ("Pouvez-vous m'envoyer l'adresse par SMS ?", Fr, Way::Sms, What::Details),
        ] {
            assert_eq!(find(input, language), Some((way, what)), "{input}");
        }
        for input in [
            "What is your address?",
            "My email is ana@example.com",
            "Text me when you know more about crowns",
            "Call me about an appointment",
            "I got your text",
            "Do you have a location downtown?",
        ] {
            assert_eq!(asking.find(input, En, None), None, "{input}");
        }
    }
}
