//! The one message that answers an opt-out, an opt-in or a call for help.
//!
//! The texts are in `texts.toml`, one table per language. Whether one may be sent, and that it is sent once, is the
//! caller's to see to.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::locale::Language;

/// Which answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The opt-out is done.
    OptedOut,
    /// The same after a bare CANCEL: asks whether an appointment was meant.
    OptedOutCancel,
    /// Messages will come again.
    OptedIn,
    /// Who writes, and how to end it.
    Help,
}

impl Answer {
    const fn key(self) -> &'static str {
        match self {
            Self::OptedOut => "opted_out",
            Self::OptedOutCancel => "opted_out_cancel",
            Self::OptedIn => "opted_in",
            Self::Help => "help",
        }
    }
}

/// Who writes.
#[derive(Debug, Clone, Copy)]
pub struct Business<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its public phone number; may be empty.
    pub phone: &'a str,
}

/// The text to send. Without a phone number the sentence that names it is left out.
pub fn answer(which: Answer, language: Language, business: Business<'_>) -> String {
    type Texts = BTreeMap<String, BTreeMap<String, String>>;
    static TEXTS: LazyLock<Texts> =
        LazyLock::new(|| toml::from_str(include_str!("texts.toml")).unwrap_or_default());
    let phone = business.phone.trim();
    let which = match which {
        Answer::OptedOutCancel if phone.is_empty() => Answer::OptedOut,
        other => other,
    };
    let text = TEXTS.get(language.code()).and_then(|texts| texts.get(which.key())).map_or("", String::as_str);
    let text = match (phone.is_empty(), text.split_once(". ")) {
        (true, Some((first, rest))) if first.contains("{phone}") => format!("{{business}}: {rest}"),
        _ => text.to_owned(),
    };
    // The phone first: a business's name is its own text and is not searched for places.
    text.replace("{phone}", phone).replace("{business}", business.name.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sms;

    const ALL: [Answer; 4] = [Answer::OptedOut, Answer::OptedOutCancel, Answer::OptedIn, Answer::Help];

    #[test]
    fn every_answer_says_who_writes_and_is_short() {
        for language in Language::ALL {
            for which in ALL {
                for phone in ["+1 415 555 0100", ""] {
                    let business = Business { name: "Bright Smile Dental Studio SF", phone };
                    let text = answer(which, *language, business);
                    assert!(text.starts_with("Bright Smile Dental Studio SF"), "{text}");
                    assert!(!text.contains('{') && !text.contains("  "), "{text}");
                    assert!(which != Answer::Help || text.contains(phone), "{text}");
                    // French and Spanish have letters outside the alphabet of text messages.
                    let limit = if sms::encoding_of(&text) == sms::Encoding::Gsm7 { 2 } else { 3 };
                    assert!(sms::segments(&text) <= limit, "{text}");
                }
            }
        }
    }

    #[test]
    fn without_a_phone_number_none_is_promised() {
        let business = Business { name: "Acme", phone: " " };
        let help = answer(Answer::Help, Language::En, business);
        assert_eq!(
            help,
            "Acme: Msg frequency varies. Msg & data rates may apply. Reply STOP to end messages."
        );
        assert_eq!(
            answer(Answer::OptedOutCancel, Language::En, business),
            answer(Answer::OptedOut, Language::En, business)
        );
    }
}
