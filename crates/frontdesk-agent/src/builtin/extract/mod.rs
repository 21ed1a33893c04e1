//! What a message contains: e-mail addresses, phone numbers, names, numbers, yes or no, choices. Each with its place.
//!
//! Extractors are independent of intents and of the dialogue, but for one thing: a bare word is a name only when the
//! name was asked. One more entity is one more file here.

pub mod answer;
pub mod choice;
pub mod email;
pub mod number;
pub mod person;
pub mod phone;

use std::ops::Range;

/// Something found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<T> {
    /// What.
    pub value: T,
    /// Where, in bytes.
    pub span: Range<usize>,
}

/// What a message contains.
#[derive(Debug, Clone, Default)]
pub struct Entities {
    /// E-mail addresses, lower case.
    pub emails: Vec<Found<String>>,
    /// Phone numbers, E.164.
    pub phones: Vec<Found<String>>,
    /// Digits that look like a phone number and are none.
    pub broken_phones: Vec<Found<String>>,
    /// Names said as such ("I'm Ana").
    pub names: Vec<Found<String>>,
}

impl Entities {
    /// Finds everything that needs no context.
    pub fn of(text: &str, country: &str) -> Self {
        let emails = email::find(text);
        let taken: Vec<Range<usize>> = emails.iter().map(|found| found.span.clone()).collect();
        let (phones, broken_phones) = phone::find(text, country, &taken);
        let mut entities = Self { emails, phones, broken_phones, names: Vec::new() };
        entities.names = person::find(&entities.blanked(text));
        entities
    }

    /// The text with addresses and numbers blanked, places unchanged.
    pub fn blanked(&self, text: &str) -> String {
        let mut blanked = String::with_capacity(text.len());
        let mut at = 0;
        for (span, _) in self.masks() {
            if span.start >= at {
                blanked.push_str(text.get(at..span.start).unwrap_or_default());
                // A mark that no name goes across.
                blanked.push_str(&";".repeat(span.len()));
                at = span.end;
            }
        }
        blanked.push_str(text.get(at..).unwrap_or_default());
        blanked
    }

    /// The newest address: the last one said wins.
    pub fn email(&self) -> Option<&str> {
        self.emails.last().map(|found| found.value.as_str())
    }

    /// The newest number.
    pub fn phone(&self) -> Option<&str> {
        self.phones.last().map(|found| found.value.as_str())
    }

    /// The newest name.
    pub fn name(&self) -> Option<&str> {
        self.names.last().map(|found| found.value.as_str())
    }

    /// Addresses and numbers with the mark that stands for them, in order.
    pub fn masks(&self) -> Vec<(Range<usize>, &'static str)> {
        let emails = self.emails.iter().map(|found| (found.span.clone(), "@email"));
        let phones =
            self.phones.iter().chain(&self.broken_phones).map(|found| (found.span.clone(), "@phone"));
        let mut masks: Vec<_> = emails.chain(phones).collect();
        masks.sort_by_key(|(span, _)| span.start);
        masks
    }
}
