//! Who books and what they answer: checked, and tied to a contact.

use std::collections::BTreeMap;

use frontdesk_domain::booking_type::{BookingTypeSettings, QuestionKind};
use frontdesk_domain::contact::Contact;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::ContactId;
use frontdesk_domain::locale::Language;
use frontdesk_domain::{phone, text};
use frontdesk_store::{Tx, contact};
use serde_json::json;

use crate::validate::Validator;
use crate::{AppError, Result};

/// Longest answer, in characters.
const MAX_ANSWER: usize = 2_000;

/// Who a booking is for, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) contact_id: Option<ContactId>,
    pub(super) name: String,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
}

/// What was given of a person, unchecked.
#[derive(Debug, Clone, Default)]
pub(super) struct Given<'a> {
    pub(super) contact_id: Option<ContactId>,
    pub(super) name: Option<&'a str>,
    pub(super) email: Option<&'a str>,
    pub(super) phone: Option<&'a str>,
}

/// Checks a person; without a known contact a name and a way to reach them are needed.
pub(super) fn person(errors: &mut Validator, given: &Given<'_>, country: &str) -> Person {
    let blank = |value: &&str| !value.trim().is_empty();
    let name = errors.take_some("/name", given.name.filter(blank), |name| text::line(name, 120));
    let email = errors.take_some("/email", given.email.filter(blank), text::email);
    let number = errors.take_some("/phone", given.phone.filter(blank), |number| {
        phone::to_e164(number, country).ok_or("is not a phone number that exists")
    });
    if given.contact_id.is_none() {
        errors.ensure("/name", name.is_some(), "is needed");
        errors.ensure(
            "/email",
            email.is_some() || number.is_some(),
            "or a phone number is needed: without one nobody can confirm",
        );
    }
    Person { contact_id: given.contact_id, name: name.unwrap_or_default(), email, phone: number }
}

/// Checks the answers to a type's questions. `strict`: what is required must be there.
pub(super) fn answers(
    errors: &mut Validator,
    kind: &BookingTypeSettings,
    given: &BTreeMap<String, String>,
    country: &str,
    strict: bool,
) -> BTreeMap<String, String> {
    let mut kept = BTreeMap::new();
    for key in given.keys().filter(|key| !kind.questions.iter().any(|question| &question.key == *key)) {
        let key: String = key.chars().take(60).collect();
        errors.refuse(&format!("/answers/{key}"), "is no question of this booking type");
    }
    for question in &kind.questions {
        let field = format!("/answers/{}", question.key);
        let said = given.get(&question.key).map(|said| said.trim()).filter(|said| !said.is_empty());
        let Some(said) = said else {
            errors.ensure(&field, !(strict && question.required), "is needed");
            continue;
        };
        let is_choice = |said: &str| question.choices.iter().any(|choice| choice == said);
        let (fits, why) = match question.kind {
            QuestionKind::Text => (
                said.chars().count() <= 300 && !said.contains('\n'),
                "must be one line of at most 300 characters",
            ),
            QuestionKind::LongText => {
                (said.chars().count() <= MAX_ANSWER, "must have at most 2,000 characters")
            }
            QuestionKind::Number => {
                (said.len() <= 30 && said.parse::<f64>().is_ok_and(f64::is_finite), "must be a number")
            }
            QuestionKind::Select => (is_choice(said), "must be one of the choices"),
            QuestionKind::MultiSelect => {
                (said.lines().all(|line| is_choice(line.trim())), "must be some of the choices, one a line")
            }
            QuestionKind::Checkbox => (matches!(said, "true" | "false"), "must be `true` or `false`"),
            QuestionKind::Phone => {
                (phone::to_e164(said, country).is_some(), "is not a phone number that exists")
            }
        };
        errors.ensure(&field, fits, why);
        errors.ensure(
            &field,
            question.kind != QuestionKind::Checkbox || !question.required || !strict || said == "true",
            "must be agreed to",
        );
        kept.insert(question.key.clone(), text::lines(said, MAX_ANSWER).unwrap_or_default());
    }
    kept
}

/// The contact a booking is for. Somebody whose address is known is that contact, but what they typed changes nothing
/// about it: typing an address proves nothing.
pub(super) async fn contact_of(
    tx: &Tx,
    person: &Person,
    language: Language,
    source: &str,
) -> Result<Contact> {
    let scope = tx.scope();
    if let Some(id) = person.contact_id {
        return contact::find(tx, scope, id)
            .await?
            .ok_or_else(|| AppError::invalid("/contact_id", "is no contact of yours"));
    }
    let known = contact::find_by_address(tx, scope, person.email.as_deref(), person.phone.as_deref()).await?;
    if let Some(known) = known {
        contact::touch(tx, scope, known.id, tx.now()).await?;
        return Ok(known);
    }
    let new = Contact {
        name: person.name.clone(),
        email: person.email.clone(),
        phone: person.phone.clone(),
        language: Some(language.code().to_owned()),
        last_seen_at: Some(tx.now()),
        ..Contact::new(ContactId::new(tx.now(), tx.random()), source.to_owned(), tx.now())
    };
    contact::insert(tx, scope, &new).await?;
    tx.emit(Event::ContactUpdated { contact_id: new.id });
    tx.audit("contact.create", Some(new.id.to_string()), json!({ "source": source }));
    Ok(new)
}
