//! Contacts: the people the business talks to.
//!
//! This file makes, finds, changes and erases them; [`list`] finds many, [`field`] says what custom fields there are,
//! [`segment`] keeps filters, [`import`] reads files of them, [`bulk`] changes many, [`merge`] joins two, [`memory`] is what agents remember of them,
//! [`note`] what the team writes about them, [`timeline`] what happened with them. What customers say of themselves
//! comes in through `conversation::person`.

pub mod bulk;
pub(crate) mod export;
pub mod field;
pub mod import;
pub mod list;
pub mod memory;
pub mod merge;
pub mod note;
pub mod segment;
pub(crate) mod status;
pub mod timeline;
pub mod unmerge;

use std::collections::BTreeMap;

use frontdesk_domain::access::Permission;
use frontdesk_domain::contact::{Contact, ContactStatus, Tag};
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::ContactId;
use frontdesk_domain::{phone, text};
use frontdesk_store::{StoreError, Tx, contact, conversation, erasure, mail_bounce, workspace};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::validate::{Patch, Validator};
use crate::{App, AppError, Result};

/// Whether what this caller searches for counts in names alone: a search by a number or an address that they see masked
/// would tell them the rest of it.
pub(crate) fn finds_names_only(ctx: &Context) -> bool {
    !ctx.grants.allows(Permission::ContactsIdentify)
}

/// Most tags of one contact.
pub(crate) const MAX_TAGS: usize = 20;
/// Most custom fields of one contact.
pub(crate) const MAX_FIELDS: usize = 50;
/// Longest name and company, in characters.
const MAX_NAME: usize = 200;
/// Longest text of a custom field, in characters.
const MAX_FIELD: usize = 1_000;

/// A contact to make.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    /// Their name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Their e-mail address.
    #[schema(max_length = 254)]
    pub email: Option<String>,
    /// Their phone number; read in the business's country when it has no country code.
    #[schema(max_length = 64)]
    pub phone: Option<String>,
    /// Where they work.
    #[schema(max_length = 200)]
    pub company: Option<String>,
    /// The language they write in, BCP 47.
    #[schema(max_length = 35)]
    pub language: Option<String>,
    /// Tags.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub tags: Vec<Tag>,
    /// Custom fields: texts, numbers, days as `2026-11-21`, yes or no; at most 50.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub fields: BTreeMap<String, Value>,
    /// How far the conversation with them has come.
    #[serde(default)]
    pub status: ContactStatus,
    /// Their id in another system.
    #[schema(max_length = 200)]
    pub external_id: Option<String>,
    /// The time zone they live in, a name of the IANA database.
    #[schema(max_length = 64)]
    pub zone: Option<String>,
    /// Their state, province or region.
    #[schema(max_length = 60)]
    pub region: Option<String>,
    /// Their postal code.
    #[schema(max_length = 20)]
    pub postal_code: Option<String>,
    /// Their country, ISO 3166-1 alpha-2.
    #[schema(max_length = 2)]
    pub country: Option<String>,
}

/// What to change of a contact; absent fields stay, null clears.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactPatch {
    /// Their name.
    #[schema(max_length = 200)]
    pub name: Option<String>,
    /// Their e-mail address.
    #[schema(value_type = Option<String>, max_length = 254)]
    #[serde(default)]
    pub email: Patch<String>,
    /// Their phone number.
    #[schema(value_type = Option<String>, max_length = 64)]
    #[serde(default)]
    pub phone: Patch<String>,
    /// Where they work.
    #[schema(value_type = Option<String>, max_length = 200)]
    #[serde(default)]
    pub company: Patch<String>,
    /// The language they write in, BCP 47.
    #[schema(value_type = Option<String>, max_length = 35)]
    #[serde(default)]
    pub language: Patch<String>,
    /// All their tags.
    #[schema(max_items = 20)]
    pub tags: Option<Vec<Tag>>,
    /// Custom fields to set; null removes one, others stay.
    #[schema(value_type = Option<Object>)]
    pub fields: Option<BTreeMap<String, Value>>,
    /// Whether they asked not to be contacted.
    pub opted_out: Option<bool>,
    /// How far the conversation with them has come.
    pub status: Option<ContactStatus>,
    /// Their id in another system.
    #[schema(value_type = Option<String>, max_length = 200)]
    #[serde(default)]
    pub external_id: Patch<String>,
    /// The time zone they live in, a name of the IANA database.
    #[schema(value_type = Option<String>, max_length = 64)]
    #[serde(default)]
    pub zone: Patch<String>,
    /// Their state, province or region.
    #[schema(value_type = Option<String>, max_length = 60)]
    #[serde(default)]
    pub region: Patch<String>,
    /// Their postal code.
    #[schema(value_type = Option<String>, max_length = 20)]
    #[serde(default)]
    pub postal_code: Patch<String>,
    /// Their country, ISO 3166-1 alpha-2.
    #[schema(value_type = Option<String>, max_length = 2)]
    #[serde(default)]
    pub country: Patch<String>,
}

