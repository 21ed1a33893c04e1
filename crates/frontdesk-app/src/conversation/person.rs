//! Who the customer of a conversation is, as far as they said.
//!
//! Details typed into a chat prove nothing. A customer whose details are new becomes a contact; one who types details
//! of a contact known before is tied to it for the team's timeline, but as a *claim*: nothing remembered of the contact
//! reaches the conversation, and nothing they type changes the contact.

use frontdesk_domain::contact::{Contact, Fact};
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ContactId, ConversationId, FactId};
use frontdesk_domain::{phone, text};
use frontdesk_store::conversation::{self, Change};
use frontdesk_store::{StoreError, Tx, contact, fact, workspace};
use serde_json::json;

use crate::validate::Validator;
use crate::{App, AppError, Result};

/// What a customer said of themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// Their name.
    pub name: Option<String>,
    /// Their e-mail address.
    pub email: Option<String>,
    /// Their phone number, as typed or E.164.
    pub phone: Option<String>,
    /// The language they prefer.
    pub language: Option<String>,
    /// Facts to remember: key and value.
    pub remember: Vec<(String, String)>,
}

/// Most facts remembered of one contact; the tool refuses more.
const MAX_FACTS: u64 = 100;

impl Details {
    /// Checked and in stored form; phone numbers are read in the business's country.
    pub fn checked(self, country: &str) -> Result<Self> {
        let mut errors = Validator::new();
        let name = errors.take_some("/name", self.name, |name| text::line(&name, 120));
        let email = errors.take_some("/email", self.email, |email| text::email(&email));
        let number = errors.take_some("/phone", self.phone, |number| {
            phone::to_e164(&number, country).ok_or("is not a phone number that exists")
        });
        let mut remember = Vec::with_capacity(self.remember.len());
        for (index, (key, value)) in self.remember.into_iter().enumerate() {
            let key = errors.take(&format!("/remember/{index}/key"), text::line(&key, 64));
            let value = errors.take(&format!("/remember/{index}/value"), text::line(&value, 300));
            remember.push((key.to_lowercase(), value));
        }
        errors.finish()?;
        Ok(Self { name, email, phone: number, language: self.language, remember })
    }
}

/// A customer after what they said was taken in.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// The contact.
    pub contact: Contact,
    /// They only claim to be it.
    pub claimed: bool,
}

/// Takes in what a customer said of themselves; makes them a contact when they are not one yet.
pub async fn learn(app: &App, ctx: &Context, id: ConversationId, details: Details) -> Result<Known> {
    let country = workspace::get(app.store.reader(), ctx.scope()).await?.country;
    let details = details.checked(&country)?;
    let tx = app.store.begin(ctx).await?;
    let known = learn_in(&tx, id, &details).await?;
    tx.commit().await?;
    Ok(known)
}

/// As [`learn`], in a unit of work, with checked details.
pub async fn learn_in(tx: &Tx, id: ConversationId, details: &Details) -> Result<Known> {
    let scope = tx.scope();
    let thread = conversation::get_thread(tx, scope, id).await?;
    let current = match thread.conversation.contact_id {
        Some(contact_id) => contact::find(tx, scope, contact_id).await?,
        None => None,
    };
    let stranger = current.is_none() || thread.claimed;
    let other =
        contact::find_by_address(tx, scope, details.email.as_deref(), details.phone.as_deref()).await?;
    let known = match (current, other) {
        // Details of somebody known before, typed by a stranger.
        (_, Some(other)) if stranger => Known { contact: other, claimed: true },
        (None, _) => Known {
            contact: create(tx, details, thread.conversation.channel.as_str()).await?,
            claimed: false,
        },
        (Some(current), _) if thread.claimed => Known { contact: current, claimed: true },
        (Some(current), other) => {
            // An address that belongs to another contact stays theirs.
            let other = other.filter(|other| other.id != current.id);
            Known { contact: update(tx, current, details, other.as_ref()).await?, claimed: false }
        }
    };
    if thread.conversation.contact_id != Some(known.contact.id) || thread.claimed != known.claimed {
        let name = display_name(&known.contact, &thread.conversation.contact_name);
        Change::of(scope, id).contact(known.contact.id, &name, known.claimed).apply(tx).await?;
        tx.emit(Event::ConversationUpdated { conversation_id: id });
    }
    if !known.claimed {
        remember(tx, known.contact.id, id, &details.remember).await?;
    }
    Ok(known)
}

