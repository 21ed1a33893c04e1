//! Merging two contacts into one: one person, one timeline. What was merged is noted, so that it can be taken back
//! (`unmerge.rs`).

use frontdesk_domain::access::Permission;
use frontdesk_domain::contact::{Contact, ContactStatus};
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::ContactId;
use frontdesk_store::contact;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::MAX_FIELDS;
use super::unmerge::Before;
use crate::{App, AppError, Result};

/// The other contact.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeContacts {
    /// The contact to merge with.
    pub other_id: ContactId,
}

/// Merges two contacts. The older id stays and the other one leads to it from now on; conversations, leads, notes and
/// memory are joined. Where both know something, the contact named first is believed; a second e-mail address or phone
/// number is kept as a custom field. Whoever opted out stays opted out.
pub async fn merge(app: &App, ctx: &Context, id: ContactId, other: MergeContacts) -> Result<Contact> {
    ctx.require(Permission::ContactsWrite)?;
    let tx = app.store.begin(ctx).await?;
    // Both in the order of their ids, so that two merges cannot wait for each other.
    let (low, high) = (id.min(other.other_id), id.max(other.other_id));
    let low = contact::get_for_update(&tx, ctx.scope(), low).await?;
    let high = contact::get_for_update(&tx, ctx.scope(), high).await?;
    if low.id == high.id {
        return Err(AppError::Conflict("these are one contact already".to_owned()));
    }
    let named = contact::get(&tx, ctx.scope(), id).await?.id;
    let (believed, doubted) = if low.id == named { (low, high) } else { (high, low) };
    let older = |a: &Contact, b: &Contact| (a.created_at, a.id) <= (b.created_at, b.id);
    let (kept_id, gone_id, source) = if older(&believed, &doubted) {
        (believed.id, doubted.id, believed.source.clone())
    } else {
        (doubted.id, believed.id, doubted.source.clone())
    };
    let (kept, gone) = if kept_id == believed.id {
        (believed.clone(), doubted.clone())
    } else {
        (doubted.clone(), believed.clone())
    };
    let before = Before::read(&tx, kept, gone).await?;
    let mut one = join(believed, doubted);
    one.id = kept_id;
    one.source = source;
    one.updated_at = tx.now();
    contact::merge(&tx, ctx.scope(), &one, gone_id, tx.now()).await?;
    before.note(&tx, ctx, one.clone()).await?;
    tx.emit(Event::ContactDeleted { contact_id: gone_id });
    tx.emit(Event::ContactUpdated { contact_id: kept_id });
    tx.audit("contact.merge", Some(kept_id.to_string()), json!({ "merged": gone_id }));
    tx.commit().await?;
    Ok(one)
}

/// What is known of the person when the two are one; id and source are left to the caller.
fn join(believed: Contact, doubted: Contact) -> Contact {
    let mut one = believed;
    if one.name.is_empty() {
        one.name = doubted.name;
    }
    keep_second(&mut one, "email_2", |contact| &mut contact.email, doubted.email);
    keep_second(&mut one, "phone_2", |contact| &mut contact.phone, doubted.phone);
    one.company = one.company.or(doubted.company);
    one.language = one.language.or(doubted.language);
    one.external_id = one.external_id.or(doubted.external_id);
    one.zone = one.zone.or(doubted.zone);
    // An address is one thing: halves of two make a third that nobody has.
    if one.country.is_none() && one.region.is_none() && one.postal_code.is_none() {
        (one.country, one.region, one.postal_code) = (doubted.country, doubted.region, doubted.postal_code);
    }
    one.follow_ups = one.follow_ups.max(doubted.follow_ups);
    one.last_contacted_at = one.last_contacted_at.max(doubted.last_contacted_at);
    for tag in doubted.tags {
        if one.tags.iter().all(|known| known.name.to_lowercase() != tag.name.to_lowercase()) {
            one.tags.push(tag);
        }
    }
    one.tags.truncate(super::MAX_TAGS);
    for (key, value) in doubted.fields {
        if one.fields.len() < MAX_FIELDS {
            one.fields.entry(key).or_insert(value);
        }
    }
    one.opted_out |= doubted.opted_out;
    if one.opted_out {
        one.status = ContactStatus::OptedOut;
    } else if one.status == ContactStatus::Pending {
        one.status = doubted.status;
    }
    one.created_at = one.created_at.min(doubted.created_at);
    one.last_seen_at = one.last_seen_at.max(doubted.last_seen_at);
    one
}

fn keep_second(
    one: &mut Contact,
    field: &str,
    place: impl Fn(&mut Contact) -> &mut Option<String>,
    second: Option<String>,
) {
    let Some(second) = second else { return };
    match place(one) {
        None => *place(one) = Some(second),
        Some(first) if *first != second => {
            one.fields.entry(field.to_owned()).or_insert(Value::String(second));
        }
        Some(_) => {}
    }
}