/// A contact; for the id of one that was merged away, the one it was merged into.
pub async fn get(app: &App, ctx: &Context, id: ContactId) -> Result<Contact> {
    ctx.require(Permission::ContactsRead)?;
    Ok(contact::get(app.store.reader(), ctx.scope(), id).await?)
}

/// Makes a contact.
///
/// # Errors
/// [`AppError::Conflict`] naming the contact that has the e-mail address or phone number already.
pub async fn create(app: &App, ctx: &Context, input: NewContact) -> Result<Contact> {
    ctx.require(Permission::ContactsWrite)?;
    let country = workspace::get(app.store.reader(), ctx.scope()).await?.country;
    let mut check = Validator::new();
    let name = check.take("/name", text::line(&input.name, MAX_NAME));
    let email = check.take_some("/email", input.email, |email| text::email(&email));
    let phone = check.take_some("/phone", input.phone, |number| check_phone(&number, &country));
    let company = check.take_some("/company", input.company, |company| text::line(&company, MAX_NAME));
    let language = check.take_some("/language", input.language, |tag| check_language(&tag));
    let tags = check_tags(&mut check, input.tags);
    let fields = check_fields(&mut check, input.fields);
    let external_id = check.take_some("/external_id", input.external_id, |id| text::line(&id, MAX_NAME));
    let zone = check.take_some("/zone", input.zone, |zone| check_zone(&zone));
    let region = check.take_some("/region", input.region, |region| text::line(&region, 60));
    let postal_code = check.take_some("/postal_code", input.postal_code, |code| text::line(&code, 20));
    let lives_in = check.take_some("/country", input.country, |country| check_country(&country));
    check.finish()?;

    let tx = app.store.begin(ctx).await?;
    let new = Contact {
        name,
        email,
        phone,
        company,
        language,
        tags,
        fields: fields.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        status: input.status,
        external_id,
        zone,
        region,
        postal_code,
        country: lives_in,
        ..Contact::new(ContactId::new(tx.now(), tx.random()), "manual".to_owned(), tx.now())
    };
    ensure_unclaimed(&tx, &new).await?;
    contact::insert(&tx, ctx.scope(), &new).await.map_err(taken)?;
    tx.emit(Event::ContactUpdated { contact_id: new.id });
    tx.audit("contact.create", Some(new.id.to_string()), json!({ "source": new.source }));
    tx.commit().await?;
    Ok(new)
}

