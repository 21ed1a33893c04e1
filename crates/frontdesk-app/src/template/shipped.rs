//! The texts every workspace starts with: one file per language, one table per kind of message.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use frontdesk_domain::locale::Language;
use frontdesk_domain::template::TemplateKind;
use serde::Deserialize;

/// A message's source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
}

type Texts = BTreeMap<TemplateKind, Source>;

static TEXTS: LazyLock<[Texts; 4]> = LazyLock::new(|| {
    [
        include_str!("texts/en.toml"),
        include_str!("texts/es.toml"),
        include_str!("texts/de.toml"),
        include_str!("texts/fr.toml"),
    ]
    // A test reads every one of them; a kind that is missing is an error where it is asked for.
    .map(|text| toml::from_str(text).unwrap_or_default())
});

/// The shipped text; `None` only if the file lacks it, which a test forbids.
pub fn find(kind: TemplateKind, language: Language) -> Option<&'static Source> {
    let [en, es, de, fr] = &*TEXTS;
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
                let source = find(kind, *language).unwrap_or_else(|| panic!("{kind:?} {language:?}"));
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
    fn the_confirmation_reads_like_this() {
        for language in Language::ALL {
            let source = find(TemplateKind::BookingConfirmed, *language).unwrap();
            let samples = samples(TemplateKind::BookingConfirmed);
            let done = render((&source.subject, &source.body), &samples, &House::default(), language.code())
                .unwrap();
            let shown = format!("{}\n\n{}", done.subject, done.text);
            insta::assert_snapshot!(format!("booking_confirmed_{}", language.code()), shown);
        }
    }
}
