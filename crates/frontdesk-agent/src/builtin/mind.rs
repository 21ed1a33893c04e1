//! What the brain carries from turn to turn, typed. It lives as JSON in [`DialogueState`]; parts that cannot be read
//! (another version wrote them, or a model brain was at work) are dropped, never an error.

use frontdesk_domain::locale::Language;
use serde::{Deserialize, Serialize};

use crate::session::DialogueState;

use super::forms::booking::BookingForm;
use super::forms::booking::form::VERSION;
use super::forms::lead::LeadForm;
use super::forms::send::{Way, What};
use super::text::clip;

/// Most forms and questions that are kept.
const MOST_FORMS: usize = 8;
const MOST_QUESTIONS: usize = 6;

/// A form in progress.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "snake_case")]
pub enum Form {
    /// Taking a customer's request and how to reach them.
    Lead(LeadForm),
    /// Making or changing an appointment.
    Booking(Box<BookingForm>),
    /// What was asked so far; never finished, kept for summaries.
    Record(Record),
}

/// What was asked in this conversation, newest last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// Questions that were answered.
    pub answered: Vec<String>,
    /// Questions that were not.
    pub open: Vec<String>,
}

/// What was last asked or offered outside a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "pending", rename_all = "snake_case")]
pub enum Pending {
    /// "Shall I ask a colleague?"
    Handoff {
        /// What for.
        reason: String,
    },
    /// "Shall someone get in touch?"
    Lead {
        /// What about.
        need: Option<String>,
    },
    /// "Shall I try to save it again?"
    Retry,
    /// "Information, or shall someone contact you?"
    InfoOrLead {
        /// What about.
        about: String,
    },
    /// "Which number should I text it to?"
    Send {
        /// How it goes.
        way: Way,
        /// What goes.
        what: What,
    },
    /// "Anything else?"
    More,
}

/// What the brain carries from turn to turn.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mind {
    /// Forms in progress, innermost last.
    pub agenda: Vec<Form>,
    /// Questions in a row that could not be answered.
    pub misses: u8,
    /// The language in use.
    pub language: Option<Language>,
    /// Rises with every phrase.
    pub variation: u32,
    /// What was last offered.
    pub pending: Option<Pending>,
    /// The question last answered.
    pub topic: Option<String>,
}

impl Mind {
    /// Reads the stored state.
    pub fn read(state: &DialogueState) -> Self {
        let agenda = state
            .agenda
            .iter()
            .take(MOST_FORMS)
            .filter_map(|form| serde_json::from_value(form.clone()).ok())
            .filter(|form| !matches!(form, Form::Booking(booking) if booking.version != VERSION));
        Self {
            agenda: agenda.collect(),
            misses: state.misses,
            language: state.language,
            variation: state.variation,
            pending: state.pending.as_ref().and_then(|pending| serde_json::from_value(pending.clone()).ok()),
            topic: state.topic.clone().filter(|topic| !topic.trim().is_empty()),
        }
    }

    /// The state to store.
    pub fn write(&self) -> DialogueState {
        DialogueState {
            agenda: self.agenda.iter().filter_map(|form| serde_json::to_value(form).ok()).collect(),
            misses: self.misses,
            language: self.language,
            variation: self.variation,
            pending: self.pending.as_ref().and_then(|pending| serde_json::to_value(pending).ok()),
            topic: self.topic.clone(),
            ..DialogueState::default()
        }
    }

    /// The lead form, finished or not.
    pub fn lead(&self) -> Option<&LeadForm> {
        self.agenda.iter().rev().find_map(|form| if let Form::Lead(lead) = form { Some(lead) } else { None })
    }

    /// Puts the lead form on top.
    pub fn set_lead(&mut self, lead: LeadForm) {
        self.drop_lead();
        self.agenda.push(Form::Lead(lead));
    }

    /// Removes the lead form.
    pub fn drop_lead(&mut self) {
        self.agenda.retain(|form| !matches!(form, Form::Lead(_)));
    }

    /// The booking form, finished or not.
    pub fn booking(&self) -> Option<&BookingForm> {
        self.agenda
            .iter()
            .rev()
            .find_map(|form| if let Form::Booking(form) = form { Some(&**form) } else { None })
    }

    /// Puts the booking form on top.
    pub fn set_booking(&mut self, form: BookingForm) {
        self.drop_booking();
        self.agenda.push(Form::Booking(Box::new(form)));
    }

    /// Removes the booking form.
    pub fn drop_booking(&mut self) {
        self.agenda.retain(|form| !matches!(form, Form::Booking(_)));
    }

    /// What was asked so far.
    pub fn record(&self) -> Record {
        self.agenda
            .iter()
            .find_map(|form| if let Form::Record(record) = form { Some(record.clone()) } else { None })
            .unwrap_or_default()
    }

    /// Keeps a question for summaries.
    pub fn note_question(&mut self, question: &str, answered: bool) {
        let mut record = self.record();
        let question = clip(question.trim(), 200);
        record.open.retain(|open| *open != question);
        let list = if answered { &mut record.answered } else { &mut record.open };
        list.push(question);
        if list.len() > MOST_QUESTIONS {
            list.remove(0);
        }
        self.agenda.retain(|form| !matches!(form, Form::Record(_)));
        self.agenda.insert(0, Form::Record(record));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_was_written_is_read_again_and_damage_reads_as_empty() {
        let mut mind = Mind {
            misses: 1,
            topic: Some("prices".to_owned()),
            pending: Some(Pending::Retry),
            ..Mind::default()
        };
        mind.set_lead(LeadForm { name: Some("Ana".to_owned()), ..LeadForm::default() });
        mind.note_question("Is it open?", false);
        assert_eq!(Mind::read(&mind.write()), mind);
        let damaged = DialogueState {
            agenda: vec![json!(1), json!({"form": "unheard_of"})],
            pending: Some(json!([])),
            ..DialogueState::default()
        };
        assert_eq!(Mind::read(&damaged), Mind::default());
    }
}
