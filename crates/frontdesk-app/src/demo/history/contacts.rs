//! The demo's contacts.

use std::collections::BTreeMap;

use frontdesk_domain::contact::{Contact, ContactNote, Fact};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ContactId, FactId, NoteId};
use frontdesk_domain::time::Timestamp;
use frontdesk_store::{Tx, contact, fact, note};
use serde::Deserialize;

use super::super::business::{Made, tag};
use super::super::moment::moment;
use super::super::read;
use crate::{AppError, Result};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ContactsData {
    contact: Vec<ContactData>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ContactData {
    key: String,
    name: String,
    since: String,
    email: Option<String>,
    phone: Option<String>,
    company: Option<String>,
    language: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    fields: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    facts: BTreeMap<String, String>,
    note: Option<String>,
    #[serde(default)]
    opted_out: bool,
    source: Option<String>,
}

/// Contacts by their key in the data.
pub struct People(Vec<(String, Contact)>);

impl People {
    /// The contact with this key.
    pub fn get(&self, key: &str) -> Result<&Contact> {
        let found = self.0.iter().find(|(known, _)| known == key);
        found
            .map(|(_, contact)| contact)
            .ok_or_else(|| AppError::Internal(format!("the demo has no contact `{key}`")))
    }
}

/// Writes down the contacts with their facts and notes.
pub async fn write(tx: &mut Tx, now: Timestamp, made: &Made) -> Result<People> {
    let data: ContactsData = read("contacts.toml", include_str!("../data/contacts.toml"))?;
    let mut dated = Vec::with_capacity(data.contact.len());
    for person in data.contact {
        dated.push((moment(&person.since, now, &made.zone)?, person));
    }
    dated.sort_by_key(|(since, _)| *since);
    let mut people = Vec::with_capacity(dated.len());
    for (since, person) in dated {
        tx.at(since);
        let source = person.source.unwrap_or_else(|| "web".to_owned());
        let new = Contact {
            name: person.name,
            email: person.email,
            phone: person.phone,
            company: person.company,
            language: person.language,
            tags: person.tags.iter().map(|text| tag(text)).collect::<Result<_>>()?,
            fields: person.fields,
            opted_out: person.opted_out,
            last_seen_at: Some(tx.now()),
            ..Contact::new(ContactId::new(tx.now(), tx.random()), source, tx.now())
        };
        contact::insert(tx, tx.scope(), &new).await?;
        for (key, value) in person.facts {
            let id = FactId::new(tx.now(), tx.random());
            let known = Fact { id, key, value, conversation_id: None, updated_at: tx.now() };
            fact::put(tx, tx.scope(), new.id, &known).await?;
        }
        if let Some(text) = person.note {
            let author = made.person("tom")?;
            let written = ContactNote {
                id: NoteId::new(tx.now(), tx.random()),
                contact_id: new.id,
                text,
                author: Some(author.id),
                author_name: None,
                created_at: tx.now(),
            };
            note::insert(tx, tx.scope(), &written).await?;
        }
        tx.emit(Event::ContactUpdated { contact_id: new.id });
        people.push((person.key, new));
    }
    Ok(People(people))
}
