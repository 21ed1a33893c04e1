//! What a lead form knows, what it still wants, and what it asks next. Pure: it says and does nothing.

use std::collections::BTreeMap;

use frontdesk_domain::agent::LeadField;
use frontdesk_domain::phone::to_international;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::builtin::text::clip;

/// Most times one thing is asked.
const MOST_ASKED: u8 = 2;
/// Longest need that is kept, in characters.
pub const MAX_NEED: usize = 900;

/// What the request is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadKind {
    /// Wants an offer or to be contacted.
    #[default]
    Contact,
    /// Wants an appointment.
    Booking,
    /// Wants to change an appointment.
    Change,
    /// Described a problem.
    Need,
}

/// Something the form can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// Their name.
    Name,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// What they want.
    Need,
}

/// A request being taken down.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LeadForm {
    /// What kind of request.
    pub kind: LeadKind,
    /// Name.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Phone number, E.164.
    pub phone: Option<String>,
    /// What they want, in their words.
    pub need: Option<String>,
    /// What was asked last.
    pub asking: Vec<Slot>,
    /// How often each was asked.
    pub asked: BTreeMap<Slot, u8>,
    /// How often either way to reach them was asked for.
    pub either_asked: u8,
    /// What they would rather not say.
    pub refused: Vec<Slot>,
    /// Whether they were told that one way to reach them is enough.
    pub pressed: bool,
    /// Whether they were told what the details are for.
    pub consent: bool,
    /// What was saved last, to see whether there is more.
    pub saved: Option<Value>,
    /// Whether the customer heard that it was passed on.
    pub told: bool,
    /// Whether nothing more is asked.
    pub done: bool,
}

impl LeadForm {
    /// Whether there is a way to reach the customer.
    pub const fn has_reach(&self) -> bool {
        self.email.is_some() || self.phone.is_some()
    }

    /// The arguments of the tool call.
    pub fn arguments(&self) -> Value {
        let mut arguments = Map::new();
        for (key, value) in
            [("name", &self.name), ("email", &self.email), ("phone", &self.phone), ("need", &self.need)]
        {
            if let Some(value) = value {
                arguments.insert(key.to_owned(), Value::String(value.clone()));
            }
        }
        Value::Object(arguments)
    }

    /// Whether there is something that is not saved yet and can be.
    pub fn wants_saving(&self) -> bool {
        self.has_reach() && self.saved.as_ref() != Some(&self.arguments())
    }

    /// What is asked next: one thing, or two that belong together; empty when it is enough.
    pub fn next(&self, fields: &[LeadField]) -> Vec<Slot> {
        let open = |slot: Slot| !self.refused.contains(&slot) && self.times(slot) < MOST_ASKED;
        let wants = |field: LeadField| fields.is_empty() || fields.contains(&field);
        if self.need.is_none() && wants(LeadField::Need) && open(Slot::Need) {
            return vec![Slot::Need];
        }
        let name = self.name.is_none() && wants(LeadField::Name) && open(Slot::Name);
        let reach: Vec<Slot> = if self.has_reach() {
            Vec::new()
        } else {
            let listed = fields.contains(&LeadField::Email) || fields.contains(&LeadField::Phone);
            let ways: Vec<Slot> = [(Slot::Email, LeadField::Email), (Slot::Phone, LeadField::Phone)]
                .into_iter()
                .filter(|(slot, field)| {
                    open(*slot) && (!listed || fields.contains(field) || !self.refused.is_empty())
                })
                .map(|(slot, _)| slot)
                .collect();
            if ways.len() > 1 && self.either_asked >= MOST_ASKED { Vec::new() } else { ways }
        };
        match (name, reach.is_empty()) {
            (true, false) => return std::iter::once(Slot::Name).chain(reach).collect(),
            (true, true) => return vec![Slot::Name],
            (false, false) => return reach,
            (false, true) => {}
        }
        // The other way to reach them: once, as a wish.
        [(Slot::Phone, LeadField::Phone, &self.phone), (Slot::Email, LeadField::Email, &self.email)]
            .into_iter()
            .find(|(slot, field, value)| {
                value.is_none()
                    && self.has_reach()
                    && fields.contains(field)
                    && !self.refused.contains(slot)
                    && self.times(*slot) == 0
            })
            .map(|(slot, ..)| vec![slot])
            .unwrap_or_default()
    }

    fn times(&self, slot: Slot) -> u8 {
        self.asked.get(&slot).copied().unwrap_or(0)
    }

    /// Notes that slots are being asked. Asking for either way to reach someone does not use up the later wish for the
    /// other one.
    pub fn note_asked(&mut self, slots: &[Slot]) {
        self.asking = slots.to_vec();
        let either = slots.contains(&Slot::Email) && slots.contains(&Slot::Phone);
        self.either_asked += u8::from(either);
        for slot in slots {
            if !(either && matches!(slot, Slot::Email | Slot::Phone)) {
                *self.asked.entry(*slot).or_default() += 1;
            }
        }
    }

    /// What is known, for reading back.
    pub fn details(&self) -> String {
        let phone = self.phone.as_deref().map(to_international);
        [self.name.clone(), self.email.clone(), phone].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// Where the team will answer: phone first when a call was wanted.
    pub fn reach(&self) -> Option<String> {
        self.phone.as_deref().map(to_international).or_else(|| self.email.clone())
    }

    /// Adds words to the need.
    pub fn add_need(&mut self, words: &str) {
        let words = words.trim();
        let joined = match &self.need {
            Some(need) if need.contains(words) => need.clone(),
            Some(need) => format!("{need}; {words}"),
            None => words.to_owned(),
        };
        self.need = Some(clip(&joined, MAX_NEED)).filter(|need| !need.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &[LeadField] = &[LeadField::Name, LeadField::Email, LeadField::Phone, LeadField::Need];

    #[test]
    fn only_what_is_missing_is_asked() {
        let mut form = LeadForm::default();
        assert_eq!(form.next(ALL), [Slot::Need]);
        form.need = Some("a quote".to_owned());
        assert_eq!(form.next(ALL), [Slot::Name, Slot::Email, Slot::Phone]);
        form.name = Some("Ana".to_owned());
        form.phone = Some("+14155552671".to_owned());
        assert_eq!(form.next(ALL), [Slot::Email]);
        form.note_asked(&[Slot::Email]);
        assert!(form.next(ALL).is_empty());
        let phone_only = LeadForm { need: Some("x".to_owned()), ..LeadForm::default() };
        assert_eq!(phone_only.next(&[LeadField::Name, LeadField::Phone]), [Slot::Name, Slot::Phone]);
    }

    #[test]
    fn what_is_refused_is_not_asked_and_nothing_is_asked_for_ever() {
        let mut form =
            LeadForm { need: Some("x".to_owned()), name: Some("Ana".to_owned()), ..LeadForm::default() };
        form.refused.push(Slot::Phone);
        assert_eq!(form.next(ALL), [Slot::Email]);
        let mut rounds = 0;
        while !form.next(ALL).is_empty() {
            let slots = form.next(ALL);
            form.note_asked(&slots);
            rounds += 1;
            assert!(rounds < 10);
        }
    }
}