pub(super) fn display_name(contact: &Contact, fallback: &str) -> String {
    [Some(contact.name.clone()), contact.email.clone(), contact.phone.clone()]
        .into_iter()
        .flatten()
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| fallback.to_owned())
}

pub(super) async fn create(tx: &Tx, details: &Details, source: &str) -> Result<Contact> {
    let new = draft(tx, details, source);
    create_all(tx, std::slice::from_ref(&new)).await?;
    Ok(new)
}

/// A contact who is not stored yet.
pub(super) fn draft(tx: &Tx, details: &Details, source: &str) -> Contact {
    Contact {
        name: details.name.clone().unwrap_or_default(),
        email: details.email.clone(),
        phone: details.phone.clone(),
        language: details.language.clone(),
        last_seen_at: Some(tx.now()),
        ..Contact::new(ContactId::new(tx.now(), tx.random()), source.to_owned(), tx.now())
    }
}

/// Stores contacts from [`draft`], at least one.
pub(super) async fn create_all(tx: &Tx, drafts: &[Contact]) -> Result<()> {
    contact::insert_all(tx, tx.scope(), drafts).await?;
    for new in drafts {
        tx.emit(Event::ContactUpdated { contact_id: new.id });
        tx.audit("contact.create", Some(new.id.to_string()), json!({ "source": new.source }));
    }
    Ok(())
}

async fn update(tx: &Tx, before: Contact, details: &Details, taken_by: Option<&Contact>) -> Result<Contact> {
    let mut changed = before.clone();
    let mut fields = Vec::new();
    if let Some(name) = &details.name {
        changed.name.clone_from(name);
        fields.push("name");
    }
    if details.email.is_some() && taken_by.is_none_or(|other| other.email != details.email) {
        changed.email.clone_from(&details.email);
        fields.push("email");
    }
    if details.phone.is_some() && taken_by.is_none_or(|other| other.phone != details.phone) {
        changed.phone.clone_from(&details.phone);
        fields.push("phone");
    }
    if details.language.is_some() {
        changed.language.clone_from(&details.language);
        fields.push("language");
    }
    if changed == before {
        return Ok(before);
    }
    changed.updated_at = tx.now();
    contact::update(tx, tx.scope(), &changed).await.map_err(|error| match error {
        StoreError::Duplicate(_) => AppError::Conflict("these details belong to another contact".to_owned()),
        other => other.into(),
    })?;
    conversation::rename_contact(tx, tx.scope(), changed.id, &display_name(&changed, "Visitor")).await?;
    tx.emit(Event::ContactUpdated { contact_id: changed.id });
    tx.audit("contact.update", Some(changed.id.to_string()), json!({ "fields": fields }));
    Ok(changed)
}

async fn remember(tx: &Tx, contact: ContactId, id: ConversationId, facts: &[(String, String)]) -> Result<()> {
    if facts.is_empty() {
        return Ok(());
    }
    if fact::count(tx, tx.scope(), contact).await? + facts.len() as u64 > MAX_FACTS {
        return Err(AppError::Conflict("too much is remembered of this contact already".to_owned()));
    }
    for (key, value) in facts {
        let new = Fact {
            id: FactId::new(tx.now(), tx.random()),
            key: key.clone(),
            value: value.clone(),
            conversation_id: Some(id),
            updated_at: tx.now(),
        };
        fact::put(tx, tx.scope(), contact, &new).await?;
    }
    tx.emit(Event::ContactUpdated { contact_id: contact });
    Ok(())
}

/// The customer asks not to be contacted. Holds for the contact on every channel; a claim is honoured too, since
/// silence towards somebody who did not ask harms less than a message to somebody who did.
pub async fn opt_out(app: &App, ctx: &Context, id: ConversationId) -> Result<ContactId> {
    let known = learn(app, ctx, id, Details::default()).await?;
    let tx = app.store.begin(ctx).await?;
    let mut contact = contact::get_for_update(&tx, tx.scope(), known.contact.id).await?;
    if !contact.opted_out {
        contact.opted_out = true;
        contact.updated_at = tx.now();
        contact::update(&tx, tx.scope(), &contact).await?;
        tx.emit(Event::ContactOptedOut { contact_id: contact.id });
        tx.emit(Event::ContactUpdated { contact_id: contact.id });
        tx.audit("contact.opt_out", Some(contact.id.to_string()), json!({ "conversation": id }));
    }
    tx.commit().await?;
    Ok(contact.id)
}
