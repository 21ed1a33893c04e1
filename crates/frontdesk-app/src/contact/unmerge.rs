//! Taking a merge of two contacts back: each gets again what it had, as far as nothing since speaks against it. What came
//! after the merge stays with the contact that stayed.

use std::collections::BTreeMap;

use frontdesk_domain::access::Permission;
use frontdesk_domain::contact::{Contact, ContactStatus, Fact};
use frontdesk_domain::context::{Context, Scope};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ContactId, MergeId};
use frontdesk_domain::time::Timestamp;
use frontdesk_store::contact_join::{self, Join, Record};
use frontdesk_store::suppression::{self, OPT_OUT};
use frontdesk_store::{Db, StoreError, Tx, contact, conversation, fact, lead, user};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::{App, AppError, Result};

/// A merge into a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContactMerge {
    /// Its id.
    pub id: MergeId,
    /// The contact that went, as it would be again.
    pub gone_id: ContactId,
    /// Its name.
    pub name: String,
    /// Its e-mail address.
    pub email: Option<String>,
    /// Its phone number.
    pub phone: Option<String>,
    /// When they were merged.
    pub merged_at: Timestamp,
    /// Who did it.
    pub merged_by: Option<String>,
    /// Why it cannot be taken back now; absent when it can.
    pub blocked_because: Option<String>,
}

/// Two contacts that were one.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PartedContacts {
    /// The contact that had stayed.
    pub kept: Contact,
    /// The contact that is there again.
    pub restored: Contact,
}

/// What a merge is about to do, noted before it does.
pub(super) struct Before {
    kept: Contact,
    gone: Contact,
    kept_facts: Vec<Fact>,
    gone_facts: Vec<Fact>,
    moved: BTreeMap<String, Vec<uuid::Uuid>>,
    closed_lead: Option<(uuid::Uuid, String)>,
    all: bool,
}

impl Before {
    /// Reads it in the merge's unit of work.
    pub(super) async fn read(tx: &Tx, kept: Contact, gone: Contact) -> Result<Self> {
        let scope = tx.scope();
        let (moved, all) = contact_join::belongings(tx, scope, gone.id).await?;
        let closed_lead = match lead::find_open(tx, scope, kept.id).await? {
            Some(_) => lead::find_open(tx, scope, gone.id).await?,
            None => None,
        };
        let word = |lead: frontdesk_domain::lead::Lead| {
            let status = serde_json::to_value(lead.status).ok()?;
            Some((lead.id.uuid(), status.as_str()?.to_owned()))
        };
        Ok(Self {
            kept_facts: fact::memory(tx, scope, kept.id).await?.facts,
            gone_facts: fact::memory(tx, scope, gone.id).await?.facts,
            closed_lead: closed_lead.and_then(word),
            kept,
            gone,
            moved,
            all,
        })
    }

    /// Notes the merge, once it is done.
    pub(super) async fn note(self, tx: &Tx, ctx: &Context, after: Contact) -> Result<()> {
        let join = Join {
            id: MergeId::new(tx.now(), tx.random()),
            kept_id: self.kept.id,
            gone_id: self.gone.id,
            merged_by: ctx.user(),
            merged_at: tx.now(),
            undone_at: None,
            record: Record {
                kept: self.kept,
                gone: self.gone,
                after,
                kept_facts: self.kept_facts,
                gone_facts: self.gone_facts,
                moved: self.moved,
                closed_lead: self.closed_lead,
                too_much: !self.all,
            },
        };
        Ok(contact_join::insert(tx, tx.scope(), &join).await?)
    }
}

/// Merges into a contact that were not taken back, newest first.
pub async fn list(app: &App, ctx: &Context, id: ContactId) -> Result<Vec<ContactMerge>> {
    ctx.require(Permission::ContactsRead)?;
    let (db, scope) = (app.store.reader(), ctx.scope());
    let known = contact::get(db, scope, id).await?;
    let joins = contact_join::list(db, scope, known.id).await?;
    let people: Vec<_> = joins.iter().filter_map(|join| join.merged_by).collect();
    let names = if people.is_empty() { Vec::new() } else { user::names_everywhere(db, &people).await? };
    let mut shown = Vec::new();
    for (at, join) in joins.into_iter().enumerate() {
        let blocked = if at > 0 { Some(LATER.to_owned()) } else { against(db, scope, &join).await? };
        let by = join.merged_by.and_then(|by| names.iter().find(|(id, _)| *id == by));
        shown.push(ContactMerge {
            id: join.id,
            gone_id: join.gone_id,
            name: join.record.gone.name,
            email: join.record.gone.email,
            phone: join.record.gone.phone,
            merged_at: join.merged_at,
            merged_by: by.map(|(_, name)| name.clone()),
            blocked_because: blocked,
        });
    }
    Ok(shown)
}

const LATER: &str = "another contact was merged in later; take that back first";

/// What speaks against taking a merge back, in plain words.
async fn against(db: &impl Db, scope: Scope, join: &Join) -> Result<Option<String>> {
    if join.record.too_much {
        let most = contact_join::MAX_MOVED;
        return Ok(Some(format!("there was too much to note down: more than {most} things of one kind")));
    }
    let gone = &join.record.gone;
    for (email, phone) in [(gone.email.as_deref(), None), (None, gone.phone.as_deref())] {
        let taken = contact::find_by_address(db, scope, email, phone).await?;
        if let (Some(taken), Some(address)) =
            (taken.filter(|taken| taken.id != join.kept_id), email.or(phone))
        {
            return Ok(Some(format!(
                "{address} belongs to another contact by now ({}); change it there first",
                if taken.name.is_empty() { "no name" } else { &taken.name }
            )));
        }
    }
    Ok(None)
}