/// Changes a contact.
///
/// # Errors
/// As [`create`].
pub async fn update(app: &App, ctx: &Context, id: ContactId, patch: ContactPatch) -> Result<Contact> {
    ctx.require(Permission::ContactsWrite)?;
    let country = workspace::get(app.store.reader(), ctx.scope()).await?.country;
    let mut check = Validator::new();
    let name = check.take_some("/name", patch.name, |name| text::line(&name, MAX_NAME));
    let email = check_patch(&mut check, "/email", patch.email, |email| text::email(&email));
    let phone = check_patch(&mut check, "/phone", patch.phone, |number| check_phone(&number, &country));
    let company =
        check_patch(&mut check, "/company", patch.company, |company| text::line(&company, MAX_NAME));
    let language = check_patch(&mut check, "/language", patch.language, |tag| check_language(&tag));
    let tags = patch.tags.map(|tags| check_tags(&mut check, tags));
    let fields = patch.fields.map(|fields| check_fields(&mut check, fields));
    let external_id =
        check_patch(&mut check, "/external_id", patch.external_id, |id| text::line(&id, MAX_NAME));
    let zone = check_patch(&mut check, "/zone", patch.zone, |zone| check_zone(&zone));
    let region = check_patch(&mut check, "/region", patch.region, |region| text::line(&region, 60));
    let postal_code =
        check_patch(&mut check, "/postal_code", patch.postal_code, |code| text::line(&code, 20));
    let lives_in = check_patch(&mut check, "/country", patch.country, |country| check_country(&country));
    check.finish()?;

    let tx = app.store.begin(ctx).await?;
    let before = contact::get_for_update(&tx, ctx.scope(), id).await?;
    let mut changed = before.clone();
    if let Some(name) = name {
        changed.name = name;
    }
    email.apply(&mut changed.email);
    phone.apply(&mut changed.phone);
    company.apply(&mut changed.company);
    language.apply(&mut changed.language);
    external_id.apply(&mut changed.external_id);
    zone.apply(&mut changed.zone);
    region.apply(&mut changed.region);
    postal_code.apply(&mut changed.postal_code);
    lives_in.apply(&mut changed.country);
    if let Some(tags) = tags {
        changed.tags = tags;
    }
    for (key, value) in fields.unwrap_or_default() {
        if value.is_null() {
            changed.fields.remove(&key);
        } else {
            changed.fields.insert(key, value);
        }
    }
    if changed.fields.len() > MAX_FIELDS {
        return Err(AppError::invalid("/fields", "leaves the contact with too many fields: at most 50"));
    }
    changed.opted_out = patch.opted_out.unwrap_or(before.opted_out);
    changed.status = patch.status.unwrap_or(before.status);
    if changed.opted_out && !before.opted_out {
        changed.status = ContactStatus::OptedOut;
    } else if before.opted_out && !changed.opted_out && changed.status == ContactStatus::OptedOut {
        changed.status = ContactStatus::Pending;
    }
    if changed == before {
        return Ok(before);
    }
    ensure_unclaimed(&tx, &changed).await?;
    changed.updated_at = tx.now();
    contact::update(&tx, ctx.scope(), &changed).await.map_err(taken)?;
    if let Some(email) = changed.email.as_deref().filter(|_| changed.email != before.email) {
        mail_bounce::arrives(&tx, ctx.scope(), email, tx.now()).await?;
        if let Some(old) = &before.email {
            mail_bounce::forget(&tx, ctx.scope(), old).await?;
        }
    }
    if changed.name != before.name {
        conversation::rename_contact(&tx, ctx.scope(), changed.id, &changed.name).await?;
    }
    tx.emit(Event::ContactUpdated { contact_id: changed.id });
    if changed.opted_out && !before.opted_out {
        tx.emit(Event::ContactOptedOut { contact_id: changed.id });
    }
    let detail = json!({ "fields": changed_fields(&before, &changed) });
    tx.audit("contact.update", Some(changed.id.to_string()), detail);
    tx.commit().await?;
    Ok(changed)
}

/// Erases a contact: row, notes, memory and leads are deleted, and the words of their conversations are blanked.
/// Cannot be undone.
pub async fn delete(app: &App, ctx: &Context, id: ContactId) -> Result<()> {
    ctx.require(Permission::ContactsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let gone = contact::get_for_update(&tx, ctx.scope(), id).await?.id;
    erasure::erase_contact(&tx, ctx.scope(), gone).await?;
    tx.emit(Event::ContactDeleted { contact_id: gone });
    tx.audit("contact.erase", Some(gone.to_string()), json!({}));
    tx.commit().await?;
    Ok(())
}

/// Refuses an address that another contact has, and says whose it is.
async fn ensure_unclaimed(tx: &Tx, contact: &Contact) -> Result<()> {
    let addresses = [
        (contact.email.as_deref(), None, "e-mail address"),
        (None, contact.phone.as_deref(), "phone number"),
    ];
    for (email, phone, what) in addresses {
        let other = contact::find_by_address(tx, tx.scope(), email, phone).await?;
        if let Some(other) = other.filter(|other| other.id != contact.id) {
            let name = if other.name.is_empty() { "a contact without a name" } else { &other.name };
            return Err(AppError::Conflict(format!(
                "this {what} belongs to {name} ({}) already; open that contact, or merge the two",
                other.id
            )));
        }
    }
    Ok(())
}

/// Two people took one address at the same moment.
fn taken(error: StoreError) -> AppError {
    match error {
        StoreError::Duplicate(_) => AppError::Conflict(
            "another contact has this e-mail address, phone number or external id already; search for it and merge the two"
                .to_owned(),
        ),
        other => other.into(),
    }
}

fn check_phone(number: &str, country: &str) -> std::result::Result<String, String> {
    phone::to_e164(number, country).ok_or_else(|| {
        format!(
            "is not a phone number in {country}; numbers from elsewhere start with + and the country code"
        )
    })
}

fn check_language(tag: &str) -> std::result::Result<String, &'static str> {
    let tag = tag.trim();
    let fits = (2..=35).contains(&tag.len())
        && tag
            .split('-')
            .all(|part| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()));
    if fits { Ok(tag.to_owned()) } else { Err("is not a language tag such as en or es-MX") }
}

