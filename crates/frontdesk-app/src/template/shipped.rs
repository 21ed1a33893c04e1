//! The texts every workspace starts with: one file per language, one table per kind of message.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use frontdesk_domain::locale::Language;
use frontdesk_domain::template::{TemplateChannel, TemplateKind};
use serde::Deserialize;

/// A message's source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The subject; empty in short messages.
    #[serde(default)]
    pub subject: String,
    /// The text.
    pub body: String,
}

type Texts = BTreeMap<TemplateKind, Source>;

// A test reads every one of them; a kind that is missing is an error where it is asked for.
fn read(files: [&str; 4]) -> [Texts; 4] {
    files.map(|text| toml::from_str(text).unwrap_or_default())
}

static LETTERS: LazyLock<[Texts; 4]> = LazyLock::new(|| {
    read([
        include_str!("texts/en.toml"),
        include_str!("texts/es.toml"),
        include_str!("texts/de.toml"),
        include_str!("texts/fr.toml"),
    ])
});

static MESSAGES: LazyLock<[Texts; 4]> = LazyLock::new(|| {
    read([
        include_str!("texts/text.en.toml"),
        include_str!("texts/text.es.toml"),
        include_str!("texts/text.de.toml"),
        include_str!("texts/text.fr.toml"),
    ])
});

/// The shipped text; `None` for a kind that does not go through this channel.
pub fn find(kind: TemplateKind, channel: TemplateChannel, language: Language) -> Option<&'static Source> {
    let [en, es, de, fr] = match channel {
        TemplateChannel::Email => &*LETTERS,
        TemplateChannel::Text => &*MESSAGES,
    };
    let texts = match language {
        Language::En => en,
        Language::Es => es,
        Language::De => de,
        Language::Fr => fr,
    };
    texts.get(&kind)
}

#[cfg(test)]
mod tests {
    use super::super::render::{House, check, render, samples};
    use super::*;

    #[test]
    fn every_kind_has_a_sound_text_in_every_language() {
        let house = House {
            name: "Riverside Dental".to_owned(),
            accent: "#0f766e".to_owned(),
            address: "12 River Street".to_owned(),
            phone: "+1 503 555 0142".to_owned(),
        };
        for language in Language::ALL {
            for kind in TemplateKind::ALL {
                let source = find(kind, TemplateChannel::Email, *language)
                    .unwrap_or_else(|| panic!("{kind:?} {language:?}"));
                assert_eq!(check(kind, &source.subject), Ok(()), "{kind:?} {language:?}");
                assert_eq!(check(kind, &source.body), Ok(()), "{kind:?} {language:?}");
                let done =
                    render((&source.subject, &source.body), &samples(kind), &house, language.code()).unwrap();
                assert!(!done.subject.is_empty() && done.text.len() > 40, "{kind:?} {language:?}");
                assert!(!done.html.contains("**") && !done.text.contains("{%"), "{}", done.text);
            }
        }
    }

    #[test]
    fn what_is_about_a_booking_also_goes_as_a_short_message_in_every_language() {
        use super::super::render::render_text;
        for language in Language::ALL {
            let kinds = TemplateKind::ALL.into_iter().filter(|kind| {
                !kind.is_for_staff()
                    && !matches!(kind, TemplateKind::OneTimeCode | TemplateKind::WaitingListOffer)
            });
            for kind in kinds {
                let source = find(kind, TemplateChannel::Text, *language)
                    .unwrap_or_else(|| panic!("{kind:?} {language:?}"));
                assert_eq!(check(kind, &source.body), Ok(()), "{kind:?} {language:?}");
                let done = render_text(&source.body, &samples(kind)).unwrap();
                assert!(source.subject.is_empty() && frontdesk_domain::sms::segments(&done) <= 5, "{done}");
            }
        }
    }

    #[test]
    fn the_confirmation_reads_like_this() {
        for language in Language::ALL {
            let source = find(TemplateKind::BookingConfirmed, TemplateChannel::Email, *language).unwrap();
            let samples = samples(TemplateKind::BookingConfirmed);
            let done = render((&source.subject, &source.body), &samples, &House::default(), language.code())
                .unwrap();
            let shown = format!("{}\n\n{}", done.subject, done.text);
            insta::assert_snapshot!(format!("booking_confirmed_{}", language.code()), shown);
        }
    }
}