/// Takes a merge back.
///
/// # Errors
/// [`AppError::Conflict`] when something since speaks against it; the text says what.
pub async fn undo(app: &App, ctx: &Context, id: ContactId, merge: MergeId) -> Result<PartedContacts> {
    ctx.require(Permission::ContactsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let scope = tx.scope();
    let now_kept = contact::get_for_update(&tx, scope, id).await?;
    let join = contact_join::get_for_update(&tx, scope, merge).await?;
    if join.undone_at.is_some() {
        return Err(AppError::Conflict("this merge was taken back already".to_owned()));
    }
    if now_kept.id != join.kept_id {
        // Of another contact, or of one that was itself merged away since.
        let merged = contact::find(&tx, scope, join.kept_id).await?.is_some_and(|it| it.id == now_kept.id);
        return Err(if merged {
            AppError::Conflict(
                "the contact was itself merged into another since; take that back first".to_owned(),
            )
        } else {
            AppError::NotFound("merge")
        });
    }
    let newest = contact_join::list(&tx, scope, join.kept_id).await?.into_iter().next();
    if newest.is_some_and(|newest| newest.id != join.id) {
        return Err(AppError::Conflict(LATER.to_owned()));
    }
    if let Some(why) = against(&tx, scope, &join).await? {
        return Err(AppError::Conflict(why));
    }
    let (mut kept, mut restored) = part(now_kept, &join.record);
    (kept.updated_at, restored.updated_at) = (tx.now(), tx.now());
    for person in [&mut kept, &mut restored] {
        stay_out(&tx, person).await?;
    }
    contact::update(&tx, scope, &kept).await.map_err(taken)?;
    contact_join::undone(&tx, scope, &join, tx.now()).await?;
    contact::insert(&tx, scope, &restored).await.map_err(taken)?;
    conversation::rename_contact(&tx, scope, kept.id, &shown(&kept)).await?;
    contact_join::give_back(&tx, scope, &join, &shown(&restored)).await?;
    facts(&tx, &join).await?;
    for id in [kept.id, restored.id] {
        tx.emit(Event::ContactUpdated { contact_id: id });
    }
    tx.audit(
        "contact.unmerge",
        Some(kept.id.to_string()),
        json!({ "restored": restored.id, "merge": join.id }),
    );
    tx.commit().await?;
    Ok(PartedContacts { kept, restored })
}

fn taken(error: StoreError) -> AppError {
    match error {
        StoreError::Duplicate(_) => {
            AppError::Conflict("an address of theirs belongs to another contact by now".to_owned())
        }
        other => other.into(),
    }
}

fn shown(person: &Contact) -> String {
    let known = [Some(person.name.clone()), person.email.clone(), person.phone.clone()];
    known.into_iter().flatten().find(|name| !name.is_empty()).unwrap_or_else(|| "Visitor".to_owned())
}

/// Whoever is on the list of those who opted out by an address is opted out, whatever was noted before.
async fn stay_out(tx: &Tx, person: &mut Contact) -> Result<()> {
    for address in person.email.iter().chain(&person.phone) {
        let lists = suppression::find(tx, tx.scope(), address).await?;
        person.opted_out |= lists.iter().any(|on| on.list == OPT_OUT);
    }
    if person.opted_out {
        person.status = ContactStatus::OptedOut;
    }
    Ok(())
}

/// The two as they were: what is as the merge left it goes back, what was changed since stays with the one that stayed.
fn part(mut now: Contact, record: &Record) -> (Contact, Contact) {
    let (before, after, gone) = (&record.kept, &record.after, &record.gone);
    macro_rules! back {
        ($($field:ident),*) => {$(
            if now.$field == after.$field {
                now.$field.clone_from(&before.$field);
            }
        )*};
    }
    back!(name, email, phone, company, language, external_id, zone, country, region, postal_code);
    back!(source, status, follow_ups, last_contacted_at, last_seen_at, opted_out);
    now.created_at = before.created_at;
    let name_of = |tag: &frontdesk_domain::contact::Tag| tag.name.to_lowercase();
    let had: Vec<String> = before.tags.iter().map(name_of).collect();
    let came: Vec<String> = gone.tags.iter().map(name_of).filter(|name| !had.contains(name)).collect();
    now.tags.retain(|tag| !came.contains(&name_of(tag)));
    now.fields.retain(|key, value| {
        // What the merge put there, and nobody touched since.
        before.fields.contains_key(key) || after.fields.get(key) != Some(value)
    });
    let mut restored = gone.clone();
    // Who said stop after the two were one said so for both.
    restored.opted_out |= now.opted_out && !after.opted_out;
    (now, restored)
}

/// What was remembered goes back to whom it was remembered of.
async fn facts(tx: &Tx, join: &Join) -> Result<()> {
    let scope = tx.scope();
    let now = fact::memory(tx, scope, join.kept_id).await?.facts;
    for old in &join.record.gone_facts {
        let moved = now.iter().find(|fact| fact.id == old.id);
        if let Some(moved) = moved {
            fact::delete(tx, scope, join.kept_id, moved.id).await?;
        }
        fact::put(tx, scope, join.gone_id, moved.unwrap_or(old)).await?;
    }
    let moved = |fact: &Fact| join.record.gone_facts.iter().any(|old| old.id == fact.id);
    for old in &join.record.kept_facts {
        let lost = !now.iter().any(|fact| fact.key == old.key && !moved(fact));
        let by_merge = join.record.gone_facts.iter().any(|other| other.key == old.key);
        if lost && by_merge {
            fact::put(tx, scope, join.kept_id, old).await?;
        }
    }
    Ok(())
}