fn check_zone(zone: &str) -> std::result::Result<String, &'static str> {
    let zone = zone.trim();
    match jiff::tz::TimeZone::get(zone) {
        Ok(_) if zone.len() <= 64 => Ok(zone.to_owned()),
        _ => Err("is not a time zone such as America/New_York"),
    }
}

fn check_country(country: &str) -> std::result::Result<String, &'static str> {
    let country = country.trim().to_uppercase();
    let fits = country.len() == 2 && country.chars().all(|c| c.is_ascii_uppercase());
    if fits { Ok(country) } else { Err("is not a country's two letters, such as US") }
}

fn check_tags(check: &mut Validator, tags: Vec<Tag>) -> Vec<Tag> {
    check.ensure("/tags", tags.len() <= MAX_TAGS, "holds too many tags: at most 20");
    let mut checked: Vec<Tag> = Vec::new();
    for (n, tag) in tags.into_iter().take(MAX_TAGS).enumerate() {
        let name = check.take(&format!("/tags/{n}/name"), text::line(&tag.name, 40));
        // The same tag in another spelling is the same tag.
        if checked.iter().all(|known| known.name.to_lowercase() != name.to_lowercase()) {
            checked.push(Tag { name, color: tag.color });
        }
    }
    checked
}

fn check_fields(check: &mut Validator, fields: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    check.ensure("/fields", fields.len() <= MAX_FIELDS, "holds too many fields: at most 50");
    let mut checked = BTreeMap::new();
    for (key, value) in fields.into_iter().take(MAX_FIELDS) {
        // A JSON pointer writes `/` as `~1` (RFC 6901).
        let place = format!("/fields/{}", key.replace('~', "~0").replace('/', "~1"));
        let key = check.take(&place, text::line(&key, 60));
        let value = match value {
            Value::String(value) => Value::String(check.take(&place, text::lines(&value, MAX_FIELD))),
            simple @ (Value::Null | Value::Bool(_) | Value::Number(_)) => simple,
            Value::Array(_) | Value::Object(_) => {
                check.refuse(&place, "must be a text, a number, true or false");
                Value::Null
            }
        };
        checked.insert(key, value);
    }
    checked
}

fn check_patch<E: std::fmt::Display>(
    check: &mut Validator,
    field: &str,
    patch: Patch<String>,
    rule: impl FnOnce(String) -> std::result::Result<String, E>,
) -> Patch<String> {
    match patch {
        Patch::Set(value) => Patch::Set(check.take(field, rule(value))),
        other => other,
    }
}

fn changed_fields(before: &Contact, after: &Contact) -> Vec<&'static str> {
    let pairs = [
        ("name", before.name != after.name),
        ("email", before.email != after.email),
        ("phone", before.phone != after.phone),
        ("company", before.company != after.company),
        ("language", before.language != after.language),
        ("tags", before.tags != after.tags),
        ("fields", before.fields != after.fields),
        ("status", before.status != after.status),
        ("external_id", before.external_id != after.external_id),
        ("zone", before.zone != after.zone),
        ("region", before.region != after.region),
        ("postal_code", before.postal_code != after.postal_code),
        ("country", before.country != after.country),
        ("opted_out", before.opted_out != after.opted_out),
    ];
    pairs.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name).collect()
}
